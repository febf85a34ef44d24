"""The waitlist over the API: join, look, take or decline an offer, leave."""

from __future__ import annotations

from flask import Response

from queue_server.domain import errors
from queue_server.domain.visit.numbering import parse_code
from queue_server.services.booking import waitlist
from queue_server.services.booking.waitlist import WaitRequest
from queue_server.services.booking.waitlist_view import WaitView, view_standing
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.tickets import TicketView
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.public import WaitBody
from queue_server.web.edge.context import context, find_office, now
from queue_server.web.edge.forms.visitor import identify, read_visitor
from queue_server.web.edge.strangers.contact_proof import ask_of_waiting
from queue_server.web.edge.strangers.persons import telling_nobody
from queue_server.web.edge.ticket_views import view_now
from queue_server.web.edge.waitlist_steps import look_at, offer_what_is_kept, press, view_at


@operation(
    "POST",
    "/offices/{office}/waitlist",
    access=None,
    tag="public",
    body=WaitBody,
    answers={201: WaitView},
    once=True,
    refusals=[
        errors.UnknownOffice,
        errors.UnknownService,
        errors.BadInput,
        errors.LimitReached,
        errors.NotInService,
    ],
)
def join_waitlist(office: str, body: WaitBody) -> Response:
    """Wait for a place that somebody else gives up."""
    the_office = find_office(office)
    moment, fresh, public_url = now(), draw(), context().settings.public_url
    visitor = read_visitor(
        lambda: identify(the_office, body.service, body.nik, body.passport),
        body.name,
        body.phone,
        body.email,
        body.needs,
        represented=body.represented,
        reminders=body.notify,
    )
    asked = ask_of_waiting(visitor)
    wanted = WaitRequest(
        body.service,
        body.first_date,
        body.last_date,
        visitor,
        body.party_size,
        body.assistance,
        body.language,
        asked.contact,
        asked.needs_proof,
        asked.by_phone,
        body.visit,
    )

    def command(tx: Transaction) -> WaitView:
        entry = waitlist.join(tx, office, wanted, fresh, moment)
        return view_standing(the_office, waitlist.stand_in_line(tx, entry), public_url)

    with telling_nobody(the_office.code, visitor):
        joined = perform([], command, status=201, person=visitor.nik_fingerprint)
    offer_what_is_kept(look_at(joined.get_json()["code"]).entry)
    return joined


@operation(
    "GET",
    "/waitlist/{code}",
    access=None,
    tag="public",
    answers={200: WaitView},
    refusals=[errors.UnknownCode],
)
def show_wait(code: str) -> WaitView:
    """Show an entry of the waitlist to whoever holds its secret code."""
    return view_at(parse_code(code))


@operation(
    "POST",
    "/waitlist/{code}/accept",
    access=None,
    tag="public",
    body=Nothing,
    answers={200: TicketView},
    refusals=[
        errors.UnknownCode,
        errors.WrongState,
        errors.TooLate,
        errors.LimitReached,
        errors.Paused,
        errors.Changed,
    ],
)
def accept_offer(code: str, body: Nothing) -> TicketView:
    """Take the place offered: it becomes a booking."""
    return view_now(press(parse_code(code), waitlist.accept, context().database.write))


@operation(
    "POST",
    "/waitlist/{code}/decline",
    access=None,
    tag="public",
    body=Nothing,
    answers={200: WaitView},
    refusals=[errors.UnknownCode, errors.WrongState, errors.Changed],
)
def decline_offer(code: str, body: Nothing) -> WaitView:
    """Let the place offered go to the next, and wait on."""
    known = parse_code(code)
    press(known, waitlist.decline, context().database.write)
    return view_at(known)


@operation(
    "POST",
    "/waitlist/{code}/leave",
    access=None,
    tag="public",
    body=Nothing,
    answers={200: WaitView},
    refusals=[errors.UnknownCode, errors.WrongState, errors.Changed],
)
def leave_waitlist(code: str, body: Nothing) -> WaitView:
    """Wait no longer; what is known of the person is forgotten."""
    known = parse_code(code)
    press(known, waitlist.leave, context().database.write)
    return view_at(known)
