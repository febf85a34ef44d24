"""A booked visitor who says to come later: the staff know it, and the visit is not taken as missed
before. It changes nothing in the call order: who checks in after the grace counts from then.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol

from queue_server.domain.errors import (
    DomainError,
    LimitReached,
    RemoteVisit,
    TooLate,
    WrongDay,
    WrongState,
)
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.step import Step, move
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import TRANSITIONS, Action

DELAYS_MINUTES = (15, 30, 60)
"""What a visitor may choose from, as far as the office's `delay_minutes_max` allows."""


class Expected(Protocol):
    """What says when a visitor is expected: of a visit, or of several that are alike."""

    @property
    def slot(self) -> datetime | None: ...

    @property
    def delay_minutes(self) -> int | None: ...


def expected_at(ticket: Expected) -> datetime | None:
    """When a booked visitor is expected: at the booked time, or as much later as they have said.
    None for a visit without a time.
    """
    if ticket.slot is None:
        return None
    return ticket.slot + timedelta(minutes=ticket.delay_minutes or 0)


def admit_delay(
    ticket: Ticket,
    minutes: int,
    rules: Rules,
    today: date,
    closes_at: datetime | None,
    now: datetime,
) -> None:
    """Refuse to say so on another day, beyond what the office allows, or for a moment that has
    passed or at which the doors are closed. `closes_at` is today's last closing.

    Raises `WrongState`, `RemoteVisit`, `WrongDay`, `LimitReached` (rule `delay_minutes`),
    `TooLate`.
    """
    sources = TRANSITIONS[Action.TELL_DELAY].sources
    if ticket.state not in sources or ticket.slot is None:
        raise WrongState(
            action=Action.TELL_DELAY.value, state=ticket.state.value, allowed=sorted(sources)
        )
    if ticket.kind.is_remote:
        raise RemoteVisit(visit=ticket.kind.value)
    if ticket.date != today:
        raise WrongDay(date=ticket.date.isoformat())
    if not 0 < minutes <= rules.door.delay_minutes_max:
        raise LimitReached(rule="delay_minutes", limit=rules.door.delay_minutes_max)
    comes_at = ticket.slot + timedelta(minutes=minutes)
    if closes_at is None or not now < comes_at < closes_at:
        until = now if closes_at is None else min(closes_at, comes_at)
        raise TooLate(until=until.isoformat())


def list_delays(
    ticket: Ticket, rules: Rules, today: date, closes_at: datetime | None, now: datetime
) -> tuple[int, ...]:
    """By how many minutes the visitor may still say to be later; none where they may not."""

    def is_admitted(minutes: int) -> bool:
        try:
            admit_delay(ticket, minutes, rules, today, closes_at, now)
        except DomainError:
            return False
        return True

    return tuple(each for each in DELAYS_MINUTES if is_admitted(each))


def tell_delay(ticket: Ticket, minutes: int, now: datetime) -> Step:
    """Note by how much a booked visitor will be late. Guard with `admit_delay` first."""
    return move(ticket, Action.TELL_DELAY, now, delay_minutes=minutes)
