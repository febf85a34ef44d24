"""The life of a ticket: one entity for bookings and walk-ins, one function for each step of the table.

Every function takes a ticket and plain values and returns the ticket after the step together with the one event that
tells of it. Nothing is changed in place.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from .call_order import TurnBasis, Wanted, turn_time
from .errors import AlreadyCheckedIn, LimitReached, NothingToUndo, RecallsUsedUp, TooEarly, TooLate, WrongDay, WrongState
from .events import Event, EventType
from .office import Rules
from .places import Claim, Pool
from .transitions import TRANSITIONS, UNDOABLE, Action, State


class Origin(StrEnum):
    """How the ticket came to be."""

    ONLINE = "ONLINE"
    WALK_IN = "WALK_IN"
    STAFF = "STAFF"
    OFFLINE_KIOSK = "OFFLINE_KIOSK"


class Channel(StrEnum):
    """Which lane the visit takes."""

    REGULAR = "REGULAR"
    URGENT = "URGENT"


class Place(StrEnum):
    """Where a visitor who has come is."""

    OUTSIDE = "OUTSIDE"
    INSIDE = "INSIDE"


@dataclass(frozen=True)
class Ticket:
    """One visit of one party. Times are aware UTC; `date` is the office's local date of the visit.

    Holds no personal data: that is in `Visitor`. Invariants: `number` is set from check-in on; `place` is set just in the
    states of PRESENT_STATES; `turn_time` is the time that counts less `credit_minutes`; of `wanted_counter` and `wanted_clerk`, to
    whom a visitor was sent on, at most one is set, until the next call; `admitted_at` is set when one who waited outside was let in;
    `counter` is set from the call until the ticket waits again; the four fields of the claim are set together; `call_seq` is the
    number of the last call's event, by which calls are in order whatever the clock does; `version` grows by 1 with each step.
    """

    id: str
    office: str
    date: date
    code: str
    letter: str
    service: str
    state: State
    origin: Origin
    channel: Channel
    created_at: datetime
    party_size: int = 1
    priority: bool = False
    language: str = "id"
    number: str | None = None
    place: Place | None = None
    slot: datetime | None = None
    expires_at: datetime | None = None
    arrived_at: datetime | None = None
    turn_time: datetime | None = None
    turn_basis: TurnBasis | None = None
    credit_minutes: int = 0
    wanted_counter: str | None = None
    wanted_clerk: str | None = None
    admitted_at: datetime | None = None
    called_at: datetime | None = None
    last_called_at: datetime | None = None
    call_seq: int | None = None
    calls: int = 0
    counter: str | None = None
    clerk: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reschedules: int = 0
    extensions: int = 0
    claim_at: datetime | None = None
    claim_span: int = 0
    claim_letter: str | None = None
    pool: Pool | None = None
    version: int = 1

    @property
    def claim(self) -> Claim | None:
        """The places that this visit takes in the day's plan; None when it takes none."""
        if self.claim_at is None or self.claim_letter is None or self.pool is None:
            return None
        return Claim(self.claim_at, self.claim_span, self.claim_letter, self.pool, self.party_size)

    @property
    def wanted(self) -> Wanted | None:
        """To whom the visitor was sent on; None for any counter of the stream."""
        if self.wanted_counter is None and self.wanted_clerk is None:
            return None
        return Wanted(self.wanted_counter, self.wanted_clerk)

    @property
    def persons_inside(self) -> int:
        """Persons this ticket counts in the room."""
        return self.party_size if self.place is Place.INSIDE else 0


Step = tuple[Ticket, Event]

_UNCALLED: Mapping[str, Any] = {
    "counter": None, "clerk": None, "called_at": None, "last_called_at": None, "call_seq": None, "calls": 0, "started_at": None,
}


@dataclass(frozen=True)
class Request:
    """What a new ticket is asked for, already checked. `id` and `code` are drawn at random by the caller."""

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


def _claimed(claim: Claim | None) -> dict[str, Any]:
    if claim is None:
        return {}
    return {"claim_at": claim.starts_at, "claim_span": claim.span, "claim_letter": claim.letter, "pool": claim.pool}


_UNCLAIMED: Mapping[str, Any] = {"claim_at": None, "claim_span": 0, "claim_letter": None, "pool": None}


