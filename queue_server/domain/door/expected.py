"""Who is expected at the door: by the time of each booking, who has come, who is late, and which
times the reception looks at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State

from .delay import expected_at

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


def judge_attendance(ticket: Ticket, rules: Rules, now: datetime) -> Attendance:
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


def count_due(tickets: Iterable[Ticket], rules: Rules, now: datetime) -> tuple[DueSlot, ...]:
    """The times of a day with those who are, or were, expected at the door, in order."""
    slots: dict[datetime, DueSlot] = {}
    for each in tickets:
        if each.slot is None or each.kind.is_remote or each.state not in COUNTED_STATES:
            continue
        slots[each.slot] = _with(slots.get(each.slot) or DueSlot(each.slot), each, rules, now)
    return tuple(slots[at] for at in sorted(slots))


def _with(slot: DueSlot, ticket: Ticket, rules: Rules, now: datetime) -> DueSlot:
    attendance, people = judge_attendance(ticket, rules, now), ticket.party_size
    is_here = attendance is Attendance.HERE
    return DueSlot(
        slot.starts_at,
        slot.bookings + 1,
        slot.people + people,
        slot.present + is_here,
        slot.present_people + people * is_here,
        slot.late + (attendance is Attendance.LATE),
        slot.too_late + (attendance is Attendance.TOO_LATE),
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
