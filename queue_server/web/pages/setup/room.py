"""The step of the room: how many may be inside, from its size, as a number, or without a limit."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, Changed, DomainError
from queue_server.domain.office.changes import MOST_PEOPLE
from queue_server.domain.office.office import Office
from queue_server.domain.room.capacity import limit_zone
from queue_server.domain.room.zones import Method, Zone, ZoneKind
from queue_server.services.office.whole import set_up
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import now
from queue_server.web.edge.forms.commands import answer_form
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.rooms import measure_error_words

from .begin import read_typed, run_step, setup

SIZES = ("length_m", "width_m", "area_per_person_m2")
FIELDS = ("way", *SIZES, "people_limit")
WAITING_ROOM = "waiting-room-1"
USUAL_M2 = "4"
SIZE, NUMBER, NONE = "size", "number", "none"


@setup.get("/room")
@office_page(MANAGERS)
def room(office: Office, who: Principal) -> ResponseReturnValue:
    """The three ways to a limit."""
    return _show(office, {"area_per_person_m2": USUAL_M2}, {})


@setup.post("/room")
@office_page(MANAGERS)
def save_room(office: Office, who: Principal) -> ResponseReturnValue:
    """Set the limit in one of the three ways."""
    typed, moment = read_typed(FIELDS), now()
    limit, zone, errors = _read(typed)

    def act() -> str:
        return run_step(
            "set-up-room",
            office,
            who,
            sorted(typed.items()),
            lambda tx: set_up.set_limit(tx, office.code, limit, zone, who.id, moment),
        )

    return answer_form(
        errors, act, lambda wrong: _show(office, typed, wrong), (BadInput, Changed), _say_refusal
    )


def _read(typed: Mapping[str, str]) -> tuple[int | None, Zone | None, Errors]:
    """The limit and the room that it comes from, or what is wrong."""
    if typed["way"] == NONE:
        return None, None, {}
    if typed["way"] == NUMBER:
        text = typed["people_limit"].strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
        if not 1 <= number <= MOST_PEOPLE:
            return None, None, {"people_limit": _("Enter a whole number from 1 on")}
        return number, None, {}
    return _read_size(typed)


def _read_size(typed: Mapping[str, str]) -> tuple[int | None, Zone | None, Errors]:
    length, width, area = (read_measure(typed[name]) for name in SIZES)
    if length is None or width is None or area is None:
        wrong = {
            name: _("Enter a number such as 7.5")
            for name in SIZES
            if read_measure(typed[name]) is None
        }
        return None, None, wrong
    try:
        zone = Zone(
            WAITING_ROOM,
            ZoneKind.WAITING_ROOM,
            (Method.DENSITY,),
            length_m=length,
            width_m=width,
            area_per_person_m2=area,
        )
    except BadInput as refused:
        return None, None, {str(refused.facts["field"]): measure_error_words(refused.facts)}
    limit = limit_zone(zone).limit
    if limit < 1:
        return None, None, {"length_m": _("A room of this size holds nobody. Check the measures")}
    return limit, zone, {}


def read_measure(text: str) -> float | None:
    """A measure as typed, with a point or a comma; None for what is none."""
    text = text.strip().replace(",", ".")
    whole, _point, part = text.partition(".")
    is_number = (whole + part).isascii() and (whole + part).isdigit() and len(text) <= 8
    return float(text) if is_number and whole else None


def _say_refusal(refused: DomainError) -> Errors:
    if isinstance(refused, BadInput):
        return {str(refused.facts["field"]): measure_error_words(refused.facts)}
    return {
        "": _(
            "There are visits already. Change the limit under “Limit and shares”, which first "
            "shows what that does to them"
        )
    }


def _show(office: Office, typed: Mapping[str, str], errors: Errors) -> str:
    return render_template("setup/room.html", office=office, values=typed, errors=errors)
