"""Rows that the commands of one transaction add: gathered, so that several commands send them
together, and taken back for one command alone.

A command that only adds rows costs no statement of its own; one that reads or changes rows first
sends what is gathered, and runs in a savepoint so that its failure undoes itself alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store import tables

from .compiled import Compiled, insert_into

_SAVEPOINT = "command"
_SET_SAVEPOINT = Compiled(sa.text(f"SAVEPOINT {_SAVEPOINT}"))
_ROLL_BACK = Compiled(sa.text(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}"))
_RELEASE = Compiled(sa.text(f"RELEASE SAVEPOINT {_SAVEPOINT}"))

_Rows = dict[sa.Table, list[Mapping[str, Any]]]


class GatheredRows:
    """The rows of a transaction that wait to be sent, and the savepoint of its command."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: _Rows = {}
        self._before: Mapping[sa.Table, int] | None = None
        """How many rows of each table were gathered when the command began; None without one."""
        self._in_savepoint = False

    def add(self, table: sa.Table, row: Mapping[str, Any]) -> None:
        """Let a row wait."""
        self._rows.setdefault(table, []).append(row)

    def waiting(self, table: sa.Table) -> Sequence[Mapping[str, Any]]:
        """The rows of a table that were not sent yet."""
        return self._rows.get(table, ())

    def begin_command(self) -> None:
        """From now on `undo_command` takes back."""
        self._before = {table: len(rows) for table, rows in self._rows.items()}
        self._in_savepoint = False

    def end_command(self) -> None:
        """What the command did stays."""
        if self._in_savepoint:
            _RELEASE.run(self._connection, {})
        self._before, self._in_savepoint = None, False

    def undo_command(self) -> None:
        """Take back what was added and sent since the command began."""
        if self._in_savepoint:
            _ROLL_BACK.run(self._connection, {})
            _RELEASE.run(self._connection, {})
            self._rows = {}
        else:
            self._rows = self._others(self._before or {})
        self._before, self._in_savepoint = None, False

    def send(self, *, changing: bool) -> None:
        """Send all that waits, before a query or, `changing`, before a change of other rows; from
        then on the command is in a savepoint, unless all that was sent is others'.
        """
        if self._before is not None and not self._in_savepoint:
            own = self._own(self._before)
            if changing or any(own.values()):
                self._send(self._others(self._before))
                _SET_SAVEPOINT.run(self._connection, {})
                self._in_savepoint = True
                self._rows = own
        self.send_all()
        if self._before is not None and not self._in_savepoint:
            self._before = {}

    def send_all(self) -> None:
        """Send all that waits, at the end of the transaction."""
        self._send(self._rows)
        self._rows = {}

    def _others(self, before: Mapping[sa.Table, int]) -> _Rows:
        """The rows of the commands before this one."""
        return {table: rows[: before.get(table, 0)] for table, rows in self._rows.items()}

    def _own(self, before: Mapping[sa.Table, int]) -> _Rows:
        return {table: rows[before.get(table, 0) :] for table, rows in self._rows.items()}

    def _send(self, rows: Mapping[sa.Table, Sequence[Mapping[str, Any]]]) -> None:
        for table in rows if len(rows) < 2 else sorted(rows, key=_SENDING_ORDER.__getitem__):
            if rows[table]:
                insert_into(table, tuple(rows[table][0])).run_each(self._connection, rows[table])


_SENDING_ORDER = {table: position for position, table in enumerate(tables.metadata.sorted_tables)}
