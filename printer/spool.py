"""The durable list of print jobs: what is to be printed, and what is known about each job.

A job is stored before it is tried and marked `sending` before its first byte is sent. After a crash
or a power cut every job is therefore either untried or `unconfirmed`. An unconfirmed job is never
sent again: a copy is a job of its own.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from printer.durable import open_durable
from queue_server.protocol.messages import Slip, from_wire, to_wire


class JobState(StrEnum):
    """The state of a job. `queued` and `expired`: certainly nothing on paper. `unconfirmed`:
    unknown.
    """

    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    EXPIRED = "expired"


TRANSITIONS: dict[tuple[JobState, str], JobState] = {
    (JobState.QUEUED, "postpone"): JobState.QUEUED,
    (JobState.QUEUED, "send"): JobState.SENDING,
    (JobState.QUEUED, "expire"): JobState.EXPIRED,
    (JobState.QUEUED, "fail"): JobState.FAILED,
    (JobState.SENDING, "confirm"): JobState.PRINTED,
    (JobState.SENDING, "lose"): JobState.UNCONFIRMED,
    # Both follow only `queued`, where nothing was sent, so a second try needs no mark as a copy.
    (JobState.EXPIRED, "renew"): JobState.QUEUED,
    (JobState.FAILED, "renew"): JobState.QUEUED,
}
_OPEN = (JobState.QUEUED, JobState.SENDING)
KEPT = timedelta(days=2)
FORGET_EVERY = timedelta(hours=1)


class WrongJobState(Exception):
    """The action is not possible in the job's state."""


class UnknownJob(KeyError):
    """The spool holds no job with this id."""


class SpoolInUse(Exception):
    """Another process uses this spool; two would print twice."""


@dataclass(frozen=True)
class Job:
    """A print job. `id` is the slip's id and the copy number, so submitting a slip twice gives one
    job. Times are aware UTC.
    """

    id: str
    slip: Slip
    state: JobState
    attempts: int
    reason: str
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    done_at: datetime | None

    @property
    def copy(self) -> int:
        """0 for the slip itself, n for its n-th copy."""
        return self.slip.copy


def job_id_of(slip: Slip) -> str:
    """The id of the job that prints this slip, or this copy of it."""
    return f"{slip.id}.{slip.copy}"


