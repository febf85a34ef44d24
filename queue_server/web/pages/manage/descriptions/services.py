"""Managers' pages on the services of their office: what each is and needs, how it is had online,
and by which words it is found.
"""

from __future__ import annotations

import re
from typing import Literal

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, Changed, DomainError
from queue_server.domain.office.descriptions import ServiceDescription
from queue_server.domain.office.office import Office, OnlineWay, Service, ServiceChannel
from queue_server.services import upkeep
from queue_server.services.office.descriptions import describe_service
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, find_office, now, today_at
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import FormLine, read_form
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.descriptions import refused_description
from queue_server.web.pages.manage.change_forms import ManagersForm, Typed
from queue_server.web.pages.manage.dry_run import done_url, done_words, read_typed

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
        revision=seen_revision(office, errors),
    )


@descriptions.post("/service")
@office_page(MANAGERS)
def save_service(office: Office, who: Principal) -> ResponseReturnValue:
    """Tell the public anew of one service."""
    known, typed = office.service(request.form.get("service", "")), read_typed(LONGEST_TEXT)
    if "lang" in request.args:
        return show_service_form(office, known, typed, {})
    told, errors = read_service_form(typed)
    revision, moment = request.form.get("revision", 0, type=int), now()

    def describe(tx: Transaction) -> object:
        assert told is not None  # else the form is shown again
        return describe_service(tx, office.code, known.code, told, who.id, moment, revision).code

    def act() -> ResponseReturnValue:
        asked = [office.code, known.code, revision, sorted(typed.items())]
        run_once("describe", who.id, asked, [today_at(office)], describe)
        upkeep.plan_office(context().database, office.code, moment)
        return redirect(done_url("descriptions.services", office), 303)

    return answer_form(
        errors,
        act,
        lambda wrong: show_service_form(office, known, typed, wrong),
        (BadInput, Changed),
        say_refusal,
    )


def seen_revision(office: Office, errors: Errors) -> object:
    """The revision that a form carries: the one its sender has seen, or the present one once they
    were told that it is another.
    """
    if "" in errors:
        return find_office(office.code).revision
    return request.form.get("revision") or office.revision


def say_refusal(refused: DomainError) -> Errors:
    """What is wrong, at its field; a text in two languages is mended in Indonesian first."""
    if isinstance(refused, Changed):
        return {
            "": _(
                "Somebody else has changed this office's settings meanwhile. Save again to use "
                "what is written here."
            )
        }
    field = str(refused.facts["field"])
    if field in ("summary", "requirements", "steps", "parking", "directions"):
        field += "_id"
    return {field: refused_description(refused.facts)}
