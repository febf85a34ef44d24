"""What a real server writes into its log while people type who they are everywhere: lines of JSON,
and nothing of them.
"""

from __future__ import annotations

import json
import secrets
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from queue_server.domain.booking.slots import slot_id
from tests.faults.serving import Server, office_served
from tests.fixtures.application import EMAIL, NAME, NIK, PHONE
from tests.services import stage

PASSWORD = "kuda-baterai-planted-9"
CODE = "K7QXPLNT42MZ"
TYPED = (NIK, NAME, PHONE, EMAIL, PASSWORD, CODE)
PERSON = {"nik": NIK, "name": NAME, "phone": PHONE, "email": EMAIL, "code": CODE}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    folder = tmp_path_factory.mktemp("logged")
    with office_served(f"sqlite:///{folder / 'antrean.db'}", folder) as (server, kiosk):
        server.settings["ANTREAN_LOG_LEVEL"] = "debug"
        server.start()
        yield server, kiosk


def log_of(server: Server) -> list[str]:
    return (server.folder / "server.log").read_text().splitlines()


def say_everywhere(server: Server, kiosk: str) -> list[int]:
    """Requests of every kind with everything that is known of a person; the answers' numbers."""
    api, typed = f"{server.address}/api/v1", " ".join(TYPED)
    booking = {
        "service": "REK",
        "slot": slot_id(stage.at((24 + 8) * 60)),
        **{name: PERSON[name] for name in ("nik", "name", "phone", "email")},
    }
    headers = {
        "User-Agent": typed,
        "Referer": f"{server.address}/t/{CODE}?{NIK}",
        "X-Forwarded-For": NAME,
        "Accept-Language": NAME,
        "Cookie": f"session={CODE}; other={NIK}",
    }
    asked = [
        ("POST", f"{api}/offices/o1/bookings", {"json": booking}),
        ("POST", f"{api}/offices/o1/bookings", {"json": {**booking, "party_size": NAME}}),
        ("POST", f"{api}/offices/o1/bookings", {"json": {**booking, NAME: NIK}}),
        ("POST", f"{api}/offices/o1/bookings", {"data": typed}),
        ("POST", f"{api}/offices/o1/bookings", {"data": booking}),
        ("POST", f"{api}/offices/{NAME}/holds", {"json": PERSON}),
        ("GET", f"{api}/tickets/{CODE}", {}),
        ("GET", f"{api}/offices/o1/availability", {"params": PERSON}),
        ("GET", f"{server.address}/t/{CODE}", {"params": PERSON}),
        ("GET", f"{server.address}/{NIK}/{NAME}", {}),
        ("POST", f"{server.address}/login", {"data": {"username": NAME, "password": PASSWORD}}),
        ("POST", f"{server.address}/t/lost", {"data": PERSON}),
        ("POST", f"{server.address}/hooks/receipts", {"json": PERSON}),
        (NIK, f"{server.address}/", {}),
        ("GET", f"{server.address}/socket.io/", {"params": {"token": CODE, "EIO": NIK}}),
        ("GET", f"{api}/offices/o1/queue", {"headers": {"Authorization": f"Bearer {CODE}"}}),
        ("GET", f"{api}/offices/o1/queue", {"headers": {"Host": f"{CODE}.example"}}),
        ("POST", f"{api}/offices/o1/tickets", {"json": {"service": NAME}, "as": kiosk}),
    ]
    answers = []
    for method, url, options in asked:
        own = {**headers, **options.pop("headers", {})}
        own["Idempotency-Key"] = f"{CODE}-{secrets.token_hex(8)}"
        if "as" in options:
            own["Authorization"] = f"Bearer {options.pop('as')}"
        answers.append(
            requests.request(
                method, url, headers=own, timeout=30, allow_redirects=False, **options
            ).status_code
        )
    for raw in (f"GET /{typed}\r\n\r\n", f"{typed}\r\n\r\n", f"GET / HTTP/1.1\r\n{typed}\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(raw.encode())
            connection.recv(4_096)
    return answers


def test_nothing_that_people_type_is_logged_and_every_line_is_json(
    served: tuple[Server, str],
) -> None:
    server, kiosk = served
    answers = say_everywhere(server, kiosk)
    assert 201 in answers, "one booking was right"
    assert {400, 404, 422} & set(answers) and not {500, 503} & set(answers)
    lines = log_of(server)
    assert [json.loads(line)["event"] for line in lines][:1] == ["serving"]
    for line in lines:
        assert {"event", "level", "timestamp"} <= set(json.loads(line)), line
        assert [each for each in TYPED if each in line] == []


def test_neither_is_it_when_the_database_fails_under_it(served: tuple[Server, str]) -> None:
    server, kiosk = served
    file = Path(server.url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as other:
        other.execute("ALTER TABLE visitors RENAME TO gone")
        other.commit()
        try:
            answers = say_everywhere(server, kiosk)
        finally:
            other.execute("ALTER TABLE gone RENAME TO visitors")
            other.commit()
    assert 503 in answers
    events = [json.loads(line) for line in log_of(server)]
    assert any(each["event"] == "database_failed" for each in events)
    assert [each for each in TYPED if each in "\n".join(log_of(server))] == []
