"""A second kiosk of the demonstration's office, at the end of a cable that can be cut, with a
virtual printer that can be taken away.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from queue_server.services.access import devices
from queue_server.store.writer.database import Database
from tests.faults.cuttable import Cable, cable_to
from tests.journeys.stage import NINE, Demo, until
from tests.kiosk.conftest import on, scan
from tests.protocol.agents import Agent, free_port

NAME = "Kios 2"


@dataclass
class DoorKiosk:
    """The agent, its cable and its paper, with the office behind it."""

    demo: Demo
    cable: Cable
    agent: Agent
    paper: Path

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.agent.get("/state")[2])
        return found

    def is_settled(self) -> bool:
        """Whether it works with the server, has reported everything and may go on without it."""
        state = self.state()
        return (
            state["link"] == "online"
            and state["outbox"] == 0
            and state["lease_left"] > 0
            and state["offer"] is not None
        )

    def slips_of(self, number: str) -> list[str]:
        """What is printed on the slips of a number, the first one first."""
        found = sorted(self.paper.glob(f"{number}-*.txt"), key=lambda each: len(each.name))
        return [each.read_text(encoding="utf-8") for each in found]

    def take_printer_away(self) -> None:
        """As if its plug were pulled: its folder is no folder any more."""
        self.paper.mkdir(exist_ok=True)
        self.paper.rename(self.paper.with_name("paper-aside"))
        self.paper.write_text("")

    def bring_printer_back(self) -> None:
        if self.paper.is_file():
            self.paper.unlink()
            self.paper.with_name("paper-aside").rename(self.paper)

    def book(self, nik: str, service: str) -> str:
        """A booking of today; gives its code."""
        days = self.demo.api(
            "GET", f"/offices/{self.demo.office}/availability?service={service}&days=1"
        )[1]["days"]
        slot = next(each["slot"] for day in days for each in day["slots"] if each["free"])
        wish = {"service": service, "slot": slot, "nik": nik, "name": "Tamu Uji"}
        status, booked = self.demo.api(
            "POST", f"/offices/{self.demo.office}/bookings", wish, key=str(uuid.uuid4())
        )
        assert status == 201, booked
        return str(booked["code"])

    def check_in_at_the_other(self, code: str) -> str:
        """The same booking at the office's first kiosk; gives the number."""
        status, slip = self.demo.api(
            "POST", f"/tickets/{code}/check-in", {}, role="kiosk", key=str(uuid.uuid4())
        )
        assert status == 200, slip
        return str(slip["number"])

    def is_in_queue(self, number: str) -> bool:
        """Whether the staff see the number among those who wait."""
        _, queue = self.demo.api("GET", f"/offices/{self.demo.office}/queue", role="clerk")
        return any(each["number"] == number for each in queue["waiting"])

    def forget_calls(self) -> None:
        """As if nobody had called for help today: a kiosk may do so a few times in ten minutes."""
        with (
            closing(sqlite3.connect(self.demo.data / "antrean.db", timeout=10)) as database,
            database,
        ):
            database.execute("DELETE FROM help_calls")

    def pause(self, kind: str) -> None:
        body = {"kind": kind, "reason": "Uji"}
        path = f"/offices/{self.demo.office}/pause"
        assert self.demo.api("POST", path, body, role="manager", key=str(uuid.uuid4()))[0] == 200

    def resume(self) -> None:
        """End what stands still, if anything does."""
        path = f"/offices/{self.demo.office}/resume"
        self.demo.api("POST", path, {"reason": "Uji"}, role="manager", key=str(uuid.uuid4()))


@contextmanager
def kiosk_at_the_door(demo: Demo, folder: Path) -> Iterator[DoorKiosk]:
    """The kiosk, paired and running, once it may give numbers without the server."""
    token = secrets.token_urlsafe(32)
    database = Database(f"sqlite:///{demo.data / 'antrean.db'}")
    nine = datetime.fromisoformat(NINE)
    database.write([], lambda tx: devices.add_paired(tx, "kiosk", demo.office, NAME, token, nine))
    database.close()
    state, paper = folder / "state", folder / "paper"
    state.mkdir()
    (state / "token").write_text(token)
    with cable_to(demo.port) as cable:
        arguments = {
            "server": cable.url,
            "state_dir": str(state),
            "printer_url": f"virtual://{paper}",
        }
        agent = Agent("kiosk.agent", arguments, free_port(), folder / "kiosk.log")
        kiosk = DoorKiosk(demo, cable, agent, paper)
        agent.start()
        try:
            until(kiosk.is_settled, "the kiosk has numbers of its own")
            yield kiosk
        finally:
            agent.kill()


@dataclass
class Visitor:
    """Somebody at the touch page, who counts touches."""

    page: Page
    language: str
    axe: Callable[[Page], list[str]]
    touches: int = 0
    faults: list[str] = field(default_factory=list)

    def enter(self, url: str) -> None:
        self.page.goto(url)
        self.page.wait_for_selector('body[data-screen="home"] [data-service]')

    def touch(self, what: str | Locator) -> None:
        found = self.page.locator(what) if isinstance(what, str) else what
        found.click()
        self.touches += 1

    def begin(self) -> None:
        """Choose the language, if it is not the first one; the count starts here."""
        on(self.page, "home")
        self.touches = 0
        if self.language != "id":
            self.touch(f"[data-language={self.language}]")

    def scan(self, code: str) -> str:
        scan(self.page, code)
        return self.number

    @property
    def number(self) -> str:
        """The number on the screen, as soon as there is one."""
        self.page.wait_for_selector('body[data-screen="result"], body[data-screen="problem"]')
        assert self.page.locator("body").get_attribute("data-screen") == "result", (
            self.page.locator("main").inner_text()
        )
        found = self.page.locator("#number").inner_text()
        assert re.fullmatch(r"[A-Z]\d{3,4}", found)
        return found

    def see(self, name: str, folder: Path) -> None:
        """Judge the screen, and keep a picture of it."""
        self.page.screenshot(path=str(folder / f"{name}-{self.language}.png"))
        self.faults += [f"{name}: {each}" for each in self.axe(self.page)]

    def done(self) -> None:
        """Leave the number; a second tap on "Take a number" does not, so the button rests first."""
        self.page.locator("#go:not([aria-disabled])").click()
        on(self.page, "home")
