"""Managers' pages on one zone of the room: its form, and the plan to mark the floor by."""

from __future__ import annotations

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, Changed
from queue_server.domain.office.office import Office
from queue_server.domain.room.presets import AREA_RULES, PERCENT_RULES, SPACING_RULES
from queue_server.domain.room.zones import METHODS, LayoutChoice, Zone, ZoneKind
from queue_server.services.office import rooms
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.long_work.zone_plans import find_plan
from queue_server.web.edge.words.rooms import (
    layout_words,
    measure_words,
    method_words,
    rule_words,
    zone_kind_words,
    zone_words,
)

from .drawing import draw_zone
from .form import ZoneForm, check_zone
from .page import load_room, manage_room, say_refusal, seen_mark
from .plan_pdf import DRAWING_JOB

SOURCES = (
    {each.key: each.source for each in AREA_RULES.values()}
    | {each.key: each.source for each in SPACING_RULES.values()}
    | {each.key: each.source for each in PERCENT_RULES.values()}
)


@manage_room.get("/zones/new")
@office_page(MANAGERS)
def new_zone(office: Office, who: Principal) -> ResponseReturnValue:
    """The form for one more zone."""
    kind = read_kind(request.args.get("kind", ""))
    name = rooms.next_name(load_room(office), kind)
    return render_zone(office, ZoneForm.read(name, kind.value, request.form), {}, is_new=True)


@manage_room.post("/zones/new")
@office_page(MANAGERS)
def add_zone(office: Office, who: Principal) -> ResponseReturnValue:
    """Add a zone."""
    kind = read_kind(request.form.get("kind", ""))
    return save_zone(
        office,
        who,
        ZoneForm.read(rooms.next_name(load_room(office), kind), kind.value, request.form),
        is_new=True,
    )


@manage_room.get("/zones/<name>")
@office_page(MANAGERS)
def edit_zone(office: Office, who: Principal, name: str) -> ResponseReturnValue:
    """The form of a zone."""
    return render_zone(
        office, ZoneForm.of_zone(rooms.find_zone(load_room(office), name)), {}, is_new=False
    )


@manage_room.post("/zones/<name>")
@office_page(MANAGERS)
def change_zone(office: Office, who: Principal, name: str) -> ResponseReturnValue:
    """Replace a zone."""
    known = rooms.find_zone(load_room(office), name)
    return save_zone(
        office, who, ZoneForm.read(known.name, known.kind.value, request.form), is_new=False
    )


def save_zone(
    office: Office, who: Principal, form: ZoneForm, *, is_new: bool
) -> ResponseReturnValue:
    """Keep a zone if it is sound, else show the form with what is wrong."""
    checked, errors = check_zone(form)
    if checked is None:
        return render_zone(office, form, errors, is_new=is_new), 422
    # A zone's name is drawn with each request, so a new one is known by what was typed alone.
    asked = [office.code, form.kind if is_new else form.name, form.methods, form.values]
    zone, moment, seen = checked, now(), request.form.get("seen")

    def act() -> str:
        run_once(
            "zone",
            who.id,
            [*asked, form.staff_counted],
            [today_at(office)],
            lambda tx: rooms.put_zone(tx, office.code, zone, who.id, moment, seen),
        )
        return url_for("room.show", office=office.code, done="saved")

    return answer_form(
        {},
        act,
        lambda wrong: render_zone(office, form, wrong, is_new=is_new),
        (BadInput, Changed),
        say_refusal,
    )


def render_zone(office: Office, form: ZoneForm, errors: Errors, *, is_new: bool) -> str:
    """The form of a zone, with its plan if it has one already."""
    kind = ZoneKind(form.kind)
    room = load_room(office)
    known = None if is_new else rooms.find_zone(room, form.name)
    prefix = f"{kind.value.lower().replace('_', '-')}-"
    return render_template(
        "manage/room/zone.html",
        office=office,
        form=form,
        errors=errors,
        is_new=is_new,
        seen=seen_mark(room, errors),
        labels=measure_words(),
        title=f"{zone_kind_words(kind)} {form.name.removeprefix(prefix)}",
        methods=[(each.value, *method_words(each)) for each in METHODS[kind]],
        layouts=[(each.value, layout_words(each)) for each in LayoutChoice],
        rules={
            "area_rule": [(each, rule_words(each)) for each in AREA_RULES],
            "spacing_rule": [(each, rule_words(each)) for each in SPACING_RULES],
            "percent_rule": [(each, rule_words(each)) for each in PERCENT_RULES],
        },
        sources=[(rule_words(key), source) for key, source in SOURCES.items()],
        drawing=None if known is None or errors else draw_zone(known, find_plan(known).spots),
    )


@manage_room.get("/zones/<name>/remove")
@office_page(MANAGERS)
def remove_zone(office: Office, who: Principal, name: str) -> ResponseReturnValue:
    """Ask before taking a zone away."""
    zone = rooms.find_zone(load_room(office), name)
    return _ask_to_remove(office, zone, {})


def _ask_to_remove(office: Office, zone: Zone, errors: Errors) -> str:
    return render_template(
        "manage/room/zone_remove.html",
        office=office,
        name=zone.name,
        title=zone_words(zone),
        errors=errors,
        seen=seen_mark(load_room(office), errors),
    )


@manage_room.post("/zones/<name>/remove")
@office_page(MANAGERS)
def do_remove_zone(office: Office, who: Principal, name: str) -> ResponseReturnValue:
    """Take a zone away."""
    moment, seen = now(), request.form.get("seen")

    def act() -> str:
        run_once(
            "remove-zone",
            who.id,
            [office.code, name],
            [today_at(office)],
            lambda tx: rooms.remove_zone(tx, office.code, name, who.id, moment, seen),
        )
        return url_for("room.show", office=office.code, done="removed")

    def show(wrong: Errors) -> str:
        return _ask_to_remove(office, rooms.find_zone(load_room(office), name), wrong)

    return answer_form({}, act, show, (Changed,), say_refusal)


@manage_room.get("/zones/<name>/plan.pdf")
@office_page(MANAGERS)
def plan_pdf(office: Office, who: Principal, name: str) -> ResponseReturnValue:
    """The plan to mark the floor by."""
    zone = rooms.find_zone(load_room(office), name)
    if zone.length_m is None:
        abort(404)
    content = context().beside.compute(
        DRAWING_JOB, office.name, zone, find_plan(zone), current_language()
    )
    return Response(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def read_kind(text: str) -> ZoneKind:
    """A kind of zone from a form; the waiting room for anything else."""
    return ZoneKind(text) if text in set(ZoneKind) else ZoneKind.WAITING_ROOM
