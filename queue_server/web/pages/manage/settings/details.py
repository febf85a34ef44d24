"""Managers' page on the name of their office and the time zone of its clocks."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.changes import Change, DetailsChange
from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import FormLine, read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.pages.manage.change_forms import ManagersForm, Typed, filled_in, one_line
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url, done_words

settings = Blueprint("settings", __name__, url_prefix="/manage")

INDONESIAN = {
    "Asia/Jakarta": "WIB – Jakarta",
    "Asia/Pontianak": "WIB – Pontianak",
    "Asia/Makassar": "WITA – Makassar",
    "Asia/Jayapura": "WIT – Jayapura",
}


class DetailsForm(ManagersForm):
    """What an office is called, and its time zone."""

    name: FormLine
    zone: FormLine


def read_details(office: Office, typed: Typed) -> tuple[Change | None, Errors]:
    """What the form says; the domain says whether it can be."""
    given = filled_in(typed, "name", "zone")
    words = {"name": _("Enter a name"), "zone": _("Choose a time zone from the list")}
    form, wrong = read_form(DetailsForm, given, lambda field, _reason: words[field])
    if form is None:
        return None, wrong
    return DetailsChange(one_line(typed, "name"), form.zone.strip()), {}


def show_details(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of name and time zone."""
    others = sorted(available_timezones() - INDONESIAN.keys())
    return render_template(
        "manage/settings/details.html",
        office=office,
        values=typed,
        errors=errors,
        zones=[*INDONESIAN.items(), *((each, each) for each in others)],
        done=None if errors else done_words(office),
    )


@settings.get("/details")
@office_page(MANAGERS)
def details(office: Office, who: Principal) -> ResponseReturnValue:
    """What the office is called, and its time zone."""
    return show_details(office, {"name": office.name, "zone": office.zone}, {})


@settings.post("/details")
@office_page(MANAGERS)
def save_details(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply another name or time zone."""
    page = Page(
        "details",
        _("Name and time zone"),
        read_details,
        show_details,
        url_for("settings.save_details"),
        done_url("settings.details", office),
    )
    return answer_change(office, who, page)
