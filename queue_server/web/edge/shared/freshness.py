"""How old a shared page may be: a second in a rush, and otherwise not older than what this process
has committed last.
"""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from queue_server.domain.booking.rush import BURST_LEAST
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import parse_code
from queue_server.services.booking.availability import minute_of
from queue_server.store.booking import takings as taking_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.web.edge.context import context, find_office, list_offices, now
from queue_server.web.edge.strangers.persons import visitor_of
from queue_server.web.edge.ticket_views import find_with_view


def this_second() -> tuple[int, int]:
    """A mark that changes each second, by the office's clock and by the machine's: what another
    process has committed is seen on a page within that time.
    """
    return int(now().timestamp()), int(monotonic())


def is_rushed(office: Office) -> bool:
    """Whether many take places at an office, as was seen within the last second."""

    def look() -> bool:
        with context().database.read() as connection:
            return taking_store.is_busy(connection, office.code, now(), BURST_LEAST)

    return context().rushes.get(office.code, this_second(), look)


def ticket_version(code: str) -> tuple[object, ...] | None:
    """The version of the page of one ticket: the ticket, its place and wait, and how its visitor is
    reached, as this process has committed last and another within a second; and the minute, as the
    page says when it was made. None for another spelling of the code, which has no page. Raises
    `UnknownCode`.
    """
    if parse_code(code) != code:
        return None
    asked_at = (context().database.commits, this_second())
    return context().tickets.get(code, asked_at, lambda: _look_at(code))


def ticket_office(code: str) -> str:
    """The code of the office of a ticket. Raises `UnknownCode`."""
    with context().database.read() as connection:
        return ticket_store.find_by_code(connection, parse_code(code)).office


def _look_at(code: str) -> tuple[object, ...]:
    ticket, view = find_with_view(code)
    seen, office = replace(view, version=("", 0)), find_office(ticket.office)
    visitor = visitor_of(ticket)
    # A version stays in memory, and nothing of the person should.
    contact = hash((visitor.email, visitor.phone)) if visitor else None
    return ticket, seen, contact, office.revision, minute_of(now())


def office_version(office_code: str) -> tuple[object, ...]:
    """The version of a page about one office. Raises `UnknownOffice`.

    In a rush each hold is a commit, and to make the pages anew for each would cost as much as to
    make them for each visitor.
    """
    office = find_office(office_code)
    commits = None if is_rushed(office) else context().database.commits
    return office.revision, this_second(), commits


def service_version(office_code: str, service_code: str) -> tuple[object, ...]:
    """The version of a page about one service of an office. Raises `UnknownOffice`,
    `UnknownService`.
    """
    find_office(office_code).service(service_code)
    return office_version(office_code)


def offices_version() -> tuple[object, ...]:
    """The version of a page about all offices; while one of them is in a rush, it is a second
    old. What another process has changed is seen on it within that time.
    """

    def look() -> bool:
        return any(is_rushed(office) for office in list_offices())

    rushed = context().rushes.get("", this_second(), look)
    return this_second(), None if rushed else context().database.commits
