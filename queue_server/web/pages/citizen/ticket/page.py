"""A visitor's own page, found by a secret code: state and place in the queue."""

from __future__ import annotations

import segno
from flask import redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from queue_server.domain.booking.steps import is_cancellable, is_movable
from queue_server.domain.visit.numbering import group_code, parse_code
from queue_server.domain.visit.ticket import Ticket, is_followed
from queue_server.domain.visit.transitions import LIVE_STATES
from queue_server.services.shown import ticket_url
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, find_office, find_ticket_by_code, now
from queue_server.web.edge.locale import zone_name
from queue_server.web.edge.ticket_views import view_now
from queue_server.web.edge.words.tickets import (
    STATE_BADGES,
    counter_words,
    state_words,
    ticket_case,
    ticket_script_words,
    ticket_words,
)
from queue_server.web.pages.citizen.blueprint import pages

from .booked import view_booked


def draw_qr(text: str) -> Markup:
    """A QR code as inline SVG, sized by the page. It is made of our own address, so it needs no
    escaping.
    """
    return Markup(segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=2))


@pages.get("/t/<code>")
@public
def ticket(code: str) -> Response | str:
    """The ticket page. Any spelling of the code is led to the one address."""
    known = parse_code(code)
    if known != code:
        return redirect(url_for("public.ticket", code=known))
    return render_ticket(find_ticket_by_code(known))


@pages.get("/T/<code>")
@public
def scanned_ticket(code: str) -> Response:
    """Where a slip's QR code leads: its address stands in capitals, which make the code smaller and
    easier to scan.
    """
    return redirect(url_for("public.ticket", code=parse_code(code)))


def render_ticket(ticket: Ticket, problem: str | None = None) -> str:
    """The ticket page in the ticket's present state. The view's type has no field for personal
    data.
    """
    office = find_office(ticket.office)
    view = view_now(ticket)
    say = ticket_words()[
        ticket_case(view.status, view.entry, view.ahead, view.calls, came=view.number is not None)
    ]
    return render_template(
        "citizen/ticket/page.html",
        office=office,
        ticket=view,
        live=ticket.state in LIVE_STATES,
        followed=is_followed(ticket, office.date_at(now())),
        cancellable=is_cancellable(ticket),
        movable=is_movable(ticket, office.rules),
        code_shown=group_code(view.code),
        states=state_words(),
        badges=STATE_BADGES,
        script_words=ticket_script_words(),
        zone=zone_name(office.zone, now()),
        say=say.replace("{counter}", counter_words(view.counter or "")).replace(
            "{times}", str(view.calls)
        ),
        qr=draw_qr(ticket_url(context().settings.public_url, view.code)),
        booked=view_booked(office, ticket),
        problem=problem,
    )
