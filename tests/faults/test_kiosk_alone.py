"""A kiosk whose network is cut and whose agent is killed, with the real server behind it: every
visitor gets one number, nothing is printed twice, and the server knows of all of it in the end.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.faults.cuttable import Cable, cable_to
from tests.faults.serving import office_served
from tests.protocol.agents import Agent, free_port, until

KILLS = 50
OVER = ("CANCELLED", "VOIDED")


@dataclass
class Door:
    """A kiosk at the end of a cable, and what its visitors have seen."""

    cable: Cable
    kiosk: Agent
    database_url: str
    slips: Path
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.kiosk.get("/state")[2])
        return found

    def touch(self, key: str | None = None) -> dict[str, Any]:
        """One visitor's touch, as the page sends it; kept by its key."""
        key = key or str(uuid.uuid4())
        self.seen.setdefault(key, {})
        token = re.search(rb'name="page-token" content="([^"]+)"', self.kiosk.get("/")[2])
        assert token
        wish = {"key": key, "language": "id", "service": "REK", "party_size": 1}
        headers = {
            "Origin": self.kiosk.url,
            "Sec_Fetch_Site": "same-origin",
            "X_Page_Token": token[1].decode(),
        }
        answer = json.loads(self.kiosk.request("POST", "/requests", wish, **headers)[2])
        if answer["state"] == "issued":
            known = self.seen[key].get("number", answer["slip"]["number"])
            assert known == answer["slip"]["number"], "a number once shown never changes"
            self.seen[key] = answer["slip"]
        return dict(answer)

    def look_again(self) -> None:
        """Read what became of every touch, as a page that waits does."""
        for key in self.seen:
            answer = json.loads(self.kiosk.get(f"/requests/{key}")[2])
            if answer.get("state") == "issued":
                known = self.seen[key].get("number", answer["slip"]["number"])
                assert known == answer["slip"]["number"], "a number once shown never changes"
                self.seen[key] = answer["slip"]

    def settle(self) -> None:
        """Wait until the kiosk has reported everything and nobody waits for an answer."""
        until(lambda: self.state()["outbox"] == 0, "everything is reported", timeout=120)

    def tickets(self) -> dict[str, str]:
        """The server's visits: state by number."""
        database = Database(sa.make_url(self.database_url).render_as_string(hide_password=False))
        with database.read() as connection:
            rows = connection.execute(
                sa.select(tables.tickets.c.number, tables.tickets.c.state)
            ).all()
        database.close()
        assert len({row.number for row in rows}) == len(rows), "no number twice"
        return {row.number: row.state for row in rows}

    def check(self) -> None:
        """Nothing lost, nothing doubled, nothing printed twice without a mark."""
        numbers = [slip["number"] for slip in self.seen.values() if slip]
        assert [each for each, times in Counter(numbers).items() if times > 1] == []
        tickets = self.tickets()
        assert [each for each in numbers if tickets.get(each) not in ("WAITING", "CALLED")] == []
        live = {each for each, state in tickets.items() if state == "WAITING"}
        assert live - set(numbers) == set(), "no ghost"
        papers = Counter(
            re.sub(r"[^A-Z0-9]", "", found[0])
            for each in self.slips.glob("*.txt")
            if "SALINAN" not in (text := each.read_text())
            and (found := re.search(r"\b[A-Z]\d{3}\b", text))
        )
        assert [each for each, times in papers.items() if times > 1] == []
        assert set(papers) <= set(numbers)


@pytest.fixture
def door(database_url: str, tmp_path: Path) -> Iterator[Door]:
    with office_served(database_url, tmp_path) as (server, token):
        server.start()
        with cable_to(server.port) as cable:
            folder = tmp_path / "kiosk"
            folder.mkdir()
            (folder / "token").write_text(token)
            slips = tmp_path / "slips"
            arguments = {
                "server": cable.url,
                "state_dir": str(folder),
                "printer_url": f"virtual://{slips}",
            }
            kiosk = Agent("kiosk.agent", arguments, free_port(), tmp_path / "kiosk.log")
            kiosk.start()
            made = Door(cable, kiosk, database_url, slips)
            until(lambda: made.state()["lease_left"] > 0, "the lease is there")
            try:
                yield made
            finally:
                kiosk.kill()


@contextmanager
def pressing(door: Door, pause_seconds: float) -> Iterator[threading.Event]:
    """Visitors touch one after the other until the block ends."""
    over = threading.Event()

    def press() -> None:
        while not over.wait(pause_seconds):
            with suppress(OSError, ValueError, HTTPException):  # the agent may be killed under it
                door.touch()

    presser = threading.Thread(target=press)
    presser.start()
    try:
        yield over
    finally:
        over.set()
        presser.join(30)


def play_cut(door: Door, seconds: float, *, silent: bool, sleep: Callable[[float], None]) -> None:
    # However long it lasts, fewer visitors than the lease has numbers.
    with pressing(door, max(0.2, seconds / 80)):
        sleep(1.0)
        door.cable.cut(silent=silent)
        sleep(seconds)
        door.cable.mend()
        sleep(2.0)
    door.settle()
    door.look_again()
    door.check()
    assert all(door.seen.values()), "everybody got a number"


def test_an_outage_of_a_second_is_seen_by_nobody(door: Door) -> None:
    play_cut(door, 1.0, silent=False, sleep=time.sleep)


@pytest.mark.slow
@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize("seconds", [10.0, 60.0, 600.0])
def test_an_outage_while_issuing_gives_each_visitor_one_number(
    door: Door, seconds: float, silent: bool
) -> None:
    play_cut(door, seconds, silent=silent, sleep=time.sleep)


@pytest.mark.slow
def test_a_whole_days_numbers_without_the_server_are_taken_in_afterwards(door: Door) -> None:
    left = door.state()["lease_left"]
    assert left >= 100, "a day's worth"
    door.cable.cut()
    for _ in range(left):
        assert door.touch()["slip"]["offline"]
    assert door.touch()["state"] in ("pending", "refused"), "no number that nobody leased"
    door.cable.mend()
    door.settle()
    door.look_again()
    door.check()
    assert len(door.tickets()) >= left
    assert door.state()["conflicts"] == []


@pytest.mark.slow
def test_an_agent_killed_at_fifty_moments_loses_and_doubles_nothing(door: Door) -> None:
    chance = random.Random(20261128)
    for turn in range(KILLS):
        if turn % 5 == 2:
            door.cable.cut(silent=chance.random() < 0.5)
        elif turn % 5 == 4:
            door.cable.mend()
        with pressing(door, 0.02):
            time.sleep(chance.uniform(0.05, 1.2))
            door.kiosk.kill()
        door.kiosk.start()
        # The page that was open asks again with the same key, as its visitor still stands there.
        for key in [each for each, slip in door.seen.items() if not slip]:
            with suppress(OSError, ValueError, HTTPException):
                door.touch(key)
    door.cable.mend()
    for key in [each for each, slip in door.seen.items() if not slip]:
        door.touch(key)
    door.settle()
    door.look_again()
    assert sum(bool(slip) for slip in door.seen.values()) >= KILLS
    door.check()
