"""An office put whole in the place of another of its code, and the codes that were ever used."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.office.office import Office
from queue_server.store.tables import counters, events, offices
from queue_server.store.writer.transaction import Transaction

from . import hours
from . import offices as office_store


def was_code_used(tx: Transaction, code: str) -> bool:
    """Whether an office has this code, or had it and its log is kept."""
    for column in (offices.c.code, events.c.office):
        if tx.read(sa.select(column).where(column == code).limit(1)).one_or_none() is not None:
            return True
    return False


def find_foreign_counter(tx: Transaction, office: Office) -> str | None:
    """The id of a counter of this office that is another's already."""
    ids = [each.id for each in office.counters]
    statement = (
        sa.select(counters.c.id)
        .where(counters.c.id.in_(ids), counters.c.office != office.code)
        .order_by(counters.c.id)
        .limit(1)
    )
    taken: str | None = tx.read(statement).scalar_one_or_none()
    return taken


def replace(tx: Transaction, before: Office, after: Office) -> None:
    """Store an office in the place of `before`, of which it lacks no stream, service or counter.
    The caller revises the office.
    """
    office_store.save(tx, before, after)
    hours.set_week(tx, after.code, after.hours.week)
    hours.set_seasons(tx, after.code, after.hours.seasons)
    for day in {*before.hours.days, *after.hours.days}:
        if before.hours.days.get(day) != after.hours.days.get(day):
            hours.set_day(tx, after.code, day, after.hours.days.get(day))