class Spool:
    """The jobs of one printer, in one SQLite file. Safe to share between threads; one process at a
    time.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        """Open or create the spool. Jobs in state `sending` become `unconfirmed`. Raises
        `SpoolInUse`.
        """
        self._clock = clock
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._forgot_at = clock()
        self._guard = os.open(
            path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._guard)
            raise SpoolInUse(str(path)) from None
        self._db = open_durable(path)
        with self._transaction():
            self._db.execute(_TABLE)
            self._db.execute(_INDEX)
            self._forget_old()
        self.lose_interrupted("stopped_while_sending")

    def lose_interrupted(self, reason: str) -> None:
        """Mark jobs in state `sending` as unconfirmed. Nothing is being sent now, so they were
        interrupted, here or in an earlier process.
        """
        with self._transaction():
            for row in self._db.execute(
                "SELECT job_id FROM jobs WHERE state = ?", (JobState.SENDING,)
            ).fetchall():
                self._act(row["job_id"], "lose", reason)

    def _forget_old(self) -> None:
        now = self._clock()
        self._db.execute(
            "DELETE FROM jobs WHERE created_at < ? AND state NOT IN (?, ?)",
            ((now - KEPT).timestamp(), *_OPEN),
        )
        self._forgot_at = now

    def close(self) -> None:
        """Close the file. Jobs stay as they are."""
        with self._lock:
            self._db.close()
            os.close(self._guard)

    def add(self, slip: Slip, document: bytes, lifetime_s: float) -> Job:
        """Store a new job; the same slip and copy again give the existing job. It expires
        `lifetime_s` from now if untried.
        """
        now = self._clock()
        with self._transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO jobs"
                " (job_id, slip_id, copy_no, slip, document, state, created_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    job_id_of(slip), slip.id, slip.copy, json.dumps(to_wire(slip)), document,
                    JobState.QUEUED, now.timestamp(),
                    (now + timedelta(seconds=lifetime_s)).timestamp(),
                ),
            )  # fmt: skip
            return self._read(job_id_of(slip))

    def act(self, job_id: str, action: str, reason: str = "") -> Job:
        """Move a job by `TRANSITIONS`. Raises `UnknownJob`, `WrongJobState`."""
        with self._transaction():
            return self._act(job_id, action, reason)

    def renew(self, job_id: str, lifetime_s: float) -> Job:
        """Queue a job again that has not been sent. Raises `UnknownJob`, `WrongJobState`."""
        with self._transaction():
            self._act(job_id, "renew", "")
            now = self._clock()
            times = (now.timestamp(), (now + timedelta(seconds=lifetime_s)).timestamp())
            self._db.execute(
                "UPDATE jobs SET created_at = ?, expires_at = ?, attempts = 0 WHERE job_id = ?",
                (*times, job_id),
            )
            return self._read(job_id)

    def expire_due(self) -> list[Job]:
        """Expire the queued jobs whose time is over, because a late slip would come out into an
        empty lobby. From time to time delete old jobs.

        If the clock is set back, a job lives at most its lifetime from then on.
        """
        now = self._clock()
        with self._transaction():
            if abs(now - self._forgot_at) >= FORGET_EVERY:
                self._forget_old()
            self._db.execute(
                "UPDATE jobs SET expires_at = expires_at - created_at + ?, created_at = ? WHERE "
                "state = ? AND created_at > ?",
                (now.timestamp(), now.timestamp(), JobState.QUEUED, now.timestamp()),
            )
            due = self._db.execute(
                "SELECT job_id FROM jobs WHERE state = ? AND expires_at <= ?",
                (JobState.QUEUED, now.timestamp()),
            ).fetchall()
            return [self._act(row["job_id"], "expire", "") for row in due]

    def job(self, job_id: str) -> Job:
        """Raises `UnknownJob`."""
        with self._lock:
            return self._read(job_id)

    def document(self, job_id: str) -> bytes:
        """The rendered bytes of a job. Raises `UnknownJob`."""
        with self._lock:
            row = self._db.execute(
                "SELECT document FROM jobs WHERE job_id = ?", (job_id,)
            ).fetchone()
        if row is None:
            raise UnknownJob(job_id)
        return bytes(row["document"])

    def next_queued(self) -> Job | None:
        """The oldest queued job."""
        return self._first("WHERE state = ? ORDER BY created_at, rowid LIMIT 1", (JobState.QUEUED,))

    def latest_of(self, slip_id: str) -> Job | None:
        """The job with the highest copy number of this ticket."""
        return self._first("WHERE slip_id = ? ORDER BY copy_no DESC LIMIT 1", (slip_id,))

    def recent(self, limit: int = 200) -> list[Job]:
        """The newest jobs, newest first."""
        with self._lock:
            rows = self._db.execute(
                f"{_SELECT} ORDER BY created_at DESC, rowid DESC LIMIT ?", (limit,)
            ).fetchall()
        return [_job(row) for row in rows]

    def count_by_state(self, since: datetime) -> dict[JobState, int]:
        """How many jobs made since then are in each state."""
        with self._lock:
            rows = self._db.execute(
                "SELECT state, count(*) AS jobs FROM jobs WHERE created_at >= ? GROUP BY state",
                (since.timestamp(),),
            ).fetchall()
        return {JobState(row["state"]): int(row["jobs"]) for row in rows}

    def _act(self, job_id: str, action: str, reason: str) -> Job:
        before = self._read(job_id)
        after = TRANSITIONS.get((before.state, action))
        if after is None:
            raise WrongJobState(f"{action} a job that is {before.state}")
        now = self._clock().timestamp()
        changes: dict[str, Any] = {"state": after, "reason": reason}
        if action in ("postpone", "send"):
            changes["attempts"] = before.attempts + 1
        if action == "send":
            changes["sent_at"] = now
        if after not in _OPEN:
            changes["done_at"] = now
        columns = ", ".join(f"{column} = ?" for column in changes)
        self._db.execute(f"UPDATE jobs SET {columns} WHERE job_id = ?", (*changes.values(), job_id))
        return self._read(job_id)

    def _read(self, job_id: str) -> Job:
        row = self._db.execute(f"{_SELECT} WHERE job_id = ?", (job_id,)).fetchone()
        if row is None:
            raise UnknownJob(job_id)
        return _job(row)

    def _first(self, condition: str, values: tuple[str, ...]) -> Job | None:
        with self._lock:
            row = self._db.execute(f"{_SELECT} {condition}", values).fetchone()
        return None if row is None else _job(row)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # SQLite ends it when the disk is full
                    self._db.execute("ROLLBACK")
                raise


def mark_repeated(slip: Slip) -> Slip:
    """The slip of a repeated check-in as a copy: its first paper is out, perhaps from another
    printer, whose spool nobody here knows.
    """
    return replace(slip, copy=1) if slip.repeated and not slip.copy else slip


def next_copy(slip: Slip, latest: Job | None) -> Slip:
    """The slip as its next copy, numbered after the latest job."""
    return replace(slip, copy=max(slip.copy, latest.copy if latest else 0) + 1)


_TABLE = """
CREATE TABLE IF NOT EXISTS jobs (
    job_id TEXT PRIMARY KEY,
    slip_id TEXT NOT NULL,
    copy_no INTEGER NOT NULL CHECK (copy_no >= 0),
    slip TEXT NOT NULL,
    document BLOB NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('queued', 'sending', 'printed', 'unconfirmed', 'failed', 'expired')
    ),
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    sent_at REAL,
    done_at REAL,
    UNIQUE (slip_id, copy_no)
)"""
_INDEX = "CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, created_at)"
_SELECT = (
    "SELECT job_id, slip, state, attempts, reason, created_at, expires_at, sent_at, done_at "
    "FROM jobs"
)


def _job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["job_id"],
        slip=from_wire(Slip, json.loads(row["slip"])),
        state=JobState(row["state"]),
        attempts=row["attempts"],
        reason=row["reason"],
        created_at=datetime.fromtimestamp(row["created_at"], UTC),
        expires_at=datetime.fromtimestamp(row["expires_at"], UTC),
        sent_at=_moment(row["sent_at"]),
        done_at=_moment(row["done_at"]),
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
