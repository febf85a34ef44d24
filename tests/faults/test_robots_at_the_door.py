"""While robots ask a real server for places as fast as they may, over many addresses and
sockets, the clerk's next call is not slower."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter as Tally
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from queue_server.store import tables
from queue_server.store.database import Database
from queue_server.store.migrations import upgrade
from tests.faults.crowd_of_robots import Botnet, invent_nik
from tests.fixtures.application import HOME, TODAY, fill
from tests.fixtures.live_server import LiveServer, serving

ROBOTS, SOCKETS, AT_ONCE = 500, 60, 10
STORM_SECONDS = 30
CALLS = 40
RATIO_MAX = 20
SLOTS = [
    f"{TODAY.year}{TODAY.month}{TODAY.day + 1}T{hour:02d}{minute:02d}Z"
    for hour in range(2, 8)
    for minute in (0, 30)
]


def call(server: LiveServer) -> float:
    """Let somebody come, and measure how long the clerk waits for the next call."""
    server.walk_in()
    began = time.perf_counter()
    called = server.call_next(f"{HOME}-1")
    spent = time.perf_counter() - began
    for step in ("start", "finish"):
        assert server.ask("POST", f"/tickets/{called['id']}/{step}", "clerk").status_code == 200
    return spent


def attack(server: LiveServer, place: int, until: float, answers: Tally[int]) -> None:
    """One of those who ask at once: each request as another robot, with what it invents."""
    session, number = requests.Session(), place
    while time.monotonic() < until:
        robot = number % ROBOTS
        headers = {"X-Forwarded-For": Botnet.address(robot)}
        slot = SLOTS[number % len(SLOTS)]
        person = {"service": "REK", "nik": invent_nik(robot), "name": "Orang"}
        day = TODAY.replace(day=TODAY.day + 1).isoformat()
        path, body = [
            (
                "holds",
                {
                    "service": "REK",
                    "slot": slot,
                    "proofs": [f"w.1.8.1.{robot:024x}.{robot:032x}:1"],
                },
            ),
            ("bookings", {**person, "slot": slot}),
            ("waitlist", {**person, "first_date": day, "last_date": day}),
            ("turns", {}),
        ][number // ROBOTS % 4 if number >= ROBOTS else number % 2]
        answer = session.post(
            f"{server.url}/api/v1/offices/{HOME}/{path}", json=body, headers=headers, timeout=30
        )
        answers[answer.status_code] += 1
        number += AT_ONCE


def listen(screens: list[Any], until: float) -> None:
    """The sockets ask for the same board again and again."""
    while time.monotonic() < until:
        for screen in screens:
            screen.watch("board", HOME)
            time.sleep(0.02)


@pytest.mark.slow
def test_the_next_call_is_not_slower_while_robots_storm(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'antrean.db'}"
    upgrade(url)
    database = Database(url)
    people = fill(database)
    with (
        serving(
            tmp_path,
            url,
            people,
            ANTREAN_RATE_LIMITS="true",
            ANTREAN_TRUSTED_PROXIES="1",
            ANTREAN_LOG_LEVEL="error",
        ) as server,
        ExitStack() as stack,
    ):
        assert server.ask("POST", f"/counters/{HOME}-1/open", "clerk").status_code == 200
        idle = [call(server) for _ in range(CALLS)]
        screens = [stack.enter_context(server.screen()) for _ in range(SOCKETS)]
        answers: Tally[int] = Tally()
        until = time.monotonic() + STORM_SECONDS
        threads = [
            threading.Thread(target=attack, args=(server, place, until, answers))
            for place in range(AT_ONCE)
        ]
        threads.append(threading.Thread(target=listen, args=(screens, until)))
        for each in threads:
            each.start()
        stormy = []
        while time.monotonic() < until:
            stormy.append(call(server))
        for each in threads:
            each.join()
    slowest, usual = max(stormy), statistics.median(idle)
    print(
        {
            "median_ratio": statistics.median(stormy) / usual,
            "ratio": slowest / usual,
            "calls": len(stormy),
            "answers": dict(answers),
        }
    )
    assert answers[428] and answers[201] and set(answers) <= {201, 409, 422, 428, 429}, answers
    assert slowest <= RATIO_MAX * usual
    with database.read() as connection:
        over = connection.execute(
            sa.select(tables.slots.c.starts_at).where(
                tables.slots.c.online_taken
                + tables.slots.c.walk_in_taken
                + tables.slots.c.urgent_taken
                > tables.slots.c.online + tables.slots.c.walk_in + tables.slots.c.urgent
            )
        ).all()
    assert over == [], "nothing is oversold"
    database.close()
