"""Five hundred robots and fifty people who want the same hundred places, on a clock that the test
moves second by second.

What is assumed, and printed with a failure: the robots share the hashing power of ten phones, come
from 500 addresses, are quick and know every rule; a person's phone is one phone, and people read.
Work costs its seconds of simulated time and is really done, only with fewer tries a second, so that
the server checks true answers. A unit takes its mean; in life it varies around it for both sides
alike.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.office import Counter, Office, Service, ServiceChannel, Stream
from queue_server.domain.office.rules import BookingRules, Rules
from queue_server.domain.visit.claim import Pool
from queue_server.services.office import offices
from queue_server.services.places.replanning import replan_day
from queue_server.store.writer import slots as slot_store
from queue_server.web.edge.strangers import proofs
from tests.fixtures.application import DAYS, HOST, TODAY, House, csrf_of
from tests.fixtures.application import make_office as make_usual_office

ROBOTS, PEOPLE, PLACES = 500, 50, 100
PHONES_OF_ROBOTS = 10.0
OFFICE = "9109"
DAY = TODAY + timedelta(days=1)
NETWORK_SIZE = 20
"""Robots to a network: machines are rented in lots."""

CONTACTS = 4
"""Bookings for which robots name the same phone: as many as the office's rules let them."""


def open_hall(house: House) -> None:
    """An office with 100 places for online booking on one day: ten slots of ten persons, and
    staff enough for each of them."""
    usual = make_usual_office(OFFICE)
    words = {"id": "Kata", "en": "Word"}
    office = Office(
        code=OFFICE,
        name="Balai",
        address="-",
        phone="021-555",
        zone="Asia/Jakarta",
        people_limit=10,
        rules=Rules(
            booking=BookingRules(
                slot_minutes=30, party_max=4, utilisation=1.0, online_share=1.0, urgent_share=0.0
            )
        ),
        streams=(Stream("A", words),),
        services=(Service("REK", "A", words, words, words, ServiceChannel.MUST_COME, 30),),
        counters=tuple(Counter(f"{OFFICE}-{n}", str(n), ("A",)) for n in range(1, 11)),
        hours=Hours(
            week=tuple(
                Opening(each.weekday, each.opens, each.opens.replace(hour=13))
                for each in usual.hours.week
            )
        ),
    )
    house.database.write([], partial(offices.add_office, office=office))
    for day in (TODAY + timedelta(days=ahead) for ahead in range(DAYS)):
        house.database.write(
            [(OFFICE, day)], partial(replan_day, office=OFFICE, day=day, now=house.clock.now)
        )
    assert (
        sum(slot.people.free(Pool.ONLINE, released=False) for slot in plan_of(house).slots)
        == PLACES
    )


def plan_of(house: House) -> Any:
    with house.database.read() as connection:
        return slot_store.load(connection, OFFICE, DAY)


def free_slots(house: House, people: int, chance: random.Random) -> list[str]:
    """The times that have room for a party, in a random order: nobody stands at the same one."""
    found = [
        f"{each.starts_at:%Y%m%dT%H%MZ}"
        for each in plan_of(house).slots
        if each.people.free(Pool.ONLINE, released=False) >= people
    ]
    chance.shuffle(found)
    return found


def invent_nik(serial: int) -> str:
    """A NIK that looks good, of a person who does not exist."""
    born = f"{serial % 28 + 1:02d}{serial % 12 + 1:02d}{serial % 40 + 60:02d}"
    return f"3273{serial % 89 + 11:02d}{born}{serial % 9_998 + 1:04d}"


@dataclass
class Work:
    """A challenge that is being solved."""

    text: str
    name: str
    bits: int
    units: int
    done: float = 0.0
    nonces: list[str] = field(default_factory=list)

    @property
    def unit_seconds(self) -> float:
        return float(1 << (self.bits - proofs.SECOND_BITS))

    @property
    def left(self) -> float:
        return self.units * self.unit_seconds - self.done

    def spend(self, seconds: float) -> float:
        """Work for so many seconds of a phone; returns what was not needed."""
        used = min(seconds, self.left)
        self.done += used
        while len(self.nonces) < min(self.units, int((self.done + 1e-9) / self.unit_seconds)):
            unit = len(self.nonces)
            self.nonces.append(
                next(
                    f"{n:x}"
                    for n in range(1 << 20)
                    if proofs.is_solved(self.name, unit, self.bits, f"{n:x}")
                )
            )
        return seconds - used

    @property
    def answer(self) -> str:
        return f"{self.text}:{'-'.join(self.nonces)}"


