"""An open transaction as a command sees it: the locked office-days, gathered inserts, and undo of
one command alone, for several commands share one transaction (group commit).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult

from queue_server.domain.booking.places import DayPlan
from queue_server.domain.events import Event, RecordedEvent
from queue_server.domain.office.office import Office
from queue_server.domain.visit.clock import not_before
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.over_limit import note_over_limit
from queue_server.store import tables

from . import days, slots
from .compiled import Compiled
from .gathered_rows import GatheredRows
from .kiosk_paces import KioskPaces, PaidPace
from .office_cache import OfficeCache
from .office_rows import load_office
from .plan_notes import PlanNotes

DayKey = tuple[str, date]
"""Office code and local date: what a command locks."""

_REMEMBERED = frozenset(
    {
        tables.office_days,
        tables.offices,
        tables.streams,
        tables.services,
        tables.counters,
        tables.openings,
        tables.seasons,
        tables.day_hours,
        tables.mode_periods,
        tables.slots,
        tables.stream_slots,
        tables.wait_models,
    }
)
"""Tables whose change by a command of its own makes what is remembered wrong."""


class _Mark(NamedTuple):
    """How far a transaction had come when a command began."""

    days: Mapping[DayKey, OfficeDay]
    plans: Mapping[DayKey, DayPlan]
    kiosk_paces: Mapping[str, PaidPace]
    recorded: int


class Transaction:
    """One open write transaction. Made by `Database` only; commands must not keep it.

    `alone`: there is one command only, so that undoing it and undoing the transaction are the same.
    """

    def __init__(
        self,
        connection: Connection,
        offices: OfficeCache,
        locked: Mapping[DayKey, OfficeDay],
        plans: Mapping[DayKey, DayPlan],
        notes: dict[DayKey, PlanNotes],
        offices_seen: Mapping[str, Office],
        *,
        alone: bool,
    ) -> None:
        self._connection = connection
        self._offices = offices
        self._alone = alone
        self._offices_seen = dict(offices_seen)
        self._days = dict(locked)
        self._stored_days = dict(locked)
        self._plans = dict(plans)
        self._stored_plans = dict(plans)
        self._notes = notes
        self.kiosk_paces = KioskPaces(connection)
        self._rows = GatheredRows(connection)
        self._recorded: list[RecordedEvent] = []
        self._mark: _Mark | None = None
        self.spoiled = False
        self.outdated = False

    @property
    def days(self) -> Mapping[DayKey, OfficeDay]:
        """The locked office-days as they are by now."""
        return self._days

    @property
    def offices_seen(self) -> Mapping[str, Office]:
        """The offices asked for so far."""
        return self._offices_seen

    @property
    def dialect(self) -> str:
        return self._connection.dialect.name

    def office(self, code: str) -> Office:
        """An office with its settings. Raises `UnknownOffice`."""
        if code not in self._offices_seen:
            # What is changed but not committed must not reach the cache: it would outlive a
            # rollback under its revision.
            known = (
                self._offices.get(self._connection, code)
                if not self.outdated
                else load_office(self._connection, code)
            )
            self._offices_seen[code] = known
        return self._offices_seen[code]

    def forget_office(self, code: str) -> None:
        """Read an office anew when it is next asked for, because a command changed it."""
        self._offices_seen.pop(code, None)

    def day(self, office: str, day: date) -> OfficeDay:
        """The locked state of an office-day. Raises `KeyError` for one the command did not
        declare.
        """
        return self._days[office, day]

    def open_first_day(self, office: str, day: date) -> OfficeDay:
        """Lock a day of an office that this very command has made, so that nobody else knows it."""
        self._rows.send(changing=True)
        self._days.update(days.lock(self._connection, [(office, day)]))
        return self.day(office, day)

    def time_on(self, office: str, day: date, now: datetime) -> datetime:
        """The time of what happens now on a locked office-day; see `not_before`."""
        return not_before(self.day(office, day).last_event_at, now)

    def put_day(self, day: OfficeDay) -> None:
        """Replace an office-day's state; it is stored before the commit."""
        self._days[day.office, day.date] = day

    @property
    def plans(self) -> Mapping[DayKey, DayPlan]:
        """The plans of locked office-days that are known, as they are by now."""
        return self._plans

    def plan(self, office: str, day: date) -> DayPlan:
        """The slots of a locked office-day and what is taken of them. Raises `KeyError` for a day
        the command did not declare.
        """
        key = office, day
        if key not in self._plans:
            assert key in self._days, "a plan is safe to change only under its day's lock"
            self._plans[key] = self._stored_plans[key] = slots.load(self._connection, office, day)
        return self._plans[key]

    def notes(self, office: str, day: date) -> PlanNotes:
        """What is known of a day's plan as it is by now, by this command or those before it."""
        plan = self.plan(office, day)
        known = self._notes.get((office, day))
        if known is None or known.plan is not plan:
            known = self._notes[office, day] = PlanNotes(plan)
        return known

    def put_plan(self, plan: DayPlan) -> None:
        """Replace a day's plan, read before by `plan`; what differs is stored before the commit.
        The command records the event.
        """
        self._plans[plan.office, plan.date] = plan

    def record(self, event: Event) -> RecordedEvent:
        """Add an event with the next number of its office-day, and a time that is not before that
        of the last one.
        """
        at = self.time_on(event.office, event.date, event.at)
        if at is not event.at:
            event = replace(event, at=at)
        day = self.day(event.office, event.date).after_event(at)
        self.put_day(day)
        recorded = RecordedEvent(day.seq, event)
        self.insert(
            tables.events,
            {
                "office": event.office,
                "date": event.date,
                "seq": recorded.seq,
                "type": event.type.value,
                "ticket": event.ticket,
                "at": event.at,
                "facts": event.facts,
            },
        )
        self._recorded.append(recorded)
        return recorded

    @property
    def recorded(self) -> Sequence[RecordedEvent]:
        """The events of all commands so far that were not undone."""
        return self._recorded

    def insert(self, table: sa.Table, row: Mapping[str, Any]) -> None:
        """Add a row; it is sent with others of its kind, at the latest before the commit or the
        next statement.
        """
        self._rows.add(table, row)
        if table in _REMEMBERED:
            self.outdated = True

    def pending(self, table: sa.Table) -> Sequence[Mapping[str, Any]]:
        """Rows of a table that were added but not sent yet."""
        return self._rows.waiting(table)

    def rows(
        self, query: Compiled, parameters: Mapping[str, Any], *, seeing: sa.Table
    ) -> list[Any]:
        """Run a query of the hot path on one table, after the rows of that table that wait to be
        sent.
        """
        if self._rows.waiting(seeing):
            self._rows.send(changing=False)
        return query.rows(self._connection, parameters)

    def peek_rows(self, query: Compiled, parameters: Mapping[str, Any]) -> list[Any]:
        """`rows` that need not see rows still to be sent, because the caller has looked at them in
        `pending`.
        """
        return query.rows(self._connection, parameters)

    def run(self, change: Compiled, parameters: Mapping[str, Any]) -> int:
        """Run a change of the hot path. Returns how many rows it touched."""
        self._rows.send(changing=True)
        if change.table in _REMEMBERED:
            self.outdated = True
        return change.run(self._connection, parameters)

    def read(
        self, statement: sa.Executable, parameters: Any = None, *, seeing: sa.Table | None = None
    ) -> CursorResult[Any]:
        """Run a query. Rows that wait to be sent go first; `seeing` names the one table read, so
        that others may wait on.
        """
        if seeing is None or self._rows.waiting(seeing):
            self._rows.send(changing=False)
        return self._connection.execute(statement, parameters)

    def change(self, statement: sa.Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement that changes rows, inside the command's savepoint."""
        self._rows.send(changing=True)
        if getattr(statement, "table", None) in _REMEMBERED:
            self.outdated = True
        return self._connection.execute(statement, parameters)

    # What follows is for `Database` alone.

    def begin_command(self) -> None:
        if not self._alone:
            self._rows.begin_command()
            self._mark = _Mark(
                dict(self._days), dict(self._plans), self.kiosk_paces.changed, len(self._recorded)
            )

    def end_command(self) -> None:
        self._rows.end_command()
        self._mark = None

    def undo_command(self) -> None:
        if self._alone:
            self.spoiled = True
            self._recorded.clear()
            return
        mark = self._mark
        assert mark is not None, "undo_command follows begin_command"
        self._rows.undo_command()
        self._days = dict(mark.days)
        self._plans = {**self._stored_plans, **mark.plans}
        self.kiosk_paces.go_back(mark.kiosk_paces)
        self._offices_seen.clear()
        del self._recorded[mark.recorded :]
        self._mark = None

    def count_time_over(self) -> None:
        """Count the time above the limit on each changed day, once all commands have run.

        One place for all that moves the count: the guard, the sensors or the limit. It may have to
        read an office, so it comes before `finish`, whose changes PostgreSQL is sent without
        waiting for answers.
        """
        for key, day in self._days.items():
            if day is not self._stored_days.get(key):
                self._days[key] = self._with_time_over(day)

    def finish(self) -> None:
        """Send everything that is left and store the office-days; the caller commits. Reads
        nothing.
        """
        self._rows.send_all()
        changed = [day for key, day in self._days.items() if day is not self._stored_days.get(key)]
        days.save(self._connection, changed)
        for key, plan in self._plans.items():
            stored = self._stored_plans[key]
            if plan is not stored:
                slots.save(self._connection, stored, plan)
        self.kiosk_paces.save()

    def _with_time_over(self, day: OfficeDay) -> OfficeDay:
        if day.over_since is None and day.persons_inside + day.correction + (day.sensed or 0) == 0:
            return day
        told = (each.event for each in reversed(self._recorded))
        last = next(
            (each for each in told if (each.office, each.date) == (day.office, day.date)), None
        )
        return day if last is None else note_over_limit(day, self.office(day.office), last.at)
