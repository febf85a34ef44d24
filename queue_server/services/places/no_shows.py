"""Missed visits: counted against whoever booked and did not come, or let another person come with
the booking; taken back when they come late, forgotten when they no longer count.

They shorten how far ahead a person may book online. They never close the door to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from queue_server.domain.booking.person_limits import counted_since
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.store.booking import no_shows as no_show_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def follow_no_show(tx: Transaction, before: Ticket, after: Ticket, now: datetime) -> None:
    """Count or uncount a booked visit that a step has just made missed, or no longer missed.
    Walk-ins are never counted.
    """
    if after.slot is None or (before.state is State.NO_SHOW) == (after.state is State.NO_SHOW):
        return
    if before.state is State.NO_SHOW:
        uncount_missed(tx, after)
    else:
        count_missed(tx, after, now)


def count_missed(tx: Transaction, ticket: Ticket, now: datetime) -> None:
    """Count a booked visit against its person, unless that person is forgotten."""
    visitor = ticket_store.find_visitor(tx, ticket.office, ticket.id)
    if visitor is not None:
        no_show_store.add(tx, ticket.id, ticket.office, visitor.nik_fingerprint, now)


def uncount_missed(tx: Transaction, ticket: Ticket) -> None:
    """Count a booked visit against its person no longer."""
    no_show_store.remove(tx, ticket.office, ticket.id)


def list_missed(tx: Transaction, office: Office, fingerprint: str, now: datetime) -> list[datetime]:
    """When a person missed booked visits that still count."""
    return no_show_store.list_times(tx, office.code, fingerprint, counted_since(office.rules, now))


def forget_no_shows(tx: Transaction, offices: Iterable[str], now: datetime) -> int:
    """Delete the missed visits that count no longer. Returns how many."""
    return sum(
        no_show_store.forget_before(tx, code, counted_since(tx.office(code).rules, now))
        for code in offices
    )
