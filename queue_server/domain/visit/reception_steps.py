"""What the reception changes about a visit that goes on as it was: how many come, and whether the
case is urgent.

Neither is a step of a ticket's life, so neither stands in the table of transitions; each is told by
one event all the same.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.errors import WrongState
from queue_server.domain.events import EventType

from .claim import Claim
from .step import UNCLAIMED, Step, change, claimed
from .ticket import Channel, Ticket
from .transitions import State

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

    Who has a number got a slip with it, from the kiosk or the desk.
    """
    return earlier + (ticket.number is not None)


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
