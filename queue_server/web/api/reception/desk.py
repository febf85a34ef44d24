"""What the reception asks: a visit looked up, numbers and bookings for those at the desk, parties
and cases that turn out otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.errors import AlreadyCheckedIn
from queue_server.domain.visit.ticket import Channel, Origin, Ticket
from queue_server.protocol.messages import Slip
from queue_server.services.booking import booking, ownership
from queue_server.services.counter import remarks
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.reception import reception
from queue_server.services.screens.slips import view_slip
from queue_server.services.screens.tickets import TicketView
from queue_server.services.shown import local_time, service_of, ticket_url
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.bodies import Nothing, ShownQuery
from queue_server.web.api.booking import read_visitor
from queue_server.web.api.operations import operation, perform
from queue_server.web.api.references import find_own, find_shown
from queue_server.web.edge.auth import STAFF, admit_office
from queue_server.web.edge.context import context, day_of, find_office, now, today_at
from queue_server.web.edge.documents.slip_pdf import make_slip_pdf
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.strangers.persons import is_locked
from queue_server.web.edge.ticket_views import view_in, view_now

from .bodies import ArrivalBody, DeskBookingBody, DeskTicketBody, NameBody, PartyBody, UrgencyBody


@dataclass(frozen=True)
class ReceptionTicket:
    """A visit as the reception sees it. `evidence` is what was found of an urgent case's proof;
    None while nobody has looked.

    `locked`: wrong digits were given too often, so its visitor cannot change it online.
    """

    id: str
    channel: str
    origin: str
    priority: bool
    today: bool
    party_max: int
    evidence: str | None
    locked: bool
    ticket: TicketView


@dataclass(frozen=True)
class NamedVisit:
    """A booking of today with its visitor's name."""

    id: str
    name: str
    status: str
    number: str | None
    service_name: Mapping[str, str]
    starts_at: str
    party_size: int


@dataclass(frozen=True)
class NamedVisits:
    """The bookings whose name fits, in order of their time; `more` when the name fits others
    too.
    """

    found: tuple[NamedVisit, ...]
    more: bool


@operation(
    "GET",
    "/offices/{office}/reception/ticket",
    access=STAFF,
    tag="reception",
    query=ShownQuery,
    answers={200: ReceptionTicket},
    refusals=[errors.UnknownOffice, errors.UnknownCode, errors.UnknownTicket],
)
def show_visit(office: str, query: ShownQuery) -> ReceptionTicket:
    """Show a visit by its code, its link, today's number or its id."""
    admit_office(office)
    found = find_office(office)
    ticket = find_shown(found, query.shown)
    with context().database.read() as connection:
        evidence = (
            remarks.find_evidence(connection, found.code, [ticket.id]).get(ticket.id)
            if ticket.channel is Channel.URGENT
            else None
        )
    return ReceptionTicket(
        ticket.id,
        ticket.channel.value,
        ticket.origin.value,
        ticket.priority,
        ticket.date == found.date_at(now()),
        found.largest_party,
        None if evidence is None else evidence.value,
        is_locked(ticket),
        view_now(ticket),
    )


