"""The one home of long work: what takes over 50 ms runs beside the loop that answers everybody,
within a bound.

It runs in worker processes (`beside_worker`). A thread would not do, even for what lets go of the
interpreter: to take it back, a thread of low priority makes the loop wait until the machine has
time for that thread.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from .worker_process import WorkerProcess, WorkerStopped

T = TypeVar("T")

HASHES_WAITING = 40
"""In each of the two lanes, behind the one that is made. That one takes 64 MiB, and four threads
for a tenth of a second.
"""

JOBS_WAITING = 12
ANSWERS_KEPT = 200
ANSWERS_BYTES = 8_000_000
RETRY_SECONDS = 5


WORKER, HASHER, HASHER_OF_STRANGERS = WorkerProcess(), WorkerProcess(), WorkerProcess()
"""One of each for each process, whatever applications it serves."""


class Overloaded(Exception):
    """More long work waits than is let in. Asking again after `RETRY_SECONDS` is welcome."""


class Lane:
    """Lets `at_once` pieces of work run and `waiting` more wait for their turn. Raises `Overloaded`
    for any beyond.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._permit = threading.BoundedSemaphore(at_once)
        self._room = threading.BoundedSemaphore(at_once + waiting)

    def run(self, work: Callable[[], T]) -> T:
        """The answer of `work`, after those that came before. Raises `Overloaded`, and what `work`
        raises.
        """
        if not self._room.acquire(blocking=False):
            raise Overloaded()
        try:
            with self._permit:
                return work()
        finally:
            self._room.release()


class Beside:
    """Runs long work, each kind in its own lane and its own worker process."""

    def __init__(self) -> None:
        self._hashes, self._hashes_of_strangers = (Lane(1, HASHES_WAITING) for _ in range(2))
        self._jobs = Lane(1, JOBS_WAITING)
        self._answers = _Answers(ANSWERS_KEPT, ANSWERS_BYTES)
        self._running: dict[str, threading.Event] = {}

    def hash(self, job: str, *arguments: Any, is_known: bool) -> Any:
        """The answer of `job` ("package.module:function") on a password, of which nothing is kept.

        `is_known`: it is for somebody whom this browser is known for. Strangers have a lane of
        their own, which their robots may fill. Raises `Overloaded`, also for work that takes too
        long, and `WorkerFailed`.
        """
        lane, worker = (
            (self._hashes, HASHER) if is_known else (self._hashes_of_strangers, HASHER_OF_STRANGERS)
        )
        return pickle.loads(_ask(lane, worker, pickle.dumps((job, arguments))))

    def compute(self, job: str, *arguments: Any) -> Any:
        """The answer of `job` ("package.module:function"), a pure function of its arguments, from
        the worker process.

        The same arguments are computed once, however many ask meanwhile or later. Raises
        `Overloaded`, also for work that takes too long, and `WorkerFailed` for what the function
        raised.
        """
        call = pickle.dumps((job, arguments))
        key = hashlib.sha256(call).hexdigest()
        while (known := self._answers.recall(key)) is None:
            other = self._running.get(key)
            if other is None:
                return self._compute(key, call)
            other.wait()
        return pickle.loads(known)

    def _compute(self, key: str, call: bytes) -> Any:
        done = self._running[key] = threading.Event()
        try:
            answer = _ask(self._jobs, WORKER, call)
            self._answers.keep(key, answer)
        finally:
            del self._running[key]
            done.set()
        return pickle.loads(answer)

    def close(self) -> None:
        """Stop the worker processes."""
        for each in (WORKER, HASHER, HASHER_OF_STRANGERS):
            each.stop()


def _ask(lane: Lane, worker: WorkerProcess, call: bytes) -> bytes:
    try:
        return lane.run(lambda: worker.ask(call))
    except WorkerStopped:
        raise Overloaded() from None


class _Answers:
    """The answers used last, pickled: at most `most` of them and `most_bytes` together."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._most, self._most_bytes, self._bytes = most, most_bytes, 0

    def recall(self, key: str) -> bytes | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: str, answer: bytes) -> None:
        if len(answer) > self._most_bytes // 4:
            return
        self._bytes += len(answer) - len(self._kept.pop(key, b""))
        self._kept[key] = answer
        while len(self._kept) > self._most or self._bytes > self._most_bytes:
            self._bytes -= len(self._kept.popitem(last=False)[1])
