"""Waiting for a place that somebody gives up: the form, and the page that tells of an offer and
takes the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from werkzeug.wrappers import Response

from queue_server.domain.booking.waitlist import Entry
from queue_server.domain.errors import (
    BadInput,
    Changed,
    DomainError,
    KeyReused,
    LimitReached,
    NotInService,
    Paused,
    TooLate,
    WrongState,
)
from queue_server.domain.messages.message import MessageChannel
from queue_server.domain.office.office import Office, Service, VisitKind
from queue_server.domain.visit.numbering import group_code, parse_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import waitlist as service_of_waits
from queue_server.services.booking.waitlist import WaitRequest
from queue_server.services.idempotency import Answer
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.transaction import DayKey, Transaction
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.bodies.kinds import Day
from queue_server.web.edge.context import context, find_office, now
from queue_server.web.edge.forms.booking import (
    BookingForm,
    check_booking,
    refused_answers,
    say_faults,
)
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import current_language, offer_languages
from queue_server.web.edge.strangers.contact_proof import ask_of_waiting, sends_letters
from queue_server.web.edge.strangers.persons import telling_nobody
from queue_server.web.edge.waitlist_steps import look_at, offer_what_is_kept, press, view_at
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.edge.words.remote import kind_words, what_happens_words
from queue_server.web.pages.citizen.blueprint import pages
from queue_server.web.pages.citizen.booking.choices import chosen_service, to_start, with_kind
from queue_server.web.pages.citizen.booking.words import need_words


class WishForm(BaseModel):
    """The days between which somebody would come."""

    first_date: Day
    last_date: Day


@dataclass(frozen=True)
class DateChoice:
    """The dates of a wish as typed, and the dates that can be chosen."""

    first: str
    last: str
    days: tuple[date, ...]


def read_dates(office: Office) -> DateChoice:
    """The dates in the form; from today up to the last that can be booked where none is given
    yet.
    """
    today = office.date_at(now())
    days = tuple(
        day
        for day in (
            today + timedelta(days=ahead) for ahead in range(office.rules.booking.horizon_days + 1)
        )
        if office.openings_on(day)
    )
    first, last = (days[0], days[-1]) if days else (today, today)
    return DateChoice(
        request.values.get("first_date", first.isoformat())[:10],
        request.values.get("last_date", last.isoformat())[:10],
        days,
    )


@pages.get("/o/<office_code>/waitlist")
@public
def wait_form(office_code: str) -> Response | str:
    """Ask to be told when a place becomes free. Opening this page changes nothing."""
    office = find_office(office_code)
    form = BookingForm.read(request.args)
    service = chosen_service(office, form)
    if service is None:
        return to_start(office)
    return render_form(office, service, with_kind(office, service, form), {})


def render_form(office: Office, service: Service, form: BookingForm, errors: dict[str, str]) -> str:
    """The form with everything typed so far."""
    return render_template(
        "citizen/waitlist/join.html",
        office=office,
        service=service,
        values=form,
        errors=errors,
        dates=read_dates(office),
        sends_letters=sends_letters(),
        can_phone=MessageChannel.PHONE in context().ways,
        can_remind=bool(context().ways),
        needs=need_words(),
        kind_name=kind_words()[form.visit_kind],
        happens=what_happens_words(form.visit_kind),
    )


@pages.post("/o/<office_code>/waitlist/form")
@public
def wait_form_again(office_code: str) -> Response | str:
    """The form with what was typed, after a change of language."""
    office = find_office(office_code)
    form = BookingForm.read(request.form)
    service = chosen_service(office, form)
    if service is None:
        return to_start(office)
    return render_form(office, service, with_kind(office, service, form), {})


@pages.get("/o/<office_code>/waitlist/form")
@public
def wait_form_address(office_code: str) -> Response:
    """That step needs what was typed; an address alone brings nothing, so begin again."""
    return to_start(find_office(office_code))


@pages.post("/o/<office_code>/waitlist")
@public
def join_waitlist(office_code: str) -> ResponseReturnValue:
    """Join the waitlist. The same key again gives the same entry."""
    office = find_office(office_code)
    form = BookingForm.read(request.form)
    service = chosen_service(office, form)
    if service is None:
        return to_start(office)
    form = with_kind(office, service, form)
    visitor, faults = check_booking(form, office, service)
    errors = say_faults(faults)
    typed = read_dates(office)
    dates, wrong_dates = read_form(
        WishForm,
        {"first_date": typed.first, "last_date": typed.last},
        lambda field, _reason: bad_input_words(field, "format"),
    )
    errors |= wrong_dates

    def show(wrong: Errors) -> str:
        return render_form(office, service, form, wrong)

    if visitor is None or dates is None or errors:
        return show(errors), 422
    proof = ask_of_waiting(visitor)
    wanted = WaitRequest(
        service.code,
        dates.first_date,
        dates.last_date,
        visitor,
        form.people,
        form.priority == "yes",
        current_language(),
        proof.contact,
        proof.needs_proof,
        proof.by_phone,
        form.visit_kind,
    )
    asked = [
        service.code,
        typed.first,
        typed.last,
        visitor.nik_fingerprint,
        visitor.name,
        visitor.phone,
        visitor.email,
        visitor.reminders,
        form.people,
        form.visit_kind,
    ]
    drawn, moment = draw(), now()

    def join(tx: Transaction) -> Answer:
        return {"code": service_of_waits.join(tx, office.code, wanted, drawn, moment).code}

    def act() -> str:
        by, person = f"{office.code}:{browser_mark()}", wanted.visitor.nik_fingerprint
        with telling_nobody(office.code, wanted.visitor):
            code = run_once("wait", by, asked, [], join, person=person)["code"]
        offer_what_is_kept(look_at(code).entry)
        return url_for("public.wait", code=code, new=1)

    return answer_form(
        {}, act, show, (BadInput, LimitReached, NotInService, KeyReused), refused_answers
    )


@pages.get("/w/<code>")
@public
def wait(code: str) -> Response | str:
    """How a wish stands: place in the line, or the offer."""
    known = parse_code(code)
    return render_wait(known) if known == code else redirect(url_for("public.wait", code=known))


def render_wait(code: str, problem: str | None = None) -> str:
    """The page of an entry in its present state. The view's type has no field for personal data."""
    view = view_at(code)
    office = find_office(view.office)
    offer_languages(office.languages)
    return render_template(
        "citizen/waitlist/page.html",
        office=office,
        wait=view,
        code_shown=group_code(view.code),
        fresh="new" in request.args,
        problem=problem,
        one_day=view.first_date == view.last_date,
        kind_name=None if view.visit == VisitKind.OFFICE else kind_words()[view.visit],
    )


