"""A real server as a process of its own, on a database that outlives it."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from queue_server.domain.access.accounts import Role, User
from queue_server.services.access import devices, sessions
from queue_server.store.writer.database import Database
from tests.fixtures.migrated import migrated
from tests.fixtures.services import free_port
from tests.services import stage

START_SECONDS = 60


@dataclass
class Server:
    """`antrean serve` on a loopback port, with a clock that says 09:00 of a working Monday when the
    object is made.
    """

    url: str
    folder: Path
    port: int = field(default_factory=free_port)
    offset: float = field(
        default_factory=lambda: (stage.at(9 * 60) - datetime.now(UTC)).total_seconds()
    )
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns once the server answers."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("ANTREAN_")
        } | {
            "ANTREAN_DATABASE_URL": self.url,
            "ANTREAN_SECRET_KEY_FILE": str(self.folder / "secret.key"),
            "ANTREAN_NIK_KEY_FILE": str(self.folder / "nik.key"),
            "ANTREAN_PUBLIC_URL": self.address,
            "ANTREAN_CLOCK_OFFSET_SECONDS": str(self.offset),
            "ANTREAN_RATE_LIMITS": "false",
            "ANTREAN_LOG_LEVEL": "warning",
            **self.settings,
        }
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "queue_server", "serve", "--port", str(self.port)],
                env=environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "server.log").read_text()
            try:
                urllib.request.urlopen(f"{self.address}/livez", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.02)
        raise TimeoutError((self.folder / "server.log").read_text())

    def kill(self) -> None:
        """As a power cut would: no signal handler, no goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None


@contextmanager
def office_served(url: str, folder: Path) -> Iterator[tuple[Server, str]]:
    """A server, not started yet, on a database with the office "o1"; and a kiosk's token."""
    token = secrets.token_urlsafe(32)
    database = Database(migrated(url))
    stage.open_office(database, stage.small_office("o1", limit=None))
    database.write(
        [], lambda tx: devices.add_paired(tx, "kiosk", "o1", "Kiosk", token, stage.at(0))
    )
    # without an administrator a server begins with what opens its set-up
    administrator = User("admin", "admin", "Admin", Role.ADMIN, None)
    database.write([], lambda tx: sessions.add_user(tx, administrator, "no password fits"))
    database.close()
    server = Server(url, folder)
    try:
        yield server, token
    finally:
        server.stop()
