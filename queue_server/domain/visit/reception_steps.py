"""What the reception changes about a visit that goes on as it was: how many come, whether the case
is urgent, and whether somebody has priority.

None of it is a step of a ticket's life, so none stands in the table of transitions; each is told by
one event all the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from queue_server.domain.errors import WrongState
from queue_server.domain.events import EventType
from queue_server.domain.office.rules import Rules

from .claim import Claim
from .step import UNCLAIMED, Step, change, claimed
from .ticket import Channel, Origin, Ticket
from .transitions import State
from .turn import Turn, with_priority

PARTY_STATES = frozenset({State.BOOKED, State.WAITING})
"""States in which the size of a party may still change."""

COPIED_STATES = frozenset({State.BOOKED, State.WAITING, State.CALLED, State.SERVING, State.PARKED})
"""States in which a slip is still of use."""


def admit_party_change(ticket: Ticket) -> None:
    """Refuse a change of a party that is called, served, gone or not booked yet. Raises
    `WrongState`.
    """
    if ticket.state not in PARTY_STATES:
        raise WrongState(
            action="change_party", state=ticket.state.value, allowed=sorted(PARTY_STATES)
        )


def admit_copy(ticket: Ticket) -> None:
    """Refuse the slip of a visit that is over or was never booked. Raises `WrongState`."""
    if ticket.state not in COPIED_STATES:
        raise WrongState(action="copy", state=ticket.state.value, allowed=sorted(COPIED_STATES))


def count_papers(ticket: Ticket, earlier: int) -> int:
    """How many papers of a visit there are before one more, after `earlier` from the reception: 0
    for the first, which is no copy.

    Who has a number got a slip with it from the kiosk, but for the one to whom the staff gave it.
    """
    was_given_by_staff = ticket.origin is Origin.STAFF and ticket.slot is None
    return earlier + (ticket.number is not None and not was_given_by_staff)


def change_party(ticket: Ticket, party_size: int, claim: Claim | None, now: datetime) -> Step:
    """The same visit with more or fewer persons, on the places that the caller has taken for them.
    Raises `WrongState`.
    """
    admit_party_change(ticket)
    return change(
        ticket, EventType.PARTY_CHANGED, now, party_size=party_size, **(claimed(claim) or UNCLAIMED)
    )


def make_urgent(ticket: Ticket, letter: str, now: datetime) -> Step:
    """A waiting visit in the urgent lane and its stream; number, arrival and turn time are kept.
    Raises `WrongState`.
    """
    if ticket.state is not State.WAITING:
        raise WrongState(
            action="make_urgent", state=ticket.state.value, allowed=[State.WAITING.value]
        )
    if ticket.channel is Channel.URGENT:
        raise WrongState(
            action="make_urgent", state=ticket.channel.value, allowed=[Channel.REGULAR.value]
        )
    return change(ticket, EventType.MADE_URGENT, now, channel=Channel.URGENT, letter=letter)


def set_priority(ticket: Ticket, rules: Rules, now: datetime, *, priority: bool) -> Step:
    """A visit with priority given or taken: a booking keeps it for its day, one who waits stands at
    another place in the line at once. Taking back what was given restores the turn time.

    Raises `WrongState` for a visit that is called, served, gone or not booked yet.
    """
    if ticket.state not in PARTY_STATES:
        raise WrongState(
            action="set_priority", state=ticket.state.value, allowed=sorted(PARTY_STATES)
        )
    turn: dict[str, Any] = {}
    if ticket.turn_time is not None and ticket.turn_basis is not None:
        before = Turn(ticket.turn_time, ticket.turn_basis, ticket.credit_minutes)
        after = with_priority(before, rules, priority=priority)
        turn = {"turn_time": after.time, "credit_minutes": after.credit_minutes}
    return change(ticket, EventType.PRIORITY_SET, now, priority=priority, **turn)
