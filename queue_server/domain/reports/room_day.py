"""The number of persons inside on one date, followed from event to event."""

from __future__ import annotations

from queue_server.domain.visit.occupancy import persons_inside

from .day_clock import DayClock
from .figures import Figures, OverCause
from .spread import MICROSECONDS

_ENTRY = OverCause.ENTRY


class RoomDay:
    """Who is inside, as far as the events have told. Moments are microseconds since 1970 and never
    go back.
    """

    def __init__(self, clock: DayClock, limit: int | None, figures: Figures) -> None:
        self.limit = limit
        self._clock, self._figures = clock, figures
        self._ticketed = self._correction = self._inside = 0
        self._sensed: int | None = None
        self._hour = self._peak = 0
        self._hour_ends = clock.start
        self._over_since: int | None = None
        self._cause = _ENTRY
        self._note_limit()

    def let_in(self, at: int, persons: int, cause: OverCause = _ENTRY) -> None:
        """Persons with a ticket come in, or go out where `persons` is negative."""
        self._ticketed += persons
        self._settle(at, cause)

    def correct(self, at: int, delta: int) -> None:
        """A guard counts persons without a ticket."""
        self._correction += delta
        self._settle(at, OverCause.CORRECTION)

    def count_anew(self, at: int, persons: int) -> None:
        """Somebody has counted by eye all who are inside."""
        self._correction = persons - self._ticketed
        self._settle(at, OverCause.CORRECTION)

    def sense(self, at: int, sensed: int | None) -> None:
        """The sensors of the door count so many inside; None: they are silent."""
        self._sensed = sensed
        self._settle(at, OverCause.SENSOR)

    def set_limit(self, at: int, limit: int | None) -> None:
        """The limit is another one from now on."""
        self.limit = limit
        self._note_limit()
        self._settle(at, OverCause.LIMIT)

    def end(self, until: int) -> None:
        """The date is over, or `until` is now."""
        self._pass_hours(until)
        self._end_stretch(until)

    def _note_limit(self) -> None:
        if self.limit is not None:
            figures = self._figures
            figures.limit_low = min(self.limit, figures.limit_low or self.limit)
            figures.limit_high = max(self.limit, figures.limit_high or self.limit)

    def _settle(self, at: int, cause: OverCause) -> None:
        inside = persons_inside(self._ticketed, self._correction, self._sensed)
        if inside != self._inside:
            if at >= self._hour_ends:
                self._pass_hours(at)
            self._inside = inside
            if inside > self._peak:
                self._note_peak()
        if self.limit is not None and inside > self.limit:
            if self._over_since is None:
                self._over_since, self._cause = at, cause
        elif self._over_since is not None:
            self._end_stretch(at)

    def _pass_hours(self, at: int) -> None:
        """Who is inside is so in each hour until a moment."""
        hour = self._clock.hour(at)
        while self._hour < hour:
            self._hour += 1
            self._peak = 0
            self._note_peak()
        self._hour_ends = self._clock.hour_end(at)

    def _note_peak(self) -> None:
        if self._inside > self._peak:
            figures = self._figures
            self._peak = figures.peak_by_hour[self._hour] = self._inside
            figures.peak = max(figures.peak, self._inside)

    def _end_stretch(self, at: int) -> None:
        """A stretch above the limit ends with its date at the latest, as on the dashboard."""
        if self._over_since is not None:
            took = min(at, self._clock.end) - self._over_since
            self._figures.over_seconds[self._cause] += max(0, took) // MICROSECONDS
            self._over_since = None
