"""Zones as plain JSON values and back: how the store and the API hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from enum import StrEnum
from typing import Any, TypeVar

from queue_server.domain.errors import BadInput

from .zones import LayoutChoice, Method, Seat, SeatRow, Zone, ZoneKind

_Choice = TypeVar("_Choice", bound=StrEnum)


def to_facts(zone: Zone) -> dict[str, Any]:
    """A zone as plain JSON values."""
    facts = asdict(zone) | {
        "kind": zone.kind.value,
        "layout": zone.layout.value,
        "methods": [each.value for each in zone.methods],
    }
    for name in ("seats", "seat_rows"):
        facts[name] = list(facts[name])
    return facts


def zone_from_facts(facts: object) -> Zone:
    """The zone that `to_facts` described; fields left out have their default. Raises `BadInput`,
    also for unknown fields.
    """
    values = _read_fields(Zone, facts, None)
    values["kind"] = _read_choice("kind", ZoneKind, values["kind"])
    values["methods"] = tuple(
        _read_choice("methods", Method, each) for each in _read_list("methods", values["methods"])
    )
    if "layout" in values:
        values["layout"] = _read_choice("layout", LayoutChoice, values["layout"])
    for name, kind in (("seats", Seat), ("seat_rows", SeatRow)):
        if name in values:
            values[name] = tuple(
                kind(**_read_fields(kind, each, name)) for each in _read_list(name, values[name])
            )
    return Zone(**values)


def _read_fields(
    kind: type[Zone] | type[Seat] | type[SeatRow], facts: object, field: str | None
) -> dict[str, Any]:
    """The fields of one object; errors name the field of the zone they belong to."""
    if not isinstance(facts, Mapping):
        raise BadInput(field=field or "zone", reason="type")
    known = {each.name: each for each in fields(kind)}
    for name in facts:
        if name not in known:
            raise BadInput(field=field or str(name)[:40], reason="unknown")
    for name, each in known.items():
        if name not in facts and each.default is MISSING:
            raise BadInput(field=field or name, reason="missing")
    return dict(facts)


def _read_list(field: str, value: object) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise BadInput(field=field, reason="type")
    return value


def _read_choice(field: str, kind: type[_Choice], value: object) -> _Choice:
    for choice in kind:
        if choice.value == value:
            return choice
    raise BadInput(field=field, reason="unknown")
