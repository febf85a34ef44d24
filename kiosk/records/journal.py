"""What this kiosk has asked the server for, and what came back. It is on disk before the request is
sent.

A touch is written with its idempotency key first and sent afterwards. Whatever fails then, no other
key is ever sent for this touch, so the server issues at most one number.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from queue_server.protocol.messages import Slip, from_wire, to_wire

from .database import Records

KEPT_SECONDS = 2 * 86_400.0


class RequestState(StrEnum):
    """The state of a request. `pending`: it is unknown whether it was sent. `abandoned`: the
    visitor was sent to the staff instead.
    """

    PENDING = "pending"
    ISSUED = "issued"
    REFUSED = "refused"
    ABANDONED = "abandoned"


class KeyReused(Exception):
    """A key was used again with a different wish."""


@dataclass(frozen=True)
class Wish:
    """What a visitor asked for: a number for `service`, or to check in the booking `code`. Exactly
    one of the two is set.
    """

    language: str
    service: str | None = None
    party_size: int = 1
    priority: str | None = None
    urgency: str | None = None
    code: str | None = None

    def __post_init__(self) -> None:
        if (self.service is None) == (self.code is None):
            raise ValueError("a wish is for a service or for a booking")


@dataclass(frozen=True)
class Entry:
    """A request in the journal. `made_at` is in seconds since 1970; `repeated`: the check-in had
    been done before. `given_up`: the visitor left while it was still pending.
    """

    key: str
    wish: Wish
    made_at: float
    state: RequestState
    slip: Slip | None
    repeated: bool
    refusal: Mapping[str, Any] | None
    given_up: bool
    job: str | None


class Journal:
    """The durable list of requests. Safe to share between threads and greenlets."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def write(self, key: str, wish: Wish, now: float) -> Entry:
        """Record a wish durably. The same key and wish again return the same entry.

        Raises `KeyReused` for another wish, `JournalUnwritable` if nothing could be recorded: then
        nothing may be sent.
        """
        text = json.dumps(vars(wish), sort_keys=True)
        with self._records.transaction() as database:
            database.execute(
                "INSERT INTO requests (key, wish, made_at, state) VALUES (?, ?, ?, "
                "'pending') ON CONFLICT (key) DO NOTHING",
                (key, text, now),
            )
        entry = self.entry(key)
        assert entry is not None
        if entry.wish != wish:
            raise KeyReused(key)
        return entry

    def entry(self, key: str) -> Entry | None:
        """The request with this key, if there is one."""
        with self._records.reading() as database:
            row = database.execute("SELECT * FROM requests WHERE key = ?", (key,)).fetchone()
        return None if row is None else _read(row)

    def issue(self, key: str, slip: Slip) -> None:
        """Record the number that the server issued, also for a request abandoned meanwhile, because
        the number exists. A request that was answered from the lease meanwhile stays so.
        """
        self._change(
            "UPDATE requests SET state = 'issued', slip = ?, repeated = ?, issued_version = CASE "
            "WHEN ? THEN NULL ELSE (SELECT max(version) FROM leases) END WHERE key = ? AND state "
            "IN ('pending', 'abandoned')",
            (json.dumps(to_wire(slip), ensure_ascii=False), slip.repeated, slip.offline, key),
        )

    def refuse(self, key: str, code: str, facts: Mapping[str, Any]) -> None:
        """Record that the server refused, and why."""
        self._change(
            "UPDATE requests SET state = 'refused', refusal = ? WHERE key = ? AND state IN "
            "('pending', 'abandoned')",
            (json.dumps({**facts, "code": code}, ensure_ascii=False), key),
        )

    def abandon(self, key: str) -> None:
        """Record that a pending request must not be sent again and that nobody awaits its slip."""
        self._change(
            "UPDATE requests SET state = 'abandoned', given_up = 1 WHERE key = ? AND state = "
            "'pending'",
            (key,),
        )

    def note_job(self, key: str, job: str) -> None:
        """Record the print job of an issued number."""
        self._change("UPDATE requests SET job = ? WHERE key = ?", (job, key))

    def pending(self) -> list[Entry]:
        """Requests without an answer, oldest first."""
        with self._records.reading() as database:
            return [
                _read(row)
                for row in database.execute(
                    "SELECT * FROM requests WHERE state = 'pending' ORDER BY made_at"
                )
            ]

    def unprinted(self, since: float, until: float = float("inf")) -> list[Entry]:
        """Numbers requested between two moments that never reached the printer's spool, because the
        agent stopped in between.
        """
        statement = (
            "SELECT * FROM requests WHERE state = 'issued' AND job IS NULL AND NOT repeated AND "
            "NOT given_up "
            "AND made_at BETWEEN ? AND ? ORDER BY made_at"
        )
        with self._records.reading() as database:
            return [_read(row) for row in database.execute(statement, (since, until))]

    def given_for(self, code: str) -> Slip | None:
        """The last slip that this kiosk gave for a booking's code."""
        with self._records.reading() as database:
            row = database.execute(
                "SELECT slip FROM requests WHERE state = 'issued' AND wish ->> 'code' = ? ORDER BY "
                "made_at DESC, rowid DESC LIMIT 1",
                (code,),
            ).fetchone()
        return None if row is None else from_wire(Slip, json.loads(row["slip"]))

    def list_given(self, limit: int) -> tuple[datetime, ...]:
        """When the last walk-ins were given a number, by the server or from the lease; the oldest
        first.
        """
        statement = (
            "SELECT slip ->> 'issued_at' AS at FROM requests WHERE state = 'issued' AND "
            "wish ->> 'code' IS NULL ORDER BY rowid DESC LIMIT ?"
        )
        with self._records.reading() as database:
            rows = database.execute(statement, (limit,)).fetchall()
        return tuple(datetime.fromisoformat(row["at"]) for row in reversed(rows))

    def unwithdrawn(self, limit: int) -> list[str]:
        """The keys of numbers that were asked for and whose visitors left before the answer: nobody
        holds them, so the server has to take them back. Oldest first.
        """
        statement = (
            "SELECT key FROM requests WHERE given_up AND NOT withdrawn AND state IN ('abandoned', "
            "'issued') AND wish ->> 'code' IS NULL ORDER BY made_at LIMIT ?"
        )
        with self._records.reading() as database:
            return [row["key"] for row in database.execute(statement, (limit,))]

    def note_withdrawn(self, keys: Sequence[str]) -> None:
        """Record that the server knows that nobody waits for these requests."""
        with self._records.transaction() as database:
            database.executemany(
                "UPDATE requests SET withdrawn = 1 WHERE key = ?", [(key,) for key in keys]
            )

    def count_abandoned(self, since: float) -> int:
        """How many visitors had to be sent to the staff since a moment."""
        with self._records.reading() as database:
            row = database.execute(
                "SELECT count(*) FROM requests WHERE state = 'abandoned' AND made_at >= ?", (since,)
            ).fetchone()
        return int(row[0])

    def forget_old(self, now: float) -> None:
        """Drop what is older than two days."""
        self._change("DELETE FROM requests WHERE made_at < ?", (now - KEPT_SECONDS,))

    def _change(self, statement: str, values: tuple[Any, ...]) -> None:
        with self._records.transaction() as database:
            database.execute(statement, values)


def _read(row: sqlite3.Row) -> Entry:
    return Entry(
        key=row["key"],
        wish=Wish(**json.loads(row["wish"])),
        made_at=row["made_at"],
        state=RequestState(row["state"]),
        slip=None if row["slip"] is None else from_wire(Slip, json.loads(row["slip"])),
        repeated=bool(row["repeated"]),
        refusal=None if row["refusal"] is None else json.loads(row["refusal"]),
        given_up=bool(row["given_up"]),
        job=row["job"],
    )
