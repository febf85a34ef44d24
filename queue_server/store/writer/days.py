"""The office-day row: locked by every command, stored once per transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from queue_server.domain.visit.office_day import OfficeDay, StreamDay
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.waits.pace import NO_PACE, Pace
from queue_server.store.tables import counter_days, office_days, offices

from .compiled import Compiled, pipelined

_STATE = (
    "seq",
    "persons_inside",
    "parties_outside",
    "correction",
    "sensed",
    "admitting",
    "planned_revision",
    "open_counters",
    "streams",
    "paused",
    "own_letters",
    "drill",
    "over_since",
    "over_seconds",
    "last_event_at",
)
_COLUMNS = [office_days.c.office, office_days.c.date, *(office_days.c[name] for name in _STATE)]

MOST_PACES = 4_096
"""How many streams' paces are kept in their stored form."""


def _day_from_row(row: Any) -> OfficeDay:
    return OfficeDay(
        office=row.office,
        date=row.date,
        seq=row.seq,
        persons_inside=row.persons_inside,
        parties_outside=row.parties_outside,
        correction=row.correction,
        sensed=row.sensed,
        admitting=row.admitting,
        planned_revision=row.planned_revision,
        open_counters=tuple(row.open_counters),
        streams={
            letter: StreamDay(
                last,
                waiting,
                datetime.fromisoformat(latest) if latest else None,
                _pace_from_text(pace) if pace else NO_PACE,
                *_rest_from_row(*rest),
            )
            for letter, (last, waiting, latest, pace, *rest) in row.streams.items()
        },
        paused=Pause(row.paused) if row.paused else None,
        own_letters=row.own_letters,
        drill=row.drill,
        over_since=row.over_since,
        over_seconds=row.over_seconds,
        last_event_at=row.last_event_at,
    )


def _row_from_day(day: OfficeDay) -> dict[str, Any]:
    streams = {
        letter: [
            each.last_sequence,
            each.waiting,
            each.latest_turn.isoformat() if each.latest_turn else None,
            None if each.pace is NO_PACE else _text_from_pace(each.pace),
            *_row_from_rest(each),
        ]
        for letter, each in day.streams.items()
    }
    return {
        "b_office": day.office,
        "b_date": day.date,
        "seq": day.seq,
        "persons_inside": day.persons_inside,
        "parties_outside": day.parties_outside,
        "correction": day.correction,
        "sensed": day.sensed,
        "admitting": day.admitting,
        "planned_revision": day.planned_revision,
        "open_counters": list(day.open_counters),
        "streams": streams,
        "paused": day.paused.value if day.paused else None,
        "own_letters": dict(day.own_letters),
        "drill": day.drill,
        "over_since": day.over_since,
        "over_seconds": day.over_seconds,
        "last_event_at": day.last_event_at,
    }


def _row_from_rest(stream: StreamDay) -> tuple[Any, ...]:
    """What few streams have, left out of the others' rows."""
    if stream.away_until is not None:
        return stream.sent_on, stream.favoured_run, stream.away_until.isoformat()
    return (stream.sent_on, stream.favoured_run) if stream.sent_on or stream.favoured_run else ()


def _rest_from_row(
    sent_on: int = 0, favoured_run: int = 0, away_until: str | None = None
) -> tuple[int, int, datetime | None]:
    away = datetime.fromisoformat(away_until) if away_until else None
    return sent_on, favoured_run, away


@lru_cache(maxsize=MOST_PACES)
def _text_from_pace(pace: Pace) -> str:
    """One word for each number. Most commits change no stream's pace, so that its text is made once
    and read back by few.
    """
    values = (pace.at, pace.calls, pace.busy_minutes, pace.since, pace.last_wait)
    return " ".join("-" if value is None else f"{value:.4f}" for value in values)


def _pace_from_text(text: str) -> Pace:
    at, calls, busy_minutes, since, last_wait = (
        None if word == "-" else float(word) for word in text.split()
    )
    return Pace(at or 0.0, calls or 0.0, busy_minutes or 0.0, since, last_wait)


