"""The rule of announcing: every call once, in order, in full or in a burst, none that was taken
back; whatever happens in between.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.display.announcing.node_process import Announcing
from tests.display.announcing.office import Call, Office, Said

FULL_MOST, GRID_MOST = 3, 12


@pytest.fixture
def office(rule: Announcing) -> Office:
    opened = Office(rule)
    opened.open_page()
    return opened


def ids(*numbers: int) -> list[str]:
    return [f"c{number}" for number in numbers]


def spoken(office: Office) -> list[tuple[str, str, bool]]:
    return [(each.id, each.form, each.chime) for each in office.said]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_calls_are_announced_in_full_one_after_another(
    office: Office, count: int
) -> None:
    office.make(count)
    office.settle()
    assert spoken(office) == [(id, "full", True) for id in ids(*range(1, count + 1))]


@pytest.mark.parametrize("count", [4, 8, 12])
def test_more_calls_are_a_grid_with_one_chime_and_each_is_named(office: Office, count: int) -> None:
    office.make(count)
    assert office.stage["kind"] == "burst" and office.stage["naming"] == "c1"
    assert [call["id"] for call in office.stage["calls"]] == ids(*range(1, count + 1))
    office.settle()
    assert spoken(office) == [
        (id, "short", place == 0) for place, id in enumerate(ids(*range(1, count + 1)))
    ]


def test_a_grid_holds_twelve_and_the_rest_is_the_next_one(office: Office) -> None:
    office.make(30)
    office.settle()
    chimes = [place for place, each in enumerate(office.said) if each.chime]
    assert [each.form for each in office.said] == ["short"] * 30
    assert chimes == [0, 12, 24]


def test_what_comes_while_calls_are_announced_waits_for_the_next_turn(office: Office) -> None:
    office.make(2)
    office.pass_time(1000)
    office.make(3)
    office.settle()
    assert [each.form for each in office.said] == ["full"] * 5
    assert [each.id for each in office.said] == ids(1, 2, 3, 4, 5)


def test_a_call_that_is_older_than_a_minute_when_first_seen_is_only_shown(rule: Announcing) -> None:
    office = Office(rule)
    office.calls = [Call("old", 0, office.clock_ms - 60_001, "3")]
    office.open_page()
    office.make(1)
    office.settle()
    assert [each.id for each in office.said] == ["c1"]


def test_a_call_waits_as_long_as_it_takes(office: Office) -> None:
    """A hundred calls in ten seconds outlast the minute for which a board carries them."""
    for _ in range(10):
        office.make(10)
        office.pass_time(1000)
    office.settle()
    assert office.heard == ids(*range(1, 101))


def test_a_call_that_is_taken_back_is_cut_off_and_leaves_the_grid(office: Office) -> None:
    office.make(5)
    first, second = office.calls[0], office.calls[1]
    office.take_back(second)
    assert [call["id"] for call in office.stage["calls"]] == ids(1, 3, 4, 5)
    office.take_back(first)
    assert office.stage["naming"] == "c3"
    office.settle()
    assert office.heard == ids(3, 4, 5)


def test_a_recall_is_a_call_of_its_own(office: Office) -> None:
    office.make(1)
    office.settle()
    office.make(1)
    office.settle()
    assert office.heard == ids(1, 2)


def test_a_standstill_is_silent_and_afterwards_all_is_announced(office: Office) -> None:
    office.make(2)
    office.pass_time(1000)
    office.paused = True
    office.look()
    assert office.stage == {"kind": "rest"}
    office.make(1)
    office.pass_time(300_000)
    assert len(office.said) == 1 and office.heard == []
    office.paused = False
    office.look()
    office.settle()
    assert office.heard == ids(1, 2, 3)


def test_what_had_begun_to_end_is_not_said_again_after_a_standstill(office: Office) -> None:
    office.make(1)
    office.pass_time(4300)
    office.paused = True
    office.look()
    office.paused = False
    office.look()
    office.settle()
    assert [each.id for each in office.said] == ["c1"]


@pytest.mark.parametrize(("after_ms", "times"), [(4100, 2), (4300, 1)])
def test_a_page_that_is_loaded_anew_repeats_what_it_broke_off_and_nothing_else(
    office: Office, after_ms: int, times: int
) -> None:
    office.make(2)
    office.pass_time(after_ms)
    office.open_page()
    office.settle()
    assert Counter(each.id for each in office.said) == {"c1": times, "c2": 1}
    assert office.heard == ids(1, 2)


def test_a_page_loaded_anew_goes_on_with_calls_that_the_board_has_let_go(office: Office) -> None:
    office.make(50)
    office.pass_time(100_000)
    office.open_page()
    office.settle()
    assert office.heard == ids(*range(1, 51))


def test_a_screen_without_a_voice_shows_each_call_and_marks_none_as_announced(
    office: Office,
) -> None:
    office.voice = "off"
    office.make(5)
    office.settle()
    assert office.heard == [] and office.shown == ids(1, 2, 3, 4, 5)
    office.voice = "speaks"
    office.look()
    office.settle()
    assert office.heard == [], "what was shown then is done"


def test_a_page_that_gets_the_voice_says_what_the_other_had_not(office: Office) -> None:
    office.voice = "beside"
    office.make(6)
    office.settle()
    office.heard = ids(1, 2)
    office.look()
    office.voice = "speaks"
    office.look()
    office.settle()
    assert office.heard == ids(1, 2, 3, 4, 5, 6)


def test_a_page_that_loses_the_voice_is_silent_at_once(office: Office) -> None:
    office.make(1)
    office.pass_time(1000)
    office.voice = "beside"
    office.look()
    assert office.said[0].is_cut
    office.settle()
    assert office.heard == [] and office.shown == ["c1"]


def test_nothing_is_announced_before_it_is_known_who_speaks(rule: Announcing) -> None:
    office = Office(rule, voice=None)
    office.open_page()
    office.make(1)
    assert office.stage == {"kind": "rest"} and office.said == []
    office.voice = "speaks"
    office.look()
    office.settle()
    assert office.heard == ["c1"]


def test_a_screen_for_some_counters_announces_only_theirs(rule: Announcing) -> None:
    office = Office(rule, counters=("3", "4"))
    office.open_page()
    office.make(3, "7")
    office.make(2, "4")
    office.settle()
    assert office.heard == ids(4, 5)


def test_a_sound_test_comes_between_calls_and_once(office: Office) -> None:
    office.make(2)
    office.test_call = "t1"
    office.look()
    office.settle()
    assert [(each.id, each.form) for each in office.said] == [
        ("c1", "full"),
        ("c2", "full"),
        ("t1", "test"),
    ]
    office.open_page()
    office.settle()
    assert len(office.said) == 3


def test_a_page_that_slept_announces_only_what_is_new(office: Office) -> None:
    office.make(10)
    office.pass_time(4000)
    begun = len(office.said)
    office.sleep(3_600_000)
    office.make(1)
    office.settle()
    assert [each.id for each in office.said[begun:]] == ["c11"]


def test_timers_that_fire_late_after_a_sleep_start_nothing_old(office: Office) -> None:
    office.make(10)
    office.pass_time(1000)
    office.sleep(3_600_000)
    office.pass_time(1)
    office.settle()
    assert [each.id for each in office.said] == ["c1"]


def test_an_empty_board_ends_the_day(office: Office) -> None:
    office.make(9)
    office.pass_time(1000)
    office.calls.clear()
    office.look()
    assert office.stage == {"kind": "rest"} and office.timers == []
    office.settle()
    assert len(office.said) == 1


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["speaks", "beside"])
def test_a_long_day_makes_nothing_grow(rule: Announcing, voice: str) -> None:
    office = Office(rule, voice=voice)
    office.open_page()
    for _ in range(240):
        office.make(10)
        office.pass_time(40_000)
        if voice == "beside":
            office.heard = office.shown[-1000:]  # by the page that speaks
    assert office.made == 2400 and len(office.said) == 2400
    assert office.remembered <= 2100


steps = st.one_of(
    st.tuples(st.just("make"), st.sampled_from([1, 1, 1, 2, 3, 4, 5, 8, 15, 40])),
    st.tuples(st.just("wait"), st.sampled_from([0, 300, 1500, 2700, 6000, 20_000, 61_000])),
    st.tuples(st.just("take back"), st.integers(0, 12)),
    st.tuples(st.just("pause"), st.booleans()),
    st.tuples(st.just("reload"), st.none()),
    st.tuples(st.just("clock"), st.sampled_from([-3_600_000, -30_000, 30_000, 3_600_000])),
    st.tuples(st.just("other page"), st.booleans()),
)


@given(st.lists(steps, max_size=40), st.sampled_from([8, 200]))
def test_every_call_is_announced_once_in_order_and_as_the_rule_says(
    rule: Announcing, happened: list[tuple[str, int]], room: int
) -> None:
    office = Office(rule, room=room)
    office.open_page()
    made: list[Call] = []
    for step, value in happened:
        if step == "make":
            office.make(value)
            made += [call for call in office.calls if call not in made]
        elif step == "wait":
            office.pass_time(value)
        elif step == "take back" and office.calls:
            office.take_back(office.calls[-1 - value % len(office.calls)])
        elif step == "pause":
            office.paused = bool(value)
            office.look()
        elif step == "reload":
            office.open_page()
        elif step == "clock":
            office.clock_ms += value
            office.look()
        elif step == "other page":
            office.voice = "beside" if value else "speaks"
            office.look()
    office.paused, office.voice = False, "speaks"
    office.look()
    office.settle()

    assert [id for id, times in Counter(office.heard).items() if times > 1] == [], "none twice"
    due = [call for call in made if call.is_fresh]
    stands = {call.id for call in due if call.taken_back_ms is None}
    assert stands <= set(office.heard), "none lost"
    assert set(office.heard) <= {call.id for call in due}, "none that was old"
    for call in due:
        if call.taken_back_ms is not None:
            late = [each for each in office.said if each.id == call.id]
            assert all(each.at_ms <= call.taken_back_ms for each in late), "none taken back"
    # A call that a full board had left out may come to light late.
    if room == 200 and not any(step == "clock" and value < 0 for step, value in happened):
        order = {call.id: call.made for call in made}
        assert [order[id] for id in office.heard] == sorted(order[id] for id in office.heard)
    assert_batches(office.said)


def assert_batches(said: list[Said]) -> None:
    """Each turn is as the rule says: by how many waited when it began."""
    place = 0
    while place < len(said):
        first = said[place]
        waited = first.waited
        form = "full" if len(waited) <= FULL_MOST else "short"
        batch = waited[:GRID_MOST]
        turn = [first]
        for each in said[place + 1 :]:
            if turn[-1].is_cut or each.id not in batch or each.chime and form == "short":
                break
            turn.append(each)
        assert [each.form for each in turn] == [form] * len(turn)
        assert [each.chime for each in turn[1:]] == [form == "full"] * (len(turn) - 1)
        assert first.chime
        place += len(turn)