@operation(
    "POST",
    "/offices/{office}/reception/names",
    access=STAFF,
    tag="reception",
    body=NameBody,
    answers={200: NamedVisits},
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def search_names(office: str, body: NameBody) -> NamedVisits:
    """Find today's bookings by the visitor's name. Who has looked is noted; for whom is not, and no
    answer is kept.
    """
    who, found = admit_office(office), find_office(office)
    names = reception.search_names(context().database, found.code, body.name, who.id, now())
    return NamedVisits(
        tuple(
            NamedVisit(
                each.ticket.id,
                each.name,
                each.ticket.state.value,
                each.ticket.number,
                service_of(found, each.ticket.service).name,
                local_time(found, each.ticket.slot or each.ticket.created_at),
                each.ticket.party_size,
            )
            for each in names.bookings
        ),
        names.cut,
    )


@operation(
    "POST",
    "/offices/{office}/reception/arrivals",
    access=STAFF,
    tag="reception",
    body=ArrivalBody,
    answers={200: Slip},
    once=True,
    refusals=[
        errors.UnknownOffice,
        errors.UnknownCode,
        errors.UnknownTicket,
        errors.AlreadyCheckedIn,
        errors.WrongState,
        errors.WrongDay,
        errors.TooEarly,
        errors.NotInService,
        errors.Paused,
    ],
)
def note_arrival(office: str, body: ArrivalBody) -> Response:
    """Check a booked visitor in, found by code or by name; a repeat gives the same slip."""
    admit_office(office)
    ticket, _who = find_own(body.ticket)
    if ticket.office != office:
        raise errors.UnknownTicket(ticket=body.ticket)
    moment, public_url, shown = now(), context().settings.public_url, context().live.shown

    def command(tx: Transaction) -> Slip:
        try:
            arrived = arrival.check_in(tx, ticket.id, moment)
        except AlreadyCheckedIn:
            arrived = arrival.repeat_check_in(tx, ticket.id)
        return view_slip(tx.office(office), arrived, public_url, moment, shown)

    return perform([day_of(ticket)], command)


@operation(
    "POST",
    "/offices/{office}/reception/tickets",
    access=STAFF,
    tag="reception",
    body=DeskTicketBody,
    answers={201: Slip},
    once=True,
    refusals=[
        errors.UnknownOffice,
        errors.UnknownService,
        errors.NotInService,
        errors.BadInput,
        errors.DayFull,
        errors.Paused,
    ],
)
def issue_at_desk(office: str, body: DeskTicketBody) -> Response:
    """Give a number to somebody at the desk; with a reason, also beyond the day's places."""
    who, found = admit_office(office), find_office(office)
    wanted = arrival.WalkIn(
        service=body.service,
        party_size=body.party_size,
        priority=bool(body.priority),
        language=body.language,
        urgent=body.urgency is not None,
        origin=Origin.STAFF,
        by=who.id,
        urgency=body.urgency,
    )
    fresh, moment, public_url, shown = (
        draw(),
        now(),
        context().settings.public_url,
        context().live.shown,
    )

    def command(tx: Transaction) -> Slip:
        return view_slip(
            tx.office(office),
            reception.issue(tx, office, wanted, body.beyond, fresh, moment),
            public_url,
            moment,
            shown,
        )

    return perform([today_at(found)], command, status=201)


@operation(
    "POST",
    "/offices/{office}/reception/bookings",
    access=STAFF,
    tag="reception",
    body=DeskBookingBody,
    answers={201: TicketView},
    once=True,
    refusals=[
        errors.UnknownOffice,
        errors.UnknownService,
        errors.UnknownSlot,
        errors.SlotFull,
        errors.SlotPassed,
        errors.SlotTooFar,
        errors.LimitReached,
        errors.NotInService,
        errors.BadInput,
    ],
)
def book_at_desk(office: str, body: DeskBookingBody) -> Response:
    """Book a time for somebody at the desk, within the person's limits."""
    who, found = admit_office(office), find_office(office)
    slot, moment, fresh, public_url = (
        parse_slot_id(body.slot),
        now(),
        draw(),
        context().settings.public_url,
    )
    wanted = BookingRequest(
        service=body.service,
        slot=slot,
        visitor=read_visitor(found, body.nik, body.name, body.phone, None),
        party_size=body.party_size,
        language=body.language,
        priority=body.assistance,
        urgent=body.urgency is not None,
        origin=Origin.STAFF,
        urgency=body.urgency,
        by=who.id,
    )
    return perform(
        [(office, found.date_at(slot))],
        lambda tx: view_in(tx, booking.book(tx, office, wanted, fresh, moment), public_url),
        status=201,
    )


@operation(
    "POST",
    "/tickets/{id}/party",
    access=STAFF,
    tag="reception",
    body=PartyBody,
    answers={200: TicketView},
    once=True,
    refusals=[
        errors.UnknownTicket,
        errors.UnknownCode,
        errors.WrongState,
        errors.BadInput,
        errors.RoomFull,
        errors.AdmissionsStopped,
        errors.SlotFull,
        errors.DayFull,
        errors.UnknownSlot,
        errors.Changed,
        errors.Paused,
    ],
)
def change_party(id: str, body: PartyBody) -> Response:
    """Let more or fewer persons come than was said, while they are booked or wait."""
    ticket, who = find_own(id)
    moment = now()
    return _perform(
        ticket,
        lambda tx: reception.change_party(
            tx, ticket.office, ticket.id, body.party_size, who.id, moment
        ),
    )


@operation(
    "POST",
    "/tickets/{id}/urgent",
    access=STAFF,
    tag="reception",
    body=UrgencyBody,
    answers={200: TicketView},
    once=True,
    refusals=[
        errors.UnknownTicket,
        errors.UnknownCode,
        errors.WrongState,
        errors.Changed,
        errors.Paused,
    ],
)
def make_urgent(id: str, body: UrgencyBody) -> Response:
    """Put a waiting visitor into the urgent lane, for a coded reason."""
    ticket, who = find_own(id)
    moment = now()
    return _perform(
        ticket,
        lambda tx: reception.make_urgent(
            tx, ticket.office, ticket.id, body.urgency, who.id, moment
        ),
    )


def _perform(ticket: Ticket, command: Callable[[Transaction], Ticket]) -> Response:
    public_url = context().settings.public_url
    return perform([day_of(ticket)], lambda tx: view_in(tx, command(tx), public_url))


@operation(
    "POST",
    "/tickets/{id}/unlock",
    access=STAFF,
    tag="reception",
    body=Nothing,
    answers={200: TicketView},
    once=True,
    refusals=[errors.UnknownTicket, errors.WrongState, errors.Changed],
)
def unlock_changes(id: str, body: Nothing) -> Response:
    """Let a visitor change a visit online again, after too many wrong digits: for staff who have
    seen its owner.
    """
    ticket, who = find_own(id)
    moment = now()
    return _perform(
        ticket, lambda tx: ownership.unlock(tx, ticket.office, ticket.id, who.id, moment)
    )


@operation(
    "POST",
    "/tickets/{id}/copy",
    access=STAFF,
    tag="reception",
    body=Nothing,
    answers={200: str},
    content_type="application/pdf",
    refusals=[errors.UnknownTicket, errors.UnknownCode, errors.WrongState],
)
def copy_slip(id: str, body: Nothing) -> Response:
    """Give a slip once more, marked as a copy. Each copy is noted; nothing is printed by itself."""
    ticket, who = find_own(id)
    moment = now()
    copied = context().database.write(
        [day_of(ticket)],
        lambda tx: reception.copy_slip(tx, ticket.office, ticket.id, who.id, moment),
    )
    url = ticket_url(context().settings.public_url, copied.code)
    page = make_slip_pdf(find_office(copied.office), copied, url, current_language(), copy=True)
    return Response(
        page,
        content_type="application/pdf",
        headers={"Content-Disposition": "inline; filename=copy.pdf"},
    )
