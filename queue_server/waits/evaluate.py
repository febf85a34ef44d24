"""Scores the server's own prediction of waits, and the usual alternatives, on days it has not learnt from."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from ..domain.wait_estimate import SHORTEST_MINUTES, WaitModel, band_around, blend, describe
from ..domain.wait_learning import TooLittleHistory, adapt_misses, learn_waits
from .rebuild import RebuiltTicket

DAYS_SCORED_OF_ONE_FILE = 5
MISS_COST = 2 / 0.2
"""What a minute outside an 80 % range costs in the interval score."""

Days = Mapping[str, Sequence[RebuiltTicket]]


class BadSplit(Exception):
    """Days that cannot be learnt from and scored; the message says why."""


@dataclass(frozen=True)
class Evaluation:
    """How the prediction did. Minutes and shares of 1; `bias` above 0 means predicted too long.

    `coverage_by_bin`: by the size of the estimate, its label naming the bin in minutes. `late_share`: waits above the
    range. `baselines`: the mean absolute errors of the alternatives. The range is taken before it is rounded for display.
    """

    tickets: int
    mae: float
    bias: float
    coverage: float
    coverage_by_bin: Mapping[str, float]
    interval_score: float
    late_share: float
    baselines: Mapping[str, float]


@dataclass(frozen=True)
class _Outcome:
    ticket: RebuiltTicket
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
        return self.high - self.low + MISS_COST * (max(0.0, self.low - self.wait) + max(0.0, self.wait - self.high))


def split_days(learn: Days, score: Days) -> tuple[Days, Days]:
    """The days to learn from and those to score; no day is both.

    Where the second brings no day of its own, as one file twice does not: its last five are scored and the earlier ones of the first
    learnt from. Otherwise days of both are learnt from and not scored. Raises `BadSplit` where too little is left.
    """
    dates = sorted(score)
    if set(dates) <= set(learn):
        scored = set(dates[-DAYS_SCORED_OF_ONE_FILE:])
        learn = {day: learn[day] for day in sorted(learn) if day < min(scored, default="")}
    else:
        scored = set(dates) - set(learn)
    score = {day: score[day] for day in dates if day in scored}
    if len(learn) < 2 or not score:
        raise BadSplit(f"{len(learn)} days to learn from and {len(score)} to score; at least 2 and 1 are needed.")
    return learn, score


def evaluate(learn: Days, score: Days, progress: Callable[[], object] = lambda: None) -> Evaluation:
    """Learn from the one, predict each wait of the other as the server would have when the ticket was issued.

    Tickets of queues without a learnt day are left out, since no method knows them. After each scored day the two tails of the
    range are corrected by its misses, as the server does at night; nothing else is learnt from scored days. `progress`
    is called after learning and after each day. Raises `BadSplit`.
    """
    try:
        model = learn_waits([[each.record for each in learn[day]] for day in sorted(learn)])
    except TooLittleHistory as error:
        raise BadSplit(f"Too little to learn from: {error}") from None
    progress()
    outcomes: list[_Outcome] = []
    for day in sorted(score):
        outcomes += [_predict(model, each) for each in score[day] if each.record.stream in model.streams]
        model = adapt_misses(model, [each.record for each in score[day]])
        progress()
    if not outcomes:
        raise BadSplit("No queue of the scored days has a day to learn from.")
    return _sum_up(model, outcomes, _baselines([each for day in learn.values() for each in day]))


def _predict(model: WaitModel, ticket: RebuiltTicket) -> _Outcome:
    record = ticket.record
    estimate = blend(model.weights, describe(record.sight, model.streams[record.stream]))
    low, high = band_around(model, model.misses_of(record.stream), estimate, record.sight.silent_minutes)
    return _Outcome(ticket, estimate, low, high, model.bin_of(estimate))


Predictor = Callable[[RebuiltTicket], float]


def _baselines(learnt: Sequence[RebuiltTicket]) -> dict[str, Predictor]:
    """The alternatives, each with what it learns from the same days.

    vendor: the queue system's own figure. history: the mean wait of the queue at that hour. les: the wait of the last one
    called. queue_length: tickets waiting over the queue's usual calls per minute.
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
        "vendor": lambda ticket: float(ticket.vendor_minutes), "history": history,
        "les": lambda ticket: ticket.record.sight.last_wait or 0.0, "queue_length": queue_length,
    }


def _sum_up(model: WaitModel, outcomes: Sequence[_Outcome], baselines: Mapping[str, Predictor]) -> Evaluation:
    ends = [0.0, *model.edges]
    labels = [f"{low:.1f}-{high:.1f}" for low, high in pairwise(ends)] + [f"{ends[-1]:.1f}+"]
    in_bins = [[each for each in outcomes if each.bin == place] for place in range(len(labels))]
    return Evaluation(
        tickets=len(outcomes), mae=fmean(abs(each.estimate - each.wait) for each in outcomes),
        bias=fmean(each.estimate - each.wait for each in outcomes), coverage=fmean(each.inside for each in outcomes),
        coverage_by_bin={
            label: fmean(each.inside for each in found) for label, found in zip(labels, in_bins, strict=True) if found
        },
        interval_score=fmean(each.interval_score for each in outcomes),
        late_share=fmean(each.wait > each.high for each in outcomes),
        baselines={
            name: fmean(abs(max(SHORTEST_MINUTES, predict(each.ticket)) - each.wait) for each in outcomes)
            for name, predict in baselines.items()
        },
    )
