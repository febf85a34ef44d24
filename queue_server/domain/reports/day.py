"""The figures of one office-day, read from its events in order."""

from __future__ import annotations

from collections.abc import Iterable

from .counter_time import CounterTime
from .day_clock import DayClock
from .day_steps import STEPS, DayUnderWay
from .figures import Figures
from .line import Facts, Line
from .room_day import RoomDay
from .visit_steps import DayTimes

_NOTHING: Facts = {}


def count_day(
    lines: Iterable[Line], clock: DayClock, limit: int | None, until: int
) -> tuple[Figures, int | None]:
    """The figures of a date, and the limit that holds when it is over. `limit` holds when it
    begins; `until` is now, which counts while the date is under way.
    """
    figures = Figures()
    room = RoomDay(clock, limit, figures)
    day = DayUnderWay(clock, room, CounterTime(clock), figures)
    for type, ticket, at, facts in lines:
        step = STEPS.get(type)
        if step is not None:
            step(day, ticket or "", at, facts or _NOTHING)
    figures.days = int(bool(day.visits))
    times = DayTimes()
    for visit in day.visits.values():
        visit.count(figures, times, clock)
    times.count(figures, clock.day.weekday())
    room.end(min(until, clock.end))
    figures.counter_seconds = day.counters.seconds(until)
    return figures, room.limit
