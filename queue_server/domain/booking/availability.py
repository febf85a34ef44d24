"""Which times are offered for a service, and which places of one a visit gets: from which places
it may take, and what of a day is open for booking.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.errors import BadInput, DomainError, SlotFull
from queue_server.domain.office.admission import admit_service, admits, mode_of
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Office, Service, VisitKind
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.occupancy import admit_party_size
from queue_server.domain.visit.ticket import people_of

from .places import DayPlan, choose_claim, free_in, order_for_caller, pools_for, release_bound
from .slots import admit_slot, slot_id, span_of, visits_per_slot


@dataclass(frozen=True, slots=True)
class AvailableSlot:
    """A slot and how many parties of the size asked for could still book it."""

    starts_at: datetime
    ends_at: datetime
    free: int

    @property
    def id(self) -> str:
        return slot_id(self.starts_at)


@dataclass(frozen=True)
class SlotWish:
    """The slot that a visit asks for, and the `kind` of visit. `letter` is the stream of a booking
    that is moved; None for a new visit. `by_staff`: the office's staff book it for somebody who
    calls or stands there.
    """

    service: str
    slot: datetime
    party_size: int = 1
    urgent: bool = False
    letter: str | None = None
    by_staff: bool = False
    kind: VisitKind = VisitKind.OFFICE

    @property
    def people(self) -> int:
        """How many persons need room in the office."""
        return people_of(self.kind, self.party_size)


def letter_for(
    office: Office, service: str, *, urgent: bool, kind: VisitKind = VisitKind.OFFICE
) -> str:
    """The stream of a visit: the remote one for a visit from home, the office's urgent stream for
    urgent cases, if it has one. Raises `UnknownService`, and `BadInput` (kind) where the service
    cannot be had that way.
    """
    asked = office.service(service)
    if kind.is_remote:
        return _remote_letter(office, asked, kind)
    own = asked.letter
    return office.rules.booking.urgent_letter or own if urgent else own


def _remote_letter(office: Office, service: Service, kind: VisitKind) -> str:
    if kind not in service.remote or office.remote_letter is None:
        raise BadInput(field="visit", reason="not_offered")
    return office.remote_letter


def pools_of(
    office: Office, service: str, *, online: bool, urgent: bool, at: datetime
) -> tuple[Pool, ...]:
    """The pools that a visit at a moment may take from, the best first."""
    urgent_only = urgent and mode_of(office, office.service(service), at) is ServiceMode.URGENT_ONLY
    return pools_for(online=online, urgent=urgent, urgent_only=urgent_only)


def pools_ahead(
    office: Office, service: str, *, urgent: bool, by_staff: bool, at: datetime
) -> tuple[Pool, ...]:
    """The pools from which a visit at a moment is booked ahead. Staff book for people who do not
    book online, so they may take from the share of walk-ins too.
    """
    pools = pools_of(office, service, online=True, urgent=urgent, at=at)
    return tuple(dict.fromkeys((*pools, Pool.WALK_IN))) if by_staff else pools


def offer_slots(
    plan: DayPlan,
    office: Office,
    service: Service,
    party_size: int,
    now: datetime,
    *,
    urgent: bool,
    by_staff: bool = False,
    kind: VisitKind = VisitKind.OFFICE,
) -> Iterator[AvailableSlot]:
    """The slots of a day that can be booked or are full, in order: without those that have begun,
    are not open for booking yet, or are not for this service in the mode of that time.

    A visit longer than a slot needs the following slots too, and is offered only where they follow;
    `ends_at` is the visit's end.
    """
    letter = letter_for(office, service.code, urgent=urgent, kind=kind)
    span, people = span_of(office, service), people_of(kind, party_size)
    last_start = now + timedelta(days=office.rules.booking.horizon_days)
    released_until = release_bound(office.rules.booking.release_minutes, now)
    for slot in plan.slots:
        if not (
            now < slot.starts_at <= last_start
            and admits(office, service, urgent=urgent, at=slot.starts_at, kind=kind)
        ):
            continue
        run = plan.run(slot.starts_at, span)
        if len(run) == span:
            pools = pools_ahead(
                office, service.code, urgent=urgent, by_staff=by_staff, at=slot.starts_at
            )
            free = max(
                free_in(run, span, letter, pool, people, released_until=released_until)
                for pool in pools
            )
            yield AvailableSlot(slot.starts_at, run[-1].ends_at, free)


def takes_bookings(
    office: Office,
    service: Service,
    now: datetime,
    *,
    urgent: bool,
    kind: VisitKind = VisitKind.OFFICE,
) -> bool:
    """Whether visits for a service can be booked: it can be had by such a `kind`, and on some day
    that is open for booking, the mode of that day serves it.
    """
    if kind.is_remote and (kind not in service.remote or office.remote_letter is None):
        return False
    if visits_per_slot(office, letter_for(office, service.code, urgent=urgent, kind=kind)) <= 0:
        return False
    last = now + timedelta(days=office.rules.booking.horizon_days)
    # A mode can only change where a decision begins or ends.
    edges = [
        edge
        for each in office.modes
        for edge in (each.starts_at, each.ends_at)
        if edge is not None and now < edge <= last
    ]
    return any(admits(office, service, urgent=urgent, at=at, kind=kind) for at in (now, *edges))


def kinds_offered(
    office: Office, service: Service, now: datetime, *, urgent: bool
) -> tuple[VisitKind, ...]:
    """The kinds of visit by which a service can be booked, that in the office first."""
    return tuple(
        each for each in VisitKind if takes_bookings(office, service, now, urgent=urgent, kind=each)
    )


def letter_of(office: Office, wish: SlotWish) -> str:
    """The stream in which a slot is wished for. Raises as `letter_for`."""
    return wish.letter or letter_for(office, wish.service, urgent=wish.urgent, kind=wish.kind)


def admit_wish(office: Office, wish: SlotWish) -> None:
    """Refuse what the mode or a new visit's party size forbids; a booking that is moved was let in
    by the rules of its time. A call is with one person. Raises `UnknownService`, `NotInService`,
    `BadInput`, in this order.
    """
    service = office.service(wish.service)
    admit_service(office, service, urgent=wish.urgent, at=wish.slot, kind=wish.kind)
    if wish.letter is None:
        admit_party_size(wish.party_size, 1 if wish.kind.is_remote else office.largest_party)


def claim_slot(office: Office, plan: DayPlan, wish: SlotWish, now: datetime) -> Claim:
    """The places of a slot that a visit booked ahead gets, from the best pool that has room for it.
    `plan` is the slot's day.

    Refuses in this order: `UnknownService`, `NotInService`, `BadInput` (party_size, visit),
    `UnknownSlot`, `SlotPassed`, `SlotTooFar`, `SlotFull` with how many single persons would still
    find room.
    """
    admit_wish(office, wish)
    letter, span = letter_of(office, wish), span_of(office, office.service(wish.service))
    admit_slot(office, wish.slot, office.rules.booking.horizon_days, now)
    pools = pools_ahead(
        office, wish.service, urgent=wish.urgent, by_staff=wish.by_staff, at=wish.slot
    )
    released_until = release_bound(office.rules.booking.release_minutes, now)

    def count_free(pool: Pool) -> int:
        one = people_of(wish.kind, 1)
        return plan.free(wish.slot, span, letter, pool, one, released_until=released_until)

    if wish.by_staff:
        pools = order_for_caller(pools, count_free)
    claim = choose_claim(
        plan, wish.slot, span, letter, pools, wish.people, released_until=released_until
    )
    if claim is None:
        raise SlotFull(slot=slot_id(wish.slot), free=max(map(count_free, pools)))
    return claim


def refusal_of(office: Office, plan: DayPlan, wish: SlotWish, now: datetime) -> DomainError | None:
    """Why `claim_slot` refuses a wish; None where it does not."""
    try:
        claim_slot(office, plan, wish, now)
    except DomainError as refusal:
        return refusal
    return None
