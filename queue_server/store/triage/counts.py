"""How often something was advised, and how often somebody came anyway. No row is about a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from queue_server.domain.triage.counting import AnywayReason, Asker
from queue_server.domain.triage.script import Outcome
from queue_server.store.tables import triage_counts, triage_overrides
from queue_server.store.writer.transaction import Transaction

NUMBERS = ("advised", "overridden", "returned")


@dataclass(frozen=True)
class AdviceCount:
    """How often an outcome was advised for a service, how often "come anyway" was pressed then, and
    how many booked within `RETURN_DAYS` although it advised against coming.
    """

    service: str
    outcome: Outcome
    asker: Asker
    advised: int
    overridden: int
    returned: int


@dataclass(frozen=True)
class ServedAnyway:
    """How many visits of a service staff served although something else was advised, and why."""

    service: str
    reason: AnywayReason
    visits: int


@cache
def _adding(table: sa.Table, numbers: Sequence[str], dialect: str) -> Any:
    """Insert a row of numbers, or add them to the row that is there."""
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    return insert.on_conflict_do_update(
        index_elements=[each.name for each in table.primary_key],
        set_={name: table.c[name] + insert.excluded[name] for name in numbers},
    )


def add(
    tx: Transaction,
    office: str,
    day: date,
    service: str,
    outcome: Outcome,
    asker: Asker,
    *,
    advised: int = 0,
    overridden: int = 0,
    returned: int = 0,
) -> None:
    """Add to the numbers of a day."""
    row = {
        "office": office,
        "date": day,
        "service": service,
        "outcome": outcome.value,
        "asker": asker.value,
        "advised": advised,
        "overridden": overridden,
        "returned": returned,
    }
    tx.change(_adding(triage_counts, NUMBERS, tx.dialect), row)


def add_served_anyway(
    tx: Transaction, office: str, day: date, service: str, reason: AnywayReason
) -> None:
    """Count one more visit that staff served anyway."""
    row = {"office": office, "date": day, "service": service, "reason": reason.value, "visits": 1}
    tx.change(_adding(triage_overrides, ("visits",), tx.dialect), row)


def list_counts(connection: Connection, office: str, first: date, last: date) -> list[AdviceCount]:
    """The numbers of an office from one date to another, summed up, by service and outcome."""
    keys = (triage_counts.c.service, triage_counts.c.outcome, triage_counts.c.asker)
    statement = (
        sa.select(*keys, *(sa.func.sum(triage_counts.c[each]) for each in NUMBERS))
        .where(triage_counts.c.office == office, triage_counts.c.date.between(first, last))
        .group_by(*keys)
        .order_by(*keys)
    )
    return [
        AdviceCount(service, Outcome(outcome), Asker(asker), *map(int, numbers))
        for service, outcome, asker, *numbers in connection.execute(statement)
    ]


def list_served_anyway(
    connection: Connection, office: str, first: date, last: date
) -> list[ServedAnyway]:
    """The visits served anyway from one date to another, by service and reason."""
    keys = (triage_overrides.c.service, triage_overrides.c.reason)
    statement = (
        sa.select(*keys, sa.func.sum(triage_overrides.c.visits))
        .where(triage_overrides.c.office == office, triage_overrides.c.date.between(first, last))
        .group_by(*keys)
        .order_by(*keys)
    )
    return [
        ServedAnyway(service, AnywayReason(reason), int(visits))
        for service, reason, visits in connection.execute(statement)
    ]


def forget_before(tx: Transaction, day: date) -> int:
    """Delete the numbers of days before a date. Returns how many rows."""
    return sum(
        tx.change(table.delete().where(table.c.date < day)).rowcount
        for table in (triage_counts, triage_overrides)
    )
