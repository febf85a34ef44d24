"""The figures of the days of an office, as rows of JSON. They hold no more than the log does, and
may be deleted at any time: who misses them counts anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.reports.counted import Basis, CountedDay
from queue_server.domain.reports.figures import Figures, Lead, Outcome, OverCause
from queue_server.domain.reports.spread import Spread
from queue_server.store.tables import day_figures, office_days
from queue_server.store.writer.transaction import Transaction

_OF_DAY = sa.and_(
    day_figures.c.office == office_days.c.office, day_figures.c.date == office_days.c.date
)


def list_days(
    connection: Connection, office: str, first: date, last: date
) -> Iterator[tuple[date, int, CountedDay | None]]:
    """The dates between two on which anything happened at an office, in order: with the number of
    the last event, and the figures that are kept.
    """
    statement = (
        sa.select(office_days.c.date, office_days.c.seq, *_COLUMNS)
        .select_from(office_days.outerjoin(day_figures, _OF_DAY))
        .where(
            office_days.c.office == office,
            office_days.c.date.between(first, last),
            office_days.c.seq > 0,
        )
        .order_by(office_days.c.date)
    )
    for row in connection.execute(statement):
        yield row.date, row.seq, None if row.rules is None else _from_row(row)


def find_uncounted(
    connection: Connection, office: str, zone: str, rules: str, before: date
) -> tuple[date, int] | None:
    """The latest date before one whose figures are not kept, or were counted from another log, in
    another zone or by other rules; with the number of its last event.
    """
    statement = (
        sa.select(office_days.c.date, office_days.c.seq)
        .select_from(office_days.outerjoin(day_figures, _OF_DAY))
        .where(
            office_days.c.office == office,
            office_days.c.date < before,
            office_days.c.seq > 0,
            sa.or_(
                day_figures.c.seq.is_(None),
                day_figures.c.seq != office_days.c.seq,
                day_figures.c.zone != zone,
                day_figures.c.rules != rules,
            ),
        )
        .order_by(office_days.c.date.desc())
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else (row.date, row.seq)


def keep(tx: Transaction, office: str, day: date, counted: CountedDay) -> None:
    """Keep the figures of a date, in place of those before."""
    mine = (day_figures.c.office == office, day_figures.c.date == day)
    tx.change(day_figures.delete().where(*mine))
    basis = counted.basis
    row = {
        "seq": basis.seq,
        "zone": basis.zone,
        "limit_before": basis.limit,
        "limit_after": counted.limit_after,
        "rules": basis.rules,
        "figures": write_figures(counted.figures),
    }
    tx.insert(day_figures, {"office": office, "date": day, **row})


_COLUMNS = (
    day_figures.c.seq.label("counted_seq"),
    day_figures.c.zone,
    day_figures.c.limit_before,
    day_figures.c.limit_after,
    day_figures.c.rules,
    day_figures.c.figures,
)


def _from_row(row: Any) -> CountedDay:
    basis = Basis(row.counted_seq, row.zone, row.limit_before, row.rules)
    return CountedDay(basis, read_figures(row.figures), row.limit_after)


_COUNTS: dict[str, type[StrEnum]] = {
    "outcomes": Outcome,
    "remote": Outcome,
    "came": Lead,
    "missed": Lead,
    "over_seconds": OverCause,
}


def write_figures(figures: Figures) -> dict[str, Any]:
    """Figures as JSON: numbers, objects of numbers, and lists of numbers by twos or threes."""
    written = {each.name: getattr(figures, each.name) for each in fields(Figures)}
    return written | {
        "load": [[*cell, number] for cell, number in figures.load.items()],
        "waits_by_hour": [
            [*cell, _write_spread(spread)] for cell, spread in figures.waits_by_hour.items()
        ],
        "services": _write_spread(figures.services),
        "visits": _write_spread(figures.visits),
        "peak_by_hour": list(figures.peak_by_hour.items()),
    }


def read_figures(written: dict[str, Any]) -> Figures:
    """The same figures."""
    read = {
        name: Counter({kind(key): number for key, number in written[name].items()})
        for name, kind in _COUNTS.items()
    }
    return Figures(
        **written
        | read
        | {
            "load": Counter({(day, hour): number for day, hour, number in written["load"]}),
            "waits_by_hour": {
                (day, hour): _read_spread(spread) for day, hour, spread in written["waits_by_hour"]
            },
            "services": _read_spread(written["services"]),
            "visits": _read_spread(written["visits"]),
            "peak_by_hour": dict(written["peak_by_hour"]),
        }
    )


def _write_spread(spread: Spread) -> list[int]:
    return [each for pair in spread.counts.items() for each in pair]


def _read_spread(written: list[int]) -> Spread:
    return Spread(Counter(dict(zip(written[::2], written[1::2], strict=True))))
