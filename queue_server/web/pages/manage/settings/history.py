"""Managers' page on how the settings of their office came to be so, and taking a change back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.changes import Change
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.undoing import find_hindrance
from queue_server.services.office.changes import plan_undo
from queue_server.store.access.devices import name_devices
from queue_server.store.office import history as history_store
from queue_server.store.office.history import SettingChange
from queue_server.web.edge.access.principals import Principal, current
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff import staff_names
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.settings.parts import ChangedPart, list_parts, part_groups
from queue_server.web.edge.words.settings.refused import cannot_undo_words
from queue_server.web.pages.manage.change_forms import Typed, of_the_whole, read_count
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url, done_words

from .details import settings

SHOWN, LOOKED_AT = 30, 400
"""Changes on a page, and how many are looked through for those of one kind."""


@dataclass(frozen=True)
class HistoryRow:
    """A change in words. `by` is a name. `may_undo`: it has not been taken back yet and can be;
    `why_not` says why it never can.
    """

    revision: int
    at: datetime
    by: str
    parts: Sequence[ChangedPart]
    undoes: SettingChange | None
    may_undo: bool
    why_not: str


@settings.get("/history")
@office_page(MANAGERS)
def history(office: Office, who: Principal) -> ResponseReturnValue:
    """The changes of the office's settings, newest first."""
    return show_history(office, {}, {})


def show_history(office: Office, typed: Typed, errors: Errors) -> str:
    """The newest changes; of one kind, or before one, if the address says so."""
    group = request.args.get("part", "")
    group = group if group in part_groups() else ""
    before = read_count(request.args.get("before", ""))
    names = staff_names(office, current())
    with context().database.read() as connection:
        made = history_store.list_newest(connection, office.code, LOOKED_AT, before)
        devices = name_devices(connection, office.code)
        undone = {
            each.undoes: history_store.find(connection, office.code, each.undoes)
            for each in made
            if each.undoes is not None
        }
    rows = [
        HistoryRow(
            each.revision,
            each.at,
            names.get(each.by, each.by),
            list_parts(each.parts, office, devices),
            None if each.undoes is None else undone[each.undoes],
            each.undone_by is None and bool(each.parts) and find_hindrance(each.parts) is None,
            _why_not(each),
        )
        for each in made
    ]
    fitting = [each for each in rows if not group or any(p.group == group for p in each.parts)]
    shown = fitting[:SHOWN]
    last = shown if len(fitting) > SHOWN else made if len(made) == LOOKED_AT else []
    return render_template(
        "manage/settings/history.html",
        office=office,
        rows=shown,
        groups=part_groups(),
        group=group,
        before=before,
        more=last[-1].revision if last else None,
        errors=errors,
        done=None if errors else done_words(office),
    )


def _why_not(made: SettingChange) -> str:
    hindrance = find_hindrance(made.parts)
    return "" if hindrance is None else cannot_undo_words(hindrance)


@settings.post("/history/undo")
@office_page(MANAGERS)
def take_back(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply putting the old values of a change back."""
    revision = read_count(request.form.get("change", "")) or 0

    def read(settled: Office, _typed: Typed) -> tuple[Change | None, Errors]:
        with context().database.read() as connection:
            return plan_undo(connection, settled, revision, now()), {}

    def show(settled: Office, typed: Typed, errors: Errors) -> str:
        return show_history(settled, typed, of_the_whole(errors))

    page = Page(
        "undo",
        _("Take a change back"),
        read,
        show,
        url_for("settings.take_back"),
        done_url("settings.history", office),
        undoes=revision,
    )
    return answer_change(office, who, page)


@settings.get("/history/undo")
@office_page(MANAGERS)
def back_to_history(office: Office, who: Principal) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the history."""
    return redirect(url_for("settings.history", office=office.code, lang=request.args.get("lang")))
