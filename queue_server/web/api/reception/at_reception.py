"""Numbers and bookings for those at the desk; parties and cases that turn out otherwise."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from queue_server.domain import errors
from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.visit.ticket import Origin, Ticket
from queue_server.protocol.messages import Slip
from queue_server.services.booking import booking, ownership
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.reception import reception
from queue_server.services.screens.slips import view_slip
from queue_server.services.screens.tickets import TicketView
from queue_server.services.triage import counting as triage_counts
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.api.references import find_own
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import AT_RECEPTION
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.reception import (
    PartyBody,
    PriorityBody,
    ReceptionBookingBody,
    ReceptionTicketBody,
    UrgencyBody,
)
from queue_server.web.edge.context import context, day_of, find_office, now, today_at
from queue_server.web.edge.forms.visitor import identify, read_visitor
from queue_server.web.edge.ticket_views import view_in
from queue_server.web.edge.words.urgency import say_urgency


@operation(
    "POST",
    "/offices/{office}/reception/tickets",
    access=AT_RECEPTION,
    tag="reception",
    body=ReceptionTicketBody,
    answers={201: Slip},
    once=True,
    refusals=[
        errors.UnknownOffice,
        errors.UnknownService,
        errors.NotInService,
        errors.BadInput,
        errors.DayFull,
        errors.NumberUsed,
        errors.Paused,
    ],
)
def issue_at_reception(office: str, body: ReceptionTicketBody) -> Response:
    """Give a number to somebody at the desk; with a reason, also beyond the day's places."""
    who, the_office = admit_office(office), find_office(office)
    wanted = arrival.WalkIn(
        service=body.service,
        party_size=body.party_size,
        priority=bool(body.priority),
        language=body.language,
        urgent=body.urgency is not None,
        origin=Origin.STAFF,
        by=who.id,
        urgency=body.urgency,
        roll=body.roll,
    )
    fresh, moment, public_url, shown = (
        draw(),
        now(),
        context().settings.public_url,
        context().live.shown,
    )

    def command(tx: Transaction) -> Slip:
        arrived = reception.issue(tx, office, wanted, body.beyond, fresh, moment)
        if body.anyway is not None:
            triage_counts.count_served_anyway(tx, office, body.service, body.anyway, moment)
        return say_urgency(view_slip(tx, tx.office(office), arrived, public_url, moment, shown))

    return perform([today_at(the_office)], command, status=201)


@operation(
    "POST",
    "/offices/{office}/reception/bookings",
    access=AT_RECEPTION,
    tag="reception",
    body=ReceptionBookingBody,
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
        errors.Paused,
        errors.BadInput,
    ],
)
def book_at_reception(office: str, body: ReceptionBookingBody) -> Response:
    """Book a time for somebody at the desk, within the person's limits."""
    who, the_office = admit_office(office), find_office(office)
    slot, moment, fresh, public_url = (
        parse_slot_id(body.slot),
        now(),
        draw(),
        context().settings.public_url,
    )
    wanted = BookingRequest(
        service=body.service,
        slot=slot,
        visitor=read_visitor(
            lambda: identify(the_office, body.service, body.nik, body.passport),
            body.name,
            body.phone,
            None,
            body.needs,
            represented=body.represented,
            reminders=body.notify,
        ),
        party_size=body.party_size,
        language=body.language,
        priority=body.assistance,
        urgent=body.urgency is not None,
        origin=Origin.STAFF,
        urgency=body.urgency,
        by=who.id,
        kind=body.visit,
    )
    return perform(
        [(office, the_office.date_at(slot))],
        lambda tx: view_in(tx, booking.book(tx, office, wanted, fresh, moment), public_url),
        status=201,
    )


@operation(
    "POST",
    "/tickets/{id}/party",
    access=AT_RECEPTION,
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
    access=AT_RECEPTION,
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


@operation(
    "POST",
    "/tickets/{id}/priority",
    access=AT_RECEPTION,
    tag="reception",
    body=PriorityBody,
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
def set_priority(id: str, body: PriorityBody) -> Response:
    """Give a visit priority for a reason, which is not kept, or take it away, while it is booked or
    waits.
    """
    ticket, who = find_own(id)
    priority, moment = body.reason is not None, now()
    return _perform(
        ticket,
        lambda tx: reception.set_priority(tx, ticket.office, ticket.id, priority, who.id, moment),
    )


def _perform(ticket: Ticket, command: Callable[[Transaction], Ticket]) -> Response:
    public_url = context().settings.public_url
    return perform([day_of(ticket)], lambda tx: view_in(tx, command(tx), public_url))


@operation(
    "POST",
    "/tickets/{id}/unlock",
    access=AT_RECEPTION,
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
