"""One way to ask, for those who only read and for commands: so each query exists once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult

from .compiled import Compiled
from .transaction import Transaction

Reader = Connection | Transaction
"""Whom a query is asked of. A connection sees what was committed; a command's transaction, what
the commands in it have done so far.
"""


def ask(
    reader: Reader,
    statement: sa.Executable,
    parameters: Mapping[str, Any] | None = None,
    *,
    seeing: sa.Table,
) -> CursorResult[Any]:
    """Run a query on one table; a command's rows of that table are sent first."""
    if isinstance(reader, Transaction):
        return reader.read(statement, parameters, seeing=seeing)
    return reader.execute(statement, parameters)


def ask_rows(
    reader: Reader, query: Compiled, parameters: Mapping[str, Any], *, seeing: sa.Table
) -> list[Any]:
    """`ask` for a query of the hot path."""
    if isinstance(reader, Transaction):
        return reader.rows(query, parameters, seeing=seeing)
    return query.rows(reader, parameters)


def dialect_of(reader: Reader) -> str:
    """The database's name in SQLAlchemy, for statements that differ: sqlite or postgresql."""
    return reader.dialect if isinstance(reader, Transaction) else reader.dialect.name
