"""What the ticket page says beside the live card: what was just done, when to come and with what,
how the ticket is kept and passed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import request

from queue_server.domain.booking.steps import moves_left
from queue_server.domain.messages.message import MessageChannel, MessageKind
from queue_server.domain.messages.owed import choose_channel, choose_way
from queue_server.domain.office.location import map_url
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import LIVE_STATES, State
from queue_server.services.messages.queueing import reach_of
from queue_server.services.shown import ticket_url
from queue_server.web.edge.context import context
from queue_server.web.edge.documents.visit_words import (
    door_words,
    papers_words,
    urgent_words,
    when_words,
)
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.strangers.persons import visitor_of
from queue_server.web.edge.ticket_views import past_of

STANDS_AFTER = {"booked": {State.BOOKED}, "moved": {State.BOOKED}, "cancelled": {State.CANCELLED}}
"""What may just have been done with a ticket -> the states in which that is still true."""


@dataclass(frozen=True)
class Share:
    """A message that passes a ticket on. `whatsapp` opens it in WhatsApp, to any of the visitor's
    own contacts.
    """

    text: str
    url: str
    whatsapp: str


@dataclass(frozen=True)
class Booked:
    """What is said of a ticket beside its state. `done` is a name of `STANDS_AFTER`. `sends`: by
    which way the office reaches the visitor; `confirms`, `reminds`: by which way the server sends
    what need not be told, None for nothing. `asks_digits`: whoever changes the visit must know four
    digits. `share` is None for a visit that is over.
    """

    done: str | None
    sends: MessageChannel
    asks_digits: bool
    coming: str | None = None
    papers: str = ""
    urgent: tuple[str, str] | None = None
    moved_from: str | None = None
    moves_left: int = 0
    share: Share | None = None
    confirms: MessageChannel | None = None
    reminds: MessageChannel | None = None
    map_url: str | None = None


def view_booked(office: Office, ticket: Ticket) -> Booked:
    """What the page of a ticket says; a reload or a shared link says no more that is not so."""
    named = request.args.get("done", "booked" if "new" in request.args else "")
    done = named if ticket.state in STANDS_AFTER.get(named, ()) else None
    visitor = visitor_of(ticket)
    email, phone = (visitor.email, visitor.phone) if visitor else (None, None)
    sends, asks_digits = choose_channel(email, phone), visitor is not None
    if ticket.state not in LIVE_STATES:
        return Booked(done, sends, asks_digits)
    language, past = current_language(), past_of(ticket)
    reach, ways = reach_of(visitor), context().ways
    return Booked(
        done,
        sends,
        asks_digits,
        coming=door_words(office, ticket, language),
        papers=papers_words(office, ticket, language),
        urgent=urgent_words(past.urgency),
        moved_from=past.moved_from,
        moves_left=moves_left(ticket, office.rules),
        share=_share(office, ticket, language),
        confirms=choose_way(MessageKind.CONFIRMATION, reach, ways),
        reminds=choose_way(MessageKind.REMINDER, reach, ways),
        map_url=map_url(point) if (point := office.location.coordinates) else None,
    )


def _share(office: Office, ticket: Ticket, language: str) -> Share:
    url = ticket_url(context().settings.public_url, ticket.code)
    when = when_words(office, ticket, language)
    if ticket.number:
        text = _("Number %(number)s at %(office)s", number=ticket.number, office=office.name)
    elif when:
        text = _("Visit to %(office)s, %(when)s", office=office.name, when=", ".join(when))
    else:
        text = _("Visit to %(office)s", office=office.name)
    message = quote(f"{text}\n{url}", safe="")
    return Share(text, url, f"https://wa.me/?text={message}")
