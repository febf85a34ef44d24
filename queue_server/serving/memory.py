"""When garbage is collected: at moments when nobody waits for an answer.

Requests and screens leave reference cycles behind, which only the collector can free. It collects
the youngest objects in steps of a few milliseconds. A full collection takes 20 to 30 ms, and would
otherwise come in the middle of an answer.
"""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Callable

LOOK_SECONDS = 2.0
QUIET_SHARE = 0.1
"""A moment is quiet if the process has used at most this share of a processor since the last check.
"""

WORTHWHILE_CPU_SECONDS = 1.0
"""Less work than this leaves too little garbage for a collection."""

LONGEST_SECONDS = 600.0
"""If no moment is quiet, garbage is collected after this time all the same."""


def settle_memory() -> None:
    """Freeze what is loaded now: it stays for good, and the collector need not check it again and
    again.
    """
    gc.enable()
    gc.collect()
    gc.freeze()
    # The last threshold is reached only in a flood: full collections otherwise run at quiet
    # moments.
    gc.set_threshold(5_000, 4, 1_000)


def tidy_memory() -> None:
    """Collect all garbage and give its memory back to the machine."""
    gc.collect()
    _trim()


class MemoryKeeper:
    """Calls `tidy` at quiet moments. `cpu` and `wall` are clocks in seconds: the process's CPU time
    and real time.
    """

    def __init__(
        self,
        tidy: Callable[[], None] = tidy_memory,
        cpu: Callable[[], float] = time.process_time,
        wall_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tidy, self._cpu, self._wall_clock = tidy, cpu, wall_clock
        self._looked_at = self._tidied_at = (cpu(), wall_clock())

    def step(self) -> bool:
        """Tidy up if there is enough garbage and the moment is quiet, or if there has been no quiet
        moment for long. Returns whether it did.
        """
        before, self._looked_at = self._looked_at, (self._cpu(), self._wall_clock())
        worked, passed = (
            now - then for now, then in zip(self._looked_at, self._tidied_at, strict=True)
        )
        busy, looked = (now - then for now, then in zip(self._looked_at, before, strict=True))
        is_due = worked >= WORTHWHILE_CPU_SECONDS and (
            busy <= QUIET_SHARE * looked or passed >= LONGEST_SECONDS
        )
        if is_due:
            self._tidy()
            self._looked_at = self._tidied_at = (self._cpu(), self._wall_clock())
        return is_due


def _trim() -> None:
    """Return freed memory to the system. glibc keeps it for later use; other C libraries have no
    such function.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