@pages.post("/w/<code>/accept")
@public
def accept_offer(code: str) -> ResponseReturnValue:
    """Take the place offered. Pressed again, it leads to the same booking."""
    known = parse_code(code)

    def take(days: Iterable[DayKey], accept: Callable[[Transaction], Ticket]) -> str:
        def command(tx: Transaction) -> Answer:
            return {"code": accept(tx).code}

        return str(run_once("wait-accept", known, [known], days, command)["code"])

    def act() -> str:
        try:
            booked = press(known, service_of_waits.accept, take)
        except WrongState:
            ticket = view_at(known).ticket
            if ticket is None:
                raise
            booked = ticket
        return url_for("public.ticket", code=booked, new=1)

    def say(refused: DomainError) -> Errors:
        if isinstance(refused, LimitReached):
            return {"": refusal_words(refused.code, refused.facts)}
        if isinstance(refused, Paused):
            return {"": refusal_words("day_evacuated", {})}
        return {"": refusal_words("offer_over", {})}

    return answer_form(
        {},
        act,
        lambda wrong: render_wait(known, wrong[""]),
        (WrongState, TooLate, Changed, LimitReached, Paused),
        say,
    )


@pages.post("/w/<code>/decline")
@public
def decline_offer(code: str) -> ResponseReturnValue:
    """Let the place go to the next, and wait on."""
    return _step(code, "wait-decline", service_of_waits.decline)


@pages.post("/w/<code>/leave")
@public
def leave_waitlist(code: str) -> ResponseReturnValue:
    """Wait no longer."""
    return _step(code, "wait-leave", service_of_waits.leave)


def _step(code: str, name: str, step: Callable[..., Entry]) -> ResponseReturnValue:
    known = parse_code(code)

    def act() -> str:
        press(known, step, lambda days, command: run_once(name, known, [known], days, command))
        return url_for("public.wait", code=known)

    return answer_form(
        {},
        act,
        lambda wrong: render_wait(known, wrong[""]),
        (WrongState, Changed),
        lambda _refused: {"": refusal_words("wrong_state", {})},
    )


@pages.get("/w/<code>/accept")
@pages.get("/w/<code>/decline")
@pages.get("/w/<code>/leave")
@public
def back_to_wait(code: str) -> Response:
    """These are buttons; an address alone changes nothing."""
    return redirect(url_for("public.wait", code=parse_code(code)))
