"""A visit looked up by the reception, checked in, and its slip once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.domain.visit.ticket import Channel
from queue_server.protocol.messages import Slip
from queue_server.services.counter import remarks
from queue_server.services.door import arrival
from queue_server.services.reception import reception
from queue_server.services.screens.slips import view_slip
from queue_server.services.screens.tickets import TicketView
from queue_server.services.shown import local_time, service_of
from queue_server.services.visit import voiding
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.api.references import find_own, find_shown
from queue_server.web.api.visit.booker import VoidedVisit, view_voided
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import AT_RECEPTION
from queue_server.web.edge.bodies.door import ShownQuery
from queue_server.web.edge.bodies.reception import ArrivalBody, NameBody
from queue_server.web.edge.context import context, day_of, find_office, now
from queue_server.web.edge.strangers.persons import is_locked, visitor_of
from queue_server.web.edge.ticket_views import view_now
from queue_server.web.edge.words.urgency import say_urgency


@dataclass(frozen=True)
class ReceptionTicket:
    """A visit as the reception sees it. `evidence` is what was found of an urgent case's proof;
    None while nobody has looked.

    `locked`: wrong digits were given too often, so its visitor cannot change it online. `document`
    says whose number its visitor gave, None for a walk-in; `needs` which help is needed on the
    spot; `represented`: somebody else comes for who is named; `voided` is set when its card was
    another person's.
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
    document: str | None = None
    needs: tuple[str, ...] = ()
    represented: bool = False
    voided: VoidedVisit | None = None


@dataclass(frozen=True)
class NamedVisit:
    """A booking with its visitor's name, and by how much they have said to come later."""

    id: str
    name: str
    status: str
    number: str | None
    service_name: Mapping[str, str]
    starts_at: str
    party_size: int
    delay_minutes: int | None = None


@dataclass(frozen=True)
class NamedVisits:
    """The bookings whose name fits, in order of their time; `more` when the name fits others
    too.
    """

    visits: tuple[NamedVisit, ...]
    more: bool


@operation(
    "GET",
    "/offices/{office}/reception/ticket",
    access=AT_RECEPTION,
    tag="reception",
    query=ShownQuery,
    answers={200: ReceptionTicket},
    refusals=[errors.UnknownOffice, errors.UnknownCode, errors.UnknownTicket],
)
def show_visit(office: str, query: ShownQuery) -> ReceptionTicket:
    """Show a visit by its code, its link, today's number or its id."""
    who, the_office, moment = admit_office(office), find_office(office), now()
    ticket = find_shown(the_office, query.shown)
    visitor = visitor_of(ticket)
    with context().database.read() as connection:
        evidence = (
            remarks.find_evidence(connection, the_office.code, [ticket.id]).get(ticket.id)
            if ticket.channel is Channel.URGENT
            else None
        )
        void = voiding.find_void(connection, ticket)
    return ReceptionTicket(
        ticket.id,
        ticket.channel.value,
        ticket.origin.value,
        ticket.priority,
        ticket.date == the_office.date_at(moment),
        the_office.largest_party,
        None if evidence is None else evidence.value,
        is_locked(ticket),
        view_now(ticket),
        None if visitor is None else visitor.document.value,
        () if visitor is None else tuple(each.value for each in visitor.needs),
        visitor is not None and visitor.represented,
        None if void is None else view_voided(the_office, ticket, void, who, moment),
    )


@operation(
    "POST",
    "/offices/{office}/reception/names",
    access=AT_RECEPTION,
    tag="reception",
    body=NameBody,
    answers={200: NamedVisits},
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def search_names(office: str, body: NameBody) -> NamedVisits:
    """Find today's bookings by the visitor's name, with four digits also those of later days. Who
    has looked is noted; for whom is not, and no answer is kept.
    """
    who, the_office = admit_office(office), find_office(office)
    names = reception.search_names(
        context().database, the_office.code, body.name, who.id, now(), body.last4
    )
    return NamedVisits(
        tuple(
            NamedVisit(
                each.ticket.id,
                each.name,
                each.ticket.state.value,
                each.ticket.number,
                service_of(the_office, each.ticket.service).name,
                local_time(the_office, each.ticket.slot or each.ticket.created_at),
                each.ticket.party_size,
                each.ticket.delay_minutes,
            )
            for each in names.bookings
        ),
        names.cut,
    )


@operation(
    "POST",
    "/offices/{office}/reception/arrivals",
    access=AT_RECEPTION,
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
        errors.RemoteVisit,
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
        arrived = arrival.check_in_or_repeat(tx, ticket.id, moment)
        settings = tx.office(office)
        return say_urgency(view_slip(tx, settings, arrived, public_url, moment, shown))

    return perform([day_of(ticket)], command)
