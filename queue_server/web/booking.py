"""Booking a visit in a few steps: service, day, time, details, check. Works without JavaScript and loses nothing typed.

What a visitor has chosen travels in the address until the details; from then on in hidden fields, so that no personal data
ever stands in an address. The last step carries an idempotency key: sent twice, it is still one booking.
"""
from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..domain.errors import (
    BadInput,
    KeyReused,
    LimitReached,
    NotInService,
    SlotFull,
    SlotPassed,
    SlotTooFar,
    UnknownService,
    UnknownSlot,
)
from ..domain.office import Office, Service
from ..domain.slots import parse_slot_id, slot_id
from ..services import booking as desk
from ..services.booking import AvailableSlot, BookingRequest
from ..services.draws import draw
from ..services.once import do_once
from ..store.transaction import Transaction
from .auth import public
from .context import context, find_office, now
from .forms import BookingForm, check_booking, mark_request, mask_nik
from .locale import current_language, zone_name
from .public import list_services, pages, takes_bookings
from .wording import bad_input_words, refusal_words

DAYS_SHOWN = 7
NEAREST_AFTER_LOSS = 3
NEAREST_TO_CHOOSE = 9
SLOT_LOST = (SlotFull, SlotPassed, SlotTooFar, UnknownSlot)
"""Refusals that another time mends."""


@dataclass(frozen=True)
class SlotChoice:
    """A time as the pages offer it; `starts_at` is on the office's clock."""

    id: str
    starts_at: datetime
    free: int

    @property
    def morning(self) -> bool:
        return self.starts_at.hour < 12


@dataclass(frozen=True)
class DayChoice:
    """A day with its times; `free` counts the times that still have a place."""

    date: date
    slots: tuple[SlotChoice, ...]
    closed: bool = False

    @property
    def free(self) -> int:
        return sum(each.free > 0 for each in self.slots)


def show_slot(office: Office, slot: AvailableSlot) -> SlotChoice:
    """A slot on the office's own clock."""
    return SlotChoice(slot.id, office.local(slot.starts_at), slot.free)


def days_ahead(office: Office) -> int:
    """How many dates from today on may hold a time that can be booked."""
    return min(office.rules.horizon_days + 1, desk.MOST_DAYS)


def list_days(office: Office, service: str, people: int = 1) -> list[DayChoice]:
    """All days with times that can be booked now, full ones included."""
    with context().database.read() as connection:
        days = desk.list_availability(connection, office, service, office.date_at(now()), days_ahead(office), people, now())
    return [DayChoice(day.date, tuple(show_slot(office, slot) for slot in day.slots)) for day in days]


def nearest_times(office: Office, form: BookingForm, count: int) -> list[SlotChoice]:
    """The free times nearest to the one in the form, for the whole party; that one too, if it is still free."""
    people = max(1, form.people)
    with context().database.read() as connection:
        days = desk.list_availability(connection, office, form.service, office.date_at(now()), days_ahead(office), people, now())
    return [show_slot(office, slot) for slot in desk.nearest_free(days, parse_slot_id(form.slot), count)]


def chosen_slot(office: Office, slot: str) -> SlotChoice:
    """The slot in the form as words need it; whether it still has a place is asked elsewhere. Raises `BadInput`."""
    return SlotChoice(slot, office.local(parse_slot_id(slot)), 0)


def chosen_service(office: Office, code: str) -> Service | None:
    """The service in the form, or None when it is unknown or takes no bookings: then the first step comes again."""
    try:
        service = office.service(code)
    except UnknownService:
        return None
    return service if takes_bookings(office, service) else None


def to_start(office: Office) -> Response:
    """Back to the first step, for an address that lacks what its step needs."""
    return redirect(url_for("public.choose_service", office_code=office.code), 303)


@pages.get("/o/<office_code>/book")
@public
def choose_service(office_code: str) -> str:
    """Step 1: what for."""
    office = find_office(office_code)
    chosen = request.args.get("service")
    return render_template("book_service.html", office=office, services=list_services(office), chosen=chosen, errors={})


