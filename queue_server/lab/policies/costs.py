"""Simulates a waiting line visitor by visitor with the same functions that the server uses, to see
what a rule costs whom.

An event loop on a heap: arrivals in order, and counters becoming free. The counters always work
while a visitor waits whom they serve, and the room has no limit here. There is no randomness:
arrivals and service times are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush
from itertools import count
from math import ceil

from queue_server.domain.counter.call_order import StaffedCounter, next_ticket
from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.counter.ratio import Ratio
from queue_server.domain.office.rules import CallPolicy, Rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.turn import turn_time

_UNLIMITED = Occupancy(0, 0, None)


class Kind(StrEnum):
    """The three kinds of visitors that a rule may treat differently. Priority takes precedence: a
    booked visitor may have it too.
    """

    PRIORITY = "priority"
    BOOKED = "booked"
    WALK_IN = "walk_in"


@dataclass(frozen=True)
class Visit:
    """One visitor: when they come, how long they are served, the booked time if any."""

    arrived_at: datetime
    service: timedelta
    slot: datetime | None = None
    priority: bool = False
    letter: str = "A"

    @property
    def kind(self) -> Kind:
        if self.priority:
            return Kind.PRIORITY
        return Kind.WALK_IN if self.slot is None else Kind.BOOKED


@dataclass(frozen=True)
class Played:
    """A visit with its result. `waited` counts from the arrival, or from the booked time if the
    visitor came before it.
    """

    visit: Visit
    turn_time: datetime
    called_at: datetime
    counter: str

    @property
    def waited(self) -> timedelta:
        since = (
            self.visit.arrived_at
            if self.visit.slot is None
            else max(self.visit.arrived_at, self.visit.slot)
        )
        return max(timedelta(0), self.called_at - since)


class _Line:
    """The waiting visitors, in the lines whose heads the server reads: one for each stream, two
    under the policy RATIO.
    """

    def __init__(self, rules: Rules, favoured_before: datetime) -> None:
        self._rules = rules
        self._runs: dict[str, int] = {}
        is_ratio = rules.calling.policy is CallPolicy.RATIO
        self._ratio = Ratio(rules.calling.ratio, favoured_before, self._runs) if is_ratio else None
        self._heaps: dict[tuple[str, bool], list[tuple[datetime, str, Candidate, Visit]]] = {}
        self._names = count()

    def join(self, visit: Visit) -> None:
        turn = turn_time(
            self._rules, slot=visit.slot, arrived_at=visit.arrived_at, priority=visit.priority
        )
        candidate = Candidate(turn.time, f"{next(self._names):09d}", visit.letter, 1, True)
        heap = self._heaps.setdefault(self._line_of(candidate), [])
        heappush(heap, (candidate.turn_time, candidate.ticket, candidate, visit))

    def _line_of(self, candidate: Candidate) -> tuple[str, bool]:
        return candidate.letter, self._ratio is not None and self._ratio.favours(
            candidate.turn_time
        )

    def call(self, counter: StaffedCounter) -> tuple[Candidate, Visit] | None:
        """Remove and return the visitor whose turn it is at a counter."""
        heads = [heap[0][2] for heap in self._heaps.values() if heap]
        chosen = next_ticket(heads, counter, _UNLIMITED, ratio=self._ratio)
        if chosen is None:
            return None
        if self._ratio is not None:
            self._runs[chosen.letter] = self._ratio.run_after(chosen.letter, chosen.turn_time)
        return chosen, heappop(self._heaps[self._line_of(chosen)])[3]


def play(
    visits: Iterable[Visit], rules: Rules, counters: Sequence[frozenset[str]]
) -> Iterator[Played]:
    """Simulate one office-day, in order of the calls. `visits` come in order of arrival; each
    counter serves the streams of its letters.

    Under the policy RATIO a day lasts at most 22 hours, like an office-day; other policies have no
    such limit.
    """
    idle = [
        StaffedCounter(str(number), str(number), letters)
        for number, letters in enumerate(counters, start=1)
    ]
    busy: list[tuple[datetime, int, StaffedCounter]] = []
    line: _Line | None = None
    order = count()

    def serve(counter: StaffedCounter, now: datetime, line: _Line) -> Played | None:
        called = line.call(counter)
        if called is None:
            idle.append(counter)
            return None
        candidate, visit = called
        heappush(busy, (now + visit.service, next(order), counter))
        return Played(visit, candidate.turn_time, now, counter.id)

    for visit in visits:
        if line is None:
            line = _Line(rules, visit.arrived_at - timedelta(hours=1))
        while busy and busy[0][0] <= visit.arrived_at:
            now, _, counter = heappop(busy)
            played = serve(counter, now, line)
            if played is not None:
                yield played
        line.join(visit)
        for index, counter in enumerate(idle):
            if visit.letter in counter.letters:
                del idle[index]
                played = serve(counter, visit.arrived_at, line)
                if played is not None:
                    yield played
                break
    while busy and line is not None:
        now, _, counter = heappop(busy)
        played = serve(counter, now, line)
        if played is not None:
            yield played


@dataclass(frozen=True)
class Cost:
    """What a rule costs one kind of visitors: how many there were, and their mean and 90 % wait in
    minutes.
    """

    visitors: int
    mean_minutes: float
    p90_minutes: float


def cost_by_kind(played: Iterable[Played]) -> dict[Kind, Cost]:
    """The waits of each kind of visitors that occurred."""
    waits: dict[Kind, list[float]] = {}
    for each in played:
        waits.setdefault(each.visit.kind, []).append(each.waited / timedelta(minutes=1))
    return {kind: _cost(waits[kind]) for kind in Kind if kind in waits}


def _cost(waits: list[float]) -> Cost:
    waits.sort()
    return Cost(len(waits), sum(waits) / len(waits), waits[ceil(0.9 * len(waits)) - 1])


def compare_rules(
    days: Sequence[Sequence[Visit]], named: Mapping[str, Rules], counters: Sequence[frozenset[str]]
) -> dict[str, dict[Kind, Cost]]:
    """What each of several rules would have cost on the same days."""
    return {
        name: cost_by_kind(each for visits in days for each in play(visits, rules, counters))
        for name, rules in named.items()
    }
