"""An office's hall: a server, a screen's agent and eight clerks, each a process or a client of its
own; and what a browser in front of the visitors has shown and said.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from queue_server.domain.office.office import Counter
from queue_server.services.access import devices, sessions
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store.access.staff import Token, User
from queue_server.store.writer.database import Database
from tests.display.announcing.lobby import CLIPS
from tests.faults.cuttable import Cable, cable_to
from tests.faults.serving import Server
from tests.fixtures.migrated import migrated
from tests.protocol.agents import Agent, free_port, until
from tests.services import stage

OFFICE = "hall"
CLERKS = 8
ZONE = "Ruang tunggu"
SERVICES = ("REK", "CTK")
_SEEN_AND_HEARD = Path(__file__).with_name("seen_and_heard.js").read_text("utf-8")
_CLIP = re.compile(r"/(\w+)/(\w+)\.\w+(?:\?|$)")


@dataclass(frozen=True)
class Said:
    """One announcement that was begun, with the words of its sentences and its moments in ms."""

    number: str
    counter: str
    form: str
    began: float
    last_word_began: float
    ended: float
    cut: float | None

    @property
    def is_whole(self) -> bool:
        return self.cut is None or self.cut >= self.ended - 1

    @property
    def counts(self) -> bool:
        """Its last word had begun: it is not to be said again."""
        return self.cut is None or self.cut > self.last_word_began


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
class Browser:
    """A page in front of the visitors, and what all pages before it have shown and said."""

    page: Page
    is_quick: bool = True
    _before: list[dict[str, Any]] = field(default_factory=list)
    _seen: list[dict[str, Any]] = field(default_factory=list)
    _staged: list[str] = field(default_factory=list)

    def open(self, url: str, at_ms: float | None = None) -> None:
        """Load a page; its clock begins at a moment, or with this machine's."""
        if self.is_quick:
            self.page.clock.install(time=None if at_ms is None else at_ms / 1000)
        quick = "true" if self.is_quick else "false"
        self.page.add_init_script(_SEEN_AND_HEARD.replace("QUICK", quick))
        self.page.goto(url)
        self.await_voice()

    def await_voice(self) -> None:
        """Until the board stands and all clips are there."""
        self.page.wait_for_selector('body[data-screen="board"]')
        until(lambda: self.page.evaluate("window.decoded") >= CLIPS, "the clips are there")

    def pass_time(self, ms: int = 500) -> bool:
        """Let the page's time go on; in real time, wait. Always True, to be asked in passing."""
        if self.is_quick:
            self.page.clock.run_for(ms)
        self.page.wait_for_timeout(20 if self.is_quick else ms)
        return True

    def reload(self) -> None:
        self._keep()
        self.page.reload()
        self.await_voice()

    def close(self) -> float:
        """As when somebody pulls the plug of the browser: nothing is said after it. Returns what
        its clock said.
        """
        self._keep()
        now = float(self.page.evaluate("Date.now()"))
        self.page.goto("about:blank")
        return now

    def follow(self, other: Browser) -> None:
        """Count what another one, closed before, has shown and said, too."""
        self._before += other._before
        self._seen += other._seen
        self._staged += other._staged

    def _keep(self) -> None:
        now, heard, seen, staged = self.page.evaluate(
            "[Date.now(), window.heard, window.seen, window.staged]"
        )
        for each in heard:
            ends = [moment for moment in (each["stopped"], now) if moment is not None]
            self._before.append({**each, "stopped": min(ends) if now < each["to"] else None})
        self._seen += seen
        self._staged += staged

    def ahead_ms(self) -> float:
        """How far the page's clock is ahead of this machine's."""
        return float(self.page.evaluate("Date.now()")) - time.time() * 1000

    def seen(self) -> list[dict[str, Any]]:
        """Every call that could be seen, with the number in its place."""
        found: list[dict[str, Any]] = self._seen + self.page.evaluate("window.seen ?? []")
        return found

    def staged(self) -> list[str]:
        """The calls that had the stage, each when it had it first."""
        return list(dict.fromkeys(self._staged + self.page.evaluate("window.staged ?? []")))

    def said(self) -> list[Said]:
        """All announcements, in order; those of a chime alone are none."""
        return _read(self._before + self.page.evaluate("window.heard ?? []"))


def _read(clips: Sequence[dict[str, Any]]) -> list[Said]:
    """The announcements that clips make: each ends with where to go."""
    said, words = [], []
    for clip in clips:
        found = _CLIP.search(clip["clip"])
        assert found, f"a clip that nobody knows: {clip}"
        words.append((found[2], clip))
        if found[2].startswith("counter_") or found[2] == "see_screen":
            said.append(_one(words))
            words = []
    assert not words, f"words without an end: {[word for word, _ in words]}"
    return said


def _one(words: list[tuple[str, dict[str, Any]]]) -> Said:
    keys, clips = [word for word, _ in words], [clip for _, clip in words]
    parts = [key.split("_")[1] for key in keys if key.startswith(("letter_", "digit_"))]
    ends = [clip["stopped"] for clip in clips if clip["stopped"] is not None]
    return Said(
        number="".join(parts).upper(),
        counter=keys[-1].removeprefix("counter_"),
        form="full" if len(keys) > len(parts) + 1 else "short",
        began=clips[0]["from"],
        last_word_began=clips[-1]["from"],
        ended=clips[-1]["to"],
        cut=min(ends) if ends else None,
    )


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
