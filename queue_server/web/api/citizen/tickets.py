"""What anybody may ask: offices, services, a ticket by its secret code, the board."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

from flask import Response

from queue_server.domain import errors
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.protocol.messages import Board
from queue_server.services.booking import cancelling, moving
from queue_server.services.office import offices
from queue_server.services.office.offices import OfficeView, ServiceView
from queue_server.services.places.ticket_ids import draw_chance
from queue_server.services.screens.day import read_day
from queue_server.services.screens.tickets import TicketView
from queue_server.services.shown import ticket_url
from queue_server.store.office import offices as office_store
from queue_server.web.api.answers import not_modified, with_etag
from queue_server.web.api.operations import operation
from queue_server.web.api.paging import cut_page
from queue_server.web.api.performing import perform
from queue_server.web.edge.access.principals import principal
from queue_server.web.edge.access.routes import AT_RECEPTION
from queue_server.web.edge.bodies.base import PageQuery
from queue_server.web.edge.bodies.public import CancelBody, RescheduleBody
from queue_server.web.edge.context import context, day_of, find_office, find_ticket_by_code, now
from queue_server.web.edge.documents.calendar import calendar_file
from queue_server.web.edge.documents.slip import make_slip
from queue_server.web.edge.documents.slip_layout import Kind
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.strangers.persons import admit_owner, telling_nobody, visitor_of
from queue_server.web.edge.ticket_views import past_of, view_in, view_now

HOLDER = "holder"
"""Who has acted, in the audit trail, where it was the visitor."""


@dataclass(frozen=True)
class OfficeList:
    """Offices by their code. `next` is the cursor of a further page."""

    offices: tuple[OfficeView, ...]
    next: str | None = None


@dataclass(frozen=True)
class ServiceList:
    """The services of an office, all of them: somebody has described each by hand, so there are
    few. `next` stays empty.
    """

    services: tuple[ServiceView, ...]
    next: str | None = None


@operation("GET", "/offices", access=None, tag="public", query=PageQuery, answers={200: OfficeList})
def list_offices(query: PageQuery) -> OfficeList:
    """List all offices."""
    with context().database.read() as connection:
        page, after = cut_page(sorted(office_store.all_codes(connection)), str, query)
        listed = [context().database.offices.get(connection, code) for code in page]
    return OfficeList(tuple(offices.view_office(each, now()) for each in listed), after)


@operation(
    "GET",
    "/offices/{office}",
    access=None,
    tag="public",
    answers={200: OfficeView},
    refusals=[errors.UnknownOffice],
)
def show_office(office: str) -> OfficeView:
    """Show an office: hours, mode, people limit."""
    return offices.view_office(find_office(office), now())


@operation(
    "GET",
    "/offices/{office}/services",
    access=None,
    tag="public",
    answers={200: ServiceList},
    refusals=[errors.UnknownOffice],
)
def list_services(office: str) -> ServiceList:
    """List an office's services with channel and requirements."""
    the_office = find_office(office)
    return ServiceList(
        tuple(offices.view_service(the_office, each, now()) for each in the_office.services)
    )


@operation(
    "GET",
    "/tickets/{code}",
    access=None,
    tag="public",
    answers={200: TicketView},
    refusals=[errors.UnknownCode],
)
def show_ticket(code: str) -> TicketView:
    """Show a ticket to whoever holds its secret code."""
    return view_now(find_ticket_by_code(parse_code(code)))


@operation(
    "POST",
    "/tickets/{code}/cancel",
    access=None,
    tag="public",
    body=CancelBody,
    answers={200: TicketView},
    once=True,
    refusals=[errors.UnknownCode, errors.WrongProof, errors.ChangesLocked, errors.WrongState],
)
def cancel_ticket(code: str, body: CancelBody) -> Response:
    """Cancel a booking, or a number that is waiting."""
    ticket = find_ticket_by_code(parse_code(code))
    by, moment, public_url = _admit_holder(ticket, body.last4), now(), context().settings.public_url
    command = partial(
        cancelling.cancel,
        ticket=ticket.id,
        by=by,
        chance=draw_chance(),
        now=moment,
        reason=body.reason,
    )
    return perform([day_of(ticket)], lambda tx: view_in(tx, command(tx), public_url))


