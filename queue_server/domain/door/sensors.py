"""What a counting sensor at a door says, and whether it can be believed.

A sensor reports how many persons it has ever seen come in and go out, from zero or from any number
on. It may start again from zero at a new day; within a day its totals only grow. What it says can
only make the door more careful, see `Occupancy.inside`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from queue_server.domain.errors import BadReading

JUMP_MAX = 500
"""More persons than this between two readings are a fault, not a crowd."""

CLOCK_SLACK = timedelta(seconds=10)
"""So far ahead of ours may a sensor's clock be."""

SILENT_AFTER = timedelta(minutes=10)
"""A sensor that was not heard from for so long no longer counts: a dead one must not keep the door
shut.
"""


@dataclass(frozen=True)
class Reading:
    """What a sensor says: totals of persons, and when (aware UTC) they stood so."""

    total_in: int
    total_out: int
    at: datetime


@dataclass(frozen=True)
class DoorCount:
    """A sensor's last good reading on a date, and where its totals stood when the date began or the
    room was counted by hand.
    """

    sensor: str
    date: date
    last: Reading
    base_in: int = 0
    base_out: int = 0

    @property
    def inside(self) -> int:
        """Persons inside by this sensor alone; below 0 when it has missed some coming in."""
        return (self.last.total_in - self.base_in) - (self.last.total_out - self.base_out)


def count_reading(
    sensor: str,
    reading: Reading,
    previous: DoorCount | None,
    today: date,
    reading_date: date,
    now: datetime,
) -> DoorCount:
    """A sensor's count after a reading. `previous` is its newest count, of today or of an earlier
    day; an equal reading changes nothing.

    `reading_date` is the office's local date of the reading. Raises `BadReading`.
    """
    if reading.at > now + CLOCK_SLACK:
        raise BadReading(reason="future")
    if reading_date != today:
        raise BadReading(reason="day")
    if previous is None:
        return _begin(sensor, _start(reading), reading, today)
    if previous.date == today:
        if reading.at < previous.last.at:
            raise BadReading(reason="older", last_at=previous.last.at.isoformat())
        return _follow(previous, reading)
    return _begin_day(previous, reading, today)


def _follow(previous: DoorCount, reading: Reading) -> DoorCount:
    came, went = (
        reading.total_in - previous.last.total_in,
        reading.total_out - previous.last.total_out,
    )
    if came < 0 or went < 0:
        raise BadReading(
            reason="backwards", total_in=previous.last.total_in, total_out=previous.last.total_out
        )
    if max(came, went) > JUMP_MAX:
        raise BadReading(reason="jump", largest=JUMP_MAX)
    return replace(previous, last=reading)


def _begin_day(previous: DoorCount, reading: Reading, today: date) -> DoorCount:
    """The first reading of a day: the sensor has started again from zero, or goes on from where it
    stood.

    One that was unheard for so long that more than JUMP_MAX have passed begins at nobody: refused,
    it would be refused for ever.
    """
    came, went = (
        reading.total_in - previous.last.total_in,
        reading.total_out - previous.last.total_out,
    )
    goes_on_from = reading if max(came, went) > JUMP_MAX else previous.last
    return _begin(
        previous.sensor, _start(reading) if min(came, went) < 0 else goes_on_from, reading, today
    )


def _start(reading: Reading) -> Reading:
    """Where a sensor stood that nothing is known of: at zero, as when it is new or has started
    again. Totals of more than JUMP_MAX are of a longer life than today, so nobody of them is known
    to be inside: it begins at nobody, or it would be refused for ever.
    """
    return (
        reading
        if max(reading.total_in, reading.total_out) > JUMP_MAX
        else Reading(0, 0, reading.at)
    )


def _begin(sensor: str, base: Reading, reading: Reading, today: date) -> DoorCount:
    return _follow(DoorCount(sensor, today, base, base.total_in, base.total_out), reading)


def count_inside(counts: Iterable[DoorCount], now: datetime) -> int | None:
    """Persons inside by all sensors heard from lately; None without any. Several doors add up."""
    heard = [each.inside for each in counts if now - each.last.at <= SILENT_AFTER]
    return max(0, sum(heard)) if heard else None


def recount(counts: Iterable[DoorCount], persons: int) -> list[DoorCount]:
    """The sensors' counts set so that they add up to what somebody has counted by eye."""
    fresh = [
        replace(each, base_in=each.last.total_in, base_out=each.last.total_out) for each in counts
    ]
    return [
        replace(each, base_in=each.base_in - persons) if index == 0 else each
        for index, each in enumerate(fresh)
    ]
