"""How a manager changes things in these tests: fill in, look at the dry run, apply."""

from __future__ import annotations

from datetime import date
from functools import partial
from hashlib import sha256

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.booking import availability, booking
from queue_server.services.places.ticket_ids import draw
from queue_server.store.visit import tickets as ticket_store
from tests.web.site import Form, Site, forms_of

FRIDAY = date(2026, 11, 27)


def office_of(site: Site) -> Office:
    return site.application.database.find_office("3674")


def change_form(page: TestResponse, action: str) -> Form:
    return next(each for each in forms_of(page) if each.action.partition("?")[0] == action)


def review(site: Site, browser: FlaskClient, path: str, **values: str) -> TestResponse:
    """Fill in the form of a page and ask what it would change."""
    return site.send(browser, change_form(browser.get(path), path.partition("?")[0]), **values)


def apply(site: Site, browser: FlaskClient, shown: TestResponse, action: str) -> TestResponse:
    return site.send(browser, change_form(shown, action), step="apply")


def book(
    site: Site,
    day: date,
    *,
    number: int = 0,
    service: str = "KK",
    urgent: bool = False,
    **contact: str,
) -> Ticket:
    """A booking of the first free time of a day."""
    database = site.application.database
    with database.read() as connection:
        slots = availability.list_availability(
            connection, office_of(site), service, day, 1, 1, site.clock.now, urgent=urgent
        )[0].slots
    slot = next(each for each in slots if each.free)
    visitor = Visitor(
        f"Tamu {number}", sha256(f"{day}{number}".encode()).hexdigest(), "0001", **contact
    )
    wanted = BookingRequest(service, slot.starts_at, visitor, urgent=urgent)
    return database.write(
        [("3674", day)],
        partial(booking.book, office="3674", wanted=wanted, draw=draw(), now=site.clock.now),
    )


def state_of(site: Site, ticket: Ticket) -> State:
    with site.application.database.read() as connection:
        return ticket_store.find(connection, ticket.id).state
