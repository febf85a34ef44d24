"""Which times are offered for a service: from which places a visit may take, and what of a day is
open for booking.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.office.admission import admits, mode_of
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Office, Service
from queue_server.domain.visit.claim import Pool

from .places import DayPlan, free_in, pools_for, release_bound
from .slots import slot_id, span_of, visits_per_slot


@dataclass(frozen=True)
class AvailableSlot:
    """A slot and how many parties of the size asked for could still book it."""

    starts_at: datetime
    ends_at: datetime
    free: int

    @property
    def id(self) -> str:
        return slot_id(self.starts_at)


def letter_for(office: Office, service: str, *, urgent: bool) -> str:
    """The stream of a visit: the office's urgent stream for urgent cases, if it has one. Raises
    `UnknownService`.
    """
    own = office.service(service).letter
    return office.rules.booking.urgent_letter or own if urgent else own


def pools_of(
    office: Office, service: str, *, online: bool, urgent: bool, at: datetime
) -> tuple[Pool, ...]:
    """The pools that a visit at a moment may take from, the best first."""
    urgent_only = urgent and mode_of(office, office.service(service), at) is ServiceMode.URGENT_ONLY
    return pools_for(online=online, urgent=urgent, urgent_only=urgent_only)


def offer_slots(
    plan: DayPlan, office: Office, service: Service, party_size: int, now: datetime, *, urgent: bool
) -> Iterator[AvailableSlot]:
    """The slots of a day that can be booked or are full, in order: without those that have begun,
    are not open for booking yet, or are not for this service in the mode of that time.

    A visit longer than a slot needs the following slots too, and is offered only where they follow;
    `ends_at` is the visit's end.
    """
    letter, span = letter_for(office, service.code, urgent=urgent), span_of(office, service)
    last_start = now + timedelta(days=office.rules.booking.horizon_days)
    released_until = release_bound(office.rules.booking.release_minutes, now)
    for slot in plan.slots:
        if not (
            now < slot.starts_at <= last_start
            and admits(office, service, urgent=urgent, at=slot.starts_at)
        ):
            continue
        run = plan.run(slot.starts_at, span)
        if len(run) == span:
            pools = pools_of(office, service.code, online=True, urgent=urgent, at=slot.starts_at)
            free = max(
                free_in(run, span, letter, pool, party_size, released_until=released_until)
                for pool in pools
            )
            yield AvailableSlot(slot.starts_at, run[-1].ends_at, free)


def takes_bookings(office: Office, service: Service, now: datetime, *, urgent: bool) -> bool:
    """Whether visits for a service can be booked: on some day that is open for booking, the mode of
    that day serves it.
    """
    if visits_per_slot(office, letter_for(office, service.code, urgent=urgent)) <= 0:
        return False
    last = now + timedelta(days=office.rules.booking.horizon_days)
    # A mode can only change where a decision begins or ends.
    turns = [
        turn
        for each in office.modes
        for turn in (each.starts_at, each.ends_at)
        if turn is not None and now < turn <= last
    ]
    return any(admits(office, service, urgent=urgent, at=at) for at in (now, *turns))
