"""An office's hours: the week, seasons and single days, stored and read as whole layers. The caller revises the office."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..domain.hours import DayHours, Hours, Opening, Season, Source
from .tables import day_hours, openings, seasons

if TYPE_CHECKING:
    from .transaction import Transaction


def load(connection: Connection, office: str) -> Hours:
    """All three layers of an office's hours."""
    week = connection.execute(sa.select(openings).where(openings.c.office == office).order_by(openings.c.weekday, openings.c.opens))
    of_seasons = connection.execute(sa.select(seasons).where(seasons.c.office == office).order_by(seasons.c.first))
    of_days = connection.execute(sa.select(day_hours).where(day_hours.c.office == office).order_by(day_hours.c.date))
    return Hours(
        week=tuple(Opening(row.weekday, row.opens, row.closes) for row in week),
        seasons=tuple(
            Season(row.name, row.first, row.last, tuple(Opening(each[0], *_times(each[1:])) for each in row.openings)) for row in of_seasons
        ),
        days={row.date: DayHours(tuple(_times(each) for each in row.openings), row.reason, Source(row.source)) for row in of_days},
    )


def _times(stretch: Sequence[str]) -> tuple[time, time]:
    opens, closes = stretch
    return time.fromisoformat(opens), time.fromisoformat(closes)


def set_week(tx: Transaction, office: str, week: Iterable[Opening]) -> None:
    """Replace the weekly template."""
    tx.change(openings.delete().where(openings.c.office == office))
    for each in week:
        tx.insert(openings, {"office": office, "weekday": each.weekday, "opens": each.opens, "closes": each.closes})


def set_seasons(tx: Transaction, office: str, wanted: Iterable[Season]) -> None:
    """Replace all seasons."""
    tx.change(seasons.delete().where(seasons.c.office == office))
    for each in wanted:
        stretches: list[list[Any]] = [[one.weekday, one.opens.isoformat(), one.closes.isoformat()] for one in each.openings]
        tx.insert(seasons, {"office": office, "first": each.first, "last": each.last, "name": each.name, "openings": stretches})


def set_day(tx: Transaction, office: str, day: date, own: DayHours | None) -> None:
    """Give one date its own hours in place of any before, or none of its own."""
    tx.change(day_hours.delete().where(day_hours.c.office == office, day_hours.c.date == day))
    if own is not None:
        stretches = [[opens.isoformat(), closes.isoformat()] for opens, closes in own.openings]
        row = {"office": office, "date": day, "openings": stretches, "reason": dict(own.reason), "source": own.source.value}
        tx.insert(day_hours, row)
