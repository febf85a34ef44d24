"""Managers' page on the office's room: its zones, and the limit that follows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.changes import BesideChange, Change
from queue_server.domain.office.office import Office
from queue_server.domain.room.capacity import (
    ZONES_MAX,
    Binding,
    Candidate,
    Room,
    ZoneLimit,
    limit_room,
)
from queue_server.domain.room.zones import ZoneKind
from queue_server.store.room import zones as zone_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.zone_plans import find_limit, find_plan
from queue_server.web.edge.words.rooms import (
    above_room_words,
    closed_words,
    formula_words,
    measure_error_words,
    method_words,
    refused_words,
    rule_words,
    zone_kind_words,
    zone_words,
)
from queue_server.web.pages.manage.change_forms import ManagersForm, Typed
from queue_server.web.pages.manage.dry_run import Page, answer_change

from .drawing import Drawing, draw_zone

manage_room = Blueprint("room", __name__, url_prefix="/manage/room")


@dataclass(frozen=True)
class CandidateRow:
    """One line of a zone's table."""

    name: str
    formula: str
    source: str | None
    number: int
    is_binding: bool
    refused: str | None


@dataclass(frozen=True)
class ZoneCard:
    """A zone as the page shows it."""

    name: str
    title: str
    is_inside: bool
    limit: int
    closed: str | None
    rows: tuple[CandidateRow, ...]
    drawing: Drawing | None


@manage_room.get("")
@office_page(MANAGERS)
def show(office: Office, who: Principal) -> ResponseReturnValue:
    """The zones with every method's number, and the limit that follows."""
    return render_room(office, {}, None)


def render_room(office: Office, errors: Errors, typed: str | None) -> str:
    """The page, also with an error of the form for the building's limit."""
    room = load_room(office)
    limit = limit_room(room, find_limit)
    done = {
        "saved": _("The zone is saved."),
        "removed": _("The zone is removed."),
        "building": _("The limit of the building is saved."),
    }
    typed = typed if typed is not None else str(room.building_limit or "")
    return render_template(
        "manage/room/page.html",
        office=office,
        zones=[show_zone(each) for each in limit.zones],
        limit=limit,
        errors=errors,
        typed=typed,
        above_room=above_room_words(limit.limit or 0, office.people_limit)
        if limit.is_exceeded_by(office.people_limit)
        else None,
        binds_building=limit.binding is Binding.BUILDING,
        full=len(room.zones) >= ZONES_MAX,
        kinds=[(each.value, zone_kind_words(each)) for each in ZoneKind],
        done=done.get(request.args.get("done", "")) if not errors else None,
    )


def show_zone(limit: ZoneLimit) -> ZoneCard:
    """A zone's table and plan."""
    rows = tuple(_show_candidate(limit, each) for each in limit.candidates)
    drawing = draw_zone(limit.zone, find_plan(limit.zone).spots)
    closed = closed_words(limit) if limit.is_closed else None
    return ZoneCard(
        limit.zone.name,
        zone_words(limit.zone),
        limit.zone.is_inside,
        limit.limit,
        closed,
        rows,
        drawing,
    )


def _show_candidate(limit: ZoneLimit, candidate: Candidate) -> CandidateRow:
    rule = str(candidate.inputs.get("rule", ""))
    source = rule_words(rule) if rule else None
    if source is None and limit.zone.spacing_rule and "distance_m" in candidate.inputs:
        source = rule_words(limit.zone.spacing_rule)
    return CandidateRow(
        method_words(candidate.method)[0],
        formula_words(candidate),
        source,
        candidate.visitors,
        candidate.method is limit.binding,
        refused_words(limit) if candidate.refused else None,
    )


class BuildingForm(ManagersForm):
    """The limit of the whole building, or none. How large it may be, the domain says."""

    building_limit: int | None


@manage_room.get("/building")
@office_page(MANAGERS)
def back_to_room(office: Office, who: Principal) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the room."""
    return redirect(url_for("room.show", office=office.code, lang=request.args.get("lang")))


@manage_room.post("/building")
@office_page(MANAGERS)
def limit_building(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply another limit of the whole building, or none."""

    def read(_settled: Office, typed: Typed) -> tuple[Change | None, Errors]:
        given = {"building_limit": typed.get("building_limit", "").strip() or None}
        form, errors = read_form(BuildingForm, given, _say)
        return None if form is None else BesideChange({"building": form.building_limit}), errors

    def show(settled: Office, typed: Typed, errors: Errors) -> str:
        return render_room(settled, errors, typed.get("building_limit", ""))

    page = Page(
        "building",
        _("Limit of the whole building, people"),
        read,
        show,
        url_for("room.limit_building"),
        url_for("room.show", office=office.code, done="building"),
        say=lambda refused: {"building_limit": measure_error_words(refused.facts)},
        effect=room_effect(),
    )
    return answer_change(office, who, page)


def room_effect() -> str:
    """What another description of the room does not do."""
    return _("The limit in force stays as it is until you change it.")


def _say(field: str, reason: str) -> str:
    return measure_error_words({"field": field, "reason": reason})


def load_room(office: Office) -> Room:
    """The office's room as it is described."""
    with context().database.read() as connection:
        return zone_store.load(connection, office.code)
