"""A process that computes for this one: started when needed, stopped when idle, replaced when it
dies or takes too long.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

HEADER = struct.Struct("!I")
JOB_SECONDS = 60.0
"""A job that takes longer is given up, and its process with it."""

LOW_PRIORITY = 10
"""Added to the niceness: whoever asks the server for something small comes first."""

PATIENT_SECONDS = 2.0
"""So long a process computes only while nobody else has anything to do; then it gets the share of
its low priority.
"""

IDLE_SECONDS = 30.0
"""An unused process gives its memory back after this long."""


class WorkerStopped(Exception):
    """The process died, or took too long."""


class WorkerFailed(Exception):
    """The function raised; the message is the kind of what it raised, which may quote nobody's
    data.
    """


class WorkerProcess:
    """One process, one job at a time. It computes at low priority, and ends by itself when this
    process does.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._idle: threading.Timer | None = None

    def ask(self, call: bytes) -> bytes:
        """The pickled answer to a pickled (job, arguments). Raises `WorkerStopped`,
        `WorkerFailed`.
        """
        with self._lock:
            self._end_idling()
            process = self._process = self._living() or _start()
            timers = [
                _begin_timer(JOB_SECONDS, process.kill),
                _begin_timer(PATIENT_SECONDS, lambda: _hurry(process.pid)),
            ]
            try:
                kind, answer = _exchange(process, call)
            except (OSError, EOFError):
                self._stop()
                raise WorkerStopped() from None
            except BaseException:
                self._stop()  # whoever asked is gone: the answer still to come belongs to nobody
                raise
            finally:
                for each in timers:
                    each.cancel()
                self._begin_idling()
        if kind == b"!":
            raise WorkerFailed(pickle.loads(answer))
        return answer

    def stop(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end_idling()
            self._stop()

    def _living(self) -> subprocess.Popen[bytes] | None:
        if self._process is not None and self._process.poll() is not None:
            self._stop()
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was still to be written has no reader
                    pipe.close()
        process.wait()

    def _begin_idling(self) -> None:
        if self._process is not None:
            self._idle = _begin_timer(IDLE_SECONDS, self.stop)

    def _end_idling(self) -> None:
        if self._idle is not None and self._idle is not threading.current_thread():
            self._idle.cancel()
        self._idle = None


def make_patient() -> None:
    """Let this process compute only while the machine has nothing else to do.

    Niceness alone is not enough: a nice process that computes is left to do so for some
    milliseconds when somebody is asked for an answer, and several times for each answer.
    """
    os.nice(LOW_PRIORITY)
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _hurry(process_id: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError):  # it has ended, or the machine does not allow it
            os.sched_setscheduler(process_id, os.SCHED_OTHER, os.sched_param(0))


def _begin_timer(seconds: float, then: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(seconds, then)
    timer.daemon = True
    timer.start()
    return timer


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "queue_server.web.edge.long_work.worker"]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def _exchange(process: subprocess.Popen[bytes], call: bytes) -> tuple[bytes, bytes]:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(HEADER.pack(len(call)) + call)
    process.stdin.flush()
    (size,) = HEADER.unpack(read_exactly(process.stdout, HEADER.size))
    answer = read_exactly(process.stdout, size)
    return answer[:1], answer[1:]


def read_exactly(file: IO[bytes], size: int) -> bytes:
    """`size` bytes. Raises `EOFError` where fewer are left."""
    content = bytearray()
    while len(content) < size:
        part = file.read(size - len(content))
        if not part:
            raise EOFError()
        content += part
    return bytes(content)