def _create(request: Request, action: Action, now: datetime, **values: Any) -> Step:
    row = TRANSITIONS[action]
    values |= _claimed(request.claim)
    ticket = Ticket(
        id=request.id, office=request.office, date=request.date, code=request.code, letter=request.letter, service=request.service,
        state=row.target, origin=request.origin, channel=request.channel, created_at=now, party_size=request.party_size,
        priority=request.priority, language=request.language, **values,
    )
    facts = {
        "state": ticket.state, "letter": ticket.letter, "service": ticket.service, "origin": ticket.origin, "channel": ticket.channel,
        "party_size": ticket.party_size, "priority": ticket.priority, **{name: _plain(value) for name, value in values.items()},
    }
    return ticket, Event(row.event, ticket.office, ticket.date, now, ticket.id, facts)


def _move(ticket: Ticket, action: Action, now: datetime, **changes: Any) -> Step:
    """Take one step of the table. The event keeps each changed field's value before and after, so any step can be replayed or undone."""
    row = TRANSITIONS[action]
    if ticket.state not in row.sources:
        raise WrongState(action=action.value, state=ticket.state.value, allowed=sorted(row.sources))
    after = replace(ticket, state=row.target, version=ticket.version + 1, **changes)
    changed = {
        name: [_plain(getattr(ticket, name)), _plain(getattr(after, name))]
        for name in ("state", *changes)
        if getattr(ticket, name) != getattr(after, name)
    }
    return after, Event(row.event, ticket.office, ticket.date, now, ticket.id, {"number": after.number, "changed": changed})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date)) else value


def _arrive(rules: Rules, now: datetime, *, number: str, inside: bool, slot: datetime | None, priority: bool) -> dict[str, Any]:
    turn = turn_time(rules, slot=slot, arrived_at=now, priority=priority)
    return {
        "number": number, "arrived_at": now, "turn_time": turn.time, "turn_basis": turn.basis,
        "credit_minutes": turn.credit_minutes, "place": Place.INSIDE if inside else Place.OUTSIDE,
    }


def hold(
    request: Request, slot: datetime, rules: Rules, now: datetime, *, until: datetime | None = None, extensions: int = 0
) -> Step:
    """Set a slot's places aside: for `hold_minutes`, while the visitor fills in the form, or until a moment.

    `extensions` are those of an earlier hold that this one takes the place of.
    """
    expires_at = until or now + timedelta(minutes=rules.hold_minutes)
    return _create(request, Action.HOLD, now, slot=slot, expires_at=expires_at, extensions=extensions)


def book(request: Request, slot: datetime, now: datetime) -> Step:
    """Book a slot at once, without a hold."""
    return _create(request, Action.BOOK, now, slot=slot)


def walk_in(request: Request, rules: Rules, number: str, inside: bool, now: datetime) -> Step:
    """Give a number to a visitor at the door."""
    return _create(request, Action.WALK_IN, now, **_arrive(rules, now, number=number, inside=inside, slot=None, priority=request.priority))


def confirm(ticket: Ticket, now: datetime, *, channel: Channel, priority: bool, language: str) -> Step:
    """Turn a hold into a booking. Raises `WrongState`, `TooLate` once the hold has run out."""
    if ticket.state is State.HELD and ticket.expires_at is not None and ticket.expires_at <= now:
        raise TooLate(until=ticket.expires_at.isoformat())
    return _move(ticket, Action.CONFIRM, now, expires_at=None, channel=channel, priority=priority, language=language)


def expire(ticket: Ticket, now: datetime, *, withdrawn: bool = False) -> Step:
    """End a hold after its time, or before it when its slot is `withdrawn`. Raises `TooEarly` while it still runs."""
    if not withdrawn and ticket.expires_at is not None and now < ticket.expires_at:
        raise TooEarly(opens_at=ticket.expires_at.isoformat())
    return _move(ticket, Action.EXPIRE, now, expires_at=None, ended_at=now, **_UNCLAIMED)


def extend_hold(ticket: Ticket, rules: Rules, now: datetime) -> Step:
    """Give a hold its time once more. Raises `TooLate` once it has run out, `LimitReached` (rule `hold_extensions`), `WrongState`."""
    if ticket.state is State.HELD and ticket.expires_at is not None and ticket.expires_at <= now:
        raise TooLate(until=ticket.expires_at.isoformat())
    if ticket.state is State.HELD and ticket.extensions >= rules.hold_extensions_max:
        raise LimitReached(rule="hold_extensions", limit=rules.hold_extensions_max)
    return _move(ticket, Action.EXTEND, now, expires_at=now + timedelta(minutes=rules.hold_minutes), extensions=ticket.extensions + 1)


