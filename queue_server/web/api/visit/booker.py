"""Who booked the visit that stands here, and a card that is another person's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response

from queue_server.domain import errors
from queue_server.domain.counter.steps import may_undo, undo_closes_at
from queue_server.domain.events import Event
from queue_server.domain.office.admission import takes_walk_ins
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.shown import local_time
from queue_server.services.visit import looking, voiding
from queue_server.services.visit.looking import Booker
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.api.references import find_own
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import AT_DOOR, SUPERVISORS
from queue_server.web.edge.bodies.door import WhereBody
from queue_server.web.edge.context import context, day_of, now

HERE = (
    errors.UnknownTicket,
    errors.UnknownCode,
    errors.WrongState,
    errors.WrongDay,
    errors.NotYourTicket,
)


@dataclass(frozen=True)
class VoidedVisit:
    """A visit that was voided. `undo_until`: it can be taken back as long; `may_undo`: now, by who
    asks. `takes_walk_ins`: whoever stands there may have a number of their own for the same service
    now.
    """

    id: str
    number: str | None
    status: str
    undo_until: str
    may_undo: bool
    takes_walk_ins: bool


def view_voided(
    office: Office, ticket: Ticket, void: Event, who: Principal, moment: datetime
) -> VoidedVisit:
    """A voided visit for whoever asks."""
    until = undo_closes_at(void.at, office.rules)
    is_theirs = may_undo(void, who.id, oversees=who.role in SUPERVISORS)
    return VoidedVisit(
        ticket.id,
        ticket.number,
        ticket.state.value,
        local_time(office, until),
        is_theirs and moment <= until,
        takes_walk_ins(office, office.service(ticket.service), moment),
    )


@operation(
    "POST",
    "/tickets/{id}/booker",
    access=AT_DOOR,
    tag="staff",
    body=WhereBody,
    answers={200: Booker},
    refusals=[*HERE],
)
def show_booker(id: str, body: WhereBody) -> Booker:
    """Show who booked a visit of today to the desk that has it before it: name, and the last
    characters of the NIK. A person's first look at a visit is noted; no answer is kept.
    """
    ticket, who = find_own(id)
    return looking.show_booker(
        context().database, ticket.office, ticket.id, body.where, who.id, now()
    )


@operation(
    "POST",
    "/tickets/{id}/mismatch",
    access=AT_DOOR,
    tag="staff",
    body=WhereBody,
    answers={200: VoidedVisit},
    once=True,
    refusals=[*HERE, errors.NoBooking, errors.Paused, errors.Changed],
)
def void_mismatch(id: str, body: WhereBody) -> Response:
    """End a booked visit because the card shown is another person's: its place is free, its booker
    is told and has missed a visit. Can be taken back by `undo`.
    """
    ticket, who = find_own(id)
    moment = now()

    def command(tx: Transaction) -> VoidedVisit:
        after, void = voiding.void(tx, ticket.office, ticket.id, body.where, who.id, moment)
        return view_voided(tx.office(ticket.office), after, void, who, moment)

    return perform([day_of(ticket)], command)