def ask(house: House, address: str, path: str, body: dict[str, Any]) -> TestResponse:
    client = house.application.flask.test_client(use_cookies=False)
    return client.post(
        f"/api/v1/offices/{OFFICE}{path}",
        json=body,
        headers={"Host": HOST, "X-Forwarded-For": address},
    )


@dataclass
class Botnet:
    """All robots together: who works is chosen as suits them best."""

    house: House
    chance: random.Random
    probes: int
    fresh: list[int] = field(default_factory=lambda: list(range(ROBOTS)))
    works: list[Work] = field(default_factory=list)
    holds: list[tuple[str, int]] = field(default_factory=list)
    places: int = 0
    turn: dict[str, Any] | None = None
    mine: set[str] = field(default_factory=set)

    @staticmethod
    def address(robot: int) -> str:
        lot = robot // NETWORK_SIZE
        return f"45.{lot // 5 + 10}.{lot % 5 + 60}.{robot % NETWORK_SIZE * 11 + 3}"

    def take(self, proof: list[str]) -> TestResponse | None:
        """One attempt at a place, by a robot that has none."""
        slots = free_slots(self.house, 1, self.chance)
        if not slots or not self.fresh:
            return None
        robot = self.fresh[-1]
        answer = ask(
            self.house,
            self.address(robot),
            "/holds",
            {"service": "REK", "slot": slots[0], "proofs": proof},
        )
        if answer.status_code == 201:
            self.fresh.pop()
            self.places += 1
            self.holds.append((answer.get_json()["code"], robot))
        else:
            assert answer.status_code in (409, 428, 429), answer.text
        return answer

    def step(self) -> None:
        """One second: whatever is free is taken at once, then all phones work on one challenge
        after the other."""
        self._take_free()
        self._wait_in_line()
        self._spend(PHONES_OF_ROBOTS)
        self._book()

    def _take_free(self) -> None:
        for _ in range(self.probes):
            answer = self.take([])
            if answer is None or answer.status_code != 201:
                return

    def _spend(self, power: float) -> None:
        while power > 0:
            if not self.works:
                answer = self.take([])
                if answer is None or answer.status_code not in (201, 428):
                    return
                if answer.status_code == 428:
                    self.works.append(_work_of(answer.get_json()))
                continue
            power = self.works[-1].spend(power)
            if self.works[-1].left <= 0:
                answer = self.take([each.answer for each in self.works])
                if answer is not None and answer.status_code == 428 and len(self.works) < 8:
                    self.works.append(_work_of(answer.get_json()))
                else:
                    self.works = []

    def _wait_in_line(self) -> None:
        robot = self.chance.randrange(ROBOTS)
        if self.turn is None:
            answer = ask(self.house, self.address(robot), "/line", {"party_size": 1})
            self.turn = answer.get_json() if answer.status_code == 201 else None
        elif datetime.fromisoformat(self.turn["due_at"]) <= self.house.clock.now:
            self.take([self.turn["proof"]])
            self.turn = None

    def _book(self) -> None:
        """Make bookings of holds, in the names of invented people; robots keep what they have
        got."""
        for code, robot in self.holds:
            body = {
                "service": "REK",
                "hold": code,
                "nik": invent_nik(robot),
                "name": f"Orang {'abcdefghij'[robot % 10]}",
                "phone": f"+62812{70_000_000 + robot // CONTACTS}",
            }
            answer = ask(self.house, self.address(robot), "/bookings", body)
            assert answer.status_code == 201, answer.text
            self.mine.add(answer.get_json()["code"])
        self.holds = []

    def crowd_waitlist(self, number: int) -> None:
        """Wait for places that others give up, too."""
        for robot in range(ROBOTS - number, ROBOTS):
            body = {
                "service": "REK",
                "first_date": DAY.isoformat(),
                "last_date": DAY.isoformat(),
                "nik": invent_nik(robot),
                "name": "Orang",
                "phone": f"+62812{70_000_000 + robot // CONTACTS}",
            }
            assert ask(self.house, self.address(robot), "/waitlist", body).status_code in (
                201,
                409,
                429,
            )


