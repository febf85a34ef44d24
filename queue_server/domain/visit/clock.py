"""What time it is where the clock may be set: an office's time never runs backwards, and catches up
with a clock that was set back.

Who came first must be called first, whatever becomes of the clock; and what lasts ten minutes must
not last an hour. So after the clock was set back the office's time runs on from where it was: for a
while as fast as ever, then slower, until the clock has caught up. A clock that was set back by more
than is followed, or an event from further ahead, was an error that is left behind at once. See
docs/adr/0016-time-never-runs-backwards.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

JUMP = timedelta(minutes=2)
"""From how much on a clock that was set is told of."""

FOLLOWED = timedelta(hours=2)
"""How far ahead of the clock an office's time may be. An hour is the usual mistake; half a day
ahead would close the office.
"""

FULL_SPEED = timedelta(minutes=15)
"""How long the office's time runs on at full speed after the clock was set back: longer than a
place is kept for a visitor, so that whatever was kept then is free again when it should be.
"""

SLOWER = 0.75
"""How fast it runs afterwards, until the clock has caught up: an hour takes four."""

SETTLING = timedelta(minutes=15)
"""How long nothing is ended for good after the clock jumped ahead: until then somebody may set it
right.
"""

TOLD = timedelta(hours=1)
"""How long a jump is told of."""

_INSTANT = timedelta(microseconds=1)


def not_before(last: datetime | None, now: datetime) -> datetime:
    """The time of what happens now on an office-day whose last event was at `last`: after it, even
    if the clock says otherwise.

    An event from further ahead than is followed was an error, and does not hold up the day.
    """
    if last is None or now >= last or last - now > FOLLOWED:
        return now
    return last + _INSTANT


@dataclass(frozen=True)
class Reading:
    """What the office's time was when the clock said `wall`. `full_speed` is how much of that time
    is left after a setting back.
    """

    time: datetime
    wall_clock: datetime
    full_speed: timedelta = timedelta(0)


def read_on(before: Reading, wall_clock: datetime, passed: timedelta) -> Reading:
    """The office's time after `passed` (never negative) has truly gone by and the clock says
    `wall`. It is never less than before, unless the clock was set back by more than is followed.
    """
    full_speed = FULL_SPEED if jump_of(before, wall_clock, passed) < -JUMP else before.full_speed
    fast = min(passed, full_speed)
    ran_on = before.time + fast + SLOWER * (passed - fast)
    if wall_clock >= ran_on:
        return Reading(wall_clock, wall_clock)
    if ran_on - wall_clock > FOLLOWED:
        return Reading(wall_clock, wall_clock)
    return Reading(ran_on, wall_clock, full_speed - fast)


def jump_of(before: Reading, wall_clock: datetime, passed: timedelta) -> timedelta:
    """How much the clock was set meanwhile; negative if back."""
    return wall_clock - before.wall_clock - passed


def catch_up(reading: Reading, last: datetime) -> Reading:
    """The reading of an office whose newest event another process, or this one before it was
    started anew, has noted at `last`.
    """
    if last <= reading.time or last - reading.wall_clock > FOLLOWED:
        return reading
    return Reading(last, reading.wall_clock, FULL_SPEED)
