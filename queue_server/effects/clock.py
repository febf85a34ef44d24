"""The clock of a server: the machine's clock, compared with the time that has really passed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import structlog

from queue_server.domain.visit.clock import JUMP, SETTLING, Reading, catch_up, jump_of, read_on
from queue_server.store import clock_jumps
from queue_server.store.clock_jumps import ClockJump
from queue_server.store.writer.database import Database

log = structlog.get_logger()

LOOK_SECONDS = 20.0
"""How often the newest event is checked for lying ahead of the clock."""


def boot_seconds() -> float:
    """Seconds since the machine was started, sleep included. Nobody can set this clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyClock:
    """Aware UTC that never runs backwards, by the rules of `domain.visit.clock`. Each reading also
    compares the clocks.

    `boot` returns the seconds since the machine was started. Without it only the clock itself shows
    how much time has passed, so only a clock that is set back is noticed.
    """

    def __init__(
        self, wall_clock: Callable[[], datetime], boot: Callable[[], float] | None = None
    ) -> None:
        self._wall_clock = wall_clock
        self._boot = boot
        self._guard = threading.Lock()
        self._reading: Reading | None = None
        self._boot_at = 0.0
        self._settles_at: datetime | None = None
        self._jumps: list[ClockJump] = []

    def __call__(self) -> datetime:
        with self._guard:
            return self._read().time

    @property
    def wall_clock(self) -> datetime:
        """The time by the machine's clock."""
        return self._wall_clock()

    @property
    def is_settling(self) -> bool:
        """Whether the clock jumped ahead a short while ago, perhaps by mistake."""
        now = self()
        return self._settles_at is not None and now < self._settles_at

    def take_jumps(self) -> list[ClockJump]:
        """The jumps noticed since the last call."""
        self()
        with self._guard:
            taken, self._jumps = self._jumps, []
        return taken

    def catch_up(self, last: datetime) -> None:
        """Move the office's time on to the newest known event."""
        with self._guard:
            before = self._read()
            self._reading = catch_up(before, last)
            if last - before.time > JUMP:
                self._jumps.append(
                    ClockJump(self._reading.time, round((before.wall_clock - last).total_seconds()))
                )

    def _read(self) -> Reading:
        wall_clock, boot = self._wall_clock(), 0.0 if self._boot is None else self._boot()
        before = self._reading
        if before is None:
            reading = Reading(wall_clock, wall_clock)
        else:
            passed = (
                wall_clock - before.wall_clock
                if self._boot is None
                else timedelta(seconds=boot - self._boot_at)
            )
            passed = max(passed, timedelta(0))
            reading = read_on(before, wall_clock, passed)
            self._note_jump(jump_of(before, wall_clock, passed), reading)
        self._reading, self._boot_at = reading, boot
        return reading

    def _note_jump(self, jump: timedelta, reading: Reading) -> None:
        if abs(jump) <= JUMP:
            return
        self._jumps.append(ClockJump(reading.time, round(jump.total_seconds())))
        self._settles_at = reading.time + SETTLING if jump > timedelta(0) else None


class ClockWatch:
    """Records clock jumps where `doctor`, supervisors and other processes find them."""

    def __init__(
        self,
        database: Database,
        clock: SteadyClock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._monotonic = monotonic
        self._look_at = monotonic()

    def step(self) -> int:
        """Note the jumps since the last step. Returns how many."""
        if self._monotonic() >= self._look_at:
            self._look_at = self._monotonic() + LOOK_SECONDS
            self._look()
        jumps = self._clock.take_jumps()
        for jump in jumps:
            log.warning("clock_jumped", seconds=jump.seconds)
            self._database.write([], partial(clock_jumps.add, jump=jump))
        return len(jumps)

    def _look(self) -> None:
        today: date = self._clock.wall_clock.astimezone(UTC).date()
        with self._database.read() as connection:
            last = clock_jumps.find_newest_event(
                connection, today - timedelta(days=1), today + timedelta(days=1)
            )
        if last is not None:
            self._clock.catch_up(last)
