"""Who is called next: the smallest turn time that a counter may serve.

A turn time is fixed by the visitor's own act and never by anybody else's, so a place shown can worsen only by the few
who check in within the published credit and grace. Every call can be explained from two numbers on the ticket.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .occupancy import Occupancy
from .office import Rules


class TurnBasis(StrEnum):
    """Which of the visitor's times counts."""

    SLOT = "slot"
    ARRIVAL = "arrival"
    LATE = "late"


@dataclass(frozen=True)
class Turn:
    """A turn time with the two numbers that explain it: the time that counts and the minutes of credit."""

    time: datetime
    basis: TurnBasis
    credit_minutes: int


def turn_time(rules: Rules, *, slot: datetime | None, arrived_at: datetime, priority: bool) -> Turn:
    """The key by which a visitor is called.

    Booked and checked in up to `grace_minutes` after the slot's start: the slot's start. Later, or without a booking: the
    time of arrival (walk-ins plus `walk_in_offset_minutes`). Priority: `priority_credit_minutes` earlier; credits do not add up.
    """
    credit = rules.priority_credit_minutes if priority else 0
    if slot is None:
        time, basis = arrived_at + timedelta(minutes=rules.walk_in_offset_minutes), TurnBasis.ARRIVAL
    elif arrived_at <= slot + timedelta(minutes=rules.grace_minutes):
        time, basis = slot, TurnBasis.SLOT
    else:
        time, basis = arrived_at, TurnBasis.LATE
    return Turn(time - timedelta(minutes=credit), basis, credit)


@dataclass(frozen=True, order=True)
class Candidate:
    """A waiting ticket as the call order sees it. The ticket's id breaks ties, so the order is total."""

    turn_time: datetime
    ticket: str
    letter: str
    party_size: int
    inside: bool


def next_ticket(waiting: Iterable[Candidate], letters: frozenset[str], occupancy: Occupancy) -> Candidate | None:
    """The waiting visitor with the smallest turn time in these streams who is inside, or whose party fits inside.

    Calling lets a visitor in, so one who does not fit is passed over until somebody leaves.
    """
    able = (each for each in waiting if each.letter in letters and (each.inside or occupancy.fits(each.party_size)))
    return min(able, default=None)