def _work_of(asked: dict[str, Any]) -> Work:
    return Work(asked["challenge"], asked["challenge"].split(".")[4], asked["bits"], asked["units"])


def work_on(page: TestResponse) -> Work | None:
    """What a page asks of the browser, openly or while its visitor reads."""
    found = re.search(
        r'data-challenge="([^"]+)"\s+data-name="([^"]+)"\s+'
        r'data-bits="(\d+)"\s+data-units="(\d+)"',
        page.text,
    )
    return None if found is None else Work(found[1], found[2], int(found[3]), int(found[4]))


class Person:
    """Somebody with a phone who reads the pages, and books for a party of one or two."""

    def __init__(self, house: House, number: int, chance: random.Random) -> None:
        self.house, self.chance, self.people = house, chance, 1 + number % 2
        self.browser: FlaskClient = house.application.flask.test_client()
        self.headers = {
            "Host": HOST,
            "X-Forwarded-For": f"{110 + number}.{number + 20}.7.{number + 9}",
        }
        self.number, self.places, self.seconds_waited, self.screens = number, 0, 0, 0
        self.ahead: Work | None = None
        self._life = self._live()

    def step(self) -> None:
        """One second of life. The phone works beside the reading, if the page asks it to."""
        if self.ahead is not None:
            self.ahead.spend(1.0)
        next(self._life, None)

    def _get(self, path: str) -> TestResponse:
        self.screens += 1
        page = self.browser.get(path, headers=self.headers)
        self.ahead = self.ahead or work_on(page)
        return page

    def _read(self, low: float, high: float) -> Iterator[None]:
        for _ in range(int(self.chance.uniform(low, high))):
            yield

    def _live(self) -> Iterator[None]:
        """First page to ticket: 20 to 42 seconds up to the time, 40 to 75 more for name, NIK and
        a last look."""
        base = f"/o/{OFFICE}/book"
        yield from self._read(0, 4)
        self._get(f"{base}?party_size={self.people}")
        yield from self._read(5, 10)
        self._get(f"{base}/day?service=REK&party_size={self.people}")
        yield from self._read(6, 12)
        page = self._get(f"{base}/day?service=REK&day={DAY}&party_size={self.people}")
        yield from self._read(9, 16)
        proof: list[str] = (
            [] if self.ahead is None else [self.ahead.answer] if self.ahead.nonces else []
        )
        self.ahead = None
        fields = {
            "csrf_token": csrf_of(page),
            "service": "REK",
            "party_size": str(self.people),
            "visit": f"visit{self.number}",
        }
        while True:
            slots = free_slots(self.house, self.people, self.chance)
            if not slots:
                return
            done = self.browser.post(
                f"{base}/hold",
                data={**fields, "slot": slots[0], "proof": proof},
                headers=self.headers,
            )
            if "/details" in done.headers.get("Location", ""):
                break
            if done.status_code == 428:
                work = work_on(done)
                assert work is not None
                while work.left > 0:
                    work.spend(1.0)
                    self.seconds_waited += 1
                    yield
                proof = [*proof, work.answer][-8:]
            else:
                yield from self._read(3, 6)
        self.places = self.people
        details = self.browser.get(done.headers["Location"], headers=self.headers)
        yield from self._read(30, 55)
        typed = {
            **_hidden(details),
            "name": "Warga",
            "nik": invent_nik(5_000 + self.number),
            "party_size": str(self.people),
            "phone": f"0813{70_000_000 + self.number}",
        }
        checked = self.browser.post(f"{base}/check", data=typed, headers=self.headers)
        check = self.browser.get(checked.headers["Location"], headers=self.headers)
        assert "/check" in check.request.path, check.text
        yield from self._read(10, 20)
        booked = self.browser.post(f"{base}/confirm", data=_hidden(check), headers=self.headers)
        assert booked.status_code == 303, booked.text


def _hidden(page: TestResponse) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
