"""What the writer keeps in mind between transactions, so that it is not read anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.booking.places import DayPlan
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay

from . import days
from .compiled import Compiled
from .office_cache import OfficeCache
from .plan_notes import PlanNotes
from .transaction import DayKey, Transaction

_DATA_VERSION = Compiled(
    sa.text("PRAGMA data_version").columns(sa.column("data_version", sa.Integer))
)

MOST_REMEMBERED = 1_000
"""How many office-days the writer keeps in mind."""


class Memory:
    """What the writer's last commit left behind, good for as long as no other connection commits.

    SQLite says whether one did. On PostgreSQL nobody says so for less than the question itself:
    there, an office-day is read anew, and its plan of slots holds good as long as the day has had
    no further event.
    """

    def __init__(self, offices: OfficeCache) -> None:
        self._offices = offices
        self._version: int | None = None
        self._days: dict[DayKey, OfficeDay] = {}
        self._plans: dict[DayKey, tuple[int, DayPlan]] = {}
        self._notes: dict[DayKey, PlanNotes] = {}
        self._offices_seen: Mapping[str, Office] = {}

    def open(self, connection: Connection, keys: Iterable[DayKey], *, alone: bool) -> Transaction:
        """Lock office-days, in order, and give a transaction to the one command or to several."""
        wanted = sorted(keys)
        if connection.dialect.name == "sqlite":
            version = _DATA_VERSION.rows(connection, {})[0].data_version
            if version != self._version:
                self.forget()
                self._version = version
        locked = {key: self._days[key] for key in wanted if key in self._days}
        locked.update(days.lock(connection, [key for key in wanted if key not in locked]))
        known = {
            key: self._plans[key][1]
            for key, day in locked.items()
            if key in self._plans and self._plans[key][0] == day.seq
        }
        return Transaction(
            connection, self._offices, locked, known, self._notes, self._offices_seen, alone=alone
        )

    def keep(self, tx: Transaction) -> None:
        """Remember what was committed."""
        if tx.dialect == "sqlite" and not tx.outdated:
            self._days.update(tx.days)
            self._offices_seen = tx.offices_seen
        kept = self._days, self._plans, self._notes
        if tx.outdated or any(len(each) > MOST_REMEMBERED for each in kept):
            self.forget()
        for key, plan in tx.plans.items():
            self._plans[key] = tx.days[key].seq, plan

    def forget(self) -> None:
        """Remember nothing, because a transaction did not end well or another connection has
        committed.
        """
        self._version, self._days, self._plans, self._offices_seen = None, {}, {}, {}
        self._notes = {}
