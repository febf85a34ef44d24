"""What the rows of one office must add up to, counted from the tables alone and by no code of the
product.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from queue_server.store import tables
from queue_server.store.writer.database import Database

POOLS = ("online", "walk_in", "urgent")
BUSY = {"CALLED", "SERVING"}
Key = tuple[datetime, str | None]
"""A slot's places for persons (no letter) or for the visits of one stream."""

_COUNTS = (*POOLS, *(f"{pool}_taken" for pool in POOLS))
_READ = {
    "slots": sa.select(
        tables.slots.c.starts_at,
        *(tables.slots.c[name] for name in _COUNTS),
        tables.slots.c.ends_at,
    ).where(tables.slots.c.office == sa.bindparam("office")),
    "stream_slots": sa.select(
        tables.stream_slots.c.starts_at,
        *(tables.stream_slots.c[name] for name in _COUNTS),
        tables.stream_slots.c.letter,
    ).where(tables.stream_slots.c.office == sa.bindparam("office")),
} | {
    table.name: sa.select(table).where(table.c.office == sa.bindparam("office"))
    for table in (
        tables.kept_places,
        tables.leased_places,
        tables.tickets,
        tables.office_days,
        tables.counter_days,
        tables.waitlist,
    )
}
_EVENTS = (
    sa.select(tables.events)
    .where(
        tables.events.c.office == sa.bindparam("office"),
        tables.events.c.date == sa.bindparam("date"),
    )
    .where(tables.events.c.seq > sa.bindparam("seq"))
    .order_by(tables.events.c.seq)
)
REMARKS = {
    "evidence_checked",
    "noted",
    "issued_beyond",
    "places_taken",
    "let_past",
    "slip_copied",
    "slip_ordered",
    "slip_reported",
    "conflict_recorded",
    "conflict_seen",
}
"""What is said of a ticket without a step of it."""


@dataclass(frozen=True)
class Row:
    """Places offered and taken, by pool."""

    offered: Mapping[str, int]
    taken: Mapping[str, int]


