"""One walk through the pages of a booking: what has been answered so far, and going on to a step.

Each form is answered with the address of the page that follows, so that reload and back send
nothing twice. A form brings along all that its page has shown: what is booked is what was read
there, whatever another tab has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from queue_server.domain.booking.contacts import needs_proof
from queue_server.domain.office.office import Office, Service
from queue_server.domain.visit.identity import Visitor
from queue_server.web.edge.context import context
from queue_server.web.edge.forms.booking import BookingForm, check_booking
from queue_server.web.edge.forms.drafts import Draft, find_draft, keep_drafts
from queue_server.web.edge.strangers.contact_proof import sends_letters

from .choices import to_start
from .holds import new_visit

STEPS = {
    "service": "public.choose_service",
    "details": "public.details",
    "check": "public.check",
    "another_time": "public.another_time",
}
"""The pages that show what was typed, and their addresses."""


def find_walk() -> Draft:
    """What the address at hand says, or what this browser has answered on the walk it names."""
    form = BookingForm.read(request.args)
    return find_draft(form.visit) or Draft(form)


def read_walk() -> BookingForm:
    """The form at hand; one that only chooses keeps what was answered before on the same walk."""
    form = BookingForm.read(request.form)
    before = find_draft(form.visit)
    if before is None or "name" in request.form:
        return form
    chosen = before.form.choosing(form)
    return replace(chosen, visit=form.visit, hold=form.hold or chosen.hold)


def leave(office: Office, draft: Draft, step: str) -> Response:
    """On to a step, with what is known by now."""
    visit = draft.form.visit or new_visit()
    kept, keep = replace(draft, form=replace(draft.form, visit=visit)), keep_drafts(office, visit)
    context().database.write([], lambda tx: keep(tx, kept))
    return to_step(office, visit, step)


def choose_anew(office: Office, form: BookingForm) -> Response:
    """Back to the services for a form whose service takes no visits (any more): perhaps the mode
    has changed since. What was typed waits there.
    """
    if not form.name:
        return to_start(office)
    return leave(office, Draft(form, {"service": "closed"}), "service")


def step_of(faults: Mapping[str, str]) -> str:
    """The step that asks for what is wrong."""
    return "service" if "party_size" in faults else "details"


def to_step(office: Office, visit: str, step: str) -> Response:
    """On to a step of a walk whose answers are kept."""
    return redirect(url_for(STEPS[step], office_code=office.code, visit=visit), 303)


def to_ticket(code: str) -> Response:
    """To the ticket that a walk has become: whoever goes back finds it and books no second one."""
    return redirect(url_for("public.ticket", code=code), 303)


def check_person(
    office: Office, service: Service, form: BookingForm
) -> tuple[Visitor | None, dict[str, str]]:
    """The visitor, or for each field the reason why not; a large party has to give an address."""
    visitor, faults = check_booking(form, office, service)
    asks = needs_proof(form.people, sends_letters=sends_letters())
    if asks and not form.email.strip():
        faults["email"] = "needed_for_party"
    return None if faults else visitor, faults
