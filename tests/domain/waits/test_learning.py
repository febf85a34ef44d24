"""What is learnt from past days: recovers what made them, keeps its promise on days not seen, and
follows a change.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import Random
from statistics import fmean

import pytest

from queue_server.domain.waits.estimate import (
    Misses,
    QueueSight,
    WaitModel,
    band_around,
    estimate_minutes,
)
from queue_server.domain.waits.learning import (
    RECORDS_LEAST,
    TooLittleHistory,
    WaitRecord,
    adapt_misses,
    learn_waits,
)
from queue_server.domain.waits.pace import Pace, follow_busy, follow_call, follow_first
from queue_server.domain.waits.range import round_range
from tests.domain.waiting_line import play


def office_day(
    seed: int, *, minutes: float = 10.0, counters: int = 3, stream: str = "A", visitors: int = 120
) -> list[WaitRecord]:
    """One day of a busy stream as a server would record it, in order of arrival: 8:00 onwards,
    counters just not keeping up.
    """
    random = Random(seed)
    visits = list(
        play(
            partial(random.expovariate, 1.05 * counters / minutes),
            partial(random.expovariate, 1 / minutes),
            counters,
            visitors,
        )
    )
    moments = sorted(
        [(480 + each.arrived_at, 0, place) for place, each in enumerate(visits)]
        + [(480 + each.arrived_at + each.wait, 1, place) for place, each in enumerate(visits)]
    )
    pace, waiting = Pace(at=480.0), 0
    found: dict[int, WaitRecord] = {}
    for now, is_call, place in moments:
        if is_call:
            pace, waiting = follow_call(pace, now, visits[place].wait), waiting - 1
            continue
        pace = follow_busy(pace, now) if waiting else follow_first(pace, now)
        waiting += 1
        sight = QueueSight(
            waiting,
            waiting,
            int(now // 60),
            pace.calls,
            pace.busy_minutes,
            pace.last_wait,
            pace.silent_minutes(now),
            counters,
        )
        if visits[place].wait > 0:
            found[place] = WaitRecord(stream, sight, visits[place].wait)
    return list(found.values())


def whole_day(seed: int) -> list[WaitRecord]:
    """An office with a stream of three counters and one of a single counter, whose waits vary
    more.
    """
    return office_day(seed) + office_day(1_000 + seed, minutes=5.0, counters=1, stream="B")


@pytest.fixture(scope="module")
def days() -> list[list[WaitRecord]]:
    return [whole_day(seed) for seed in range(12)]


@pytest.fixture(scope="module")
def model(days: list[list[WaitRecord]]) -> WaitModel:
    return learn_waits(days)


def bands(model: WaitModel, day: list[WaitRecord]) -> list[tuple[float, float, float, float]]:
    """Estimate, lower end, upper end and true wait of every visitor."""
    found = []
    for record in day:
        estimate = estimate_minutes(model, record.stream, record.sight)
        assert estimate is not None
        found.append(
            (
                estimate,
                *band_around(
                    model, model.misses_of(record.stream), estimate, record.sight.silent_minutes
                ),
                record.wait,
            )
        )
    return found


def test_finds_the_rates_that_made_the_days(model: WaitModel) -> None:
    assert model.streams["A"].rate == pytest.approx(0.3, rel=0.1)
    assert model.streams["B"].rate == pytest.approx(0.2, rel=0.1)
    assert (model.streams["A"].counters, model.streams["B"].counters) == pytest.approx((3.0, 1.0))


def test_leans_on_the_queue_length_where_the_line_is_all_there_is(model: WaitModel) -> None:
    _, length, last, habit = model.weights
    assert length > 0.7
    assert abs(last) < 0.25
    assert abs(habit) < 0.25


def test_keeps_its_promise_on_days_not_seen(model: WaitModel) -> None:
    found = [each for seed in range(500, 530) for each in bands(model, whole_day(seed))]
    assert fmean(low <= wait <= high for _, low, high, wait in found) == pytest.approx(
        0.8, abs=0.04
    )
    assert fmean(wait > high for _, _, high, wait in found) < 0.13


def test_beats_each_predictor_alone_on_days_not_seen(model: WaitModel) -> None:
    records = [each for seed in range(500, 520) for each in office_day(seed)]
    mine = fmean(
        abs((estimate_minutes(model, each.stream, each.sight) or 0.0) - each.wait)
        for each in records
    )
    last = fmean(abs((each.sight.last_wait or 0.0) - each.wait) for each in records)
    habit = fmean(abs(model.streams["A"].usual - each.wait) for each in records)
    assert mine < 0.9 * min(last, habit)


def test_misses_bring_a_range_back_when_the_days_change(model: WaitModel) -> None:
    """Service slower by two fifths than ever learnt: adapting night by night halves the excess of
    late calls.
    """
    fixed: list[bool] = []
    followed: list[bool] = []
    adapted = model
    for seed in range(700, 740):
        day = office_day(seed, minutes=14.0)
        fixed += [wait > high for _, _, high, wait in bands(model, day)]
        followed += [wait > high for _, _, high, wait in bands(adapted, day)]
        adapted = adapt_misses(adapted, day)
    assert fmean(fixed) > 0.19
    assert fmean(followed) - 0.1 < (fmean(fixed) - 0.1) * 0.6
    assert adapted.misses["A"].high < Misses().high / 2
    assert "B" not in adapted.misses


def shown(model: WaitModel, day: list[WaitRecord]) -> list[tuple[bool, float]]:
    """Whether each visitor was called within what was shown, and the estimate."""
    found = []
    for record in day:
        estimate = estimate_minutes(model, record.stream, record.sight)
        assert estimate is not None
        low, high = band_around(
            model, model.misses_at(record.stream, estimate), estimate, record.sight.silent_minutes
        )
        told = round_range(low, estimate, high)
        found.append((told.low <= record.wait <= told.high, estimate))
    return found


def test_what_is_shown_keeps_the_promise_in_every_bin_of_size(model: WaitModel) -> None:
    """On sixty days not seen, night by night. Without the shares of bins the longest waits had 71
    %.
    """
    found: list[tuple[bool, float]] = []
    adapted = model
    for seed in range(500, 560):
        found += shown(adapted, whole_day(seed))
        adapted = adapt_misses(adapted, whole_day(seed))
    assert fmean(inside for inside, _ in found) == pytest.approx(0.8, abs=0.02)
    by_bin = [
        [inside for inside, estimate in found if model.bin_of(estimate) == place]
        for place in range(len(model.errors))
    ]
    assert all(0.75 < fmean(each) < 0.86 for each in by_bin), [
        round(fmean(each), 3) for each in by_bin
    ]


def test_the_misses_of_one_size_move_that_size_alone(
    model: WaitModel, days: list[list[WaitRecord]]
) -> None:
    """Long waits come out twice as long as ever; the ranges of short ones stay."""
    top = len(model.errors) - 1

    def size(record: WaitRecord) -> int:
        return model.bin_of(estimate_minutes(model, record.stream, record.sight) or 0.0)

    changed = [
        replace(each, wait=each.wait * 2) for day in days for each in day if size(each) == top
    ]
    adapted = adapt_misses(model, changed)
    assert adapted.bin_misses[top].high < Misses().high / 2
    assert adapted.bin_misses[:top] == model.bin_misses[:top]
    again = learn_waits(days, adapted)
    assert again.bin_misses == adapted.bin_misses and again.misses == adapted.misses, (
        "the next night goes on from them"
    )
    few = [day[:100] for day in days[:2]]
    other = learn_waits(few, adapted)
    assert (
        len(other.errors) < len(model.errors) and other.bin_misses == learn_waits(few).bin_misses
    ), "other bins begin anew"


def test_few_days_begin_with_a_wider_range_than_many(
    model: WaitModel, days: list[list[WaitRecord]]
) -> None:
    few = learn_waits(days[:3])
    assert (
        max(each.high for each in few.bin_misses)
        < min(each.high for each in model.bin_misses)
        < Misses().high
    )
    assert all(0 < each.low == each.high for each in few.bin_misses)


def test_an_end_that_no_wait_can_miss_teaches_nothing(model: WaitModel) -> None:
    """Where the lower end shown is 0 its share stays, or the first long estimates would get a lower
    end far too high.
    """
    at_once = WaitRecord(
        "A", QueueSight(1, 1, 9, calls=60.0, busy_minutes=60.0, last_wait=0.5, counters=40), 0.5
    )
    adapted = adapt_misses(model, [at_once] * 500)
    assert adapted.misses["A"].low == Misses().low
    assert adapted.misses["A"].high > Misses().high


def test_a_promise_that_is_always_kept_is_tightened(
    model: WaitModel, days: list[list[WaitRecord]]
) -> None:
    middle = [
        replace(each, wait=estimate_minutes(model, each.stream, each.sight) or 0.0)
        for each in days[0]
    ]
    adapted = adapt_misses(model, middle)
    assert adapted.misses["A"].low > Misses().low
    assert adapted.misses["A"].high > Misses().high


def test_newer_days_count_more() -> None:
    slow, fast = (
        [office_day(seed, minutes=20.0) for seed in range(10)],
        [office_day(seed) for seed in range(10, 20)],
    )
    assert learn_waits(slow + fast).streams["A"].rate > learn_waits(fast + slow).streams["A"].rate


def test_figures_of_another_office_day_do_not_reach_the_errors_of_their_own() -> None:
    """One wild day changes what is usual, but its own errors are those of a model that never saw
    it.
    """
    usual, wild = (
        [office_day(seed) for seed in range(8)],
        [replace(each, wait=each.wait * 8) for each in office_day(8)],
    )
    calm, shaken = learn_waits(usual), learn_waits([*usual, wild])
    assert max(map(max, shaken.errors)) > max(map(max, calm.errors)) + 0.7


def test_errors_are_sorted_and_every_bin_has_some(model: WaitModel) -> None:
    assert len(model.errors) == len(model.edges) + 1
    assert list(model.edges) == sorted(set(model.edges))
    assert all(each and list(each) == sorted(each) for each in model.errors)


def test_equal_estimates_share_one_bin() -> None:
    """A hundred visitors who all find the same queue: there is nothing to tell bins apart by."""
    sight = QueueSight(3, 3, 9, calls=10.0, busy_minutes=40.0, last_wait=10.0, counters=2)
    day = [WaitRecord("A", sight, 8.0 + each % 5) for each in range(100)]
    assert len(learn_waits([day, day]).errors) == 1


@pytest.mark.parametrize(
    "found",
    [[], [office_day(1)], [office_day(1, visitors=20), office_day(2, visitors=20)], [[], []]],
)
def test_too_little_is_refused(found: list[list[WaitRecord]]) -> None:
    with pytest.raises(TooLittleHistory, match=str(RECORDS_LEAST)):
        learn_waits(found)


def test_a_stream_seen_on_one_day_only_is_known_but_teaches_no_errors(
    days: list[list[WaitRecord]],
) -> None:
    new = office_day(900, stream="N")
    learnt = learn_waits([*days, new])
    assert "N" in learnt.streams
    assert sum(map(len, learnt.errors)) == sum(map(len, learn_waits(days).errors))
