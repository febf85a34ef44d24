"""Several server processes on one port: started and stopped together; one that dies is replaced."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

STEP_SECONDS = 0.5
STOP_SECONDS = 10.0
DEATHS_ALLOWED = 5
"""If a worker dies this often within a minute, starting it again will not help."""


def serve_with_workers(host: str, port: int, workers: int) -> int:
    """Run single-worker servers until SIGTERM or SIGINT. Returns the exit code."""
    command = [
        sys.executable,
        "-m",
        "queue_server",
        "serve",
        "--host",
        host,
        "--port",
        str(port),
        "--share-port",
    ]
    # Before any worker is started: a stop signal that came in between would leave running workers
    # without a parent.
    ordered: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda caught, _frame: ordered.append(caught))
    running: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(workers):
            running.append(subprocess.Popen(command, start_new_session=True))
        return _watch(running, command, ordered)
    finally:
        _stop(running)


def _watch(running: list[subprocess.Popen[bytes]], command: list[str], ordered: list[int]) -> int:
    """Replace workers that die. Returns 0 when told to stop, 1 when workers die too often."""
    deaths: list[float] = []
    while not ordered:
        for index, worker in enumerate(running):
            if worker.poll() is not None:
                deaths = [
                    *(when for when in deaths if when > time.monotonic() - 60),
                    time.monotonic(),
                ]
                if len(deaths) > DEATHS_ALLOWED:
                    return 1
                running[index] = subprocess.Popen(command, start_new_session=True)
        time.sleep(STEP_SECONDS)
    return 0


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    for worker in running:
        worker.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for worker in running:
        try:
            worker.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            worker.kill()
