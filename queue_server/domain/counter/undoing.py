"""Whether a clerk's last action may be taken back where the visitor would stand again: in the room,
and at a counter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from queue_server.domain.errors import CounterClosed, NothingToUndo, RoomFull
from queue_server.domain.events import Event
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.claim import Claim
from queue_server.domain.visit.occupancy import Occupancy, admit_party
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import STAYED, State

from . import steps
from .calls import CurrentVisit


@dataclass(frozen=True)
class UndoFacts:
    """All that decides whether a clerk may take back the `last` step of a ticket; None: it has
    none. `oversees`: the clerk supervises the office. `claim`: the places that the visit can have
    again.
    """

    ticket: Ticket
    last: Event | None
    clerk: str
    occupancy: Occupancy
    rules: Rules
    oversees: bool = False
    claim: Claim | None = None


def decide_undo(facts: UndoFacts, now: datetime) -> tuple[Step, Event]:
    """The step that takes back the last one, and the one that it takes back.

    Who was finished, or counted out by mistake, still stands inside: they are counted again even
    above the limit. Raises `NothingToUndo`.
    """
    if facts.last is None:
        raise NothingToUndo(reason="none")
    before, last = facts.ticket, facts.last
    after, event = steps.undo(
        before, last, facts.clerk, facts.rules, now, oversees=facts.oversees, claim=facts.claim
    )
    if after.persons_inside > before.persons_inside and last.type not in STAYED:
        try:
            # Who is taken back has been inside just now, so a stopped door does not matter; the
            # room does.
            admit_party(replace(facts.occupancy, admitting=True), after.party_size)
        except RoomFull:
            raise NothingToUndo(reason="no_place") from None
    return (after, replace(event, facts={**event.facts, "by": facts.clerk})), last


def is_at_counter(ticket: Ticket) -> bool:
    """Whether a visitor is called or served, and so keeps a counter busy."""
    return ticket.counter is not None and ticket.state in (State.CALLED, State.SERVING)


def admit_back_at_counter(
    ticket: Ticket, host: str, current: CurrentVisit | None, clerk_there: str | None, today: date
) -> None:
    """Refuse to bring a visitor back to a counter that has another one by now (`current`), or
    another clerk than the `host` who had them. Raises `NothingToUndo`, `CounterClosed`.
    """
    if current is not None and current.ticket != ticket.id:
        raise NothingToUndo(reason="counter_busy", number=current.number)
    if clerk_there != host or ticket.date != today:
        raise CounterClosed(counter=ticket.counter)
