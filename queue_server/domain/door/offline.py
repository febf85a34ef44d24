"""What a kiosk gave without the server, as it is taken in afterwards: created, known already, or in
conflict with what happened meanwhile.

The paper is out, so nothing of a leased number is dropped: a conflict is recorded for the staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from queue_server.domain.errors import NotInService
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.admission import admit_hours, admit_service
from queue_server.domain.office.office import Office, Service
from queue_server.domain.visit.step import Step, change
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State

from .leases import Lease, LeaseState, Number


class ConflictReason(StrEnum):
    """Why a reported number needs a person's eye."""

    ALREADY_CHECKED_IN = "already_checked_in"
    ALREADY_CALLED = "already_called"
    BOOKING_OVER = "booking_over"
    BOOKING_MOVED = "booking_moved"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_NUMBER = "unknown_number"
    UNKNOWN_SERVICE = "unknown_service"
    WRONG_DAY = "wrong_day"
    LEASE_LOST = "lease_lost"
    LEASE_REVOKED = "lease_revoked"
    KEY_USED = "key_used"
    REFUSED = "refused"
    MODE_CHANGED = "mode_changed"
    OUTSIDE_HOURS = "outside_hours"
    PARTY_TOO_LARGE = "party_too_large"
    BEYOND_PLACES = "beyond_places"


REMARKS = frozenset(
    {
        ConflictReason.MODE_CHANGED,
        ConflictReason.OUTSIDE_HOURS,
        ConflictReason.PARTY_TOO_LARGE,
        ConflictReason.BEYOND_PLACES,
    }
)
"""Reasons with which the visitor stands in the queue all the same: the number is good."""


@dataclass(frozen=True)
class Report:
    """One number that a kiosk gave without the server. A walk-in has a `service`, the check-in of a
    booking the secret `code` of it.
    """

    id: str
    lease: str
    number: str
    issued_at: datetime
    service: str | None = None
    code: str | None = None
    party_size: int = 1
    priority: bool = False
    urgency: str | None = None
    language: str = "id"
    clock_sure: bool = True
    superseded_key: str | None = None

    @property
    def facts(self) -> Mapping[str, Any]:
        """The item as staff may see it: without the booking's code, which is a secret."""
        return {
            "issued_at": self.issued_at.isoformat(),
            "service": self.service,
            "party_size": self.party_size,
            "urgent": self.urgency is not None,
            "clock_sure": self.clock_sure,
            "check_in": self.code is not None,
        }


@dataclass(frozen=True)
class Conflict:
    """What staff must look at. `ticket` is the visit that the number leads to, if there is one;
    `seen_by` the first of the staff who has dealt with it.
    """

    id: str
    office: str
    date: date
    lease: str
    device: str
    item: str
    number: str
    reason: ConflictReason
    ticket: str | None
    report: Mapping[str, Any]
    recorded_at: datetime
    seen_by: str | None = None
    seen_at: datetime | None = None


def settle_time(issued_at: datetime, granted_at: datetime, received_at: datetime) -> datetime:
    """When a number was given, as far as that can be: not before its lease was granted and not
    after its report came.
    """
    return max(granted_at, min(issued_at, received_at))


def judge_lease(
    lease: Lease | None, number: Number | None, report: Report, device: str, today: date
) -> ConflictReason | None:
    """Why a report is not taken in at all, or None. Whoever names a number that was not leased to
    this device learns no more than that.
    """
    if (
        lease is None
        or number is None
        or lease.device != device
        or number.lease != lease.id
        or report.lease != lease.id
        or number.number != report.number
    ):
        return ConflictReason.UNKNOWN_NUMBER
    if lease.state is LeaseState.LOST:
        return ConflictReason.LEASE_LOST
    if lease.state is LeaseState.REVOKED:
        return ConflictReason.LEASE_REVOKED
    if lease.date != today or lease.state is LeaseState.CLOSED:
        return ConflictReason.WRONG_DAY
    return None


def is_missed(booking: Ticket) -> bool:
    """Whether a booking counts as missed only because the report of its visitor came late."""
    return booking.state is State.NO_SHOW and booking.arrived_at is None


def judge_check_in(booking: Ticket, today: date) -> ConflictReason | None:
    """Why a booking cannot be checked in by a report, or None. One that was taken as missed
    meanwhile can: its visitor was there.
    """
    if booking.kind.is_remote:
        # Moved from the office to a call since the kiosk learnt of it.
        return ConflictReason.BOOKING_MOVED
    if booking.state is State.BOOKED or is_missed(booking):
        return None if booking.date == today else ConflictReason.BOOKING_MOVED
    if booking.arrived_at is not None:
        return ConflictReason.ALREADY_CHECKED_IN
    return ConflictReason.BOOKING_OVER


_CALLED = frozenset({State.CALLED, State.SERVING, State.PARKED, State.SERVED, State.NO_SHOW})


def was_called(ticket: Ticket) -> bool:
    """Whether the visitor was called by the number of this ticket, so that it cannot be replaced
    any more.
    """
    return ticket.state in _CALLED or ticket.call_seq is not None


def find_remarks(
    office: Office, service: Service | None, report: Report, issued_at: datetime
) -> list[ConflictReason]:
    """What was changed while the kiosk worked by older settings: its number is good, and staff are
    told.
    """
    remarks = []
    try:
        if service is not None:
            admit_service(office, service, urgent=report.urgency is not None, at=issued_at)
        admit_hours(office, issued_at)
    except NotInService as refused:
        is_mode = refused.facts["reason"] == "mode"
        remarks.append(ConflictReason.MODE_CHANGED if is_mode else ConflictReason.OUTSIDE_HOURS)
    if report.party_size > office.largest_party:
        remarks.append(ConflictReason.PARTY_TOO_LARGE)
    return remarks


def renumber(ticket: Ticket, number: str, now: datetime) -> Step:
    """Call a waiting visitor by the number on the paper that they hold, in place of one that they
    never saw.
    """
    return change(ticket, EventType.RENUMBERED, now, number=number)


def tell_conflict(conflict: Conflict) -> Event:
    """The event of a conflict that was recorded."""
    facts = {
        "conflict": conflict.id,
        "lease": conflict.lease,
        "device": conflict.device,
        "number": conflict.number,
        "reason": conflict.reason.value,
    }
    return Event(
        EventType.CONFLICT_RECORDED,
        conflict.office,
        conflict.date,
        conflict.recorded_at,
        conflict.ticket,
        facts,
    )


def tell_seen(conflict: Conflict, by: str, now: datetime) -> Event:
    """The event of a conflict that staff have dealt with."""
    facts = {"conflict": conflict.id, "number": conflict.number, "by": by}
    return Event(
        EventType.CONFLICT_SEEN, conflict.office, conflict.date, now, conflict.ticket, facts
    )
