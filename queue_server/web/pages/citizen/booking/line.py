"""When many take places at once: the page where a browser works for its visitor, and the line for
those whose browser does not.

Nothing typed is lost: everything goes along in hidden fields, as on the other pages. What belongs
to the person never stands in an address, so only the first step's page, which knows nothing of the
person, can come again by itself without a script.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_server.domain.booking.rush import SECONDS_MAX
from queue_server.domain.errors import LineTooLong, ProofNeeded
from queue_server.domain.office.office import Office
from queue_server.services.booking.takings import join_line as take_pass
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, find_office, now
from queue_server.web.edge.forms.booking import BookingForm, party_of
from queue_server.web.edge.forms.commands import KEY_FIELD, read_key
from queue_server.web.edge.shared.freshness import is_rushed
from queue_server.web.edge.shared.own_parts import own_fields
from queue_server.web.edge.strangers.proofs import Challenge, make_challenge, make_pass, pass_due
from queue_server.web.edge.strangers.sources import given_proofs, is_judged
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.pages.citizen.blueprint import pages

STEPS = {"hold": "public.hold_time", "check": "public.check_answers", "confirm": "public.confirm"}
"""The steps of a booking that may have to wait, and where each goes on."""

REFRESH_SECONDS_MAX = 30


def work_ahead(office: Office, people: int) -> Challenge | None:
    """While many take places: work that a browser may do as its visitor reads, so that less is
    left to wait for. None in quiet times."""
    if not is_judged() or not is_rushed(office):
        return None
    code, seconds = office.code, SECONDS_MAX * people

    def make() -> Challenge:
        return make_challenge(context().secret_key, code, seconds, now())

    return own_fields(make, "text", "name")


def render_line(
    office: Office,
    form: BookingForm,
    step: str,
    needed: ProofNeeded | None,
    more: Mapping[str, str] | None = None,
    *,
    proofs: list[str] | None = None,
    problem: str | None = None,
) -> str:
    """The page that waits for a browser's work, or for the turn among the proofs if there is
    one. `more` are further hidden fields."""
    key, moment = context().secret_key, now()
    given = given_proofs() if proofs is None else proofs
    due = pass_due(key, office.code, given)
    seconds = None if needed is None else int(str(needed.facts["seconds"]))
    work = (
        None
        if due is not None or seconds is None
        else make_challenge(key, office.code, seconds, moment)
    )
    return render_template(
        "citizen/booking/line.html",
        office=office,
        fields={**form.fields, **(more or {})},
        action=url_for(STEPS[step], office_code=office.code),
        step=step,
        proofs=given,
        work=work,
        problem=problem,
        due=None if due is None else office.local(due),
        wait_seconds=0 if due is None else max(0, int((due - moment).total_seconds()) + 1),
        is_due=due is not None and due <= moment,
        errors={"": problem} if problem else {},
    )


@pages.post("/o/<office_code>/book/line")
@public
def join_line(office_code: str) -> Response | str | tuple[str, int]:
    """Wait in line instead of letting the browser work."""
    office = find_office(office_code)
    form, step = BookingForm.read(request.form), request.form.get("step", "")
    if step not in STEPS or not form.slot:
        return redirect(url_for("public.choose_service", office_code=office.code), 303)
    more = {KEY_FIELD: read_key() or ""} if step == "confirm" else {}
    people, moment = party_of(office, form), now()
    try:
        due = context().database.write([], lambda tx: take_pass(tx, office.code, people, moment))
    except LineTooLong as refused:
        return render_line(
            office,
            form,
            step,
            ProofNeeded(seconds=SECONDS_MAX),
            more,
            problem=refusal_words(refused.code, {}),
        ), 409
    line_pass = make_pass(context().secret_key, office.code, people, due)
    if step == "hold":
        return redirect(
            url_for("public.wait_in_line", office_code=office.code, **form.choice, proof=line_pass),
            303,
        )
    return render_line(office, form, step, None, more, proofs=[line_pass])


@pages.get("/o/<office_code>/book/line")
@public
def wait_in_line(office_code: str) -> Response:
    """The page of a pass, which comes again by itself until the pass is due. Opening it
    changes nothing."""
    office = find_office(office_code)
    form = BookingForm.read(request.args)
    proofs = [each[:200] for each in request.args.getlist("proof")[:1]]
    due = pass_due(context().secret_key, office.code, proofs)
    if due is None or not form.slot:
        return redirect(url_for("public.choose_service", office_code=office.code), 303)
    response = make_response(render_line(office, form, "hold", None, proofs=proofs))
    left = int((due - now()).total_seconds()) + 1
    if left > 0:
        response.headers["Refresh"] = str(min(left, REFRESH_SECONDS_MAX))
    return response
