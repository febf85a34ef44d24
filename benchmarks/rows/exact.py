"""Rows of exactness: many clients at the same moment over HTTP, on SQLite and on PostgreSQL with
two processes and Redis.
"""

from __future__ import annotations

import json
import selectors
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice, repeat
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import server, stage
from benchmarks.load import Client, request_head
from benchmarks.postgresql import postgresql
from benchmarks.report import Row
from queue_server.demo.banten import offices
from queue_server.demo.people import guests
from queue_server.domain.access.accounts import User
from queue_server.domain.office.office import Counter, Office
from queue_server.services.access import devices, sessions
from queue_server.services.office.offices import add_office
from queue_server.services.places.replanning import replan_day
from queue_server.store import tables
from queue_server.store.access.tokens import Token
from queue_server.store.migrations import upgrade
from queue_server.store.writer.database import Database

from .scale import redis

CLIENTS, CALLS, KIOSKS, NUMBERS_EACH = 50, 50, 16, 10
PLACES = (1, 5, 10)
HALL = "3699"
SERVICE, SLOT = "REK", "20261123T0300Z"
"""An hour after the server's clock begins."""

Answers = list[tuple[str, Any]]


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        yield from _race("SQLite", f"sqlite:///{folder / 'exact.db'}", folder)
        try:
            if shutil.which("redis-server") is None:
                raise FileNotFoundError("redis-server")
            with postgresql(1) as [url], redis() as redis_url:
                yield from _race(
                    "PostgreSQL, 2 processes", url, folder, workers=2, redis_url=redis_url
                )
        except FileNotFoundError as missing:
            print(f"no exactness of two processes: {missing} is not there", file=sys.stderr)


def _race(
    where: str, url: str, folder: Path, *, workers: int = 1, redis_url: str = ""
) -> Iterator[Row]:
    upgrade(url)
    database = Database(url)
    kiosks, clerks = _set_up(database)
    with server.serve(
        url, folder, (kiosks[0], clerks), workers=workers, redis_url=redis_url
    ) as served:
        for places in PLACES:
            codes = _book(served, _narrow(places))
            stored = _count(database, _narrow(places), tables.tickets.c.slot.is_not(None))
            yield _exact(
                f"{CLIENTS} clients for the last {places}, {where}: bookings",
                set(codes),
                places,
                stored,
            )
        numbers = _issue(served, kiosks)
        stored = _count(database, HALL, tables.tickets.c.number.is_not(None))
        yield _exact(
            f"{KIOSKS} kiosks, {where}: distinct numbers",
            set(numbers),
            KIOSKS * NUMBERS_EACH,
            stored,
        )
        called = _call(served, clerks)
        stored = _count(database, HALL, tables.tickets.c.state == "CALLED")
        yield _exact(f"{CALLS} calls, {where}: distinct tickets", set(called), CALLS, stored)
    database.close()


def _exact(what: str, told: set[str], wanted: int, stored: int) -> Row:
    """What the clients were told and what is stored must both be the number wanted; the value is
    the one that is not.
    """
    value = stored if len(told) == wanted else len(told)
    return Row(what, f"{len(told)} told, {stored} stored", "", value, wanted, unit="", exactly=True)


def _narrow(places: int) -> str:
    return f"36{places:02d}"


def _set_up(database: Database) -> tuple[list[str], dict[str, str]]:
    """An office for each number of places, whose room is what is scarce, and a hall with a counter
    and a clerk for each call.
    """
    made = [
        _office(_narrow(places), people_limit=places, online_share=1.0, urgent_share=0.0)
        for places in PLACES
    ]
    made.append(_office(HALL, people_limit=None))
    for office in made:
        database.write([], partial(add_office, office=office))
        database.write(
            [(office.code, stage.TODAY)],
            partial(replan_day, office=office.code, day=stage.TODAY, now=stage.NOW),
        )
    kiosks = [sessions.new_secret() for _ in range(KIOSKS)]
    clerks = {each.id: sessions.new_secret() for each in made[-1].counters}

    def add(tx: Any) -> None:
        for secret in kiosks:
            devices.add_paired(tx, "kiosk", HALL, "Kiosk", secret, stage.NOW)
        for counter, secret in clerks.items():
            sessions.add_user(
                tx,
                User(f"clerk-{counter}", f"clerk-{counter}", "Clerk", "clerk", HALL),
                "no log-in",
            )
            sessions.add_token(
                tx,
                Token(f"token-{counter}", "Clerk", "clerk", HALL, user=f"clerk-{counter}"),
                secret,
                stage.NOW,
            )

    database.write([], add)
    return kiosks, clerks


