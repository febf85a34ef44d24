"""Managers' pages on which services their office has, in which queue, how long each takes, and in
which order they are shown. What the public reads of each is set on its own page.
"""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import Change
from queue_server.domain.office.office import IdentityKind, Office, Service, ServiceChannel
from queue_server.domain.office.settings.structure import (
    MINUTES_MAX,
    move_service,
    put_service,
    retire_service,
)
from queue_server.services import upkeep
from queue_server.services.office.changes import apply_change
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.settings.parts import identity_words
from queue_server.web.pages.manage.change_forms import Typed, read_count
from queue_server.web.pages.manage.descriptions.fields import read_words
from queue_server.web.pages.manage.descriptions.services import show_services
from queue_server.web.pages.manage.dry_run import Page, answer_change, done_url

from .details import settings


@settings.get("/services/edit")
@office_page(MANAGERS)
def service(office: Office, who: Principal) -> ResponseReturnValue:
    """How one service is given; without a code the form of a new one."""
    code = request.args.get("service", "")
    if not code:
        first = next((each.letter for each in office.streams_here), "")
        return show_service(office, {"new": "1", "minutes": "10", "letter": first}, {})
    known = office.service(code)
    return show_service(
        office,
        {
            "code": code,
            "letter": known.letter,
            "minutes": str(known.minutes),
            "identity": known.identity.value,
            **{f"name_{each}": known.name.get(each, "") for each in LANGUAGES},
        },
        {},
    )


def show_service(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of how one service is given."""
    kinds = [(each.value, identity_words(each.value)) for each in IdentityKind]
    return render_template(
        "manage/settings/service.html",
        office=office,
        values=typed,
        errors=errors,
        channels=[each.value for each in ServiceChannel],
        identities=[(kind, words[:1].upper() + words[1:]) for kind, words in kinds],
    )


def read_service(office: Office, typed: Typed) -> tuple[Change | None, Errors]:
    """The service of the form; the domain says whether it can be."""
    code, minutes = typed.get("code", "").strip().upper(), read_count(typed.get("minutes", ""))
    if minutes is None:
        raise BadInput(field="minutes", reason="range", low=1, high=MINUTES_MAX)
    name, letter = read_words(typed, "name"), typed.get("letter", "")
    if all(each.letter != letter for each in office.streams_here):
        return None, {"letter": _("Choose the queue of this service")}
    try:
        identity = IdentityKind(typed.get("identity", "NIK"))
        channel = ServiceChannel(typed.get("channel", "MUST_COME"))
    except ValueError:
        return None, {"identity": _("Choose one")}
    if typed.get("new"):
        if any(each.code == code for each in office.services):
            raise BadInput(field="code", reason="taken")
        summary = read_words(typed, "summary")
        new = Service(code, letter, name, summary, {}, channel, minutes, identity=identity)
        return put_service(office, new), {}
    known = office.service(typed.get("code", ""))
    given = replace(known, name=name, letter=letter, minutes=minutes, identity=identity)
    return put_service(office, given), {}


@settings.post("/services/edit")
@office_page(MANAGERS)
def save_service(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply a new service, or another name, queue, time or number of one."""
    action, done = url_for("settings.save_service"), done_url("descriptions.services", office)
    return answer_change(
        office, who, Page("service", _("Services"), read_service, show_service, action, done)
    )


@settings.post("/services/retire")
@office_page(MANAGERS)
def do_retire_service(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply taking a service away."""

    def read(settled: Office, typed: Typed) -> tuple[Change | None, Errors]:
        return retire_service(settled, typed.get("service", "")), {}

    def show(settled: Office, typed: Typed, errors: Errors) -> str:
        return show_services(settled, errors)

    action, done = url_for("settings.do_retire_service"), done_url("descriptions.services", office)
    title = _("Retire a service")
    return answer_change(office, who, Page("retire-service", title, read, show, action, done))


@settings.post("/services/move")
@office_page(MANAGERS)
def do_move_service(office: Office, who: Principal) -> ResponseReturnValue:
    """Show a service one place earlier or later. No booking depends on it, so it is done at once;
    it can be taken back in the history.
    """
    code, by = request.form.get("service", ""), 1 if request.form.get("to") == "later" else -1
    moment = now()

    def command(tx: Transaction) -> object:
        change = move_service(tx.office(office.code), code, by)
        return apply_change(tx, office.code, change, who.id, moment).code

    run_once("move-service", who.id, [office.code, code, by], [today_at(office)], command)
    upkeep.plan_office(context().database, office.code, moment)
    return redirect(f"{url_for('descriptions.services', office=office.code)}#s-{code}", 303)


@settings.get("/services/retire")
@settings.get("/services/move")
@office_page(MANAGERS)
def back_to_services(office: Office, who: Principal) -> ResponseReturnValue:
    """These addresses only take forms; who comes back to one sees the list."""
    lang = request.args.get("lang")
    return redirect(url_for("descriptions.services", office=office.code, lang=lang))
