"""Counting what was advised and whether it was followed: numbers by day, and nothing of a person.

The commands add to rows of their own and need no office-day. Where two processes add at once, one
waits for the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from queue_server.domain.triage.counting import COUNTS_KEPT, AnywayReason, Asker, Mark, came_anyway
from queue_server.domain.triage.script import Outcome
from queue_server.store.triage import counts as count_store
from queue_server.store.triage.counts import AdviceCount, ServedAnyway
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class Figures:
    """The numbers of an office from one date to another."""

    counts: tuple[AdviceCount, ...]
    served_anyway: tuple[ServedAnyway, ...]


def count_advice(
    tx: Transaction, office: str, service: str, outcome: Outcome, asker: Asker, now: datetime
) -> None:
    """Count that something was advised. Raises `UnknownOffice`."""
    day = tx.office(office).date_at(now)
    count_store.add(tx, office, day, service, outcome, asker, advised=1)


def count_override(
    tx: Transaction, office: str, service: str, outcome: Outcome, now: datetime
) -> None:
    """Count that a visitor pressed "come anyway". Raises `UnknownOffice`."""
    day = tx.office(office).date_at(now)
    count_store.add(tx, office, day, service, outcome, Asker.VISITOR, overridden=1)


def count_return(
    tx: Transaction, office: str, service: str, marks: Iterable[Mark], now: datetime
) -> bool:
    """Count a visitor who books although the advice was against it, on the day of that advice.
    Returns whether one was counted. Raises `UnknownOffice`.
    """
    mark = came_anyway(marks, tx.office(office).date_at(now))
    if mark is None:
        return False
    count_store.add(tx, office, mark.date, service, mark.outcome, Asker.VISITOR, returned=1)
    return True


def count_served_anyway(
    tx: Transaction, office: str, service: str, reason: AnywayReason, now: datetime
) -> None:
    """Count a visit that staff serve although something else was advised. Raises
    `UnknownOffice`.
    """
    count_store.add_served_anyway(tx, office, tx.office(office).date_at(now), service, reason)


def list_figures(connection: Connection, office: str, first: date, last: date) -> Figures:
    """The numbers of an office from one date to another, both included."""
    return Figures(
        tuple(count_store.list_counts(connection, office, first, last)),
        tuple(count_store.list_served_anyway(connection, office, first, last)),
    )


def forget_counts(tx: Transaction, now: datetime) -> int:
    """Delete the numbers of days long ago. Returns how many rows."""
    return count_store.forget_before(tx, (now - COUNTS_KEPT).date())
