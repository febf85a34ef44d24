"""What the door says of one visit: to the guard who is shown a ticket, and to its holder."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from queue_server.domain.office.office import Office
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import PRESENT_STATES, State

from .admission import is_too_large
from .steps import check_in_opens_at


class Verdict(StrEnum):
    """Whether the party of a ticket may come in. NOT_NEXT: there is room, but another party comes
    first. EVACUATION: whoever is of today and may otherwise come in. REMOTE: a call or a meeting by
    video, for which nobody comes.
    """

    CHECK_IN = "check_in"
    EARLY = "early"
    ENTER = "enter"
    NOT_NEXT = "not_next"
    WAIT = "wait"
    STOPPED = "stopped"
    TOO_LARGE = "too_large"
    INSIDE = "inside"
    CALLED = "called"
    OTHER_DAY = "other_day"
    MISSED = "missed"
    OVER = "over"
    EVACUATION = "evacuation"
    REMOTE = "remote"


class Entry(StrEnum):
    """What the door says to one who has come. NOW: waited outside, may come in. OUTSIDE: wait there
    or at home. STOPPED: the same, and nobody is let in for now. TOO_LARGE: more people than the
    room may ever hold. PAUSED: who waits is neither called nor let in. EVACUATION: everybody goes
    out, and nobody comes.
    """

    NOW = "now"
    OUTSIDE = "outside"
    STOPPED = "stopped"
    TOO_LARGE = "too_large"
    PAUSED = "paused"
    EVACUATION = "evacuation"


def is_kept_out(ticket: Ticket, paused: Pause | None) -> bool:
    """Whether an evacuation keeps a visit out: one that is to come, or whose visitor is here."""
    return (
        paused is Pause.EVACUATION
        and not ticket.kind.is_remote
        and ticket.state in {State.BOOKED, *PRESENT_STATES}
    )


def judge_at_door(
    ticket: Ticket,
    office: Office,
    occupancy: Occupancy,
    paused: Pause | None,
    first_outside: str | None,
    now: datetime,
) -> Verdict:
    """Whether the party of a ticket may come in. `first_outside` is the id of the first party
    outside that the room's limit allows, None where nobody is outside.
    """
    is_today = ticket.date == office.date_at(now)
    if ticket.state in {State.BOOKED, *PRESENT_STATES} and not is_today:
        return Verdict.OTHER_DAY
    if ticket.kind.is_remote and ticket.state in {State.BOOKED, *PRESENT_STATES}:
        return Verdict.REMOTE
    if is_kept_out(ticket, paused):
        return Verdict.EVACUATION
    if ticket.state is State.BOOKED:
        opens_at = check_in_opens_at(ticket, office)
        return Verdict.EARLY if opens_at is not None and now < opens_at else Verdict.CHECK_IN
    if ticket.state is State.NO_SHOW and is_today:
        return Verdict.MISSED
    if ticket.state not in PRESENT_STATES:
        return Verdict.OVER
    if ticket.state is State.CALLED:
        return Verdict.CALLED
    if ticket.place is Place.INSIDE:
        return Verdict.INSIDE
    if not occupancy.admitting:
        return Verdict.STOPPED
    if is_too_large(ticket.party_size, occupancy.limit):
        return Verdict.TOO_LARGE
    if not occupancy.fits(ticket.party_size):
        return Verdict.WAIT
    return Verdict.ENTER if first_outside in (None, ticket.id) else Verdict.NOT_NEXT


def tell_holder(
    ticket: Ticket, people_limit: int | None, paused: Pause | None, *, admitting: bool
) -> Entry | None:
    """What the door says to the holder of a ticket; None for one who is inside anyhow, or has not
    come.
    """
    if is_kept_out(ticket, paused):
        return Entry.EVACUATION
    if paused is not None and ticket.state is State.WAITING:
        return Entry.PAUSED
    if ticket.state is State.WAITING and ticket.place is Place.OUTSIDE:
        if is_too_large(ticket.party_size, people_limit):
            return Entry.TOO_LARGE
        return Entry.OUTSIDE if admitting else Entry.STOPPED
    is_called_in = ticket.state is State.CALLED and ticket.admitted_at == ticket.called_at
    if ticket.admitted_at is not None and (ticket.state is State.WAITING or is_called_in):
        return Entry.NOW
    return None
