"""Which services of an office are shown first, because most people come for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from .office import Service

MOST_USED = 6
COUNTED_DAYS = 28
"""Four weeks: as many of each weekday, and not so long ago that the season was another."""


def counted_dates(today: date) -> tuple[date, date]:
    """The first and the last date whose visits are counted: whole days before today."""
    return today - timedelta(days=COUNTED_DAYS), today - timedelta(days=1)


def choose_most_used(services: Iterable[Service], visits: Mapping[str, int]) -> tuple[str, ...]:
    """The codes of the services with most visits, at most `MOST_USED`, the most used first. Where
    none came, and among equals, the office's own order decides.
    """
    ranked = sorted(services, key=lambda each: -visits.get(each.code, 0))
    return tuple(each.code for each in ranked[:MOST_USED])
