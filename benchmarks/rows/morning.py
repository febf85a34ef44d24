"""Rows of the morning on which the places of a day are opened: who gets them, that none is sold
twice, and how long everybody waits for a page meanwhile.
"""

from __future__ import annotations

import collections
import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time as clock_time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from benchmarks import looks, morning, server, stage
from benchmarks.report import Row, milliseconds
from queue_server.demo.banten import offices
from queue_server.domain.booking.rush import BROWSER_PLACES
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.office import Counter, Office
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.claim import Pool
from queue_server.services.office.offices import add_office
from queue_server.services.places.replanning import replan_day
from queue_server.store import tables
from queue_server.store.migrations import upgrade
from queue_server.store.writer import slots as slot_store
from queue_server.store.writer.database import Database

OFFICE, PLACES = "3697", 100
DAY = stage.TODAY + timedelta(days=1)
PER_SLOT, SLOT_MINUTES = 10, 30
HUMAN_SHARE_LEAST, PAGE_SECONDS_MOST = 0.6, 1.0


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'morning.db'}"
        upgrade(url)
        database = Database(url)
        _open_hall(database)
        settings = {"ANTREAN_RATE_LIMITS": "true", "ANTREAN_TRUSTED_PROXIES": "1"}
        with server.serve(
            url, folder, ("", {}), module="benchmarks.short_work", settings=settings
        ) as served:
            _open_pages(served)
            idle = looks.look_at_rest(served)
            told, busy = _play(served)
        yield from _judge(database, told)
        database.close()
        yield from _waits(told, idle, busy)


def _open_pages(served: server.Served) -> None:
    """Open each page once, as somebody has on any server that did not start just now."""
    base = f"/o/{OFFICE}"
    for path in (base, f"{base}/book", f"{base}/book/day?service={morning.SERVICE}"):
        urllib.request.urlopen(f"http://127.0.0.1:{served.port}{path}", timeout=60).close()


def _open_hall(database: Database) -> None:
    """An office with ten times of tomorrow for ten persons each, all to be booked online."""
    usual = offices([2026])[0]
    booking = replace(
        usual.rules.booking,
        slot_minutes=SLOT_MINUTES,
        horizon_days=2,
        utilisation=1.0,
        online_share=1.0,
        urgent_share=0.0,
    )
    service = usual.service(morning.SERVICE)
    office: Office = replace(
        usual,
        code=OFFICE,
        people_limit=PER_SLOT,
        rules=replace(usual.rules, booking=booking),
        streams=tuple(each for each in usual.streams if each.letter == service.letter),
        services=(service,),
        counters=tuple(Counter(f"{OFFICE}-{n}", str(n), (service.letter,)) for n in range(1, 11)),
        hours=Hours(week=(Opening(DAY.weekday(), clock_time(8), clock_time(13)),)),
        modes=(),
    )
    database.write([], partial(add_office, office=office))
    database.write([(OFFICE, DAY)], partial(replan_day, office=OFFICE, day=DAY, now=stage.NOW))
    with database.read() as connection:
        plan = slot_store.load(connection, OFFICE, DAY)
    offered = sum(
        min(
            places.free(Pool.ONLINE, released=False)
            for places in (slot.people, slot.streams[service.letter])
        )
        for slot in plan.slots
    )
    if offered != PLACES:
        raise RuntimeError(f"{offered} places are offered")


def _play(served: server.Served) -> tuple[dict[str, Any], list[looks.Look]]:
    """What became of it, and all looks meanwhile."""
    command = [sys.executable, "-m", "benchmarks.morning", str(served.port), OFFICE, f"{DAY}"]
    with tempfile.TemporaryFile() as told:
        crowd = subprocess.Popen(command, stdout=told)
        try:
            busy = looks.look_while(served, lambda: crowd.poll() is None)
        finally:
            crowd.kill()
        if crowd.wait():
            raise RuntimeError("the morning ended early")
        told.seek(0)
        return json.load(told), busy


