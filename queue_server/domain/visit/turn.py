"""The turn time of a visit: fixed by the visitor's own act, less a published credit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.office.rules import CallPolicy, Rules

WHOLE_DAY = timedelta(days=1)


WHOLE_DAY_MINUTES = 24 * 60
"""The credit that puts somebody before everybody else. A whole day, so that the turn still shows
the hour that counts.
"""


class TurnBasis(StrEnum):
    """Which of the visitor's times counts."""

    SLOT = "slot"
    ARRIVAL = "arrival"
    LATE = "late"


@dataclass(frozen=True)
class Turn:
    """A turn time with the two numbers that explain it: the time that counts and the minutes of
    credit.
    """

    time: datetime
    basis: TurnBasis
    credit_minutes: int


def turn_time(rules: Rules, *, slot: datetime | None, arrived_at: datetime, priority: bool) -> Turn:
    """The key by which a visitor is called.

    Booked and checked in up to `grace_minutes` after the slot's start: the slot's start. Later: the
    time of arrival less `late_minutes`, but never before the grace has ended. Without a booking:
    the time of arrival plus `walk_in_offset_minutes`. Priority: `priority_credit_minutes` earlier;
    credits do not add up. FIFO counts the time of arrival alone.
    """
    if rules.calling.policy is CallPolicy.FIFO:
        return Turn(arrived_at, TurnBasis.ARRIVAL, 0)
    if slot is None:
        time, basis = (
            arrived_at + timedelta(minutes=rules.calling.walk_in_offset_minutes),
            TurnBasis.ARRIVAL,
        )
    else:
        until = slot + timedelta(minutes=rules.calling.grace_minutes)
        if arrived_at <= until:
            time, basis = slot, TurnBasis.SLOT
        else:
            time, basis = (
                max(until, arrived_at - timedelta(minutes=rules.calling.late_minutes)),
                TurnBasis.LATE,
            )
    credit = _credit_minutes(rules, basis, priority)
    return Turn(time - timedelta(minutes=credit), basis, credit)


def with_priority(turn: Turn, rules: Rules, *, priority: bool) -> Turn:
    """The turn of one who waits, once priority is given or taken: the time that counts stays, the
    credit is that of the rules now. FIFO gives none.
    """
    is_by_arrival = rules.calling.policy is CallPolicy.FIFO
    credit = 0 if is_by_arrival else _credit_minutes(rules, turn.basis, priority)
    counts = turn.time + timedelta(minutes=turn.credit_minutes)
    return Turn(counts - timedelta(minutes=credit), turn.basis, credit)


def _credit_minutes(rules: Rules, basis: TurnBasis, priority: bool) -> int:
    if rules.calling.policy is CallPolicy.STRICT:
        return WHOLE_DAY_MINUTES if priority else 0
    if rules.calling.policy is CallPolicy.RATIO:
        return WHOLE_DAY_MINUTES if priority or basis is TurnBasis.SLOT else 0
    return rules.calling.priority_credit_minutes if priority else 0


@dataclass(frozen=True)
class Wanted:
    """The counter or the clerk a visitor was sent on to; just one of the two is set."""

    counter: str | None = None
    clerk: str | None = None
