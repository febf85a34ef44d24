"""The acts in the log that somebody looks for, newest first, over the days of an office."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.audit.acts import SoughtActs
from queue_server.domain.events import EventType, RecordedEvent
from queue_server.store.tables import (
    ACTS_INDEX,
    IS_NO_STEP,
    IS_PICKED,
    PICKED_INDEX,
    chain_heads,
    chain_links,
    events,
    office_days,
)
from queue_server.store.visit.events import event_from_row

LogMark = tuple[date, int]
"""Where an event stands in the log of its office: its date and number."""

_c: Any = SimpleNamespace(**{each.name: sa.column(each.name, each.type) for each in events.c})
"""The columns of `events` without the table, which each query names with the index to use."""


def list_acts(
    connection: Connection,
    office: str,
    sought: SoughtActs,
    most: int,
    before: LogMark | None = None,
    calls: Collection[int] | None = None,
) -> list[RecordedEvent]:
    """At most so many acts, newest first; those `before` a mark, if given. Of calls there are
    those with these numbers, where one day is looked at, else those that a clerk picked.
    """
    events_found: list[RecordedEvent] = []
    for source, conditions in _sources(connection, office, sought, calls):
        statement = sa.select(*vars(_c).values()).select_from(source).where(*conditions)
        if before is not None:
            day, seq = before
            # The first part alone can be events_found by the index.
            statement = statement.where(_c.date <= day, sa.or_(_c.date < day, _c.seq < seq))
        statement = statement.order_by(_c.date.desc(), _c.seq.desc()).limit(most)
        events_found += [event_from_row(row) for row in connection.execute(statement)]
    return sorted(events_found, key=lambda each: (each.event.date, each.seq), reverse=True)[:most]


def count_acts(
    connection: Connection, office: str, sought: SoughtActs, calls: Collection[int] | None = None
) -> dict[EventType, int]:
    """How many acts of each type there are; `calls` as in `list_acts`."""
    counts: dict[EventType, int] = {}
    for source, conditions in _sources(connection, office, sought, calls):
        statement = sa.select(_c.type, sa.func.count()).select_from(source).where(*conditions)
        for type, number in connection.execute(statement.group_by(_c.type)):
            counts[EventType(type)] = number
    return counts


def _sources(
    connection: Connection, office: str, sought: SoughtActs, calls: Collection[int] | None
) -> list[tuple[sa.TextClause, Sequence[sa.ColumnElement[bool] | sa.TextClause]]]:
    """What to ask for acts, and what for calls by hand: both have an index of their own."""
    common = [_c.office == office, _c.date.between(sought.first, sought.last), *_narrowed(sought)]
    asked: list[tuple[sa.TextClause, Sequence[sa.ColumnElement[bool] | sa.TextClause]]] = []
    plain = [each.value for each in sought.types if each is not EventType.CALLED]
    if plain:
        is_act = (sa.text(IS_NO_STEP), _c.type.in_(plain))
        asked.append((_from(connection, ACTS_INDEX), [*is_act, *common]))
    if EventType.CALLED not in sought.types:
        return asked
    if calls is None:
        is_picked = sa.text(IS_PICKED[connection.dialect.name])
        asked.append((_from(connection, PICKED_INDEX), [is_picked, *common]))
    else:
        is_call = (_c.type == EventType.CALLED.value, _c.seq.in_(sorted(calls)))
        asked.append((sa.text("events"), [*is_call, *common]))
    return asked


def _from(connection: Connection, index: str) -> sa.TextClause:
    """The log by an index. SQLite has to be told: it rather reads whole days by the key."""
    return sa.text(
        f"events INDEXED BY {index}" if connection.dialect.name == "sqlite" else "events"
    )


def _narrowed(sought: SoughtActs) -> list[sa.ColumnElement[bool]]:
    """What the facts of an event must say."""
    facts, wanted = _c.facts, []
    if sought.person is not None:
        whose = [facts[name].as_string() for name in ("by", "user")]
        wanted.append(sa.or_(*(each == sought.person for each in whose)))
    if sought.counter is not None:
        called_to = facts[("changed", "counter", 1)].as_string()
        is_called_to = sa.and_(_c.type == EventType.CALLED.value, called_to == sought.counter)
        wanted.append(sa.or_(facts["counter"].as_string() == sought.counter, is_called_to))
    if sought.device is not None:
        which = [facts[name].as_string() for name in ("device", "by")]
        wanted.append(sa.or_(*(each == sought.device for each in which)))
    if sought.number is not None:
        wanted.append(facts["number"].as_string().startswith(sought.number, autoescape=True))
    return wanted


def find_first_day(connection: Connection, office: str) -> date | None:
    """The oldest day of an office's log."""
    statement = sa.select(sa.func.min(office_days.c.date)).where(
        office_days.c.office == office, office_days.c.seq > 0
    )
    day: date | None = connection.execute(statement).scalar_one()
    return day


def find_last_link(connection: Connection, office: str) -> tuple[int, LogMark] | None:
    """The number of the last link of an office's chain, and to which event it goes."""
    own = sa.and_(
        chain_heads.c.office == chain_links.c.office, chain_heads.c.number == chain_links.c.number
    )
    statement = (
        sa.select(chain_links.c.number, chain_links.c.date, chain_links.c.seq)
        .join(chain_heads, own)
        .where(chain_links.c.office == office)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else (row.number, (row.date, row.seq))
