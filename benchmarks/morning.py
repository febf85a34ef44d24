"""The moment at which the places of a day are opened: 500 people and 50 robots want 100 of them.

`python -m benchmarks.morning PORT OFFICE DAY` plays it against a running server, in a process of
its own, and prints what became of it as JSON. Each has an address of its own, as a proxy in front
would name it. People read, and their phones work for their places meanwhile and afterwards; robots
are quick, know every rule and share the hashing power of ten phones, as `docs/adr/0014` assumes. A
phone's seconds are slept, see `benchmarks.short_work`.
"""

from __future__ import annotations

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()

import gzip
import json
import random
import re
import secrets
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

import gevent

from queue_server.web.edge.strangers import proofs

from .short_work import SECOND_BITS

PEOPLE, ROBOTS, PHONES_OF_ROBOTS = 500, 50, 10
SERVICE = "REK"
ARRIVAL_SECONDS = 4.0
"""Within which all people open the first page."""

READING_SECONDS = ((3, 8), (5, 10), (6, 12))
"""At the office page, the services and the days, as in `tests/faults/crowd_of_robots.py`."""

TYPING_SECONDS = (15, 30)
GIVE_UP_SECONDS = 120.0
ANSWER_SECONDS = 60.0
BROWSER = {"Accept-Encoding": "gzip", "Accept-Language": "id-ID,id;q=0.9"}
_WORK = re.compile(
    r'data-challenge="([^"]+)"\s+data-name="([^"]+)"\s+data-bits="(\d+)"\s+data-units="(\d+)"'
)


@dataclass
class Outcome:
    """What became of it: answers by status, seconds of each page and command, places by kind."""

    statuses: Counter[str] = field(default_factory=Counter)
    pages: list[float] = field(default_factory=list)
    commands: list[float] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    robots: list[str] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)


@dataclass
class Work:
    """A challenge, and how many seconds a phone has worked on it."""

    text: str
    name: str
    bits: int
    units: int
    done: float = 0.0

    @property
    def unit_seconds(self) -> int:
        return 1 << (self.bits - SECOND_BITS)

    @property
    def left(self) -> float:
        return max(0.0, self.units * self.unit_seconds - self.done)

    def answer(self) -> str:
        """With the units that are done by now. Found in one thread for all, so that nobody else is
        late, and the server has the rest of the machine.
        """
        answer: str = gevent.get_hub().threadpool.apply(self._find)
        return answer

    def _find(self) -> str:
        nonces = []
        for unit in range(min(self.units, int(self.done / self.unit_seconds + 1e-9))):
            nonces.append(
                next(
                    f"{number:x}"
                    for number in range(1 << 20)
                    if proofs.is_solved(self.name, unit, self.bits, f"{number:x}")
                )
            )
        return f"{self.text}:{'-'.join(nonces)}"