@pages.get("/o/<office_code>/book/day")
@public
def choose_day(office_code: str) -> Response | str | tuple[str, int]:
    """Step 2: which day. Availability comes before any personal question."""
    office = find_office(office_code)
    service = chosen_service(office, request.args.get("service", ""))
    if service is None:
        errors = {"service": bad_input_words("service", "missing")}
        return render_template("book_service.html", office=office, services=list_services(office), chosen=None, errors=errors), 422
    days = list_days(office, service.code)
    page = request.args.get("page", 0, type=int)
    page = min(max(page, 0), max(0, (len(days) - 1) // DAYS_SHOWN))

    def turn(to: int) -> str:
        return url_for("public.choose_day", office_code=office.code, service=service.code, page=to)

    return render_template(
        "book_day.html", office=office, service=service, days=days[page * DAYS_SHOWN:(page + 1) * DAYS_SHOWN],
        fastest=next((slot for day in days for slot in day.slots if slot.free), None),
        earlier_url=turn(page - 1) if page else None, later_url=turn(page + 1) if (page + 1) * DAYS_SHOWN < len(days) else None,
    )


@pages.get("/o/<office_code>/book/time")
@public
def choose_time(office_code: str) -> Response | str:
    """Step 3: what time."""
    office = find_office(office_code)
    service = chosen_service(office, request.args.get("service", ""))
    if service is None:
        return to_start(office)
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return redirect(url_for("public.choose_day", office_code=office.code, service=service.code), 303)
    return render_times(office, service, day, {})


def render_times(office: Office, service: Service, day: date, errors: dict[str, str]) -> str:
    """The times of one day."""
    slots = next((each.slots for each in list_days(office, service.code) if each.date == day), ())
    return render_template(
        "book_time.html", office=office, service=service, day=day, slots=slots, chosen=request.args.get("slot"),
        zone=zone_name(office.zone, now()), errors=errors,
    )


@pages.route("/o/<office_code>/book/details", methods=["GET", "POST"])
@public
def details(office_code: str) -> Response | str | tuple[str, int]:
    """Step 4: who. A POST brings back what was typed before, from the check or after a change of language."""
    office = find_office(office_code)
    form = BookingForm.read(request.values)
    service = chosen_service(office, form.service)
    if service is None:
        return to_start(office)
    if not form.slot:
        errors = {"slot": bad_input_words("slot", "missing")}
        days = list_days(office, service.code)
        return (render_times(office, service, days[0].date, errors), 422) if days else to_start(office)
    return render_details(office, service, form, {})


def render_details(office: Office, service: Service, form: BookingForm, errors: dict[str, str]) -> str:
    """The form for the visitor's details, with everything typed so far."""
    slot = chosen_slot(office, form.slot)
    return render_template(
        "book_details.html", office=office, service=service, slot=slot, day=slot.starts_at.date(), values=form, errors=errors
    )


@pages.post("/o/<office_code>/book/check")
@public
def check(office_code: str) -> Response | str | tuple[str, int]:
    """Step 5: is it right? Checks every field and whether the time is still free for the whole party."""
    office = find_office(office_code)
    form = BookingForm.read(request.form)
    service = chosen_service(office, form.service)
    if service is None:
        return to_start(office)
    if not form.slot:
        return render_another_time(office, service, form, {"slot": bad_input_words("slot", "missing")}), 422
    _visitor, errors = check_booking(form, office, office.date_at(now()), context().nik_key)
    if errors:
        return render_details(office, service, form, errors), 422
    if not is_free(office, form):
        return render_another_time(office, service, form, {}, taken=True), 409
    return render_check(office, service, form, {})


def is_free(office: Office, form: BookingForm) -> bool:
    """Whether the chosen time can take the party now."""
    return any(slot.id == form.slot and slot.free > 0 for day in list_days(office, form.service, form.people) for slot in day.slots)


def render_check(office: Office, service: Service, form: BookingForm, errors: dict[str, str]) -> str:
    """The answers to look over, with a fresh key for the one command that follows."""
    return render_template(
        "book_check.html", office=office, service=service, slot=chosen_slot(office, form.slot), values=form, fields=form.fields,
        masked_nik=mask_nik(form.nik), idempotency_key=str(uuid.uuid4()), errors=errors,
    )


@pages.get("/o/<office_code>/book/check")
@pages.get("/o/<office_code>/book/confirm")
@pages.get("/o/<office_code>/book/another-time")
@public
def start_over(office_code: str) -> Response:
    """These steps need what was typed; an address alone brings nothing, so begin again."""
    return to_start(find_office(office_code))


@pages.post("/o/<office_code>/book/another-time")
@public
def another_time(office_code: str) -> Response | str:
    """A different time for a form that is filled in already."""
    office = find_office(office_code)
    form = BookingForm.read(request.form)
    service = chosen_service(office, form.service)
    return to_start(office) if service is None else render_another_time(office, service, form, {})


def render_another_time(office: Office, service: Service, form: BookingForm, errors: dict[str, str], taken: bool = False) -> str:
    """The nearest free times, with everything typed kept: three when the time was lost, more when the visitor just looks around."""
    kept = replace(form, slot="").fields
    wanted = form if form.slot else replace(form, slot=slot_id(now()))
    nearest = nearest_times(office, wanted, NEAREST_AFTER_LOSS if taken else NEAREST_TO_CHOOSE)
    return render_template(
        "book_another_time.html", office=office, service=service, fields=kept, nearest=nearest, chosen=form.slot, taken=taken, errors=errors
    )


@pages.post("/o/<office_code>/book/confirm")
@public
def confirm(office_code: str) -> Response | str | tuple[str, int]:
    """Book. The same key again gives the same booking."""
    office = find_office(office_code)
    form = BookingForm.read(request.form)
    service = chosen_service(office, form.service)
    if service is None or not form.slot:
        return to_start(office)
    visitor, errors = check_booking(form, office, office.date_at(now()), context().nik_key)
    if visitor is None:
        return render_details(office, service, form, errors), 422
    wanted = BookingRequest(
        service=service.code, slot=parse_slot_id(form.slot), visitor=visitor, party_size=form.people, language=current_language(),
        priority=form.priority == "yes",
    )
    key = request.form.get("idempotency_key", "")[:80] or None
    drawn, moment = draw(), now()

    def book(tx: Transaction) -> dict[str, Any]:
        return {"code": desk.book(tx, office.code, wanted, drawn, moment).code}

    asked = [service.code, form.slot, visitor.nik_fingerprint, visitor.name, visitor.phone, form.people, form.priority]
    mark = mark_request("book", asked, context().secret_key)
    try:
        answer = context().database.write(
            [(office.code, office.date_at(wanted.slot))], lambda tx: do_once(tx, f"page:{office.code}", key, mark, book, moment)
        )
    except SLOT_LOST:
        return render_another_time(office, service, form, {}, taken=True), 409
    except (LimitReached, NotInService, KeyReused) as refused:
        return render_check(office, service, form, {"": refusal_words(refused.code, refused.facts)}), 409
    except BadInput as refused:
        field = str(refused.facts.get("field"))
        return render_details(office, service, form, {field: bad_input_words(field, str(refused.facts.get("reason")))}), 422
    return redirect(url_for("public.ticket", code=answer["code"], new=1), 303)
