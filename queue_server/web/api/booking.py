"""Booking over the API: free times, the earliest of all offices, holding places, booking them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.booking.slots import parse_slot_id, slot_id
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor, fingerprint_nik, parse_name, parse_nik
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.occupancy import admit_party_size
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import availability, booking, earliest, holding
from queue_server.services.booking.takings import join_line
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.tickets import TicketView
from queue_server.services.shown import local_time
from queue_server.store.office import offices as office_store
from queue_server.store.writer.transaction import DayKey, Transaction
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.public import (
    AvailabilityQuery,
    BookingBody,
    EarliestQuery,
    HoldBody,
    TurnBody,
)
from queue_server.web.edge.contacts import parse_email, parse_phone
from queue_server.web.edge.context import context, day_of, find_office, find_ticket_by_code, now
from queue_server.web.edge.strangers.contact_proof import ask_for_proof, contact_of, sends_letters
from queue_server.web.edge.strangers.persons import telling_nobody
from queue_server.web.edge.strangers.proofs import make_turn
from queue_server.web.edge.strangers.sources import find_source
from queue_server.web.edge.ticket_views import view_in

from .answers import not_modified, with_etag
from .operations import operation
from .paging import cut_page
from .performing import perform


@dataclass(frozen=True)
class SlotView:
    """A time and how many parties of the size asked for still fit."""

    slot: str
    starts_at: str
    ends_at: str
    free: int


@dataclass(frozen=True)
class DayView:
    """A local date and its times."""

    date: str
    free: int
    slots: tuple[SlotView, ...]


@dataclass(frozen=True)
class Availability:
    """Free times of a service, by day."""

    office: str
    service: str
    party: int
    days: tuple[DayView, ...]


@dataclass(frozen=True)
class HoldView:
    """Places set aside until `expires_at`; `code` turns them into a booking."""

    code: str
    slot: str
    expires_at: str


@dataclass(frozen=True)
class TurnView:
    """A turn in line: from `due_at` on, `proof` lets a party of up to `party_size` take places
    without work, once.
    """

    proof: str
    party_size: int
    due_at: str


@dataclass(frozen=True)
class EarliestView:
    """The first free time at one office; `slot` and the times are None where nothing is free up to
    its horizon.
    """

    office: str
    name: str
    slot: str | None
    starts_at: str | None
    ends_at: str | None


@dataclass(frozen=True)
class EarliestList:
    """The first free time at each office that has the service, the earliest first; offices without
    one at the end.

    `next` is the cursor of a further page.
    """

    service: str
    party: int
    offices: tuple[EarliestView, ...]
    next: str | None = None


@operation(
    "GET",
    "/offices/{office}/availability",
    access=None,
    tag="public",
    query=AvailabilityQuery,
    answers={200: Availability},
    refusals=[errors.UnknownOffice, errors.UnknownService, errors.BadInput],
)
def show_availability(office: str, query: AvailabilityQuery) -> Response | Availability:
    """Show the free times of a service, before any personal data is asked for."""
    found = find_office(office)
    service = found.service(query.service)
    first = query.from_ or found.date_at(now())
    with context().database.read() as connection:
        version = availability.availability_version(connection, found, first, query.days, now())
        etag = f"{version}-{service.code}-{query.party}-{query.urgent}"
        unchanged = not_modified(etag)
        if unchanged is not None:
            return unchanged
        days = availability.list_availability(
            connection,
            found,
            service.code,
            first,
            query.days,
            query.party,
            now(),
            urgent=query.urgent,
        )
    view = Availability(
        found.code,
        service.code,
        query.party,
        tuple(
            DayView(
                each.date.isoformat(),
                each.free,
                tuple(
                    SlotView(
                        slot.id,
                        local_time(found, slot.starts_at),
                        local_time(found, slot.ends_at),
                        slot.free,
                    )
                    for slot in each.slots
                ),
            )
            for each in days
        ),
    )
    return with_etag(view, etag)


@operation(
    "POST",
    "/offices/{office}/holds",
    access=None,
    tag="public",
    body=HoldBody,
    answers={201: HoldView},
    once=True,
    refusals=[
        errors.UnknownOffice,
        errors.UnknownService,
        errors.UnknownSlot,
        errors.SlotFull,
        errors.SlotPassed,
        errors.SlotTooFar,
        errors.NotInService,
        errors.UnknownCode,
        errors.LimitReached,
        errors.ProofNeeded,
        errors.BadInput,
    ],
)
def hold_places(office: str, body: HoldBody) -> Response:
    """Set a slot's places aside while the form is filled in."""
    found = find_office(office)
    slot, fresh, moment = parse_slot_id(body.slot), draw(), now()
    instead = parse_code(body.instead) if body.instead else None
    wanted = HoldRequest(
        body.service,
        slot,
        body.party_size,
        urgent=body.urgency is not None,
        urgency=body.urgency,
        instead=instead,
        source=find_source(found, body.proofs),
    )

    def command(tx: Transaction) -> HoldView:
        return _view_hold(found, holding.hold(tx, office, wanted, fresh, moment))

    return perform(
        [(office, found.date_at(slot)), *days_of_hold(office, instead)], command, status=201
    )


