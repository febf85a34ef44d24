"""The office's time on a machine whose own clock may be wrong, set or lost.

While the machine runs, the time since the server last told it counts, by the boot clock, which
nobody can set and which goes on in standby. After a restart only the machine's own clock is left.
It is believed if it has a battery or a network to keep it, and if it is neither behind the last
known moment nor far beyond it. Otherwise nothing is given until the server has told the time.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from kiosk.records.database import JournalUnwritable, Records

FAR_SECONDS = 10 * 86_400.0
"""A machine that was off for longer, the longest holidays, asks the server before it gives."""
WRITTEN_SECONDS = 60.0
_KEPT = "clock"


@dataclass(frozen=True)
class Anchor:
    """What the server's time was: `office_at` seconds since 1970 when the boot clock of the start
    `boot` stood at `boot_at`, how many seconds the office was `ahead` of the machine's clock, and
    the office's `offset` from UTC in seconds.
    """

    office_at: float
    boot_at: float
    boot: str
    ahead: float
    offset: float


@dataclass(frozen=True)
class Machine:
    """The machine's clocks: `wall_clock` can be set by anybody, `steady` counts from the start
    `boot`; `keeps_time` tells whether something kept `wall_clock` right while the machine was off.
    """

    wall_clock: Callable[[], float]
    steady: Callable[[], float]
    boot: str
    keeps_time: bool


def this_machine() -> Machine:
    """The machine that this runs on."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return Machine(
        time.time,
        lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
        boot.read_text().strip() if boot.exists() else "",
        any(Path("/sys/class/rtc").glob("rtc*")),
    )


def tell_time(anchor: Anchor | None, machine: Machine) -> float | None:
    """The office's time in seconds since 1970; None if it is not sure."""
    if anchor is None:
        return None
    if anchor.boot == machine.boot:
        return anchor.office_at + machine.steady() - anchor.boot_at
    guess = machine.wall_clock() + anchor.ahead
    sure = machine.keeps_time and 0 <= guess - anchor.office_at <= FAR_SECONDS
    return guess if sure else None


class OfficeClock:
    """The office's clock, kept across restarts. Safe to share between threads."""

    def __init__(self, records: Records, machine: Machine) -> None:
        self._records, self._machine = records, machine
        self._lock = threading.Lock()
        kept = records.kept(_KEPT)
        self._anchor = None if kept is None else Anchor(**json.loads(kept))
        self._written_at = float("-inf")
        now = tell_time(self._anchor, machine)
        if (
            now is not None and self._anchor is not None
        ):  # whoever sets `wall_clock` later moves nothing
            self._anchor = replace(
                self._anchor, office_at=now, boot_at=machine.steady(), boot=machine.boot
            )

    def set(self, office_now: datetime) -> None:
        """The server has told the time, with the office's offset."""
        machine, at = self._machine, office_now.timestamp()
        offset = (office_now.utcoffset() or timedelta()).total_seconds()
        with self._lock:
            self._anchor = Anchor(
                at, machine.steady(), machine.boot, at - machine.wall_clock(), offset
            )
        self.save()

    def save(self) -> None:
        """Write the last known moment down, at most once a minute: a later start must not be before
        it.
        """
        steady = self._machine.steady()
        with self._lock:
            now, anchor = tell_time(self._anchor, self._machine), self._anchor
        if now is None or anchor is None or steady - self._written_at < WRITTEN_SECONDS:
            return
        known = replace(anchor, office_at=now, boot_at=steady, boot=self._machine.boot)
        with suppress(JournalUnwritable):  # the probe of the disk says so
            self._records.keep(_KEPT, json.dumps(vars(known)))
            self._written_at = steady

    def now(self) -> datetime | None:
        """The office's time, with its offset; None if it is not sure."""
        with self._lock:
            at = tell_time(self._anchor, self._machine)
        return None if at is None else self._local(at)

    def guess(self) -> datetime:
        """The office's time, or the best guess at it."""
        ahead = 0.0 if self._anchor is None else self._anchor.ahead
        return self.now() or self._local(self._machine.wall_clock() + ahead)

    def _local(self, at: float) -> datetime:
        offset = 0.0 if self._anchor is None else self._anchor.offset
        return datetime.fromtimestamp(at, timezone(timedelta(seconds=offset)))
