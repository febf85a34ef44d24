"""Booking a visit, the later steps: details, check, another time. Nothing typed is lost, whatever
happens to the time meanwhile.

No personal data ever stands in an address: what was typed is found again by the walk that the
address names, for the browser alone that has typed it.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

from flask import render_template, request
from werkzeug.wrappers import Response

from queue_server.domain.booking.contacts import PARTY_WITHOUT_PROOF_MAX, needs_proof
from queue_server.domain.booking.slots import slot_id
from queue_server.domain.errors import NotInService, Paused, ProofNeeded, SlotFull
from queue_server.domain.office.office import Office, Service
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, find_office, now
from queue_server.web.edge.forms.booking import mask_nik, party_of
from queue_server.web.edge.forms.drafts import Draft
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.strangers.contact_proof import ask_for_proof, is_proved, sends_letters
from queue_server.web.edge.words.remote import kind_words, what_happens_words
from queue_server.web.edge.words.urgency import urgency_words
from queue_server.web.pages.citizen.blueprint import pages

from .choices import SLOT_LOST, chosen_service, chosen_slot, nearest_times, to_start
from .holds import HOLD_OVER, extend, find_kept, is_over, keep
from .line import render_line
from .steps import render_days
from .walk import (
    check_person,
    choose_anew,
    find_walk,
    leave,
    read_walk,
    step_of,
    to_step,
    to_ticket,
)
from .words import need_words, problem_words

NEAREST_AFTER_LOSS = 3
NEAREST_TO_CHOOSE = 9


@pages.get("/o/<office_code>/book/details")
@public
def details(office_code: str) -> Response | str | tuple[str, int]:
    """Step 3: who."""
    office, walk = find_office(office_code), find_walk()
    if walk.booked:
        return to_ticket(walk.booked)
    service = chosen_service(office, walk.form)
    if service is None:
        return to_start(office, walk.form.visit)
    if not walk.form.slot:
        return render_days(office, service, walk.form, problem_words("missing")), 422
    if is_over(office, walk.form):
        return render_another_time(office, service, replace(walk, lost="expired")), 409
    return render_details(office, service, walk)


def render_details(office: Office, service: Service, walk: Draft) -> str:
    """The form for the visitor's details, with everything typed so far."""
    form = walk.form
    asks_proof = needs_proof(form.people, sends_letters=sends_letters())
    return render_template(
        "citizen/booking/details.html",
        office=office,
        service=service,
        slot=chosen_slot(office, form.slot),
        values=form,
        errors=walk.errors,
        kept=find_kept(office, form),
        urgency=form.urgency,
        reasons=urgency_words(),
        needs=need_words(),
        people=party_of(office, form),
        kind=form.visit_kind,
        kind_name=kind_words()[form.visit_kind],
        happens=what_happens_words(form.visit_kind),
        can_remind=bool(context().ways),
        without_proof=PARTY_WITHOUT_PROOF_MAX if asks_proof else None,
    )


@pages.post("/o/<office_code>/book/details")
@public
def keep_details(office_code: str) -> Response:
    """Keep what was typed and show it again: after a change of language, or on the way back."""
    office, form = find_office(office_code), read_walk()
    if chosen_service(office, form) is None:
        return choose_anew(office, form)
    return leave(office, Draft(form), "details" if form.slot else "another_time")


