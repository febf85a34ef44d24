"""At a counter: visitors are called, served and sent on, and a clerk's last step is taken back. One
function for each step; see `steps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from queue_server.domain.errors import NothingToUndo, RecallsUsedUp, TooEarly
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import VisitKind
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.step import UNCALLED, UNCLAIMED, Step, claimed, list_changed, move
from queue_server.domain.visit.ticket import Place, Ticket, is_away
from queue_server.domain.visit.transitions import UNDOABLE, Action, State
from queue_server.domain.visit.turn import TurnBasis, Wanted


def call(ticket: Ticket, counter: str, clerk: str, seq: int, now: datetime) -> Step:
    """Call a waiting visitor to a counter. Called means admitted, and back for one who was away;
    who is rung stays at home. `seq` is the number that the event will have.

    Who is called before the slot whose places they hold needs those no more: the caller gives them
    back.
    """
    admitted_at = now if ticket.place is Place.OUTSIDE else ticket.admitted_at
    freed = UNCLAIMED if ticket.claim_at is not None and ticket.claim_at > now else {}
    back = {"away_until": now} if is_away(ticket, now) else {}
    return move(
        ticket,
        Action.CALL,
        now,
        counter=counter,
        clerk=clerk,
        called_at=now,
        last_called_at=now,
        call_seq=seq,
        calls=1,
        place=Place.REMOTE if ticket.kind.is_remote else Place.INSIDE,
        admitted_at=admitted_at,
        wanted_counter=None,
        wanted_clerk=None,
        **freed,
        **back,
    )


def recall(ticket: Ticket, rules: Rules, seq: int, now: datetime) -> Step:
    """Call the same visitor once more. `seq` is the number that the event will have. Raises
    `RecallsUsedUp`, `TooEarly`.
    """
    if ticket.state is State.CALLED and ticket.calls >= rules.calling.calls_max:
        raise RecallsUsedUp(limit=rules.calling.calls_max)
    opens_at = recall_opens_at(ticket, rules)
    if opens_at is not None and now < opens_at:
        raise TooEarly(action=Action.RECALL.value, opens_at=opens_at.isoformat())
    return move(
        ticket, Action.RECALL, now, calls=ticket.calls + 1, last_called_at=now, call_seq=seq
    )


def recall_opens_at(ticket: Ticket, rules: Rules) -> datetime | None:
    """When a called visitor may be called again; None for one who is not called, or has been called
    as often as may be.
    """
    if (
        ticket.state is not State.CALLED
        or ticket.called_at is None
        or ticket.calls >= rules.calling.calls_max
        or not rules.calling.recall_seconds
    ):
        return None
    return ticket.called_at + timedelta(
        seconds=rules.calling.recall_seconds[
            min(ticket.calls, len(rules.calling.recall_seconds) - 1)
        ]
    )


def missed_from(ticket: Ticket, rules: Rules) -> datetime | None:
    """From when a visitor who was called for the last time may be taken as not come; None before
    that. Never automatic.
    """
    if (
        ticket.state is not State.CALLED
        or ticket.last_called_at is None
        or ticket.calls < rules.calling.calls_max
    ):
        return None
    return ticket.last_called_at + timedelta(seconds=rules.calling.missed_after_seconds)


def start(ticket: Ticket, now: datetime) -> Step:
    """The visitor stands at the counter."""
    return move(ticket, Action.START, now, started_at=now)


def park(ticket: Ticket, now: datetime) -> Step:
    """Set a visitor aside, to fill in a form or fetch a copy; the counter is free for the next."""
    return move(ticket, Action.PARK, now)


def resume(ticket: Ticket, rules: Rules, now: datetime) -> Step:
    """Put a parked visitor back into the queue, with the old turn time or a new one by the office's
    rule.
    """
    turn = (
        {}
        if rules.calling.resume_keeps_turn
        else {"turn_time": now, "turn_basis": TurnBasis.ARRIVAL, "credit_minutes": 0}
    )
    return move(ticket, Action.RESUME, now, **turn, **UNCALLED)


def finish(ticket: Ticket, now: datetime) -> Step:
    """The visitor is served and leaves the room."""
    return move(ticket, Action.FINISH, now, place=None, ended_at=now)


def transfer(
    ticket: Ticket, letter: str, service: str, now: datetime, wanted: Wanted | None = None
) -> Step:
    """Send a visitor on to another stream, or to one counter or clerk; number, arrival and turn
    time are kept, so no place is lost.
    """
    to = wanted or Wanted()
    return move(
        ticket,
        Action.TRANSFER,
        now,
        letter=letter,
        service=service,
        wanted_counter=to.counter,
        wanted_clerk=to.clerk,
        **UNCALLED,
    )


def no_show(ticket: Ticket, now: datetime) -> Step:
    """The called visitor did not come."""
    return move(ticket, Action.NO_SHOW, now, place=None, ended_at=now)


def may_undo(last: Event, by: str, *, oversees: bool = False) -> bool:
    """Whether somebody may take an action back: who took it; a void also who `oversees` the office,
    since the visitor may complain to them.
    """
    is_own = by == last.facts.get("by")
    return last.type in UNDOABLE and (is_own or (oversees and last.type is EventType.VOIDED))


def undo_closes_at(acted_at: datetime, rules: Rules) -> datetime:
    """Until when an action may be taken back."""
    return acted_at + timedelta(minutes=rules.calling.undo_minutes)


def undo(
    ticket: Ticket,
    last: Event,
    clerk: str,
    rules: Rules,
    now: datetime,
    *,
    oversees: bool = False,
    claim: Claim | None = None,
) -> Step:
    """Take back a clerk's last action: the fields it changed get their earlier values, and an event
    of its own says so.

    `last` is the ticket's newest event; its fact `by` names who acted, and `may_undo` says who may.
    Places that the action gave back may be somebody else's by now: they stay given back, for who is
    here needs none, unless the caller has taken them anew (`claim`). Raises `NothingToUndo`.
    """
    if last.type not in UNDOABLE or last.ticket != ticket.id:
        raise NothingToUndo(reason="none")
    if not may_undo(last, clerk, oversees=oversees):
        raise NothingToUndo(reason="not_yours")
    if now > undo_closes_at(last.at, rules):
        raise NothingToUndo(reason="too_late")
    taken_back = {
        name: values for name, values in last.facts["changed"].items() if name not in UNCLAIMED
    }
    after = replace(
        ticket,
        version=ticket.version + 1,
        **{name: _read(name, values[0]) for name, values in taken_back.items()},
        **claimed(claim),
    )
    changed = {name: [values[1], values[0]] for name, values in taken_back.items()}
    changed |= list_changed(ticket, after, claimed(claim))
    facts = {"number": after.number, "undid": last.type.value, "changed": changed}
    return after, Event(EventType.UNDONE, ticket.office, ticket.date, now, ticket.id, facts)


def claim_before(last: Event, party: int) -> Claim | None:
    """The places that a visit of `party` people in the room had before an action that gave them
    back; None where it had none or has kept them.
    """
    changed = last.facts["changed"]
    if "claim_at" not in changed:
        return None
    at, span, letter, pool = (_read(name, changed[name][0]) for name in UNCLAIMED)
    return None if at is None else Claim(at, span, letter, pool, party)


_READERS: Mapping[str, Any] = {
    "state": State,
    "place": Place,
    "pool": Pool,
    "turn_basis": TurnBasis,
    "kind": VisitKind,
    "date": date.fromisoformat,
    **{
        each.name: datetime.fromisoformat for each in fields(Ticket) if "datetime" in str(each.type)
    },
}


def _read(name: str, value: Any) -> Any:
    reader = _READERS.get(name)
    return value if value is None or reader is None else reader(value)