def admit_check_in(ticket: Ticket, rules: Rules, today: date, now: datetime) -> None:
    """Refuse a check-in that is a repeat, on another day, or before the window. Late visitors are never refused.

    Raises `AlreadyCheckedIn`, `WrongState`, `WrongDay`, `TooEarly`.
    """
    if ticket.arrived_at is not None and ticket.state is not State.BOOKED:
        raise AlreadyCheckedIn(checked_in_at=ticket.arrived_at.isoformat(), number=ticket.number)
    if ticket.state not in TRANSITIONS[Action.CHECK_IN].sources:
        raise WrongState(action=Action.CHECK_IN.value, state=ticket.state.value, allowed=[State.BOOKED.value])
    if ticket.date != today:
        raise WrongDay(date=ticket.date.isoformat())
    if ticket.slot is not None:
        opens_at = ticket.slot - timedelta(minutes=rules.check_in_early_minutes)
        if now < opens_at:
            raise TooEarly(opens_at=opens_at.isoformat())


def check_in(ticket: Ticket, rules: Rules, number: str, inside: bool, now: datetime) -> Step:
    """Note that a booked visitor has come. Fixes the number and the turn time. Guard with `admit_check_in` first."""
    arrival = _arrive(rules, now, number=number, inside=inside, slot=ticket.slot, priority=ticket.priority)
    return _introduce(_move(ticket, Action.CHECK_IN, now, **arrival))


def _introduce(step: Step) -> Step:
    """Say who comes: a visit that was moved here from another day is not in this day's log yet."""
    ticket, event = step
    who = {"letter": ticket.letter, "party_size": ticket.party_size, "priority": ticket.priority}
    return ticket, replace(event, facts={**event.facts, **who})


def reschedule(ticket: Ticket, claim: Claim, day: date, now: datetime, *, counted: bool) -> Step:
    """Move a booking to another slot. The caller moves the places and checks the limit of moves.

    A move that the office itself has made necessary is not `counted`.
    """
    moves = ticket.reschedules + 1 if counted else ticket.reschedules
    return _move(ticket, Action.RESCHEDULE, now, slot=claim.starts_at, date=day, reschedules=moves, **_claimed(claim))


def cancel(ticket: Ticket, now: datetime) -> Step:
    """Give the visit up before it has begun. The caller gives the places back."""
    return _move(ticket, Action.CANCEL, now, place=None, ended_at=now, **_UNCLAIMED)


def miss_slot(ticket: Ticket, now: datetime) -> Step:
    """Note that a booked visitor did not come by the end of the day."""
    return _move(ticket, Action.MISS_SLOT, now, ended_at=now)


def strand(ticket: Ticket, now: datetime) -> Step:
    """Note that a booking's slot was withdrawn; the visitor must be moved or told. The caller gives the places back."""
    return _move(ticket, Action.STRAND, now, **_UNCLAIMED)


def admit(ticket: Ticket, now: datetime) -> Step:
    """Let a waiting visitor inside. Raises `WrongState` for one who is inside already."""
    if ticket.state is State.WAITING and ticket.place is Place.INSIDE:
        raise WrongState(action=Action.ADMIT.value, state="INSIDE", allowed=["OUTSIDE"])
    return _move(ticket, Action.ADMIT, now, place=Place.INSIDE, admitted_at=now)


def call(ticket: Ticket, counter: str, clerk: str, seq: int, now: datetime) -> Step:
    """Call a waiting visitor to a counter. Called means admitted. `seq` is the number that the event will have.

    Who is called before the slot whose places they hold needs those no more: the caller gives them back.
    """
    admitted_at = now if ticket.place is Place.OUTSIDE else ticket.admitted_at
    freed = _UNCLAIMED if ticket.claim_at is not None and ticket.claim_at > now else {}
    return _move(
        ticket, Action.CALL, now, counter=counter, clerk=clerk, called_at=now, last_called_at=now, call_seq=seq, calls=1,
        place=Place.INSIDE, admitted_at=admitted_at, wanted_counter=None, wanted_clerk=None, **freed,
    )


def leave(ticket: Ticket, now: datetime) -> Step:
    """Note that a visitor who waits or is set aside went away. The caller gives the places back."""
    return _move(ticket, Action.LEAVE, now, place=None, ended_at=now, **_UNCLAIMED)


def recall(ticket: Ticket, rules: Rules, seq: int, now: datetime) -> Step:
    """Call the same visitor once more. `seq` is the number that the event will have. Raises `RecallsUsedUp`, `TooEarly`."""
    if ticket.state is State.CALLED and ticket.calls >= rules.calls_max:
        raise RecallsUsedUp(limit=rules.calls_max)
    opens_at = recall_opens_at(ticket, rules)
    if opens_at is not None and now < opens_at:
        raise TooEarly(opens_at=opens_at.isoformat())
    return _move(ticket, Action.RECALL, now, calls=ticket.calls + 1, last_called_at=now, call_seq=seq)