@operation(
    "POST",
    "/tickets/{code}/reschedule",
    access=None,
    tag="public",
    body=RescheduleBody,
    answers={200: TicketView},
    once=True,
    refusals=[
        errors.UnknownCode,
        errors.UnknownSlot,
        errors.WrongProof,
        errors.ChangesLocked,
        errors.WrongState,
        errors.SlotFull,
        errors.SlotPassed,
        errors.SlotTooFar,
        errors.LimitReached,
        errors.NotInService,
        errors.Paused,
        errors.BadInput,
    ],
)
def reschedule_ticket(code: str, body: RescheduleBody) -> Response:
    """Move a booking to another slot."""
    ticket = find_ticket_by_code(parse_code(code))
    slot, moment = parse_slot_id(body.slot), now()
    by = _admit_holder(ticket, body.last4)
    days = [day_of(ticket), (ticket.office, find_office(ticket.office).date_at(slot))]
    public_url, chance = context().settings.public_url, draw_chance()
    command = partial(
        moving.reschedule,
        ticket=ticket.id,
        slot=slot,
        by=by,
        chance=chance,
        now=moment,
        kind=body.visit,
    )
    with telling_nobody(ticket.office, visitor_of(ticket)) if by == HOLDER else nullcontext():
        return perform(days, lambda tx: view_in(tx, command(tx), public_url))


@operation(
    "GET",
    "/tickets/{code}/calendar.ics",
    access=None,
    tag="public",
    answers={200: str},
    content_type="text/calendar",
    refusals=[errors.UnknownCode],
)
def show_calendar(code: str) -> Response:
    """Give a booking as a calendar file."""
    ticket = find_ticket_by_code(parse_code(code))
    if ticket.slot is None:
        raise errors.UnknownCode()
    url = ticket_url(context().settings.public_url, ticket.code)
    urgency, language = past_of(ticket).urgency, current_language()
    content = calendar_file(find_office(ticket.office), ticket, url, urgency, language, now())
    return Response(content, content_type="text/calendar; charset=utf-8")


@operation(
    "GET",
    "/tickets/{code}/slip.pdf",
    access=None,
    tag="public",
    answers={200: str},
    content_type="application/pdf",
    refusals=[errors.UnknownCode],
)
def show_slip(code: str) -> Response:
    """Give a ticket as a page to print."""
    return Response(_draw_slip("pdf", code), content_type="application/pdf")


@operation(
    "GET",
    "/tickets/{code}/slip.png",
    access=None,
    tag="public",
    answers={200: str},
    content_type="image/png",
    refusals=[errors.UnknownCode],
)
def show_picture(code: str) -> Response:
    """Give a ticket as a picture to keep on a phone."""
    return Response(_draw_slip("png", code), content_type="image/png")


def _draw_slip(kind: Kind, code: str) -> bytes:
    ticket = find_ticket_by_code(parse_code(code))
    url, urgency = ticket_url(context().settings.public_url, ticket.code), past_of(ticket).urgency
    return make_slip(kind, find_office(ticket.office), ticket, url, urgency, current_language())


@operation(
    "GET",
    "/offices/{office}/board",
    access=None,
    tag="public",
    answers={200: Board},
    refusals=[errors.UnknownOffice],
)
def show_board(office: str) -> Response:
    """Show what the lobby TV shows."""
    the_office = find_office(office)
    with context().database.read() as connection:
        day = read_day(connection, the_office, now())
        half_minute = int(now().timestamp()) // 30
        etag = f"{day.date}-{day.seq}-{the_office.revision}-{half_minute}-{context().build}"
    # The same picture as for those who listen: after a restart hundreds of screens compare.
    return not_modified(etag) or with_etag(context().live.snapshot("board", office), etag)


def _admit_holder(ticket: Ticket, last4: str | None) -> str:
    """Who acts on a ticket from outside: staff of its office by right, anybody else with the
    booking's four digits.

    Returns the name for the audit trail. Raises `WrongProof`, `ChangesLocked`.
    """
    who = principal()
    if who is not None and who.role in AT_RECEPTION and who.may_work_in(ticket.office):
        return who.id
    admit_owner(ticket, last4 or "")
    return HOLDER
