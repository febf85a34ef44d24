"""The first pages: the demo's home or the list of offices, one office, and how data is treated."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from flask import Response, abort, render_template, request

from queue_server.domain.booking.availability import takes_bookings
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.search import LONGEST_QUERY, search_services
from queue_server.services.privacy.wiping import longest_kept
from queue_server.store.office import slip_logos
from queue_server.store.writer import days as day_store
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, find_office, list_offices, now
from queue_server.web.edge.locale import zone_name
from queue_server.web.edge.shared.freshness import office_version, offices_version, service_version
from queue_server.web.edge.shared.pages import shared_page
from queue_server.web.edge.words.opening import list_hours, list_other_days, list_seasons
from queue_server.web.pages.citizen.blueprint import pages

from .demo_home import staff_doors
from .services import (
    first_services,
    group_services,
    list_services,
    online_services,
    service_names,
    show_service,
)


@pages.get("/")
@public
@shared_page(offices_version)
def home() -> str:
    """The demo's home with every door and log-in; elsewhere the list of offices."""
    offices = list_offices()
    access_file = context().settings.demo_access_file
    if access_file is None or not access_file.exists():
        return render_template(
            "citizen/choosing/offices.html",
            offices=offices,
            services=service_names(offices),
            chosen=None,
        )
    demo = json.loads(access_file.read_text(encoding="utf-8"))
    demo["office_name"] = next(
        (each.name for each in offices if each.code == demo.get("office")), ""
    )
    return render_template(
        "citizen/choosing/home.html",
        demo=demo,
        doors=staff_doors(),
        offices=offices,
        services=service_names(offices),
        chosen=None,
    )


@pages.get("/o/<office_code>/logo-<id>.png")
@public
def logo(office_code: str, id: str) -> Response:
    """The logo of an office. Its address names the picture, so it is kept for ever."""
    office = find_office(office_code)
    with context().database.read() as connection:
        picture = slip_logos.find(connection, office.code) if office.slip.logo == id else None
    if picture is None:
        abort(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(picture, content_type="image/png", headers=headers)


@pages.get("/o/<office_code>")
@public
@shared_page(office_version)
def office_page(office_code: str) -> str:
    """One office: what it does, when it is open, whether it serves only urgent cases. With `q` the
    services that fit it.
    """
    office = find_office(office_code)
    today = office.date_at(now())
    query = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    services = list_services(office)
    by_code = {each.code: each for each in services}
    matches = [by_code[each.code] for each in search_services(office.services, query)]
    first = [] if matches else first_services(office, services)
    with context().database.read() as connection:
        day = day_store.find(connection, office.code, today)
    return render_template(
        "citizen/choosing/office.html",
        office=office,
        query=query,
        matches=matches,
        first=first,
        online=[] if office.mode_at(now()) is ServiceMode.NORMAL else online_services(services),
        groups=[] if matches else group_services(office, services),
        takes_visits=any(each.bookable for each in services),
        takes_urgent=any(
            takes_bookings(office, each, now(), urgent=True) for each in office.services
        ),
        open_now=office.is_open(now()),
        today=today,
        hours=list_hours(office.hours.week, today),
        seasons=list_seasons(office, today),
        other_days=list_other_days(office, today),
        zone=zone_name(office.zone, now()),
        stands_still=day.paused and day.paused.value,
        drill=day.drill,
    )


@pages.get("/o/<office_code>/s/<service_code>")
@public
@shared_page(service_version)
def service_page(office_code: str, service_code: str) -> str:
    """One service: what it needs, how it is had online, and the way to a visit."""
    office = find_office(office_code)
    service = show_service(office, office.service(service_code))
    return render_template(
        "citizen/choosing/service.html",
        office=office,
        service=service,
        online_host=service.online and urlsplit(service.online.url).hostname,
    )


@pages.get("/privacy")
@public
def privacy() -> str:
    """What is kept of a visitor, where and for how long."""
    known_days, missed_days = longest_kept(context().database)
    return render_template(
        "citizen/choosing/privacy.html", known_days=known_days, missed_days=missed_days
    )
