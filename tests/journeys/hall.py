"""An office's hall: a server, a screen's agent and eight clerks, each a process or a client of its
own. What visitors see and hear of it is for `onlooker.py`.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from queue_server.domain.access.accounts import User
from queue_server.domain.office.office import Counter
from queue_server.services.access import devices, sessions
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store.access.tokens import Token
from queue_server.store.writer.database import Database
from tests.faults.cuttable import Cable, cable_to
from tests.faults.serving import Server
from tests.fixtures.migrated import migrated
from tests.protocol.agents import Agent, free_port, until
from tests.services import stage

OFFICE = "hall"
CLERKS = 8
ZONE = "Ruang tunggu"
SERVICES = ("REK", "CTK")


@dataclass(frozen=True)
class Made:
    """A call as the office's log has it. `gone_ms` is when it was taken back or made anew, None for
    one that stands.
    """

    id: str
    number: str
    counter: str
    gone_ms: float | None


@dataclass
class Hall:
    """The processes. `screen` is the one with the voice; `cable` lies between it and the server."""

    folder: Path
    server: Server
    cable: Cable
    tokens: dict[str, str]
    screens: list[Agent]
    device_ids: list[str]

    def ask(self, method: str, path: str, who: str, body: Any = None) -> Any:
        """One request below /api/v1; the answer's JSON, None for an empty one. Raises `HTTPError`
        if it is refused.
        """
        request = urllib.request.Request(
            f"{self.server.address}/api/v1{path}",
            data=None if body is None and method == "GET" else json.dumps(body or {}).encode(),
            method=method,
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.tokens[who]}",
                "Idempotency-Key": secrets.token_hex(16),
            },
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    @property
    def screen(self) -> Agent:
        return self.screens[0]

    def call(self, clerk: int) -> dict[str, Any]:
        """The clerk of a counter calls who is next."""
        called = self.ask("POST", f"/counters/{OFFICE}-{clerk}/call-next", f"clerk{clerk}")
        assert called is not None, "nobody waits any more"
        return dict(called)

    def step(self, clerk: int, ticket: dict[str, Any], step: str) -> None:
        self.ask("POST", f"/tickets/{ticket['id']}/{step}", f"clerk{clerk}")

    def dismiss(self, clerk: int, ticket: dict[str, Any]) -> None:
        """The visitor is served: the counter is free, and the call stands."""
        for step in ("start", "finish"):
            self.step(clerk, ticket, step)

    def free_counters(self) -> None:
        """End all visits: whoever was called did not come."""
        queue = self.ask("GET", f"/offices/{OFFICE}/queue", "manager")
        for ticket in queue["called"]:
            self.step(int(ticket["clerk"].removeprefix("clerk")), ticket, "no-show")

    def calls(self) -> list[Made]:
        """All calls in their order, by the office's own log."""
        query = (
            "SELECT seq, type, ticket, at, facts FROM events WHERE ticket IS NOT NULL ORDER BY seq"
        )
        with closing(sqlite3.connect(self.folder / "hall.db", timeout=30)) as database:
            rows = database.execute(query).fetchall()
        made: dict[str, Made] = {}
        last: dict[str, Made] = {}
        for seq, kind, ticket, at, facts in rows:
            before = last.get(ticket)
            if before and kind in ("called", "recalled", "undone"):
                made[before.id] = replace(before, gone_ms=at / 1000 - self.server.offset * 1000)
                del last[ticket]
            if kind == "called":
                told = json.loads(facts)
                counter = told["by"].removeprefix("clerk")
                last[ticket] = Made(f"{ticket}-{seq}", told["number"], counter, None)
            elif kind == "recalled" and before:
                last[ticket] = replace(before, id=f"{ticket}-{seq}")
            if ticket in last:
                made[last[ticket].id] = last[ticket]
        return list(made.values())

    def board(self) -> dict[str, Any]:
        """The server's own board."""
        return dict(self.ask("GET", f"/offices/{OFFICE}/board", "manager"))

    def health(self, screen: int = 0) -> dict[str, Any]:
        """What managers see of a screen."""
        path = f"/offices/{OFFICE}/displays/{self.device_ids[screen]}"
        return dict(self.ask("GET", path, "manager"))

    def set_screen(self, screen: int = 0, **settings: Any) -> None:
        path = f"/offices/{OFFICE}/displays/{self.device_ids[screen]}"
        version = self.health(screen)["version"]
        self.ask("PUT", path, "manager", {"version": version, **settings})

    def announced(self, screen: int = 0) -> list[str]:
        """The calls that a screen's agent knows to be announced."""
        path = self.folder / f"screen{screen}" / "announced.json"
        return list(json.loads(path.read_bytes())) if path.exists() else []


def _furnish(database: Database, visitors: int, screens: int) -> tuple[dict[str, str], list[str]]:
    """An office with eight open counters, a manager, and so many visitors who wait. Returns the
    tokens by name and the ids of the screens.
    """
    office = stage.small_office(OFFICE, limit=None, calling={"recall_seconds": (0, 0, 0)})
    letters = office.counters[-1].letters
    counters = [Counter(f"{OFFICE}-{n}", str(n), letters) for n in range(1, CLERKS + 1)]
    stage.open_office(database, replace(office, counters=tuple(counters)))
    now = stage.at(9 * 60)
    people = {"manager": "manager", **{f"clerk{n}": "clerk" for n in range(1, CLERKS + 1)}}
    screen_names = [f"screen{n}" for n in range(screens)]
    tokens = {name: sessions.new_secret() for name in (*people, *screen_names)}

    def add(tx: Any) -> list[str]:
        for name, role in people.items():
            sessions.add_user(tx, User(name, name, name, role, OFFICE), "no log-in")
            token = Token(secrets.token_hex(8), name, role, OFFICE, user=name)
            sessions.add_token(tx, token, tokens[name], now)
        return [
            devices.add_paired(tx, "display", OFFICE, name, tokens[name], now).id
            for name in screen_names
        ]

    ids = database.write([], add)
    for number in range(visitors):
        wanted = arrival.WalkIn(service=SERVICES[number % len(SERVICES)])
        step = partial(arrival.issue_walk_in, office=OFFICE, wanted=wanted, draw=draw(), now=now)
        database.write([(OFFICE, stage.TODAY)], step)
    return tokens, ids


@contextmanager
def hall_of(folder: Path, visitors: int = 60, screens: int = 1) -> Iterator[Hall]:
    """A hall in the middle of a morning. Every counter is open, the first screen speaks."""
    url = f"sqlite:///{folder / 'hall.db'}"
    database = Database(migrated(url))
    tokens, device_ids = _furnish(database, visitors, screens)
    database.close()
    server = Server(url, folder)
    with ExitStack() as stack:
        server.start()
        stack.callback(server.stop)
        cable = stack.enter_context(cable_to(server.port))
        agents = []
        for number in range(screens):
            state = folder / f"screen{number}"
            state.mkdir(mode=0o700)
            (state / "token").write_text(tokens[f"screen{number}"])
            arguments = {"server": cable.url, "state_dir": str(state)}
            agent = Agent("display.agent", arguments, free_port(), folder / f"screen{number}.log")
            agents.append(agent)
            stack.callback(agent.kill)
        hall = Hall(folder, server, cable, tokens, agents, device_ids)
        for clerk in range(1, CLERKS + 1):
            hall.ask("POST", f"/counters/{OFFICE}-{clerk}/open", f"clerk{clerk}")
        hall.set_screen(voice=True, zone=ZONE)
        for agent in agents:
            agent.start()
        until(lambda: hall.health()["seen_at"], "the server hears of the screen")
        yield hall
