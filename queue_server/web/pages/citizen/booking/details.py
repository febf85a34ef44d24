"""Booking a visit, the later steps: details, check, another time. Nothing typed is lost, whatever
happens to the time meanwhile.

From here on everything travels in hidden fields, so that no personal data ever stands in an
address.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

from flask import render_template, request
from werkzeug.wrappers import Response

from queue_server.domain.booking.contacts import PARTY_WITHOUT_PROOF_MAX, needs_proof
from queue_server.domain.booking.slots import slot_id
from queue_server.domain.errors import NotInService, ProofNeeded, SlotFull
from queue_server.domain.office.office import Office, Service
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import find_office, now
from queue_server.web.edge.forms.booking import BookingForm, check_booking, mask_nik, party_of
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.strangers.contact_proof import ask_for_proof, is_proved, sends_letters
from queue_server.web.edge.words.refusals import bad_input_words, refusal_words
from queue_server.web.edge.words.urgency import urgency_words
from queue_server.web.pages.citizen.blueprint import pages

from .choices import SLOT_LOST, chosen_service, chosen_slot, list_days_for, nearest_times, to_start
from .holds import HOLD_OVER, extend, find_kept, is_over, keep, new_visit
from .line import render_line
from .steps import render_times

NEAREST_AFTER_LOSS = 3
NEAREST_TO_CHOOSE = 9


@pages.route("/o/<office_code>/book/details", methods=["GET", "POST"])
@public
def details(office_code: str) -> Response | str | tuple[str, int]:
    """Step 4: who. A POST brings back what was typed before, from the check or after a change of
    language.
    """
    office = find_office(office_code)
    form = BookingForm.read(request.values)
    service = chosen_service(office, form)
    if service is None:
        return to_start(office)
    errors = {"slot": bad_input_words("slot", "missing")}
    if not form.slot and request.method == "POST":
        return render_another_time(office, service, form, errors), 422
    if not form.slot:
        days = list_days_for(office, form)
        return (
            (render_times(office, service, days[0].date, form, errors), 422)
            if days
            else to_start(office)
        )
    if is_over(office, form):
        return render_another_time(office, service, form, {}, lost="expired"), 409
    return render_details(office, service, form, {})


def render_details(
    office: Office, service: Service, form: BookingForm, errors: dict[str, str]
) -> str:
    """The form for the visitor's details, with everything typed so far."""
    slot = chosen_slot(office, form.slot)
    return render_template(
        "citizen/booking/details.html",
        office=office,
        service=service,
        slot=slot,
        day=slot.starts_at.date(),
        values=form,
        errors=errors,
        kept=find_kept(office, form),
        urgency=form.urgency,
        reasons=urgency_words(),
        without_proof=PARTY_WITHOUT_PROOF_MAX
        if needs_proof(office.largest_party, sends_letters=sends_letters())
        else None,
    )


@pages.post("/o/<office_code>/book/check")
@public
def check(office_code: str) -> Response | str | tuple[str, int]:
    """Step 5: is it right? Checks every field, and keeps the time for the whole party."""
    office = find_office(office_code)
    form = BookingForm.read(request.form)
    service = chosen_service(office, form)
    if service is None:
        return to_start(office)
    if not form.slot:
        return render_another_time(
            office, service, form, {"slot": bad_input_words("slot", "missing")}
        ), 422
    visitor, errors = check_booking(form, office)
    if (
        visitor is not None
        and visitor.email is None
        and needs_proof(form.people, sends_letters=sends_letters())
    ):
        errors["email"] = bad_input_words("email", "needed_for_party")
    if visitor is None or errors:
        return render_details(office, service, form, errors), 422
    if is_over(office, form):
        return render_another_time(office, service, form, {}, lost="expired"), 409
    try:
        kept = keep(office, form)
    except ProofNeeded as refused:
        return render_line(office, form, "check", refused), 428
    except HOLD_OVER:
        return render_another_time(office, service, form, {}, lost="expired"), 409
    except SLOT_LOST as lost:
        is_for_fewer = isinstance(lost, SlotFull) and find_kept(office, form) is not None
        return render_another_time(
            office, service, form, {}, lost="party" if is_for_fewer else "taken"
        ), 409
    except NotInService as refused:
        return render_another_time(
            office, service, form, {"": refusal_words(refused.code, refused.facts)}
        ), 409
    if needs_proof(form.people, sends_letters=sends_letters()):
        ask_for_proof(office.code, visitor.email, current_language())
    return render_check(office, service, kept, {})


def render_check(
    office: Office, service: Service, form: BookingForm, errors: dict[str, str]
) -> str:
    """The answers to look over, with a fresh key for the one command that follows, and what a large
    party has to do before.
    """
    awaits_proof = needs_proof(form.people, sends_letters=sends_letters()) and not is_proved(
        form.email
    )
    return render_template(
        "citizen/booking/check.html",
        office=office,
        service=service,
        slot=chosen_slot(office, form.slot),
        values=form,
        fields=form.fields,
        masked_nik=mask_nik(form.nik),
        errors=errors,
        kept=find_kept(office, form),
        urgency=form.urgency,
        reasons=urgency_words(),
        awaits_proof=awaits_proof,
    )


@pages.post("/o/<office_code>/book/extend")
@public
def extend_time(office_code: str) -> Response | str | tuple[str, int]:
    """Keep the time once more, and stay on the page with everything typed."""
    office = find_office(office_code)
    form = BookingForm.read(request.form)
    service = chosen_service(office, form)
    if service is None or not form.slot or not form.hold:
        return to_start(office)
    try:
        extend(office, form)
    except HOLD_OVER:
        return render_another_time(office, service, form, {}, lost="expired"), 409
    render = render_check if request.form.get("step") == "check" else render_details
    return render(office, service, form, {})


@pages.post("/o/<office_code>/book/another-time")
@public
def another_time(office_code: str) -> Response | str:
    """A different time for a form that is filled in already."""
    office = find_office(office_code)
    form = BookingForm.read(request.form)
    service = chosen_service(office, form)
    return to_start(office) if service is None else render_another_time(office, service, form, {})


def render_another_time(
    office: Office,
    service: Service,
    form: BookingForm,
    errors: dict[str, str],
    lost: str | None = None,
) -> str:
    """The nearest free times, with everything typed kept: three when the time was lost, more when
    the visitor just looks around.

    `lost` says why: taken, expired, or party for a time that has no room for so many.
    """
    own = find_kept(office, form)
    kept = replace(form, slot="")
    if own is None:
        # What was held is gone; the next choice is a new one, even of the same time.
        kept = replace(kept, hold="", visit=new_visit())
    wanted = form if form.slot else replace(form, slot=slot_id(now()))
    nearest = nearest_times(office, wanted, NEAREST_AFTER_LOSS if lost else NEAREST_TO_CHOOSE)
    if own is not None and lost is None and all(each.id != own.slot for each in nearest):
        nearest = sorted(
            [*nearest, replace(chosen_slot(office, own.slot), free=1)], key=attrgetter("starts_at")
        )
    return render_template(
        "citizen/booking/another_time.html",
        office=office,
        service=service,
        fields=kept.fields,
        nearest=nearest,
        chosen=form.slot,
        lost=lost,
        errors=errors,
        people=party_of(office, form),
        choice=kept.choice,
        urgency=form.urgency,
        reasons=urgency_words(),
    )
