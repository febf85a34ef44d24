"""Where a set-up begins, and its steps: a new office, and what waits of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, StringConstraints

from queue_server.domain.errors import BadInput, DomainError, OfficeCodeTaken
from queue_server.domain.office.office import Office
from queue_server.domain.office.whole.steps import UNSEEN, Mark, State, Step
from queue_server.domain.room.capacity import Room
from queue_server.services import upkeep
from queue_server.services.office.whole import set_up
from queue_server.services.office.whole.creating import create_office
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import ADMINISTRATORS, MANAGERS
from queue_server.web.edge.access.staff_pages import office_page, server_page
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.refusals import refusal_words

setup = Blueprint("setup", __name__, url_prefix="/setup")

ZONES = (("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT"))
TYPED_MAX = 200
Line = Annotated[str, StringConstraints(strip_whitespace=True)]


class OfficeForm(BaseModel):
    """What an office is called and where it is. What is wrong with it, the domain says."""

    code: Line
    name: Line
    address: Line
    phone: Line
    zone: Line


@setup.get("/office")
@server_page(ADMINISTRATORS)
def begin(who: Principal) -> ResponseReturnValue:
    """The form of a new office."""
    return _show_office({"zone": ZONES[0][0]}, {})


@setup.post("/office")
@server_page(ADMINISTRATORS)
def add_office(who: Principal) -> ResponseReturnValue:
    """Make an office with nothing in it yet."""
    typed, moment = read_typed(OfficeForm.model_fields), now()
    form, errors = read_form(OfficeForm, typed, lambda field, reason: say_basic(field, reason))

    def act() -> str:
        assert form is not None, "what is wrong was said above"
        office = Office(form.code, form.name, form.address, form.phone, form.zone, None)
        make = partial(create_office, office=office, room=Room(), by=who.id, now=moment)
        run_once(
            "add-office", who.id, sorted(typed.items()), [], lambda tx: {"code": make(tx).code}
        )
        return url_for("setup.steps", office=form.code, done="office")

    return answer_form(
        errors,
        act,
        lambda wrong: _show_office(typed, wrong),
        (BadInput, OfficeCodeTaken),
        _say_refusal,
    )


def read_typed(names: Mapping[str, object] | tuple[str, ...]) -> dict[str, str]:
    """These fields as typed into the form at hand."""
    return {name: request.form.get(name, "")[:TYPED_MAX] for name in names}


def _say_refusal(refused: DomainError) -> Errors:
    if isinstance(refused, OfficeCodeTaken):
        return {"code": refusal_words(refused.code, refused.facts)}
    field, reason = str(refused.facts["field"]), str(refused.facts["reason"])
    return {field if field in OfficeForm.model_fields else "": say_basic(field, reason)}


def say_basic(field: str, reason: str) -> str:
    """A sentence about the code, the name or the place of an office that says what to do."""
    return {
        ("code", "missing"): _("Enter a code for the office, for example 3674"),
        ("code", "format"): _(
            "Use up to 20 letters, digits and hyphens for the code, without spaces"
        ),
        ("name", "missing"): _("Enter the name of the office"),
        ("address", "missing"): _("Enter the address, as visitors look for it"),
        ("zone", "unknown"): _("Choose a time zone from the list"),
    }.get((field, reason)) or {
        "length": _("Enter a shorter text"),
        "characters": _("This holds characters that cannot be shown. Please type it again"),
    }.get(reason, _("Please check this answer"))


def _show_office(typed: Mapping[str, str], errors: Errors) -> str:
    return render_template("setup/office.html", values=typed, errors=errors, zones=ZONES)


@dataclass(frozen=True)
class StepCard:
    """A step as the page shows it. `url` is where it is done; `by_hand`: the page itself is told
    that it was.
    """

    id: str
    title: str
    text: str
    state: str
    url: str
    is_next: bool
    by_hand: bool


@setup.get("/steps")
@office_page(MANAGERS)
def steps(office: Office, who: Principal) -> ResponseReturnValue:
    """What is done and what waits."""
    with context().database.read() as connection:
        progress = set_up.view_progress(connection, office)
    words = step_words()
    cards = [
        StepCard(
            step.value,
            *words[step],
            state.value,
            _url_of(step, office),
            step is progress.next,
            step in UNSEEN and step is not Step.ROOM,
        )
        for step, state in progress.states.items()
    ]
    done = {
        "office": _("The office is there. Go on with the next step, or come back later."),
        "step": _("Done."),
        "skipped": _("The step is left out. You can do it at any time."),
    }
    return render_template(
        "setup/steps.html",
        office=office,
        steps=cards,
        count=progress.count_done,
        left=sum(state is State.OPEN for state in progress.states.values()),
        done=done.get(request.args.get("done", "")),
    )


def step_words() -> dict[Step, tuple[str, str]]:
    """What each step is called, and what it is for."""
    return {
        Step.ROOM: (_("Room"), _("How many people may be inside at the same time.")),
        Step.HOURS: (_("Opening hours"), _("When the office is open in a usual week.")),
        Step.SERVICES: (_("Services"), _("What visitors come for, and the queues they wait in.")),
        Step.COUNTERS: (_("Counters"), _("Where visitors are called to.")),
        Step.STAFF: (_("Staff"), _("Who calls and serves visitors, each with an own account.")),
        Step.DEVICES: (_("Devices"), _("Kiosk, TV and printer, by the code that each shows.")),
        Step.PAPER: (_("Test on paper"), _("Look at the slip, and print a test on each printer.")),
        Step.CALL: (_("Test on the TV"), _("Let each screen show and say a test call.")),
    }


def _url_of(step: Step, office: Office) -> str:
    """Where a step is done: its own page while there is nothing yet, and then the manager's."""
    own: dict[Step, Callable[[], str]] = {
        Step.ROOM: lambda: url_for(
            "setup.room" if office.people_limit is None else "changes.limit", office=office.code
        ),
        Step.HOURS: lambda: url_for(
            "changes.hours" if office.hours.week else "setup.week", office=office.code
        ),
        Step.SERVICES: lambda: url_for(
            "descriptions.services" if office.services else "setup.services", office=office.code
        ),
        Step.COUNTERS: lambda: url_for("setup.counters", office=office.code),
        Step.STAFF: lambda: url_for("accounts.staff", office=office.code),
        Step.DEVICES: lambda: url_for("manage.devices", office=office.code),
        Step.PAPER: lambda: url_for("changes.slip", office=office.code),
        Step.CALL: lambda: url_for("manage.displays", office=office.code),
    }
    return own[step]()


@setup.post("/steps")
@office_page(MANAGERS)
def mark_step(office: Office, who: Principal) -> ResponseReturnValue:
    """Leave a step out, or note that it was done where no setting tells."""
    typed, moment = read_typed(("step", "mark")), now()
    try:
        step, mark = Step(typed["step"]), Mark(typed["mark"])
    except ValueError:
        raise BadInput(field="step", reason="unknown") from None
    note = partial(set_up.mark_step, office=office.code, step=step, mark=mark, now=moment)
    run_once("set-up-step", who.id, [office.code, step, mark], [], note)
    return redirect(to_steps(office, "skipped" if mark is Mark.SKIPPED else "step"), 303)


def to_steps(office: Office, done: str = "step") -> str:
    """The address of the steps, which say what was done."""
    return url_for("setup.steps", office=office.code, done=done)


def run_step(
    name: str,
    office: Office,
    who: Principal,
    asked: object,
    command: Callable[[Transaction], object],
) -> str:
    """Do a step once, plan the coming days anew, and give the address to go on at."""
    run_once(name, who.id, [office.code, asked], [today_at(office)], lambda tx: command(tx) and {})
    upkeep.plan_office(context().database, office.code, now())
    return to_steps(office)
