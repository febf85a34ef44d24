"""The streams, services and counters of an office: what they would be after a change, or why they
cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from queue_server.domain.errors import BadInput
from queue_server.domain.office.descriptions import admit_description, description_of
from queue_server.domain.office.office import Counter, Office, Service, Stream, Words
from queue_server.domain.office.remote import letters_served

from .quotas import admit_quotas

NAME_MAX, COUNTER_NAME_MAX, MINUTES_MAX = 80, 20, 240
"""Characters; and the most minutes that a service may be planned with."""

STREAMS_MAX, SERVICES_MAX, COUNTERS_MAX = 26, 100, 100

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}\Z")
_LETTER = re.compile(r"[A-Z]\Z")

Part = TypeVar("Part", bound=Stream | Service | Counter)


@dataclass(frozen=True)
class StructureChange:
    """New streams, services and counters in whole layers, in their order; None keeps a layer."""

    streams: tuple[Stream, ...] | None = None
    services: tuple[Service, ...] | None = None
    counters: tuple[Counter, ...] | None = None


def restructure(office: Office, change: StructureChange) -> Office:
    """The office as it would be. What stays as it is, is not judged anew. A counter at home serves
    the remote streams, whatever its letters say; `in_office` are its own.

    Raises `BadInput` with the `field` that cannot be and its `reason`: "missing", "length",
    "format", "range", "count", "taken" (a second one of that name), "unknown" (a letter without
    a stream), "used" (a letter that services, counters or rules still name; `by` says which),
    "used_remote" (the stream of counters at home).
    """
    after = replace(
        office,
        streams=office.streams if change.streams is None else change.streams,
        services=office.services if change.services is None else change.services,
        counters=office.counters if change.counters is None else change.counters,
    )
    after = replace(
        after, counters=tuple(_with_letters(each, after.streams) for each in after.counters)
    )
    for field, parts, most in (
        ("streams", after.streams, STREAMS_MAX),
        ("services", after.services, SERVICES_MAX),
        ("counters", after.counters, COUNTERS_MAX),
    ):
        if len(parts) > most:
            raise BadInput(field=field, reason="count", high=most)
    _admit_letters(after)
    _admit_each(office.streams, after.streams, lambda each: each.letter, "letter", _admit_stream)
    _admit_each(office.services, after.services, lambda each: each.code, "code", _admit_service)
    _admit_each(office.counters, after.counters, lambda each: each.id, "id", _admit_counter)
    _admit_names(office.counters, after.counters)
    return after


def put_stream(office: Office, stream: Stream) -> StructureChange:
    """Add a stream, or replace the one of its letter."""
    return StructureChange(streams=_put(office.streams, stream, lambda each: each.letter))


def put_service(office: Office, service: Service) -> StructureChange:
    """Add a service, or replace the one of its code."""
    return StructureChange(services=_put(office.services, service, lambda each: each.code))


def put_counter(office: Office, counter: Counter) -> StructureChange:
    """Add a counter, or replace the one of its id."""
    return StructureChange(counters=_put(office.counters, counter, lambda each: each.id))


def retire_stream(office: Office, letter: str) -> StructureChange:
    """Take a stream away, and its letter from the counters. Raises `UnknownStream`."""
    gone = office.stream(letter)
    return StructureChange(
        streams=tuple(each for each in office.streams if each != gone),
        counters=tuple(
            with_usual(each, tuple(one for one in each.usual_letters if one != letter))
            for each in office.counters
        ),
    )


def retire_service(office: Office, code: str) -> StructureChange:
    """Take a service away. Raises `UnknownService`."""
    gone = office.service(code)
    return StructureChange(services=tuple(each for each in office.services if each != gone))


def retire_counter(office: Office, id: str) -> StructureChange:
    """Take a counter away. Raises `UnknownCounter`."""
    gone = office.counter(id)
    return StructureChange(counters=tuple(each for each in office.counters if each != gone))


def with_usual(counter: Counter, letters: tuple[str, ...]) -> Counter:
    """A counter that serves these streams whenever it is worked in the office."""
    if counter.remote:
        return replace(counter, in_office=letters)
    return replace(counter, letters=letters)


def move_service(office: Office, code: str, by: int) -> StructureChange:
    """Show a service earlier (`by` below 0) or later by so many places. Raises `UnknownService`."""
    moved = office.service(code)
    others = [each for each in office.services if each != moved]
    place = max(0, min(len(others), office.services.index(moved) + by))
    return StructureChange(services=(*others[:place], moved, *others[place:]))


def next_counter_id(office: Office, taken: Iterable[str]) -> str:
    """An id for one more counter. `taken` are those that counters have ever had."""
    known, number = {*taken, *(each.id for each in office.counters)}, 1
    while (id := f"{office.code}-{number}") in known:
        number += 1
    return id


def _with_letters(counter: Counter, streams: Iterable[Stream]) -> Counter:
    """What it serves where it is worked. Letters without a stream stay, to be refused."""
    usual = counter.usual_letters
    return replace(counter, letters=letters_served(usual, streams, remote=counter.remote))


def _put(parts: tuple[Part, ...], part: Part, key: Callable[[Part], str]) -> tuple[Part, ...]:
    if any(key(each) == key(part) for each in parts):
        return tuple(part if key(each) == key(part) else each for each in parts)
    return (*parts, part)


def _admit_each(
    before: Sequence[Part],
    after: Sequence[Part],
    key: Callable[[Part], str],
    field: str,
    admit: Callable[[Part, bool], None],
) -> None:
    """Judge every part that is new or another one; two under one key cannot be."""
    old, seen = {key(each): each for each in before}, set[str]()
    for each in after:
        if key(each) in seen:
            raise BadInput(field=field, reason="taken")
        seen.add(key(each))
        if old.get(key(each)) != each:
            admit(each, key(each) not in old)


def _admit_stream(stream: Stream, is_new: bool) -> None:
    if is_new and not _LETTER.match(stream.letter):
        raise BadInput(field="letter", reason="format")
    _admit_name(stream.name)
    admit_quotas(stream)


def _admit_service(service: Service, is_new: bool) -> None:
    if is_new and not _CODE.match(service.code):
        raise BadInput(field="code", reason="format")
    _admit_name(service.name)
    if not 1 <= service.minutes <= MINUTES_MAX:
        raise BadInput(field="minutes", reason="range", low=1, high=MINUTES_MAX)
    admit_description(description_of(service))


def _admit_counter(counter: Counter, is_new: bool) -> None:
    if not counter.name.strip():
        raise BadInput(field="name", reason="missing")
    if len(counter.name) > COUNTER_NAME_MAX:
        raise BadInput(field="name", reason="length", high=COUNTER_NAME_MAX)
    if not counter.usual_letters:
        raise BadInput(field="letters", reason="missing", counter=counter.name)


def _admit_name(name: Words) -> None:
    if not name.get("id", "").strip():
        raise BadInput(field="name_id", reason="missing")
    for language, text in name.items():
        if len(text) > NAME_MAX:
            raise BadInput(field=f"name_{language}", reason="length", high=NAME_MAX)


def _admit_names(before: Sequence[Counter], after: Sequence[Counter]) -> None:
    """Refuse a second counter of one name: visitors are called to it by that. Two that an office
    has had before may stay.
    """
    names = [each.name.casefold() for each in after]
    known = [each.name.casefold() for each in before]
    if any(names.count(each) > max(1, known.count(each)) for each in names):
        raise BadInput(field="name", reason="taken")


def _admit_letters(office: Office) -> None:
    known = {each.letter for each in office.streams_here}
    for service in office.services:
        if service.letter not in known:
            raise BadInput(field="letter", reason="used", by=service.code)
    for counter in office.counters:
        if set(counter.usual_letters) - known:
            raise BadInput(field="letters", reason="used", by=counter.name)
        if counter.remote and office.remote_letter is None:
            raise BadInput(field="letter", reason="used_remote")
    urgent = office.rules.booking.urgent_letter
    if urgent is not None and urgent not in known:
        raise BadInput(field="letter", reason="used_urgent")
