"""Moving a booking: which refusal is told, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking import steps
from queue_server.domain.booking.moving import Moved, MoveFacts, decide_move, moved_from
from queue_server.domain.booking.person_limits import PersonFacts
from queue_server.domain.errors import BadInput, LimitReached, WrongState
from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import State
from tests.domain.booking.wishing import (
    DAY,
    NO_SHOWS,
    NOW,
    OFFICE,
    OTHER_DAY,
    PLACES,
    PLAN,
    SLOT,
    STILL,
    WISH,
    Fault,
    person_of,
    refusal,
    time_of,
    with_faults,
)
from tests.domain.examples import RULES, TODAY, minutes, ticket_in

WAS = SLOT - timedelta(days=1)


def booking(**values: Any) -> Ticket:
    """A booking for the day before."""
    usual = {"slot": WAS, "date": OTHER_DAY, "claim_at": WAS, "created_at": NOW}
    return replace(ticket_in(State.BOOKED), **{**usual, **values})


ORDER = [
    Fault((WrongState, None), {"booking": booking(state=State.WAITING)}),
    Fault((LimitReached, "reschedules"), {"booking": booking(reschedules=2)}),
    Fault((BadInput, "slot"), {"booking": booking(slot=SLOT)}, {"slot": SLOT}),
    STILL,
    Fault(WISH[0].told, {"booking": booking(service="XXX")}),
    WISH[1],
    *PLACES,
    NO_SHOWS,
    DAY,
]


def decide(faults: list[Fault], **facts: Any) -> Moved:
    """Decide a move with these faults, which are in the order of refusals."""
    usual = {"office": OFFICE, "booking": booking(), "plan": PLAN, "person": person_of(faults)}
    slot = with_faults("wanted", {"slot": SLOT}, faults)["slot"]
    given_facts = MoveFacts(**with_faults("facts", {**usual, **facts}, faults))
    return decide_move(given_facts, slot, "holder", time_of(faults))


def test_a_move_takes_the_new_places_and_tells_both_days() -> None:
    moved = decide([], booking=booking(party_size=2))
    claim = Claim(SLOT, 1, "A", Pool.ONLINE, 2)
    assert (moved.ticket.slot, moved.ticket.date, moved.ticket.claim) == (SLOT, TODAY, claim)
    assert (moved.ticket.state, moved.ticket.reschedules) == (State.BOOKED, 1)
    assert moved.plan == PLAN.change(claim, 1)
    assert (moved.event.date, moved.event.facts["by"]) == (OTHER_DAY, "holder")
    assert moved.arrival is not None
    assert (moved.arrival.type, moved.arrival.date) == (EventType.PLACES_TAKEN, TODAY)
    assert moved.arrival.facts["people"] == 2
    assert (moved.arrival.ticket, moved.arrival.facts["state"]) == (moved.ticket.id, State.BOOKED)


def test_a_move_within_a_day_is_told_once_and_counts_the_day_no_further() -> None:
    at = SLOT + minutes(15)
    own = booking(slot=at, date=TODAY, claim_at=at)
    assert decide([], booking=own).arrival is None
    assert refusal(lambda: decide([DAY], booking=own)) is None


def test_an_urgent_booking_stays_in_its_stream_and_takes_urgent_places() -> None:
    moved = decide([], booking=booking(channel=Channel.URGENT, letter="C"))
    assert moved.ticket.claim == Claim(SLOT, 1, "C", Pool.URGENT, 1)


@pytest.mark.parametrize("fault", ORDER, ids=lambda each: f"{each.told[0].__name__} {each.told[1]}")
def test_each_fault_is_refused(fault: Fault) -> None:
    assert refusal(lambda: decide([fault])) == fault.told


@given(st.lists(st.sampled_from(range(len(ORDER))), unique=True))
def test_of_several_faults_the_first_in_the_order_is_told(chosen: list[int]) -> None:
    faults = [ORDER[number] for number in sorted(chosen)]
    assert refusal(lambda: decide(faults)) == (faults[0].told if faults else None)


def test_a_party_that_was_let_in_moves_though_new_ones_must_be_smaller() -> None:
    smaller = replace(RULES, booking=replace(RULES.booking, party_max=1))
    office = replace(OFFICE, rules=smaller)
    moved = decide([], office=office, booking=booking(party_size=2))
    assert moved.ticket.party_size == 2


@pytest.mark.parametrize("person", [PersonFacts(), None])
def test_whose_time_the_office_withdrew_may_always_move(person: PersonFacts | None) -> None:
    stranded = replace(ticket_in(State.STRANDED), slot=SLOT, date=OTHER_DAY, reschedules=9)
    known = person and person_of([NO_SHOWS, DAY])
    moved = decide([], booking=stranded, person=known)
    assert (moved.ticket.state, moved.ticket.reschedules) == (State.BOOKED, 9)


def move_to(slot: datetime, booked: Ticket, at: datetime) -> tuple[Ticket, Event]:
    claim = Claim(slot, 1, booked.letter, Pool.ONLINE, booked.party_size)
    return steps.reschedule(booked, claim, slot.date(), at)


def test_a_visit_tells_the_time_that_it_had_before_its_present_one() -> None:
    first = booking()
    second, once = move_to(SLOT, first, NOW)
    third, twice = move_to(SLOT + minutes(15), second, NOW + minutes(1))
    assert moved_from(first, []) is None
    assert moved_from(second, [once]) == WAS
    assert moved_from(third, [once, twice]) == SLOT
    assert moved_from(second, [once, twice]) is None, "the log tells of another time than it has"


@pytest.mark.parametrize(("moves", "left"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_how_many_moves_are_left_is_what_the_rule_leaves(moves: int, left: int) -> None:
    booked = booking(reschedules=moves)
    assert steps.moves_left(booked, RULES) == left
    assert steps.is_movable(booked, RULES) == (left > 0)
    stranded = replace(booked, state=State.STRANDED)
    assert steps.is_movable(stranded, RULES), "the office withdrew the time"
