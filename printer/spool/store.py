"""The durable list of print jobs, and how much of each roll they have used.

A job is stored before it is tried and marked `sending` before its first byte is sent. After a crash
or a power cut every job is therefore either untried or `unconfirmed`. An unconfirmed job is never
sent again: a copy is a job of its own.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from printer.claims import AlreadyClaimed, Claim
from printer.durable import open_durable
from queue_server.protocol.messages import Slip, from_wire, to_wire

from .job import OPEN_STATES, TRANSITIONS, Job, JobState, UnknownJob, WrongJobState, job_id_of
from .roll import Roll
from .schema import SPOOL_STEPS

KEPT = timedelta(days=2)
FORGET_EVERY = timedelta(hours=1)


class SpoolInUse(Exception):
    """Another process uses this spool; two would print twice."""


class Spool:
    """The jobs of one printer, in one SQLite file. Safe to share between threads; one process at a
    time.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        """Open or create the spool. Jobs in state `sending` become `unconfirmed`. Raises
        `SpoolInUse`, `FileOfNewerRelease`.
        """
        self._clock = clock
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._forgot_at = clock()
        try:
            self._claim = Claim(path.with_name(path.name + ".lock"))
        except AlreadyClaimed:
            raise SpoolInUse(str(path)) from None
        try:
            self._db = open_durable(path, SPOOL_STEPS)
        except BaseException:
            self._claim.release()
            raise
        with self._transaction():
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
            "DELETE FROM jobs WHERE created_at < ? AND state NOT IN (?, ?, ?)",
            ((now - KEPT).timestamp(), *OPEN_STATES, JobState.UNCONFIRMED),
        )
        self._forgot_at = now

    def close(self) -> None:
        """Close the file. Jobs stay as they are."""
        with self._lock:
            self._db.close()
            self._claim.release()

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

    def send(self, job_id: str, printer: str, length_mm: float) -> Job:
        """Mark a job as being sent to `printer`, where it will take `length_mm` of the roll. Raises
        `UnknownJob`, `WrongJobState`.
        """
        with self._transaction():
            self._act(job_id, "send", "")
            self._db.execute(
                "UPDATE jobs SET printer = ?, length_mm = ? WHERE job_id = ?",
                (printer, length_mm, job_id),
            )
            self._count_paper(printer, length_mm, 1)
            return self._read(job_id)

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

    def expire(self, job_id: str) -> Job:
        """Expire a job if it is still queued; any other stays as it is. Raises `UnknownJob`."""
        with self._transaction():
            job = self._read(job_id)
            return self._act(job_id, "expire", "left") if job.state is JobState.QUEUED else job

    def resolve(self, job_id: str, came_out: bool) -> Job:
        """Note what the staff say about an unconfirmed job. The same word again changes nothing.
        Raises `UnknownJob`, `WrongJobState`.
        """
        with self._transaction():
            job = self._read(job_id)
            if job.state is (JobState.PRINTED if came_out else JobState.CANCELLED):
                return job
            if job.state is not JobState.UNCONFIRMED:
                raise WrongJobState(f"{job.state} needs no word of the staff")
            return self._act(job_id, "confirm" if came_out else "deny", "said_by_staff")

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

    def unconfirmed(self, printer: str | None = None) -> list[Job]:
        """The jobs about which the staff have to say whether they came out, oldest first; of one
        printer or of all.
        """
        with self._lock:
            rows = self._db.execute(
                f"{_SELECT} WHERE state = ? AND printer = coalesce(?, printer)"
                " ORDER BY sent_at, rowid",
                (JobState.UNCONFIRMED, printer),
            ).fetchall()
        return [_job(row) for row in rows]

    def roll(self, printer: str) -> Roll:
        """What was printed on a printer's roll."""
        with self._lock:
            row = self._db.execute("SELECT * FROM rolls WHERE printer = ?", (printer,)).fetchone()
        if row is None:
            return Roll(printer, None, 0.0, 0)
        return Roll(printer, _moment(row["changed_at"]), row["used_mm"], row["slips"])

    def change_roll(self, printer: str) -> None:
        """A full roll was put in."""
        with self._transaction():
            self._db.execute(
                "INSERT INTO rolls (printer, changed_at) VALUES (?, ?) ON CONFLICT (printer) DO"
                " UPDATE SET changed_at = excluded.changed_at, used_mm = 0, slips = 0",
                (printer, self._clock().timestamp()),
            )

    def sent_since(self, printer: str, since: datetime) -> list[datetime]:
        """When jobs were sent to a printer."""
        with self._lock:
            rows = self._db.execute(
                "SELECT sent_at FROM jobs WHERE printer = ? AND sent_at >= ? AND state IN (?, ?)",
                (printer, since.timestamp(), JobState.PRINTED, JobState.UNCONFIRMED),
            ).fetchall()
        return [datetime.fromtimestamp(row["sent_at"], UTC) for row in rows]

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
        if after not in OPEN_STATES:
            changes["done_at"] = now
        if action in ("take_back", "deny"):
            self._give_back_paper(job_id)
        columns = ", ".join(f"{column} = ?" for column in changes)
        self._db.execute(f"UPDATE jobs SET {columns} WHERE job_id = ?", (*changes.values(), job_id))
        return self._read(job_id)

    def _give_back_paper(self, job_id: str) -> None:
        row = self._db.execute(
            "SELECT printer, length_mm FROM jobs WHERE job_id = ?", (job_id,)
        ).fetchone()
        self._count_paper(row["printer"], -row["length_mm"], -1)

    def _count_paper(self, printer: str, length_mm: float, slips: int) -> None:
        self._db.execute(
            "INSERT INTO rolls (printer, used_mm, slips) VALUES (?, max(0, ?), max(0, ?))"
            " ON CONFLICT (printer) DO UPDATE SET used_mm = max(0, used_mm + ?),"
            " slips = max(0, slips + ?)",
            (printer, length_mm, slips, length_mm, slips),
        )

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


_SELECT = (
    "SELECT job_id, slip, state, attempts, reason, printer, created_at, expires_at, sent_at, "
    "done_at FROM jobs"
)


def _job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["job_id"],
        slip=from_wire(Slip, json.loads(row["slip"])),
        state=JobState(row["state"]),
        attempts=row["attempts"],
        reason=row["reason"],
        printer=row["printer"],
        created_at=datetime.fromtimestamp(row["created_at"], UTC),
        expires_at=datetime.fromtimestamp(row["expires_at"], UTC),
        sent_at=_moment(row["sent_at"]),
        done_at=_moment(row["done_at"]),
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
