"""Taking back a change of an office's settings: the change that puts the old values back, by the
same path as every change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from queue_server.domain.errors import CannotUndo
from queue_server.domain.office.changes import (
    BesideChange,
    Change,
    DetailsChange,
    HoursChange,
    LimitChange,
    ModeEnd,
    RulesChange,
    SlipChange,
)
from queue_server.domain.office.descriptions import OfficeDescription, office_description_of
from queue_server.domain.office.location import read_location, write_location
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import CallPolicy

from .beside import ROOM
from .parts import (
    Difference,
    Parts,
    find_part,
    read_counter,
    read_day,
    read_season,
    read_service,
    read_stream,
    read_week,
    write_parts,
)
from .structure import StructureChange

Part = TypeVar("Part")

_LIMIT = {
    "limit",
    *(f"rules/booking.{each}" for each in ("online_share", "urgent_share", "release_minutes")),
}


_PUT_BACK_TOGETHER = {
    **dict.fromkeys(("week", "season", "day"), "hours"),
    **dict.fromkeys(("stream", "service", "counter", "order"), "structure"),
    **dict.fromkeys(("slip", "mode", "rules"), ""),
    **{each: f"beside {each}" for each in ("message", "display", "device")},
    **dict.fromkeys(ROOM, "beside room"),
}


def find_hindrance(made: Difference) -> str | None:
    """Why a change can never be taken back, whatever came after it: "over" (a decision that was
    ended, and cannot be made good for the time between), "picture" (the old one is not kept),
    "several" (parts that are not changed in one step, as by a file of the whole office); None if it
    can.
    """
    if len({_group_of(path) for path in made}) > 1:
        return "several"
    if any(path.startswith("mode/") and was is not None for path, (was, _) in made.items()):
        return "over"
    return "picture" if "slip/logo" in made else None


def _group_of(path: str) -> str:
    if path in _LIMIT:
        return "limit"
    kind = path.partition("/")[0]
    return _PUT_BACK_TOGETHER.get(kind, "details") or kind


def undo(office: Office, made: Difference, now: datetime, beside: Parts | None = None) -> Change:
    """The change that takes back another one, of which `made` says what each part was and became.
    `beside` are the present values of those parts that are kept beside the office.

    Raises `CannotUndo` where a part is no longer as that change has left it, or cannot be put back.
    What it makes of the office may be refused as any change is.
    """
    present = {**write_parts(office), **(beside or {})}
    for path, (_, became) in made.items():
        if find_part(present, path) != became:
            raise CannotUndo(part=path, reason="changed")
    hindrance = find_hindrance(made)
    if hindrance is not None:
        raise CannotUndo(part=next(iter(made)), reason=hindrance)
    old = {path: was for path, (was, _) in made.items()}
    group = next((_group_of(path) for path in made), "details")
    if group.startswith("beside "):
        return BesideChange(old)
    if group == "mode":
        return ModeEnd(next(iter(made)).removeprefix("mode/"), now)
    if group == "rules":
        return RulesChange({path.removeprefix("rules/"): _rule(path, v) for path, v in old.items()})
    return _PUT_BACK[group](office, old)


def _rule(path: str, value: Any) -> Any:
    if path == "rules/calling.policy":
        return CallPolicy(value)
    return tuple(value) if isinstance(value, list) else value


def _put_hours(office: Office, old: Parts) -> Change:
    seasons = {each.first.isoformat(): each for each in office.hours.seasons}
    days: dict[date, Any] = {}
    for path, value in old.items():
        kind, _, at = path.partition("/")
        if kind == "season":
            seasons.pop(at, None)
            if value is not None:
                seasons[at] = read_season(at, value)
        elif kind == "day":
            days[date.fromisoformat(at)] = None if value is None else read_day(value)
    return HoursChange(
        read_week(old["week"]) if "week" in old else None,
        tuple(seasons[first] for first in sorted(seasons))
        if any(path.startswith("season/") for path in old)
        else None,
        days,
    )


def _put_limit(office: Office, old: Parts) -> Change:
    booking = office.rules.booking
    return LimitChange(
        old.get("limit", office.people_limit),
        old.get("rules/booking.online_share", booking.online_share),
        old.get("rules/booking.urgent_share", booking.urgent_share),
        old.get("rules/booking.release_minutes", booking.release_minutes),
    )


def _put_details(office: Office, old: Parts) -> Change:
    told = office_description_of(office)
    location = write_location(told.location) | {
        path.removeprefix("location/"): value
        for path, value in old.items()
        if path.startswith("location/")
    }
    description = OfficeDescription(
        old.get("address", told.address), old.get("phone", told.phone), read_location(location)
    )
    languages = tuple(old["languages"]) if "languages" in old else None
    return DetailsChange(
        old.get("name"), old.get("zone"), None if description == told else description, languages
    )


def _put_slip(office: Office, old: Parts) -> Change:
    return SlipChange(
        old.get("slip/header", office.slip.header), old.get("slip/footer", office.slip.footer)
    )


def _put_structure(office: Office, old: Parts) -> Change:
    services = _put(office.services, "service", lambda each: each.code, read_service, office, old)
    if "order" in old:
        order: list[str] = old["order"]
        services = tuple(
            sorted(services or office.services, key=lambda each: order.index(each.code))
        )
    return StructureChange(
        _put(office.streams, "stream", lambda each: each.letter, read_stream, office, old),
        services,
        _put(office.counters, "counter", lambda each: each.id, read_counter, office, old),
    )


def _put(
    parts: Sequence[Part],
    kind: str,
    key: Callable[[Part], str],
    read: Callable[[str, Parts], Part],
    office: Office,
    old: Parts,
) -> tuple[Part, ...] | None:
    """One layer with the old values in it; None if none is of this layer."""
    written = write_parts(office)
    wanted: dict[str, Any] = {key(each): written[f"{kind}/{key(each)}"] for each in parts}
    mine = {path: value for path, value in old.items() if path.startswith(f"{kind}/")}
    for path, value in mine.items():
        id, _, field = path.removeprefix(f"{kind}/").partition("/")
        if field:
            wanted[id] = {**wanted[id], field: value}
        elif value is None:
            wanted.pop(id)
        else:
            wanted[id] = value
    return tuple(read(id, each) for id, each in wanted.items()) if mine else None


_PUT_BACK: Mapping[str, Callable[[Office, Parts], Change]] = {
    "hours": _put_hours,
    "structure": _put_structure,
    "slip": _put_slip,
    "limit": _put_limit,
    "details": _put_details,
}
