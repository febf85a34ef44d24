"""Scores the server's own prediction of waits, and the usual alternatives, on days it has not
learnt from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from queue_server.domain.waits.estimate import (
    SHORTEST_MINUTES,
    WaitModel,
    band_around,
    blend,
    describe,
    expect_wait,
)
from queue_server.domain.waits.learning import TooLittleHistory, adapt_misses, learn_waits
from queue_server.domain.waits.range import WaitRange

from .rebuild import RebuiltTicket

DAYS_SCORED_OF_ONE_FILE = 5
MISS_COST = 2 / 0.2
"""What a minute outside an 80 % range costs in the interval score."""

Days = Mapping[str, Sequence[RebuiltTicket]]


class BadSplit(Exception):
    """The days cannot be divided into learnt and scored ones; the message says why."""


@dataclass(frozen=True)
class Shown:
    """What visitors are shown, rounded to its steps: how many were shown a range, and how good the
    ranges were.

    `width` is the mean in minutes, `ratio` the median of the upper end over the lower one, a lower
    end of 0 counting as 1.
    """

    tickets: int
    coverage: float
    late_share: float
    width: float
    ratio: float


@dataclass(frozen=True)
class Day:
    """One scored day: the error of the estimate in minutes, and the share of waits within what was
    shown.
    """

    tickets: int
    mae: float
    bias: float
    shown_coverage: float


@dataclass(frozen=True)
class Evaluation:
    """The quality of the prediction. Minutes and shares of 1; `bias` above 0 means that it was too
    long.

    By bin: by the size of the estimate, the label naming the bin in minutes. `late_share`: waits
    above the range. `baselines`: the mean absolute errors of the alternatives. `coverage`,
    `interval_score` and `late_share` refer to the range before it is rounded to its steps. `shown`
    and `shown_by_bin` refer to what a newcomer is shown, which is nothing where nothing can be
    promised.
    """

    tickets: int
    mae: float
    bias: float
    coverage: float
    coverage_by_bin: Mapping[str, float]
    interval_score: float
    late_share: float
    baselines: Mapping[str, float]
    shown: Shown
    shown_by_bin: Mapping[str, Shown]
    by_day: Mapping[str, Day]


@dataclass(frozen=True)
class _Outcome:
    ticket: RebuiltTicket
    shown: WaitRange | None
    estimate: float
    low: float
    high: float
    bin: int

    @property
    def wait(self) -> float:
        return self.ticket.record.wait

    @property
    def inside(self) -> bool:
        return self.low <= self.wait <= self.high

    @property
    def interval_score(self) -> float:
        return (
            self.high
            - self.low
            + MISS_COST * (max(0.0, self.low - self.wait) + max(0.0, self.wait - self.high))
        )


def split_days(learn: Days, score: Days) -> tuple[Days, Days]:
    """The days to learn from and those to score; no day is both.

    If the second has no day of its own, as with one file given twice, its last five days are scored
    and the earlier ones of the first are learnt from. Otherwise days in both are learnt from and
    not scored. Raises `BadSplit` if too little is left.
    """
    dates = sorted(score)
    if set(dates) <= set(learn):
        scored = set(dates[-DAYS_SCORED_OF_ONE_FILE:])
        learn = {day: learn[day] for day in sorted(learn) if day < min(scored, default="")}
    else:
        scored = set(dates) - set(learn)
    score = {day: score[day] for day in dates if day in scored}
    if len(learn) < 2 or not score:
        raise BadSplit(
            f"{len(learn)} days to learn from and {len(score)} to score; at least 2 and 1 are "
            "needed."
        )
    return learn, score


def evaluate(learn: Days, score: Days, progress: Callable[[], object] = lambda: None) -> Evaluation:
    """Learn from `learn`, and predict each wait of `score` as the server would have when the ticket
    was issued.

    Tickets of queues without a learnt day are left out, since no method knows them. After each
    scored day the two tails of the range are corrected by its misses, as the server does at night;
    nothing else is learnt from scored days. `progress` is called after learning and after each day.
    Raises `BadSplit`.
    """
    try:
        model = learn_waits([[each.record for each in learn[day]] for day in sorted(learn)])
    except TooLittleHistory as error:
        raise BadSplit(f"Too little to learn from: {error}") from None
    progress()
    outcomes: list[_Outcome] = []
    for day in sorted(score):
        outcomes += _predict_day(model, score[day])
        model = adapt_misses(model, [each.record for each in score[day]])
        progress()
    if not outcomes:
        raise BadSplit("No queue of the scored days has a day to learn from.")
    return _sum_up(model, outcomes, _baselines([each for day in learn.values() for each in day]))


def _predict_day(model: WaitModel, tickets: Sequence[RebuiltTicket]) -> list[_Outcome]:
    """Each ticket as it was issued; the screens of a queue keep a range until an end has moved by a
    step.
    """
    told: dict[str, WaitRange | None] = {}
    outcomes = []
    for ticket in sorted(tickets, key=lambda each: (each.issued_at, each.record.stream)):
        stream = ticket.record.stream
        if stream in model.streams:
            outcomes.append(_predict(model, ticket, told.get(stream)))
            told[stream] = outcomes[-1].shown
    return outcomes


def _predict(model: WaitModel, ticket: RebuiltTicket, told: WaitRange | None) -> _Outcome:
    record = ticket.record
    estimate = blend(model.weights, describe(record.sight, model.streams[record.stream]))
    low, high = band_around(
        model, model.misses_at(record.stream, estimate), estimate, record.sight.silent_minutes
    )
    shown = expect_wait(model, record.stream, record.sight, SHORTEST_MINUTES, told)
    return _Outcome(ticket, shown, estimate, low, high, model.bin_of(estimate))


Predictor = Callable[[RebuiltTicket], float]


def _baselines(learnt: Sequence[RebuiltTicket]) -> dict[str, Predictor]:
    """The alternatives, each with what it learns from the same days.

    vendor: the queue system's own figure. history: the mean wait of the queue at that hour. les:
    the wait of the last one called. queue_length: tickets waiting over the queue's usual calls per
    minute.
    """
    by_queue: dict[str, list[float]] = defaultdict(list)
    by_hour: dict[tuple[str, int], list[float]] = defaultdict(list)
    rates: dict[str, list[float]] = defaultdict(list)
    for each in learnt:
        record = each.record
        by_queue[record.stream].append(record.wait)
        by_hour[record.stream, record.sight.hour].append(record.wait)
        if each.window_minutes:
            rates[record.stream].append(each.window_calls / each.window_minutes)
    usual = {queue: fmean(waits) for queue, waits in by_queue.items()}
    usual_at = {key: fmean(waits) for key, waits in by_hour.items()}
    usual_rate = {queue: max(0.01, fmean(each)) for queue, each in rates.items()}

    def history(ticket: RebuiltTicket) -> float:
        stream = ticket.record.stream
        return usual_at.get((stream, ticket.record.sight.hour), usual[stream])

    def queue_length(ticket: RebuiltTicket) -> float:
        return ticket.record.sight.line / usual_rate.get(ticket.record.stream, 0.01)

    return {
        "vendor": lambda ticket: float(ticket.vendor_minutes),
        "history": history,
        "les": lambda ticket: ticket.record.sight.last_wait or 0.0,
        "queue_length": queue_length,
    }


def _sum_up(
    model: WaitModel, outcomes: Sequence[_Outcome], baselines: Mapping[str, Predictor]
) -> Evaluation:
    ends = [0.0, *model.edges]
    labels = [f"{low:.1f}-{high:.1f}" for low, high in pairwise(ends)] + [f"{ends[-1]:.1f}+"]
    in_bins = [[each for each in outcomes if each.bin == index] for index in range(len(labels))]
    days = sorted({each.ticket.date for each in outcomes})
    return Evaluation(
        tickets=len(outcomes),
        mae=fmean(abs(each.estimate - each.wait) for each in outcomes),
        bias=fmean(each.estimate - each.wait for each in outcomes),
        coverage=fmean(each.inside for each in outcomes),
        coverage_by_bin={
            label: fmean(each.inside for each in of_bin)
            for label, of_bin in zip(labels, in_bins, strict=True)
            if of_bin
        },
        interval_score=fmean(each.interval_score for each in outcomes),
        late_share=fmean(each.wait > each.high for each in outcomes),
        baselines={
            name: fmean(
                abs(max(SHORTEST_MINUTES, predict(each.ticket)) - each.wait) for each in outcomes
            )
            for name, predict in baselines.items()
        },
        shown=_sum_up_shown(outcomes),
        shown_by_bin={
            label: _sum_up_shown(of_bin)
            for label, of_bin in zip(labels, in_bins, strict=True)
            if of_bin
        },
        by_day={
            day: _sum_up_day([each for each in outcomes if each.ticket.date == day]) for day in days
        },
    )


def _sum_up_shown(outcomes: Sequence[_Outcome]) -> Shown:
    shown = [(each.wait, each.shown) for each in outcomes if each.shown is not None]
    if not shown:
        return Shown(0, 0.0, 0.0, 0.0, 0.0)
    return Shown(
        len(shown),
        fmean(told.low <= wait <= told.high for wait, told in shown),
        fmean(wait > told.high for wait, told in shown),
        fmean(told.high - told.low for _, told in shown),
        median(told.high / max(1, told.low) for _, told in shown),
    )


def _sum_up_day(outcomes: Sequence[_Outcome]) -> Day:
    return Day(
        len(outcomes),
        fmean(abs(each.estimate - each.wait) for each in outcomes),
        fmean(each.estimate - each.wait for each in outcomes),
        _sum_up_shown(outcomes).coverage,
    )
