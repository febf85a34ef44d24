"""The link's state by examples, and by any course of answers on a clock of our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.link.outlook import OFFER_SECONDS, RECONNECT_SECONDS
from kiosk.link.state import (
    DOUBT_SECONDS,
    OFFLINE_SECONDS,
    SETTLED_ANSWERS,
    SETTLED_SECONDS,
    SLOW_SECONDS,
    Link,
    LinkState,
    begin_link,
    hear,
    pass_time,
)


def play(*answers: tuple[float, bool], outbox: int = 0, took_seconds: float = 0.1) -> LinkState:
    """The state after answers at certain moments."""
    state = begin_link(0.0)
    for at, good in answers:
        state = hear(state, at, good=good, took_seconds=took_seconds, outbox=outbox)
    return state


@pytest.mark.parametrize(
    ("silent_seconds", "link"),
    [
        (0.0, Link.ONLINE),
        (DOUBT_SECONDS - 0.1, Link.ONLINE),
        (DOUBT_SECONDS, Link.DOUBT),
        (OFFLINE_SECONDS - 0.1, Link.DOUBT),
        (OFFLINE_SECONDS, Link.OFFLINE),
    ],
)
def test_silence_is_counted(silent_seconds: float, link: Link) -> None:
    assert pass_time(play((0.0, True)), silent_seconds, 0).link is link


def test_one_failed_poll_is_no_outage() -> None:
    fails_at = OFFER_SECONDS
    again_at = fails_at + RECONNECT_SECONDS
    state = play((0.0, True), (fails_at, False), (again_at, True))
    assert pass_time(state, again_at, 0).link is Link.ONLINE


def test_a_server_that_answers_everything_after_twenty_seconds_is_offline() -> None:
    state = play(*((20.0 * turn, True) for turn in range(1, 6)), took_seconds=20.0)
    assert state.link is Link.OFFLINE


def test_the_end_of_an_outage_takes_three_good_answers_over_ten_seconds() -> None:
    outage = play((0.0, True), (30.0, False))
    assert outage.link is Link.OFFLINE
    first = hear(outage, 31.0, good=True, took_seconds=0.1, outbox=0)
    second = hear(first, 32.0, good=True, took_seconds=0.1, outbox=0)
    third = hear(second, 36.0, good=True, took_seconds=0.1, outbox=0)
    assert (first.link, second.link, third.link) == (Link.SYNCING,) * 3
    fourth = hear(third, 41.0, good=True, took_seconds=0.1, outbox=0)
    assert fourth.link is Link.ONLINE and fourth.outage_from is None


def test_numbers_that_are_not_reported_yet_keep_the_kiosk_syncing() -> None:
    state = play((0.0, True), (30.0, False), *((31.0 + turn, True) for turn in range(20)), outbox=1)
    assert state.link is Link.SYNCING
    assert pass_time(state, 51.0, 0).link is Link.ONLINE


def test_a_bad_answer_begins_the_count_anew() -> None:
    good = [(30.0 + 2 * turn, True) for turn in range(5)]
    state = play((0.0, True), (25.0, False), *good, (39.0, False), (40.5, True))
    assert state.link is Link.SYNCING


def test_the_outage_began_with_the_last_good_answer() -> None:
    state = play((0.0, True), (5.0, True), (30.0, False), (31.0, True), (38.5, False))
    assert (state.link, state.outage_from) == (Link.OFFLINE, 5.0)


answers = st.lists(
    st.tuples(
        st.floats(0.05, 12.0),  # pause before the answer
        st.booleans(),
        st.sampled_from([0.05, SLOW_SECONDS, 20.0]),
        st.integers(0, 2),
    ),
    max_size=60,
)


@given(answers)
def test_any_course_of_answers_keeps_the_rules(
    course: list[tuple[float, bool, float, int]],
) -> None:
    state, now = begin_link(0.0), 0.0
    good_at = 0.0
    run: list[float] = []
    for pause_seconds, good, took_seconds, outbox in course:
        now += pause_seconds
        quiet = pass_time(state, now, outbox)
        is_good = good and took_seconds <= SLOW_SECONDS
        after = hear(state, now, good=good, took_seconds=took_seconds, outbox=outbox)
        silent_seconds = now - good_at
        # Silence of 7 s is never online, and less than 7 s never begins an outage.
        assert (quiet.link is Link.ONLINE) <= (silent_seconds < DOUBT_SECONDS)
        if state.link is Link.ONLINE and silent_seconds < DOUBT_SECONDS:
            assert after.link is Link.ONLINE
        if quiet.link is not Link.ONLINE and not is_good:
            assert after.link is quiet.link
        run = [*run, now] if is_good else []
        if after.link is Link.ONLINE and quiet.link is not Link.ONLINE:
            assert is_good and outbox == 0
            assert len(run) >= SETTLED_ANSWERS and run[-1] - run[0] >= SETTLED_SECONDS
        assert (after.outage_from is None) == (after.link is Link.ONLINE)
        good_at = now if is_good else good_at
        state = after


@given(st.floats(DOUBT_SECONDS, 60.0), st.integers(1, 30))
def test_a_flapping_network_never_looks_online(gap_seconds: float, turns: int) -> None:
    """One good answer now and then is an outage that goes on."""
    state, now = begin_link(0.0), 0.0
    for _ in range(turns):
        now += gap_seconds
        state = hear(state, now, good=True, took_seconds=0.1, outbox=0)
        assert state.link is Link.SYNCING
        state = hear(state, now + 1.0, good=False, took_seconds=0.1, outbox=0)
    assert state.outage_from == 0.0
