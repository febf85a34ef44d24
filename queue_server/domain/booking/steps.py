"""Before the visit: places held, booked, moved and given up. One function for each step of the
table; see `steps`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from queue_server.domain.errors import LimitReached, TooEarly, TooLate, WrongState
from queue_server.domain.events import EventType
from queue_server.domain.office.office import Office, Service, VisitKind
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.claim import Claim
from queue_server.domain.visit.clock import JUMP
from queue_server.domain.visit.step import UNCLAIMED, Request, Step, change, claimed, create, move
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import TRANSITIONS, Action, State

from .slots import span_of


def hold(
    request: Request,
    slot: datetime,
    rules: Rules,
    now: datetime,
    *,
    until: datetime | None = None,
    extensions: int = 0,
) -> Step:
    """Set a slot's places aside: for `hold_minutes`, while the visitor fills in the form, or until
    a moment.

    `extensions` are those of an earlier hold that this one takes the place of.
    """
    expires_at = until or now + timedelta(minutes=rules.booking.hold_minutes)
    return create(
        request, Action.HOLD, now, slot=slot, expires_at=expires_at, extensions=extensions
    )


def extend_hold(ticket: Ticket, rules: Rules, now: datetime) -> Step:
    """Give a hold its time once more. Raises `TooLate` once it has run out, `LimitReached` (rule
    `hold_extensions`), `WrongState`.
    """
    if ticket.state is State.HELD and ticket.expires_at is not None and ticket.expires_at <= now:
        raise TooLate(until=ticket.expires_at.isoformat())
    if ticket.state is State.HELD and ticket.extensions >= rules.booking.hold_extensions_max:
        raise LimitReached(rule="hold_extensions", limit=rules.booking.hold_extensions_max)
    return move(
        ticket,
        Action.EXTEND,
        now,
        expires_at=now + timedelta(minutes=rules.booking.hold_minutes),
        extensions=ticket.extensions + 1,
    )


def book(request: Request, slot: datetime, now: datetime) -> Step:
    """Book a slot at once, without a hold."""
    return create(request, Action.BOOK, now, slot=slot)


def confirm(
    ticket: Ticket, now: datetime, *, channel: Channel, priority: bool, language: str
) -> Step:
    """Turn a hold into a booking. Raises `WrongState`, `TooLate` once the hold has run out."""
    if ticket.state is State.HELD and ticket.expires_at is not None and ticket.expires_at <= now:
        raise TooLate(until=ticket.expires_at.isoformat())
    return move(
        ticket,
        Action.CONFIRM,
        now,
        expires_at=None,
        channel=channel,
        priority=priority,
        language=language,
    )


def has_run_out(ticket: Ticket, now: datetime) -> bool:
    """Whether a hold's time is over. One that was made in what is still to come was made before the
    clock was set back: nobody can tell what is left of its time, and its places would be lost for
    so much longer.
    """
    return ticket.expires_at is not None and (
        ticket.expires_at <= now or ticket.created_at > now + JUMP
    )


def expire(ticket: Ticket, now: datetime, *, withdrawn: bool = False) -> Step:
    """End a hold after its time, or before it when its slot is `withdrawn`. Raises `TooEarly` while
    it still runs.
    """
    if not withdrawn and ticket.expires_at is not None and not has_run_out(ticket, now):
        raise TooEarly(action=Action.EXPIRE.value, opens_at=ticket.expires_at.isoformat())
    return move(ticket, Action.EXPIRE, now, expires_at=None, ended_at=now, **UNCLAIMED)


def is_move_counted(ticket: Ticket) -> bool:
    """Whether moving the booking is the visitor's own wish. The office withdrew a stranded one's
    time, so that move is free.
    """
    return ticket.state is State.BOOKED


def admit_reschedule(ticket: Ticket, rules: Rules) -> None:
    """Refuse to move what is no booking, or one that was moved as often as the office allows. A
    stranded one may always be moved.

    Raises `WrongState`, `LimitReached` (rule `reschedules`).
    """
    if ticket.state not in TRANSITIONS[Action.RESCHEDULE].sources:
        raise WrongState(
            action=Action.RESCHEDULE.value,
            state=ticket.state.value,
            allowed=sorted(TRANSITIONS[Action.RESCHEDULE].sources),
        )
    if is_move_counted(ticket) and not moves_left(ticket, rules):
        raise LimitReached(rule="reschedules", limit=rules.booking.reschedules_max)


def moves_left(ticket: Ticket, rules: Rules) -> int:
    """How often the visitor may still move the booking by their own wish."""
    return max(0, rules.booking.reschedules_max - ticket.reschedules)


def is_movable(ticket: Ticket, rules: Rules) -> bool:
    """Whether the visitor may still choose another time; see `admit_reschedule`."""
    try:
        admit_reschedule(ticket, rules)
    except (WrongState, LimitReached):
        return False
    return True


def is_cancellable(ticket: Ticket) -> bool:
    """Whether the visitor may still give the visit up."""
    return ticket.state in TRANSITIONS[Action.CANCEL].sources


def visit_ends_at(ticket: Ticket, office: Office, service: Service) -> datetime | None:
    """When a booked visit is planned to end, as the list of free times said it; None for a visit
    without a time.

    The places that it takes say how many slots it lasts. One that takes none (any more) lasts as
    long as its service would.
    """
    if ticket.slot is None:
        return None
    claim = ticket.claim
    starts_at, span = (
        (ticket.slot, span_of(office, service)) if claim is None else (claim.starts_at, claim.span)
    )
    return starts_at + span * timedelta(minutes=office.rules.booking.slot_minutes)


def reschedule(
    ticket: Ticket, claim: Claim, day: date, now: datetime, *, kind: VisitKind = VisitKind.OFFICE
) -> Step:
    """Move a booking to another slot, in the stream of that `kind` of visit. Guard with
    `admit_reschedule` first; the caller moves the places.
    """
    moves = ticket.reschedules + 1 if is_move_counted(ticket) else ticket.reschedules
    return move(
        ticket,
        Action.RESCHEDULE,
        now,
        slot=claim.starts_at,
        date=day,
        reschedules=moves,
        delay_minutes=None,
        letter=claim.letter,
        kind=kind,
        **claimed(claim),
    )


def cancel(ticket: Ticket, now: datetime) -> Step:
    """Give the visit up before it has begun. The caller gives the places back."""
    return move(ticket, Action.CANCEL, now, place=None, ended_at=now, **UNCLAIMED)


def miss_slot(ticket: Ticket, now: datetime) -> Step:
    """Note that a booked visitor did not come by the end of the day."""
    return move(ticket, Action.MISS_SLOT, now, ended_at=now)


def strand(ticket: Ticket, now: datetime) -> Step:
    """Note that a booking's slot was withdrawn; the visitor must be moved or told. The caller gives
    the places back.
    """
    return move(ticket, Action.STRAND, now, **UNCLAIMED)


def refit(ticket: Ticket, claim: Claim, now: datetime) -> Step:
    """Note that the day's slots are longer or shorter now, so that the same visit takes another
    number of them. No step of the table.
    """
    return change(ticket, EventType.PLACES_REFITTED, now, **claimed(claim))
