"""How many messages by telephone an office has begun on a day: a bound that holds with any number
of processes.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from queue_server.store.tables import message_counts
from queue_server.store.writer.transaction import Transaction


def take_one(tx: Transaction, office: str, day: date, limit: int) -> bool:
    """Count one more message of a day. False, and nothing counted, when there are `limit`
    already.
    """
    insert = (postgresql if tx.dialect == "postgresql" else sqlite).insert(message_counts)
    first = insert.values(office=office, date=day, phone_messages=0)
    tx.change(first.on_conflict_do_nothing(index_elements=["office", "date"]))
    statement = message_counts.update().where(
        message_counts.c.office == office,
        message_counts.c.date == day,
        message_counts.c.phone_messages < limit,
    )
    counted = statement.values(phone_messages=message_counts.c.phone_messages + 1)
    return tx.change(counted).rowcount == 1


def count(connection: Connection, office: str, day: date) -> int:
    """How many were begun on a day."""
    statement = sa.select(message_counts.c.phone_messages).where(
        message_counts.c.office == office, message_counts.c.date == day
    )
    return connection.execute(statement).scalar_one_or_none() or 0
