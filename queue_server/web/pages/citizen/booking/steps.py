"""Booking a visit, the first steps: service, day, time. Works without JavaScript.

What a visitor has chosen travels in the address until the details, and nothing of the person ever
does. A time that is chosen is kept for its visitor from then on, so that nobody types for nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import redirect, render_template, request, url_for
from pydantic import BaseModel
from werkzeug.wrappers import Response

from queue_server.domain.errors import NotInService, ProofNeeded, TooLate
from queue_server.domain.office.office import Office, Service
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.bodies.kinds import Day
from queue_server.web.edge.context import find_office, now
from queue_server.web.edge.forms.booking import BookingForm, party_of
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import zone_name
from queue_server.web.edge.shared.freshness import office_version
from queue_server.web.edge.shared.pages import shared_page
from queue_server.web.edge.words.refusals import bad_input_words, refusal_words
from queue_server.web.edge.words.urgency import urgency_words
from queue_server.web.pages.citizen.blueprint import pages
from queue_server.web.pages.citizen.choosing.services import list_services

from .choices import SLOT_LOST, chosen_service, chosen_slot, list_days_for, to_start
from .holds import find_kept, keep, new_visit, to_details
from .line import render_line, work_ahead

DAYS_SHOWN = 7


class DayQuery(BaseModel):
    """The day whose times are looked at."""

    day: Day


@pages.get("/o/<office_code>/book")
@public
@shared_page(office_version, frozenset({"service", "urgent", "urgency"}))
def choose_service(office_code: str) -> str:
    """Step 1: what for."""
    return render_services(find_office(office_code), BookingForm.read(request.args), {})


def render_services(office: Office, form: BookingForm, errors: dict[str, str]) -> str:
    """The services as radios; for an urgent case with its reasons. Where only urgent cases are
    served, these are asked at once.
    """
    regular = list_services(office)
    urgent = list_services(office, urgent=True)
    only_urgent = any(each.bookable for each in urgent) and not any(
        each.bookable for each in regular
    )
    is_urgent = only_urgent or "urgent" in request.args or bool(form.urgency)
    return render_template(
        "citizen/booking/service.html",
        office=office,
        services=urgent if is_urgent else regular,
        chosen=form.service,
        errors=errors,
        urgent=is_urgent,
        only_urgent=only_urgent,
        reasons=urgency_words(),
        reason=form.urgency,
        work=work_ahead(office, party_of(office, form)),
    )


@pages.get("/o/<office_code>/book/day")
@public
@shared_page(
    office_version, frozenset({"service", "urgent", "urgency", "party_size", "page", "day"})
)
def choose_day(office_code: str) -> Response | str | tuple[str, int]:
    """Step 2: which day. Availability comes before any personal question."""
    office = find_office(office_code)
    form = BookingForm.read(request.args)
    errors = {}
    service = chosen_service(office, form)
    if "urgent" in request.args and not form.urgency:
        errors["urgency"] = bad_input_words("urgency", "missing")
        service = None
    elif service is None:
        errors["service"] = bad_input_words("service", "missing")
    if service is None:
        return render_services(office, form, errors), 422
    form = replace(form, slot="", visit=form.visit or new_visit())
    days = list_days_for(office, form)
    page = request.args.get("page", 0, type=int)
    page = min(max(page, 0), max(0, (len(days) - 1) // DAYS_SHOWN))

    def url_of_page(to: int) -> str:
        return url_for("public.choose_day", office_code=office.code, **form.choice, page=to)

    return render_template(
        "citizen/booking/day.html",
        office=office,
        service=service,
        days=days[page * DAYS_SHOWN : (page + 1) * DAYS_SHOWN],
        choice=form.choice,
        fastest=next((slot for day in days for slot in day.slots if slot.free), None),
        urgency=form.urgency,
        reasons=urgency_words(),
        people=party_of(office, form),
        earlier_url=url_of_page(page - 1) if page else None,
        later_url=url_of_page(page + 1) if (page + 1) * DAYS_SHOWN < len(days) else None,
        work=work_ahead(office, party_of(office, form)),
    )


@pages.get("/o/<office_code>/book/time")
@public
def choose_time(office_code: str) -> Response | str:
    """Step 3: what time."""
    office = find_office(office_code)
    form = BookingForm.read(request.args)
    service = chosen_service(office, form)
    if service is None:
        return to_start(office)
    query, _wrong = read_form(DayQuery, {"day": request.args.get("day", "")}, bad_input_words)
    if query is None:
        return redirect(url_for("public.choose_day", office_code=office.code, **form.choice), 303)
    return render_times(office, service, query.day, form, {})


def render_times(
    office: Office, service: Service, day: date, form: BookingForm, errors: dict[str, str]
) -> str:
    """The times of one day. A time that is kept for this very visitor can be chosen again."""
    slots = next((each.slots for each in list_days_for(office, form) if each.date == day), ())
    own = find_kept(office, form)
    if own is not None:
        slots = tuple(
            replace(each, free=max(1, each.free)) if each.id == own.slot else each for each in slots
        )
    kept = replace(form, slot="", visit=form.visit or new_visit())
    return render_template(
        "citizen/booking/time.html",
        office=office,
        service=service,
        day=day,
        slots=slots,
        chosen=form.slot,
        choice=kept.choice,
        zone=zone_name(office.zone, now()),
        errors=errors,
        urgency=form.urgency,
        reasons=urgency_words(),
        people=party_of(office, form),
        work=work_ahead(office, party_of(office, form)),
    )


@pages.post("/o/<office_code>/book/hold")
@public
def hold_time(office_code: str) -> Response | str | tuple[str, int]:
    """Keep the time that was chosen, and go on to the details."""
    office = find_office(office_code)
    form = BookingForm.read(request.form)
    service = chosen_service(office, form)
    if service is None:
        return to_start(office)
    if not form.slot:
        return _ask_time(office, service, form, bad_input_words("slot", "missing")), 422
    try:
        return to_details(office, keep(office, form))
    except ProofNeeded as refused:
        return render_line(office, form, "hold", refused), 428
    except TooLate:
        # This visit's hold of this time has run out; asked again, it is a new one.
        form = replace(form, visit=new_visit(), hold="")
        sentence = refusal_words("hold_over", {})
    except (*SLOT_LOST, NotInService) as refused:
        sentence = refusal_words(refused.code, refused.facts)
    return _ask_time(office, service, form, sentence), 409


def _ask_time(office: Office, service: Service, form: BookingForm, sentence: str) -> str:
    """The times of the form's day once more, with what was wrong."""
    days = list_days_for(office, form)
    day = (
        chosen_slot(office, form.slot).starts_at.date()
        if form.slot
        else days[0].date
        if days
        else office.date_at(now())
    )
    return render_times(office, service, day, form, {"slot": sentence})


@pages.get("/o/<office_code>/book/hold")
@pages.get("/o/<office_code>/book/extend")
@pages.get("/o/<office_code>/book/check")
@pages.get("/o/<office_code>/book/confirm")
@pages.get("/o/<office_code>/book/another-time")
@public
def start_over(office_code: str) -> Response:
    """These steps need what was typed; an address alone brings nothing, so begin again."""
    return to_start(find_office(office_code))
