"""Before the visit: a hold and its one extension, moving a booking, and the places that go with
both.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking import steps
from queue_server.domain.errors import LimitReached, TooEarly, TooLate, WrongState
from queue_server.domain.events import EventType
from queue_server.domain.office.rules import BookingRules, Rules
from queue_server.domain.visit.claim import Pool
from queue_server.domain.visit.ticket import Channel
from queue_server.domain.visit.transitions import Action, State
from tests.domain.examples import NINE, RULES, TODAY, claim, minutes, take, ticket_in
from tests.domain.examples import office as an_office


@given(late=st.integers(0, 10_000))
def test_a_hold_that_ran_out_cannot_be_confirmed_but_expired(late: int) -> None:
    held = ticket_in(State.HELD)
    now = NINE + minutes(RULES.booking.hold_minutes) + timedelta(seconds=late)
    with pytest.raises(TooLate):
        steps.confirm(held, now, channel=Channel.REGULAR, priority=False, language="id")
    assert steps.expire(held, now)[0].state is State.EXPIRED


@given(early=st.integers(1, 600))
def test_a_hold_that_runs_cannot_be_expired_but_confirmed(early: int) -> None:
    held = ticket_in(State.HELD)
    now = NINE + minutes(RULES.booking.hold_minutes) - timedelta(seconds=early)
    with pytest.raises(TooEarly):
        steps.expire(held, now)
    booked, _ = steps.confirm(held, now, channel=Channel.URGENT, priority=True, language="en")
    assert (booked.channel, booked.priority, booked.language) == (Channel.URGENT, True, "en")


def test_a_hold_is_extended_once_by_a_whole_term_from_now() -> None:
    now = NINE + minutes(7)
    longer, event = steps.extend_hold(ticket_in(State.HELD), RULES, now)
    assert (longer.expires_at, longer.extensions, longer.state) == (
        now + minutes(RULES.booking.hold_minutes),
        1,
        State.HELD,
    )
    assert event.type is EventType.HOLD_EXTENDED
    with pytest.raises(LimitReached) as told:
        steps.extend_hold(longer, RULES, now)
    assert told.value.facts == {"rule": "hold_extensions", "limit": 1}


@pytest.mark.parametrize("times", [0, 3])
def test_how_often_is_a_rule_of_the_office(times: int) -> None:
    held, rules = ticket_in(State.HELD), Rules(booking=BookingRules(hold_extensions_max=times))
    for _ in range(times):
        held, _event = steps.extend_hold(held, rules, NINE)
    with pytest.raises(LimitReached):
        steps.extend_hold(held, rules, NINE)


def test_a_hold_that_ran_out_is_not_extended_even_to_the_second() -> None:
    held = ticket_in(State.HELD)
    steps.extend_hold(held, RULES, NINE + minutes(10) - timedelta(seconds=1))
    with pytest.raises(TooLate) as told:
        steps.extend_hold(held, RULES, NINE + minutes(10))
    assert told.value.facts == {"until": (NINE + minutes(10)).isoformat()}


@pytest.mark.parametrize("state", [state for state in State if state is not State.HELD])
def test_only_holds_are_extended(state: State) -> None:
    with pytest.raises(WrongState):
        steps.extend_hold(ticket_in(state), RULES, NINE)


def test_a_hold_whose_slot_is_withdrawn_ends_before_its_time() -> None:
    ended, _ = steps.expire(ticket_in(State.HELD), NINE, withdrawn=True)
    assert (ended.state, ended.claim, ended.expires_at) == (State.EXPIRED, None, None)


def test_a_ticket_knows_the_places_it_takes() -> None:
    held = ticket_in(
        State.HELD, party_size=3, claim=claim(NINE, span=2, pool=Pool.URGENT, people=3)
    )
    assert held.claim == claim(NINE, span=2, pool=Pool.URGENT, people=3)
    assert ticket_in(State.WAITING, claim=None).claim is None


@pytest.mark.parametrize(("state", "counted"), [(State.BOOKED, True), (State.STRANDED, False)])
def test_a_move_takes_the_new_places_and_counts_only_if_the_visitor_wanted_it(
    state: State, counted: bool
) -> None:
    before = ticket_in(state, party_size=2)
    new, day = (
        claim(NINE + minutes(1440), span=2, pool=Pool.WALK_IN, people=2),
        TODAY + timedelta(days=1),
    )
    moved, event = steps.reschedule(before, new, day, NINE)
    assert (moved.claim, moved.slot, moved.date) == (new, new.starts_at, day)
    assert moved.reschedules == int(counted)
    assert event.date == TODAY, "told on the day that the visit leaves"


def test_a_booking_is_moved_as_often_as_allowed_and_a_stranded_one_always() -> None:
    steps.admit_reschedule(
        replace(ticket_in(State.BOOKED), reschedules=1),
        replace(RULES, booking=replace(RULES.booking, reschedules_max=2)),
    )
    with pytest.raises(LimitReached):
        steps.admit_reschedule(
            replace(ticket_in(State.BOOKED), reschedules=2),
            replace(RULES, booking=replace(RULES.booking, reschedules_max=2)),
        )
    steps.admit_reschedule(
        replace(ticket_in(State.STRANDED), reschedules=2),
        replace(RULES, booking=replace(RULES.booking, reschedules_max=2)),
    )
    with pytest.raises(WrongState):
        steps.admit_reschedule(ticket_in(State.WAITING), RULES)


@pytest.mark.parametrize(
    ("state", "moves", "movable"),
    [
        (State.BOOKED, 1, True),
        (State.BOOKED, 2, False),
        (State.STRANDED, 2, True),
        (State.HELD, 0, False),
        (State.WAITING, 0, False),
        (State.CANCELLED, 0, False),
    ],
)
def test_whom_the_office_took_the_time_may_choose_another_however_often_they_moved(
    state: State, moves: int, movable: bool
) -> None:
    ticket = replace(ticket_in(state), reschedules=moves)
    assert (
        steps.is_movable(ticket, replace(RULES, booking=replace(RULES.booking, reschedules_max=2)))
        is movable
    )


@pytest.mark.parametrize("state", list(State))
def test_a_visit_can_be_given_up_until_it_has_begun(state: State) -> None:
    assert steps.is_cancellable(ticket_in(state)) is (
        state in (State.BOOKED, State.STRANDED, State.WAITING)
    )


@pytest.mark.parametrize(
    ("service", "taken", "lasts"),
    [("short", 1, 15), ("long", 2, 30), ("long", None, 30), ("short", None, 15), ("short", 3, 45)],
    ids=[
        "one slot",
        "two slots",
        "two slots given back",
        "one slot given back",
        "places taken when the service was longer",
    ],
)
def test_a_visit_ends_with_the_places_it_takes_and_else_with_its_service(
    service: str, taken: int | None, lasts: int
) -> None:
    office = an_office(rules=replace(RULES, booking=replace(RULES.booking, slot_minutes=15)))
    asked = replace(office.services[0], minutes={"short": 10, "long": 25}[service])
    places = {} if taken is None else {"claim": claim(NINE, span=taken)}
    ticket = replace(ticket_in(State.BOOKED if taken else State.STRANDED, **places), slot=NINE)
    assert steps.visit_ends_at(ticket, office, asked) == NINE + minutes(lasts)


def test_who_has_no_time_has_no_end_either() -> None:
    office = an_office(rules=replace(RULES, booking=replace(RULES.booking, slot_minutes=15)))
    assert (
        steps.visit_ends_at(
            replace(ticket_in(State.WAITING), slot=None), office, office.services[0]
        )
        is None
    )


@pytest.mark.parametrize("state", [State.HELD, State.BOOKED, State.WAITING])
def test_who_is_to_come_or_waits_keeps_the_places(state: State) -> None:
    assert ticket_in(state).claim == claim(NINE + minutes(10))


@pytest.mark.parametrize("called_at, kept", [(5, False), (9, False), (10, True), (30, True)])
def test_who_is_called_before_the_slot_needs_its_places_no_more(
    called_at: float, kept: bool
) -> None:
    called, _ = take(Action.CALL, ticket_in(State.WAITING), NINE + minutes(called_at))
    assert called.claim == (claim(NINE + minutes(10)) if kept else None)