@operation(
    "POST",
    "/offices/{office}/turns",
    access=None,
    tag="public",
    body=TurnBody,
    answers={201: TurnView},
    once=True,
    refusals=[errors.UnknownOffice, errors.LineTooLong, errors.BadInput],
)
def wait_in_line(office: str, body: TurnBody) -> Response:
    """Wait for a turn instead of answering the challenge of `proof_needed`."""
    found, moment, key = find_office(office), now(), context().secret_key
    admit_party_size(body.party_size, found.largest_party)

    def command(tx: Transaction) -> TurnView:
        due = join_line(tx, office, body.party_size, moment)
        return TurnView(
            make_turn(key, office, body.party_size, due), body.party_size, local_time(found, due)
        )

    return perform([], command, status=201)


@operation(
    "POST",
    "/tickets/{code}/extend",
    access=None,
    tag="public",
    body=Nothing,
    answers={200: HoldView},
    once=True,
    refusals=[errors.UnknownCode, errors.TooLate, errors.WrongState, errors.LimitReached],
)
def extend_hold(code: str, body: Nothing) -> Response:
    """Give a hold its time once more."""
    ticket = find_ticket_by_code(parse_code(code))
    office, moment = find_office(ticket.office), now()
    return perform(
        [day_of(ticket)], lambda tx: _view_hold(office, holding.extend_hold(tx, ticket.id, moment))
    )


def _view_hold(office: Office, held: Ticket) -> HoldView:
    return HoldView(
        held.code,
        slot_id(held.slot or held.created_at),
        local_time(office, held.expires_at or held.created_at),
    )


def days_of_hold(office: str, code: str | None) -> list[DayKey]:
    """The office-day to lock for giving an earlier hold back; none for a code that is unknown or of
    another office.
    """
    if code is None:
        return []
    try:
        held = find_ticket_by_code(code)
    except errors.UnknownCode:
        return []
    return [day_of(held)] if held.office == office else []


def read_visitor(
    office: Office, nik: str, name: str, phone: str | None, email: str | None
) -> Visitor:
    """Who comes, as somebody has typed it. The NIK itself goes no further. Raises `BadInput`."""
    digits = parse_nik(nik, office.date_at(now()), synthetic=office.rules.booking.synthetic_niks)
    return Visitor(
        parse_name(name),
        fingerprint_nik(digits, context().nik_key),
        digits[-4:],
        parse_phone(phone) if phone else None,
        parse_email(email) if email else None,
    )


@operation(
    "POST",
    "/offices/{office}/bookings",
    access=None,
    tag="public",
    body=BookingBody,
    answers={201: TicketView},
    once=True,
    refusals=[
        errors.UnknownOffice,
        errors.UnknownService,
        errors.UnknownSlot,
        errors.UnknownCode,
        errors.SlotFull,
        errors.SlotPassed,
        errors.SlotTooFar,
        errors.LimitReached,
        errors.NotInService,
        errors.TooLate,
        errors.WrongState,
        errors.ProofNeeded,
        errors.ContactUnproved,
        errors.BadInput,
    ],
)
def book_slot(office: str, body: BookingBody) -> Response:
    """Book a slot, at once or from a hold."""
    found = find_office(office)
    moment, fresh = now(), draw()
    hold = parse_code(body.hold) if body.hold else None
    if body.slot is not None:
        slot = parse_slot_id(body.slot)
    elif hold is not None:
        held = find_ticket_by_code(hold)
        if held.slot is None:
            raise errors.UnknownCode()
        slot = held.slot
    else:
        raise errors.BadInput(field="slot", reason="missing")
    wanted = BookingRequest(
        service=body.service,
        slot=slot,
        visitor=read_visitor(found, body.nik, body.name, body.phone, body.email),
        party_size=body.party_size,
        language=body.language,
        priority=body.assistance,
        urgent=body.urgency is not None,
        hold=hold,
        urgency=body.urgency,
        contact=contact_of(body.email),
        sends_letters=sends_letters(),
        source=find_source(found, body.proofs),
    )

    public_url = context().settings.public_url

    def command(tx: Transaction) -> TicketView:
        return view_in(tx, booking.book(tx, office, wanted, fresh, moment), public_url)

    try:
        with telling_nobody(found.code, wanted.visitor):
            return perform([(office, found.date_at(slot))], command, status=201)
    except errors.ContactUnproved:
        ask_for_proof(found.code, wanted.visitor.email, wanted.language)
        raise


@operation(
    "GET",
    "/earliest",
    access=None,
    tag="public",
    query=EarliestQuery,
    answers={200: EarliestList},
    refusals=[errors.UnknownService, errors.BadInput],
)
def show_earliest(query: EarliestQuery) -> Response | EarliestList:
    """Show the first free time of a service at each office."""
    with context().database.read() as connection:
        version = earliest.earliest_version(connection, now())
        etag = f"{version}-{query.service}-{query.party}-{query.cursor}-{query.limit}"
        unchanged = not_modified(etag)
        if unchanged is not None:
            return unchanged
        offices = [
            context().database.offices.get(connection, code)
            for code in office_store.all_codes(connection)
        ]
        found = earliest.list_earliest(connection, offices, query.service, query.party, now())
    page, after = cut_page(found, _place_in_order, query)
    views = tuple(
        EarliestView(
            each.office.code,
            each.office.name,
            each.slot.id if each.slot else None,
            local_time(each.office, each.slot.starts_at) if each.slot else None,
            local_time(each.office, each.slot.ends_at) if each.slot else None,
        )
        for each in page
    )
    return with_etag(EarliestList(query.service, query.party, views, after), etag)


def _place_in_order(each: earliest.Earliest) -> str:
    return f"{each.slot.id if each.slot else 'none'}.{each.office.code}"
