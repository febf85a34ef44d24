"""Ringing a visitor at home, or meeting one by video."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.services.counter import remote
from queue_server.services.counter.remote import Contact
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.api.references import find_own
from queue_server.web.edge.access.routes import STAFF
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.counter import MeetingBody
from queue_server.web.edge.context import context, day_of, now

from .steps import AT_COUNTER


@dataclass(frozen=True)
class OpenMeeting:
    """Where a visit by video meets."""

    ticket: str
    meeting_url: str


@operation(
    "POST",
    "/tickets/{id}/contact",
    access=STAFF,
    tag="staff",
    body=Nothing,
    answers={200: Contact},
    refusals=[*AT_COUNTER],
)
def show_contact(id: str, body: Nothing) -> Contact:
    """Show whom to ring, or where to meet, to the clerk who has called a visit from home, as long
    as it lasts. That it was shown is noted; no answer is kept.
    """
    ticket, who = find_own(id)
    moment = now()
    return context().database.write(
        [day_of(ticket)],
        lambda tx: remote.show_contact(tx, ticket.office, ticket.id, who.id, moment),
    )


@operation(
    "POST",
    "/tickets/{id}/meeting",
    access=STAFF,
    tag="staff",
    body=MeetingBody,
    answers={200: OpenMeeting},
    once=True,
    refusals=[*AT_COUNTER, errors.BadInput],
)
def open_meeting(id: str, body: MeetingBody) -> Response:
    """Open the meeting of one's visit by video: its ticket page shows the address, and its visitor
    is told.
    """
    ticket, who = find_own(id)
    moment = now()

    def command(tx: Transaction) -> OpenMeeting:
        opened = remote.open_meeting(tx, ticket.office, ticket.id, body.url, who.id, moment)
        assert opened.meeting_url is not None, "a meeting that is open has an address"
        return OpenMeeting(opened.ticket, opened.meeting_url)

    return perform([day_of(ticket)], command)
