"""When garbage is collected: in moments in which nobody waits for an answer.

Requests and screens leave cycles behind, which only the collector can free. It looks at the
youngest objects in steps of a few milliseconds. A look at all of them takes 20 to 30 ms, and would
come in the middle of somebody's answer.
"""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Callable

LOOK_SECONDS = 2.0
QUIET_SHARE = 0.1
"""A moment is quiet when the process has used at most this share of a processor since the last
look.
"""

WORTHWHILE_CPU_SECONDS = 1.0
"""Less work than this leaves too little behind to look for it."""

LONGEST_SECONDS = 600.0
"""Where no moment is quiet, garbage is collected all the same after so long."""


def settle_memory() -> None:
    """What is loaded now stays for good: the collector need not look at it again and again."""
    gc.enable()
    gc.collect()
    gc.freeze()
    # The last figure is for a flood alone: all objects are looked at in quiet moments.
    gc.set_threshold(5_000, 4, 1_000)


def tidy_memory() -> None:
    """Collect all garbage and give its memory back to the machine."""
    gc.collect()
    _trim()


class MemoryKeeper:
    """Calls `tidy` in quiet moments. `cpu` and `wall` are clocks, in seconds: of the work of this
    process, and of everybody.
    """

    def __init__(
        self,
        tidy: Callable[[], None] = tidy_memory,
        cpu: Callable[[], float] = time.process_time,
        wall: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tidy, self._cpu, self._wall = tidy, cpu, wall
        self._looked_at = self._tidied_at = (cpu(), wall())

    def step(self) -> bool:
        """Tidy up if there is something to tidy and the moment is quiet, or none has been for long.
        Returns whether it did.
        """
        before, self._looked_at = self._looked_at, (self._cpu(), self._wall())
        worked, passed = (
            now - then for now, then in zip(self._looked_at, self._tidied_at, strict=True)
        )
        busy, looked = (now - then for now, then in zip(self._looked_at, before, strict=True))
        is_due = worked >= WORTHWHILE_CPU_SECONDS and (
            busy <= QUIET_SHARE * looked or passed >= LONGEST_SECONDS
        )
        if is_due:
            self._tidy()
            self._looked_at = self._tidied_at = (self._cpu(), self._wall())
        return is_due


def _trim() -> None:
    """glibc keeps what was freed in case it is needed again; other libraries of C have no such
    function.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
