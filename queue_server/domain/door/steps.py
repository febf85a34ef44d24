"""At the door: visitors come, are let in and go away. One function for each step of the table; see
`steps`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from queue_server.domain.booking.steps import cancel
from queue_server.domain.counter.steps import finish, no_show
from queue_server.domain.errors import (
    AlreadyCheckedIn,
    DomainError,
    RemoteVisit,
    TooEarly,
    TooLate,
    WrongDay,
    WrongState,
)
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.standstill import Pause, keeps_places
from queue_server.domain.visit.step import UNCALLED, UNCLAIMED, Request, Step, create, move
from queue_server.domain.visit.ticket import Place, Ticket, is_away
from queue_server.domain.visit.transitions import TRANSITIONS, Action, State
from queue_server.domain.visit.turn import turn_time


def _arrive(
    rules: Rules, now: datetime, *, number: str, place: Place, slot: datetime | None, priority: bool
) -> dict[str, Any]:
    turn = turn_time(rules, slot=slot, arrived_at=now, priority=priority)
    return {
        "number": number,
        "arrived_at": now,
        "turn_time": turn.time,
        "turn_basis": turn.basis,
        "credit_minutes": turn.credit_minutes,
        "place": place,
    }


def _place(inside: bool) -> Place:
    return Place.INSIDE if inside else Place.OUTSIDE


def admit_to_door(ticket: Ticket) -> None:
    """Refuse at the door what is a call or a meeting by video. Raises `RemoteVisit`."""
    if ticket.kind.is_remote:
        raise RemoteVisit(visit=ticket.kind.value)


def walk_in(request: Request, rules: Rules, number: str, inside: bool, now: datetime) -> Step:
    """Give a number to a visitor at the door."""
    return create(
        request,
        Action.WALK_IN,
        now,
        **_arrive(
            rules, now, number=number, place=_place(inside), slot=None, priority=request.priority
        ),
    )


def check_in_opens_at(ticket: Ticket, office: Office) -> datetime | None:
    """From when on a booked visitor may check in: `check_in_early_minutes` before the slot, and
    never before the doors open; None for a visit without a time. UTC.
    """
    if ticket.slot is None:
        return None
    opens_at = ticket.slot - timedelta(minutes=office.rules.door.check_in_early_minutes)
    doors_open_at = office.opens_at(office.date_at(ticket.slot))
    return opens_at if doors_open_at is None else max(opens_at, doors_open_at.astimezone(UTC))


def admit_check_in(ticket: Ticket, office: Office, now: datetime) -> None:
    """Refuse a check-in that is a repeat, on another day, or before the window. Late visitors are
    never refused.

    Raises `RemoteVisit`, `AlreadyCheckedIn`, `WrongState`, `WrongDay`, `TooEarly`.
    """
    admit_to_door(ticket)
    admit_arrival(ticket, office, now)


def admit_arrival(ticket: Ticket, office: Office, now: datetime) -> None:
    """`admit_check_in` for any kind of visit. Raises `AlreadyCheckedIn`, `WrongState`, `WrongDay`,
    `TooEarly`.
    """
    if ticket.arrived_at is not None and ticket.state is not State.BOOKED:
        raise AlreadyCheckedIn(checked_in_at=ticket.arrived_at.isoformat(), number=ticket.number)
    if ticket.state not in TRANSITIONS[Action.CHECK_IN].sources:
        raise WrongState(
            action=Action.CHECK_IN.value, state=ticket.state.value, allowed=[State.BOOKED.value]
        )
    if ticket.date != office.date_at(now):
        raise WrongDay(date=ticket.date.isoformat())
    opens_at = check_in_opens_at(ticket, office)
    if opens_at is not None and now < opens_at:
        raise TooEarly(action=Action.CHECK_IN.value, opens_at=opens_at.isoformat())


def check_in(ticket: Ticket, rules: Rules, number: str, inside: bool, now: datetime) -> Step:
    """Note that a booked visitor has come. Fixes the number and the turn time. Guard with
    `admit_check_in` first.
    """
    arrival = _arrive(
        rules, now, number=number, place=_place(inside), slot=ticket.slot, priority=ticket.priority
    )
    return _introduce(move(ticket, Action.CHECK_IN, now, **arrival))


def join_remotely(ticket: Ticket, rules: Rules, number: str, now: datetime) -> Step:
    """Put a booked call in its line: at its time by itself, or before it when its visitor is ready.
    However late the software comes to it, what counts is the booked time.
    """
    assert ticket.slot is not None, "a call is booked for a time"
    arrival = _arrive(
        rules,
        min(now, ticket.slot),
        number=number,
        place=Place.REMOTE,
        slot=ticket.slot,
        priority=ticket.priority,
    )
    return _introduce(move(ticket, Action.CHECK_IN, now, **arrival))


def may_be_ready(ticket: Ticket, office: Office, now: datetime) -> bool:
    """Whether the visitor of a call may say that they can be rung from now on: before their time,
    or after a call that they missed.
    """
    if not ticket.kind.is_remote:
        return False
    try:
        if ticket.state is State.NO_SHOW:
            admit_return(ticket, office.rules, office.date_at(now), now)
        else:
            admit_arrival(ticket, office, now)
    except DomainError:
        return False
    return True


def _introduce(step: Step) -> Step:
    """Say who comes: a visit that was moved here from another day is not in this day's log yet."""
    ticket, event = step
    who = {"letter": ticket.letter, "party_size": ticket.party_size, "priority": ticket.priority}
    if ticket.kind.is_remote:
        who["kind"] = ticket.kind
    return ticket, replace(event, facts={**event.facts, **who})


