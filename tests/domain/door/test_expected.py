"""Who is expected: late within the grace and after it, times that matter now, nobody lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking import steps as booking_steps
from queue_server.domain.door.expected import (
    AHEAD_SHOWN,
    COUNTED_STATES,
    EARLIER_SHOWN,
    Alike,
    Attendance,
    DueSlot,
    choose_due,
    count_due,
    judge_attendance,
)
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from tests.domain.examples import NINE, RULES, minutes, request


def booked(slot: datetime = NINE, **values: object) -> Ticket:
    ticket, _event = booking_steps.book(request(), slot, NINE - minutes(60))
    return replace(ticket, **values)  # type: ignore[arg-type]  # any field of a ticket


@pytest.mark.parametrize(
    ("delay", "minute", "expected"),
    [
        (None, 0, Attendance.COMING),
        (None, 0.1, Attendance.LATE),
        (None, 10, Attendance.LATE),
        (None, 10.1, Attendance.TOO_LATE),
        (5, 5, Attendance.COMING),
        (5, 9, Attendance.LATE),
        (30, 30, Attendance.COMING),
        (30, 31, Attendance.TOO_LATE),
    ],
)
def test_late_is_who_keeps_the_turn_and_too_late_who_does_not(
    delay: int | None, minute: float, expected: Attendance
) -> None:
    now = NINE + minutes(minute)
    assert judge_attendance(booked(delay_minutes=delay), RULES, now) is expected


@pytest.mark.parametrize("state", sorted(COUNTED_STATES - {State.BOOKED}))
def test_who_has_come_is_here_whatever_became_of_the_visit(state: State) -> None:
    now = NINE + minutes(60)
    assert judge_attendance(booked(state=state, arrived_at=NINE), RULES, now) is Attendance.HERE
    assert judge_attendance(booked(state=state), RULES, now) is Attendance.MISSED


def test_a_time_counts_visits_and_persons_and_leaves_out_who_is_not_expected() -> None:
    later = NINE + minutes(15)
    day = [
        Alike(NINE, State.BOOKED, None, None, visits=2, people=3),
        Alike(NINE, State.BOOKED, 30, None, visits=1, people=1),
        Alike(NINE, State.SERVED, None, NINE, visits=1, people=4),
        Alike(NINE, State.CANCELLED, None, None, visits=5, people=5),
        Alike(NINE, State.HELD, None, None, visits=5, people=5),
        Alike(later, State.BOOKED, None, None, visits=1, people=1),
    ]
    assert count_due(day, RULES, NINE + minutes(5)) == (
        DueSlot(NINE, bookings=4, people=8, present=1, present_people=4, late=2),
        DueSlot(later, bookings=1, people=1),
    )
    [first, _second] = count_due(day, RULES, NINE + minutes(11))
    assert (first.late, first.too_late, first.misses_somebody) == (0, 2, True)


slots = st.lists(
    st.builds(
        DueSlot,
        st.integers(-12, 12).map(lambda step: NINE + minutes(15 * step)),
        bookings=st.just(3),
        late=st.integers(0, 1),
        too_late=st.integers(0, 1),
    ),
    unique_by=lambda each: each.starts_at,
)


@given(slots)
def test_the_present_time_is_never_left_out_and_earlier_ones_only_with_somebody_missing(
    day: list[DueSlot],
) -> None:
    chosen = choose_due(day, NINE)
    assert list(chosen) == sorted(chosen, key=lambda each: each.starts_at)
    begun = [each for each in day if each.starts_at <= NINE]
    ahead = [each for each in chosen if each.starts_at > NINE]
    assert len(ahead) == min(AHEAD_SHOWN, len(day) - len(begun))
    if begun:
        present = max(begun, key=lambda each: each.starts_at)
        assert present in chosen
        earlier = [each for each in chosen if each.starts_at < present.starts_at]
        assert all(each.misses_somebody for each in earlier)
        missing = [each for each in begun if each != present and each.misses_somebody]
        assert len(earlier) == min(EARLIER_SHOWN, len(missing))
