"""What the rows of one office must add up to, counted from the tables alone and by no code of the product."""
from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queue_server.store import tables
from queue_server.store.database import Database

POOLS = ("online", "walk_in", "urgent")
BUSY = {"CALLED", "SERVING"}
Key = tuple[datetime, str | None]
"""A slot's places for persons (no letter) or for the visits of one stream."""

_READ = {
    table.name: sa.select(table).where(table.c.office == sa.bindparam("office"))
    for table in (
        tables.slots, tables.stream_slots, tables.kept_places, tables.tickets, tables.events, tables.office_days, tables.counter_days,
    )
}


@dataclass(frozen=True)
class Row:
    """Places offered and taken, by pool."""

    offered: Mapping[str, int]
    taken: Mapping[str, int]


@dataclass(frozen=True)
class Ledger:
    """All rows of an office that change from day to day, read at one moment; events in order of their numbers."""

    slots: Sequence[Any]
    stream_slots: Sequence[Any]
    kept_places: Sequence[Any]
    tickets: Sequence[Any]
    events: Sequence[Any]
    office_days: Sequence[Any]
    counter_days: Sequence[Any]

    def places(self) -> dict[Key, Row]:
        """All places: those of the room, and those of each stream."""
        found: dict[Key, Row] = {(row.starts_at, None): _row(row) for row in self.slots}
        return found | {(row.starts_at, row.letter): _row(row) for row in self.stream_slots}

    def claimed(self) -> dict[Key, Tally[str]]:
        """What tickets and places kept back hold, slot by slot, stream by stream, pool by pool."""
        ends = {row.starts_at: row.ends_at for row in self.slots}
        claims = [
            (row.claim_at, row.claim_span, row.claim_letter, row.pool, row.party_size) for row in self.tickets if row.claim_at is not None
        ]
        claims += [(row.starts_at, row.span, row.letter, row.pool, row.people) for row in self.kept_places]
        found: dict[Key, Tally[str]] = {}
        for starts_at, span, letter, pool, people in claims:
            for _ in range(span):
                assert starts_at in ends, f"a claim on {starts_at}, where there is no slot"
                found.setdefault((starts_at, None), Tally())[pool.lower()] += people
                found.setdefault((starts_at, letter), Tally())[pool.lower()] += 1
                starts_at = ends[starts_at]
        return found

    def beyond_share(self) -> dict[tuple[Key, str], int]:
        """By how much pools hold more than their own share."""
        return {
            (key, pool): row.taken[pool] - row.offered[pool]
            for key, row in self.places().items()
            for pool in POOLS
            if row.taken[pool] > row.offered[pool]
        }

    def all_is_right(self) -> None:
        """Everything that must hold at any moment between two commands."""
        self.places_are_right()
        self.logs_are_right()
        self.days_are_right()
        self.tickets_are_right()

    def places_are_right(self) -> None:
        """Taken equals claimed everywhere, and is never more than what is offered in all."""
        places, claims = self.places(), self.claimed()
        assert set(claims) <= set(places), "somebody holds places that do not exist"
        for key, row in places.items():
            assert {pool: number for pool, number in row.taken.items() if number} == dict(claims.get(key, {})), key
            assert sum(row.taken.values()) <= sum(row.offered.values()), key

    def logs_are_right(self) -> None:
        """Events are numbered without a gap on each day, and of each ticket there is one for each of its versions."""
        for day in self.office_days:
            assert [event.seq for event in self.events if event.date == day.date] == list(range(1, day.seq + 1)), day.date
        steps = Tally(event.ticket for event in self.events if event.ticket is not None)
        assert steps == Tally({row.id: row.version for row in self.tickets})

    def days_are_right(self) -> None:
        """What is kept on the day's row is what counting its tickets gives."""
        for row in self.office_days:
            mine = [each for each in self.tickets if each.date == row.date]
            assert row.persons_inside == sum(each.party_size for each in mine if each.place == "INSIDE")
            waiting = [each for each in mine if each.state == "WAITING"]
            assert row.parties_outside == sum(each.place == "OUTSIDE" for each in waiting)
            counted = Tally(each.letter for each in waiting)
            assert {letter: each[1] for letter, each in row.streams.items() if each[1]} == dict(counted)

    def tickets_are_right(self) -> None:
        """Numbers are unique on each day, and no counter has two visitors."""
        for name, of in (
            ("number", [each for each in self.tickets if each.number]), ("counter", [each for each in self.tickets if each.state in BUSY]),
        ):
            many = [value for value, count in Tally((each.date, getattr(each, name)) for each in of).items() if count > 1]
            assert not many, f"{name} twice: {many}"


def read(database: Database, office: str) -> Ledger:
    """The rows of an office as last committed."""
    with database.read() as connection:
        rows = {name: connection.execute(query, {"office": office}).all() for name, query in _READ.items()}
    rows["events"] = sorted(rows["events"], key=lambda event: (event.date, event.seq))
    return Ledger(**rows)


def _row(row: Any) -> Row:
    return Row({pool: getattr(row, pool) for pool in POOLS}, {pool: getattr(row, f"{pool}_taken") for pool in POOLS})
