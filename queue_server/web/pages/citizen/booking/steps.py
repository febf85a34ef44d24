"""Booking a visit, the first steps: service and people, then day and time. Works without
JavaScript.

What a visitor has chosen travels in the address until the details, and nothing of the person ever
does. A time that is chosen is kept for its visitor from then on, so that nobody types for nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from pydantic import BaseModel
from werkzeug.wrappers import Response

from queue_server.domain.errors import NotInService, Paused, ProofNeeded, TooLate
from queue_server.domain.office.office import Office, Service, VisitKind
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.bodies.kinds import Day
from queue_server.web.edge.context import find_office, now
from queue_server.web.edge.forms.booking import CHOICES, BookingForm, party_of
from queue_server.web.edge.forms.drafts import Draft
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import zone_name
from queue_server.web.edge.shared.freshness import office_version
from queue_server.web.edge.shared.pages import shared_page
from queue_server.web.edge.words.remote import kind_words, what_happens_words
from queue_server.web.edge.words.urgency import urgency_words
from queue_server.web.pages.citizen.blueprint import pages
from queue_server.web.pages.citizen.choosing.services import list_services

from .choices import (
    SLOT_LOST,
    DayChoice,
    chosen_service,
    chosen_slot,
    kinds_of,
    list_days_for,
    to_start,
    with_kind,
)
from .holds import find_kept, keep, new_visit, remember, to_details
from .line import render_line, work_ahead
from .walk import check_person, choose_anew, find_walk, leave, read_walk, step_of, to_ticket
from .words import PROBLEMS, problem_words

DAYS_SHOWN = 7


class DayQuery(BaseModel):
    """The day whose times are looked at."""

    day: Day


@pages.get("/o/<office_code>/book")
@public
@shared_page(office_version, frozenset({"service", "urgent", "urgency", "party_size", "kind"}))
def choose_service(office_code: str) -> Response | str:
    """Step 1: what for, and how many come."""
    walk = find_walk()
    if walk.booked:
        return to_ticket(walk.booked)
    errors = {name: words for name, words in walk.errors.items() if name in CHOICES}
    return render_services(find_office(office_code), walk.form, errors)


def render_services(office: Office, form: BookingForm, errors: dict[str, str]) -> str:
    """The services as radios; for an urgent case with its reasons. Where only urgent cases are
    served, these are asked at once.
    """
    regular = list_services(office)
    urgent = list_services(office, urgent=True)
    only_urgent = any(each.bookable for each in urgent) and not any(
        each.bookable for each in regular
    )
    # The page of the other kind is one link away, also for who comes back to change the reason.
    asked = request.args.get("urgent")
    is_urgent = only_urgent or (bool(form.urgency) if asked is None else asked != "0")
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
        people=party_of(office, form),
        visit=form.visit,
        work=work_ahead(office, party_of(office, form)),
    )


@pages.get("/o/<office_code>/book/day")
@public
@shared_page(
    office_version, frozenset({"service", "urgent", "urgency", "party_size", "day", "kind"})
)
def choose_day(office_code: str) -> Response | str | tuple[str, int]:
    """Step 2: which day and time. Availability comes before any personal question, and for the
    whole party.
    """
    office, walk = find_office(office_code), find_walk()
    if walk.booked:
        return to_ticket(walk.booked)
    chosen = BookingForm.read(request.args)
    form = walk.form
    if chosen.service:
        slot = chosen.slot or form.slot
        form = replace(form.choosing(chosen), slot=slot, hold=chosen.hold or form.hold)
    errors: dict[str, str] = {}
    service = chosen_service(office, form)
    if "urgent" in request.args and not form.urgency:
        errors["urgency"] = bad_input_words("urgency", "missing")
        service = None
    elif service is None:
        errors["service"] = bad_input_words("service", "missing")
    in_office = replace(form, kind="")
    if "party_size" in request.args and party_of(office, in_office) != form.people:
        errors["party_size"] = bad_input_words("party_size", "range")
        service = None
    if service is None:
        return render_services(office, form, errors), 422
    form = with_kind(office, service, replace(form, visit=form.visit or new_visit()))
    return render_days(office, service, form, problem_words(request.args.get("problem", "")))


def render_days(office: Office, service: Service, form: BookingForm, errors: dict[str, str]) -> str:
    """The days, and the times of the one that is asked for. A time that is kept for this very
    visitor can be chosen again.
    """
    days, own = list_days_for(office, form), find_kept(office, form)
    query, _wrong = read_form(DayQuery, {"day": request.args.get("day", "")}, bad_input_words)
    wanted = query.day if query else None
    if wanted is None and form.slot:
        wanted = chosen_slot(office, form.slot).starts_at.date()
    shown = next((each for each in days if each.date == wanted), None)
    is_missing = query is not None and shown is None
    shown = shown or next((each for each in days if each.free), None)
    start = days.index(shown) // DAYS_SHOWN * DAYS_SHOWN if shown else 0
    slots = () if shown is None else shown.slots
    if own is not None:
        slots = tuple(
            replace(each, free=max(1, each.free)) if each.id == own.slot else each for each in slots
        )
    choice = replace(form, slot="").choice
    offered = kinds_of(office, service, form)

    def url_of_kind(kind: VisitKind) -> str:
        chosen = replace(form, slot="", hold="", kind=kind.value).choice
        return url_for("public.choose_day", office_code=office.code, **chosen)

    def url_of_day(day: DayChoice, **more: Any) -> str:
        return url_for(
            "public.choose_day", office_code=office.code, **choice, day=day.date.isoformat(), **more
        )

    return render_template(
        "citizen/booking/day.html",
        office=office,
        service=service,
        days=days[start : start + DAYS_SHOWN],
        shown=shown,
        missing=is_missing,
        slots=slots,
        chosen=form.slot,
        choice=choice,
        visit=form.visit,
        url_of_day=url_of_day,
        kind=form.visit_kind,
        kinds=[(each, kind_words()[each], url_of_kind(each)) for each in offered],
        happens=what_happens_words(form.visit_kind),
        fastest=next((slot for day in days for slot in day.slots if slot.free), None),
        urgency=form.urgency,
        reasons=urgency_words(),
        people=party_of(office, form),
        earlier_url=url_of_day(days[start - DAYS_SHOWN]) if start else None,
        later_url=url_of_day(days[start + DAYS_SHOWN]) if start + DAYS_SHOWN < len(days) else None,
        zone=zone_name(office.zone, now()),
        errors=errors,
        work=work_ahead(office, party_of(office, form)),
    )


@pages.post("/o/<office_code>/book/hold")
@public
def hold_time(office_code: str) -> Response | str | tuple[str, int]:
    """Keep the time that was chosen, and go on to the details, or to the check for whoever has
    given them already.
    """
    office, form = find_office(office_code), read_walk()
    service = chosen_service(office, form)
    if service is None:
        return choose_anew(office, form)
    if not form.slot:
        return _ask_time(office, form, "missing")
    try:
        kept = keep(office, form)
    except ProofNeeded as refused:
        return render_line(office, form, "hold", refused), 428
    except TooLate:
        return _ask_time(office, form, "hold_over")
    except (*SLOT_LOST, NotInService, Paused) as refused:
        return _ask_time(office, form, refused.code)
    if not kept.name:
        return to_details(office, kept)
    visitor, faults = check_person(office, service, kept)
    step = "check" if visitor is not None else step_of(faults)
    return remember(leave(office, Draft(kept, faults), step), kept)


def _ask_time(office: Office, form: BookingForm, problem: str) -> Response:
    """The times of the form's day once more, with what was wrong. In the address: whoever finds
    nothing free in a rush costs no commit.
    """
    assert problem in PROBLEMS
    return redirect(
        url_for("public.choose_day", office_code=office.code, **form.choice, problem=problem), 303
    )


@pages.get("/o/<office_code>/book/hold")
@pages.get("/o/<office_code>/book/extend")
@pages.get("/o/<office_code>/book/confirm")
@public
def start_over(office_code: str) -> Response:
    """These steps need what was typed; an address alone brings nothing, so begin again."""
    return to_start(find_office(office_code))
