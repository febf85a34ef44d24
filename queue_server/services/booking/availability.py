"""Which times are free at an office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.booking.availability import AvailableSlot, letter_for, offer_slots
from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.occupancy import admit_party_size
from queue_server.services.kept import Kept
from queue_server.store.writer import slots as slot_store

MOST_DAYS = 31
DAYS_ROOM = 1_000
"""How many days are kept at most. One with twenty times takes about 4 kB."""


@dataclass(frozen=True)
class AvailableDay:
    """A local date and its slots that can be booked or are full."""

    date: date
    slots: tuple[AvailableSlot, ...]

    @property
    def free(self) -> int:
        return sum(slot.free for slot in self.slots)


def list_availability(
    connection: Connection,
    office: Office,
    service: str,
    first: date,
    days: int,
    party_size: int,
    now: datetime,
    *,
    urgent: bool = False,
    by_staff: bool = False,
    kind: VisitKind = VisitKind.OFFICE,
) -> list[AvailableDay]:
    """Days and what `offer_slots` offers, in one query. Raises `UnknownService`, `BadInput`."""
    admit_question(office, service, days, party_size, kind)
    last = first + timedelta(days=days - 1)
    return offer_days(
        connection,
        office,
        service,
        (first, last),
        party_size,
        now,
        urgent=urgent,
        by_staff=by_staff,
        kind=kind,
    )


def admit_question(
    office: Office, service: str, days: int, party_size: int, kind: VisitKind = VisitKind.OFFICE
) -> None:
    """Refuse what nobody may ask for. Raises `UnknownService`, `BadInput`."""
    admit_party_size(party_size, 1 if kind.is_remote else office.largest_party)
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(field="days", reason="range", low=1, high=MOST_DAYS)
    office.service(service)


def offer_days(
    connection: Connection,
    office: Office,
    service: str,
    span: tuple[date, date],
    party_size: int,
    now: datetime,
    *,
    urgent: bool,
    by_staff: bool = False,
    kind: VisitKind = VisitKind.OFFICE,
) -> list[AvailableDay]:
    """Of the dates from the first of `span` to the last those on which something is offered, in one
    query. Raises `UnknownService`, `BadInput` (visit).
    """
    wanted = office.service(service)
    letter = letter_for(office, service, urgent=urgent, kind=kind)
    available = []
    for plan in slot_store.list_of_stream(connection, office.code, letter, *span):
        slots = tuple(
            offer_slots(
                plan, office, wanted, party_size, now, urgent=urgent, by_staff=by_staff, kind=kind
            )
        )
        if slots:
            available.append(AvailableDay(plan.date, slots))
    return available


def availability_version(
    connection: Connection, office: Office, first: date, days: int, now: datetime
) -> str:
    """A mark that changes whenever `list_availability` may answer differently. One cheap look-up.

    What is offered changes by itself at whole minutes only: when a slot begins, is opened for
    booking or is released, and where a mode begins or ends that was set in advance.
    """
    marks = slot_store.version(connection, office.code, first, first + timedelta(days=days - 1))
    return "-".join(map(str, (*marks, minute_of(now))))


def minute_of(now: datetime) -> int:
    """The minute that a moment lies in, counted since 1970."""
    return int(now.timestamp()) // 60


def nearest_free(
    days: Sequence[AvailableDay], wanted: datetime, count: int = 3
) -> list[AvailableSlot]:
    """The free slots nearest to a wanted time, in order of time."""
    free = [slot for day in days for slot in day.slots if slot.free > 0]
    nearest = sorted(free, key=lambda slot: abs(slot.starts_at - wanted))[:count]
    return sorted(nearest, key=lambda slot: slot.starts_at)


@dataclass(frozen=True)
class Question:
    """Whose free times are asked for: `days` dates from `first` on, for a party of a service."""

    service: str
    first: date
    days: int
    party_size: int = 1
    urgent: bool = False
    kind: VisitKind = VisitKind.OFFICE


@dataclass(frozen=True)
class _Dated:
    """Days as they were at their marks; None for a date on which nothing is offered."""

    holds_for: tuple[int, int]
    marks: Mapping[date, object]
    days: Mapping[date, AvailableDay | None]


class FreeTimes:
    """Free times that are worked out once for each version and given to everybody who asks.

    Whoever asks has the version read from the database, in one statement, so the answer is as exact
    as one worked out anew, whichever process has changed something. Of the days that a change did
    not touch, nothing is read or worked out again. Commands never ask here.
    """

    def __init__(self, room: int = DAYS_ROOM) -> None:
        self._kept: Kept[_Dated] = Kept(room, lambda each: 1 + len(each.days))

    def list(
        self, connection: Connection, office: Office, asked: Question, now: datetime
    ) -> list[AvailableDay]:
        """What `list_availability` gives. Raises what that raises."""
        admit_question(office, asked.service, asked.days, asked.party_size, asked.kind)
        key = (office.code, asked)
        version = availability_version(connection, office, asked.first, asked.days, now)
        dated = self._kept.get(
            key, version, lambda: self._find(connection, office, asked, now, self._kept.peek(key))
        )
        return [day for day in dated.days.values() if day is not None]

    def _find(
        self,
        connection: Connection,
        office: Office,
        asked: Question,
        now: datetime,
        before: _Dated | None,
    ) -> _Dated:
        holds_for = (office.revision, minute_of(now))
        last = asked.first + timedelta(days=asked.days - 1)
        marks = slot_store.marks_of_days(connection, office.code, asked.first, last)
        same = before if before is not None and before.holds_for == holds_for else None
        days = {
            day: same.days[day]
            for day, mark in marks.items()
            if same is not None and same.marks.get(day) == mark
        }
        changed = [day for day in marks if day not in days]
        if changed:
            offered = offer_days(
                connection,
                office,
                asked.service,
                (min(changed), max(changed)),
                asked.party_size,
                now,
                urgent=asked.urgent,
                kind=asked.kind,
            )
            days |= dict.fromkeys(changed) | {
                each.date: each for each in offered if each.date not in days
            }
        return _Dated(holds_for, marks, dict(sorted(days.items())))
