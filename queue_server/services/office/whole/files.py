"""An office as one YAML file: written from the database, and read with everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office
from queue_server.domain.office.whole.faults import find_faults
from queue_server.domain.office.whole.file import (
    OfficeFile,
    keep_standing,
    read_file,
    rename,
    write_file,
)
from queue_server.domain.office.whole.plain import Plain
from queue_server.domain.room.capacity import Room, admit_room
from queue_server.domain.room.zone_json import to_facts, zone_from_facts
from queue_server.domain.room.zones import Zone
from queue_server.store.room import zones as zone_store

from .yaml_text import read_yaml, write_yaml


@dataclass(frozen=True)
class Described:
    """An office with its room, as a file describes them; or why there is none: the facts of each
    fault, `field` being the path in the file.
    """

    office: Office | None
    room: Room = Room()
    faults: tuple[Mapping[str, Any], ...] = ()


def export_office(connection: Connection, office: Office) -> str:
    """The file of an office. It holds no secret and nobody's data."""
    room = zone_store.load(connection, office.code)
    return write_yaml(write_file(office, _write_room(room)))


def copy_office(
    connection: Connection, office: Office, code: str, name: str
) -> tuple[Office, Room]:
    """The office and its room under another code and name, with counters of its own; what its file
    does not hold the copy has not.
    """
    room = zone_store.load(connection, office.code)
    file = rename(OfficeFile(keep_standing(office)), code, name)
    return file.office, room


def read_office_file(content: bytes, code: str | None = None, name: str | None = None) -> Described:
    """The office in a file, under another `code` and `name` if they are given. A pure function: a
    large file takes seconds.
    """
    try:
        file = read_file(read_yaml(content))
        if code is not None or name is not None:
            file = rename(file, file.office.code if code is None else code, name)
        room = _read_room(Plain(file.room, "room"))
    except BadInput as refused:
        return Described(None, faults=(refused.facts,))
    faults = find_faults(file.office)
    if faults:
        return Described(None, faults=tuple(each.facts for each in faults))
    return Described(file.office, room)


def _write_room(room: Room) -> dict[str, Any]:
    """A room without the values that are anyway so: a zone has thirty, of which few are set."""
    written: dict[str, Any] = {"zones": [_write_zone(each) for each in room.zones]}
    if room.building_limit is not None:
        written["building_limit"] = room.building_limit
    return written


def _write_zone(zone: Zone) -> dict[str, Any]:
    usual = {name: each.default for name, each in Zone.__dataclass_fields__.items()}
    return {
        name: value
        for name, value in to_facts(zone).items()
        if value != usual[name] and not (value == [] and usual[name] == ())
    }


def _read_room(value: Plain) -> Room:
    given = value.fields((), ("zones", "building_limit"))
    limit = given["building_limit"].whole() if "building_limit" in given else None
    room = Room(given["zones"].items(_read_zone) if "zones" in given else (), limit)
    try:
        admit_room(room)
    except BadInput as refused:
        raise _at("room", refused) from None
    return room


def _read_zone(value: Plain) -> Zone:
    try:
        return zone_from_facts(value.value)
    except BadInput as refused:
        raise _at(value.path, refused) from None


def _at(path: str, refused: BadInput) -> BadInput:
    return BadInput(**{**refused.facts, "field": f"{path}.{refused.facts['field']}"})
