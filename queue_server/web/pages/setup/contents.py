"""The steps of the services, from a catalogue or a file, and of the counters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, Changed, CounterIdTaken, DomainError
from queue_server.domain.office.office import Office
from queue_server.domain.office.whole.catalogue import Catalogue
from queue_server.domain.office.whole.faults import MOST_COUNTERS
from queue_server.services.office.whole import set_up
from queue_server.services.office.whole.catalogues import (
    DUKCAPIL,
    Judged,
    judge_catalogue_file,
    load_catalogue,
    read_text,
)
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page, own_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import answer_form
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.office_file import fault_words
from queue_server.web.edge.words.refusals import refusal_words

from .begin import read_typed, run_step, setup

CATALOGUE_BYTES_MAX = 48_000
"""Of a catalogue brought along; that of this release has 9,000."""

OWN = "own"
_JUDGE = f"{judge_catalogue_file.__module__}:{judge_catalogue_file.__name__}"


@setup.get("/services")
@office_page(MANAGERS)
def services(office: Office, who: Principal) -> ResponseReturnValue:
    """The catalogue of this release, every service of it chosen, or a file of one's own."""
    if office.services:
        return redirect(url_for("descriptions.services", office=office.code))
    return _show_services(office, None, {})


@setup.post("/services")
@office_page(MANAGERS)
def save_services(office: Office, who: Principal) -> ResponseReturnValue:
    """Take over the chosen services, or all of a file."""
    moment, chosen = now(), set(request.form.getlist("service")[:500])
    errors: Errors = {}
    catalogue = load_catalogue(DUKCAPIL)
    if request.form.get("from") == OWN:
        own = _read_own(errors)
        if own is not None:
            catalogue, chosen = own, {each.code for each in own.services}
    elif not chosen:
        errors["service"] = _("Choose at least one service")

    def act() -> str:
        return run_step(
            "set-up-services",
            office,
            who,
            [sorted(chosen), request.form.get("from")],
            lambda tx: set_up.add_services(tx, office.code, catalogue, chosen, who.id, moment),
        )

    return answer_form(
        errors,
        act,
        lambda wrong: _show_services(office, chosen, wrong),
        (BadInput, Changed),
        _say_refusal,
    )


def _read_own(errors: Errors) -> Catalogue | None:
    """The catalogue that was brought along; what is wrong is added to `errors`."""
    sent = request.files.get("catalogue")
    content = sent.read(CATALOGUE_BYTES_MAX + 1) if sent is not None else b""
    if not content:
        errors["catalogue"] = _("Choose a file")
    elif len(content) > CATALOGUE_BYTES_MAX:
        errors["catalogue"] = _(
            "Choose a file of at most %(num)s KB", num=CATALOGUE_BYTES_MAX // 1000
        )
    else:
        catalogue, fault = cast(Judged, context().beside.compute(_JUDGE, content))
        if fault is not None:
            errors["catalogue"] = fault_words(fault)
        return catalogue
    return None


def _show_services(office: Office, chosen: set[str] | None, errors: Errors) -> str:
    catalogue = load_catalogue(DUKCAPIL)
    groups = [
        (stream, [each for each in catalogue.services if each.letter == stream.letter])
        for stream in catalogue.streams
    ]
    return render_template(
        "setup/services.html",
        office=office,
        catalogue=catalogue,
        groups=groups,
        chosen=chosen if chosen else {each.code for each in catalogue.services},
        errors=errors,
        file_kb=CATALOGUE_BYTES_MAX // 1000,
    )


@setup.get("/catalogue.yaml")
@own_page(MANAGERS)
def catalogue_file(who: Principal) -> ResponseReturnValue:
    """The catalogue of this release as a file, for those who write their own."""
    return Response(
        read_text(DUKCAPIL),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{DUKCAPIL}.yaml"'},
    )


@setup.get("/counters")
@office_page(MANAGERS)
def counters(office: Office, who: Principal) -> ResponseReturnValue:
    """How many counters there are."""
    return _show_counters(office, {}, {})


@setup.post("/counters")
@office_page(MANAGERS)
def save_counters(office: Office, who: Principal) -> ResponseReturnValue:
    """Add so many counters, each for all queues."""
    typed, moment = read_typed(("counters",)), now()
    text = typed["counters"].strip()
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0

    def act() -> str:
        return run_step(
            "set-up-counters",
            office,
            who,
            count,
            lambda tx: set_up.add_counters(tx, office.code, count, who.id, moment),
        )

    return answer_form(
        {},
        act,
        lambda wrong: _show_counters(office, typed, wrong),
        (BadInput, Changed, CounterIdTaken),
        _say_refusal,
    )


def _say_refusal(refused: DomainError) -> Errors:
    if not isinstance(refused, BadInput):
        return {"": refusal_words(refused.code, refused.facts)}
    return {
        ("counters", "range"): {
            "counters": _("Enter a number from 1 to %(high)s", high=MOST_COUNTERS)
        },
        ("counters", "streams"): {
            "": _("This office has no queue yet. Choose its services first, then the counters")
        },
        ("services", "missing"): {"service": _("Choose at least one service")},
    }.get(
        (str(refused.facts["field"]), str(refused.facts["reason"])),
        {"": fault_words(refused.facts)},
    )


def _show_counters(office: Office, typed: Mapping[str, str], errors: Errors) -> str:
    return render_template("setup/counters.html", office=office, values=typed, errors=errors)
