"""The proof of a night's purge: what was deleted, up to when, by which rule, and its digest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from .retention import DataKind

LATE_AFTER = timedelta(days=2)
"""When somebody has to look why no purge has come to its end."""


@dataclass(frozen=True)
class PurgeRow:
    """One kind in one night of an office. `until`: nothing that had to go by then is left."""

    kind: DataKind
    rows: int
    until: datetime
    rule: str


@dataclass(frozen=True)
class Purge:
    """A night of an office that has come to its end. `digest` also covers the night before."""

    office: str
    night: date
    finished_at: datetime
    digest: str
    rows: Sequence[PurgeRow]

    @property
    def deleted(self) -> int:
        return sum(each.rows for each in self.rows)


def digest_purge(office: str, night: date, rows: Sequence[PurgeRow], before: str) -> str:
    """SHA-256, hex, of a night's rows and of the digest of the night before ("" for the first)."""
    told = [
        [each.kind.value, each.rows, each.until.astimezone(UTC).isoformat(), each.rule]
        for each in sorted(rows, key=lambda row: row.kind)
    ]
    content = json.dumps([before, office, night.isoformat(), told], separators=(",", ":"))
    return sha256(content.encode()).hexdigest()


def find_broken(purges: Sequence[Purge], before: str = "") -> Purge | None:
    """The first of an office's nights, the oldest first, whose digest is not that of its rows."""
    for each in purges:
        if digest_purge(each.office, each.night, each.rows, before) != each.digest:
            return each
        before = each.digest
    return None


def is_late(last: datetime | None, since: datetime | None, now: datetime) -> bool:
    """Whether a purge should have ended: `last` did, and `since` is when there was first something
    to keep (None: never, so nothing is late).
    """
    from_when = last or since
    return from_when is not None and now - from_when > LATE_AFTER
