"""A ticket's view for its holder, inside a command or on its own."""

from __future__ import annotations

from flask import g
from sqlalchemy.engine import Connection

from queue_server.domain.visit.ticket import Ticket
from queue_server.services.screens.tickets import TicketPast, TicketView, view_past, view_ticket
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import days as day_store
from queue_server.store.writer.transaction import Transaction

from .context import context, now


def view_in(tx: Transaction, ticket: Ticket, public_url: str) -> TicketView:
    """The view of a ticket that a command has just changed.

    A command may be run by another request's thread, or by one without a request, so it asks no
    context for the public address. No command of a visitor leaves a ticket waiting, so no wait is
    given.
    """
    return view_ticket(
        tx, tx.office(ticket.office), tx.day(ticket.office, ticket.date), ticket, public_url, None
    )


def past_of(ticket: Ticket) -> TicketPast:
    """What the log tells its holder of a ticket."""
    with context().database.read() as connection:
        return view_past(connection, context().database.find_office(ticket.office), ticket)


def view_now(ticket: Ticket) -> TicketView:
    """The view of a ticket as last committed."""
    with context().database.read() as connection:
        return _view(connection, ticket)


def find_with_view(code: str) -> tuple[Ticket, TicketView]:
    """A ticket by its code and its view, both of one committed state. Raises `UnknownCode`."""
    with context().database.read() as connection:
        ticket = ticket_store.find_by_code(connection, code)
        g.office = ticket.office
        return ticket, _view(connection, ticket)


def _view(connection: Connection, ticket: Ticket) -> TicketView:
    database = context().database
    return view_ticket(
        connection,
        database.offices.recall(ticket.office) or database.offices.get(connection, ticket.office),
        day_store.find(connection, ticket.office, ticket.date),
        ticket,
        context().settings.public_url,
        now(),
        context().live.shown,
        context().live.calls,
    )
