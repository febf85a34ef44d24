"""The first pages: the demo's home or the list of offices, one office, and how data is treated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_server.domain.booking.availability import takes_bookings
from queue_server.domain.errors import UnknownCode
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import parse_code
from queue_server.services.access.privacy import longest_kept
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.writer import days as day_store
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, find_office, list_offices, now
from queue_server.web.edge.locale import zone_name
from queue_server.web.edge.words.opening import list_hours, list_other_days, list_seasons
from queue_server.web.edge.words.refusals import refusal_words

from .demo_home import staff_doors

pages = Blueprint("public", __name__)
"""Everything a citizen sees. `booking` and `ticket_page` add their routes to it."""


@dataclass(frozen=True)
class ServiceChoice:
    """A service as the pages list it; `bookable` is false when it takes no visits at present."""

    code: str
    name: Any
    summary: Any
    requirements: Any
    channel: str
    minutes: int
    bookable: bool


def list_services(office: Office, *, urgent: bool = False) -> list[ServiceChoice]:
    """The services of an office in its own order, as they may be booked for a regular or an urgent
    case.
    """
    return [
        ServiceChoice(
            each.code,
            each.name,
            each.summary,
            each.requirements,
            each.channel.value,
            each.minutes,
            takes_bookings(office, each, now(), urgent=urgent),
        )
        for each in office.services
    ]


def service_names(offices: Iterable[Office]) -> dict[str, Mapping[str, str]]:
    """Every service that some office has, by code, in the order in which the offices list them."""
    return {each.code: each.name for office in offices for each in office.services}


@pages.get("/")
@public
def home() -> str:
    """The demo's home with every door and log-in; elsewhere the list of offices."""
    offices = list_offices()
    access_file = context().settings.demo_access_file
    if access_file is None or not access_file.exists():
        return render_template(
            "citizen/offices.html", offices=offices, services=service_names(offices), chosen=None
        )
    demo = json.loads(access_file.read_text(encoding="utf-8"))
    demo["office_name"] = next(
        (each.name for each in offices if each.code == demo.get("office")), ""
    )
    return render_template(
        "citizen/home.html",
        demo=demo,
        doors=staff_doors(),
        offices=offices,
        services=service_names(offices),
        chosen=None,
    )


@pages.get("/o/<office_code>")
@public
def office_page(office_code: str) -> str:
    """One office: what it does, when it is open, whether it serves only urgent cases."""
    office = find_office(office_code)
    today = office.date_at(now())
    with context().database.read() as connection:
        day = day_store.find(connection, office.code, today)
    return render_template(
        "citizen/office.html",
        office=office,
        services=list_services(office),
        open_now=office.is_open(now()),
        today=today,
        hours=list_hours(office.hours.week, today),
        seasons=list_seasons(office, today),
        other_days=list_other_days(office, today),
        zone=zone_name(office.zone, now()),
        stands_still=day.paused and day.paused.value,
        drill=day.drill,
    )


@pages.get("/t")
@public
def find_ticket() -> Response | str:
    """Find a ticket, or a place on the waitlist, by its code, however it is typed."""
    typed = request.args.get("code", "")[:60]
    errors = {}
    if "code" in request.args:
        try:
            code = parse_code(typed)
            return redirect(
                url_for("public.wait" if _is_waiting(code) else "public.ticket", code=code)
            )
        except UnknownCode as refused:
            errors["code"] = refusal_words(refused.code, refused.facts)
    return render_template("citizen/ticket_find.html", errors=errors, code=typed)


def _is_waiting(code: str) -> bool:
    """Whether a code is that of somebody on the waitlist."""
    try:
        with context().database.read() as connection:
            waitlist_store.find_by_code(connection, code)
    except UnknownCode:
        return False
    return True


@pages.get("/privacy")
@public
def privacy() -> str:
    """What is kept of a visitor, where and for how long."""
    known_days, missed_days = longest_kept(context().database)
    return render_template("citizen/privacy.html", known_days=known_days, missed_days=missed_days)
