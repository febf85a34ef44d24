"""The acts in the log that somebody looks for, newest first, over the days of an office."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.audit.acts import SoughtActs
from queue_server.domain.events import EventType, RecordedEvent
from queue_server.store.tables import IS_NO_STEP, chain_heads, chain_links, events, office_days
from queue_server.store.visit.events import event_from_row

Place = tuple[date, int]
"""Where an event stands in the log of its office: its date and number."""


def list_acts(
    connection: Connection,
    office: str,
    sought: SoughtActs,
    most: int,
    before: Place | None = None,
    also: Collection[int] = (),
) -> list[RecordedEvent]:
    """At most so many acts, newest first; those `before` a place, if given. Of calls there are
    those that a clerk picked, and those with the numbers `also`, where one day is looked at.
    """
    statement = (
        sa.select(events)
        .where(sa.text(IS_NO_STEP), *_wanted(office, sought, also))
        .order_by(events.c.date.desc(), events.c.seq.desc())
        .limit(most)
    )
    if before is not None:
        day, seq = before
        # The first part alone can be found by the index.
        statement = statement.where(
            events.c.date <= day, sa.or_(events.c.date < day, events.c.seq < seq)
        )
    return [event_from_row(row) for row in connection.execute(statement)]


def count_acts(
    connection: Connection, office: str, sought: SoughtActs, also: Collection[int] = ()
) -> dict[EventType, int]:
    """How many acts of each type there are."""
    statement = (
        sa.select(events.c.type, sa.func.count())
        .where(sa.text(IS_NO_STEP), *_wanted(office, sought, also))
        .group_by(events.c.type)
    )
    return {EventType(type): number for type, number in connection.execute(statement)}


def _wanted(office: str, sought: SoughtActs, also: Collection[int]) -> list[sa.ColumnElement[bool]]:
    facts = events.c.facts
    plain = [each.value for each in sought.types if each is not EventType.CALLED]
    is_act: sa.ColumnElement[bool] = events.c.type.in_(plain)
    if EventType.CALLED in sought.types:
        by_hand = facts["direct"].as_boolean()
        if also:
            by_hand = sa.or_(by_hand, events.c.seq.in_(sorted(also)))
        is_act = sa.or_(is_act, sa.and_(events.c.type == EventType.CALLED.value, by_hand))
    wanted = [events.c.office == office, events.c.date.between(sought.first, sought.last), is_act]
    if sought.person is not None:
        wanted.append(
            sa.or_(*(facts[name].as_string() == sought.person for name in ("by", "user")))
        )
    if sought.counter is not None:
        called_to = facts[("changed", "counter", 1)].as_string()
        wanted.append(
            sa.or_(
                facts["counter"].as_string() == sought.counter,
                sa.and_(events.c.type == EventType.CALLED.value, called_to == sought.counter),
            )
        )
    if sought.device is not None:
        wanted.append(
            sa.or_(*(facts[name].as_string() == sought.device for name in ("device", "by")))
        )
    if sought.number is not None:
        number = facts["number"].as_string()
        wanted.append(number.startswith(sought.number, autoescape=True))
    return wanted


def find_first_day(connection: Connection, office: str) -> date | None:
    """The oldest day of an office's log."""
    statement = sa.select(sa.func.min(office_days.c.date)).where(
        office_days.c.office == office, office_days.c.seq > 0
    )
    day: date | None = connection.execute(statement).scalar_one()
    return day


def find_last_link(connection: Connection, office: str) -> tuple[int, Place] | None:
    """The number of the last link of an office's chain, and to which event it goes."""
    statement = (
        sa.select(chain_links.c.number, chain_links.c.date, chain_links.c.seq)
        .join(
            chain_heads,
            sa.and_(
                chain_heads.c.office == chain_links.c.office,
                chain_heads.c.number == chain_links.c.number,
            ),
        )
        .where(chain_links.c.office == office)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else (row.number, (row.date, row.seq))
