"""Rows of the morning on which the places of a day are opened: who gets them, that none is sold
twice, and how long everybody waits for a page meanwhile.
"""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time as clock_time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import morning, server, stage
from benchmarks.report import Row, milliseconds
from queue_server.demo.banten import offices
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.office import Counter, Office
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
HUMAN_SHARE_LEAST, PAGE_SECONDS_MOST, TIMES_IDLE_MOST = 0.6, 1.0, 20
IDLE_ASKS, PAUSE_SECONDS = 100, 0.05
SETTLE_SECONDS = 4
"""The server tidies its memory once, soon after its start."""


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
            time.sleep(SETTLE_SECONDS)
            idle = [_alive(served) for _ in range(IDLE_ASKS)]
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


@dataclass(frozen=True)
class Look:
    """How long `/livez` took, and what the server's loop worked meanwhile, in seconds. The latter
    is how long it takes on a machine that nobody else uses.
    """

    waited: float
    worked: float


def _alive(served: server.Served) -> Look:
    """One look by whoever supervises the server, on a connection of its own."""
    begun, used = time.perf_counter(), served.loop_seconds()
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request("GET", "/livez")
    if connection.getresponse().read() == b"":
        raise RuntimeError("the server says nothing")
    connection.close()
    return Look(time.perf_counter() - begun, served.loop_seconds() - used)


def _play(served: server.Served) -> tuple[dict[str, Any], list[Look]]:
    """What became of it, and all looks meanwhile."""
    command = [sys.executable, "-m", "benchmarks.morning", str(served.port), OFFICE, f"{DAY}"]
    looks = []
    with tempfile.TemporaryFile() as told:
        crowd = subprocess.Popen(command, stdout=told)
        try:
            while crowd.poll() is None:
                looks.append(_alive(served))
                time.sleep(PAUSE_SECONDS)
        finally:
            crowd.kill()
        if crowd.wait():
            raise RuntimeError("the morning ended early")
        told.seek(0)
        return json.load(told), looks


def _judge(database: Database, told: dict[str, Any]) -> Iterator[Row]:
    """What the clients were told, against what is stored."""
    tickets = tables.tickets
    live = (tickets.c.office == OFFICE, tickets.c.claim_at.is_not(None))
    with database.read() as connection:
        stored = connection.execute(
            sa.select(sa.func.coalesce(sa.func.sum(tickets.c.party_size), 0)).where(*live)
        ).scalar_one()
        persons = connection.execute(
            sa.select(sa.func.count())
            .select_from(tickets)
            .where(*live, tickets.c.state == "BOOKED")
        ).scalar_one()
        plan = slot_store.load(connection, OFFICE, DAY)
    codes = {*told["people"], *told["robots"]}
    over = sum(max(0, slot.people.taken_total - slot.people.total) for slot in plan.slots)
    yield Row(
        f"{morning.PEOPLE} people, {morning.ROBOTS} robots: places sold beyond the {PLACES}",
        f"{len(codes)} told, {persons} stored",
        "",
        over + max(0, int(stored) - PLACES) + abs(len(codes) - int(persons)),
        0,
        unit="",
        exactly=True,
    )
    share = len(told["people"]) / max(1, len(codes))
    yield Row(
        "the same: share of the places that went to people",
        f"{len(told['people'])} of {len(codes)}",
        "",
        share,
        HUMAN_SHARE_LEAST,
        unit="",
    )


def _waits(told: dict[str, Any], idle: list[Look], busy: list[Look]) -> Iterator[Row]:
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
    usual = statistics.median(each.worked for each in idle)
    slowest = max(each.worked for each in busy)
    yield Row(
        "the same: slowest /livez ÷ idle median, in CPU of the loop",
        f"{milliseconds(slowest)}; waited {milliseconds(max(each.waited for each in busy))}",
        f"{milliseconds(usual)}; {milliseconds(statistics.median(each.waited for each in idle))}",
        slowest / usual,
        TIMES_IDLE_MOST,
        at_most=True,
    )
