"""The figures of an office-day with what they follow from, so that nobody need count them twice."""

from __future__ import annotations

from dataclasses import dataclass

from .figures import Figures


@dataclass(frozen=True)
class Basis:
    """All that the figures of a date follow from, once it is over: as long as this is the same,
    they are. `seq` is the number of the last event in its log, `limit` what held when it began,
    and `rules` names the version of the rules by which was counted.
    """

    seq: int
    zone: str
    limit: int | None
    rules: str


@dataclass(frozen=True)
class CountedDay:
    """The figures of a date, and the limit that held when it was over."""

    basis: Basis
    figures: Figures
    limit_after: int | None
