"""Starts an agent as its own process, as it runs in a lobby, and stops it again.

It is split off from a process that has loaded its modules: to load them for each of the many agents
took two thirds of what their tests cost. What a command does from its first line on is for the
tests of the demonstration.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.fixtures.nursery import cradle, is_there

_AGENTS = """
import logging
from {module} import run_agent

def run(wish):
    logging.basicConfig(level="INFO")
    run_agent(**wish["arguments"])
"""


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def until(check: Callable[[], Any], what: str, timeout: float = 30.0) -> Any:
    """Ask `check` again and again until it gives something true; fails after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"still not so after {timeout} s: {what}")


class Agent:
    """An agent in a process of its own: `module` has the function `run_agent`."""

    def __init__(self, module: str, arguments: dict[str, Any], port: int, log: Path) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._module = module
        self.arguments = {**arguments, "listen": f"127.0.0.1:{port}"}
        self._log = log
        self._process: int | None = None

    def start(self) -> None:
        self._process = cradle(_AGENTS.format(module=self._module)).split(
            self._log, arguments=self.arguments
        )
        until(self._answers, f"the agent listens; its log: {self._log}")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(self._process, signal.SIGKILL)
            process, self._process = self._process, None
            until(lambda: not is_there(process), "the agent is gone")

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return self.request("GET", path, None, **headers)

    def request(
        self, method: str, path: str, body: Any, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        data = None if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = urllib.request.Request(
            self.url + path,
            data=data,
            method=method,
            headers={"Content-Type": "application/json", **named},
        )
        try:
            with urllib.request.urlopen(sent, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, dict(refused.headers), refused.read()

    def log_text(self) -> str:
        return self._log.read_text()

    def _answers(self) -> bool:
        assert self._process is not None
        assert is_there(self._process), self.log_text()
        try:
            return self.get("/")[0] == 200
        except OSError:
            return False
