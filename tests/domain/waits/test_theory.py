"""The predictors against queueing theory: exact formulas, and a line played out with a fixed
seed.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from math import exp, factorial, log, sqrt
from random import Random
from statistics import fmean

import pytest

from queue_server.domain.waits.estimate import QueueSight, StreamFigures, describe
from queue_server.domain.waits.range import gamma_band
from tests.domain.waiting_line import Visit, play

MEAN_MINUTES = 10.0
FEW_VISITORS = 100_000
"""Enough for the tolerances; many more are played with --slow."""


def few_and(many: int) -> pytest.MarkDecorator:
    """Play the line for few visitors, and for many with --slow."""
    return pytest.mark.parametrize(
        "visitors", [FEW_VISITORS, pytest.param(many, marks=pytest.mark.slow)]
    )


def erlang_b(counters: int, load: float) -> float:
    """The share of visitors lost where nobody may wait."""
    terms = [load**each / factorial(each) for each in range(counters + 1)]
    return terms[-1] / sum(terms)


def erlang_c(counters: int, load: float) -> float:
    """The share of visitors who wait."""
    lost = erlang_b(counters, load)
    return lost / (1 - load / counters * (1 - lost))


def markov_line(
    counters: int, use: float, visitors: int, seed: int, cv: float | None = None
) -> list[Visit]:
    """Poisson arrivals; exponential service of `MEAN_MINUTES`, or lognormal with the coefficient of
    variation `cv`.
    """
    random = Random(seed)
    gap = partial(random.expovariate, use * counters / MEAN_MINUTES)
    service = partial(random.expovariate, 1 / MEAN_MINUTES)
    if cv is not None:
        spread = sqrt(log(1 + cv * cv))
        service = partial(random.lognormvariate, log(MEAN_MINUTES) - spread * spread / 2, spread)
    warm_up = 5_000
    return list(islice(play(gap, service, counters, visitors + warm_up), warm_up, None))


def predict(visit: Visit, counters: int) -> tuple[float, float]:
    """The two predictors as the server makes them: queue length over rate, and the wait of the last
    one called.
    """
    sight = QueueSight(
        visit.ahead + 1, visit.ahead + 1, 9, last_wait=visit.last_wait, counters=counters
    )
    _, length, last, _ = describe(
        sight, StreamFigures(counters / MEAN_MINUTES, 1.0, counters=counters)
    )
    return exp(length) - 2, exp(last) - 2


def covered(visits: list[Visit], counters: int) -> float:
    rate = counters / MEAN_MINUTES
    bands = {ahead: gamma_band(ahead, rate) for ahead in {each.ahead for each in visits}}
    return fmean(bands[each.ahead][0] <= each.wait <= bands[each.ahead][1] for each in visits)


def test_the_formulas_give_the_published_numbers() -> None:
    assert erlang_b(10, 8) == pytest.approx(0.121661, abs=1e-6)
    assert erlang_c(10, 8) == pytest.approx(0.409180, abs=1e-6)
    assert erlang_c(5, 4.5) == pytest.approx(0.762493, abs=1e-6)
    assert erlang_c(5, 4.5) / (5 - 4.5) == pytest.approx(1.524986, abs=1e-6)


@pytest.mark.parametrize(
    ("counters", "use", "visitors", "tolerance"),
    [
        (5, 0.9, FEW_VISITORS, 0.1),
        (10, 0.8, FEW_VISITORS, 0.1),
        pytest.param(5, 0.9, 4_000_000, 0.03, marks=pytest.mark.slow),
    ],
)
def test_the_played_line_waits_as_erlang_says(
    counters: int, use: float, visitors: int, tolerance: float
) -> None:
    """Waits of one busy spell are alike: 100,000 visitors at 90 % use tell no more than some 130
    independent ones.
    """
    visits = markov_line(counters, use, visitors, seed=11)
    waiting = erlang_c(counters, use * counters)
    assert fmean(each.wait for each in visits) == pytest.approx(
        waiting * MEAN_MINUTES / (counters * (1 - use)), rel=tolerance
    )
    assert fmean(each.wait > 0 for each in visits) == pytest.approx(waiting, rel=tolerance / 2)


@few_and(300_000)
@pytest.mark.parametrize(("counters", "use"), [(5, 0.95), (10, 0.98)])
def test_the_last_wait_errs_twice_as_much_as_the_queue_length(
    counters: int, use: float, visitors: int
) -> None:
    """The ratio of mean squared errors tends to 1 + squared variation of the gaps = 2 for Poisson
    arrivals in heavy traffic.
    """
    by_length = by_last = 0.0
    for visit in markov_line(counters, use, visitors, seed=5):
        if visit.wait > 0 and visit.last_wait is not None:
            length, last = predict(visit, counters)
            by_length += (length - visit.wait) ** 2
            by_last += (last - visit.wait) ** 2
    assert by_last / by_length == pytest.approx(2.0, abs=0.15)


@few_and(200_000)
@pytest.mark.parametrize(("cv", "share"), [(None, 1.0), (0.8, 0.64)])
def test_the_queue_length_errs_as_the_service_varies(
    cv: float | None, share: float, visitors: int
) -> None:
    """Its mean squared error is that of Gamma waits, n + 1 over the squared rate, times the squared
    variation of the service.
    """
    waited = [each for each in markov_line(5, 0.95, visitors, seed=3, cv=cv) if each.wait > 0]
    erred = fmean((predict(each, 5)[0] - each.wait) ** 2 for each in waited)
    by_gamma = fmean((each.ahead + 1) / (5 / MEAN_MINUTES) ** 2 for each in waited)
    assert erred / by_gamma == pytest.approx(share, rel=0.1)


@few_and(200_000)
@pytest.mark.parametrize(("counters", "use"), [(5, 0.95), (10, 0.98)])
def test_the_gamma_band_covers_four_of_five_waits(counters: int, use: float, visitors: int) -> None:
    visits = [each for each in markov_line(counters, use, visitors, seed=3) if each.wait > 0]
    assert covered(visits, counters) == pytest.approx(0.80, abs=0.01)


@few_and(200_000)
def test_the_gamma_band_is_too_wide_for_steadier_service(visitors: int) -> None:
    """Lognormal service with CV 0.8: the exponential band covers 0.889, so a learnt band pays."""
    visits = [each for each in markov_line(5, 0.95, visitors, seed=3, cv=0.8) if each.wait > 0]
    assert covered(visits, 5) == pytest.approx(0.889, abs=0.012)
