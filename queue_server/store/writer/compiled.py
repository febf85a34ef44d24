"""Statements of the hot path, compiled once: the same SQLAlchemy Core statement, run on the
driver's cursor without the toll per call.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, cast
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
_known: WeakSet[Compiled] = WeakSet()


class Compiled:
    """A statement whose text is the same for all parameters: no `IN` over a list, no literal that
    changes.

    Values are converted by the types of the columns, as Core converts them, and None is NULL.
    Driver errors come out as Core's, so one `except SQLAlchemyError` covers both.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        self.table: sa.Table | None = getattr(statement, "table", None)  # what a change changes
        self._forms: dict[str, _Form] = {}
        _known.add(self)

    def rows(self, connection: Connection, parameters: Mapping[str, Any]) -> list[Any]:
        """Run a query. Each row is a named tuple of the selected columns."""
        form = self._form(connection.dialect)
        return form.read(form.fetch(connection, form.bind(parameters)))

    def walk(
        self, connection: Connection, parameters: Mapping[str, Any]
    ) -> Iterator[tuple[Any, ...]]:
        """Run a query whose columns need no conversion. Its rows, one at a time and as the driver
        gives them: there may be more than are good to have in memory.
        """
        form = self._form(connection.dialect)
        return form.walk(connection, form.bind(parameters))

    def run(self, connection: Connection, parameters: Mapping[str, Any]) -> int:
        """Run a change. Returns how many rows it touched."""
        form = self._form(connection.dialect)
        return form.execute(connection, form.bind(parameters))

    def run_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a change once for each set of parameters; all must have the same names."""
        form = self._form(connection.dialect)
        form.execute_each(connection, [form.bind(row) for row in rows])

    def compile(self, dialect: Dialect) -> None:
        """Be ready for a database of this kind. Takes a millisecond or two the first time."""
        self._form(dialect)

    def _form(self, dialect: Dialect) -> _Form:
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self._statement, dialect)
        return form


def compile_all(dialect: Dialect, rest: Callable[[], object]) -> int:
    """Compile the statements that are known by now, with a `rest` after each, so that who needs one
    first need not wait. Returns how many there are.
    """
    known = list(_known)
    for each in known:
        each.compile(dialect)
        rest()
    return len(known)


def pipelined(connection: Connection) -> AbstractContextManager[Any]:
    """On PostgreSQL, what is run inside goes to the server without waiting for each answer; what
    fails raises at the latest at the end.

    For changes and a commit, or one `rows`; not for Core's own queries, which look at each answer.
    """
    driver: Any = connection.connection.driver_connection
    return driver.pipeline() if connection.dialect.driver == "psycopg" else nullcontext()


@cache
def insert_into(table: sa.Table, columns: tuple[str, ...]) -> Compiled:
    """The insert of rows that give just these columns."""
    return Compiled(
        sa.insert(table).values(
            {name: sa.bindparam(name, type_=table.c[name].type) for name in columns}
        )
    )


class _Form:
    """What a statement is in one dialect: its text, how parameters go in, how rows come out."""

    def __init__(self, statement: sa.Executable, dialect: Dialect) -> None:
        # every Core statement can
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler) and not compiled.post_compile_params, (
            "the text must not depend on values"
        )
        self.text = compiled.string
        self._error = dialect.loaded_dbapi.Error
        self._names = tuple(compiled.positiontup or compiled.params)
        self._positional = compiled.positional
        self._constants = {
            name: value
            for name, value in compiled.params.items()
            if not compiled.binds[name].required
        }
        converters = [_input(compiled.binds[name].type, dialect) for name in self._names]
        self._inputs = [
            (index, convert) for index, convert in enumerate(converters) if convert is not None
        ]
        self._pick: Callable[[Mapping[str, Any]], Sequence[Any]] = (
            itemgetter(*self._names) if len(self._names) > 1 else self._pick_each
        )
        columns = (
            list(statement.selected_columns)
            if isinstance(statement, (sa.Select, sa.TextualSelect))
            else []
        )
        # names known at run time
        row: Any = namedtuple("Row", [column.name for column in columns])  # type: ignore[misc]
        self._row = row._make
        outputs = [_output(column.type, dialect) for column in columns]
        self._outputs = [
            (index, convert) for index, convert in enumerate(outputs) if convert is not None
        ]

    def bind(self, parameters: Mapping[str, Any]) -> Any:
        values = list(
            self._pick({**self._constants, **parameters} if self._constants else parameters)
        )
        for index, convert in self._inputs:
            if values[index] is not None:
                values[index] = convert(values[index])
        return values if self._positional else dict(zip(self._names, values, strict=True))

    def fetch(self, connection: Connection, values: Any) -> list[Any]:
        try:
            cursor = connection.connection.cursor()
            cursor.execute(self.text, values)
            return list(cursor.fetchall())
        except self._error as error:
            raise self._as_core(error, connection, values) from error

    def walk(self, connection: Connection, values: Any) -> Iterator[tuple[Any, ...]]:
        assert not self._outputs, "rows come as they are"
        try:
            with closing(connection.connection.cursor()) as cursor:
                cursor.execute(self.text, values)
                yield from cast(Iterator[tuple[Any, ...]], cursor)
        except self._error as error:
            raise self._as_core(error, connection, values) from error

    def execute(self, connection: Connection, values: Any) -> int:
        try:
            cursor = connection.connection.cursor()
            cursor.execute(self.text, values)
            return cursor.rowcount
        except self._error as error:
            raise self._as_core(error, connection, values) from error

    def execute_each(self, connection: Connection, values: list[Any]) -> None:
        try:
            connection.connection.cursor().executemany(self.text, values)
        except self._error as error:
            raise self._as_core(error, connection, values) from error

    def read(self, rows: list[Any]) -> list[Any]:
        if not self._outputs:
            return list(map(self._row, rows))
        read_rows = []
        for row in rows:
            values = list(row)
            for index, convert in self._outputs:
                values[index] = convert(values[index])
            read_rows.append(self._row(values))
        return read_rows

    def _pick_each(self, parameters: Mapping[str, Any]) -> Sequence[Any]:
        return [parameters[name] for name in self._names]

    def _as_core(self, error: Exception, connection: Connection, values: Any) -> BaseException:
        driver: Any = connection.connection.dbapi_connection
        lost = connection.dialect.is_disconnect(cast(Any, error), driver, None)
        return DBAPIError.instance(
            self.text,
            values,
            error,
            self._error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=connection.dialect,
        )


def _input(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> Convert | None:
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    # A date comes with every row and takes few values.
    return (
        lru_cache(maxsize=1_000)(convert)
        if convert is not None and isinstance(kind, sa.Date)
        else convert
    )


def _output(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> Convert | None:
    convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    return (
        lru_cache(maxsize=1_000)(convert)
        if convert is not None and isinstance(kind, sa.Date)
        else convert
    )
