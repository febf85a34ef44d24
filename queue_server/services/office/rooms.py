"""The rooms of offices: describing their zones, and what limit follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from queue_server.domain.errors import UnknownZone
from queue_server.domain.events import EventType
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.beside import differ
from queue_server.domain.room.capacity import Room, ZoneLimit, admit_room, limit_room
from queue_server.domain.room.zone_json import to_facts
from queue_server.domain.room.zones import Zone, ZoneKind
from queue_server.services.setting_history import record_change
from queue_server.store.room import zones as zone_store
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class CandidateView:
    """One method's number of persons, the visitors among them, the values it was computed from, and
    why it is refused, if it is.
    """

    method: str
    persons: int
    visitors: int
    inputs: Mapping[str, float | str | bool]
    binding: bool
    refused: str | None


@dataclass(frozen=True)
class ZoneView:
    """A zone and its limit. `bound` is the number no arrangement could exceed; `closed`: no method
    holds, so the limit is 0.
    """

    zone: Mapping[str, Any]
    limit: int
    closed: bool
    bound: int | None
    candidates: tuple[CandidateView, ...]


@dataclass(frozen=True)
class RoomView:
    """An office's room: zones, what they allow together, the limit that follows, and the limit in
    force.
    """

    office: str
    zones: tuple[ZoneView, ...]
    inside: int | None
    building_limit: int | None
    binding: str | None
    limit: int | None
    limit_in_force: int | None


LimitOf = Callable[[Zone], ZoneLimit]
"""How the limit of a zone is found: computing it takes seconds for a large hall, so the edge knows
a better place for it.
"""


def view_room(office: Office, room: Room, limit_of: LimitOf) -> RoomView:
    """A room with every number and the one that binds."""
    limits = limit_room(room, limit_of)
    return RoomView(
        office.code,
        tuple(_view_zone(each) for each in limits.zones),
        limits.inside,
        limits.building,
        limits.binding.value if limits.binding else None,
        limits.limit,
        office.people_limit,
    )


def find_exceeded(room: Room, people_limit: int | None, limit_of: LimitOf) -> int | None:
    """What a room holds as it is described, where a limit in force lets in more; None where it does
    not.
    """
    limits = limit_room(room, limit_of)
    return limits.limit if limits.is_exceeded_by(people_limit) else None


def write_room(room: Room) -> dict[str, Any]:
    """A room as parts of the office's settings; see `domain.office.settings.beside`."""
    parts: dict[str, Any] = {f"room/{each.name}": to_facts(each) for each in room.zones}
    return parts if room.building_limit is None else {**parts, "building": room.building_limit}


def describe_room(
    tx: Transaction, office: str, room: Room, by: str, now: datetime, undoes: int | None = None
) -> Room:
    """Replace the description of an office's room. The limit in force stays: changing it is a
    change of settings, previewed first. `undoes` as in `record_change`.

    The same room again changes nothing. The command must declare today. Raises `UnknownOffice`,
    `BadInput`.
    """
    settings = tx.office(office)
    admit_room(room)
    before = zone_store.load(tx, office)
    if room == before:
        return room
    zone_store.replace(tx, office, room)
    facts = {**_difference(before, room), "by": by}
    beside = differ(write_room(before), write_room(room))
    record_change(tx, settings, EventType.ROOM_DESCRIBED, facts, now, undoes, beside)
    return room


def _difference(before: Room, after: Room) -> dict[str, Any]:
    """What is different, for the log: zones by their names, of altered ones which facts, and the
    building's limit before and after.
    """
    old, new = ({each.name: to_facts(each) for each in room.zones} for room in (before, after))
    altered = {
        name: sorted(fact for fact in new[name] if new[name][fact] != old[name][fact])
        for name in new
        if name in old
    }
    facts: dict[str, Any] = {
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
        "altered": {name: which for name, which in altered.items() if which},
    }
    if before.building_limit != after.building_limit:
        facts["building_limit"] = [before.building_limit, after.building_limit]
    return facts


def put_zone(tx: Transaction, office: str, zone: Zone, by: str, now: datetime) -> Room:
    """Add a zone, or replace the one of its name. Raises `UnknownOffice`, `BadInput`."""
    room = zone_store.load(tx, office)
    if any(each.name == zone.name for each in room.zones):
        zones = tuple(zone if each.name == zone.name else each for each in room.zones)
    else:
        zones = (*room.zones, zone)
    return describe_room(tx, office, replace(room, zones=zones), by, now)


def find_zone(room: Room, name: str) -> Zone:
    """Raises `UnknownZone`."""
    for each in room.zones:
        if each.name == name:
            return each
    raise UnknownZone(zone=name)


def next_name(room: Room, kind: ZoneKind) -> str:
    """A name for one more zone of a kind: the kind and the first number not taken."""
    taken, number = {each.name for each in room.zones}, 1
    while (name := f"{kind.value.lower().replace('_', '-')}-{number}") in taken:
        number += 1
    return name


def _view_zone(limit: ZoneLimit) -> ZoneView:
    candidates = tuple(
        CandidateView(
            each.method.value,
            each.persons,
            each.visitors,
            each.inputs,
            each.method is limit.binding,
            each.refused,
        )
        for each in limit.candidates
    )
    return ZoneView(to_facts(limit.zone), limit.limit, limit.is_closed, limit.bound, candidates)
