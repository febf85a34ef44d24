"""The real server as a subprocess, on a staged database, with tokens for a kiosk and clerks."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import stage
from queue_server.domain.access.accounts import User
from queue_server.services.access import devices, sessions
from queue_server.store.access.tokens import Token
from queue_server.store.writer.database import Database

PYTHON = "ANTREAN_BENCHMARK_PYTHON"
"""Names the Python of an installation whose server is measured, instead of this one's with all that
the tests need besides.
"""


@dataclass(frozen=True)
class Served:
    """A running server: where it is, who may use it, how long its first answer took."""

    port: int
    kiosk: str
    clerks: dict[str, str]
    process: subprocess.Popen[bytes]
    first_answer_seconds: float

    def post(self, path: str, token: str, body: dict[str, Any] | None = None) -> Any:
        """One POST outside all measurement; the answer's JSON, None for an empty one."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            json.dumps(body or {}).encode(),
            method="POST",
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": secrets.token_hex(16),
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def cpu_seconds(self) -> float:
        """Processor time that the server process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def loop_seconds(self) -> float:
        """Processor time of the server's event loop alone, to the microsecond."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e9

    def resident_bytes(self) -> int:
        """Memory of the server process that is in RAM."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise ValueError("no VmRSS")


def add_people(url: str, counters: int = 2) -> tuple[str, dict[str, str]]:
    """A kiosk's token and a clerk's token for each of the first counters, those that serve all
    streams first.
    """
    database = Database(url)
    with database.read() as connection:
        office = database.offices.get(connection, stage.OFFICE)
    counters_open = sorted(office.counters, key=lambda each: -len(each.letters))[:counters]
    kiosk, clerks = (
        sessions.new_secret(),
        {each.id: sessions.new_secret() for each in counters_open},
    )

    def add(tx: Any) -> None:
        devices.add_paired(tx, "kiosk", stage.OFFICE, "Kiosk", kiosk, stage.NOW)
        for counter, secret in clerks.items():
            user = User(f"clerk-{counter}", f"clerk-{counter}", "Clerk", "clerk", stage.OFFICE)
            sessions.add_user(tx, user, "no log-in")
            sessions.add_token(
                tx,
                Token(secrets.token_hex(8), "Clerk", "clerk", stage.OFFICE, user=user.id),
                secret,
                stage.NOW,
            )

    database.write([], add)
    database.close()
    return kiosk, clerks


@contextmanager
def serve(
    url: str,
    folder: Path,
    people: tuple[str, dict[str, str]],
    *,
    workers: int = 1,
    redis_url: str = "",
    module: str = "queue_server",
    settings: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Served]:
    """Run `antrean serve` until the block ends. The server's clock says Monday, 09:00. `module` is
    what is run as that command, `settings` are the environment variables that differ, `port` is a
    free one unless it is named.
    """
    if port is None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    environment = (
        {name: value for name, value in os.environ.items() if not name.startswith("ANTREAN_")}
        | {
            "ANTREAN_DATABASE_URL": url,
            "ANTREAN_SECRET_KEY_FILE": str(folder / "secret.key"),
            "ANTREAN_NIK_KEY_FILE": str(folder / "nik.key"),
            "ANTREAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "ANTREAN_RATE_LIMITS": "false",
            "ANTREAN_LOG_LEVEL": "warning",
            "ANTREAN_CLOCK_OFFSET_SECONDS": str((stage.NOW - datetime.now(UTC)).total_seconds()),
        }
        | ({"ANTREAN_REDIS_URL": redis_url} if redis_url else {})
        | dict(settings or {})
    )
    command = [
        os.environ.get(PYTHON, sys.executable),
        "-m",
        module,
        "serve",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    started = time.perf_counter()
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                if process.poll() is not None or time.perf_counter() > started + 60:
                    raise RuntimeError((folder / "server.log").read_text()) from None
                time.sleep(0.005)
        first_answer = time.perf_counter() - started
        while _listeners(port) < workers:  # the first worker's answer says nothing of the others
            if time.perf_counter() > started + 60:
                raise RuntimeError(f"not all of {workers} workers listen")
            time.sleep(0.02)
        yield Served(port, *people, process, first_answer)
    finally:
        process.terminate()
        process.wait(20)


LISTENING = "0A"
"""A state in /proc/net/tcp."""


def _listeners(port: int) -> int:
    """How many sockets of this machine listen on a port."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(parts[3] == LISTENING and parts[1].endswith(f":{port:04X}") for parts in lines)
