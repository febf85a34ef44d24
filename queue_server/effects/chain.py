"""Goes on with the chain of the log after the commits: the write path knows nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.audit.chain import Growth, LogRow, begin_day, grow
from queue_server.store.audit import chains as chain_store
from queue_server.store.audit import log_rows
from queue_server.store.audit.chains import Unchained
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .delivery import Delivery, Settle

BATCH = 500
"""Events of an office chained at once: a few milliseconds of work, between which others are
served.
"""

LOOK_BACK_DAYS = 2
SWEEP = timedelta(minutes=10)
"""How often older days are looked through too: the nightly wiping leaves its event on days gone
by.
"""


class ChainDelivery(Delivery[Unchained]):
    """The chain of one office at a time, a batch at a time; the next batch at once if there is
    more.
    """

    name = "chain"
    step_seconds = 15.0
    lease = timedelta(seconds=30)

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__(database, clock)
        self._swept_at: datetime | None = None
        self._since = date.min
        self._is_more = False

    def list_due(self, connection: Connection, now: datetime) -> Sequence[Unchained]:
        if self._swept_at is None or abs(now - self._swept_at) >= SWEEP:
            self._since = date.min
        else:
            self._since = (now - timedelta(days=LOOK_BACK_DAYS)).date()
        self._is_more = False
        return chain_store.list_unchained(connection, now, self._since)

    def claim(self, tx: Transaction, owed: Unchained, now: datetime, until: datetime) -> bool:
        return chain_store.claim(tx, owed, now, until)

    def carry_out(self, owed: Unchained, now: datetime) -> tuple[int, Settle]:
        """Chain the next events of an office. Counts them."""
        with self._database.read() as connection:
            days = list(self._read_days(connection, owed.office))
        growth: Growth = grow(owed.office, owed.number, owed.hash, days)
        self._is_more |= len(growth.hashes) >= BATCH
        return len(growth.hashes), partial(chain_store.settle, owed=owed, growth=growth)

    def end_round(self) -> None:
        if self._is_more:
            self.wake()
        elif self._since == date.min:
            self._swept_at = self._clock()

    def _read_days(self, connection: Connection, office: str) -> list[tuple[bytes, list[LogRow]]]:
        left, days = BATCH, []
        for day, hashed_to in chain_store.list_days(connection, office, self._since):
            if left <= 0:
                break
            rows = log_rows.list_rows(connection, office, day.isoformat(), hashed_to, left)
            before = chain_store.find_hash(connection, office, day, hashed_to)
            days.append((before or begin_day(office, day.isoformat()), rows))
            left -= len(rows)
        return days

    @classmethod
    def list_failing(cls, connection: Connection) -> Sequence[str]:
        """Nothing is given up: a chain that is behind goes on, and the doctor looks how far."""
        return []
