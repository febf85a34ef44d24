"""What is measured while the day runs: the office-day's own row after every command, and every
event as it is committed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from queue_server.domain.events import EventType, RecordedEvent
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.ticket import Place
from queue_server.domain.visit.transitions import State


@dataclass(frozen=True)
class Sample:
    """The office from a moment on: persons inside, their limit, parties waiting outside, visits
    served so far.
    """

    at: datetime
    inside: int
    outside: int
    served: int


class Tally:
    """Counts the records of one office-day. It needs the events of every commit, and the day's row
    after every command.
    """

    def __init__(self, office: str, day: date, limit: int | None) -> None:
        self._office, self._day, self._limit = office, day, limit
        self.booked: set[str] = set()
        self.walked_in: set[str] = set()
        self.admitted: set[str] = set()
        self.held_outside: set[str] = set()
        self.served: set[str] = set()
        self.stranded: set[str] = set()
        self.corrections = 0
        self.samples: list[Sample] = []
        self.above = timedelta()
        self._waits: dict[str, float] = {}
        self._arrived: dict[str, datetime] = {}

    def hear(self, recorded: Sequence[RecordedEvent]) -> None:
        """Count the events of a commit."""
        for each in recorded:
            if (each.event.office, each.event.date) == (self._office, self._day):
                self._count(each)

    def _count(self, recorded: RecordedEvent) -> None:
        event = recorded.event
        if event.type is EventType.OCCUPANCY_CORRECTED:
            self.corrections += 1
        if event.ticket is None:
            return
        if event.type in (EventType.BOOKED, EventType.CONFIRMED):
            self.booked.add(event.ticket)
        elif event.type is EventType.WALKED_IN:
            self.walked_in.add(event.ticket)
        elif event.type is EventType.STRANDED:
            self.stranded.add(event.ticket)
        elif event.type is EventType.FINISHED:
            self.served.add(event.ticket)
        elif event.type is EventType.CALLED and event.ticket in self._arrived:
            self._waits.setdefault(
                event.ticket, (event.at - self._arrived[event.ticket]) / timedelta(minutes=1)
            )
        if event.type in (EventType.WALKED_IN, EventType.CHECKED_IN):
            self._arrived[event.ticket] = event.at
        place = place_after(event.facts)
        if place == Place.INSIDE:
            self.admitted.add(event.ticket)
        elif place == Place.OUTSIDE:
            self.held_outside.add(event.ticket)

    def look(self, day: OfficeDay, now: datetime) -> None:
        """Count the office-day's row as it is after a command."""
        self._pass_time(now)
        sample = Sample(
            now, day.occupancy(self._limit).inside, day.parties_outside, len(self.served)
        )
        if not self.samples or (sample.inside, sample.outside, sample.served) != self._last():
            self.samples.append(sample)
        self._looked_at = now

    _looked_at: datetime | None = None

    def _last(self) -> tuple[int, int, int]:
        last = self.samples[-1]
        return last.inside, last.outside, last.served

    def _pass_time(self, now: datetime) -> None:
        if (
            self._looked_at is not None
            and self._limit is not None
            and self.samples[-1].inside > self._limit
        ):
            self.above += now - self._looked_at

    @property
    def max_inside(self) -> int:
        """Most persons inside at any moment."""
        return max((each.inside for each in self.samples), default=0)

    @property
    def ever_above(self) -> bool:
        """Whether there were ever more persons inside than the limit allows, even for a moment."""
        return self._limit is not None and self.max_inside > self._limit

    def waits(self, tickets: set[str]) -> list[float]:
        """Minutes from arrival to the first call of those tickets that were called, in order of
        length.
        """
        return sorted(minutes for ticket, minutes in self._waits.items() if ticket in tickets)


def place_after(facts: Mapping[str, Any]) -> str | None:
    """Where an event has put its visitor: INSIDE, OUTSIDE, or None if it moved nobody."""
    if "changed" in facts:
        moved = facts["changed"].get("place")
        return None if moved is None else moved[1]
    return facts.get("place") if facts.get("state") == State.WAITING else None


def room_for(office: Office, day: OfficeDay) -> bool:
    """Whether one more person fits: what a guard sees before letting in somebody without a
    ticket.
    """
    return day.occupancy(office.people_limit).fits(1)
