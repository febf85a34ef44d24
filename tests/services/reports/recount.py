"""The figures counted another way: outcomes by SQL over the tickets, times by a naive replay of all
fields of all events. Shares no code with the reports.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queue_server.store import tables
from queue_server.store.writer.database import Database

ZONE = ZoneInfo("Asia/Jakarta")
REMARKS = {
    "slip_copied",
    "slip_ordered",
    "slip_reported",
    "noted",
    "evidence_checked",
    "places_refitted",
    "let_past",
    "booker_shown",
}


def midnight_after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(days=1)


def count_outcomes(database: Database, office: str, first: date, last: date) -> Counter[str]:
    """What became of every ticket, from its row; which of those cancelled were voided, from the
    newest event that ended or revived them.
    """
    columns, log = tables.tickets.c, tables.events.c
    newest = (
        sa.select(log.type)
        .where(log.ticket == columns.id, log.type.in_(["voided", "undone", "cancelled"]))
        .order_by(log.date.desc(), log.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = sa.select(
        columns.date, columns.state, columns.arrived_at, columns.ended_at, newest
    ).where(columns.office == office, columns.date.between(first, last))
    counted: Counter[str] = Counter()
    with database.read() as connection:
        for day, state, arrived_at, ended_at, ending in connection.execute(statement):
            if state == "NO_SHOW":
                state = "MISSED" if arrived_at is None else "NOT_SHOWN"
            elif state == "LEFT" and ended_at >= midnight_after(day):
                state = "CLOSED"
            elif state == "CANCELLED" and ending == "voided":
                state = "VOIDED"
            elif state in ("WAITING", "CALLED", "SERVING", "PARKED"):
                state = "PRESENT"
            counted[state] += 1
    return counted


@dataclass
class Times:
    """What a naive replay gives; durations in whole seconds, sorted."""

    waits: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)
    load: Counter[tuple[int, int]] = field(default_factory=Counter)
    persons: int = 0
    peak: int = 0
    calls: int = 0
    picked: int = 0
    out_of_order: int = 0
    counter_seconds: int = 0
    lead: Counter[tuple[int, bool]] = field(default_factory=Counter)


def replay(database: Database, office: str, first: date, last: date) -> Times:
    """All events of all days, applied field by field."""
    columns = tables.events.c
    statement = (
        sa.select(tables.events)
        .where(columns.office == office, columns.date.between(first, last))
        .order_by(columns.date, columns.seq)
    )
    by_day: dict[date, list[Any]] = defaultdict(list)
    with database.read() as connection:
        for row in connection.execute(statement):
            by_day[row.date].append(row)
    times = Times()
    for day, rows in by_day.items():
        _replay_day(day, rows, times)
    for each in (times.waits, times.services, times.visits):
        each.sort()
    return times


def _values(row: Any) -> dict[str, Any]:
    values = {name: each for name, each in row.facts.items() if name != "changed"}
    return values | {name: pair[1] for name, pair in row.facts.get("changed", {}).items()}


def _replay_day(day: date, rows: list[Any], times: Times) -> None:
    ends = midnight_after(day)
    lives: dict[str, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
    inside: dict[str, int] = {}
    correction = 0
    for row in rows:
        if row.type == "occupancy_corrected":
            ticketed = sum(inside.values())
            persons = row.facts.get("persons")
            correction = correction + row.facts["delta"] if persons is None else persons - ticketed
        if row.ticket is not None and row.type not in REMARKS:
            life = lives[row.ticket]
            before = life[-1][1] if life else {}
            if row.type == "undone":
                life.pop()  # as if the step that was undone had never been taken
            else:
                life.append((row, before | _values(row)))
            fields = life[-1][1] if life else {}
            inside[row.ticket] = fields["party_size"] if fields.get("place") == "INSIDE" else 0
        times.peak = max(times.peak, sum(inside.values()) + correction)
    for life in lives.values():
        _count_life(day, ends, life, times)
    times.counter_seconds += _open_seconds(rows, ends)


def _count_life(day: date, ends: datetime, life: list[Any], times: Times) -> None:
    steps = [(row, fields.get("state")) for row, fields in life]
    fields = life[-1][1]
    if life[-1][0].type == "rescheduled" and fields["date"] != day.isoformat():
        return
    calls = [row for row, _ in steps if row.type == "called"]
    times.calls += len(calls)
    times.picked += sum(row.facts["direct"] for row in calls)
    times.out_of_order += sum(bool(row.facts.get("reason")) for row in calls)
    chosen = [
        row.at for row, _ in steps if row.type in ("held", "booked", "places_taken", "rescheduled")
    ]
    arrivals = [
        row.at for row, state in steps if row.type in ("walked_in", "checked_in", "returned")
    ]
    is_missed = fields["state"] == "NO_SHOW" and not arrivals
    if chosen and (arrivals or is_missed):
        times.lead[(day - chosen[-1].astimezone(ZONE).date()).days, is_missed] += 1
    if not arrivals:
        return
    came = arrivals[0]
    local = came.astimezone(ZONE)
    times.load[day.weekday(), local.hour] += 1
    times.persons += fields["party_size"]
    if calls:
        times.waits.append(math.floor((calls[0].at - came).total_seconds()))
    ended = life[-1][0].at
    for row, state in steps:
        if state in ("SERVED",):
            ended = row.at
            break
    if fields["state"] == "SERVED" and ended < ends:
        times.visits.append(math.floor((ended - came).total_seconds()))
        service, since = timedelta(), None
        for row, state in steps:
            if state == "SERVING" and since is None:
                since = row.at
            elif state != "SERVING" and since is not None:
                service, since = service + (row.at - since), None
        times.services.append(math.floor(service.total_seconds()))


def _open_seconds(rows: list[Any], ends: datetime) -> int:
    visits = {
        "walked_in",
        "checked_in",
        "returned",
        "called",
        "resumed",
        "transferred",
        "finished",
        "not_shown",
        "left",
        "cancelled",
        "voided",
    }
    last = max((row.at for row in rows if row.type in visits and row.at < ends), default=None)
    total, since = timedelta(), {}
    for row in rows:
        if row.type == "counter_opened":
            since.setdefault(row.facts["counter"], row.at)
        elif row.type in ("break_started", "counter_closed") and row.facts["counter"] in since:
            until = row.at if row.at < ends else last
            began = since.pop(row.facts["counter"])
            if until is not None and until > began:
                total += until - began
    return int(total.total_seconds())


def nearest_rank(values: list[int], percent: int) -> int | None:
    """The value of a percentile in a sorted list."""
    return values[math.ceil(percent / 100 * len(values)) - 1] if values else None
