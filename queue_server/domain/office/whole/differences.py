"""What a file would change in an office that exists: part by part, and what it would take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import value_of, values_of, with_values

from .file import OFFICES_OWN


class Kind(StrEnum):
    """What becomes of a part."""

    NEW = "new"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True)
class Difference:
    """One part that differs. `part` is a field of the office, `name` which of several (a letter, a
    code, a rule), `fields` what of it, and `old` and `new` its value where that is one value.
    """

    kind: Kind
    part: str
    name: str = ""
    fields: tuple[str, ...] = ()
    old: object = None
    new: object = None


PLAIN = ("name", "address", "phone", "zone", "languages", "people_limit")
_KEYS = {"streams": "letter", "services": "code", "counters": "id"}


def keep_own(before: Office, after: Office) -> Office:
    """The office of a file in the place of one that exists: what no file holds stays as it is."""
    own = {name: value_of(before.rules, name) for name in OFFICES_OWN}
    return replace(
        after,
        rules=with_values(after.rules, own),
        modes=before.modes,
        slip=replace(after.slip, logo=before.slip.logo),
        revision=before.revision,
        waits=before.waits,
    )


def compare_offices(before: Office, after: Office) -> tuple[Difference, ...]:
    """What is different after a change, in the order of an office's fields."""
    return tuple(_compare(before, after))


def admit_replacing(before: Office, after: Office) -> None:
    """Refuse an office that lacks a stream, a service or a counter of the one in whose place it
    comes: visits may hang on them, so each is taken away by itself. Raises `BadInput` (streams,
    services, counters; reason `lacks`, `value`).
    """
    for each in compare_offices(before, after):
        if each.kind is Kind.MISSING:
            raise BadInput(field=each.part, reason="lacks", value=each.name)


def _compare(before: Office, after: Office) -> Iterator[Difference]:
    for part in PLAIN:
        old, new = getattr(before, part), getattr(after, part)
        if old != new:
            yield Difference(Kind.CHANGED, part, old=old, new=new)
    for part in ("location", "slip"):
        names = _changed_fields(getattr(before, part), getattr(after, part))
        if names:
            yield Difference(Kind.CHANGED, part, fields=names)
    for part in ("week", "seasons", "days"):
        if getattr(before.hours, part) != getattr(after.hours, part):
            yield Difference(Kind.CHANGED, "hours", part)
    for part, key in _KEYS.items():
        yield from _compare_lists(
            part,
            {getattr(each, key): each for each in getattr(before, part)},
            {getattr(each, key): each for each in getattr(after, part)},
        )
    new_values = dict(values_of(after.rules))
    for name, old in values_of(before.rules):
        if old != new_values[name]:
            yield Difference(Kind.CHANGED, "rules", name, old=old, new=new_values[name])


def _compare_lists(
    part: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Difference]:
    for name, each in after.items():
        if name not in before:
            yield Difference(Kind.NEW, part, name)
        elif names := _changed_fields(before[name], each):
            yield Difference(Kind.CHANGED, part, name, names)
    for name in before:
        if name not in after:
            yield Difference(Kind.MISSING, part, name)
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        yield Difference(Kind.CHANGED, part, fields=("order",))


def _changed_fields(before: Any, after: Any) -> tuple[str, ...]:
    return tuple(
        each.name
        for each in fields(before)
        if getattr(before, each.name) != getattr(after, each.name)
    )
