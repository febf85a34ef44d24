"""A call by a clerk: when a counter is free to call, and whether the visitor whom a clerk picks may
be called. Every call keeps the grounds by which a later reader sees that it was right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from queue_server.domain.errors import CounterBusy, NotForThisCounter, WrongDay
from queue_server.domain.office.office import Counter
from queue_server.domain.office.rules import CallPolicy, Rules
from queue_server.domain.visit.occupancy import Occupancy, admit_party
from queue_server.domain.visit.standstill import Act, Pause, admit_act
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import State

from . import steps


@dataclass(frozen=True)
class CurrentVisit:
    """The visitor whom a counter has called or serves: the ticket's id and number."""

    ticket: str
    number: str | None


def admit_free(counter: str, current: CurrentVisit | None) -> None:
    """Refuse what a counter may only do without a visitor. Raises `CounterBusy`."""
    if current is not None:
        raise CounterBusy(counter=counter, number=current.number, ticket=current.ticket)


def admit_kind(ticket: Ticket, counter: Counter) -> None:
    """Refuse to call somebody to a counter at home, or to ring from one in the office. Raises
    `NotForThisCounter`.
    """
    if ticket.kind.is_remote is not counter.remote:
        raise NotForThisCounter(counter=counter.id, visit=ticket.kind.value)


def take_call(
    ticket: Ticket,
    counter: Counter,
    clerk: str,
    room: int | None,
    rules: Rules,
    seq: int,
    now: datetime,
    picked_because: str | None = None,
) -> Step:
    """Call a waiting visitor, with all that a later reader needs to see that it was right: who
    asked, for which streams, with how much `room`.

    `picked_because` is the reason, perhaps empty, of a clerk who called out of turn; None: the
    order chose. `seq` is the number that the event will have. Raises `WrongState`.
    """
    after, event = steps.call(ticket, counter.id, clerk, seq, now)
    facts: dict[str, Any] = {
        **event.facts,
        "by": clerk,
        "turn_time": ticket.turn_time.isoformat() if ticket.turn_time else None,
        "credit_minutes": ticket.credit_minutes,
        "letters": "".join(counter.letters),
        "room": room,
        "policy": rules.calling.policy.value,
        "direct": picked_because is not None,
    }
    if counter.remote:
        facts["remote"] = True
    if picked_because is not None:
        facts["reason"] = picked_because
    if rules.calling.policy is CallPolicy.RATIO:
        facts |= {"share": rules.calling.ratio, "letter": ticket.letter}
    return after, replace(event, facts=facts)


def admit_direct_call(ticket: Ticket, paused: Pause | None, today: date) -> None:
    """Refuse to call a visitor of another day, or while everything stands still. Raises `WrongDay`,
    `Paused`.
    """
    if ticket.date != today:
        raise WrongDay(date=ticket.date.isoformat())
    admit_act(paused, Act.CALL)


@dataclass(frozen=True)
class DirectCallFacts:
    """All that decides whether a clerk may call the visitor they have picked. `current` is the
    visitor the counter has by now, None at a free one; `seq` the number of the next event.
    """

    ticket: Ticket
    counter: Counter
    clerk: str
    occupancy: Occupancy
    rules: Rules
    seq: int = 1
    current: CurrentVisit | None = None


def decide_direct_call(facts: DirectCallFacts, reason: str, now: datetime) -> Step:
    """Call the visitor whom a clerk has picked, for a reason that the log keeps. The call lets in
    one who waits outside, so the party must fit.

    Raises `NotForThisCounter`, `CounterBusy`, `AdmissionsStopped`, `RoomFull`, `WrongState`.
    """
    ticket = facts.ticket
    admit_kind(ticket, facts.counter)
    admit_free(facts.counter.id, facts.current)
    if ticket.state is State.WAITING and ticket.place is Place.OUTSIDE:
        admit_party(facts.occupancy, ticket.party_size)
    return take_call(
        ticket,
        facts.counter,
        facts.clerk,
        facts.occupancy.room,
        facts.rules,
        facts.seq,
        now,
        picked_because=reason,
    )
