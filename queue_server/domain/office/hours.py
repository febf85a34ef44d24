"""When an office is open: a weekly template, seasons that replace it, and single days that replace
both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from queue_server.domain.errors import BadInput


@dataclass(frozen=True)
class Opening:
    """One stretch of opening time, local wall clock. A break is a gap between two openings."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Season:
    """Other weekly hours from a first to a last date, such as in Ramadan."""

    name: str
    first: date
    last: date
    openings: tuple[Opening, ...]


class Source(StrEnum):
    """Where a day's own hours come from. The office's word stands over the calendar's."""

    HOLIDAY = "HOLIDAY"
    OFFICE = "OFFICE"


@dataclass(frozen=True)
class DayHours:
    """The hours of one date: closed when there are none. `reason` by language code, as the public
    reads it.
    """

    openings: tuple[tuple[time, time], ...] = ()
    reason: Mapping[str, str] = field(default_factory=dict)
    source: Source = Source.OFFICE


@dataclass(frozen=True)
class Hours:
    """All three layers. Seasons do not overlap; of a date, its own hours win over the season, the
    season over the week.
    """

    week: tuple[Opening, ...] = ()
    seasons: tuple[Season, ...] = ()
    days: Mapping[date, DayHours] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Opening, ...]:
        """The stretches open on a date, in order of time; none on a closed date."""
        own = self.days.get(day)
        if own is not None:
            return tuple(
                Opening(day.weekday(), opens, closes) for opens, closes in sorted(own.openings)
            )
        return self.usual_on(day)

    def season_on(self, day: date) -> Season | None:
        """The season that a date lies in."""
        return next((each for each in self.seasons if each.first <= day <= each.last), None)

    def usual_on(self, day: date) -> tuple[Opening, ...]:
        """The stretches that a date would have without hours of its own, in order of time."""
        season = self.season_on(day)
        template = self.week if season is None else season.openings
        return tuple(
            sorted(
                (each for each in template if each.weekday == day.weekday()),
                key=lambda each: each.opens,
            )
        )


def admit_openings(openings: Iterable[Opening]) -> None:
    """Refuse hours that cannot be. Raises `BadInput` (field `openings`; reason weekday, order,
    overlap).
    """
    by_day: dict[int, list[tuple[time, time]]] = {}
    for each in openings:
        if not 0 <= each.weekday <= 6:
            raise BadInput(field="openings", reason="weekday")
        by_day.setdefault(each.weekday, []).append((each.opens, each.closes))
    for stretches in by_day.values():
        admit_stretches(stretches)


def admit_stretches(stretches: Sequence[tuple[time, time]]) -> None:
    """Refuse one day's stretches that end before they begin or overlap. Raises `BadInput`."""
    ordered = sorted(stretches)
    if any(opens >= closes for opens, closes in ordered):
        raise BadInput(field="openings", reason="order")
    if any(earlier[1] > later[0] for earlier, later in zip(ordered, ordered[1:], strict=False)):
        raise BadInput(field="openings", reason="overlap")


def admit_seasons(seasons: Sequence[Season]) -> None:
    """Refuse seasons that end before they begin or overlap. Raises `BadInput` (field `seasons`)."""
    ordered = sorted(seasons, key=lambda each: each.first)
    for each in ordered:
        if each.first > each.last:
            raise BadInput(field="seasons", reason="order", season=each.name)
        admit_openings(each.openings)
    for earlier, later in zip(ordered, ordered[1:], strict=False):
        if earlier.last >= later.first:
            raise BadInput(field="seasons", reason="overlap", season=later.name)
