"""Everything of which visitors are told, brought about at a running server over HTTP: for one who
is reached by e-mail, and for one who is reached by telephone.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests
import sqlalchemy as sa

from queue_server.domain.booking.ownership import WRONG_PROOFS_MAX
from queue_server.domain.booking.slots import slot_id
from queue_server.services.booking import contacts
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.fixtures.application import HOME, People, at

WAYS = ("EMAIL", "PHONE")

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (
    partial(at, day=each)  # the office is closed on THURSDAY
    for each in range(1, 5)
)

TOLD_BY_EMAIL_ALONE = frozenset({"attempted", "locked"})
"""What outsiders can cause without having the number costs the office no telephone message."""


@dataclass(frozen=True)
class Booked:
    """A booking, as its holder knows it."""

    code: str
    nik: str
    contact: str

    @property
    def last4(self) -> str:
        return self.nik[-4:]


@dataclass
class Town:
    """Visitors and staff of a server. Everybody has a NIK and a contact of their own, and wants to
    be told.
    """

    address: str
    people: People
    _numbers: Iterator[int] = field(default_factory=partial(itertools.count, 1001))

    def ask(self, method: str, path: str, who: str | None, body: Any) -> requests.Response:
        headers = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        if who is not None:
            headers["Authorization"] = f"Bearer {self.people.tokens[who]}"
        return requests.request(
            method, f"{self.address}/api/v1{path}", json=body, headers=headers, timeout=60
        )

    def do(
        self, path: str, body: Any = None, who: str | None = None, method: str = "POST"
    ) -> dict[str, Any]:
        """A request that is granted."""
        answer = self.ask(method, path, who, body)
        assert answer.ok, (path, answer.text)
        return dict(answer.json())

    def person(self, way: str) -> dict[str, Any]:
        number = next(self._numbers)
        reach = (
            {"email": f"tamu{number}@contoh.id"}
            if way == "EMAIL"
            else {"phone": f"+62812345{number}"}
        )
        return {"nik": f"910101450788{number}", "name": "Tamu", "notify": True, **reach}

    def book(self, way: str, slot: str, service: str = "REK") -> Booked:
        person = self.person(way)
        body = {"service": service, "slot": slot, **person}
        ticket = self.do(f"/offices/{HOME}/bookings", body)
        return Booked(ticket["code"], person["nik"], person.get("email") or person["phone"])

    def wait(self, way: str) -> None:
        """Wait for a place on FRIDAY."""
        day = FRIDAY(9).date().isoformat()
        wish = {"service": "REK", "first_date": day, "last_date": day, **self.person(way)}
        self.do(f"/offices/{HOME}/waitlist", wish)

    def lose_code(self, booked: Booked, day: str) -> None:
        """Ask for a code on its page, as a browser without JavaScript does."""
        with requests.Session() as browser:
            page = browser.get(f"{self.address}/t/lost", timeout=60).text
            fields = dict(re.findall(r'name="(csrf_token|idempotency_key)" value="([^"]*)"', page))
            done = browser.post(
                f"{self.address}/t/lost",
                data={**fields, "contact": booked.contact, "date": day},
                timeout=60,
            )
            assert done.url.endswith("sent=1"), done.url


def book_first(town: Town) -> None:
    """One booking for each way, of which the day comes before two hours of another's."""
    for way in WAYS:
        town.book(way, slot_id(WEDNESDAY(10)))


def bring_about(town: Town, database: Database) -> None:
    """All other kinds, on a Monday at nine."""
    for way in WAYS:
        town.book(way, slot_id(TUESDAY(12)))
        _change_own_booking(town, way)
        town.lose_code(town.book(way, slot_id(WEDNESDAY(14))), WEDNESDAY(14).date().isoformat())
    _try_with_strangers_booking(town)
    _close_a_day(town)
    _offer_places(town, database)
    _serve(town)


def _change_own_booking(town: Town, way: str) -> None:
    moved, withdrawn = (town.book(way, slot_id(WEDNESDAY(11, each))) for each in (0, 30))
    body = {"slot": slot_id(WEDNESDAY(13)), "last4": moved.last4}
    town.do(f"/tickets/{moved.code}/reschedule", body)
    town.do(f"/tickets/{withdrawn.code}/cancel", {"last4": withdrawn.last4})


def _try_with_strangers_booking(town: Town) -> None:
    """Book again in somebody's name, and guess digits: told by e-mail alone."""
    booked = town.book("EMAIL", slot_id(WEDNESDAY(14, 30)))
    again = {**town.person("EMAIL"), "nik": booked.nik}
    path, slot = f"/offices/{HOME}/bookings", slot_id(WEDNESDAY(14))
    assert (
        town.ask("POST", path, None, {"service": "REK", "slot": slot, **again}).status_code == 409
    )
    for _ in range(WRONG_PROOFS_MAX):
        refused = town.ask("POST", f"/tickets/{booked.code}/cancel", None, {"last4": "0000"})
    assert refused.json()["code"] == "changes_locked"


def _close_a_day(town: Town) -> None:
    """Of the bookings of each way one stays without a time; one is moved, one cancelled."""
    for way in WAYS:
        for hour in (10, 11, 14):
            town.book(way, slot_id(THURSDAY(hour)))
    closed = {"date": THURSDAY(9).date().isoformat(), "openings": [], "reason": {"id": "Rapat"}}
    town.do(f"/offices/{HOME}/hours", {"days": [closed]}, "manager", "PUT")
    listed = town.do(f"/offices/{HOME}/stranded", None, "manager", "GET")["stranded"]
    ids = [each["ticket"] for each in sorted(listed, key=lambda each: str(each["told_by"]))]
    assert len(ids) == 6
    moves = [{"ticket": each, "slot": slot_id(FRIDAY(10))} for each in ids[::3]]
    town.do(f"/offices/{HOME}/stranded/move", {"bookings": moves}, "manager")
    town.do(f"/offices/{HOME}/stranded/cancel", {"tickets": ids[1::3]}, "manager")


def _offer_places(town: Town, database: Database) -> None:
    """Of each way one waits whose address or number is proved, and one who is asked for a proof."""
    given_up = [town.book("EMAIL", slot_id(FRIDAY(hour))) for hour in (11, 14)]
    for way in WAYS:
        town.wait(way)
    with database.read() as connection:
        marks = connection.execute(sa.select(tables.contacts.c.mark)).scalars().all()
    for mark in marks:
        database.write([], partial(contacts.prove, mark=mark, now=at(9)))
    for way in WAYS:
        town.wait(way)
    for each in given_up:
        town.do(f"/tickets/{each.code}/cancel", {"last4": each.last4})


def _serve(town: Town) -> None:
    """The room is full of twelve; one party after the other leaves. In the end two are called, and
    two were let in and are next.
    """
    slot = slot_id(at(9, 30))
    booked = [town.book(way, slot, service) for service in ("REK", "AKT") for way in WAYS]
    for service in ("REK", "REK", "REK", "AKT"):
        town.do(f"/offices/{HOME}/tickets", {"service": service, "party_size": 3}, "kiosk")
    for each in booked:
        town.do(f"/tickets/{each.code}/check-in", {}, "kiosk")
    for counter in ("1", "1", "1", "2"):
        called = town.do(f"/counters/{HOME}-{counter}/call-next", None, "clerk")
        for step in ("start", "finish"):
            town.do(f"/tickets/{called['id']}/{step}", None, "clerk")
    for counter in ("1", "3"):
        town.do(f"/counters/{HOME}-{counter}/call-next", None, "clerk")
