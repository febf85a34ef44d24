"""Managers' page on the name of their office, the time zone of its clocks and its languages."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.changes import Change, DetailsChange
from queue_server.domain.office.languages import KNOWN_LANGUAGES
from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import FormLine, read_form
from queue_server.web.edge.locale import LANGUAGE_NAMES
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
    """What an office is called, its time zone, and the language that comes first."""

    name: FormLine
    zone: FormLine
    first_language: FormLine


def read_details(office: Office, typed: Typed) -> tuple[Change | None, Errors]:
    """What the form says; the domain says whether it can be."""
    given = filled_in(typed, "name", "zone", "first_language")
    words = {
        "name": _("Enter a name"),
        "zone": _("Choose a time zone from the list"),
        "first_language": _("Choose the language that comes first"),
    }
    form, wrong = read_form(DetailsForm, given, lambda field, _reason: words[field])
    if form is None:
        return None, wrong
    first = form.first_language
    if first not in KNOWN_LANGUAGES:
        return None, {"first_language": words["first_language"]}
    others = (each for each in KNOWN_LANGUAGES if each != first and typed.get(f"offers_{each}"))
    return DetailsChange(one_line(typed, "name"), form.zone.strip(), languages=(first, *others)), {}


def show_details(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of name, time zone and languages."""
    others = sorted(available_timezones() - INDONESIAN.keys())
    return render_template(
        "manage/settings/details.html",
        office=office,
        values=typed,
        errors=errors,
        names=LANGUAGE_NAMES,
        zones=[*INDONESIAN.items(), *((each, each) for each in others)],
        done=None if errors else done_words(office),
    )


@settings.get("/details")
@office_page(MANAGERS)
def details(office: Office, who: Principal) -> ResponseReturnValue:
    """What the office is called, its time zone and its languages."""
    offers = {f"offers_{each}": "1" for each in office.languages}
    first = office.languages[0]
    typed = {"name": office.name, "zone": office.zone, "first_language": first, **offers}
    return show_details(office, typed, {})


@settings.post("/details")
@office_page(MANAGERS)
def save_details(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply another name or time zone, or other languages."""
    page = Page(
        "details",
        _("Name, time zone and languages"),
        read_details,
        show_details,
        url_for("settings.save_details"),
        done_url("settings.details", office),
    )
    return answer_change(office, who, page)
