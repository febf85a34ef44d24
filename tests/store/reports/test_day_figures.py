"""Figures that are stored and read back are the same, whatever they are."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.reports.figures import Cell, Figures, Lead, Outcome, OverCause
from queue_server.domain.reports.spread import Spread
from queue_server.store.reports.day_figures import read_figures, write_figures

NUMBERS = st.integers(1, 90_000)
CELLS: st.SearchStrategy[Cell] = st.tuples(st.integers(0, 6), st.integers(0, 23))
SPREADS = st.dictionaries(st.integers(-5, 90_000), NUMBERS).map(lambda each: Spread(Counter(each)))
FIELDS: dict[str, st.SearchStrategy[object]] = {
    "outcomes": st.dictionaries(st.sampled_from(Outcome), NUMBERS).map(Counter),
    "remote": st.dictionaries(st.sampled_from(Outcome), NUMBERS).map(Counter),
    "load": st.dictionaries(CELLS, NUMBERS).map(Counter),
    "waits_by_hour": st.dictionaries(CELLS, SPREADS),
    "services": SPREADS,
    "visits": SPREADS,
    "came": st.dictionaries(st.sampled_from(Lead), NUMBERS).map(Counter),
    "missed": st.dictionaries(st.sampled_from(Lead), NUMBERS).map(Counter),
    "peak_by_hour": st.dictionaries(st.integers(0, 23), NUMBERS),
    "limit_low": st.none() | NUMBERS,
    "limit_high": st.none() | NUMBERS,
    "over_seconds": st.dictionaries(st.sampled_from(OverCause), NUMBERS).map(Counter),
}
FIGURES = st.builds(
    Figures, **{each.name: FIELDS.get(each.name, NUMBERS) for each in fields(Figures)}
)


@given(FIGURES)
def test_figures_come_back_from_json_as_they_were(figures: Figures) -> None:
    read = read_figures(json.loads(json.dumps(write_figures(figures))))
    assert read == figures
    assert type(read.load) is type(read.services.counts) is Counter
    assert read.waits.percentile(90) == figures.waits.percentile(90)
