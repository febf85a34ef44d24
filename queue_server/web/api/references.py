"""Which ticket or counter an address of the API means."""

from __future__ import annotations

import re

from queue_server.domain.errors import UnknownCounter
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import CODE_LENGTH, parse_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.counter import counters as counter_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.web.edge.auth import Principal, current
from queue_server.web.edge.context import context, find_ticket, find_ticket_by_code, now


def office_of(counter: str) -> str:
    """The office of a counter, if the caller works there; another's is as unknown as none. Raises
    `UnknownCounter`.
    """
    with context().database.read() as connection:
        office = counter_store.office_of(connection, counter, current().office)
    if office is None:
        raise UnknownCounter(counter=counter)
    return office


def find_own(reference: str) -> tuple[Ticket, Principal]:
    """A ticket by id or code, if the caller works in its office; another office's is as unknown as
    none.
    """
    who = current()
    if len(reference) <= CODE_LENGTH + 2:
        return find_ticket_by_code(parse_code(reference), who.office), who
    return find_ticket(reference, who.office), who


_NUMBER = re.compile(r"[A-Z]\d{3,6}\Z")


def find_shown(office: Office, shown: str) -> Ticket:
    """The ticket of what was typed or scanned: a code, a link, today's number, an id. Another
    office's is as unknown as none.

    Raises `UnknownCode`, `UnknownTicket`.
    """
    text = shown.strip().rstrip("/").rpartition("/")[2]
    number = re.sub(r"[\s-]", "", text).upper()
    if _NUMBER.match(number):
        with context().database.read() as connection:
            return ticket_store.find_by_number(
                connection, office.code, office.date_at(now()), number
            )
    if len(text) > 2 * CODE_LENGTH:
        return find_ticket(text, office.code)
    return find_ticket_by_code(parse_code(text), office.code)
