"""The leases of this kiosk and their numbers: FREE, then USED with the report that is due, then
SYNCED with what became of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from queue_server.protocol.leases import Lease, LeasedNumber, SyncItem, SyncOutcome
from queue_server.protocol.messages import from_wire, to_wire

from .database import Records


@dataclass(frozen=True)
class Conflict:
    """A number that the server could not take over as it was given; shown to the staff."""

    number: str
    reason: str
    called: str | None


class LeaseBook:
    """The leases on disk. Safe to share between threads and greenlets.

    A lease is kept as the server last gave it; `version` counts these, so that it is known which
    reports the server had when it counted the places that are left.
    """

    def __init__(self, records: Records) -> None:
        self.records = records
        self._known: dict[str, Lease | None] = {}

    def store(self, lease: Lease) -> None:
        """Keep a lease as the server gave it now: new numbers are free, and free numbers that it no
        longer lists are gone, as are those of an earlier lease of that day.

        Raises `JournalUnwritable`.
        """
        content = json.dumps(to_wire(replace(lease, numbers=())), ensure_ascii=False)
        with self.records.transaction() as database:
            version = database.execute("SELECT ifnull(max(version), 0) + 1 FROM leases").fetchone()
            database.execute(
                "INSERT INTO leases VALUES (?, ?, ?, ?) ON CONFLICT (lease) DO UPDATE SET date = "
                "excluded.date, content = excluded.content, version = excluded.version",
                (lease.lease, lease.date, content, version[0]),
            )
            listed = json.dumps([each.id for each in lease.numbers])
            database.execute(
                "DELETE FROM numbers WHERE state = 'free' AND date = ? AND id NOT IN (SELECT value "
                "FROM json_each(?))",
                (lease.date, listed),
            )
            database.executemany(
                "INSERT INTO numbers (id, lease, date, stream, number, code) VALUES (?, ?, ?, ?, "
                "?, ?) ON CONFLICT (id) DO NOTHING",
                [
                    (each.id, lease.lease, lease.date, each.stream, each.number, each.code)
                    for each in lease.numbers
                ],
            )
        self._known[lease.date] = replace(lease, numbers=())

    def lease_of(self, date: str) -> Lease | None:
        """The lease of a day, without its numbers."""
        if date not in self._known:
            with self.records.reading() as database:
                row = database.execute(
                    "SELECT content FROM leases WHERE date = ? ORDER BY version DESC LIMIT 1",
                    (date,),
                ).fetchone()
            lease = None if row is None else from_wire(Lease, json.loads(row[0]))
            self._known = {**dict(list(self._known.items())[-3:]), date: lease}
        return self._known[date]

    def count_free(self, lease: str) -> dict[str, int]:
        """How many numbers are left, by stream."""
        with self.records.reading() as database:
            return dict(
                database.execute(
                    "SELECT stream, count(*) FROM numbers WHERE state = 'free' AND lease = ? GROUP "
                    "BY stream",
                    (lease,),
                ).fetchall()
            )

    def count_persons(self, lease: str) -> dict[str, int]:
        """How many persons were given a number since the server counted the places that are left,
        by stream. Those to whom the server itself gave one here count too, for it may have used
        places of the lease. Bookings have places of their own and do not count.
        """
        with self.records.reading() as database:
            return dict(
                database.execute(
                    "SELECT stream, sum(persons) FROM (SELECT stream, persons FROM numbers WHERE "
                    "state != 'free' AND lease = :lease AND digest IS NULL AND (reported_version "
                    "IS NULL OR reported_version >= (SELECT version FROM leases WHERE lease = "
                    ":lease)) UNION ALL SELECT slip ->> 'stream', wish ->> 'party_size' FROM "
                    "requests WHERE state = 'issued' AND wish ->> 'code' IS NULL AND "
                    "issued_version >= (SELECT version FROM leases WHERE lease = :lease)) GROUP BY "
                    "stream",
                    {"lease": lease},
                ).fetchall()
            )

    def next_free(self, lease: str, stream: str) -> LeasedNumber | None:
        """The lowest number that is left."""
        with self.records.reading() as database:
            row = database.execute(
                "SELECT number, id, code, stream FROM numbers WHERE state = 'free' AND lease = ? "
                "AND stream = ? ORDER BY number LIMIT 1",
                (lease, stream),
            ).fetchone()
        return None if row is None else LeasedNumber(**dict(row))

    def use(self, item: SyncItem, persons: int, digest: str | None) -> None:
        """Note that a free number was given, and what is to be reported. `digest` is that of a
        booking's code. Call it in the transaction that answers the request.
        """
        with self.records.transaction() as database:
            changed = database.execute(
                "UPDATE numbers SET state = 'used', item = ?, persons = ?, digest = ? WHERE id = ? "
                "AND state = 'free'",
                (json.dumps(to_wire(item), ensure_ascii=False), persons, digest, item.id),
            )
            assert changed.rowcount == 1, "only a free number is given"

    def unreported(self, limit: int) -> list[SyncItem]:
        """The first numbers of which the server does not know yet."""
        with self.records.reading() as database:
            rows = database.execute(
                "SELECT item FROM numbers WHERE state = 'used' ORDER BY item ->> 'issued_at' LIMIT "
                "?",
                (limit,),
            ).fetchall()
        return [from_wire(SyncItem, json.loads(row[0])) for row in rows]

    def count_unreported(self) -> int:
        """How many numbers the server does not know of yet."""
        with self.records.reading() as database:
            row = database.execute("SELECT count(*) FROM numbers WHERE state = 'used'").fetchone()
        return int(row[0])

    def settle(self, outcomes: Sequence[SyncOutcome]) -> None:
        """Note what became of reported numbers. Raises `JournalUnwritable`."""
        with self.records.transaction() as database:
            database.executemany(
                "UPDATE numbers SET state = 'synced', result = ?, reason = ?, called = ?, "
                "reported_version = (SELECT max(version) FROM leases) WHERE id = ? AND state = "
                "'used'",
                [(each.result, each.reason, each.number, each.id) for each in outcomes],
            )

    def conflicts(self, date: str) -> list[Conflict]:
        """The conflicts of a day's numbers."""
        with self.records.reading() as database:
            rows = database.execute(
                "SELECT number, ifnull(reason, '') AS reason, called FROM numbers WHERE result = "
                "'conflict' AND date = ? ORDER BY number",
                (date,),
            ).fetchall()
        return [Conflict(**dict(row)) for row in rows]

    def end_all(self) -> None:
        """Give nothing more from any lease, because the server no longer knows this kiosk. What was
        given is still reported. Raises `JournalUnwritable`.
        """
        with self.records.transaction() as database:
            database.execute("DELETE FROM numbers WHERE state = 'free'")
            database.execute("DELETE FROM leases")
        self._known.clear()

    def forget_before(self, date: str) -> None:
        """Drop earlier days, but nothing that is still to be reported."""
        with self.records.transaction() as database:
            database.execute("DELETE FROM numbers WHERE date < ? AND state != 'used'", (date,))
            database.execute(
                "DELETE FROM leases WHERE date < ? AND lease NOT IN (SELECT lease FROM numbers)",
                (date,),
            )
        self._known.clear()
