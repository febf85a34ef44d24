"""Starts an agent as its own process, as it runs in a lobby, and stops it again."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


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
    """A running agent process. `call` is the Python expression that runs it, such as
    `display.agent.run_agent(...)`.
    """

    def __init__(self, module: str, arguments: dict[str, Any], port: int, log: Path) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._module = module
        self.arguments = {**arguments, "listen": f"127.0.0.1:{port}"}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        code = (
            "from gevent import monkey; monkey.patch_all()\n"
            f"import json, logging, sys; logging.basicConfig(level='INFO')\nfrom {self._module} "
            "import run_agent\n"
            "run_agent(**json.loads(sys.argv[1]))"
        )
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code, json.dumps(self.arguments)],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._answers, f"the agent listens; its log: {self._log}")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

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
        assert self._process.poll() is None, self.log_text()
        try:
            return self.get("/")[0] == 200
        except OSError:
            return False
