"""What a check is given, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.settings import Settings
from queue_server.store import probes as probe_store
from queue_server.store.writer.database import Database

SILENT = timedelta(minutes=1)
"""No server runs whose last sign of life is older."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `to_do` says what to do about it; empty if it is well."""

    name: str
    ok: bool
    detail: str
    to_do: str = ""


@dataclass(frozen=True)
class Patient:
    """The installation that is looked at: its database is there and of this release. `port` is the
    one on this machine that the server uses.
    """

    settings: Settings
    database: Database
    now: datetime
    port: int

    def is_served(self) -> bool:
        """Whether a server works with the database, as it says itself every few seconds."""
        with self.database.read() as connection:
            heard_at = probe_store.find_last(connection)
        return heard_at is not None and self.now - heard_at < SILENT


def well(name: str, detail: str) -> Check:
    return Check(name, True, detail)