@dataclass
class Client:
    """Somebody's connection to the server."""

    port: int
    address: str
    outcome: Outcome
    cookie: str = ""
    connection: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, bytes]:
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        headers = {**BROWSER, "X-Forwarded-For": self.address}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if body is not None:
            headers |= {
                "Content-Type": "application/json",
                "Idempotency-Key": secrets.token_hex(16),
            }
        begun = time.perf_counter()
        self.connection.request(
            method, path, json.dumps(body) if body is not None else None, headers
        )
        answer = self.connection.getresponse()
        content = answer.read()
        spent = time.perf_counter() - begun
        is_page = not path.startswith("/api/")
        (self.outcome.pages if is_page else self.outcome.commands).append(spent)
        what = "page" if is_page else path.rpartition("/")[2].partition("?")[0]
        self.outcome.statuses[f"{what} {answer.status}"] += 1
        for each in answer.headers.get_all("Set-Cookie", []):
            self.cookie = f"{self.cookie}; {each.partition(';')[0]}".removeprefix("; ")
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return answer.status, content

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@dataclass
class Rush:
    """The places that are wanted, and those who want them."""

    port: int
    office: str
    day: str
    outcome: Outcome = field(default_factory=Outcome)
    chance: random.Random = field(default_factory=lambda: random.Random(8))

    def free_slots(self, client: Client) -> list[str]:
        path = f"/api/v1/offices/{self.office}/availability?service={SERVICE}"
        _, text = client.ask("GET", f"{path}&from={self.day}&days=1")
        free = [
            slot["slot"]
            for day in json.loads(text)["days"]
            for slot in day["slots"]
            if slot["free"]
        ]
        self.chance.shuffle(free)
        return free

    def hold(self, client: Client, proof: list[str]) -> tuple[int, dict[str, Any]]:
        """One attempt at a free time; status 0 when there is none."""
        slots = self.free_slots(client)
        if not slots:
            return 0, {}
        body = {"service": SERVICE, "slot": slots[0], "proofs": proof}
        status, text = client.ask("POST", f"/api/v1/offices/{self.office}/holds", body)
        answer = json.loads(text)
        if status == 201:
            self.outcome.holds.append(answer["code"])
        return status, answer

    def book(self, client: Client, hold: str, number: int) -> str | None:
        born = f"{number % 28 + 1:02d}{number % 12 + 1:02d}{number % 40 + 60:02d}"
        body = {
            "service": SERVICE,
            "hold": hold,
            "nik": f"3273{number % 89 + 11:02d}{born}{number + 1:04d}",
            "name": "Warga Kota",
            "phone": f"+62812{70_000_000 + number}",
        }
        status, text = client.ask("POST", f"/api/v1/offices/{self.office}/bookings", body)
        return json.loads(text)["code"] if status == 201 else None

    def live(self, number: int) -> None:
        """A person's morning."""
        chance = random.Random(number)
        client = Client(self.port, f"{100 + number // 200}.{number % 200 + 20}.7.9", self.outcome)
        base, ahead = f"/o/{self.office}", None
        until = time.monotonic() + GIVE_UP_SECONDS
        time.sleep(chance.uniform(0, ARRIVAL_SECONDS))
        for path, (low, high) in zip(
            (base, f"{base}/book", f"{base}/book/day?service={SERVICE}"),
            READING_SECONDS,
            strict=True,
        ):
            _, page = client.ask("GET", path)
            asked = _WORK.search(page.decode())
            if ahead is None and asked is not None:
                ahead = Work(asked[1], asked[2], int(asked[3]), int(asked[4]))
            reading = chance.uniform(low, high)
            time.sleep(reading)
            if ahead is not None:
                ahead.done += reading
        proof = [ahead.answer()] if ahead is not None and ahead.done >= ahead.unit_seconds else []
        worked = 0.0
        while time.monotonic() < until:
            status, answer = self.hold(client, proof)
            if status == 0:
                break
            if status == 201:
                self.outcome.worked.append(worked)
                time.sleep(chance.uniform(*TYPING_SECONDS))
                code = self.book(client, answer["code"], number)
                if code is not None:
                    self.outcome.people.append(code)
                    client.ask("GET", f"/t/{code}")
                break
            if status == 428:
                work = _work_of(answer)
                time.sleep(work.left)
                worked += work.left
                work.done = work.units * work.unit_seconds
                proof = [*proof, work.answer()][-8:]
            else:
                time.sleep(chance.uniform(2, 4))
        client.close()

    def rent(self, phone: int) -> None:
        """One of the phones that the robots share: it works for one place after the other, without
        a pause, each time from another robot's address. It tries each name once more for the next
        place, and takes another when that is refused.
        """
        serial, until = phone, time.monotonic() + GIVE_UP_SECONDS
        used: int | None = None
        proof: list[str] = []
        while time.monotonic() < until:
            robot = serial % ROBOTS
            client = Client(self.port, f"45.{robot // 20 + 10}.60.{robot * 5 + 3}", self.outcome)
            status, answer = self.hold(client, proof)
            if status == 0:
                break
            if status == 428 and len(proof) < 8:
                work = _work_of(answer)
                time.sleep(work.left)
                work.done = work.units * work.unit_seconds
                proof = [*proof, work.answer()]
                client.close()
                continue
            if status == 201:
                for name in (used, PEOPLE + serial):
                    code = None if name is None else self.book(client, answer["code"], name)
                    if code is not None:
                        self.outcome.robots.append(code)
                        used = name
                        break
            proof, serial = [], serial + PHONES_OF_ROBOTS
            client.close()


def _work_of(asked: dict[str, Any]) -> Work:
    return Work(asked["challenge"], asked["challenge"].split(".")[4], asked["bits"], asked["units"])


def main() -> None:
    gevent.get_hub().threadpool.maxsize = 1
    rush = Rush(int(sys.argv[1]), sys.argv[2], sys.argv[3])
    gevent.joinall(
        [
            *(gevent.spawn(rush.rent, phone) for phone in range(PHONES_OF_ROBOTS)),
            *(gevent.spawn(rush.live, number) for number in range(PEOPLE)),
        ],
        raise_error=True,
    )
    print(json.dumps(vars(rush.outcome)))


if __name__ == "__main__":
    main()
