"""Stepping away from the queue for a while, once: the rule of
docs/adr/0024-stepping-away.md.

Who is away keeps number and turn time and is passed over. The time ends by itself: a moment on the
ticket, not a step, so nothing has to happen for somebody to be callable again.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

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
from queue_server.domain.visit.ticket import Place, Ticket, is_away
from queue_server.domain.visit.transitions import TRANSITIONS, Action

ONCE = 1


def admit_step_away(
    ticket: Ticket, rules: Rules, today: date, closes_at: datetime | None, now: datetime
) -> None:
    """Refuse to step away to one who does not wait today, who has done it before, or once the doors
    are closed. `closes_at` is today's last closing, None on a day without opening.

    Raises `WrongState`, `RemoteVisit`, `WrongDay`, `LimitReached` (rule `steps_away`), `TooLate`.
    """
    sources = TRANSITIONS[Action.STEP_AWAY].sources
    if ticket.state not in sources:
        raise WrongState(
            action=Action.STEP_AWAY.value, state=ticket.state.value, allowed=sorted(sources)
        )
    if ticket.kind.is_remote:
        raise RemoteVisit(visit=ticket.kind.value)
    if ticket.date != today:
        raise WrongDay(date=ticket.date.isoformat())
    allowed = ONCE if rules.calling.away_minutes else 0
    if ticket.away_until is not None or not allowed:
        raise LimitReached(rule="steps_away", limit=allowed)
    if closes_at is None or now >= closes_at:
        raise TooLate(until=(closes_at or now).isoformat())


def may_step_away(
    ticket: Ticket, rules: Rules, today: date, closes_at: datetime | None, now: datetime
) -> bool:
    """Whether the visitor may still step away; see `admit_step_away`."""
    try:
        admit_step_away(ticket, rules, today, closes_at, now)
    except DomainError:
        return False
    return True


def step_away(ticket: Ticket, rules: Rules, closes_at: datetime, now: datetime) -> Step:
    """Note that a visitor goes away for `away_minutes`, and no longer than the doors are open. Who
    was inside has left the room, and comes in again as the door's rules say.

    Guard with `admit_step_away` first.
    """
    until = min(now + timedelta(minutes=rules.calling.away_minutes), closes_at)
    return move(
        ticket, Action.STEP_AWAY, now, away_until=until, place=Place.OUTSIDE, admitted_at=None
    )


def come_back(ticket: Ticket, now: datetime) -> Step:
    """Note that a visitor is back before the time is over. Raises `WrongState` for one who is not
    away.
    """
    if not is_away(ticket, now):
        raise WrongState(action=Action.COME_BACK.value, state=ticket.state.value, allowed=["AWAY"])
    return move(ticket, Action.COME_BACK, now, away_until=now)
