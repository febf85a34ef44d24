"""How any step of a ticket's life is taken: by a row of the table of transitions, with the one
event that tells of it.

Every step takes a ticket and plain values and returns the ticket after it together with the event.
Nothing is changed in place. Which steps there are is said where they happen: `booking_steps` before
the visit, `door_steps` at the door, `counter_steps` at a counter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from queue_server.domain.errors import WrongState
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import VisitKind

from .claim import Claim
from .ticket import Channel, Origin, Ticket
from .transitions import TRANSITIONS, Action

Step = tuple[Ticket, Event]

UNCLAIMED: Mapping[str, Any] = {
    "claim_at": None,
    "claim_span": 0,
    "claim_letter": None,
    "pool": None,
}
"""The fields of a visit that takes no places in the day's plan."""

UNCALLED: Mapping[str, Any] = {
    "counter": None,
    "clerk": None,
    "called_at": None,
    "last_called_at": None,
    "call_seq": None,
    "calls": 0,
    "started_at": None,
}
"""The fields of a visitor who waits and was not called, or whose call is over."""


@dataclass(frozen=True)
class Draw:
    """A fresh ticket id and secret code, drawn at random by the caller.

    Ids grow with time: new rows lie together in the index, and of two tickets with one turn time
    the older is called first.
    """

    id: str
    code: str


@dataclass(frozen=True)
class Request:
    """What a new ticket is asked for, already checked. `id` and `code` are those of a `Draw`."""

    id: str
    code: str
    office: str
    date: date
    letter: str
    service: str
    origin: Origin
    channel: Channel = Channel.REGULAR
    party_size: int = 1
    priority: bool = False
    language: str = "id"
    claim: Claim | None = None
    kind: VisitKind = VisitKind.OFFICE


def claimed(claim: Claim | None) -> dict[str, Any]:
    """The fields of a visit that takes these places in the day's plan."""
    if claim is None:
        return {}
    return {
        "claim_at": claim.starts_at,
        "claim_span": claim.span,
        "claim_letter": claim.letter,
        "pool": claim.pool,
    }


def create(request: Request, action: Action, now: datetime, **values: Any) -> Step:
    """Make a ticket by a row of the table that has no source. The event keeps what was asked and
    each of the `values` given with it.
    """
    row = TRANSITIONS[action]
    values |= claimed(request.claim)
    ticket = Ticket(
        id=request.id,
        office=request.office,
        date=request.date,
        code=request.code,
        letter=request.letter,
        service=request.service,
        state=row.target,
        origin=request.origin,
        channel=request.channel,
        created_at=now,
        party_size=request.party_size,
        priority=request.priority,
        language=request.language,
        kind=request.kind,
        **values,
    )
    facts = {**introduce(ticket), **{name: _plain(value) for name, value in values.items()}}
    return ticket, Event(row.event, ticket.office, ticket.date, now, ticket.id, facts)


def introduce(ticket: Ticket) -> dict[str, Any]:
    """What the log of a day says of a ticket when it names it first; `kind` of one from home."""
    from_home = {"kind": ticket.kind} if ticket.kind.is_remote else {}
    return {
        "state": ticket.state,
        "letter": ticket.letter,
        "service": ticket.service,
        "origin": ticket.origin,
        "channel": ticket.channel,
        "party_size": ticket.party_size,
        "priority": ticket.priority,
        **from_home,
    }


def move(ticket: Ticket, action: Action, now: datetime, **changes: Any) -> Step:
    """Take one step of the table. The event keeps each changed field's value before and after, so
    any step can be replayed or undone.
    """
    row = TRANSITIONS[action]
    if ticket.state not in row.sources:
        raise WrongState(action=action.value, state=ticket.state.value, allowed=sorted(row.sources))
    return change(ticket, row.event, now, state=row.target, **changes)


def change(ticket: Ticket, type: EventType, now: datetime, **changes: Any) -> Step:
    """Give fields other values, with the event that keeps each one's value before and after. Steps
    of the table go through `move`.
    """
    after = replace(ticket, version=ticket.version + 1, **changes)
    changed = list_changed(ticket, after, changes)
    return after, Event(
        type,
        ticket.office,
        ticket.date,
        now,
        ticket.id,
        {"number": after.number, "changed": changed},
    )


def list_changed(before: Ticket, after: Ticket, names: Iterable[str]) -> dict[str, list[Any]]:
    """Those of some fields that differ, each with its value before and after as the log keeps
    it.
    """
    return {
        name: [_plain(getattr(before, name)), _plain(getattr(after, name))]
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date)) else value
