"""Rows of a restart: 500 screens come back at once while a kiosk goes on giving numbers."""

from __future__ import annotations

import http.client
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import server, stage
from benchmarks.report import Row, milliseconds
from queue_server.services.access import devices, sessions
from queue_server.store.writer.database import Database

SCREENS = 500
AT_REST = 60
AFTER_SECONDS = 14.0
"""How long the kiosk goes on after the restart: until all screens have reported and compared."""


@dataclass(frozen=True)
class Return:
    """Seconds from the first answer of the new server: when each screen was right, in order. And
    how long each of a kiosk's requests took, and how long the server's loop worked meanwhile,
    which does not depend on what else the machine does.
    """

    right: list[float]
    waits: list[float]
    worked: list[float]


def rows(times: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'restart.db'}"
        stage.prepare(url, days_of_slots=1)
        people = server.add_people(url)
        tokens = add_screens(url, SCREENS)
        with server.serve(url, folder, people) as served:
            at_rest, worked_at_rest = ask(served, AT_REST * 0.05)
        returns = [measure(url, folder, people, tokens) for _ in range(times)]
    floor = statistics.median(at_rest)
    last = statistics.median(each.right[-1] for each in returns)
    slowest = statistics.median(max(each.waits) for each in returns)
    worst = max(max(each.waits) for each in returns)
    worked = statistics.median(max(each.worked) for each in returns)
    what = f"restart with {SCREENS} screens"
    yield Row(f"{what}: the last is right after", f"{last:.2f} s", "", last, 2, True, " s")
    yield Row(
        f"{what}: slowest request of a kiosk, median of {times}",
        f"{milliseconds(slowest)} (worst {milliseconds(worst)})",
        f"{milliseconds(floor)} at rest",
        slowest * 1000,
        300,
        True,
        " ms",
    )
    yield Row(
        "the same in processor time of the server's loop",
        milliseconds(worked),
        f"{milliseconds(statistics.median(worked_at_rest))} at rest",
        worked * 1000,
        100,
        True,
        " ms",
    )


def add_screens(url: str, count: int) -> list[str]:
    """The tokens of so many paired displays of the office."""
    tokens = [sessions.new_secret() for _ in range(count)]

    def add(tx: object) -> None:
        for number, token in enumerate(tokens):
            devices.add_paired(tx, "display", stage.OFFICE, f"TV {number}", token, stage.NOW)

    database = Database(url)
    database.write([], add)
    database.close()
    return tokens


def measure(
    url: str, folder: Path, people: tuple[str, dict[str, str]], tokens: list[str]
) -> Return:
    """Restart a server that all screens watch. Measured from the moment it answers again."""
    with server.serve(url, folder, people) as before, watching(before.port, tokens) as screens:
        assert screens.stdout is not None
        line = screens.stdout.readline()
        if line != "ready\n":
            raise RuntimeError(f"the screens say {line!r}")
        time.sleep(AFTER_SECONDS)
        before.process.terminate()
        before.process.wait(20)
        with server.serve(url, folder, people, port=before.port) as served:
            since = time.perf_counter()
            waits, worked = ask(served, AFTER_SECONDS)
            right = json.loads(screens.stdout.readline())
    return Return([each - since for each in right], waits, worked)


@contextmanager
def watching(port: int, tokens: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Screens in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.returning", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--office", stage.OFFICE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(tokens) + "\n")
        process.stdin.flush()
        yield process
    finally:
        process.terminate()
        process.wait(10)


def ask(served: server.Served, seconds: float) -> tuple[list[float], list[float]]:
    """A kiosk's requests for so long, what it offers and a number in turn, 20 a second: the seconds
    that each took, and those that the server's loop worked meanwhile.
    """
    kiosk = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    headers = {"Authorization": f"Bearer {served.kiosk}", "Content-Type": "application/json"}
    waits: list[float] = []
    worked: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        started, before = time.perf_counter(), served.loop_seconds()
        if len(waits) % 2:
            more = {"Idempotency-Key": secrets.token_hex(16)}
            path, body = f"/api/v1/offices/{stage.OFFICE}/tickets", b'{"service": "REK"}'
            kiosk.request("POST", path, body, headers | more)
        else:
            kiosk.request("GET", f"/api/v1/offices/{stage.OFFICE}/offer", headers=headers)
        answer = kiosk.getresponse()
        answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"the kiosk was answered {answer.status}")
        waits.append(time.perf_counter() - started)
        worked.append(served.loop_seconds() - before)
        time.sleep(max(0.0, 0.05 - waits[-1]))
    kiosk.close()
    return waits, worked
