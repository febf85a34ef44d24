"""Who may see who booked a visit, when, and what follows when the card is another person's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.places import DayPlan, Places, SlotPlaces
from queue_server.domain.counter import steps as counter_steps
from queue_server.domain.errors import (
    DomainError,
    NoBooking,
    NothingToUndo,
    NotYourTicket,
    Paused,
    WrongDay,
    WrongState,
)
from queue_server.domain.privacy.looking import LOOKS_A_DAY, SEARCHES_A_DAY, stands_out
from queue_server.domain.visit.booker import (
    MISMATCH,
    SEEN_IN,
    Showing,
    Where,
    admit_look,
    decide_void,
)
from queue_server.domain.visit.claim import Claim
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.ticket import Place
from queue_server.domain.visit.transitions import TRANSITIONS, Action, State
from tests.domain.examples import CLERK, NINE, RULES, TODAY, claim, minutes, ticket_in

VOIDABLE = sorted(TRANSITIONS[Action.VOID].sources)
RUN = [NINE + minutes(10 + 30 * place) for place in range(3)]


def showing(where: Where = Where.COUNTER, by: str = CLERK) -> Showing:
    return Showing(where, by, TODAY)


class TestLooking:
    @pytest.mark.parametrize("where", Where)
    @pytest.mark.parametrize("state", State)
    def test_only_while_the_visit_is_before_this_desk(self, where: Where, state: State) -> None:
        ticket = ticket_in(state)
        if state in SEEN_IN[where]:
            admit_look(ticket, showing(where))
        else:
            with pytest.raises(WrongState):
                admit_look(ticket, showing(where))

    def test_a_counter_sees_its_own_visitor_alone(self) -> None:
        called = ticket_in(State.CALLED)
        with pytest.raises(NotYourTicket):
            admit_look(called, showing(by="another"))
        admit_look(called, showing(Where.RECEPTION, "another"))

    @pytest.mark.parametrize("where", Where)
    @pytest.mark.parametrize("days", [-1, 1])
    def test_not_before_or_after_its_day(self, where: Where, days: int) -> None:
        other_day = replace(showing(where), today=TODAY + timedelta(days=days))
        for state in State:
            with pytest.raises(WrongDay):
                admit_look(ticket_in(state), other_day)

    def test_more_looks_than_a_desk_has_visitors_stand_out(self) -> None:
        assert not stands_out(LOOKS_A_DAY, SEARCHES_A_DAY)
        assert stands_out(LOOKS_A_DAY + 1, 0) and stands_out(0, SEARCHES_A_DAY + 1)


class TestVoiding:
    @pytest.mark.parametrize("state", VOIDABLE)
    def test_the_visit_is_over_and_its_event_says_who_where_and_why(self, state: State) -> None:
        before = ticket_in(state)
        after, event = decide_void(before, showing(), None, NINE)
        assert (after.state, after.place, after.claim) == (State.CANCELLED, None, None)
        assert after.call_seq is None and after.counter is None, "no screen shows it any more"
        told = {name: event.facts.get(name) for name in ("by", "where", "reason", "counter")}
        assert told == {
            "by": CLERK,
            "where": "counter",
            "reason": MISMATCH,
            "counter": before.counter,
        }

    @pytest.mark.parametrize("state", [each for each in State if each not in VOIDABLE])
    def test_what_is_over_or_not_booked_is_refused(self, state: State) -> None:
        with pytest.raises(WrongState):
            decide_void(ticket_in(state), showing(), None, NINE)

    def test_refusals(self) -> None:
        waiting, called = ticket_in(State.WAITING), ticket_in(State.CALLED)
        cases: list[tuple[type[DomainError], tuple[object, ...]]] = [
            (NoBooking, (replace(waiting, slot=None), showing(), None)),
            (WrongDay, (replace(waiting, date=TODAY + timedelta(days=1)), showing(), None)),
            (Paused, (waiting, showing(), Pause.EVACUATION)),
            (NotYourTicket, (called, showing(Where.RECEPTION, "another"), None)),
        ]
        for refusal, given_ in cases:
            with pytest.raises(refusal):
                decide_void(*given_, NINE)  # type: ignore[arg-type]  # cases of several types
        decide_void(waiting, showing(), Pause.PAUSE, NINE)


claims = st.builds(
    claim,
    st.sampled_from(RUN[:2]),
    span=st.integers(1, 2),
    letter=st.sampled_from("AC"),
    people=st.integers(1, 3),
)


def full_plan() -> DayPlan:
    def places() -> Places:
        return Places((9, 9, 9))

    slots = [
        SlotPlaces(at, at + minutes(30), places(), {"A": places(), "C": places()}) for at in RUN
    ]
    return DayPlan("3674", TODAY, tuple(slots))


@given(
    others=st.lists(claims, max_size=6),
    own=claims,
    state=st.sampled_from([each for each in VOIDABLE if each is not State.HELD]),
    inside=st.booleans(),
    taken_again=st.booleans(),
    oversees=st.booleans(),
)
def test_no_count_is_left_wrong_by_a_void_or_by_taking_it_back(
    others: list[Claim], own: Claim, state: State, inside: bool, taken_again: bool, oversees: bool
) -> None:
    """Room and slots hold what the visits that stand hold, before, between and after."""
    elsewhere = full_plan()
    for each in others:
        elsewhere = elsewhere.change(each, 1)
    before = ticket_in(state, inside=inside, party_size=own.people, claim=own)
    plan = elsewhere if before.claim is None else elsewhere.change(before.claim, 1)
    after, event = decide_void(before, showing(), None, NINE + minutes(1))
    assert after.persons_inside == 0 and after.claim is None
    freed = plan if before.claim is None else plan.change(before.claim, -1)
    assert freed == elsewhere
    stored = replace(event, facts=json.loads(json.dumps(event.facts)))
    had = counter_steps.claim_before(stored, own.people)
    assert had == before.claim
    by = "mina" if oversees else CLERK
    restored, undone = counter_steps.undo(
        after,
        stored,
        by,
        RULES,
        NINE + minutes(2),
        oversees=oversees,
        claim=had if taken_again else None,
    )
    assert restored.persons_inside == before.persons_inside
    assert (restored.place, restored.state) == (before.place, before.state)
    assert restored.claim == (before.claim if taken_again else None)
    if taken_again or before.claim is None:
        assert replace(restored, version=before.version) == before
    changed = {name: pair[1] for name, pair in undone.facts["changed"].items()}
    assert changed["state"] == before.state
    assert ("claim_at" in changed) == (restored.claim is not None)


def test_a_void_is_taken_back_by_who_did_it_or_by_a_supervisor() -> None:
    voided, event = decide_void(ticket_in(State.WAITING), showing(), None, NINE)
    with pytest.raises(NothingToUndo) as told:
        counter_steps.undo(voided, event, "another", RULES, NINE)
    assert told.value.facts == {"reason": "not_yours"}
    restored, _ = counter_steps.undo(voided, event, "another", RULES, NINE, oversees=True)
    assert (restored.state, restored.place) == (State.WAITING, Place.INSIDE)
    late = NINE + minutes(RULES.calling.undo_minutes) + timedelta(seconds=1)
    with pytest.raises(NothingToUndo):
        counter_steps.undo(voided, event, CLERK, RULES, late)


def test_a_supervisor_takes_back_no_other_step_of_a_clerk() -> None:
    parked, event = counter_steps.park(ticket_in(State.SERVING), NINE)
    with pytest.raises(NothingToUndo):
        counter_steps.undo(parked, event.adding(by=CLERK), "mina", RULES, NINE, oversees=True)
