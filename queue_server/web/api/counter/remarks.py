"""What a clerk says about a ticket, and what the clerk did last."""

from __future__ import annotations

from flask import Response

from queue_server.domain import errors
from queue_server.services.counter import own_actions, remarks
from queue_server.services.counter.own_actions import PastActions
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.queued import QueuedTicket, view_queued
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.api.references import find_own
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import STAFF
from queue_server.web.edge.bodies.counter import EvidenceBody, NoteBody
from queue_server.web.edge.context import context, day_of, find_office, now

from .steps import AT_COUNTER


@operation(
    "POST",
    "/tickets/{id}/evidence",
    access=STAFF,
    tag="staff",
    body=EvidenceBody,
    answers={200: QueuedTicket},
    once=True,
    refusals=[*AT_COUNTER, errors.BadInput],
)
def check_evidence(id: str, body: EvidenceBody) -> Response:
    """Note what was found of an urgent case's proof."""
    ticket, who = find_own(id)
    moment = now()
    return perform(
        [day_of(ticket)],
        lambda tx: view_queued(
            tx.office(ticket.office),
            remarks.check_evidence(tx, ticket.office, ticket.id, who.id, body.evidence, moment),
            moment,
        ),
    )


@operation(
    "POST",
    "/tickets/{id}/notes",
    access=STAFF,
    tag="staff",
    body=NoteBody,
    answers={200: QueuedTicket},
    once=True,
    refusals=[*AT_COUNTER, errors.BadInput, errors.LimitReached],
)
def write_note(id: str, body: NoteBody) -> Response:
    """Keep a short note with a ticket, for the office's staff and for this day."""
    ticket, who = find_own(id)
    moment, drawn = now(), draw()
    return perform(
        [day_of(ticket)],
        lambda tx: view_queued(
            tx.office(ticket.office),
            remarks.write_note(tx, ticket.office, ticket.id, who.id, body.text, drawn.id, moment),
            moment,
        ),
    )


@operation(
    "GET",
    "/offices/{office}/own-actions",
    access=STAFF,
    tag="staff",
    answers={200: PastActions},
    refusals=[errors.UnknownOffice],
)
def list_own_actions(office: str) -> PastActions:
    """List the caller's last actions of today, and until when each can be taken back."""
    who, the_office = admit_office(office), find_office(office)
    with context().database.read() as connection:
        return own_actions.list_actions(connection, the_office, who.id, now())
