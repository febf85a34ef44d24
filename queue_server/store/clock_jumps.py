"""When the machine's clock was set, and by how much: kept for all processes, and for those who look
into the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.visit.clock import JUMP, TOLD

from .tables import clock_jumps, office_days
from .writer.transaction import Transaction


@dataclass(frozen=True)
class ClockJump:
    """The clock was set by so many seconds, negative if back; `seen_at` is the office's time
    then.
    """

    seen_at: datetime
    seconds: int


def add(tx: Transaction, jump: ClockJump) -> None:
    """Keep a jump, once though several processes have noticed it. Those from what has become the
    future are forgotten.
    """
    tx.change(clock_jumps.delete().where(clock_jumps.c.seen_at > jump.seen_at + JUMP))
    near = (
        clock_jumps.c.seen_at >= jump.seen_at - JUMP,
        clock_jumps.c.seconds.between(jump.seconds - 60, jump.seconds + 60),
    )
    if tx.read(sa.select(clock_jumps.c.seen_at).where(*near).limit(1)).one_or_none() is None:
        tx.change(clock_jumps.delete().where(clock_jumps.c.seen_at == jump.seen_at))
        tx.change(clock_jumps.insert(), {"seen_at": jump.seen_at, "seconds": jump.seconds})


def find_recent(connection: Connection, now: datetime) -> ClockJump | None:
    """The newest jump that is still told of: supervisors, `doctor` and `/readyz` ask this."""
    statement = (
        sa.select(clock_jumps.c.seen_at, clock_jumps.c.seconds)
        .where(clock_jumps.c.seen_at > now - TOLD)
        .order_by(clock_jumps.c.seen_at.desc())
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else ClockJump(row.seen_at, row.seconds)


def find_newest_event(connection: Connection, first: date, last: date) -> datetime | None:
    """The time of the newest event on any office-day between two dates."""
    statement = sa.select(sa.func.max(office_days.c.last_event_at)).where(
        office_days.c.date.between(first, last)
    )
    newest: datetime | None = connection.execute(statement).scalar_one_or_none()
    return newest
