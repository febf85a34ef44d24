"""What may be given without the server: the lease's rules, as plain values in, a stream or a
refusal out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from queue_server.protocol.leases import (
    Lease,
    LeasedBooking,
    LeasedPeriod,
    LeasedService,
    digest_code,
)

ACTIVE = "ACTIVE"
OWN_LACKS = frozenset({"no_lease", "lease_used_up", "clock_unsure", "unknown_offline"})
"""Refusals that say what this kiosk lacks, not what the visitor may have: a server that still
answers may give the number.
"""


class LeaseRefused(Exception):
    """Nothing is given from the lease. `code` is what the page knows, `facts` what its words
    need.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class Standing:
    """How the kiosk stands at this moment. `now` is the office's time with its offset, None if the
    clock is not sure; `free` how many numbers are left and `persons` how many persons were given
    one since the lease was last read, both by stream; `given` when walk-ins were last given a
    number, the oldest first; `stopped` by the staff, `paused` by the server before it fell silent.
    """

    now: datetime | None
    free: Mapping[str, int] = field(default_factory=dict)
    persons: Mapping[str, int] = field(default_factory=dict)
    given: tuple[datetime, ...] = ()
    stopped: bool = False
    paused: bool = False


def admit_kiosk(lease: Lease | None, standing: Standing) -> tuple[Lease, datetime]:
    """The lease and the time to work by. Raises `LeaseRefused`: `offline_stopped`,
    `not_in_service`, `clock_unsure`, `no_lease`.
    """
    if standing.stopped:
        raise LeaseRefused("offline_stopped")
    if standing.paused:
        raise LeaseRefused("not_in_service", reason="paused")
    if standing.now is None:
        raise LeaseRefused("clock_unsure")
    if (
        lease is None
        or lease.state != ACTIVE
        or lease.date != standing.now.date().isoformat()
        or standing.now >= datetime.fromisoformat(lease.offline_until)
    ):
        raise LeaseRefused("no_lease")
    return lease, standing.now


def admit_hours(lease: Lease, now: datetime) -> None:
    """Refuse outside the hours of the lease's day. Raises `LeaseRefused`: `not_in_service`."""
    if any(_is_open(period, now) for period in lease.periods):
        return
    later = [each.opens_at for each in lease.periods if datetime.fromisoformat(each.opens_at) > now]
    facts = {"opens_at": min(later)} if later else {}
    raise LeaseRefused("not_in_service", reason="hours", **facts)


def _is_open(period: LeasedPeriod, now: datetime) -> bool:
    opens, closes = (datetime.fromisoformat(each) for each in (period.opens_at, period.closes_at))
    return opens <= now < closes


def find_service(lease: Lease, code: str) -> LeasedService:
    """The service of this code. Raises `LeaseRefused`: `not_in_service`."""
    for each in lease.services:
        if each.code == code:
            return each
    raise LeaseRefused("not_in_service", reason="service")


def admit_service(lease: Lease, service: LeasedService, *, urgent: bool) -> str:
    """The stream of a visit for `service`. Raises `LeaseRefused`: `not_in_service`."""
    reason = service.urgent_reason if urgent else service.reason
    if reason is not None:
        raise LeaseRefused("not_in_service", reason=reason)
    return service.urgent_stream if urgent else service.stream


def admit_number(standing: Standing, stream: str) -> None:
    """Refuse when no number of a stream is left. Raises `LeaseRefused`: `lease_used_up`."""
    if standing.free.get(stream, 0) < 1:
        raise LeaseRefused("lease_used_up")


def admit_pace(lease: Lease, given: tuple[datetime, ...], now: datetime) -> None:
    """Refuse a number that comes faster than the server would give it: a game or a program at the
    screen, not a rush (the generic cell rate algorithm, ITU-T I.371).

    A time in the future, of a clock that was set back since, costs no more than one whole credit.
    Raises `LeaseRefused`: `kiosk_resting` with `retry_after_seconds`.
    """
    if lease.pace_seconds is None:
        return
    pace = timedelta(seconds=lease.pace_seconds)
    credit = pace * lease.burst_numbers
    paid_until: datetime | None = None
    for moment in given:
        paid_until = min(max(paid_until or moment, moment), moment + credit) + pace
    begins = min(max(paid_until or now, now), now + credit)
    wait = begins + pace - (now + credit)
    if wait > timedelta(0):
        raise LeaseRefused("kiosk_resting", retry_after_seconds=math.ceil(wait.total_seconds()))


def admit_party(lease: Lease, standing: Standing, stream: str, party_size: int) -> None:
    """Refuse a party that staff should see, or for which too few places are left. Raises
    `LeaseRefused`: `party_for_staff`, `lease_used_up`.
    """
    if party_size > lease.party_max:
        raise LeaseRefused("party_for_staff", party_size=party_size, limit=lease.party_max)
    if lease.places is not None:
        left = lease.places.get(stream, 0) - standing.persons.get(stream, 0)
        if party_size > left:
            raise LeaseRefused("lease_used_up")


def admit_walk_in(
    lease: Lease | None, standing: Standing, service: str, party_size: int, *, urgent: bool
) -> tuple[Lease, LeasedService, str]:
    """The lease, the service and the stream of a walk-in that may be given now. Raises
    `LeaseRefused`.
    """
    admitted, now = admit_kiosk(lease, standing)
    admit_hours(admitted, now)
    wanted = find_service(admitted, service)
    stream = admit_service(admitted, wanted, urgent=urgent)
    admit_party(admitted, standing, stream, party_size)
    admit_number(standing, stream)
    admit_pace(admitted, standing.given, now)
    return admitted, wanted, stream


def admit_booking(
    lease: Lease | None, standing: Standing, code: str
) -> tuple[Lease, LeasedBooking]:
    """The lease and the booking of a code that may be checked in now. Raises `LeaseRefused`:
    `unknown_offline` also for a booking made after the lease was last read, `wrong_day`,
    `too_early`, `too_late`.
    """
    admitted, now = admit_kiosk(lease, standing)
    digest = digest_code(admitted.key, code)
    booking = next((each for each in admitted.bookings if each.digest == digest), None)
    if booking is None:
        raise LeaseRefused("unknown_offline")
    starts = datetime.fromisoformat(booking.starts_at)
    if starts.date() != now.date():
        raise LeaseRefused("wrong_day", date=starts.date().isoformat())
    if now < datetime.fromisoformat(booking.check_in_from):
        raise LeaseRefused("too_early", opens_at=booking.check_in_from)
    if now >= datetime.fromisoformat(booking.check_in_until):
        raise LeaseRefused("too_late", closed_at=booking.check_in_until)
    admit_number(standing, booking.stream)
    return admitted, booking