def return_closes_at(ticket: Ticket, rules: Rules) -> datetime | None:
    """Until when a missed visitor may come back, `return_minutes` after the visit was taken as
    missed; None for a visit that was not.
    """
    if ticket.state is not State.NO_SHOW or ticket.ended_at is None:
        return None
    return ticket.ended_at + timedelta(minutes=rules.calling.return_minutes)


def admit_return(ticket: Ticket, rules: Rules, today: date, now: datetime) -> None:
    """Refuse the way back to one who missed no call, on another day, or after `return_minutes`.

    Raises `WrongState`, `WrongDay`, `TooLate`.
    """
    if ticket.state not in TRANSITIONS[Action.RETURN_LATE].sources:
        raise WrongState(
            action=Action.RETURN_LATE.value, state=ticket.state.value, allowed=[State.NO_SHOW.value]
        )
    if ticket.date != today:
        raise WrongDay(date=ticket.date.isoformat())
    until = return_closes_at(ticket, rules)
    if until is not None and now > until:
        raise TooLate(until=until.isoformat())


def return_late(ticket: Ticket, rules: Rules, number: str, inside: bool, now: datetime) -> Step:
    """Take a missed visitor back; the turn time is that of one who comes now without a booking.
    Guard with `admit_return` first.
    """
    place = Place.REMOTE if ticket.kind.is_remote else _place(inside)
    arrival = _arrive(rules, now, number=number, place=place, slot=None, priority=ticket.priority)
    arrival["arrived_at"] = ticket.arrived_at or now
    return _introduce(move(ticket, Action.RETURN_LATE, now, ended_at=None, **UNCALLED, **arrival))


def admit(ticket: Ticket, now: datetime) -> Step:
    """Let a waiting visitor inside, and note that one who was away is back. Raises `RemoteVisit`,
    and `WrongState` for one who is inside already.
    """
    admit_to_door(ticket)
    if ticket.state is State.WAITING and ticket.place is Place.INSIDE:
        raise WrongState(action=Action.ADMIT.value, state="INSIDE", allowed=["OUTSIDE"])
    back = {"away_until": now} if is_away(ticket, now) else {}
    return move(ticket, Action.ADMIT, now, place=Place.INSIDE, admitted_at=now, **back)


def leave(ticket: Ticket, now: datetime) -> Step:
    """Note that a visitor who waits or is set aside went away. The caller gives the places back."""
    return move(ticket, Action.LEAVE, now, place=None, ended_at=now, **UNCLAIMED)


def close_visit(ticket: Ticket, now: datetime) -> Step:
    """End the visit of one who is still here when the day is over: who was being served was served,
    who was called did not come, everybody else has left. The caller gives back the places of who
    has left.
    """
    if ticket.state is State.SERVING:
        return finish(ticket, now)
    if ticket.state is State.CALLED:
        return no_show(ticket, now)
    if ticket.state is State.WAITING and ticket.kind.is_remote:
        return cancel(ticket, now)
    return leave(ticket, now)


def step_out(ticket: Ticket, now: datetime) -> Step:
    """Note that a visitor who is sent out has gone outside, also one at a counter. Turn time,
    number, arrival and claim are kept.

    Raises `RemoteVisit`, and `WrongState` for one who is outside already.
    """
    admit_to_door(ticket)
    if ticket.place is Place.OUTSIDE:
        raise WrongState(
            action=Action.STEP_OUT.value, state=Place.OUTSIDE.value, allowed=[Place.INSIDE.value]
        )
    return move(ticket, Action.STEP_OUT, now, place=Place.OUTSIDE, admitted_at=None, **UNCALLED)


def count_out(ticket: Ticket, paused: Pause | None, now: datetime) -> Step:
    """Note that a visitor went out: for good, or while everybody is sent out to come in again
    later.

    Without an evacuation the caller gives the places back. Who is at home is not sent out. Raises
    `WrongState`.
    """
    stays = keeps_places(paused) and not ticket.kind.is_remote
    return step_out(ticket, now) if stays else leave(ticket, now)
