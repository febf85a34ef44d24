"""The one lease: what is owed after a commit stands in rows, and each is taken by one process at a
time, however many may work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queue_server.domain.deliveries import LONGEST_WAIT

from .writer.transaction import Transaction


@dataclass(frozen=True)
class Lease:
    """The columns by which the rows of a table are leased. Before `until` nobody takes a row: it is
    being worked on, or waits for its next try. `claims` counts how often it was taken.
    """

    table: sa.Table
    until: sa.Column[datetime]
    claims: sa.Column[int]

    def is_free(self, now: datetime) -> sa.ColumnElement[bool]:
        """Whether a row may be taken now."""
        return is_over(self.until, now)

    def claim(
        self,
        tx: Transaction,
        row: sa.ColumnElement[bool],
        claims: int,
        now: datetime,
        until: datetime,
        **marks: Any,
    ) -> bool:
        """Take a row that was seen with so many claims, and set `marks`. False if another process
        was faster.
        """
        statement = self.table.update().where(row, self.is_free(now), self.claims == claims)
        taken = {self.until.name: until, self.claims.name: claims + 1, **marks}
        return tx.change(statement.values(taken)).rowcount == 1

    def is_held(self, claims: int) -> sa.ColumnElement[bool]:
        """Whether nobody has taken a row since its holder did, who saw it with so many claims. A
        holder whose lease ran out says nothing any more: the next one's word counts.
        """
        return self.claims == claims + 1


def is_over(until: sa.Column[datetime], now: datetime) -> sa.ColumnElement[bool]:
    """`domain.deliveries.is_over`, asked of a column; nothing there holds nobody up."""
    return sa.or_(until.is_(None), until <= now, until > now + LONGEST_WAIT)
