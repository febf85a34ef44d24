"""Changing the parts of an office's settings that are kept beside it, by their paths: what they are
now, what a change would make of them, and making it. Each kind is written by its own service.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from queue_server.domain.errors import CannotUndo, UnknownDevice
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import Words
from queue_server.domain.office.changes import BesideChange
from queue_server.domain.office.devices.displays import (
    ScreenSettings,
    read_settings,
    write_settings,
)
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.beside import ROOM, differ, put_values
from queue_server.domain.office.settings.parts import Difference, Parts
from queue_server.domain.room.capacity import Room, admit_room
from queue_server.domain.room.zone_json import zone_from_facts
from queue_server.services.access.device_orders import rename
from queue_server.services.access.displays import plan_displays, set_displays
from queue_server.services.messages.wording import admit_words, set_words
from queue_server.store.access import devices as device_store
from queue_server.store.access import displays as display_store
from queue_server.store.messages import wording as words_store
from queue_server.store.room import zones as zone_store
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction

from .rooms import describe_room, write_room


def find_present(reader: Reader, office: str, paths: Iterable[str]) -> Parts:
    """The present values of those kinds of parts of which some are named; those beside the office
    alone.
    """
    present: dict[str, Any] = {}
    for kind, id in sorted({_kind_and_id(path) for path in paths}):
        if kind == "message":
            own = words_store.find_own(reader, office, MessageKind(id))
            present |= {f"message/{id}/{each}": asdict(own[each].words) for each in own}
        elif kind in ROOM:
            present |= write_room(zone_store.load(reader, office))
        elif kind == "display":
            known = display_store.list_of_office(reader, office)
            present |= {
                f"display/{device}/{name}": value
                for device, settings in known.items()
                for name, value in write_settings(settings).items()
            }
        elif kind == "device":
            present |= _name_of(reader, office, id)
    return present


def _kind_and_id(path: str) -> tuple[str, str]:
    kind, _, rest = path.partition("/")
    return kind, rest.partition("/")[0]


def _name_of(reader: Reader, office: str, device: str) -> Parts:
    try:
        return {f"device/{device}/name": device_store.find(reader, device, office).name}
    except UnknownDevice:
        return {}


def preview_beside(reader: Reader, office: Office, change: BesideChange) -> Difference:
    """What a change would make other than it is. Raises `BadInput`, `UnknownDevice`,
    `CannotUndo`.
    """
    before = find_present(reader, office.code, change.parts)
    kind = _kind_and_id(next(iter(change.parts)))[0]
    if kind == "display":
        known = display_store.list_of_office(reader, office.code)
        planned = plan_displays(office, known, _read_screens(known, change.parts))
        return {
            f"display/{device}/{name}": (was, write_settings(planned[device])[name])
            for device, settings in known.items()
            for name, was in write_settings(settings).items()
            if write_settings(planned[device])[name] != was
        }
    if kind == "message":
        for of_kind, words in _read_words(change.parts).items():
            admit_words(of_kind, words.values())
    elif kind in ROOM:
        admit_room(_read_room(before, change.parts))
    return differ(before, put_values(before, change.parts))


def find_rooms(reader: Reader, office: Office, change: BesideChange) -> tuple[Room, Room] | None:
    """The room before and after a change; None for one that is not of the room. Raises `BadInput`,
    `CannotUndo`.
    """
    if _kind_and_id(next(iter(change.parts)))[0] not in ROOM:
        return None
    before = zone_store.load(reader, office.code)
    return before, _read_room(write_room(before), change.parts)


def put_beside(
    tx: Transaction, office: str, change: BesideChange, by: str, now: datetime, undoes: int | None
) -> None:
    """Make a change of parts of one kind. Must declare today. Raises as `preview_beside`."""
    kind, id = _kind_and_id(next(iter(change.parts)))
    if kind == "message":
        for of_kind, words in _read_words(change.parts).items():
            set_words(tx, office, of_kind, words, by, now, undoes)
    elif kind in ROOM:
        room = _read_room(write_room(zone_store.load(tx, office)), change.parts)
        describe_room(tx, office, room, by, now, undoes=undoes)
    elif kind == "display":
        known = display_store.list_of_office(tx, office)
        set_displays(tx, office, _read_screens(known, change.parts), by, now, undoes)
    else:
        name = str(change.parts[f"device/{id}/name"])
        rename(tx, office, id, name, by, now, undoes=undoes)


def _read_words(parts: Parts) -> dict[MessageKind, dict[str, Words | None]]:
    read: dict[MessageKind, dict[str, Words | None]] = {}
    for path, value in parts.items():
        _, kind, language = path.split("/")
        words = None if value is None else Words(**value)
        read.setdefault(MessageKind(kind), {})[language] = words
    return read


def _read_room(before: Parts, parts: Parts) -> Room:
    after = put_values(before, parts)
    for path in after:
        if path.count("/") > 1:  # a fact of a zone that is gone
            raise CannotUndo(part=path, reason="changed")
    zones = tuple(zone_from_facts(facts) for path, facts in after.items() if path != "building")
    return Room(zones, after.get("building"))


def _read_screens(known: dict[str, ScreenSettings], parts: Parts) -> dict[str, ScreenSettings]:
    wanted: dict[str, dict[str, Any]] = {}
    for path, value in parts.items():
        _, device, name = path.split("/")
        if device not in known:
            raise UnknownDevice(device=device)
        wanted.setdefault(device, write_settings(known[device]))[name] = value
    return {device: read_settings(stored) for device, stored in wanted.items()}
