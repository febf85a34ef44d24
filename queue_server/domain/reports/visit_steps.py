"""One visit as the events of its day tell it, with what the figures need of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from queue_server.domain.visit.transitions import State

from .day_clock import DayClock
from .figures import Figures, Outcome, lead_of
from .spread import MICROSECONDS, Spread


class Pick(IntEnum):
    """How the last call chose this visitor: by the order, by a clerk who called the next one by
    hand, or by a clerk who had to give a reason.
    """

    BY_ORDER = 0
    BY_HAND = 1
    OUT_OF_ORDER = 2


_OF_STATE = {
    State.BOOKED: Outcome.BOOKED,
    State.HELD: Outcome.HELD,
    State.STRANDED: Outcome.STRANDED,
    State.EXPIRED: Outcome.EXPIRED,
    State.CANCELLED: Outcome.CANCELLED,
    State.SERVED: Outcome.SERVED,
    State.LEFT: Outcome.LEFT,
}
_NO_SHOW, _LEFT = State.NO_SHOW, State.LEFT
_BY_ORDER = Pick.BY_ORDER
_SERVED, _MISSED, _PRESENT = Outcome.SERVED, Outcome.MISSED, Outcome.PRESENT
_ABANDONED = frozenset({Outcome.LEFT, Outcome.CANCELLED, Outcome.NOT_SHOWN, Outcome.CLOSED})


@dataclass
class DayTimes:
    """What became of a day's visits, their times in whole seconds, and the local hours of the
    arrivals.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    hours: list[int] = field(default_factory=list)
    waits: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    services: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)

    def count(self, figures: Figures, weekday: int) -> None:
        """Add them to the figures of the day."""
        figures.outcomes.update(self.outcomes)
        figures.arrivals += len(self.hours)
        for hour, number in Counter(self.hours).items():
            figures.load[weekday, hour] += number
        for hour, seconds in self.waits.items():
            figures.waits_by_hour.setdefault((weekday, hour), Spread()).add(seconds)
        figures.services.add(self.services)
        figures.visits.add(self.visits)


class VisitSteps:
    """A ticket on its way through a day. Moments and durations are in microseconds.

    `chosen_at` is when the time of a booking was chosen, None for a walk-in; `called_at` the first
    call; `since` the beginning of the service under way and `served` what earlier ones took.
    `remote`: its visitor is rung or met by video; `voided`: it was cancelled because the card shown
    was another person's. `before` is the visit as it was before the last
    step that a clerk may take back.
    """

    __slots__ = (
        "arrived_at",
        "before",
        "called_at",
        "chosen_at",
        "ended_at",
        "inside",
        "party",
        "pick",
        "remote",
        "served",
        "since",
        "state",
        "voided",
    )

    def __init__(
        self, state: State, party: int, chosen_at: int | None, *, remote: bool = False
    ) -> None:
        self.state, self.party, self.chosen_at = state, party, chosen_at
        self.remote = remote
        self.voided = False
        self.inside = False
        self.pick = _BY_ORDER
        self.arrived_at: int | None = None
        self.called_at: int | None = None
        self.since: int | None = None
        self.served = 0
        self.ended_at: int | None = None
        self.before: tuple[Any, ...] | None = None

    def keep(self) -> None:
        """Remember everything that the next step may change."""
        self.before = (
            self.state,
            self.inside,
            self.pick,
            self.called_at,
            self.since,
            self.served,
            self.ended_at,
            self.voided,
        )

    def take_back(self) -> None:
        """The last step was undone: all is as it was before."""
        if self.before is not None:
            (
                self.state,
                self.inside,
                self.pick,
                self.called_at,
                self.since,
                self.served,
                self.ended_at,
                self.voided,
            ) = self.before
            self.before = None

    def stop_service(self, at: int) -> None:
        """The visitor leaves the counter, for good or for a while."""
        if self.since is not None:
            self.served += at - self.since
            self.since = None

    def count(self, figures: Figures, times: DayTimes, clock: DayClock) -> None:
        """Add what became of this visit to the figures and times of its day."""
        ended_at, arrived_at = self.ended_at, self.arrived_at
        was_closed = ended_at is not None and ended_at >= clock.end
        outcome = self._outcome(was_closed)
        times.outcomes.append(outcome)
        if self.remote:
            figures.remote[outcome] += 1
        if self.chosen_at is not None and (arrived_at is not None or outcome is _MISSED):
            came = figures.missed if outcome is _MISSED else figures.came
            came[lead_of(clock.days_since(self.chosen_at))] += 1
        if arrived_at is None:
            return
        hour = clock.hour(arrived_at)
        times.hours.append(hour)
        if not self.remote:
            figures.persons += self.party
        if outcome in _ABANDONED:
            figures.abandoned += 1
        if self.called_at is not None:
            times.waits[hour].append((self.called_at - arrived_at) // MICROSECONDS)
        if outcome is _SERVED and ended_at is not None and not was_closed:
            times.services.append(self.served // MICROSECONDS)
            times.visits.append((ended_at - arrived_at) // MICROSECONDS)

    def _outcome(self, was_closed: bool) -> Outcome:
        if self.state is _NO_SHOW:
            return _MISSED if self.arrived_at is None else Outcome.NOT_SHOWN
        if self.state is _LEFT and was_closed:
            return Outcome.CLOSED
        if self.voided:
            return Outcome.VOIDED
        return _OF_STATE.get(self.state, _PRESENT)
