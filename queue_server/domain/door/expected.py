"""Who is expected at the door: by the time of each booking, who has come, who is late, and which
times the reception looks at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.transitions import State

from .delay import Expected, expected_at

EARLIER_SHOWN, AHEAD_SHOWN = 3, 3
"""How many times before and after the present one are shown at most."""

COUNTED_STATES = frozenset(State) - {State.HELD, State.EXPIRED, State.CANCELLED, State.STRANDED}
"""States of bookings whose visitor is, or was, expected at their time."""


class Attendance(StrEnum):
    """Whether a booked visitor has come. LATE: their time has passed, their turn is still kept.
    TOO_LATE: it is not; whoever comes now counts from then. MISSED: the day ended without them.
    """

    COMING = "COMING"
    LATE = "LATE"
    TOO_LATE = "TOO_LATE"
    HERE = "HERE"
    MISSED = "MISSED"


class Booked(Expected, Protocol):
    """What says whether the visitor of a booking has come: of one, or of several that are alike."""

    @property
    def state(self) -> State: ...

    @property
    def arrived_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Alike:
    """So many `visits` of so many `people` at one time, which are alike in all that is judged."""

    slot: datetime
    state: State
    delay_minutes: int | None
    arrived_at: datetime | None
    visits: int
    people: int


def judge_attendance(ticket: Booked, rules: Rules, now: datetime) -> Attendance:
    """Whether the visitor of a booking has come by now. Who has said to come later is late from
    then on, and too late where the booked time's grace is over as well.
    """
    assert ticket.slot is not None, "only a visit with a time is expected at one"
    if ticket.state is not State.BOOKED:
        return Attendance.MISSED if ticket.arrived_at is None else Attendance.HERE
    kept_until = ticket.slot + timedelta(minutes=rules.calling.grace_minutes)
    if now <= (expected_at(ticket) or ticket.slot):
        return Attendance.COMING
    return Attendance.LATE if now <= kept_until else Attendance.TOO_LATE


@dataclass(frozen=True)
class DueSlot:
    """The bookings of one time. `present` bookings of `present_people` persons have come; `late`
    and `too_late` ones have not.
    """

    starts_at: datetime
    bookings: int = 0
    people: int = 0
    present: int = 0
    present_people: int = 0
    late: int = 0
    too_late: int = 0

    @property
    def misses_somebody(self) -> bool:
        """Whether a visitor of this time may still come."""
        return self.late + self.too_late > 0


def count_due(day: Iterable[Alike], rules: Rules, now: datetime) -> tuple[DueSlot, ...]:
    """The times of a day with those who are, or were, expected at the door, in order."""
    slots: dict[datetime, DueSlot] = {}
    for each in day:
        if each.state in COUNTED_STATES:
            slots[each.slot] = _with(slots.get(each.slot) or DueSlot(each.slot), each, rules, now)
    return tuple(slots[at] for at in sorted(slots))


def _with(slot: DueSlot, more: Alike, rules: Rules, now: datetime) -> DueSlot:
    attendance = judge_attendance(more, rules, now)
    is_here = attendance is Attendance.HERE
    return DueSlot(
        slot.starts_at,
        slot.bookings + more.visits,
        slot.people + more.people,
        slot.present + more.visits * is_here,
        slot.present_people + more.people * is_here,
        slot.late + more.visits * (attendance is Attendance.LATE),
        slot.too_late + more.visits * (attendance is Attendance.TOO_LATE),
    )


def choose_due(slots: Iterable[DueSlot], now: datetime) -> tuple[DueSlot, ...]:
    """The times to look at now, in order: the present one (the last that has begun), the next ones,
    and of those before the newest at which somebody is still missing.
    """
    in_order = sorted(slots, key=lambda each: each.starts_at)
    begun = [each for each in in_order if each.starts_at <= now]
    ahead = [each for each in in_order if each.starts_at > now]
    earlier = [each for each in begun[:-1] if each.misses_somebody]
    return (*earlier[-EARLIER_SHOWN:], *begun[-1:], *ahead[:AHEAD_SHOWN])
