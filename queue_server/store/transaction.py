"""An open transaction as a command sees it: the locked office-days, buffered inserts, and undo of one command alone.

Several commands share one transaction (group commit), so what they insert is gathered and sent together. A command that
only adds rows costs no statement of its own; one that reads or changes rows first sends what is gathered, and runs in a
savepoint so that its failure undoes itself alone.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult

from ..domain.events import Event, RecordedEvent
from ..domain.office import Office
from ..domain.office_day import OfficeDay
from . import days, tables
from .offices import OfficeCache

DayKey = tuple[str, date]
"""Office code and local date: what a command locks."""

_SAVEPOINT = "command"


@dataclass(frozen=True)
class _Mark:
    """How far a transaction had come when a command began."""

    rows: Mapping[sa.Table, int]
    days: Mapping[DayKey, OfficeDay]
    recorded: int


class Transaction:
    """One open write transaction. Made by `Database` only; commands must not keep it."""

    def __init__(self, connection: Connection, offices: OfficeCache, locked: Mapping[DayKey, OfficeDay]) -> None:
        self._connection = connection
        self._offices = offices
        self._seen_offices: dict[str, Office] = {}
        self._days = dict(locked)
        self._stored_days = dict(locked)
        self._rows: dict[sa.Table, list[Mapping[str, Any]]] = {}
        self._recorded: list[RecordedEvent] = []
        self._mark: _Mark | None = None
        self._in_savepoint = False

    @property
    def dialect(self) -> str:
        return self._connection.dialect.name

    def office(self, code: str) -> Office:
        """An office with its settings. Raises `UnknownOffice`."""
        if code not in self._seen_offices:
            self._seen_offices[code] = self._offices.get(self._connection, code)
        return self._seen_offices[code]

    def forget_office(self, code: str) -> None:
        """Read an office anew when it is next asked for, because a command changed it."""
        self._seen_offices.pop(code, None)

    def day(self, office: str, day: date) -> OfficeDay:
        """The locked state of an office-day. Raises `KeyError` for one the command did not declare."""
        return self._days[office, day]

    def put_day(self, day: OfficeDay) -> None:
        """Replace an office-day's state; it is stored before the commit."""
        self._days[day.office, day.date] = day

    def record(self, event: Event) -> RecordedEvent:
        """Add an event with the next number of its office-day."""
        day = self.day(event.office, event.date)
        recorded = RecordedEvent(day.seq + 1, event)
        self.put_day(replace(day, seq=recorded.seq))
        self.insert(
            tables.events,
            {
                "office": event.office, "date": event.date, "seq": recorded.seq, "type": event.type.value, "ticket": event.ticket,
                "at": event.at, "facts": event.facts,
            },
        )
        self._recorded.append(recorded)
        return recorded

    @property
    def recorded(self) -> Sequence[RecordedEvent]:
        """The events of all commands so far that were not undone."""
        return self._recorded

    def insert(self, table: sa.Table, row: Mapping[str, Any]) -> None:
        """Add a row; it is sent with others of its kind, at the latest before the commit or the next statement."""
        self._rows.setdefault(table, []).append(row)

    def pending(self, table: sa.Table) -> Sequence[Mapping[str, Any]]:
        """Rows of a table that were added but not sent yet."""
        return self._rows.get(table, ())

    def read(self, statement: sa.Executable, parameters: Any = None, *, seeing: sa.Table | None = None) -> CursorResult[Any]:
        """Run a query. Rows that wait to be sent go first; `seeing` names the one table read, so that others may wait on."""
        if seeing is None or self._rows.get(seeing):
            self._send_rows(changing=False)
        return self._connection.execute(statement, parameters)

    def peek(self, statement: sa.Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a query that need not see rows still to be sent, because the caller has looked at them in `pending`."""
        return self._connection.execute(statement, parameters)

    def change(self, statement: sa.Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement that changes rows, inside the command's savepoint."""
        self._send_rows(changing=True)
        return self._connection.execute(statement, parameters)

    # What follows is for `Database` alone.

    def begin_command(self) -> None:
        self._mark = _Mark({table: len(rows) for table, rows in self._rows.items()}, dict(self._days), len(self._recorded))
        self._in_savepoint = False

    def end_command(self) -> None:
        if self._in_savepoint:
            self._connection.exec_driver_sql(f"RELEASE SAVEPOINT {_SAVEPOINT}")
        self._mark, self._in_savepoint = None, False

    def undo_command(self) -> None:
        mark = self._mark
        assert mark is not None, "undo_command follows begin_command"
        if self._in_savepoint:
            self._connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
            self._connection.exec_driver_sql(f"RELEASE SAVEPOINT {_SAVEPOINT}")
            self._rows = {}
        else:
            self._rows = {table: rows[: mark.rows.get(table, 0)] for table, rows in self._rows.items()}
        self._days = dict(mark.days)
        self._seen_offices.clear()
        del self._recorded[mark.recorded :]
        self._mark, self._in_savepoint = None, False

    def finish(self) -> None:
        """Send everything that is left and store the office-days; the caller commits."""
        self._send(self._rows)
        self._rows = {}
        changed = [day for key, day in self._days.items() if day is not self._stored_days.get(key)]
        days.save(self._connection, changed)

    def _send_rows(self, *, changing: bool) -> None:
        if self._mark is not None and not self._in_savepoint:
            own = {table: rows[self._mark.rows.get(table, 0) :] for table, rows in self._rows.items()}
            if changing or any(own.values()):
                self._send({table: rows[: self._mark.rows.get(table, 0)] for table, rows in self._rows.items()})
                self._connection.exec_driver_sql(f"SAVEPOINT {_SAVEPOINT}")
                self._in_savepoint = True
                self._rows = own
        self._send(self._rows)
        self._rows = {}
        if self._mark is not None and not self._in_savepoint:
            self._mark = replace(self._mark, rows={})

    def _send(self, rows: Mapping[sa.Table, Sequence[Mapping[str, Any]]]) -> None:
        for table in _SENDING_ORDER:
            if rows.get(table):
                self._connection.execute(sa.insert(table), rows[table])


_SENDING_ORDER = tuple(tables.metadata.sorted_tables)
