"""Who waits and who works: of those who come with a job, one at a time leads and serves all who
wait.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

J = TypeVar("J", bound="Job")

MOST_GATHERINGS = 8
"""How often a leader lets others come before it starts, if each time more have come."""


class Job:
    """Something that one of the waiting does for its owner. Whoever serves it calls `close` once,
    with the outcome in place.
    """

    __slots__ = ("_bell", "closed", "deserted", "interrupted")

    def __init__(self) -> None:
        self._bell = threading.Lock()
        self._bell.acquire()
        self.closed = False
        self.deserted = False  # the owner is gone
        self.interrupted = False  # it was at work when its leader was stopped

    def close(self) -> None:
        """Nothing is left to do: wake the owner."""
        self.closed = True
        self._bell.release()

    def wait(self) -> None:
        """Sleep until the job is closed or its owner is to lead."""
        self._bell.acquire()

    def promote(self) -> None:
        """Wake the owner to lead."""
        self._bell.release()


class GroupCommit(Generic[J]):
    """Lets one thread or greenlet lead at a time; it serves its own job together with all that
    wait.

    A leader that dies on the way (a killed greenlet, Ctrl-C) leaves the jobs that are not closed to
    the next, so nobody waits for ever. `gather` runs before the waiting jobs are taken, for as long
    as it lets more of them come.
    """

    def __init__(
        self, serve: Callable[[list[J]], None], gather: Callable[[], None] | None = None
    ) -> None:
        self._serve = serve
        self._gather = gather
        self._guard = threading.Lock()
        self._waiting: deque[J] = deque()
        self._taken: list[J] = []
        self._leader: J | None = None

    @property
    def waiting(self) -> int:
        """How many jobs nobody has taken yet."""
        return len(self._waiting)

    def take_part(self, job: J) -> None:
        """Return when the job is closed, whoever served it."""
        try:
            with self._guard:
                self._waiting.append(job)
                if self._leader is None:
                    self._leader = job
            if self._leader is not job:
                job.wait()
            if not job.closed:
                self._lead()
        finally:
            if not job.closed or self._leader is job:
                self._step_down(job)

    def _lead(self) -> None:
        if self._gather is not None:
            self._gather_more(self._gather)
        with self._guard:
            self._taken, self._waiting = list(self._waiting), deque()
        self._serve(self._taken)

    def _gather_more(self, gather: Callable[[], None]) -> None:
        for _ in range(MOST_GATHERINGS):
            before = len(self._waiting)
            gather()
            if len(self._waiting) == before:
                return

    def _step_down(self, job: J) -> None:
        """Leave, and let the next lead. A job that was at work when its leader died is led by its
        own owner next.
        """
        with self._guard:
            job.deserted = True
            if self._leader is job:
                left = sorted(
                    (each for each in self._taken if not each.closed),
                    key=lambda each: not each.interrupted,
                )
                self._taken = []
                self._waiting.extendleft(reversed(left))
            for each in [each for each in self._waiting if each.deserted]:
                self._waiting.remove(each)
            if self._leader is not job:
                return
            self._leader = self._waiting[0] if self._waiting else None
            if self._leader is not None:
                self._leader.promote()
