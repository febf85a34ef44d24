"""A server that dies in the middle of its work loses nothing that it has acknowledged, and gives
nothing twice.
"""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import requests

from queue_server.domain.visit.numbering import ticket_number
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.faults.serving import Server, office_served
from tests.services import stage

CLIENTS = 8
KILLED_AFTER = (40, 160, 300)
"""How many acknowledged tickets each of the kills waits for."""


@dataclass
class Tally:
    """What the clients know: the slip for each key that was acknowledged, and the keys whose answer
    never came.
    """

    acknowledged: dict[str, dict[str, object]] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


def issue(session: requests.Session, server: Server, token: str, key: str) -> dict[str, object]:
    """One walk-in over HTTP, as a kiosk asks for it."""
    answer = session.post(
        f"{server.address}/api/v1/offices/o1/tickets",
        json={"service": "REK"},
        timeout=30,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
    )
    assert answer.status_code == 201, answer.text
    slip: dict[str, object] = answer.json()
    return slip


def press(server: Server, token: str, tally: Tally, until: int) -> None:
    """Take numbers until the server is gone."""
    with requests.Session() as session:
        while True:
            key = str(uuid.uuid4())
            try:
                slip = issue(session, server, token, key)
            except requests.RequestException:
                with tally.lock:
                    tally.unanswered.append(key)
                return
            with tally.lock:
                tally.acknowledged[key] = slip
                if len(tally.acknowledged) >= until:
                    tally.enough.set()


def test_every_acknowledged_ticket_survives_kill_9(database_url: str, tmp_path: Path) -> None:
    """Eight clients press without pause; the server is killed three times in between; nothing
    acknowledged is lost or doubled.
    """
    tally = Tally()
    with office_served(database_url, tmp_path) as (server, token):
        for until in KILLED_AFTER:
            tally.enough.clear()
            server.start()
            clients = [
                threading.Thread(target=press, args=(server, token, tally, until))
                for _ in range(CLIENTS)
            ]
            for each in clients:
                each.start()
            assert tally.enough.wait(60), (
                f"only {len(tally.acknowledged)} tickets were acknowledged"
            )
            server.kill()
            for each in clients:
                each.join(60)
            assert not any(each.is_alive() for each in clients)
        assert len(tally.unanswered) == CLIENTS * len(KILLED_AFTER)

        server.start()
        with requests.Session() as session:
            again = {
                key: issue(session, server, token, key)
                for key in [*tally.acknowledged, *tally.unanswered]
            }
            for slip in list(tally.acknowledged.values())[::50]:
                shown = session.get(
                    f"{server.address}/api/v1/tickets/{slip['code']}", timeout=30
                ).json()
                assert (shown["number"], shown["status"]) == (slip["number"], "WAITING")
        server.stop()

    for key, slip in tally.acknowledged.items():
        assert {name: again[key][name] for name in ("id", "code", "number")} == {
            name: slip[name] for name in ("id", "code", "number")
        }
    database = Database(database_url)
    stored = {row.id: row for row in stage.rows_of(database, tables.tickets, "o1")}
    assert set(stored) == {str(slip["id"]) for slip in again.values()}, (
        "each key has exactly one ticket, and there is no other"
    )
    assert len(stored) == len(tally.acknowledged) + len(tally.unanswered)
    numbers = Counter(row.number for row in stored.values())
    assert numbers == Counter(
        ticket_number("A", sequence) for sequence in range(1, len(stored) + 1)
    )
    log = stage.event_log(database, "o1", stage.TODAY)
    assert [seq for seq, _, _ in log] == list(range(1, len(log) + 1))
    assert Counter(ticket for _, type, ticket in log if type == "walked_in") == Counter(
        dict.fromkeys(stored, 1)
    )
    database.close()


def test_the_file_is_sound_after_the_kill(sqlite_url: str, tmp_path: Path) -> None:
    """SQLite itself finds nothing wrong, and the write-ahead log is folded in by whoever opens the
    file next.
    """
    tally = Tally()
    with office_served(sqlite_url, tmp_path) as (server, token):
        server.start()
        clients = [
            threading.Thread(target=press, args=(server, token, tally, 60)) for _ in range(CLIENTS)
        ]
        for each in clients:
            each.start()
        assert tally.enough.wait(60)
        server.kill()
        for each in clients:
            each.join(60)
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        stored = {row[0] for row in connection.execute("SELECT id FROM tickets")}
    assert {slip["id"] for slip in tally.acknowledged.values()} <= stored


def test_a_resent_request_gets_the_same_slip_however_often_and_the_last_one_its_answer(
    sqlite_url: str, tmp_path: Path
) -> None:
    """The network lost the answer, not the server: the kiosk sends again with the same key. Then
    the server is told to stop.
    """
    with office_served(sqlite_url, tmp_path) as (server, token), requests.Session() as session:
        server.start()
        key = str(uuid.uuid4())
        slips = [issue(session, server, token, key) for _ in range(3)]
        assert all(slip == slips[0] for slip in slips)
        with Halfway(server, token) as request:
            stopping = threading.Thread(target=server.stop)
            stopping.start()
            request.wait_until_nobody_else_is_let_in()
            assert '"number":"A002"' in request.finish(), "who had begun to ask is answered"
            stopping.join(30)


class Halfway:
    """A walk-in whose body the server waits for."""

    def __init__(self, server: Server, token: str) -> None:
        self._address = ("127.0.0.1", server.port)
        self._body = b'{"service": "REK"}'
        self._socket = socket.create_connection(self._address, timeout=30)
        head = (
            "POST /api/v1/offices/o1/tickets HTTP/1.1\r\nHost: "
            f"127.0.0.1:{server.port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(self._body)}\r\nExpect: "
            "100-continue\r\n\r\n"
        )
        self._socket.sendall(head.encode())
        assert self._socket.recv(1000).startswith(b"HTTP/1.1 100"), "the server has begun to read"

    def __enter__(self) -> Halfway:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def wait_until_nobody_else_is_let_in(self) -> None:
        with contextlib.suppress(ConnectionRefusedError):
            while True:
                socket.create_connection(self._address, timeout=30).close()
                time.sleep(0.01)

    def finish(self) -> str:
        self._socket.sendall(self._body)
        answer = b""
        while b"}" not in answer and (part := self._socket.recv(10_000)):
            answer += part
        return answer.decode()
