"""Managers' pages on one zone of the room: its form, and the plan to mark the floor by."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.changes import BesideChange, Change
from queue_server.domain.office.office import Office
from queue_server.domain.room.capacity import Room
from queue_server.domain.room.presets import AREA_RULES, PERCENT_RULES, SPACING_RULES
from queue_server.domain.room.zones import METHODS, LayoutChoice, Zone, ZoneKind
from queue_server.services.office import rooms
from queue_server.services.office.rooms import write_room
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.zone_plans import find_plan
from queue_server.web.edge.words.rooms import (
    layout_words,
    measure_error_words,
    measure_words,
    method_words,
    rule_words,
    zone_kind_words,
    zone_words,
)
from queue_server.web.pages.manage.change_forms import Typed, of_the_whole
from queue_server.web.pages.manage.dry_run import Page, answer_change

from .drawing import draw_zone
from .form import ZoneForm, check_zone
from .page import load_room, manage_room, render_room, room_effect
from .plan_pdf import DRAWING_JOB

LONGEST = 20_000
"""Characters that are read of a field: the seats of a large hall."""

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
    return render_zone(office, ZoneForm.read(name, kind.value, {}), {}, is_new=True)


@manage_room.post("/zones/new")
@office_page(MANAGERS)
def add_zone(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply one more zone."""
    kind = read_kind(request.form.get("kind", ""))
    return answer_change(office, who, _page_of(office, kind, None))


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
    """Preview or apply other facts of a zone."""
    known = rooms.find_zone(load_room(office), name)
    return answer_change(office, who, _page_of(office, known.kind, known))


def _page_of(office: Office, kind: ZoneKind, known: Zone | None) -> Page:
    """The change of a known zone, or one more."""

    def fill(settled: Office, typed: Typed) -> ZoneForm:
        # A new zone's name is drawn with each request: it is known by what was typed alone.
        name = known.name if known else rooms.next_name(load_room(settled), kind)
        return ZoneForm.read(name, kind.value, typed)

    def read(settled: Office, typed: Typed) -> tuple[Change | None, Errors]:
        zone, errors = check_zone(fill(settled, typed))
        return None if zone is None else BesideChange(write_room(Room((zone,)))), errors

    def show(settled: Office, typed: Typed, errors: Errors) -> str:
        return render_zone(settled, fill(settled, typed), errors, is_new=known is None)

    return Page(
        f"zone-{known.name}" if known else "zone",
        zone_words(known) if known else zone_kind_words(kind),
        read,
        show,
        url_for("room.change_zone", name=known.name) if known else url_for("room.add_zone"),
        url_for("room.show", office=office.code, done="saved"),
        say=lambda refused: {"": measure_error_words(refused.facts)},
        longest=LONGEST,
        effect=room_effect(),
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


@manage_room.post("/zones/<name>/remove")
@office_page(MANAGERS)
def remove_zone(office: Office, who: Principal, name: str) -> ResponseReturnValue:
    """Preview or apply taking a zone away."""

    def read(settled: Office, _typed: Typed) -> tuple[Change | None, Errors]:
        rooms.find_zone(load_room(settled), name)
        return BesideChange({f"room/{name}": None}), {}

    def show(settled: Office, _typed: Typed, errors: Errors) -> str:
        return render_room(settled, of_the_whole(errors), None)

    page = Page(
        f"remove-zone-{name}",
        _("Remove a zone"),
        read,
        show,
        url_for("room.remove_zone", name=name),
        url_for("room.show", office=office.code, done="removed"),
        effect=room_effect(),
    )
    return answer_change(office, who, page)


@manage_room.get("/zones/<name>/remove")
@office_page(MANAGERS)
def back_from_removing(office: Office, who: Principal, name: str) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the room."""
    rooms.find_zone(load_room(office), name)
    return redirect(url_for("room.show", office=office.code, lang=request.args.get("lang")))


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
