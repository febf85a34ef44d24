"""When garbage is collected: at moments when nobody waits for an answer.

Requests and screens leave reference cycles behind, which only the collector can free. It collects
the youngest objects in steps of a millisecond or two. A full collection takes the longer the more
there is: so what stays for good is frozen, and the rest is examined at quiet moments.
"""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Callable

LOOK_SECONDS = 2.0
STILL_SHARE, QUIET_SHARE = 0.02, 0.1
"""A moment is still if the process has used at most so much of a processor since the last check: as
a server of which nobody wants anything. It is quiet up to a tenth, as between the requests of
hundreds of people who read what they have opened.
"""

LITTLE_CPU_SECONDS, MUCH_CPU_SECONDS = 1.0, 20.0
"""Less work than the first leaves too little garbage for a collection, less than the second too
little for one that somebody may wait for: it takes 20 ms while 500 are connected, and a second of
work leaves a thousand objects.
"""

LONGEST_SECONDS = 600.0
"""If no moment is quiet, much garbage is collected after this time all the same."""


YOUNG_OBJECTS, YOUNG_STEPS = 1_000, 4
"""The collector examines so many new objects at once, and each fifth time all that are left of
those before. With 5,000 the fifth took up to 14 ms.
"""

FLOOD_STEPS = 5_000
"""The collector itself examines all objects only after so many fifth times: in a flood."""


def settle_memory() -> None:
    """Freeze what is there: it stays for good, and the collector need not examine it again and
    again.

    Nothing is collected before, since that would take a tenth of a second, in which nobody is
    answered. Where the collector was off so far, the little garbage of a start stays as well.
    """
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, YOUNG_STEPS, FLOOD_STEPS)
    gc.enable()


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
        """Tidy up if there is some garbage and the moment is still, or much and the moment is quiet
        or there has been none for long. Returns whether it did.
        """
        before, self._looked_at = self._looked_at, (self._cpu(), self._wall_clock())
        worked, passed = (
            now - then for now, then in zip(self._looked_at, self._tidied_at, strict=True)
        )
        busy, looked = (now - then for now, then in zip(self._looked_at, before, strict=True))
        is_due = (worked >= LITTLE_CPU_SECONDS and busy <= STILL_SHARE * looked) or (
            worked >= MUCH_CPU_SECONDS
            and (busy <= QUIET_SHARE * looked or passed >= LONGEST_SECONDS)
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
