"""The whole demonstration as one process tree, started and stopped as a person at a terminal
would.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from queue_server.demo.data import prepare
from queue_server.demo.scenarios import USUAL
from queue_server.domain.office.rules import read_rules, write_rules
from queue_server.settings import Settings
from tests.fixtures.parts import ROOT
from tests.fixtures.rules import vary_rules
from tests.fixtures.services import run_folder

NINE = "2026-11-24T09:00+07:00"
"""A working Tuesday: the tests are the same at night and at weekends."""

FILLING_SECONDS = 60
"""How long before nine the demonstration is filled, so that all its past is past when it starts."""

READY = "Press Ctrl-C to stop."
START_SECONDS = 90
STOP_SECONDS = 30


def until(check: Any, what: str, seconds: float = 30.0) -> Any:
    """Ask `check` again and again until it gives something true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"still not so after {seconds} s: {what}")


def free_base_port() -> int:
    """A port P so that nobody listens on P, P+10 and P+20. Below the range from which systems lend
    ports to clients.
    """
    while True:
        base = random.randrange(20_000, 32_000)
        if all(_is_free(base + step) for step in (0, 10, 20)):
            return base


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def lay_out(data: Path) -> None:
    """Put the data of a first start where there are none: filled once in this run of the tests,
    whichever worker comes first.
    """
    model = run_folder() / "demo"
    with (run_folder() / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not model.exists():
            draft = model.with_name("demo.draft")
            draft.mkdir()
            nine = datetime.fromisoformat(NINE) - timedelta(seconds=FILLING_SECONDS)
            settings = Settings(
                database_url=f"sqlite:///{draft / 'antrean.db'}",
                secret_key_file=draft / "secret.key",
                nik_key_file=draft / "nik.key",
                demo_access_file=draft / "access.json",
                clock_offset_seconds=(nine - datetime.now(UTC)).total_seconds(),
            )
            prepare(settings, USUAL, {})
            draft.rename(model)
    shutil.copytree(model, data)


@dataclass
class Demo:
    """`antrean demo` on a data folder. `start` returns once it says it is ready."""

    data: Path
    port: int = field(default_factory=free_base_port)
    process: subprocess.Popen[bytes] | None = None

    def launch(self, *options: str) -> subprocess.Popen[bytes]:
        """Start it without waiting."""
        command = [
            sys.executable,
            "-m",
            "queue_server",
            "demo",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
            *options,
        ]
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith("ANTREAN_")
        }
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT
            )
        return self.process

    def start(self, *options: str) -> Demo:
        """Start it and wait until it is ready."""
        process = self.launch(*options)
        until(
            lambda: READY in self.told or process.poll() is not None,
            "the demo is ready",
            START_SECONDS,
        )
        assert process.poll() is None, self.told
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; gives the exit code. Fails if it leaves a process behind."""
        assert self.process is not None
        family = descendants(self.process.pid)
        self.process.send_signal(number)
        code = self.process.wait(STOP_SECONDS)
        until(
            lambda: not [pid for pid in family if is_alive(pid)],
            f"no process of the demo is left of {family}",
        )
        return code

    def kill(self) -> None:
        """End whatever is left of it, for a test that failed halfway."""
        if self.process is not None and self.process.poll() is None:
            for pid in [*descendants(self.process.pid), self.process.pid]:
                os.kill(pid, signal.SIGKILL)
            self.process.wait()

    @property
    def log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    @property
    def told(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(encoding="utf-8")

    @property
    def access(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.data / "access.json").read_text(encoding="utf-8"))
        return found

    @property
    def server(self) -> str:
        return str(self.access["server"])

    @property
    def office(self) -> str:
        return str(self.access["office"])

    @property
    def slips(self) -> Path:
        return self.data / "slips"

    def set_rules(self, **groups: Mapping[str, Any]) -> None:
        """Change rules of the demo's office behind the server's back, as another process would; it
        sees them within a second.
        """
        with closing(sqlite3.connect(self.data / "antrean.db", timeout=10)) as database, database:
            stored = database.execute(
                "SELECT rules FROM offices WHERE code = ?", (self.office,)
            ).fetchone()[0]
            rules = write_rules(vary_rules(read_rules(json.loads(stored)), **groups))
            database.execute(
                "UPDATE offices SET rules = ?, revision = revision + 1 WHERE code = ?",
                (json.dumps(rules), self.office),
            )

    def set_limit(self, persons: int) -> None:
        """Let so many persons into the demo's office; the server sees it within a second."""
        with closing(sqlite3.connect(self.data / "antrean.db", timeout=10)) as database, database:
            database.execute(
                "UPDATE offices SET people_limit = ?, revision = revision + 1 WHERE code = ?",
                (persons, self.office),
            )
        until(
            lambda: self.api("GET", f"/offices/{self.office}/board")[1]["limit"] == persons,
            f"{persons} persons may come in",
        )

    def api(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: str | None = None,
        key: str | None = None,
    ) -> tuple[int, Any]:
        """One call of the API: status and JSON (None if empty). `role` names the token of
        access.json to send.
        """
        headers = {"Content-Type": "application/json"}
        if role:
            headers["Authorization"] = f"Bearer {self.access['tokens'][role]}"
        if key:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        sent = urllib.request.Request(
            f"{self.server}/api/v1{path}", data=data, method=method, headers=headers
        )
        try:
            with urllib.request.urlopen(sent, timeout=30) as answer:
                content = answer.read()
                return answer.status, json.loads(content) if content else None
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())


def descendants(pid: int) -> list[int]:
    """All living processes that stem from this one."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        parents[int(status.parent.name)] = int(fields[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found[1:]


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and is not collected yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