def _judge(database: Database, told: dict[str, Any]) -> Iterator[Row]:
    """What the clients were told, against what is stored."""
    with database.read() as connection:
        stored = _stored(connection)
        plan = slot_store.load(connection, OFFICE, DAY)
    codes = [*told["people"], *told["robots"]]
    booked = {each.code for each in stored if each.state == "BOOKED"}
    sold = sum(each.party_size for each in stored if each.claim_at is not None)
    over = sum(max(0, slot.people.taken_total - slot.people.total) for slot in plan.slots)
    yield Row(
        f"{morning.PEOPLE} people, {morning.ROBOTS} robots: places sold beyond the {PLACES}",
        f"{sold} sold",
        "",
        over + max(0, sold - PLACES),
        0,
        unit="",
        exactly=True,
    )
    wrong = {*told["holds"]} - {each.code for each in stored}
    yield Row(
        "the same: answers without a row of their own, and bookings of which nobody was told",
        f"{len(told['holds'])} holds and {len(codes)} bookings told, {len(booked)} booked",
        "",
        len(wrong) + len(codes) - len({*codes}) + len({*codes} ^ booked),
        0,
        unit="",
        exactly=True,
    )
    yield _limits_row(stored, told)
    share = len(told["people"]) / max(1, len(codes))
    yield Row(
        "the same: share of the places that went to people",
        f"{len(told['people'])} of {len(codes)}",
        "",
        share,
        HUMAN_SHARE_LEAST,
        unit="",
    )


def _stored(connection: Connection) -> Sequence[Any]:
    """All tickets of the morning, with the visitor of each and where its places were taken from."""
    tickets, visitors, takings = tables.tickets, tables.visitors, tables.takings
    return connection.execute(
        sa.select(
            tickets.c.code,
            tickets.c.state,
            tickets.c.party_size,
            tickets.c.claim_at,
            visitors.c.nik_fingerprint,
            visitors.c.phone,
            takings.c.browser,
        )
        .select_from(tickets.outerjoin(visitors).outerjoin(takings))
        .where(tickets.c.office == OFFICE)
    ).all()


def _limits_row(stored: Sequence[Any], told: dict[str, Any]) -> Row:
    """How many have more than they may. Robots have tried each name and telephone twice."""
    persons, phones, browsers = (collections.Counter[str]() for _ in range(3))
    for each in stored:
        if each.state == "BOOKED":
            persons[each.nik_fingerprint] += 1
            phones[each.phone] += each.party_size
        elif each.state == "HELD" and each.browser is not None:
            browsers[each.browser] += each.party_size
    rules = Rules().booking
    most = (
        (persons, rules.per_service_max),
        (phones, rules.people_per_phone_max),
        (browsers, BROWSER_PLACES),
    )
    refused = sum(
        count
        for status, count in told["statuses"].items()
        if status.startswith("bookings 4") and not status.endswith(" 428")
    )
    if not refused:
        raise RuntimeError("nobody has tried to have more than they may")
    return Row(
        "the same: persons, telephones and browsers that have more than they may",
        f"{len(persons)} persons, {len(phones)} telephones; {refused} bookings refused",
        "",
        sum(count > limit for counts, limit in most for count in counts.values()),
        0,
        unit="",
        exactly=True,
    )


def _waits(told: dict[str, Any], idle: list[looks.Look], busy: list[looks.Look]) -> Iterator[Row]:
    pages = sorted(told["pages"])
    if any(status.endswith((" 500", " 503")) for status in told["statuses"]):
        raise RuntimeError(f"unexpected answers: {told['statuses']}")
    p99 = pages[int(len(pages) * 0.99)]
    yield Row(
        "the same: a page, p99",
        f"{milliseconds(p99)}, p50 {milliseconds(statistics.median(pages))} of {len(pages)}",
        "",
        p99,
        PAGE_SECONDS_MOST,
        at_most=True,
        unit=" s",
    )
    yield from looks.slowest_rows("the same", idle, busy)
