"""The settings of screens: made with the screen, changed by managers, sent to the screen."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy.engine import Connection

from queue_server.domain.errors import Changed, UnknownDevice
from queue_server.domain.events import EventType
from queue_server.domain.office.devices.displays import (
    ScreenSettings,
    admit_settings,
    find_changes,
    first_settings,
    silence_others,
    spell_zone,
)
from queue_server.domain.office.office import Office
from queue_server.protocol.displays import DisplayHall, DisplaySettings, QuietHours
from queue_server.protocol.messages import to_wire
from queue_server.services.setting_history import keep_change
from queue_server.services.shown import Version, counter_name
from queue_server.store.access import displays as display_store
from queue_server.store.office import slip_logos
from queue_server.store.visit import versions
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction

from . import log

DISPLAY = "display"
"""The kind of the devices that have settings."""


def add_settings(tx: Transaction, office: str, device: str) -> None:
    """Give a new screen of an office its first settings."""
    others = display_store.list_of_office(tx, office)
    display_store.add(tx, office, device, first_settings(others.values()))


def set_display(
    tx: Transaction,
    office: str,
    device: str,
    told: ScreenSettings,
    by: str,
    now: datetime,
    version: str | None = None,
) -> ScreenSettings:
    """Give a screen other settings, and take its voice from the one that speaks in its zone; one
    event for each screen that changes. Nothing happens if all is so already. Must declare today.

    Raises `UnknownDevice` for what is no screen at work, `Changed` if its settings have no longer
    the `version` that was looked at, `BadInput`.
    """
    before = find_settings(tx, tx.office(office), device)
    if version is not None and version_of(tx.office(office), before) != version:
        raise Changed(device=device)
    return set_displays(tx, office, {device: told}, by, now)[device]


def set_displays(
    tx: Transaction,
    office: str,
    told: Mapping[str, ScreenSettings],
    by: str,
    now: datetime,
    undoes: int | None = None,
) -> Mapping[str, ScreenSettings]:
    """Give screens other settings, as `set_display`. `undoes` as in `record_change`. Returns the
    settings of all screens of the office. Raises `UnknownDevice`, `BadInput`.
    """
    settings = tx.office(office)
    known = display_store.list_of_office(tx, office)
    after = plan_displays(settings, known, told)
    changed = {id: find_changes(known[id], after[id]) for id in after if after[id] != known[id]}
    if not changed:
        return after
    for id in sorted(changed, key=lambda each: after[each].voice):  # one voice in a zone
        display_store.put(tx, office, id, after[id])
    for id in sorted(changed, key=lambda each: each not in told):
        log.note(tx, EventType.DISPLAY_SET, office, by, now, device=id, changed=changed[id])
    beside = {
        f"display/{id}/{name}": (was, became)
        for id, fields in changed.items()
        for name, (was, became) in fields.items()
    }
    keep_change(tx, settings, by, now, undoes, beside)
    return after


def plan_displays(
    office: Office, known: Mapping[str, ScreenSettings], told: Mapping[str, ScreenSettings]
) -> dict[str, ScreenSettings]:
    """The settings of all screens once some have others: in each zone the voice is taken from the
    one that had it. Raises `UnknownDevice`, `BadInput`.
    """
    after, zones = dict(known), [each.zone for each in known.values()]
    for device in sorted(told, key=lambda each: told[each].voice):
        if device not in known:
            raise UnknownDevice(device=device)
        own = known[device]
        wanted = replace(told[device], zone=spell_zone(told[device].zone, [own.zone, *zones]))
        if wanted == own:
            continue
        withdrawn = {counter for hall in own.halls for counter in hall.counters}
        admit_settings(wanted, {each.id for each in office.counters} | withdrawn)
        after |= silence_others(device, wanted, after)
        after[device] = wanted
    return after


def find_settings(reader: Reader, office: Office, device: str) -> ScreenSettings:
    """The settings of a screen. Raises `UnknownDevice` for what is no screen at work."""
    known = display_store.find(reader, office.code, device)
    if known is None:
        raise UnknownDevice(device=device)
    return known


def view_settings(office: Office, settings: ScreenSettings) -> DisplaySettings:
    """Settings as they are sent to the screen, with the id of the logo in its place."""
    shown = _show(office, settings)
    return replace(shown, version=_mark(shown))


def version_of(office: Office, settings: ScreenSettings) -> str:
    """The version of settings: the same for the same, and another one once a counter of theirs is
    renamed.
    """
    return _mark(_show(office, settings))


def find_news(
    reader: Reader, office: Office, device: str, known: object = None
) -> DisplaySettings | None:
    """The settings of a screen if their version is not the one that it has; None for what is no
    screen at work.
    """
    settings = display_store.find(reader, office.code, device)
    if settings is None:
        return None
    shown = view_settings(office, settings)
    if shown.version == known:
        return None
    picture = slip_logos.find(reader, office.code) if shown.logo else None
    # The screen's own computer may reach the server through its agent alone.
    logo = "" if picture is None else f"data:image/png;base64,{b64encode(picture).decode()}"
    return replace(shown, logo=logo)


def find_board_version(connection: Connection, office: Office, now: datetime) -> Version:
    """The version of the board that an office's screens should show."""
    day = versions.of_day(connection, office.code, office.date_at(now))
    return day.date.isoformat(), day.seq


def list_zones(known: Mapping[str, ScreenSettings]) -> list[str]:
    """The zones of an office's screens, each once."""
    return sorted({each.zone for each in known.values() if each.zone})


def _mark(shown: DisplaySettings) -> str:
    said = json.dumps(to_wire(shown), sort_keys=True)
    return sha256(said.encode()).hexdigest()[:16]


def _show(office: Office, settings: ScreenSettings) -> DisplaySettings:
    return DisplaySettings(
        layout=settings.layout,
        zone=settings.zone,
        halls=tuple(
            DisplayHall(dict(each.name), tuple(counter_name(office, id) for id in each.counters))
            for each in settings.halls
        ),
        languages=settings.languages,
        voice=settings.voice,
        spoken=settings.spoken,
        also_spoken=settings.also_spoken,
        repeats=settings.repeats,
        volume=settings.volume,
        quiet=tuple(QuietHours(each.starts, each.ends) for each in settings.quiet),
        message=dict(settings.message),
        media=settings.media,
        distance_m=settings.distance_m,
        diagonal_inch=settings.diagonal_inch,
        logo=office.slip.logo if settings.layout == "entry" else "",
    )
