"""The figures of a report: what they are, and how those of several days or offices add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from .spread import Spread


class Outcome(StrEnum):
    """What became of a ticket: each ticket of a day counts in exactly one of these.

    MISSED is a booking whose visitor never came, NOT_SHOWN a visitor who was called and did not
    come to the counter; CLOSED one who was still there when the day was closed; VOIDED a booking
    with which somebody came whose card was another person's. BOOKED, HELD and PRESENT are not over
    yet.
    """

    SERVED = "SERVED"
    MISSED = "MISSED"
    NOT_SHOWN = "NOT_SHOWN"
    LEFT = "LEFT"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"
    VOIDED = "VOIDED"
    EXPIRED = "EXPIRED"
    STRANDED = "STRANDED"
    BOOKED = "BOOKED"
    HELD = "HELD"
    PRESENT = "PRESENT"


class Lead(StrEnum):
    """How many days before the visit its time was chosen, in local dates."""

    SAME_DAY = "0"
    NEXT_DAY = "1"
    DAYS_2_3 = "2-3"
    DAYS_4_7 = "4-7"
    DAYS_8_14 = "8-14"
    LATER = "15+"


_LEADS = ((0, Lead.SAME_DAY), (1, Lead.NEXT_DAY), (3, Lead.DAYS_2_3), (7, Lead.DAYS_4_7))


def lead_of(days: int) -> Lead:
    """The class of a lead time in days."""
    for most, lead in _LEADS:
        if days <= most:
            return lead
    return Lead.DAYS_8_14 if days <= 14 else Lead.LATER


class OverCause(StrEnum):
    """By what the number inside came to be above the limit. ENTRY would be a fault: no action of
    ours lets in more than the limit allows.
    """

    CORRECTION = "CORRECTION"
    SENSOR = "SENSOR"
    LIMIT = "LIMIT"
    UNDO = "UNDO"
    PARTY = "PARTY"
    ENTRY = "ENTRY"


Cell = tuple[int, int]
"""Weekday (0 is Monday) and local hour."""


@dataclass
class Figures:
    """The figures of one office-day, or the sum of several. Durations are in seconds, `peak` in
    persons. `remote` are those of the outcomes that visits by phone and video had: none of these
    is in the room, and nobody of them counts among the persons.

    `arrivals` counts tickets whose visitor came and `persons` those who came with them; `moved`
    tickets that were moved to another date, which count there. `abandoned` are the arrivals that
    left, gave up or did not come when called. `days` is the number of office-days with tickets.
    """

    days: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    remote: Counter[Outcome] = field(default_factory=Counter)
    moved: int = 0
    arrivals: int = 0
    persons: int = 0
    abandoned: int = 0
    load: Counter[Cell] = field(default_factory=Counter)
    waits_by_hour: dict[Cell, Spread] = field(default_factory=dict)
    services: Spread = field(default_factory=Spread)
    visits: Spread = field(default_factory=Spread)
    came: Counter[Lead] = field(default_factory=Counter)
    missed: Counter[Lead] = field(default_factory=Counter)
    peak: int = 0
    peak_by_hour: dict[int, int] = field(default_factory=dict)
    limit_low: int | None = None
    limit_high: int | None = None
    over_seconds: Counter[OverCause] = field(default_factory=Counter)
    counter_seconds: int = 0
    calls: int = 0
    picked: int = 0
    out_of_order: int = 0
    slips: int = 0
    further_slips: int = 0

    @property
    def tickets(self) -> int:
        """All tickets: the sum over what became of them."""
        return self.outcomes.total()

    @property
    def served(self) -> int:
        return self.outcomes[Outcome.SERVED]

    @property
    def waits(self) -> Spread:
        """The waits of all hours together."""
        whole = Spread()
        for each in self.waits_by_hour.values():
            whole.merge(each)
        return whole

    @property
    def over_minutes(self) -> float:
        """Minutes above the limit, whatever the cause."""
        return self.over_seconds.total() / 60

    @property
    def served_per_counter_hour(self) -> float | None:
        """Served tickets per hour that a counter was open; None where none was."""
        return self.served * 3600 / self.counter_seconds if self.counter_seconds else None

    def add(self, other: Figures) -> None:
        """Count another day, or other days, too."""
        self.days += other.days
        self.outcomes.update(other.outcomes)
        self.remote.update(other.remote)
        self.moved += other.moved
        self.arrivals += other.arrivals
        self.persons += other.persons
        self.abandoned += other.abandoned
        self.load.update(other.load)
        for cell, spread in other.waits_by_hour.items():
            self.waits_by_hour.setdefault(cell, Spread()).merge(spread)
        self.services.merge(other.services)
        self.visits.merge(other.visits)
        self.came.update(other.came)
        self.missed.update(other.missed)
        self.peak = max(self.peak, other.peak)
        for hour, persons in other.peak_by_hour.items():
            self.peak_by_hour[hour] = max(self.peak_by_hour.get(hour, 0), persons)
        self.limit_low = _least((self.limit_low, other.limit_low))
        self.limit_high = _most((self.limit_high, other.limit_high))
        self.over_seconds.update(other.over_seconds)
        self.counter_seconds += other.counter_seconds
        self.calls += other.calls
        self.picked += other.picked
        self.out_of_order += other.out_of_order
        self.slips += other.slips
        self.further_slips += other.further_slips


def sum_up(parts: Iterable[Figures]) -> Figures:
    """The figures of several days or offices together."""
    whole = Figures()
    for each in parts:
        whole.add(each)
    return whole


def _least(values: Iterable[int | None]) -> int | None:
    return min((each for each in values if each is not None), default=None)


def _most(values: Iterable[int | None]) -> int | None:
    return max((each for each in values if each is not None), default=None)
