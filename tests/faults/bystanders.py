"""Those who must not notice: how long a load balancer and a clerk wait for the server, and what
memory it takes meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import requests

from tests.fixtures.application import HOME
from tests.fixtures.live_server import LiveServer


class Desk:
    """A load balancer, and a clerk who calls and serves one visitor after the other. Each step says
    how many seconds it took.
    """

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._session = requests.Session()

    def alive(self) -> float:
        begun = time.perf_counter()
        assert self._session.get(f"{self._server.url}/livez", timeout=120).status_code == 200
        return time.perf_counter() - begun

    def call(self) -> float:
        self._server.walk_in()
        begun = time.perf_counter()
        called = self._server.call_next(f"{HOME}-1")
        taken = time.perf_counter() - begun
        for step in ("start", "finish"):
            assert (
                self._server.ask("POST", f"/tickets/{called['id']}/{step}", "clerk").status_code
                == 200
            )
        return taken

    def asks(self) -> tuple[Callable[[], float], ...]:
        return self.alive, self.call


def slowest(ask: Callable[[], float], seconds: float) -> float:
    """The longest wait of one who asks again and again for so long."""
    until, found = time.monotonic() + seconds, 0.0
    while time.monotonic() < until:
        found = max(found, ask())
        time.sleep(0.02)
    return found


def memory_kb(process: int) -> int:
    """A process's memory that is in RAM."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