def _office(code: str, *, people_limit: int | None, **rules: float) -> Office:
    """An office of the demonstration with other counters and rules."""
    usual = offices([2026])[0]
    letters = tuple(each.letter for each in usual.streams)
    counters = tuple(
        Counter(f"{code}-{number}", str(number), letters) for number in range(1, CALLS + 1)
    )
    given = replace(
        usual.rules, **rules, door=replace(usual.rules.door, kiosk_burst_numbers=10_000_000)
    )  # type: ignore[arg-type]
    return replace(usual, code=code, people_limit=people_limit, counters=counters, rules=given)


def _book(served: server.Served, office: str) -> list[str]:
    """Codes of the bookings that were made of as many attempts as there are clients, all for one
    time.
    """
    path, people = f"/api/v1/offices/{office}/bookings", islice(guests(stage.OFFICE), CLIENTS)
    bodies = [
        {"service": SERVICE, "slot": SLOT, "nik": guest.nik, "name": guest.name} for guest in people
    ]
    answers = _at_once(served.port, [(path, "", body) for body in bodies])
    _admit(answers, "201", "409")
    if any(status == "409" and body["code"] != "slot_full" for status, body in answers):
        raise RuntimeError(f"refused for another reason: {answers}")
    return [body["code"] for status, body in answers if status == "201"]


def _issue(served: server.Served, kiosks: list[str]) -> list[str]:
    """The numbers that the kiosks got."""
    path = f"/api/v1/offices/{HALL}/tickets"
    answers = _at_once(
        served.port, [(path, kiosk, {"service": SERVICE}) for kiosk in kiosks], NUMBERS_EACH
    )
    _admit(answers, "201")
    return [body["number"] for _, body in answers]


def _call(served: server.Served, clerks: dict[str, str]) -> list[str]:
    """The tickets that the clerks called."""
    answers = _at_once(
        served.port,
        [(f"/api/v1/counters/{counter}/call-next", token, {}) for counter, token in clerks.items()],
    )
    _admit(answers, "200")
    return [body["id"] for _, body in answers]


def _admit(answers: Answers, *statuses: str) -> None:
    if odd := [each for each in answers if each[0] not in statuses]:
        raise RuntimeError(f"unexpected answers: {odd}")


def _count(database: Database, office: str, condition: sa.ColumnElement[bool]) -> int:
    with database.read() as connection:
        statement = (
            sa.select(sa.func.count())
            .select_from(tables.tickets)
            .where(tables.tickets.c.office == office, condition)
        )
        return int(connection.execute(statement).scalar_one())


def _at_once(port: int, wishes: list[tuple[str, str, dict[str, Any]]], times: int = 1) -> Answers:
    """Send each wish (path, token, body) so many times one after another, on a connection for each,
    all begun at the same moment.
    """
    selector = selectors.DefaultSelector()
    left = {}
    for path, token, body in wishes:
        text = json.dumps(body)
        headers = (
            "Idempotency-Key: {key}",
            *((f"Authorization: Bearer {token}",) if token else ()),
        )
        head = request_head(port, "POST", path, text, headers)
        client = Client(port, repeat(head), text)
        selector.register(client.socket, selectors.EVENT_READ, client)
        left[client] = times
    for client in left:
        client.send()
    answers: Answers = []
    while left:
        for ready, _ in selector.select(timeout=30):
            client = ready.data
            status = client.receive()
            if status is None:
                continue
            answers.append((status, json.loads(client.body)))
            left[client] -= 1
            if left[client]:
                client.send()
            else:
                del left[client]
                selector.unregister(client.socket)
                client.socket.close()
    return answers
