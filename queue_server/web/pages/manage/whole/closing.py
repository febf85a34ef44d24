"""Closing an office from a date on: a decision on its mode without an end, seen first as a dry run
with the bookings that lose their time. It can be ended like any other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints

from queue_server.domain.office.changes import ModeDecision, close_from
from queue_server.domain.office.office import Office
from queue_server.services.places.ticket_ids import draw
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.bodies.kinds import Day
from queue_server.web.edge.context import now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.pages.manage.change_forms import ManagersForm, Notice, Typed, one_line
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url

from .page import whole


class CloseForm(ManagersForm):
    """From when on an office takes no more visits, and what the public is told."""

    first: Day
    notice_id: Annotated[Notice, StringConstraints(min_length=1)]
    notice_en: Notice


@whole.get("/close")
@office_page(MANAGERS)
def close(office: Office, who: Principal) -> ResponseReturnValue:
    """The form: from which day on, and why."""
    tomorrow = office.date_at(now()) + timedelta(days=1)
    return _show(office, {"first": tomorrow.isoformat()}, {})


@whole.post("/close")
@office_page(MANAGERS)
def do_close(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply closing the office."""
    read = partial(_read, id=draw().id, moment=now())
    page = Page(
        "close-office",
        _("Close the office"),
        read,
        _show,
        url_for("whole.do_close"),
        done_url("changes.mode", office),
    )
    return answer_change(office, who, page)


def _read(
    office: Office, typed: Typed, id: str, moment: datetime
) -> tuple[ModeDecision | None, Errors]:
    notice = {name: one_line(typed, name) for name in ("notice_id", "notice_en")}
    given = {"first": typed.get("first", "").strip(), **notice}
    form, errors = read_form(CloseForm, given, _say)
    if form is None:
        return None, errors
    if form.first < office.date_at(moment):
        return None, {"first": _("This day has passed already")}
    words = {"id": form.notice_id, "en": form.notice_en}
    return close_from(office, form.first, words, id, moment), {}


def _say(field: str, _reason: str) -> str:
    if field == "first":
        return _("Enter a date")
    return _("Tell visitors why, and where they go instead, in at most 500 letters")


def _show(office: Office, typed: Typed, errors: Errors) -> str:
    return render_template("manage/whole/close.html", office=office, values=typed, errors=errors)