_SELECT = sa.select(*_COLUMNS).where(
    office_days.c.office == sa.bindparam("b_office"), office_days.c.date == sa.bindparam("b_date")
)
_FIND = Compiled(_SELECT)
_LOCK = Compiled(_SELECT.with_for_update())
_UPDATE = Compiled(
    office_days.update()
    .where(
        office_days.c.office == sa.bindparam("b_office"),
        office_days.c.date == sa.bindparam("b_date"),
    )
    .values({name: sa.bindparam(name, type_=office_days.c[name].type) for name in _STATE})
)


@cache
def _insert(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(office_days).on_conflict_do_nothing()


def lock(
    connection: Connection, keys: Sequence[tuple[str, date]]
) -> dict[tuple[str, date], OfficeDay]:
    """Lock office-days in the order given and read them; the first command of a day makes its row.

    An unknown office yields no entry, so a command that touches it is refused when it asks for the
    office.
    """
    locked = {}
    for office, day in keys:
        parameters = {"b_office": office, "b_date": day}
        with pipelined(connection):
            rows = _LOCK.rows(connection, parameters)
        if not rows:
            if (
                connection.execute(
                    sa.select(offices.c.code).where(offices.c.code == office)
                ).one_or_none()
                is None
            ):
                continue
            empty = {**_row_from_day(OfficeDay(office, day)), "office": office, "date": day}
            connection.execute(
                _insert(connection.dialect.name),
                {name: value for name, value in empty.items() if not name.startswith("b_")},
            )
            rows = _LOCK.rows(connection, parameters)
        locked[office, day] = _day_from_row(rows[0])
    return locked


def save(connection: Connection, changed: Iterable[OfficeDay]) -> None:
    """Store office-days that were locked in this transaction."""
    rows = [_row_from_day(day) for day in changed]
    if rows:
        _UPDATE.run_each(connection, rows)


def find(connection: Connection, office: str, day: date) -> OfficeDay:
    """An office-day as last committed; an empty one before its first command."""
    rows = _FIND.rows(connection, {"b_office": office, "b_date": day})
    return _day_from_row(rows[0]) if rows else OfficeDay(office, day)


def find_each(
    connection: Connection, keys: Collection[tuple[str, date]]
) -> dict[tuple[str, date], OfficeDay]:
    """Several office-days as last committed, in one query; empty ones before their first
    command.
    """
    statement = sa.select(*_COLUMNS).where(
        sa.tuple_(office_days.c.office, office_days.c.date).in_(sorted(keys))
    )
    stored = {(row.office, row.date): _day_from_row(row) for row in connection.execute(statement)}
    return {key: stored.get(key) or OfficeDay(*key) for key in keys}


def list_unclosed(connection: Connection, until: date) -> list[tuple[str, date]]:
    """Office-days up to a date that still have somebody in the queue or in the room, an open
    counter or a stopped door.
    """
    statement = (
        sa.select(office_days.c.office, office_days.c.date)
        .where(
            office_days.c.date <= until,
            sa.or_(
                office_days.c.persons_inside > 0,
                office_days.c.parties_outside > 0,
                office_days.c.admitting.is_(False),
                sa.exists().where(
                    counter_days.c.office == office_days.c.office,
                    counter_days.c.date == office_days.c.date,
                    counter_days.c.clerk.is_not(None),
                ),
            ),
        )
        .order_by(office_days.c.date, office_days.c.office)
    )
    return [(row.office, row.date) for row in connection.execute(statement)]


def list_unsettled(connection: Connection, first: date, last: date) -> list[tuple[str, date]]:
    """Office-days between two dates with somebody outside, or with sensors that may have fallen
    silent.
    """
    statement = sa.select(office_days.c.office, office_days.c.date).where(
        office_days.c.date.between(first, last),
        sa.or_(office_days.c.parties_outside > 0, office_days.c.sensed.is_not(None)),
    )
    return [(row.office, row.date) for row in connection.execute(statement)]
