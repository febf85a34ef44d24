"""The tables of a spool, by schema version. A released step is never changed."""

from __future__ import annotations

_COLUMNS = (
    "job_id, slip_id, copy_no, slip, document, state, attempts, reason, created_at, expires_at, "
    "sent_at, done_at"
)
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
_WIDER_TABLE = _TABLE.replace("'expired')", "'expired', 'cancelled')").replace(
    "    UNIQUE (",
    "    printer TEXT NOT NULL DEFAULT '',\n    length_mm REAL NOT NULL DEFAULT 0,\n    UNIQUE (",
)
_INDEX = "CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, created_at)"
SPOOL_STEPS = (
    (_TABLE, _INDEX),
    (
        "ALTER TABLE jobs RENAME TO jobs_before",
        "DROP INDEX jobs_by_state",
        _WIDER_TABLE,
        f"INSERT INTO jobs ({_COLUMNS}) SELECT {_COLUMNS} FROM jobs_before ORDER BY rowid",
        "DROP TABLE jobs_before",
        _INDEX,
        # Earlier releases printed on past an unconfirmed job, so nobody is asked about it now.
        "UPDATE jobs SET state = 'cancelled', reason = 'upgraded' WHERE state = 'unconfirmed'",
        """CREATE TABLE rolls (
            printer TEXT PRIMARY KEY,
            changed_at REAL,
            used_mm REAL NOT NULL DEFAULT 0,
            slips INTEGER NOT NULL DEFAULT 0
        )""",
    ),
)