@pages.post("/o/<office_code>/book/check")
@public
def check_answers(office_code: str) -> Response | str | tuple[str, int]:
    """Look at every field, and keep the time for the whole party."""
    office, form = find_office(office_code), read_walk()
    service = chosen_service(office, form)
    if service is None:
        return choose_anew(office, form)
    if not form.slot:
        return leave(office, Draft(form, {"slot": "missing"}), "another_time")
    visitor, faults = check_person(office, service, form)
    if visitor is None:
        return leave(office, Draft(form, faults), step_of(faults))
    if is_over(office, form):
        return leave(office, Draft(form, lost="expired"), "another_time")
    try:
        kept = keep(office, form)
    except ProofNeeded as refused:
        return render_line(office, form, "check", refused), 428
    except HOLD_OVER:
        return leave(office, Draft(form, lost="expired"), "another_time")
    except SLOT_LOST as lost:
        is_for_fewer = isinstance(lost, SlotFull) and find_kept(office, form) is not None
        return leave(office, Draft(form, lost="party" if is_for_fewer else "taken"), "another_time")
    except Paused:
        return leave(office, Draft(form, refusal=("day_evacuated", {})), "another_time")
    except NotInService as refused:
        return leave(office, Draft(form, refusal=(refused.code, refused.facts)), "another_time")
    if needs_proof(form.people, sends_letters=sends_letters()):
        ask_for_proof(office.code, visitor.email, current_language())
    return leave(office, Draft(kept), "check")


@pages.get("/o/<office_code>/book/check")
@public
def check(office_code: str) -> Response | str | tuple[str, int]:
    """Step 4: is it right? Whoever has not answered everything yet is asked first."""
    office, walk = find_office(office_code), find_walk()
    if walk.booked:
        return to_ticket(walk.booked)
    service = chosen_service(office, walk.form)
    if service is None or not walk.form.slot:
        return to_start(office, walk.form.visit)
    if is_over(office, walk.form):
        return render_another_time(office, service, replace(walk, lost="expired")), 409
    if check_person(office, service, walk.form)[0] is None:
        return to_step(office, walk.form.visit, "details")
    return render_check(office, service, walk)


def render_check(office: Office, service: Service, walk: Draft) -> str:
    """The answers to look over, with a fresh key for the one command that follows, and what a large
    party has to do before.
    """
    form = walk.form
    awaits_proof = needs_proof(form.people, sends_letters=sends_letters()) and not is_proved(
        form.email
    )
    needs = need_words()
    return render_template(
        "citizen/booking/check.html",
        office=office,
        service=service,
        slot=chosen_slot(office, form.slot),
        values=form,
        masked_nik=mask_nik(form.nik),
        errors=walk.errors,
        kept=find_kept(office, form),
        urgency=form.urgency,
        reasons=urgency_words(),
        kind=form.visit_kind,
        kind_words=kind_words(),
        happens=what_happens_words(form.visit_kind),
        needs=[words for name, words in needs.items() if getattr(form, name)],
        awaits_proof=awaits_proof,
    )


@pages.post("/o/<office_code>/book/extend")
@public
def extend_time(office_code: str) -> Response:
    """Keep the time once more, and stay on the page with everything typed."""
    office, form = find_office(office_code), read_walk()
    if chosen_service(office, form) is None:
        return choose_anew(office, form)
    try:
        extend(office, form)
    except HOLD_OVER:
        return leave(office, Draft(form, lost="expired"), "another_time")
    return leave(office, Draft(form), "check" if request.form.get("step") == "check" else "details")


@pages.get("/o/<office_code>/book/another-time")
@public
def another_time(office_code: str) -> Response | str:
    """A different time for a form that is filled in already."""
    office, walk = find_office(office_code), find_walk()
    if walk.booked:
        return to_ticket(walk.booked)
    service = chosen_service(office, walk.form)
    if service is None:
        return to_start(office, walk.form.visit)
    return render_another_time(office, service, walk)


def render_another_time(office: Office, service: Service, walk: Draft) -> str:
    """The nearest free times, with everything typed kept: three when the time was lost, more when
    the visitor just looks around.
    """
    form, lost = walk.form, walk.lost
    own = find_kept(office, form)
    kept = replace(form, slot="")
    if own is None:
        # What was held is gone; the next choice is a new one, even of the same time.
        kept = replace(kept, hold="")
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
        gone=chosen_slot(office, form.slot) if form.slot else None,
        lost=lost,
        errors=walk.errors,
        people=party_of(office, form),
        choice=kept.choice,
        urgency=form.urgency,
        reasons=urgency_words(),
    )
