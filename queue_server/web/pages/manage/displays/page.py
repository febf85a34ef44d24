"""The screens of an office: how each is, what it shows now, and how it is set."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, Changed, DomainError, UnknownDevice
from queue_server.domain.office.devices.displays import (
    CALL_SHARE,
    RECENT_SHARE,
    RECENT_SHARE_MOST,
    ScreenSettings,
    legible_to_m,
    recent_legible_to_m,
)
from queue_server.domain.office.office import Office
from queue_server.services.access.display_sight import Screen, list_screens, view_shows
from queue_server.services.access.displays import DISPLAY, find_settings, set_display, version_of
from queue_server.services.idempotency import Answer
from queue_server.store.access.devices import Device
from queue_server.store.access.displays import list_of_office
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.devices.layouts import layout_words
from queue_server.web.edge.words.devices.troubles import trouble_words
from queue_server.web.pages.manage.change_forms import read_count
from queue_server.web.pages.manage.devices.acts import find_device
from queue_server.web.pages.manage.devices.page import manage
from queue_server.web.pages.manage.dry_run import read_typed
from queue_server.web.pages.manage.settings.undo_offer import find_offer, tell_revision

from .form import QUIET_SHOWN, read_screen, refused_screen, write_screen
from .words import (
    board_words,
    hearing_of,
    said_words,
    shown_words,
    sound_words,
    state_of,
    summary_of,
)

SHORT_LONGEST, MIDDLE_LONGEST = 6, 12
"""Characters: of a number, and of one with its counter. What is longer stands in small letters."""

Seen = dict[str, Any]
"""A screen as the page shows it: texts, and how its picture looks."""


def find_screen(who: Principal, device_id: str) -> Device:
    """A screen at work in an office this manager works for. Raises `UnknownDevice`."""
    device = find_device(who, device_id)
    if device.kind != DISPLAY or device.state != "PAIRED":
        raise UnknownDevice(device=device_id)
    return device


def _see(screen: Screen, office: Office) -> Seen:
    shows, name = view_shows(screen), screen.device.name or _("TV")
    badge, look = hearing_of(screen)
    texts = {
        "badge": badge,
        "showing": shown_words(shows),
        "queued": f"+{shows.queued}" if shows is not None and shows.queued else "",
        "said": said_words(screen, office, now()),
        "board": board_words(shows),
        "sound": "–" if shows is None else sound_words(shows.sound),
        "size": f"{shows.width} × {shows.height}" if shows is not None and shows.width else "–",
        "settings": _("taken over")
        if shows is None or shows.current_settings
        else _("on their way to the screen"),
    }
    return {
        "id": screen.device.id,
        "name": name,
        "texts": texts,
        "look": look,
        "picture": {
            "screen": "starting" if shows is None else shows.screen or "board",
            "layout": screen.settings.layout if shows is None or not shows.layout else shows.layout,
            "sound": "" if shows is None else shows.sound,
            "state": state_of(screen),
            "length": _length(texts["showing"]),
        },
        "width": 0 if shows is None else min(shows.width, 20_000),
        "height": 0 if shows is None else min(shows.height, 20_000),
        "label": _("{name} shows: {what}").format(name=name, what=texts["showing"]),
        "troubles": [
            {"words": trouble_words(each, name), "urgent": each.code.is_urgent}
            for each in screen.troubles
        ],
    }


def _length(text: str) -> str:
    """How long a text is in the picture: short, middle or long."""
    if len(text) <= SHORT_LONGEST:
        return "short"
    return "middle" if len(text) <= MIDDLE_LONGEST else "long"


def _list(office: Office) -> list[Screen]:
    with context().database.read() as connection:
        return list_screens(connection, office, context().heard, now())


def _mark(screens: list[Screen]) -> str:
    """A short mark of which screens there are and how they are set."""
    known = [(each.device.id, each.device.name, each.version) for each in screens]
    return sha256(repr(known).encode()).hexdigest()[:16]


@manage.get("/displays")
@office_page(MANAGERS)
def displays(office: Office, who: Principal) -> ResponseReturnValue:
    """The screens of the office, each with what it shows."""
    return render_displays(office, {})


def render_displays(office: Office, errors: Errors) -> str:
    """The list of screens, with what went wrong."""
    screens = _list(office)
    done = {
        "saved": _("The settings are saved. The screen takes them over within five seconds."),
        "ordered": _("The screen makes a test call within five seconds."),
    }
    # A screen at the entry shows no calls: none is missed there.
    zones = [
        (each.settings.zone, each.settings.voice)
        for each in screens
        if each.settings.layout != "entry"
    ]
    return render_template(
        "manage/displays/list.html",
        office=office,
        screens=[
            (_see(each, office), summary_of(each.settings, office), each.settings.voice)
            for each in screens
        ],
        mute_zones=sorted({zone for zone, _voice in zones if (zone, True) not in zones}),
        page_mark=_mark(screens),
        errors=errors,
        done=None if errors else done.get(request.args.get("done", "")),
        undo=find_offer(office),
        tv_url=f"{context().settings.public_url}/tv/{office.code}",
    )


@manage.get("/displays/seen")
@office_page(MANAGERS)
def displays_seen(office: Office, who: Principal) -> Response:
    """What the page draws anew every few seconds."""
    screens = _list(office)
    answer = jsonify({"mark": _mark(screens), "screens": [_see(each, office) for each in screens]})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@manage.get("/displays/<device_id>")
@office_page(MANAGERS, of=find_screen)
def display(office: Office, who: Principal, device: Device) -> ResponseReturnValue:
    """How a screen is set."""
    with context().database.read() as connection:
        settings = find_settings(connection, office, device.id)
    return _show(office, device, settings, write_screen(settings), {})


@manage.post("/displays/<device_id>")
@office_page(MANAGERS, of=find_screen)
def save_display(office: Office, who: Principal, device: Device) -> ResponseReturnValue:
    """Set a screen."""
    typed, moment = read_typed(), now()
    with context().database.read() as connection:
        settings = find_settings(connection, office, device.id)
    if "lang" in request.args:  # the language switch brings what was typed along
        return _show(office, device, settings, typed, {})
    told, errors = read_screen(typed, office, settings)
    seen = request.form.get("version", "")

    def command(tx: Transaction) -> Answer:
        return tell_revision(
            tx,
            office.code,
            lambda tx: set_display(tx, office.code, device.id, told, who.id, moment, seen),
        )

    def act() -> str:
        asked = [device.id, seen, sorted(typed.items())]
        made = run_once("display", who.id, asked, [today_at(office)], command).get("revision")
        return url_for("manage.displays", office=office.code, done="saved", change=made)

    return answer_form(
        errors,
        act,
        lambda wrong: _show(office, device, settings, typed, wrong),
        (BadInput, Changed),
        _say_refusal,
    )


def _say_refusal(refused: DomainError) -> Errors:
    if isinstance(refused, Changed):
        return {
            "": _(
                "Somebody else has changed this screen meanwhile. Save again to use what is "
                "written here."
            )
        }
    return refused_screen(refused.facts)


def _show(
    office: Office,
    device: Device,
    settings: ScreenSettings,
    typed: Mapping[str, str],
    errors: Errors,
) -> str:
    with context().database.read() as connection:
        known = list_of_office(connection, office.code)
    others = {id: each for id, each in known.items() if id != device.id}
    inches = read_count(typed.get("diagonal_inch", "")) or settings.diagonal_inch
    distance_m = read_count(typed.get("distance_m", "")) or settings.distance_m
    call_m = legible_to_m(inches)
    seen = "" if "" in errors else request.form.get("version", "")
    return render_template(
        "manage/displays/one.html",
        office=office,
        device=device,
        name=device.name or _("TV"),
        values=typed,
        errors=errors,
        version=seen or version_of(office, settings),
        layouts=layout_words(),
        zones=sorted({each.zone for each in known.values() if each.zone}),
        speaking={each.zone for each in others.values() if each.voice},
        quiet_shown=QUIET_SHOWN,
        call_share=CALL_SHARE,
        recent_share=RECENT_SHARE,
        call_m=call_m,
        recent_share_most=RECENT_SHARE_MOST,
        recent_m=recent_legible_to_m(inches, distance_m),
        too_far=distance_m > call_m,
    )
