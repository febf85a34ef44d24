"""Taking places: holding them, waiting in line for them, booking them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.booking.slots import parse_slot_id, slot_id
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.occupancy import admit_party_size
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking, holding
from queue_server.services.booking.takings import join_line
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.tickets import TicketView
from queue_server.services.shown import local_time
from queue_server.store.writer.transaction import DayKey, Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.public import BookingBody, HoldBody, LineBody
from queue_server.web.edge.context import context, day_of, find_office, find_ticket_by_code, now
from queue_server.web.edge.forms.visitor import identify, read_visitor
from queue_server.web.edge.strangers.contact_proof import ask_for_proof, contact_of, sends_letters
from queue_server.web.edge.strangers.persons import telling_nobody
from queue_server.web.edge.strangers.proofs import make_pass
from queue_server.web.edge.strangers.sources import find_source
from queue_server.web.edge.ticket_views import view_in


@dataclass(frozen=True)
class HoldView:
    """Places set aside until `expires_at`; `code` turns them into a booking."""

    code: str
    slot: str
    expires_at: str


@dataclass(frozen=True)
class LinePass:
    """A pass in line: from `due_at` on, `proof` lets a party of up to `party_size` take places
    without work, once.
    """

    proof: str
    party_size: int
    due_at: str


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
        errors.Paused,
        errors.UnknownCode,
        errors.LimitReached,
        errors.ProofNeeded,
        errors.BadInput,
    ],
)
def hold_places(office: str, body: HoldBody) -> Response:
    """Set a slot's places aside while the form is filled in."""
    the_office = find_office(office)
    slot, fresh, moment = parse_slot_id(body.slot), draw(), now()
    instead = parse_code(body.instead) if body.instead else None
    wanted = HoldRequest(
        body.service,
        slot,
        body.party_size,
        urgent=body.urgency is not None,
        urgency=body.urgency,
        instead=instead,
        source=find_source(the_office, body.proofs),
        kind=body.visit,
    )

    def command(tx: Transaction) -> HoldView:
        return _view_hold(the_office, holding.hold(tx, office, wanted, fresh, moment))

    return perform(
        [(office, the_office.date_at(slot)), *days_of_hold(office, instead)], command, status=201
    )


@operation(
    "POST",
    "/offices/{office}/line",
    access=None,
    tag="public",
    body=LineBody,
    answers={201: LinePass},
    once=True,
    refusals=[errors.UnknownOffice, errors.LineTooLong, errors.BadInput],
)
def wait_in_line(office: str, body: LineBody) -> Response:
    """Wait in line for a pass instead of answering the challenge of `proof_needed`."""
    the_office, moment, key = find_office(office), now(), context().secret_key
    admit_party_size(body.party_size, the_office.largest_party)

    def command(tx: Transaction) -> LinePass:
        due = join_line(tx, office, body.party_size, moment)
        return LinePass(
            make_pass(key, office, body.party_size, due),
            body.party_size,
            local_time(the_office, due),
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
        errors.Paused,
        errors.TooLate,
        errors.WrongState,
        errors.ProofNeeded,
        errors.ContactUnproved,
        errors.BadInput,
    ],
)
def book_slot(office: str, body: BookingBody) -> Response:
    """Book a slot, at once or from a hold."""
    the_office = find_office(office)
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
        visitor=read_visitor(
            lambda: identify(the_office, body.service, body.nik, body.passport),
            body.name,
            body.phone,
            body.email,
            body.needs,
            represented=body.represented,
            reminders=body.notify,
        ),
        party_size=body.party_size,
        language=body.language,
        priority=body.assistance,
        urgent=body.urgency is not None,
        hold=hold,
        urgency=body.urgency,
        contact=contact_of(body.email),
        sends_letters=sends_letters(),
        source=find_source(the_office, body.proofs),
        kind=body.visit,
    )

    public_url = context().settings.public_url

    def command(tx: Transaction) -> TicketView:
        return view_in(tx, booking.book(tx, office, wanted, fresh, moment), public_url)

    try:
        with telling_nobody(the_office.code, wanted.visitor):
            return perform([(office, the_office.date_at(slot))], command, status=201)
    except errors.ContactUnproved:
        ask_for_proof(the_office.code, wanted.visitor.email, wanted.language)
        raise
