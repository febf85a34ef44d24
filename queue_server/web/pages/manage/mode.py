"""Managers' pages on how far the office is open: the service mode, and the room's limit with its
shares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.changes import ModeEnd
from queue_server.domain.office.modes import ServiceMode, is_overruled
from queue_server.domain.office.office import Office
from queue_server.services.office.rooms import find_exceeded
from queue_server.services.places.ticket_ids import draw
from queue_server.services.shown import service_of
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import OVERSEERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.zone_plans import find_limit
from queue_server.web.edge.words.codes import mode_name_words
from queue_server.web.edge.words.opening import end_words
from queue_server.web.edge.words.rooms import above_room_words
from queue_server.web.pages.manage.room.page import load_room

from .change_forms import Typed
from .dry_run import Page, answer_change, done_url, done_words
from .hours import changes
from .limit_form import read_limit_form, write_limit
from .mode_form import read_mode_form


@dataclass(frozen=True)
class PeriodRow:
    """A decision on a mode as the page lists it. `service` None: the whole office."""

    id: str
    mode_words: str
    mode: str
    service: Any
    starts_at: datetime
    until: str
    review_on: date | None
    overdue: bool
    running: bool
    covered: bool
    notice: Any


def list_periods(office: Office, moment: datetime) -> list[PeriodRow]:
    """The decisions that hold now or later, in order of their start. `covered`: a newer one on the
    same matter rules at present.
    """
    today = office.date_at(moment)
    live = [each for each in office.modes if each.ends_at is None or each.ends_at > moment]
    return [
        PeriodRow(
            each.id,
            mode_name_words(each.mode.value),
            each.mode.value,
            None if each.service is None else service_of(office, each.service).name,
            each.starts_at,
            "" if each.ends_at is None else end_words(office, each.ends_at),
            each.review_on,
            each.review_on is not None and each.review_on < today,
            each.covers(moment),
            is_overruled(live, each, moment),
            each.notice,
        )
        for each in sorted(live, key=lambda one: (one.starts_at, one.decided_at, one.id))
    ]


def show_mode(office: Office, typed: Typed, errors: Errors) -> str:
    """The decisions and the form of one more."""
    moment = now()
    return render_template(
        "manage/mode.html",
        office=office,
        values=typed,
        errors=errors,
        periods=list_periods(office, moment),
        modes=[(each.value, mode_name_words(each.value)) for each in ServiceMode],
        mode_now=mode_name_words(office.mode_at(moment).value),
        done=None if errors else done_words(office),
    )


@changes.get("/mode")
@office_page(OVERSEERS)
def mode(office: Office, who: Principal) -> ResponseReturnValue:
    """How far the office is open, now and to come."""
    return show_mode(office, {}, {})


@changes.post("/mode")
@office_page(OVERSEERS)
def save_mode(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply a decision."""
    id, moment = draw().id, now()
    page = Page(
        "mode",
        _("Service mode"),
        lambda settled, typed: read_mode_form(settled, typed, id, moment),
        show_mode,
        url_for("changes.save_mode"),
        done_url("changes.mode", office),
    )
    return answer_change(office, who, page)


@changes.post("/mode/end")
@office_page(OVERSEERS)
def end_mode(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply ending a decision now."""
    moment = now()

    def read(settled: Office, typed: Typed) -> tuple[ModeEnd | None, Errors]:
        known = any(each.id == typed.get("period") for each in settled.modes)
        return (
            (ModeEnd(typed["period"], moment), {})
            if known
            else (None, {"": _("This decision does not exist (any more).")})
        )

    page = Page(
        "mode-end",
        _("End this decision now"),
        read,
        show_mode,
        url_for("changes.end_mode"),
        done_url("changes.mode", office),
    )
    return answer_change(office, who, page)


@changes.get("/mode/end")
@office_page(OVERSEERS)
def back_to_mode(office: Office, who: Principal) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the modes."""
    return redirect(url_for("changes.mode", office=office.code, lang=request.args.get("lang")))


def show_limit(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of limit and shares."""
    room_limit = find_exceeded(load_room(office), office.people_limit, find_limit)
    return render_template(
        "manage/limit.html",
        office=office,
        values=typed,
        errors=errors,
        done=None if errors else done_words(office),
        above_room=None
        if room_limit is None
        else above_room_words(room_limit, office.people_limit),
    )


@changes.get("/limit")
@office_page(OVERSEERS)
def limit(office: Office, who: Principal) -> ResponseReturnValue:
    """Limit and shares as they are; `people_limit` in the address fills in another number to look
    at.
    """
    proposed = request.args.get("people_limit", "")
    typed = write_limit(office)
    return show_limit(
        office,
        typed | {"people_limit": proposed} if re.fullmatch("[0-9]{1,4}", proposed) else typed,
        {},
    )


@changes.post("/limit")
@office_page(OVERSEERS)
def save_limit(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply limit and shares."""
    action, done = url_for("changes.save_limit"), done_url("changes.limit", office)
    return answer_change(
        office,
        who,
        Page("limit", _("Room limit and shares"), read_limit_form, show_limit, action, done),
    )