@dataclass(frozen=True)
class Ledger:
    """All rows of an office that change from day to day, read at one moment; events in order of
    their numbers.
    """

    slots: Sequence[Any]
    stream_slots: Sequence[Any]
    kept_places: Sequence[Any]
    leased_places: Sequence[Any]
    tickets: Sequence[Any]
    events: Sequence[Any]
    office_days: Sequence[Any]
    counter_days: Sequence[Any]
    waitlist: Sequence[Any]

    @cached_property
    def counts(self) -> dict[Key, tuple[int, ...]]:
        """All places as they are stored: how many each pool is given, and how many each has
        taken.
        """
        return {(row[0], None): tuple(row[1:7]) for row in self.slots} | {
            (row[0], row[7]): tuple(row[1:7]) for row in self.stream_slots
        }

    def places(self) -> dict[Key, Row]:
        """All places: those of the room, and those of each stream."""
        return {
            key: Row(
                dict(zip(POOLS, counts[:3], strict=True)), dict(zip(POOLS, counts[3:], strict=True))
            )
            for key, counts in self.counts.items()
        }

    def claimed(self) -> dict[Key, Tally[str]]:
        """What tickets hold, and places kept back or leased: slot by slot, stream by stream, pool
        by pool.
        """
        ends = {row.starts_at: row.ends_at for row in self.slots}
        claims = [
            (row.claim_at, row.claim_span, row.claim_letter, row.pool, row.party_size)
            for row in self.tickets
            if row.claim_at is not None
        ]
        claims += [
            (row.starts_at, row.span, row.letter, row.pool, row.people)
            for row in (*self.kept_places, *self.leased_places)
        ]
        found: dict[Key, Tally[str]] = {}
        for starts_at, span, letter, pool, people in claims:
            for _ in range(span):
                assert starts_at in ends, f"a claim on {starts_at}, where there is no slot"
                found.setdefault((starts_at, None), Tally())[pool.lower()] += people
                found.setdefault((starts_at, letter), Tally())[pool.lower()] += 1
                starts_at = ends[starts_at]
        return found

    @cached_property
    def beyond_share(self) -> dict[tuple[Key, str], int]:
        """By how much pools hold more than their own share."""
        return {
            (key, pool): counts[place + 3] - counts[place]
            for key, counts in self.counts.items()
            for place, pool in enumerate(POOLS)
            if counts[place + 3] > counts[place]
        }

    def all_is_right(self) -> None:
        """Everything that must hold at any moment between two commands."""
        self.places_are_right()
        self.logs_are_right()
        self.days_are_right()
        self.tickets_are_right()
        self.waitlist_is_right()

    def places_are_right(self) -> None:
        """Taken equals claimed everywhere, and is never more than what is offered in all."""
        claims = self.claimed()
        assert set(claims) <= set(self.counts), "somebody holds places that do not exist"
        for key, counts in self.counts.items():
            of = claims.get(key, _NOTHING)
            assert counts[3:] == tuple([of[pool] for pool in POOLS]), key
            assert sum(counts[3:]) <= sum(counts[:3]), key

    def logs_are_right(self) -> None:
        """Events are numbered without a gap on each day, and of each ticket there is one for each
        of its versions.
        """
        for day in self.office_days:
            assert [event.seq for event in self.events if event.date == day.date] == list(
                range(1, day.seq + 1)
            ), day.date
        steps = Tally(
            event.ticket
            for event in self.events
            if event.ticket is not None and event.type not in REMARKS
        )
        assert steps == Tally({row.id: row.version for row in self.tickets})

    def days_are_right(self) -> None:
        """What is kept on the day's row is what counting its tickets gives."""
        for row in self.office_days:
            mine = [each for each in self.tickets if each.date == row.date]
            assert row.persons_inside == sum(
                each.party_size for each in mine if each.place == "INSIDE"
            )
            waiting = [each for each in mine if each.state == "WAITING"]
            assert row.parties_outside == sum(each.place == "OUTSIDE" for each in waiting)
            counted = Tally(each.letter for each in waiting)
            assert {letter: each[1] for letter, each in row.streams.items() if each[1]} == dict(
                counted
            )
            sent_on = Tally(
                each.letter for each in waiting if each.wanted_counter or each.wanted_clerk
            )
            assert {
                letter: each[4] for letter, each in row.streams.items() if each[4:] and each[4]
            } == dict(sent_on)
            working = [
                each.counter
                for each in self.counter_days
                if each.date == row.date and each.clerk and each.break_since is None
            ]
            assert sorted(row.open_counters) == sorted(working)

    def tickets_are_right(self) -> None:
        """Numbers are unique on each day, and no counter has two visitors."""
        for name, of in (
            ("number", [each for each in self.tickets if each.number]),
            ("counter", [each for each in self.tickets if each.state in BUSY]),
        ):
            many = [
                value
                for value, count in Tally((each.date, getattr(each, name)) for each in of).items()
                if count > 1
            ]
            assert not many, f"{name} twice: {many}"
        away = {
            (each.date, each.counter) for each in self.counter_days if each.break_since is not None
        }
        assert not away & {
            (each.date, each.counter) for each in self.tickets if each.state in BUSY
        }, "a visitor at a counter on break"

    def waitlist_is_right(self) -> None:
        """Each offer is a place held for just one entry, and nobody's name outlasts the waiting."""
        held = {row.id for row in self.tickets if row.state == "HELD"}
        offered = [row.ticket for row in self.waitlist if row.state == "OFFERED"]
        assert len(set(offered)) == len(offered) and set(offered) <= held
        for row in self.waitlist:
            assert (row.state in {"WAITING", "OFFERED"}) == (row.nik_fingerprint is not None)


_NOTHING: Tally[str] = Tally()


def read(database: Database, office: str, earlier: Ledger | None = None) -> Ledger:
    """The rows of an office as last committed. Events are only added, so those that were read
    `earlier` are not read again.
    """
    with database.read() as connection:
        rows = {
            name: connection.execute(query, {"office": office}).all()
            for name, query in _READ.items()
        }
        known: dict[date, list[Any]] = {}
        for event in earlier.events if earlier is not None else ():
            known.setdefault(event.date, []).append(event)
        events: list[Any] = []
        for day, seq in sorted((row.date, row.seq) for row in rows["office_days"]):
            of_day = known.get(day, [])
            if earlier is None or seq != len(of_day):
                of_day = [
                    *of_day,
                    *connection.execute(
                        _EVENTS, {"office": office, "date": day, "seq": len(of_day)}
                    ),
                ]
            events += of_day
    return Ledger(**rows, events=events)
