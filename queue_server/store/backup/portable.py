"""Rows of any table of ours as values of JSON, the same from both kinds of database.

What a column holds is read from the database itself, not from this release's tables: so a database
of an earlier release can be backed up, and its backup restored.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

ROWS_AT_ONCE = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ColumnKind(StrEnum):
    """What a column holds, whatever type its database has for it."""

    TEXT = "text"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    DATE = "date"
    TIME = "time"
    INSTANT = "instant"
    JSON = "json"
    BYTES = "bytes"


@dataclass(frozen=True)
class TableShape:
    """A table with its columns, in order."""

    name: str
    columns: tuple[tuple[str, ColumnKind], ...]


class UnknownColumn(Exception):
    """A column of a type that no table of ours has."""


_KINDS: Sequence[tuple[type[sa.types.TypeEngine[Any]], ColumnKind]] = (
    (sa.Boolean, ColumnKind.BOOL),
    (sa.BigInteger, ColumnKind.INSTANT),  # SQLite's; see `Instant`
    (sa.DateTime, ColumnKind.INSTANT),
    (sa.Integer, ColumnKind.INT),
    (sa.Float, ColumnKind.FLOAT),
    (sa.Date, ColumnKind.DATE),
    (sa.Time, ColumnKind.TIME),
    (sa.JSON, ColumnKind.JSON),
    (sa.LargeBinary, ColumnKind.BYTES),
    (sa.String, ColumnKind.TEXT),
)
"""The first that fits: some types are kinds of another."""

_TELL: dict[ColumnKind, Callable[[Any], Any]] = {
    ColumnKind.BOOL: bool,
    ColumnKind.DATE: str,
    ColumnKind.TIME: lambda value: value if isinstance(value, str) else _tell_time(value),
    ColumnKind.INSTANT: lambda value: value if isinstance(value, int) else _tell_instant(value),
    ColumnKind.BYTES: lambda value: b64encode(value).decode(),
}
_READ: dict[ColumnKind, Callable[[Any], Any]] = {ColumnKind.BYTES: b64decode}
_READ_POSTGRESQL = {
    **_READ,
    ColumnKind.INSTANT: lambda value: _EPOCH + timedelta(microseconds=value),
}
_TYPES: dict[ColumnKind, tuple[type, ...]] = {
    ColumnKind.INT: (int,),
    ColumnKind.INSTANT: (int,),
    ColumnKind.FLOAT: (int, float),
    ColumnKind.BOOL: (bool,),
}


def _tell_time(value: time) -> str:
    return value.isoformat(timespec="microseconds")  # as SQLite keeps it, where it is text


def _tell_instant(value: datetime) -> int:
    return (value - _EPOCH) // _MICROSECOND


def list_tables(connection: Connection, but: frozenset[str]) -> list[TableShape]:
    """Every table with its columns, parents before their children. Raises `UnknownColumn`."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [
        TableShape(
            table.name, tuple((each.name, _kind_of(table.name, each)) for each in table.columns)
        )
        for table in metadata.sorted_tables
        if table.name not in but
    ]


def _kind_of(table: str, column: sa.Column[Any]) -> ColumnKind:
    for type, kind in _KINDS:
        if isinstance(column.type, type):
            return kind
    raise UnknownColumn(f"{table}.{column.name}: {column.type}")


def count_rows(connection: Connection, table: str) -> int:
    """How many rows a table has."""
    return int(
        connection.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one()
    )


def read_rows(connection: Connection, table: TableShape) -> Iterator[list[Any]]:
    """Every row of a table, its values in the order of the columns."""
    chosen = [
        sa.cast(sa.column(name), sa.Text) if kind is ColumnKind.JSON else sa.column(name)
        for name, kind in table.columns
    ]
    tell = [_TELL.get(kind) for _, kind in table.columns]
    statement = sa.select(*chosen).select_from(sa.table(table.name))
    for row in connection.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)):
        yield [
            value if value is None or make is None else make(value)
            for value, make in zip(row, tell, strict=True)
        ]


def add_rows(connection: Connection, table: TableShape, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows whose values are in the order of the columns. Raises `ValueError` for values that a
    column cannot hold.
    """
    is_postgresql = connection.dialect.name == "postgresql"
    make = [
        _reader(kind, (_READ_POSTGRESQL if is_postgresql else _READ).get(kind))
        for _, kind in table.columns
    ]
    names = [name for name, _ in table.columns]
    target = sa.table(table.name, *(sa.column(name) for name in names))
    values = [
        {
            name: value if value is None else read(value)
            for name, read, value in zip(names, make, row, strict=True)
        }
        for row in rows
    ]
    for first in range(0, len(values), ROWS_AT_ONCE):
        connection.execute(sa.insert(target), values[first : first + ROWS_AT_ONCE])


def _reader(kind: ColumnKind, make: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    allowed = _TYPES.get(kind, (str,))

    def read(value: Any) -> Any:
        if type(value) not in allowed:
            raise ValueError(f"not of the kind {kind.value}")
        return value if make is None else make(value)

    return read
