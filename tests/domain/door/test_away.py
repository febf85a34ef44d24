"""Stepping away once, and saying to come later, from literals alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.door.away import admit_step_away, come_back, may_step_away, step_away
from queue_server.domain.door.delay import (
    DELAYS_MINUTES,
    admit_delay,
    expected_at,
    list_delays,
    tell_delay,
)
from queue_server.domain.door.steps import admit, check_in
from queue_server.domain.errors import LimitReached, TooLate, WrongDay, WrongState
from queue_server.domain.office.rules import CallingRules, DoorRules, Rules
from queue_server.domain.visit.ticket import Place, Ticket, is_away
from queue_server.domain.visit.transitions import State
from tests.domain.examples import NINE, RULES, TODAY, minutes, take, ticket_in

CLOSES = NINE + minutes(360)
WAITING = ticket_in(State.WAITING)
BOOKED = ticket_in(State.BOOKED)
SLOT = NINE + minutes(10)


def away(ticket: Ticket = WAITING, now: datetime = NINE) -> Ticket:
    return step_away(ticket, RULES, CLOSES, now)[0]


def test_who_steps_away_keeps_number_and_turn_time_and_leaves_the_room() -> None:
    after, event = step_away(WAITING, RULES, CLOSES, NINE)
    assert (after.number, after.turn_time, after.claim) == (
        WAITING.number,
        WAITING.turn_time,
        WAITING.claim,
    )
    assert (after.state, after.place) == (State.WAITING, Place.OUTSIDE)
    assert after.away_until == NINE + minutes(15)
    assert set(event.facts["changed"]) == {"away_until", "place"}


@pytest.mark.parametrize(("minute", "is_out"), [(0, True), (14.9, True), (15, False), (60, False)])
def test_the_time_ends_by_itself(minute: float, is_out: bool) -> None:
    assert is_away(away(), NINE + minutes(minute)) is is_out


def test_nobody_is_away_beyond_the_closing_of_the_doors() -> None:
    after = step_away(WAITING, RULES, NINE + minutes(4), NINE)[0]
    assert after.away_until == NINE + minutes(4)


def test_once_and_no_more_whether_or_not_the_visitor_is_back() -> None:
    for used in (away(), come_back(away(), NINE + minutes(2))[0]):
        with pytest.raises(LimitReached) as refused:
            admit_step_away(used, RULES, TODAY, CLOSES, NINE + minutes(20))
        assert refused.value.facts == {"rule": "steps_away", "limit": 1}


def test_an_office_may_not_allow_it() -> None:
    rules = Rules(calling=CallingRules(away_minutes=0))
    with pytest.raises(LimitReached):
        admit_step_away(WAITING, rules, TODAY, CLOSES, NINE)


@pytest.mark.parametrize("state", [each for each in State if each is not State.WAITING])
def test_only_who_waits_steps_away(state: State) -> None:
    with pytest.raises(WrongState):
        admit_step_away(ticket_in(state), RULES, TODAY, CLOSES, NINE)


def test_not_on_another_day_and_not_after_the_doors_have_closed() -> None:
    with pytest.raises(WrongDay):
        admit_step_away(WAITING, RULES, TODAY.replace(day=24), CLOSES, NINE)
    for closes_at in (None, NINE):
        with pytest.raises(TooLate):
            admit_step_away(WAITING, RULES, TODAY, closes_at, NINE)
    assert may_step_away(WAITING, RULES, TODAY, CLOSES, NINE)


def test_a_call_and_a_guard_bring_somebody_back_before_the_time() -> None:
    from queue_server.domain.counter.steps import call

    later = NINE + minutes(3)
    for after in (call(away(), "3674-1", "ani", 7, later)[0], admit(away(), later)[0]):
        assert after.away_until == later
    usual = call(WAITING, "3674-1", "ani", 7, later)
    assert "away_until" not in usual[1].facts["changed"]


def test_only_who_is_away_comes_back() -> None:
    with pytest.raises(WrongState):
        come_back(WAITING, NINE)
    with pytest.raises(WrongState):
        come_back(away(), NINE + minutes(15))


@given(minute=st.integers(0, 400), back=st.integers(0, 30))
def test_stepping_away_never_makes_a_turn_earlier(minute: int, back: int) -> None:
    now = NINE + minutes(minute)
    if not may_step_away(WAITING, RULES, TODAY, CLOSES, now):
        assert now >= CLOSES
        return
    out = away(now=now)
    assert out.turn_time == WAITING.turn_time and out.away_until is not None
    assert now < out.away_until <= min(CLOSES, now + minutes(15))
    if is_away(out, now + minutes(back)):
        assert come_back(out, now + minutes(back))[0].turn_time == WAITING.turn_time


@pytest.mark.parametrize("told", DELAYS_MINUTES)
def test_saying_to_come_later_changes_no_turn(told: int) -> None:
    late = tell_delay(BOOKED, told, NINE)[0]
    assert expected_at(late) == SLOT + minutes(told)
    came = SLOT + minutes(told)
    with_word = check_in(late, RULES, "A001", True, came)[0]
    without = check_in(BOOKED, RULES, "A001", True, came)[0]
    assert (with_word.turn_time, with_word.turn_basis) == (without.turn_time, without.turn_basis)


def test_what_is_offered_ends_with_the_rule_the_doors_and_the_time_itself() -> None:
    def offered(
        now: datetime = NINE, closes_at: datetime | None = CLOSES, most: int = 60
    ) -> object:
        return list_delays(
            BOOKED, Rules(door=DoorRules(delay_minutes_max=most)), TODAY, closes_at, now
        )

    assert offered() == (15, 30, 60)
    assert offered(most=30) == (15, 30)
    assert offered(most=0) == ()
    assert offered(now=SLOT + minutes(15)) == (30, 60)
    assert offered(now=SLOT + minutes(60)) == ()
    assert offered(closes_at=SLOT + minutes(30)) == (15,)
    assert offered(closes_at=None) == ()
    assert list_delays(WAITING, RULES, TODAY, CLOSES, NINE) == ()
    assert list_delays(BOOKED, RULES, TODAY.replace(day=24), CLOSES, NINE) == ()


@pytest.mark.parametrize("hostile", [0, -15, 61, 10**9])
def test_no_other_delay_is_taken(hostile: int) -> None:
    with pytest.raises(LimitReached):
        admit_delay(BOOKED, hostile, RULES, TODAY, CLOSES, NINE)


def test_a_moved_booking_is_expected_at_its_new_time() -> None:
    from queue_server.domain.visit.transitions import Action

    moved = take(Action.RESCHEDULE, tell_delay(BOOKED, 30, NINE)[0])[0]
    assert moved.delay_minutes is None and expected_at(moved) == moved.slot
    assert expected_at(replace(BOOKED, slot=None)) is None
