"""Managers' page on where their office is, how to get there, and who gets in."""

from __future__ import annotations

import re
from typing import Literal

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import Change, DetailsChange
from queue_server.domain.office.descriptions import OfficeDescription
from queue_server.domain.office.location import Coordinates, Location, WheelchairAccess
from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import FormLine, read_form
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.location import wheelchair_words
from queue_server.web.pages.manage.change_forms import ManagersForm, Typed
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url, done_words

from .fields import LONGEST_TEXT, Lines, read_words
from .services import descriptions, say_refusal

_POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,10})?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,10})?)\s*\Z")


class PlaceForm(ManagersForm):
    """Where an office is, as typed. `point` is latitude and longitude as maps copy them."""

    address: FormLine
    phone: FormLine = ""
    point: FormLine = ""
    wheelchair: Literal["", "FULL", "WITH_HELP", "NONE"] = ""
    parking_id: Lines = ""
    parking_en: Lines = ""
    directions_id: Lines = ""
    directions_en: Lines = ""


def write_place(office: Office) -> Typed:
    """The form of an office's place as it is."""
    location = office.location
    texts = {
        f"{name}_{language}": words.get(language, "")
        for name, words in (("parking", location.parking), ("directions", location.directions))
        for language in LANGUAGES
    }
    point = location.coordinates
    return texts | {
        "address": office.address,
        "phone": office.phone,
        "point": "" if point is None else f"{point.latitude}, {point.longitude}",
        "wheelchair": "" if location.wheelchair is None else location.wheelchair.value,
    }


def read_place_form(typed: Typed) -> tuple[OfficeDescription | None, Errors]:
    """What a form tells of an office; the domain says whether it can be."""
    given = {name: typed[name] for name in PlaceForm.model_fields if name in typed}
    form, wrong = read_form(PlaceForm, given, lambda _field, _reason: _("Please correct this"))
    if form is None:
        return None, wrong
    point = _POINT.match(form.point)
    if form.point.strip() and point is None:
        return None, {"point": _point_words()}
    return OfficeDescription(
        " ".join(form.address.split()),
        " ".join(form.phone.split()),
        Location(
            None if point is None else Coordinates(float(point[1]), float(point[2])),
            WheelchairAccess(form.wheelchair) if form.wheelchair else None,
            read_words(typed, "parking"),
            read_words(typed, "directions"),
        ),
    ), {}


def _point_words() -> str:
    return _("Enter latitude and longitude as a map shows them, such as -6.3180, 106.6643")


@descriptions.get("/place")
@office_page(MANAGERS)
def place(office: Office, who: Principal) -> ResponseReturnValue:
    """Where the office is, as the public reads it."""
    return show_place_form(office, write_place(office), {})


def show_place_form(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of the office's place."""
    return render_template(
        "manage/descriptions/place.html",
        office=office,
        values=typed,
        errors=errors,
        wheelchair={each.value: wheelchair_words(each) for each in WheelchairAccess},
        done=None if errors else done_words(office),
    )


@descriptions.post("/place")
@office_page(MANAGERS)
def save_place(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply where the public is told the office is."""

    def read(settled: Office, typed: Typed) -> tuple[Change | None, Errors]:
        told, errors = read_place_form(typed)
        return None if told is None else DetailsChange(told=told), errors

    page = Page(
        "place",
        _("Address and access"),
        read,
        show_place_form,
        url_for("descriptions.save_place"),
        done_url("descriptions.place", office),
        say=_say_refusal,
        longest=LONGEST_TEXT,
    )
    return answer_change(office, who, page)


def _say_refusal(refused: BadInput) -> Errors:
    wrong = say_refusal(refused)
    if wrong.keys() & {"latitude", "longitude"}:
        return {"point": _point_words()}
    return wrong
