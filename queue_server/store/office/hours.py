"""An office's hours as whole layers: the week, seasons and single days. Read by
`writer.office_rows`; the caller revises the office.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from queue_server.domain.office.hours import DayHours, Opening, Season
from queue_server.store.tables import day_hours, openings, seasons
from queue_server.store.writer.transaction import Transaction


def set_week(tx: Transaction, office: str, week: Iterable[Opening]) -> None:
    """Replace the weekly template."""
    tx.change(openings.delete().where(openings.c.office == office))
    for each in week:
        tx.insert(
            openings,
            {"office": office, "weekday": each.weekday, "opens": each.opens, "closes": each.closes},
        )


def set_seasons(tx: Transaction, office: str, wanted: Iterable[Season]) -> None:
    """Replace all seasons."""
    tx.change(seasons.delete().where(seasons.c.office == office))
    for each in wanted:
        stretches: list[list[Any]] = [
            [one.weekday, one.opens.isoformat(), one.closes.isoformat()] for one in each.openings
        ]
        tx.insert(
            seasons,
            {
                "office": office,
                "first": each.first,
                "last": each.last,
                "name": each.name,
                "openings": stretches,
            },
        )


def set_day(tx: Transaction, office: str, day: date, own: DayHours | None) -> None:
    """Give one date its own hours in place of any before, or none of its own."""
    tx.change(day_hours.delete().where(day_hours.c.office == office, day_hours.c.date == day))
    if own is not None:
        stretches = [[opens.isoformat(), closes.isoformat()] for opens, closes in own.openings]
        row = {
            "office": office,
            "date": day,
            "openings": stretches,
            "reason": dict(own.reason),
            "source": own.source.value,
        }
        tx.insert(day_hours, row)
