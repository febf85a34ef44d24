"""Robots that ask a server for places as fast as they may, over many addresses: a process beside
it.

`python -m tests.faults.storm URL SECONDS` prints the answers as JSON, by status.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from queue_server.web.edge.long_work.worker_process import make_patient
from tests.faults.crowd_of_robots import Botnet, invent_nik
from tests.fixtures.application import HOME, TODAY

ROBOTS, AT_ONCE = 500, 10
TOMORROW = TODAY.replace(day=TODAY.day + 1)
SLOTS = [f"{TOMORROW:%Y%m%d}T{hour:02d}{minute:02d}Z" for hour in range(2, 8) for minute in (0, 30)]


def invent(number: int) -> tuple[str, dict[str, object]]:
    """What the robot whose turn it is asks for: an operation, and a body with whatever it
    invents.
    """
    robot, slot = number % ROBOTS, SLOTS[number % len(SLOTS)]
    person = {"service": "REK", "nik": invent_nik(robot), "name": "Orang"}
    proof = f"w.1.8.1.{robot:024x}.{robot:032x}:1"
    asked: list[tuple[str, dict[str, object]]] = [
        ("holds", {"service": "REK", "slot": slot, "proofs": [proof]}),
        ("bookings", {**person, "slot": slot}),
        ("waitlist", {**person, "first_date": f"{TOMORROW}", "last_date": f"{TOMORROW}"}),
        ("line", {}),
    ]
    return asked[number // ROBOTS % 4 if number >= ROBOTS else number % 2]


def attack(url: str, place: int, until: float, answers: Counter[int]) -> None:
    """One of those who ask at once: each request as another robot."""
    session, number = requests.Session(), place
    while time.monotonic() < until:
        path, body = invent(number)
        headers = {"X-Forwarded-For": Botnet.address(number % ROBOTS)}
        answer = session.post(
            f"{url}/api/v1/offices/{HOME}/{path}", json=body, headers=headers, timeout=30
        )
        answers[answer.status_code] += 1
        number += AT_ONCE


def attack_at_once(url: str, seconds: float) -> Counter[int]:
    """All of them, for so long. Returns the answers by status."""
    answers: Counter[int] = Counter()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=attack, args=(url, place, until, answers))
        for place in range(AT_ONCE)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


@contextmanager
def storming(url: str, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """The robots while the block runs. What they print can be read after `communicate`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.storm", url, str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


if __name__ == "__main__":
    # the others come from machines of their own: they must not take this one's processor from the
    # server
    make_patient()
    print(json.dumps(attack_at_once(sys.argv[1], float(sys.argv[2]))))
