"""An office printer that CUPS drives: the slip goes there as a PDF, never as raw bytes.

CUPS repeats and delays jobs as it likes and knows no receipt paper, so it is for office printers
(A4, A5) alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Sequence

from printer.device.device import Outcome
from printer.device.profile import PrinterProfile
from printer.device.status import PrinterState, Reading
from printer.device.transport import DeviceFailed, DeviceUnreachable, TimeLimits
from queue_server.protocol.messages import Slip

QUEUE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,126}")
_REQUEST = re.compile(r"request id is (\S+)")
_ASK_EVERY_S = 0.25

Run = Callable[[Sequence[str], bytes, float], tuple[int, str]]
"""Run a command with an input and a limit in seconds; gives its exit code and what it said."""


def run_command(command: Sequence[str], given: bytes, limit_s: float) -> tuple[int, str]:
    """Raises `OSError` if the command is missing, `subprocess.TimeoutExpired`."""
    done = subprocess.run(
        command,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=limit_s,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    return done.returncode, done.stdout.decode(errors="replace")


class CupsDevice:
    """A queue of CUPS. Its paper comes in sheets, so no roll is counted."""

    remembers = False

    def __init__(
        self,
        queue: str,
        profile: PrinterProfile,
        limits: TimeLimits,
        run: Run = run_command,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._queue, self._profile, self._limits = queue, profile, limits
        self._run, self._sleep = run, sleep

    def render(self, slip: Slip) -> bytes:
        from printer.slip.pdf import render_pdf

        return render_pdf(slip, self._profile)

    def measure_mm(self, document: bytes) -> float:
        return 0.0

    def open(self) -> CupsSession:
        session = CupsSession(self._queue, self._limits, self._run, self._sleep)
        try:
            session.read_state()
        except DeviceFailed as problem:
            raise DeviceUnreachable(str(problem)) from problem
        return session


class CupsSession:
    """Talks to CUPS through `lp` and `lpstat`."""

    def __init__(
        self, queue: str, limits: TimeLimits, run: Run, sleep: Callable[[float], None]
    ) -> None:
        self._queue, self._limits, self._run, self._sleep = queue, limits, run, sleep
        self._request: str | None = None

    def read_state(self) -> Reading:
        code, said = self._call(["lpstat", "-p", self._queue])
        if code:
            raise DeviceFailed("no_such_queue")
        if "disabled" in said:
            return Reading(PrinterState.OFFLINE, "queue_disabled")
        return Reading(PrinterState.READY)

    def send(self, document: bytes, slip: Slip) -> Outcome:
        # "-" reads the document from the input: the slip never lies in a file.
        command = ["lp", "-d", self._queue, "-t", slip.number or "antrean", "-"]
        code, said = self._call(command, document)
        request = _REQUEST.search(said)
        if code:
            return Outcome.NOTHING
        if request is None:
            return Outcome.UNKNOWN
        self._request = request[1]
        for _ in range(max(1, round(self._limits.ack_s / _ASK_EVERY_S))):
            if self.settle(slip) is Outcome.PRINTED:
                return Outcome.PRINTED
            self._sleep(_ASK_EVERY_S)
        return Outcome.UNKNOWN

    def settle(self, slip: Slip) -> Outcome:
        if self._request is None:
            raise DeviceFailed("not_asked")
        code, said = self._call(["lpstat", "-W", "completed", "-o", self._queue])
        done = not code and self._request in (line.split(" ")[0] for line in said.splitlines())
        return Outcome.PRINTED if done else Outcome.UNKNOWN

    def close(self) -> None:
        return None

    def _call(self, command: Sequence[str], given: bytes = b"") -> tuple[int, str]:
        try:
            return self._run(command, given, self._limits.send_s)
        except OSError as problem:
            raise DeviceFailed("no_cups") from problem
        except subprocess.TimeoutExpired as problem:
            raise DeviceFailed("cups_timeout") from problem
