"""The screens of an office as its managers see them: how each is set, how it is, and what it said
last of what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.office.devices.behind import count_behind
from queue_server.domain.office.devices.displays import (
    ScreenSettings,
    legible_to_m,
    recent_legible_to_m,
)
from queue_server.domain.office.devices.troubles import Trouble, TroubleCode
from queue_server.domain.office.office import Office
from queue_server.protocol.displays import QuietHours
from queue_server.services.access.device_sight import find_silent, view_troubles
from queue_server.services.access.displays import DISPLAY, find_board_version, version_of
from queue_server.services.access.heard import HeardDevices
from queue_server.services.shown import Version, local_time
from queue_server.store.access import devices as device_store
from queue_server.store.access import displays as display_store
from queue_server.store.access.devices import Device


@dataclass(frozen=True)
class Screen:
    """A screen at work, as it was heard last. `board` is the version that it should show."""

    device: Device
    settings: ScreenSettings
    version: str
    board: Version
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True)
class ScreenHall:
    """Some counters, by id, that a screen shows together, and their heading by language."""

    name: dict[str, str]
    counters: tuple[str, ...]


@dataclass(frozen=True)
class ScreenShows:
    """What a screen last said of itself. `screen`: pairing, starting, board or standstill.
    `showing` is what stands in large letters; `queued` how many calls wait to be announced. `board`
    is the version that it shows, `behind` by how many changes it is behind: 0 for the present one,
    None if that cannot be counted. `sound`: ok, blocked, missing, off or quiet.
    """

    screen: str
    layout: str
    showing: str
    last_call: str
    queued: int
    sound: str
    board: tuple[str, int] | None
    behind: int | None
    width: int
    height: int
    current_settings: bool


@dataclass(frozen=True)
class ScreenView:
    """A screen: its settings, as `PUT` takes them, with their `version`; from how many metres its
    numbers can be read; since when it was heard, what is wrong with it (see `DashboardTrouble`),
    and what it shows, None before it has said so.
    """

    id: str
    name: str
    version: str
    layout: str
    zone: str
    halls: tuple[ScreenHall, ...]
    languages: tuple[str, ...]
    voice: bool
    spoken: str
    also_spoken: str
    repeats: int
    volume: int
    quiet: tuple[QuietHours, ...]
    message: dict[str, str]
    media: bool
    distance_m: int
    diagonal_inch: int
    call_legible_m: int
    recent_legible_m: int
    seen_at: str | None
    silent: bool
    troubles: tuple[str, ...]
    shows: ScreenShows | None


@dataclass(frozen=True)
class Screens:
    """The screens of an office, by name."""

    office: str
    screens: tuple[ScreenView, ...]


def list_screens(
    connection: Connection, office: Office, heard: HeardDevices, now: datetime
) -> list[Screen]:
    """The screens at work in an office, by name."""
    settings = display_store.list_of_office(connection, office.code)
    silent = find_silent(connection, office, now)
    board = find_board_version(connection, office, now)
    known = [
        heard.now_of(each)
        for each in device_store.list_of_office(connection, office.code)
        if each.kind == DISPLAY and each.state == "PAIRED" and each.id in settings
    ]
    return [
        Screen(
            each,
            settings[each.id],
            version_of(office, settings[each.id]),
            board,
            view_troubles(each, office, now, each.id in silent),
        )
        for each in sorted(known, key=lambda each: (each.name.casefold(), each.id))
    ]


def view_screen(office: Office, screen: Screen) -> ScreenView:
    """A screen as the API shows it."""
    device, settings = screen.device, screen.settings
    return ScreenView(
        id=device.id,
        name=device.name,
        version=screen.version,
        layout=settings.layout,
        zone=settings.zone,
        halls=tuple(ScreenHall(dict(each.name), each.counters) for each in settings.halls),
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
        call_legible_m=legible_to_m(settings.diagonal_inch),
        recent_legible_m=recent_legible_to_m(settings.diagonal_inch, settings.distance_m),
        seen_at=None if device.seen_at is None else local_time(office, device.seen_at),
        silent=is_silent(screen),
        troubles=tuple(each.code.value for each in screen.troubles),
        shows=view_shows(screen),
    )


def is_silent(screen: Screen) -> bool:
    """Whether a screen is not heard, or never was."""
    return screen.device.seen_at is None or any(
        each.code is TroubleCode.SILENT for each in screen.troubles
    )


def view_shows(screen: Screen) -> ScreenShows | None:
    """What a screen last said of itself; None if it said nothing of a page."""
    said = screen.device.health or {}
    if "screen" not in said and "sound" not in said:
        return None
    day, seq = said.get("board_date"), _count(said, "board_seq")
    return ScreenShows(
        screen=_text(said, "screen"),
        layout=_text(said, "layout"),
        showing=_text(said, "showing"),
        last_call=_text(said, "last_call"),
        queued=_count(said, "queued"),
        sound=_text(said, "sound"),
        board=(day, seq) if isinstance(day, str) and day else None,
        behind=count_behind(said, screen.board),
        width=_count(said, "width"),
        height=_count(said, "height"),
        current_settings=said.get("settings", screen.version) == screen.version,
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value[:80] if isinstance(value, str) else ""


def _count(said: Mapping[str, Any], name: str) -> int:
    value = said.get(name)
    return value if type(value) is int and value >= 0 else 0
