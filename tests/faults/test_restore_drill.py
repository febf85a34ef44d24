"""The drill: an office works while the backup is made, the machine is lost, another one goes on
from the backup on the other kind of database.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from display.board_keeper import BoardKeeper
from queue_server.domain.access.accounts import User
from queue_server.domain.booking.slots import slot_id
from queue_server.protocol.messages import Board, from_wire
from queue_server.services.access import sessions
from queue_server.store.access.tokens import Token
from queue_server.store.writer.database import Database
from tests.faults.serving import Server, office_served
from tests.services import ledger, stage

KINDS = ("sqlite", "postgresql")
BEFORE, MEANWHILE = 5, 3
"""How many rounds the office works before the backup begins, and how many more tickets there are at
least when it is made.
"""

TOMORROWS_SLOTS = 8
"""Those before the break of noon: one for each of the first rounds."""


@dataclass
class Morning:
    """One office at work: each round takes a number, books a visit, and calls somebody in. What was
    acknowledged is kept.
    """

    server: Server
    kiosk: str
    clerk: str
    rounds: int = 0
    tickets: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    failed: list[BaseException] = field(default_factory=list)

    def ask(self, method: str, path: str, token: str = "", body: Any = None) -> Any:
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        url = f"{self.server.address}/api/v1{path}"
        answer = requests.request(method, url, json=body, headers=headers, timeout=30)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def work(self) -> None:
        self.rounds += 1
        slip = self.ask("POST", "/offices/o1/tickets", self.kiosk, {"service": "REK"})
        self.tickets.append(slip["code"])
        booking = {
            "service": "CTK",
            "slot": slot_id(stage.at(24 * 60 + 8 * 60 + 30 * (self.rounds - 1))),
            "nik": f"910101450788{self.rounds:04}",
            "name": "Warga Contoh",
            "phone": f"+62812000{self.rounds:05}",
        }
        if self.rounds <= TOMORROWS_SLOTS:
            booked = self.ask("POST", "/offices/o1/bookings", body=booking)
            self.tickets.append(booked["code"])
        called = self.ask("POST", "/counters/o1-1/call-next", self.clerk)
        for step in ("start", "finish"):
            self.ask("POST", f"/tickets/{called['id']}/{step}", self.clerk)

    def go_on(self) -> None:
        try:
            while not self.stopped.is_set():
                self.work()
        except BaseException as error:
            self.failed.append(error)
            raise


def add_clerk(url: str) -> str:
    token = sessions.new_secret()
    database = Database(url)

    def add(tx: Any) -> None:
        sessions.add_user(tx, User("ani", "ani", "Ani", "clerk", "o1"), "-")
        sessions.add_token(tx, Token("t1", "Ani", "clerk", "o1", user="ani"), token, stage.at(0))

    database.write([], add)
    database.close()
    return token


def antrean(server: Server, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command on the machine of a server, with its clock."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ANTREAN_")}
    return subprocess.run(
        [sys.executable, "-m", "queue_server", *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        env={
            **clean,
            "ANTREAN_DATABASE_URL": url,
            "ANTREAN_SECRET_KEY_FILE": str(server.folder / "secret.key"),
            "ANTREAN_NIK_KEY_FILE": str(server.folder / "nik.key"),
            "ANTREAN_CLOCK_OFFSET_SECONDS": str(server.offset),
        },
    )


@pytest.mark.timeout(300)
@pytest.mark.requires_postgresql
@pytest.mark.parametrize(
    ("kind", "other"), [KINDS, pytest.param(*KINDS[::-1], marks=pytest.mark.slow)]
)
def test_what_was_acknowledged_before_a_backup_began_is_there_after_its_restore(
    kind: str, other: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url, new_url = (request.getfixturevalue(f"{each}_url") for each in (kind, other))
    file, key = str(tmp_path / "a.backup"), str(tmp_path / "backup.key")
    with office_served(url, tmp_path) as (server, kiosk):
        morning = Morning(server, kiosk, add_clerk(url))
        server.start()
        for _ in range(BEFORE):
            morning.work()
        acknowledged = list(morning.tickets)
        worker = threading.Thread(target=morning.go_on)
        worker.start()
        made = antrean(server, url, "backup", file, "--key", key, "--json")
        morning.stopped.set()
        worker.join()
        assert made.returncode == 0, made.stderr
        assert not morning.failed and len(morning.tickets) > len(acknowledged) + MEANWHILE
        shown = from_wire(Board, morning.ask("GET", "/offices/o1/board"))

        refused = antrean(server, url, "restore", file, "--key", key, "--replace")
        assert refused.returncode == 1 and "A server is running" in refused.stderr
        server.kill()

        done = antrean(server, new_url, "restore", file, "--key", key, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["tables"] == json.loads(made.stdout)["tables"]
        proved = antrean(server, new_url, "audit", "verify")
        assert proved.returncode == 0, proved.stdout

        server.url = new_url
        server.start()
        for code in acknowledged:
            morning.ask("GET", f"/tickets/{code}")
        keeper = BoardKeeper(tmp_path / "board.json", lambda: 0.0, lambda: None)
        assert keeper.take_live(shown)
        morning.ask("POST", "/offices/o1/tickets", kiosk, {"service": "REK"})
        for _ in range(2):
            fetched = from_wire(Board, morning.ask("GET", "/offices/o1/board"))
            keeper.take_fetched(fetched, keeper.board)
        assert keeper.board == fetched and keeper.board.version > ("", 0)
        server.stop()
    database = Database(new_url)
    try:
        ledger.read(database, "o1").all_is_right()
    finally:
        database.close()
