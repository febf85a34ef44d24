"""The step of the hours: one usual week, with a break, and another one on Friday."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, Changed, DomainError
from queue_server.domain.office.hours import Opening, admit_openings
from queue_server.domain.office.office import Office
from queue_server.services.office.whole import set_up
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import now
from queue_server.web.edge.forms.commands import answer_form
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.refusals import refusal_words

from .begin import read_typed, run_step, setup

USUAL = {
    "opens": "08:00",
    "closes": "15:00",
    "pause_from": "12:00",
    "pause_to": "13:00",
    "friday_from": "11:30",
    "friday_to": "13:00",
}


@setup.get("/week")
@office_page(MANAGERS)
def week(office: Office, who: Principal) -> ResponseReturnValue:
    """A usual week, to be changed where the office differs."""
    if office.hours.week:
        return redirect(url_for("changes.hours", office=office.code))
    return _show(office, USUAL, set(set_up.USUAL_DAYS), {})


@setup.post("/week")
@office_page(MANAGERS)
def save_week(office: Office, who: Principal) -> ResponseReturnValue:
    """Set the first week of the office."""
    typed, moment = read_typed(tuple(USUAL)), now()
    days = {day for day in range(7) if request.form.get(f"day_{day}")}
    planned, errors = _read(typed, days)

    def act() -> str:
        return run_step(
            "set-up-week",
            office,
            who,
            [sorted(days), sorted(typed.items())],
            lambda tx: set_up.set_week(tx, office.code, planned, who.id, moment),
        )

    return answer_form(
        errors,
        act,
        lambda wrong: _show(office, typed, days, wrong),
        (BadInput, Changed),
        _say_refusal,
    )


def _read(typed: Mapping[str, str], days: set[int]) -> tuple[tuple[Opening, ...], Errors]:
    errors: Errors = {}
    clocks = {name: _read_clock(text) for name, text in typed.items()}
    for name in ("opens", "closes"):
        if clocks[name] is None:
            errors[name] = _("Enter a time such as 08.00")
    for first, last in (("pause_from", "pause_to"), ("friday_from", "friday_to")):
        for name, other in ((first, last), (last, first)):
            if clocks[name] is None and (typed[name].strip() or typed[other].strip()):
                errors[name] = _("Enter a time such as 08.00")
    if not days:
        errors["day_0"] = _("Choose at least one day")
    if errors:
        return (), errors
    opens, closes = clocks["opens"], clocks["closes"]
    assert opens is not None and closes is not None, "what is missing was said above"
    planned = set_up.plan_week(
        days,
        opens,
        closes,
        _pair(clocks["pause_from"], clocks["pause_to"]),
        _pair(clocks["friday_from"], clocks["friday_to"]),
    )
    try:
        admit_openings(planned)
    except BadInput:
        return (), {
            "opens": _("These times do not follow each other: opening, break, end of it, closing")
        }
    return planned, {}


def _pair(first: time | None, last: time | None) -> tuple[time, time] | None:
    return None if first is None or last is None else (first, last)


def _read_clock(text: str) -> time | None:
    """A time of day as a browser or a person writes it; None for what is none."""
    clock = text.strip().replace(".", ":")
    try:
        return time.fromisoformat(clock if len(clock) != 4 else f"0{clock}").replace(tzinfo=None)
    except ValueError:
        return None


def _say_refusal(refused: DomainError) -> Errors:
    return {"": refusal_words(refused.code, refused.facts)}


def _show(office: Office, typed: Mapping[str, str], days: set[int], errors: Errors) -> str:
    return render_template("setup/week.html", office=office, values=typed, days=days, errors=errors)
