"""A visitor's own page, found by a secret code: state and place in the queue."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import segno
from flask import make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from queue_server.domain.booking.steps import is_cancellable, is_movable
from queue_server.domain.visit.numbering import group_code, parse_code
from queue_server.domain.visit.ticket import Ticket, is_followed
from queue_server.domain.visit.transitions import LIVE_STATES, State
from queue_server.domain.waits.leaving import TRAVEL_MINUTES, USUAL_TRAVEL_MINUTES
from queue_server.services.shown import ticket_url
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, find_office, find_ticket_by_code, now
from queue_server.web.edge.locale import current_language, format_time, zone_name
from queue_server.web.edge.long_work.pauses import pause
from queue_server.web.edge.shared.freshness import ticket_version
from queue_server.web.edge.shared.pages import shared_page
from queue_server.web.edge.ticket_views import view_now
from queue_server.web.edge.words.remote import kind_words
from queue_server.web.edge.words.tickets import (
    STATE_BADGES,
    counter_words,
    state_words,
    ticket_case,
    words_of,
)
from queue_server.web.pages.citizen.blueprint import pages

from .booked import view_booked
from .offers import find_steps
from .offline import keepable, kept_seconds
from .unreported import or_unreported
from .words import no_wait_words, page_script_words, tell_leaving


@lru_cache(maxsize=256)
def draw_qr(text: str) -> Markup:
    """A QR code as inline SVG, sized by the page. It is made of our own address, so it needs no
    escaping. To draw it takes 3 ms, as long as the rest of the page, and it is always the same for
    a ticket.
    """
    drawn = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=2)
    pause()
    return Markup(drawn)


@pages.get("/t/<code>")
@public
@or_unreported
@shared_page(ticket_version, frozenset({"new", "done", "travel"}), private=True)
def ticket(code: str) -> Response | str:
    """The ticket page. Any spelling of the code is led to the one address."""
    known = parse_code(code)
    if known != code:
        return redirect(url_for("public.ticket", code=known))
    shown = find_ticket_by_code(known)
    return keepable(make_response(render_ticket(shown)), shown)


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
    say = words_of(ticket.kind)[
        ticket_case(
            view.status,
            view.entry,
            view.ahead,
            view.calls,
            came=view.number is not None,
            away=view.away_until is not None,
            returnable=view.return_until is not None,
            voided=view.voided,
        )
    ]
    until = view.away_until or view.return_until
    travel = _chosen_travel()
    return render_template(
        "citizen/ticket/page.html",
        office=office,
        ticket=view,
        live=ticket.state in LIVE_STATES,
        followed=is_followed(ticket, office.date_at(now())),
        # Who waits leaves the queue instead, which is among their own steps.
        cancellable=is_cancellable(ticket) and ticket.state is not State.WAITING,
        movable=is_movable(ticket, office.rules),
        code_shown=group_code(view.code),
        states=state_words(),
        badges=STATE_BADGES,
        script_words=page_script_words(ticket.kind),
        kind_words=kind_words(),
        zone=zone_name(office.zone, now()),
        say=say.replace("{counter}", counter_words(view.counter or ""))
        .replace("{times}", str(view.calls))
        .replace(
            "{until}",
            format_time(datetime.fromisoformat(until), current_language()) if until else "",
        ),
        own=find_steps(ticket, office),
        leaving=tell_leaving(view, travel, now()),
        travel=travel,
        travels=TRAVEL_MINUTES,
        no_wait=no_wait_words().get(view.no_wait or "", ""),
        counter_words=counter_words,
        drawn_at=office.local(now()).isoformat(timespec="seconds"),
        worker=url_for("public.worker"),
        keeps=problem is None and kept_seconds(ticket, office) > 0,
        is_today=ticket.date == office.date_at(now()),
        qr=draw_qr(ticket_url(context().settings.public_url, view.code)),
        booked=view_booked(office, ticket),
        problem=problem,
    )


def _chosen_travel() -> int:
    """How long the visitor's way takes, in minutes, as chosen on the page."""
    asked = request.args.get("travel", "")
    return next((each for each in TRAVEL_MINUTES if str(each) == asked), USUAL_TRAVEL_MINUTES)