def recall_opens_at(ticket: Ticket, rules: Rules) -> datetime | None:
    """When a called visitor may be called again; None for one who is not called, or has been called as often as may be."""
    if ticket.state is not State.CALLED or ticket.called_at is None or ticket.calls >= rules.calls_max or not rules.recall_seconds:
        return None
    return ticket.called_at + timedelta(seconds=rules.recall_seconds[min(ticket.calls, len(rules.recall_seconds) - 1)])


def missed_from(ticket: Ticket, rules: Rules) -> datetime | None:
    """From when a visitor who was called for the last time may be taken as not come; None before that. Never automatic."""
    if ticket.state is not State.CALLED or ticket.last_called_at is None or ticket.calls < rules.calls_max:
        return None
    return ticket.last_called_at + timedelta(seconds=rules.missed_after_seconds)


def start(ticket: Ticket, now: datetime) -> Step:
    """The visitor stands at the counter."""
    return _move(ticket, Action.START, now, started_at=now)


def park(ticket: Ticket, now: datetime) -> Step:
    """Set a visitor aside, to fill in a form or fetch a copy; the counter is free for the next."""
    return _move(ticket, Action.PARK, now)


def no_show(ticket: Ticket, now: datetime) -> Step:
    """The called visitor did not come."""
    return _move(ticket, Action.NO_SHOW, now, place=None, ended_at=now)


def resume(ticket: Ticket, rules: Rules, now: datetime) -> Step:
    """Put a parked visitor back into the queue, with the old turn time or a new one by the office's rule."""
    turn = {} if rules.resume_keeps_turn else {"turn_time": now, "turn_basis": TurnBasis.ARRIVAL, "credit_minutes": 0}
    return _move(ticket, Action.RESUME, now, **turn, **_UNCALLED)


def finish(ticket: Ticket, now: datetime) -> Step:
    """The visitor is served and leaves the room."""
    return _move(ticket, Action.FINISH, now, place=None, ended_at=now)


def transfer(ticket: Ticket, letter: str, service: str, now: datetime, wanted: Wanted | None = None) -> Step:
    """Send a visitor on to another stream, or to one counter or clerk; number, arrival and turn time are kept, so no place is lost."""
    to = wanted or Wanted()
    return _move(
        ticket, Action.TRANSFER, now, letter=letter, service=service, wanted_counter=to.counter, wanted_clerk=to.clerk, **_UNCALLED
    )


def return_late(ticket: Ticket, rules: Rules, number: str, inside: bool, now: datetime) -> Step:
    """Take a missed visitor back within `return_minutes`; the turn time is the time of return. Raises `TooLate`."""
    if ticket.state is State.NO_SHOW and ticket.ended_at is not None:
        until = ticket.ended_at + timedelta(minutes=rules.return_minutes)
        if now > until:
            raise TooLate(until=until.isoformat())
    arrival = _arrive(rules, now, number=number, inside=inside, slot=None, priority=ticket.priority)
    arrival["arrived_at"] = ticket.arrived_at or now
    return _introduce(_move(ticket, Action.RETURN_LATE, now, ended_at=None, **_UNCALLED, **arrival))


def undo(ticket: Ticket, last: Event, clerk: str, rules: Rules, now: datetime) -> Step:
    """Take back a clerk's last action: the fields it changed get their earlier values, and an event of its own says so.

    `last` is the ticket's newest event; its fact `by` names who acted. Places that a call gave back may be somebody else's by now:
    they stay given back, for who is here needs none. Raises `NothingToUndo`.
    """
    if last.type not in UNDOABLE or last.ticket != ticket.id:
        raise NothingToUndo(reason="none")
    if clerk != last.facts.get("by"):
        raise NothingToUndo(reason="not_yours")
    if now > last.at + timedelta(minutes=rules.undo_minutes):
        raise NothingToUndo(reason="too_late")
    taken_back = {name: values for name, values in last.facts["changed"].items() if name not in _UNCLAIMED}
    after = replace(ticket, version=ticket.version + 1, **{name: _read(name, values[0]) for name, values in taken_back.items()})
    changed = {name: [values[1], values[0]] for name, values in taken_back.items()}
    facts = {"number": after.number, "undid": last.type.value, "changed": changed}
    return after, Event(EventType.UNDONE, ticket.office, ticket.date, now, ticket.id, facts)


_READERS: Mapping[str, Any] = {
    "state": State, "place": Place, "pool": Pool, "turn_basis": TurnBasis, "date": date.fromisoformat,
    **{each.name: datetime.fromisoformat for each in fields(Ticket) if "datetime" in str(each.type)},
}


def _read(name: str, value: Any) -> Any:
    reader = _READERS.get(name)
    return value if value is None or reader is None else reader(value)
