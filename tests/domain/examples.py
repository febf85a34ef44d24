"""Small offices and tickets for the tests, and a way to lead a ticket into any state through the
real transitions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from queue_server.domain.booking import steps as booking_steps
from queue_server.domain.counter import steps as counter_steps
from queue_server.domain.door import away, delay
from queue_server.domain.door import steps as door_steps
from queue_server.domain.events import Event
from queue_server.domain.office.hours import DayHours, Hours, Opening
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Counter, Office, Service, ServiceChannel, Stream
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit import booker
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.step import Request, Step
from queue_server.domain.visit.ticket import Channel, Origin, Ticket, is_away
from queue_server.domain.visit.transitions import Action, State

RULES = Rules()
TODAY = date(2026, 3, 23)
NINE = datetime(2026, 3, 23, 2, 0, tzinfo=UTC)
"""09:00 in Jakarta on a Monday."""

CLERK = "clerk-1"

CREATING = {Action.HOLD, Action.BOOK, Action.WALK_IN}
STEPS = [action for action in Action if action not in CREATING]

WEEK = tuple(
    each
    for day in range(5)
    for each in (Opening(day, time(8), time(12)), Opening(day, time(13), time(15)))
)
"""Monday to Friday with a lunch break."""


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def service(code: str = "REK", letter: str = "A", **values: Any) -> Service:
    words = {"id": code, "en": code}
    return Service(
        code=code,
        letter=letter,
        name=words,
        summary=words,
        requirements=words,
        **{"channel": ServiceChannel.MUST_COME, "minutes": 10, **values},
    )


def office(**values: Any) -> Office:
    """An office with two streams, two counters and a lunch break from Monday to Friday."""
    usual: dict[str, Any] = {
        "code": "3674",
        "name": "Dinas",
        "address": "-",
        "phone": "-",
        "zone": "Asia/Jakarta",
        "people_limit": 20,
        "streams": (Stream("A", {"id": "Perekaman"}), Stream("C", {"id": "Cetak"})),
        "services": (service("REK", "A"), service("CTK", "C", minutes=6)),
        "counters": (Counter("3674-1", "1", ("A",)), Counter("3674-2", "2", ("A", "C"))),
    }
    return Office(**{**usual, "hours": Hours(week=WEEK), **values})


def closed_on(*days: date, week: tuple[Opening, ...] = WEEK) -> Hours:
    """The usual hours with some dates closed."""
    return Hours(week=week, days=dict.fromkeys(days, DayHours()))


def always(mode: ServiceMode, service: str | None = None) -> ModePeriod:
    """A decision that has held since long ago and has no end."""
    return ModePeriod(
        f"m-{service}",
        mode,
        NINE - timedelta(days=900),
        NINE - timedelta(days=900),
        "admin",
        service=service,
    )


def request(**values: Any) -> Request:
    usual: dict[str, Any] = {
        "id": "t-1",
        "code": "0123456789AB",
        "office": "3674",
        "date": TODAY,
        "letter": "A",
        "service": "REK",
        "origin": Origin.ONLINE,
    }
    return Request(**{**usual, **values})


def claim(
    starts_at: datetime = NINE,
    *,
    span: int = 1,
    letter: str = "A",
    pool: Pool = Pool.ONLINE,
    people: int = 1,
) -> Claim:
    return Claim(starts_at, span, letter, pool, people)


def ticket_in(state: State, *, now: datetime = NINE, inside: bool = True, **values: Any) -> Ticket:
    """A ticket led into a state by the shortest way through the table, all steps at `now`; its hold
    runs 10 minutes.

    It takes the places of one slot, unless it is given another claim, or None.
    """
    slot = now + minutes(10)
    usual = {"claim": claim(slot, people=values.get("party_size", 1))}
    held = booking_steps.hold(request(**{**usual, **values}), slot, RULES, now)[0]
    if state is State.HELD:
        return held
    if state is State.EXPIRED:
        return booking_steps.expire(held, now + minutes(10))[0]
    booked = booking_steps.confirm(
        held, now, channel=held.channel, priority=held.priority, language=held.language
    )[0]
    if state is State.BOOKED:
        return booked
    if state is State.STRANDED:
        return booking_steps.strand(booked, now)[0]
    if state is State.CANCELLED:
        return booking_steps.cancel(booked, now)[0]
    waiting = door_steps.check_in(booked, RULES, "A001", inside, now)[0]
    if state is State.WAITING:
        return waiting
    if state is State.LEFT:
        return door_steps.leave(waiting, now)[0]
    called = counter_steps.call(waiting, "3674-1", CLERK, 7, now)[0]
    if state is State.CALLED:
        return called
    if state is State.NO_SHOW:
        return counter_steps.no_show(called, now)[0]
    serving = counter_steps.start(called, now)[0]
    if state is State.PARKED:
        return counter_steps.park(serving, now)[0]
    return counter_steps.finish(serving, now)[0] if state is State.SERVED else serving


def take(action: Action, ticket: Ticket, now: datetime = NINE) -> Step:
    """Do an action to a ticket with ordinary arguments, at a moment when no time limit stands in
    its way.
    """
    steps = {
        Action.CONFIRM: lambda: booking_steps.confirm(
            ticket, now, channel=Channel.URGENT, priority=True, language="en"
        ),
        Action.EXTEND: lambda: booking_steps.extend_hold(ticket, RULES, now),
        Action.EXPIRE: lambda: booking_steps.expire(
            ticket, now + minutes(RULES.booking.hold_minutes)
        ),
        Action.CHECK_IN: lambda: door_steps.check_in(ticket, RULES, "A007", True, now),
        Action.RESCHEDULE: lambda: booking_steps.reschedule(
            ticket,
            claim(now + minutes(1440), span=2, people=ticket.party_size),
            TODAY + timedelta(days=1),
            now,
        ),
        Action.CANCEL: lambda: booking_steps.cancel(ticket, now),
        Action.VOID: lambda: booker.void(ticket, now),
        Action.MISS_SLOT: lambda: booking_steps.miss_slot(ticket, now),
        Action.STRAND: lambda: booking_steps.strand(ticket, now),
        Action.ADMIT: lambda: door_steps.admit(ticket, now),
        Action.CALL: lambda: counter_steps.call(ticket, "3674-2", CLERK, 7, now),
        Action.LEAVE: lambda: door_steps.leave(ticket, now),
        Action.STEP_OUT: lambda: door_steps.step_out(ticket, now),
        Action.TELL_DELAY: lambda: delay.tell_delay(ticket, 30, now),
        Action.STEP_AWAY: lambda: away.step_away(ticket, RULES, now + minutes(240), now),
        Action.COME_BACK: lambda: away.come_back(
            ticket if is_away(ticket, now) else replace(ticket, away_until=now + minutes(5)), now
        ),
        Action.RECALL: lambda: counter_steps.recall(
            ticket, RULES, 8, max(now, counter_steps.recall_opens_at(ticket, RULES) or now)
        ),
        Action.START: lambda: counter_steps.start(ticket, now),
        Action.PARK: lambda: counter_steps.park(ticket, now),
        Action.NO_SHOW: lambda: counter_steps.no_show(ticket, now),
        Action.RESUME: lambda: counter_steps.resume(ticket, RULES, now),
        Action.FINISH: lambda: counter_steps.finish(ticket, now),
        Action.TRANSFER: lambda: counter_steps.transfer(ticket, "C", "CTK", now),
        Action.RETURN_LATE: lambda: door_steps.return_late(ticket, RULES, "A008", True, now),
    }
    return steps[action]()


def by(event: Event, clerk: str = CLERK) -> Event:
    """The event as a service records it: with the clerk who acted."""
    return replace(event, facts={**event.facts, "by": clerk})


PLACES = {"claim_at": None, "claim_span": 0, "claim_letter": None, "pool": None}


def without_places(ticket: Ticket) -> Ticket:
    """A ticket whose places were given back when it was called, as they stay when the call is taken
    back.
    """
    # the fields' own values for no claim
    return replace(ticket, **PLACES)  # type: ignore[arg-type]
