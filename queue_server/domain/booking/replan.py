"""What becomes of a day's places when hours, limits or modes change: the new plan, and who has lost
their place.

A slot that has begun stays as it is. In later ones those who have come keep their places whatever
the new limits are; bookings keep theirs in the order in which they were made, as long as there is
room; the rest are stranded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import IntEnum
from math import ceil

from queue_server.domain.errors import NotInService, SlotFull, UnknownService, UnknownSlot
from queue_server.domain.office.admission import admit_service
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.claim import Claim, Pool

from .places import Counts, DayPlan, Places, SlotPlaces
from .slots import cut_slots, share_people, share_visits, span_of


class Firmness(IntEnum):
    """How hard a claim is to take away: the firmest are planned first."""

    PRESENT = 0
    BOOKED = 1
    HELD = 2
    KEPT = 3


@dataclass(frozen=True)
class Claimant:
    """Who holds places: a ticket, or places kept back. `id` is the ticket's or the kept places'
    own; `since` when they were taken.
    """

    id: str
    claim: Claim
    firmness: Firmness
    since: datetime
    service: str | None = None
    urgent: bool = False
    kind: VisitKind = VisitKind.OFFICE


@dataclass(frozen=True)
class Replanned:
    """A new plan, with the claims that have no place in it. Their places are not counted in the
    plan.

    `refitted` are the claims that take another number of slots in it, because those are longer or
    shorter now.
    """

    plan: DayPlan
    stranded: tuple[Claimant, ...] = ()
    refitted: Mapping[Claimant, Claim] = field(default_factory=dict)


def plan_day(office: Office, day: date) -> DayPlan:
    """The places of one date by an office's hours, room and counters, none of them taken. Streams
    without counters are left out.
    """
    made = []
    served = [
        stream.letter
        for stream in office.streams
        if any(stream.letter in counter.letters for counter in office.counters)
    ]
    for position, (starts_at, ends_at) in enumerate(cut_slots(office, day)):
        streams = {letter: Places(share_visits(office, letter, position)) for letter in served}
        made.append(SlotPlaces(starts_at, ends_at, Places(share_people(office)), streams))
    return DayPlan(office.code, day, tuple(made))


def replan(office: Office, old: DayPlan, claimants: Iterable[Claimant], now: datetime) -> Replanned:
    """Plan a day anew with what is claimed of it. `claimants` are all who hold places on that day.

    Invariant: in the new plan every taken count equals the claims of those who are not stranded.
    """
    begun = tuple(slot for slot in old.slots if slot.starts_at <= now)
    # The room is not given away twice: where new hours shift the slots, the first new one begins
    # when the running one has ended.
    free_from = max((slot.ends_at for slot in begun), default=now)
    fresh = tuple(
        slot
        for slot in plan_day(office, old.date).slots
        if slot.starts_at > now and slot.starts_at >= free_from
    )
    plan = replace(old, slots=(*begun, *fresh))
    stranded, refitted = [], {}
    for each in sorted(claimants, key=lambda one: (one.firmness, one.since, one.id)):
        held = old.run(each.claim.starts_at, each.claim.span)
        before = _ahead(each.claim, held, now)
        if before is None:
            continue
        ahead = _refit(office, plan, each, held, before)
        if each.firmness is Firmness.PRESENT:
            plan = _make_room(plan, held, ahead)
        try:
            _admit(office, each)
            plan = plan.change(ahead, 1)
        except (NotInService, SlotFull, UnknownService, UnknownSlot):
            stranded.append(each)
            plan = _forget_begun(plan, each.claim, before)
        else:
            if ahead.span != before.span:
                refitted[each] = replace(
                    each.claim, span=each.claim.span - before.span + ahead.span
                )
    return Replanned(plan, tuple(stranded), refitted)


def _refit(
    office: Office, plan: DayPlan, claimant: Claimant, held: Sequence[SlotPlaces], claim: Claim
) -> Claim:
    """The claim for the same visit where slots last longer or shorter than those that were `held`:
    a span counts slots, not minutes.
    """
    slot = next((each for each in plan.slots if each.starts_at == claim.starts_at), None)
    was = held[-claim.span]
    if slot is None or slot.ends_at - slot.starts_at == was.ends_at - was.starts_at:
        return claim
    service = next((each for each in office.services if each.code == claimant.service), None)
    if service is not None and claim == claimant.claim:
        return replace(claim, span=span_of(office, service))
    return replace(
        claim, span=ceil((held[-1].ends_at - claim.starts_at) / (slot.ends_at - slot.starts_at))
    )


def _admit(office: Office, claimant: Claimant) -> None:
    if claimant.firmness is Firmness.BOOKED and claimant.service is not None:
        admit_service(
            office,
            office.service(claimant.service),
            urgent=claimant.urgent,
            at=claimant.claim.starts_at,
            kind=claimant.kind,
        )


def _ahead(claim: Claim, held: Sequence[SlotPlaces], now: datetime) -> Claim | None:
    """The part of a claim in slots that have not begun; None if there is none. In those that have,
    it is counted already.
    """
    past = sum(slot.starts_at <= now for slot in held)
    if past == 0:
        return claim
    if claim.span <= past:
        return None
    return replace(claim, starts_at=held[past - 1].ends_at, span=claim.span - past)


def _forget_begun(plan: DayPlan, claim: Claim, ahead: Claim) -> DayPlan:
    """Take the begun part of a stranded claim out of the slots where it is counted."""
    past = claim.span - ahead.span
    return plan.change(replace(claim, span=past), -1) if past else plan


def _make_room(plan: DayPlan, held: Sequence[SlotPlaces], claim: Claim) -> DayPlan:
    """Offer as much as a visitor who has come already holds, in slots that the new plan may not
    even have.
    """
    slots = {slot.starts_at: slot for slot in plan.slots}
    starts_at, length = claim.starts_at, held[-1].ends_at - held[-1].starts_at
    for _ in range(claim.span):
        slot = slots.get(starts_at) or SlotPlaces(starts_at, starts_at + length, Places((0, 0, 0)))
        streams = {
            **slot.streams,
            claim.letter: _enlarge(
                slot.streams.get(claim.letter, Places((0, 0, 0))), claim.pool, 1
            ),
        }
        slots[starts_at] = replace(
            slot, people=_enlarge(slot.people, claim.pool, claim.people), streams=streams
        )
        starts_at = slot.ends_at
    return replace(plan, slots=tuple(slots[starts_at] for starts_at in sorted(slots)))


def _enlarge(places: Places, pool: Pool, number: int) -> Places:
    missing = number - (places.total - places.taken_total)
    if missing <= 0:
        return places
    offered: Counts = (
        places.offered[0] + missing * (pool is Pool.ONLINE),
        places.offered[1] + missing * (pool is Pool.WALK_IN),
        places.offered[2] + missing * (pool is Pool.URGENT),
    )
    return replace(places, offered=offered)
