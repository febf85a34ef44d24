"""Booking a slot at once: which refusal is told, and what is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.availability import offer_slots
from queue_server.domain.booking.booking import BookingFacts, BookingRequest, Taken, decide_booking
from queue_server.domain.booking.person_limits import PersonFacts
from queue_server.domain.booking.rush import Proof
from queue_server.domain.booking.takings import Counts, Crowd
from queue_server.domain.errors import ProofNeeded, SlotFull
from queue_server.domain.events import EventType
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.ticket import Channel, Origin
from queue_server.domain.visit.transitions import State
from tests.domain.booking.wishing import (
    ANI,
    CONTACT,
    DRAWN,
    NO_SHOWS,
    NOW,
    OFFICE,
    PERSON,
    PLACES,
    PLAN,
    PROOF,
    SLOT,
    SOURCE,
    STILL,
    WISH,
    Fault,
    person_of,
    refusal,
    time_of,
    with_faults,
)
from tests.domain.examples import TODAY

ORDER = [STILL, *WISH, *PLACES, PROOF, CONTACT, *PERSON]


def decide(faults: list[Fault], **wanted: Any) -> Taken:
    """Decide a booking with these faults, which are in the order of refusals."""
    facts = {"office": OFFICE, "plan": PLAN, "crowd": Crowd(), "person": person_of(faults)}
    asked = {"service": "REK", "slot": SLOT, "visitor": ANI, "source": SOURCE, **wanted}
    return decide_booking(
        BookingFacts(**with_faults("facts", facts, faults)),
        BookingRequest(**with_faults("wanted", asked, faults)),
        DRAWN,
        time_of(faults),
    )


def test_what_a_booking_takes_and_tells() -> None:
    taken = decide([], party_size=2, language="en", priority=True, urgency="burial", by="clerk")
    claim = Claim(SLOT, 1, "A", Pool.ONLINE, 2)
    assert (taken.ticket.id, taken.ticket.code) == (DRAWN.id, DRAWN.code)
    assert (taken.ticket.state, taken.ticket.date, taken.ticket.slot) == (State.BOOKED, TODAY, SLOT)
    assert (taken.ticket.language, taken.ticket.priority) == ("en", True)
    assert (taken.ticket.claim, taken.plan) == (claim, PLAN.change(claim, 1))
    assert taken.event.type is EventType.BOOKED
    assert taken.event.facts["by"] == "clerk"
    assert taken.event.facts["urgency"] == "burial"
    assert taken.uses_proof is False


def test_an_urgent_visit_takes_the_urgent_places() -> None:
    slot = next(each.starts_at for each in PLAN.slots if each.streams["A"].offered[2] > 0)
    taken = decide([], slot=slot, urgent=True)
    assert taken.ticket.channel is Channel.URGENT
    assert taken.ticket.claim == Claim(slot, 1, "A", Pool.URGENT, 1)


@pytest.mark.parametrize("fault", ORDER, ids=lambda each: f"{each.told[0].__name__} {each.told[1]}")
def test_each_fault_is_refused(fault: Fault) -> None:
    assert refusal(lambda: decide([fault])) == fault.told


@given(st.lists(st.sampled_from(range(len(ORDER))), unique=True))
def test_of_several_faults_the_first_in_the_order_is_told(chosen: list[int]) -> None:
    faults = [ORDER[number] for number in sorted(chosen)]
    assert refusal(lambda: decide(faults)) == (faults[0].told if faults else None)


def test_staff_book_far_ahead_and_for_any_party() -> None:
    assert refusal(lambda: decide([CONTACT, NO_SHOWS], origin=Origin.STAFF)) is None


def test_bookings_by_staff_use_up_neither_share() -> None:
    """While places are left in both shares, no caller takes the last one of either."""
    plan, pools = PLAN, []
    offered = dict(zip(Pool, PLAN.run(SLOT, 1)[0].streams["A"].offered, strict=True))
    while True:
        facts = BookingFacts(OFFICE, plan, person=PersonFacts())
        wanted = BookingRequest("REK", SLOT, ANI, origin=Origin.STAFF)
        if refusal(lambda facts=facts, wanted=wanted: decide_booking(facts, wanted, DRAWN, NOW)):  # type: ignore[misc]
            break
        taken = decide_booking(facts, wanted, DRAWN, NOW)
        assert taken.ticket.claim is not None
        pools.append(taken.ticket.claim.pool)
        left = {pool: offered[pool] - pools.count(pool) for pool in (Pool.ONLINE, Pool.WALK_IN)}
        assert left[Pool.ONLINE] > 0 or left[Pool.WALK_IN] == 0
        plan = taken.plan
    assert len(pools) == offered[Pool.ONLINE] + offered[Pool.WALK_IN] > 1
    assert Pool.URGENT not in pools


def test_what_the_browser_holds_does_not_stop_a_booking() -> None:
    held = Fault(PROOF.told, {"crowd": Crowd(Counts(of_browser=9))})
    assert refusal(lambda: decide([held])) is None


def test_a_proof_is_used_up_where_it_was_needed_and_counts_once() -> None:
    shown = replace(SOURCE, proof=Proof(seconds=99, names=("one",)))
    assert decide([PROOF], source=shown).uses_proof
    assert not decide([], source=shown).uses_proof
    used = Fault(PROOF.told, {"crowd": Crowd(Counts(of_address=500), is_proof_used=True)})
    with pytest.raises(ProofNeeded):
        decide([used], source=shown)


def test_a_slot_that_is_refused_needs_no_look_at_the_person() -> None:
    [full] = [each for each in PLACES if each.told[0] is SlotFull]
    facts = BookingFacts(OFFICE, full.facts["plan"])
    with pytest.raises(SlotFull) as told:
        decide_booking(facts, BookingRequest("REK", SLOT, ANI, source=SOURCE), DRAWN, NOW)
    assert told.value.facts["free"] == 0


@given(
    taken=st.lists(
        st.tuples(st.integers(0, 11), st.sampled_from(Pool), st.integers(1, 4)), max_size=40
    ),
    at=st.integers(0, 11),
    party=st.integers(1, 6),
    early=st.integers(-30, 3 * 1440),
    urgent=st.booleans(),
    origin=st.sampled_from([Origin.ONLINE, Origin.STAFF]),
)
def test_a_slot_is_booked_just_where_it_is_offered_as_free(
    taken: list[tuple[int, Pool, int]],
    at: int,
    party: int,
    early: int,
    urgent: bool,
    origin: Origin,
) -> None:
    """On any day, however full: what the list of free times says is what a booking gets."""
    plan = PLAN
    for place, pool, people in taken:
        claim = Claim(PLAN.slots[place].starts_at, 1, "A", pool, people)
        if refusal(lambda plan=plan, claim=claim: plan.change(claim, 1)) is None:  # type: ignore[misc]
            plan = plan.change(claim, 1)
    slot = plan.slots[at].starts_at
    now = slot - timedelta(minutes=early)
    by_staff = origin is Origin.STAFF
    offers = offer_slots(
        plan, OFFICE, OFFICE.service("REK"), party, now, urgent=urgent, by_staff=by_staff
    )
    free = {each.starts_at: each.free for each in offers}.get(slot, 0)
    wanted = BookingRequest("REK", slot, ANI, party, urgent=urgent, origin=origin)
    facts = BookingFacts(OFFICE, plan, person=PersonFacts())
    assert (refusal(lambda: decide_booking(facts, wanted, DRAWN, now)) is None) == (free > 0)
    if free:
        booked = decide_booking(facts, wanted, DRAWN, now)
        claim = booked.ticket.claim
        assert claim is not None
        assert booked.plan == plan.change(claim, 1)
        assert all(each.people.taken_total <= each.people.total for each in booked.plan.slots)
