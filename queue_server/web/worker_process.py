"""A process that computes for this one: started when needed, stopped when idle, replaced when it dies or takes too long."""
from __future__ import annotations

import pickle
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO

HEADER = struct.Struct("!I")
JOB_SECONDS = 60.0
"""A job that takes longer is given up, and its process with it."""

LOW_PRIORITY = 10
"""Added to the niceness: whoever asks the server for something small comes first."""

IDLE_SECONDS = 30.0
"""An unused process gives its memory back after this long."""


class WorkerStopped(Exception):
    """The process died, or took too long."""


class WorkerFailed(Exception):
    """The function raised; the message is the kind of what it raised, which may quote nobody's data."""


class WorkerProcess:
    """One process, one job at a time. It computes at low priority, and ends by itself when this process does."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._idle: threading.Timer | None = None

    def ask(self, call: bytes) -> bytes:
        """The pickled answer to a pickled (job, arguments). Raises `WorkerStopped`, `WorkerFailed`."""
        with self._turn:
            self._end_idling()
            process = self._process = self._living() or _start()
            too_long = threading.Timer(JOB_SECONDS, process.kill)
            too_long.daemon = True
            too_long.start()
            try:
                kind, answer = _exchange(process, call)
            except (OSError, EOFError):
                self._stop()
                raise WorkerStopped() from None
            except BaseException:
                self._stop()  # whoever asked is gone: the answer still to come belongs to nobody
                raise
            finally:
                too_long.cancel()
                self._begin_idling()
        if kind == b"!":
            raise WorkerFailed(pickle.loads(answer))
        return answer

    def stop(self) -> None:
        """End the process, if there is one."""
        with self._turn:
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
            self._idle = threading.Timer(IDLE_SECONDS, self.stop)
            self._idle.daemon = True
            self._idle.start()

    def _end_idling(self) -> None:
        if self._idle is not None and self._idle is not threading.current_thread():
            self._idle.cancel()
        self._idle = None


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "queue_server.web.beside_worker"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def _exchange(process: subprocess.Popen[bytes], call: bytes) -> tuple[bytes, bytes]:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(HEADER.pack(len(call)) + call)
    process.stdin.flush()
    (size,) = HEADER.unpack(read_exactly(process.stdout, HEADER.size))
    answer = read_exactly(process.stdout, size)
    return answer[:1], answer[1:]


def read_exactly(file: IO[bytes], size: int) -> bytes:
    """`size` bytes. Raises `EOFError` where fewer are left."""
    found = bytearray()
    while len(found) < size:
        part = file.read(size - len(found))
        if not part:
            raise EOFError()
        found += part
    return bytes(found)
