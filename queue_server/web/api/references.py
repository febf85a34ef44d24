"""Which ticket or counter an address of the API means."""

from __future__ import annotations

from queue_server.domain.errors import UnknownCode, UnknownCounter, UnknownTicket
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import (
    CodeReference,
    IdReference,
    NumberReference,
    parse_reference,
)
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.counter import counters as counter_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.web.edge.access.principals import Principal, current
from queue_server.web.edge.context import context, find_ticket, find_ticket_by_code, now


def office_of(counter: str) -> str:
    """The office of a counter, if the caller works there; another's is as unknown as none. Raises
    `UnknownCounter`.
    """
    with context().database.read() as connection:
        office = counter_store.office_of(connection, counter, None)
    if office is None or not current().may_work_in(office):
        raise UnknownCounter(counter=counter)
    return office


def find_own(reference: str) -> tuple[Ticket, Principal]:
    """A ticket by id or code, if the caller works in its office; another office's is as unknown as
    none.

    Raises `UnknownCode`, also for a number, which names a ticket of one day alone; `UnknownTicket`.
    """
    who = current()
    match parse_reference(reference):
        case CodeReference(code):
            ticket = find_ticket_by_code(code, None)
            if not who.may_work_in(ticket.office):
                raise UnknownCode()
            return ticket, who
        case IdReference(id):
            ticket = find_ticket(id, None)
            if not who.may_work_in(ticket.office):
                raise UnknownTicket(ticket=id)
            return ticket, who
        case NumberReference():
            raise UnknownCode()


def find_shown(office: Office, shown: str) -> Ticket:
    """The ticket of what was typed or scanned: a code, a link, today's number, an id. Another
    office's is as unknown as none.

    Raises `UnknownCode`, `UnknownTicket`.
    """
    match parse_reference(shown):
        case CodeReference(code):
            return find_ticket_by_code(code, office.code)
        case IdReference(id):
            return find_ticket(id, office.code)
        case NumberReference(number):
            with context().database.read() as connection:
                return ticket_store.find_by_number(
                    connection, office.code, office.date_at(now()), number
                )
