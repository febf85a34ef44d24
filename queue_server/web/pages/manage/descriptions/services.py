"""Managers' pages on the services of their office: what each is and needs, how it is had online,
and by which words it is found.
"""

from __future__ import annotations

import re
from typing import Literal

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import Change, ServiceTold
from queue_server.domain.office.descriptions import ServiceDescription
from queue_server.domain.office.office import Office, OnlineWay, Service, ServiceChannel
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import FormLine, read_form
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.descriptions import refused_description
from queue_server.web.pages.manage.change_forms import ManagersForm, Typed
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url, done_words

from .fields import LONGEST_TEXT, Lines, read_steps, read_words

descriptions = Blueprint("descriptions", __name__, url_prefix="/manage")


class ServiceForm(ManagersForm):
    """What the public is told of a service, as typed, in both languages."""

    summary_id: FormLine
    summary_en: FormLine = ""
    requirements_id: Lines = ""
    requirements_en: Lines = ""
    channel: Literal["MUST_COME", "HYBRID", "EITHER", "ONLINE"]
    url: FormLine = ""
    steps_id: Lines = ""
    steps_en: Lines = ""
    search_words: Lines = ""


def write_service(service: Service) -> Typed:
    """The form of a service as it is."""
    steps = {} if service.online is None else service.online.steps
    texts = {
        f"{name}_{language}": words.get(language, "")
        for name, words in (
            ("summary", service.summary),
            ("requirements", service.requirements),
            ("steps", steps),
        )
        for language in LANGUAGES
    }
    return texts | {
        "channel": service.channel.value,
        "url": "" if service.online is None else service.online.url,
        "search_words": ", ".join(service.search_words),
    }


def read_service_form(typed: Typed) -> tuple[ServiceDescription | None, Errors]:
    """What a form tells of a service; the domain says whether it can be."""
    given = {name: typed[name] for name in ServiceForm.model_fields if name in typed}
    form, wrong = read_form(ServiceForm, given, _say)
    if form is None:
        return None, wrong
    url, steps = form.url.strip(), read_steps(typed, "steps")
    if steps and not url:
        return None, {"url": _("Enter the address where these steps begin, or remove the steps")}
    words = (" ".join(each.split()) for each in re.split(r"[,;\n]", form.search_words))
    return ServiceDescription(
        read_words(typed, "summary"),
        read_words(typed, "requirements"),
        ServiceChannel(form.channel),
        OnlineWay(url, steps) if url else None,
        tuple(dict.fromkeys(each for each in words if each)),
    ), {}


def _say(field: str, _reason: str) -> str:
    return _("Choose one") if field == "channel" else _("Please correct this")


@descriptions.get("/services")
@office_page(MANAGERS)
def services(office: Office, who: Principal) -> ResponseReturnValue:
    """All services of the office, with what the public is told of each."""
    return show_services(office, {})


def show_services(office: Office, errors: Errors) -> str:
    """The list of all services, in the order in which visitors see them."""
    return render_template(
        "manage/descriptions/services.html",
        office=office,
        errors=errors,
        done=None if errors else done_words(office),
    )


@descriptions.get("/service")
@office_page(MANAGERS)
def service(office: Office, who: Principal) -> ResponseReturnValue:
    """What the public is told of one service."""
    known = office.service(request.args.get("service", ""))
    return show_service_form(office, known, write_service(known), {})


def show_service_form(office: Office, service: Service, typed: Typed, errors: Errors) -> str:
    """The form of one service."""
    return render_template(
        "manage/descriptions/service.html",
        office=office,
        service=service,
        values=typed,
        errors=errors,
        channels=[each.value for each in ServiceChannel],
    )


@descriptions.post("/service")
@office_page(MANAGERS)
def save_service(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply what the public is told of one service."""
    code = office.service(request.form.get("service", "")).code

    def read(settled: Office, typed: Typed) -> tuple[Change | None, Errors]:
        told, errors = read_service_form(typed)
        return None if told is None else ServiceTold(code, told), errors

    def show(settled: Office, typed: Typed, errors: Errors) -> str:
        return show_service_form(settled, settled.service(code), typed, errors)

    page = Page(
        "service-text",
        _("What visitors read of a service"),
        read,
        show,
        url_for("descriptions.save_service"),
        done_url("descriptions.services", office),
        say=say_refusal,
        longest=LONGEST_TEXT,
    )
    return answer_change(office, who, page)


def say_refusal(refused: BadInput) -> Errors:
    """What is wrong, at its field; a text in two languages is mended in Indonesian first."""
    field = str(refused.facts["field"])
    if field in ("summary", "requirements", "steps", "parking", "directions"):
        field += "_id"
    return {field: refused_description(refused.facts)}
