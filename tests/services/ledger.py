"""What the rows of one office must add up to, counted from the tables alone and by no code of the product."""
from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queue_server.store import tables
from queue_server.store.database import Database
from tests.services import stage

POOLS = ("online", "walk_in", "urgent")
BUSY = {"CALLED", "SERVING"}
Key = tuple[datetime, str | None]
"""A slot's places for persons (no letter) or for the visits of one stream."""


@dataclass(frozen=True)
class Row:
    """Places offered and taken, by pool."""

    offered: Mapping[str, int]
    taken: Mapping[str, int]


def places_of(database: Database, office: str) -> dict[Key, Row]:
    """All places of an office: those of the room, and those of each stream."""
    found: dict[Key, Row] = {}
    for row in stage.rows_of(database, tables.slots, office):
        found[row.starts_at, None] = _row(row)
    for row in stage.rows_of(database, tables.stream_slots, office):
        found[row.starts_at, row.letter] = _row(row)
    return found


def _row(row: Any) -> Row:
    return Row({pool: getattr(row, pool) for pool in POOLS}, {pool: getattr(row, f"{pool}_taken") for pool in POOLS})


def claimed(database: Database, office: str) -> dict[Key, Tally[str]]:
    """What tickets and places kept back hold, slot by slot, stream by stream, pool by pool."""
    ends = {row.starts_at: row.ends_at for row in stage.rows_of(database, tables.slots, office)}
    claims = [
        (row.claim_at, row.claim_span, row.claim_letter, row.pool, row.party_size)
        for row in stage.rows_of(database, tables.tickets, office)
        if row.claim_at is not None
    ]
    claims += [
        (row.starts_at, row.span, row.letter, row.pool, row.people) for row in stage.rows_of(database, tables.kept_places, office)
    ]
    found: dict[Key, Tally[str]] = {}
    for starts_at, span, letter, pool, people in claims:
        for _ in range(span):
            assert starts_at in ends, f"a claim on {starts_at}, where there is no slot"
            found.setdefault((starts_at, None), Tally())[pool.lower()] += people
            found.setdefault((starts_at, letter), Tally())[pool.lower()] += 1
            starts_at = ends[starts_at]
    return found


def places_are_right(database: Database, office: str) -> None:
    """Taken equals claimed everywhere, and is never more than what is offered in all."""
    places, claims = places_of(database, office), claimed(database, office)
    assert set(claims) <= set(places), "somebody holds places that do not exist"
    for key, row in places.items():
        assert {pool: number for pool, number in row.taken.items() if number} == dict(claims.get(key, {})), key
        assert sum(row.taken.values()) <= sum(row.offered.values()), key


def beyond_share(places: Mapping[Key, Row]) -> dict[tuple[Key, str], int]:
    """By how much pools hold more than their own share."""
    return {
        (key, pool): row.taken[pool] - row.offered[pool]
        for key, row in places.items()
        for pool in POOLS
        if row.taken[pool] > row.offered[pool]
    }


def logs_are_right(database: Database, office: str) -> None:
    """Events are numbered without a gap on each day, and of each ticket there is one for each of its versions."""
    events = list(stage.rows_of(database, tables.events, office))
    for row in stage.rows_of(database, tables.office_days, office):
        assert sorted(event.seq for event in events if event.date == row.date) == list(range(1, row.seq + 1)), row.date
    steps = Tally(event.ticket for event in events if event.ticket is not None)
    assert steps == Tally({row.id: row.version for row in stage.rows_of(database, tables.tickets, office)})


def days_are_right(database: Database, office: str) -> None:
    """What is kept on the day's row is what counting its tickets gives."""
    tickets = list(stage.rows_of(database, tables.tickets, office))
    for row in stage.rows_of(database, tables.office_days, office):
        mine = [each for each in tickets if each.date == row.date]
        assert row.persons_inside == sum(each.party_size for each in mine if each.place == "INSIDE")
        waiting = [each for each in mine if each.state == "WAITING"]
        assert row.parties_outside == sum(each.place == "OUTSIDE" for each in waiting)
        counted = Tally(each.letter for each in waiting)
        assert {letter: each[1] for letter, each in row.streams.items() if each[1]} == dict(counted)


def tickets_are_right(tickets: Iterable[Any]) -> None:
    """Numbers are unique on each day, and no counter has two visitors."""
    every = list(tickets)
    for name, of in (("number", [each for each in every if each.number]), ("counter", [each for each in every if each.state in BUSY])):
        many = [value for value, count in Tally((each.date, getattr(each, name)) for each in of).items() if count > 1]
        assert not many, f"{name} twice: {many}"


def all_is_right(database: Database, office: str) -> None:
    """Everything that must hold at any moment between two commands."""
    places_are_right(database, office)
    logs_are_right(database, office)
    days_are_right(database, office)
    tickets_are_right(stage.rows_of(database, tables.tickets, office))
