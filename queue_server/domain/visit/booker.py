"""Who booked a visit: where staff may see it, and what becomes of the visit when the card that is
shown is another person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from queue_server.domain.errors import NoBooking, NotYourTicket, WrongDay, WrongState

from .standstill import Act, Pause, admit_act
from .step import UNCALLED, UNCLAIMED, Step, move
from .ticket import Ticket
from .transitions import PRESENT_STATES, Action, State


class Where(StrEnum):
    """Where a member of staff has the visitor before them."""

    COUNTER = "counter"
    RECEPTION = "reception"
    DOOR = "door"


SEEN_IN: Mapping[Where, frozenset[State]] = {
    Where.COUNTER: frozenset({State.CALLED, State.SERVING}),
    Where.RECEPTION: PRESENT_STATES | {State.BOOKED},
    Where.DOOR: frozenset({State.BOOKED, State.WAITING}),
}
"""In which states of a visit a desk may compare a card with it: at the door until it is called, at
a counter as long as it is there. Before and after its day nobody may look.
"""

MISMATCH = "card_mismatch"
"""The coded reason of a visit that was voided because of the card."""


@dataclass(frozen=True)
class Showing:
    """Somebody who shows a card: `where`, and `by` whom it is compared; `today` is the office's
    date.
    """

    where: Where
    by: str
    today: date


def admit_look(ticket: Ticket, showing: Showing) -> None:
    """Refuse to show who booked to anybody but the desk that has this visit before it now.

    Raises `WrongDay`, `WrongState`, `NotYourTicket` for the visitor of another counter.
    """
    if ticket.date != showing.today:
        raise WrongDay(date=ticket.date.isoformat())
    allowed = SEEN_IN[showing.where]
    if ticket.state not in allowed:
        raise WrongState(action="booker", state=ticket.state.value, allowed=sorted(allowed))
    if showing.where is Where.COUNTER:
        _admit_own(ticket, showing.by)


def _admit_own(ticket: Ticket, by: str) -> None:
    if ticket.state in SEEN_IN[Where.COUNTER] and ticket.clerk != by:
        raise NotYourTicket(counter=ticket.counter)


def void(ticket: Ticket, now: datetime) -> Step:
    """End a visit with which another person has come: it is off the screens at once. The caller
    gives the places on.
    """
    return move(ticket, Action.VOID, now, place=None, ended_at=now, **UNCALLED, **UNCLAIMED)


def decide_void(ticket: Ticket, showing: Showing, paused: Pause | None, now: datetime) -> Step:
    """Void a booked visit because the card is another person's. Who is at a counter is the clerk's
    there.

    Raises `NoBooking` for a number taken at the door, `WrongDay`, `Paused` in an evacuation,
    `NotYourTicket`, `WrongState`.
    """
    if ticket.slot is None:
        raise NoBooking(number=ticket.number)
    if ticket.date != showing.today:
        raise WrongDay(date=ticket.date.isoformat())
    admit_act(paused, Act.CHANGE_VISIT)
    _admit_own(ticket, showing.by)
    after, event = void(ticket, now)
    told = {"by": showing.by, "where": showing.where.value, "reason": MISMATCH}
    return after, event.adding(**told, counter=ticket.counter)
