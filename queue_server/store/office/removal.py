"""Taking an office away with everything that is about it, but for its log."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from queue_server.domain.visit.transitions import LIVE_STATES
from queue_server.store.tables import (
    chain_heads,
    chain_links,
    event_hashes,
    events,
    metadata,
    office_days,
    offices,
    tickets,
)
from queue_server.store.writer.transaction import Transaction

LOG = frozenset({events, event_hashes, chain_links, chain_heads})
"""What stays: what happened, with its chain, until the log itself is too old. It names nobody."""


def lock_office(tx: Transaction, office: str) -> None:
    """Let nothing else happen to an office until the commit: no day of it is locked by others, and
    none can begin.
    """
    tx.read(sa.select(offices.c.code).where(offices.c.code == office).with_for_update())
    days = sa.select(office_days.c.date).where(office_days.c.office == office)
    tx.read(days.order_by(office_days.c.date).with_for_update())


def count_live_visits(tx: Transaction, office: str) -> int:
    """How many visits are not over: booked, waiting, being served."""
    states = [each.value for each in sorted(LIVE_STATES)]
    statement = (
        sa.select(sa.func.count())
        .select_from(tickets)
        .where(tickets.c.office == office, tickets.c.state.in_(states))
    )
    return int(tx.read(statement).scalar_one())


def delete(tx: Transaction, office: str) -> None:
    """Delete an office, and whatever names it, what hangs on it first."""
    for table in reversed(metadata.sorted_tables):
        if table in LOG or table is offices:
            continue
        for condition in _find_own(table, office):
            tx.change(table.delete().where(condition))
    tx.change(offices.delete().where(offices.c.code == office))
    tx.forget_office(office)


def _find_own(table: sa.Table, office: str) -> Iterator[sa.ColumnElement[bool]]:
    """Which rows of a table are an office's: by its code, or by what they belong to."""
    if "office" in table.c:
        yield table.c.office == office
        return
    for constraint in table.foreign_key_constraints:
        parent = constraint.referred_table
        if "office" in parent.c and len(constraint.elements) == 1:
            [element] = constraint.elements
            mine = sa.select(element.column).where(parent.c.office == office)
            yield element.parent.in_(mine)
