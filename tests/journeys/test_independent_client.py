"""A client that knows the public contract alone: access.json, /api/v1 and the live channel, with
the official libraries.
"""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.fixtures.parts import NODE_MODULES, find_program, need
from tests.journeys.stage import Demo

WATCH = Path(__file__).with_name("watch.mjs")
CALLS_AT_MOST = 40
BOARD = {
    "office",
    "date",
    "mode",
    "open",
    "inside",
    "limit",
    "waiting",
    "calls",
    "streams",
    "entering",
    "notices",
}


class Client:
    """The contract's HTTP side."""

    def __init__(self, access: dict[str, Any]) -> None:
        self.access = access
        self._session = requests.Session()
        self._session.trust_env = False

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: str | None = None,
        key: str | None = None,
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.access['tokens'][role]}"} if role else {}
        if key:
            headers["Idempotency-Key"] = key
        return self._session.request(
            method, f"{self.access['server']}/api/v1{path}", json=body, headers=headers, timeout=30
        )


class Watcher:
    """One connection to the live channel: what it was told, by kind."""

    def __init__(self, server: str, token: str, *watches: tuple[str, str]) -> None:
        asked = json.dumps([{"audience": audience, "key": key} for audience, key in watches])
        self._process = subprocess.Popen(
            ["node", str(WATCH), server, token, asked],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self.told: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(json.loads(line))

    def wait(
        self, check: Callable[[dict[str, Any]], Any], what: str, seconds: float = 10
    ) -> dict[str, Any]:
        """The first line told, now or before, that fits."""
        deadline = time.monotonic() + seconds
        for line in self.told:
            if check(line):
                return line
        while time.monotonic() < deadline:
            try:
                self.told.append(self._lines.get(timeout=0.2))
            except queue.Empty:
                continue
            if check(self.told[-1]):
                return self.told[-1]
        raise AssertionError(
            f"never told: {what}; told so far: {[set(line) for line in self.told]}"
        )

    def wait_until_ready(self) -> None:
        self.wait(lambda line: line.get("ready"), "all acknowledgements")

    def ack(self, audience: str) -> dict[str, Any]:
        found: dict[str, Any] = self.wait(
            lambda line: line.get("ack") == audience, f"the acknowledgement of {audience}"
        )["snapshot"]
        return found

    def snapshots(self, audience: str) -> list[dict[str, Any]]:
        """Everything told of an audience, in order."""
        return [
            line["snapshot"]
            for line in self.told
            if audience in (line.get("ack"), line.get("event"))
        ]

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


@pytest.fixture
def client(demo: Demo) -> Client:
    return Client(json.loads((demo.data / "access.json").read_text()))


@pytest.fixture
def watch(client: Client) -> Iterator[Callable[..., Watcher]]:
    """`watch(role or None, (audience, key), …)` opens a connection."""
    need("node", find_program("node"), "install the package nodejs")
    need(
        "socket.io-client",
        (NODE_MODULES / "socket.io-client").exists(),
        "script/test installs it with npm into tests/node",
    )
    opened: list[Watcher] = []

    def open_connection(role: str | None, *watches: tuple[str, str]) -> Watcher:
        opened.append(
            Watcher(
                client.access["server"], client.access["tokens"][role] if role else "-", *watches
            )
        )
        return opened[-1]

    yield open_connection
    for each in opened:
        each.close()


def soonest(client: Client) -> tuple[str, str]:
    """The service and the slot that can be booked soonest today."""
    office = client.access["office"]
    found = []
    for service in client("GET", f"/offices/{office}/services").json()["services"]:
        shown = client(
            "GET", f"/offices/{office}/availability?service={service['service']}&days=1"
        ).json()
        found += [
            (each["starts_at"], service["service"], each["slot"])
            for day in shown["days"]
            for each in day["slots"]
            if each["free"]
        ]
    _starts_at, service, slot = min(found)
    return service, slot


def open_a_counter(client: Client) -> str:
    """The first counter nobody works at."""
    for counter in client.access["counters"]:
        answer = client("POST", f"/counters/{counter}/open", {}, role="clerk")
        if answer.status_code == 200:
            return str(counter)
        assert (answer.status_code, answer.json()["code"]) == (409, "counter_taken")
    raise AssertionError("no counter is free")


def shows_call(number: str, line: dict[str, Any]) -> bool:
    """Whether this is a board whose newest call is that number."""
    return line.get("event") == "board" and line["snapshot"]["calls"][0]["number"] == number


def is_ticket(status: str, line: dict[str, Any]) -> bool:
    """Whether this is the followed ticket in that state."""
    return line.get("event") == "ticket" and line["snapshot"]["status"] == status


def rises(snapshots: list[dict[str, Any]]) -> bool:
    """Whether the versions, [date, seq], never fall and end higher than they began."""
    versions = [tuple(each["version"]) for each in snapshots]
    return versions == sorted(versions) and versions[-1] > versions[0]


def test_a_stranger_can_do_the_whole_job(
    client: Client, watch: Callable[..., Watcher], new_nik: Callable[[], str]
) -> None:
    office = client.access["office"]
    service, slot = soonest(client)
    wish, key = (
        {"service": service, "slot": slot, "nik": new_nik(), "name": "Tamu Uji"},
        str(uuid.uuid4()),
    )
    booked = client("POST", f"/offices/{office}/bookings", wish, key=key)
    assert booked.status_code == 201, booked.text
    code = booked.json()["code"]
    again = client("POST", f"/offices/{office}/bookings", wish, key=key)
    assert (again.status_code, again.json()["code"]) == (201, code), (
        "the same key is the same booking"
    )
    ticket = client("GET", f"/tickets/{code}").json()
    assert (ticket["status"], ticket["office"], ticket["service"]) == ("BOOKED", office, service)
    assert datetime.fromisoformat(ticket["starts_at"]).utcoffset() is not None
    assert "Tamu" not in json.dumps(ticket) and wish["nik"] not in json.dumps(ticket)

    public = watch(None, ("board", office), ("ticket", code))
    staff = watch("clerk", ("desk", office), ("door", office))
    for each in (public, staff):
        each.wait_until_ready()
    for audience, watcher in (
        ("board", public),
        ("ticket", public),
        ("desk", staff),
        ("door", staff),
    ):
        assert {"version", "sent_at", "build"} <= set(watcher.ack(audience)), audience
    assert set(public.ack("board")) >= BOARD

    arrived = client("POST", f"/tickets/{code}/check-in", {}, role="kiosk", key=str(uuid.uuid4()))
    assert arrived.status_code == 200, arrived.text
    number = arrived.json()["number"]
    public.wait(
        lambda line: line.get("event") == "ticket" and line["snapshot"].get("number") == number,
        "the ticket with its number",
    )
    walk_in = client(
        "POST",
        f"/offices/{office}/tickets",
        {"service": service},
        role="kiosk",
        key=str(uuid.uuid4()),
    )
    assert walk_in.status_code == 201, walk_in.text
    assert {
        "id",
        "code",
        "number",
        "stream",
        "service",
        "issued_at",
        "place",
        "ahead",
        "wait",
    } <= set(walk_in.json())
    assert client("POST", f"/tickets/{walk_in.json()['code']}/cancel", {}).status_code == 200

    counter = open_a_counter(client)
    try:
        for _ in range(CALLS_AT_MOST):
            called = client(
                "POST", f"/counters/{counter}/call-next", {}, role="clerk", key=str(uuid.uuid4())
            )
            assert called.status_code == 200, (
                f"{called.status_code} before {number} was called {called.text}"
            )
            now_called = called.json()["number"]
            public.wait(partial(shows_call, now_called), f"{now_called} on the board", seconds=2)
            if now_called == number:
                # Only the newest state is sent, so nothing must follow before it has come.
                public.wait(partial(is_ticket, "CALLED"), "the visitor's own call")
            for step in ("start", "finish"):
                assert (
                    client(
                        "POST", f"/tickets/{called.json()['id']}/{step}", {}, role="clerk"
                    ).status_code
                    == 200
                )
            if now_called == number:
                break
        assert now_called == number
        assert client("GET", f"/tickets/{code}").json()["status"] == "SERVED"
        public.wait(partial(is_ticket, "SERVED"), "the end of the visit")
        staff.wait(lambda line: line.get("event") == "door", "the door after a visitor left")
        ended = client("GET", f"/offices/{office}/queue", role="clerk").json()["version"]
        staff.wait(
            lambda line: line.get("event") == "desk" and line["snapshot"]["version"] >= ended,
            "the desk's last state",
        )
    finally:
        assert client("POST", f"/counters/{counter}/close", {}, role="clerk").status_code == 200
    for audience, watcher in (
        ("board", public),
        ("ticket", public),
        ("desk", staff),
        ("door", staff),
    ):
        assert rises(watcher.snapshots(audience)), [
            each["version"] for each in watcher.snapshots(audience)
        ]


@pytest.mark.parametrize(
    ("role", "audience"),
    [(None, "desk"), (None, "door"), (None, "device"), ("clerk", "kitchen"), ("kiosk", "desk")],
)
def test_the_live_channel_refuses_what_is_not_for_everybody(
    client: Client, watch: Callable[..., Watcher], role: str | None, audience: str
) -> None:
    watcher = watch(role, (audience, client.access["office"]))
    watcher.wait_until_ready()
    assert set(watcher.ack(audience)) == {"error"}


def test_a_wrong_token_is_refused_at_the_door(client: Client, demo: Demo) -> None:
    watcher = Watcher(demo.server, "not-a-token", ("board", demo.office))
    try:
        watcher.wait(lambda line: "refused" in line, "a refusal")
    finally:
        watcher.close()


def test_refusals_are_problems_with_stable_codes(client: Client) -> None:
    office = client.access["office"]
    for answer, status, code in (
        (client("GET", "/tickets/AAAAAAAAAAAA"), 404, "unknown_code"),
        (client("POST", f"/offices/{office}/tickets", {"service": "REK"}), 401, None),
        (
            client(
                "POST",
                f"/offices/{office}/tickets",
                {"service": "REK", "colour": "red"},
                role="kiosk",
            ),
            422,
            "bad_input",
        ),
        (client("GET", f"/offices/{office}/queue", role="kiosk"), 403, None),
    ):
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert {"type", "title", "status", "code", "detail"} <= set(answer.json())
        assert code in (None, answer.json()["code"])
