"""Managers' page on the office as one thing: its file to download, and the ways to copy, close and
delete it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import (
    BadInput,
    CounterIdTaken,
    DomainError,
    OfficeCodeTaken,
    OfficeInUse,
)
from queue_server.domain.office.office import Office
from queue_server.services import upkeep
from queue_server.services.office.whole.creating import create_office
from queue_server.services.office.whole.deleting import days_to_tell, delete_office
from queue_server.services.office.whole.files import copy_office, export_office
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import ADMINISTRATORS, MANAGERS, confirmed_file
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.office_file import fault_words
from queue_server.web.edge.words.refusals import refusal_words

whole = Blueprint("whole", __name__, url_prefix="/manage/office")

TYPED_MAX = 200


@whole.get("")
@office_page(MANAGERS)
def show(office: Office, who: Principal) -> ResponseReturnValue:
    """What can be done with the office as one thing."""
    return render(office, who, {}, {})


def render(office: Office, who: Principal, typed: Mapping[str, str], errors: Errors) -> str:
    """The page, also with what is wrong in a form of it."""
    done = {
        "imported": _("The file is in force."),
        "copied": _("The copy is there. Look through its steps."),
    }
    return render_template(
        "manage/whole/page.html",
        office=office,
        values=typed,
        errors=errors,
        is_administrator=who.office is None and who.role in ADMINISTRATORS,
        days_kept=office.rules.privacy.personal_data_days,
        done=None if errors else done.get(request.args.get("done", "")),
    )


@whole.get("/file.yaml")
@confirmed_file("whole.show")
@office_page(MANAGERS)
def export_file(office: Office, who: Principal) -> ResponseReturnValue:
    """The office as a YAML file."""
    with context().database.read() as connection:
        text = export_office(connection, office)
    return Response(
        text,
        content_type="application/yaml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="antrean-{office.code}.yaml"',
            "Cache-Control": "no-store",
        },
    )


def read_typed(*names: str) -> dict[str, str]:
    """These fields of the form at hand, as typed."""
    return {name: request.form.get(name, "").strip()[:TYPED_MAX] for name in names}


@whole.post("/copy")
@office_page(ADMINISTRATORS)
def copy(office: Office, who: Principal) -> ResponseReturnValue:
    """Make another office with the same settings."""
    typed, moment = read_typed("new_code", "new_name"), now()

    def act() -> str:
        with context().database.read() as connection:
            made, room = copy_office(connection, office, typed["new_code"], typed["new_name"])
        make = partial(create_office, office=made, room=room, by=who.id, now=moment)
        asked = [office.code, sorted(typed.items())]
        run_once("copy-office", who.id, asked, [], lambda tx: {"code": make(tx).code})
        upkeep.plan_office(context().database, made.code, moment)
        return url_for("setup.steps", office=made.code)

    return answer_form(
        _check_copier(who),
        act,
        lambda wrong: render(office, who, typed, wrong),
        (BadInput, OfficeCodeTaken, CounterIdTaken),
        _say_copy,
    )


def _check_copier(who: Principal) -> Errors:
    return (
        {} if who.office is None else {"": _("Only an administrator of all offices may do this.")}
    )


def _say_copy(refused: DomainError) -> Errors:
    if not isinstance(refused, BadInput):
        return {"new_code": refusal_words(refused.code, refused.facts)}
    field, reason = str(refused.facts["field"]), str(refused.facts["reason"])
    return {
        ("code", "missing"): {"new_code": _("Enter a code for the copy")},
        ("code", "format"): {
            "new_code": _("Use up to 20 letters, digits and hyphens for the code, without spaces")
        },
        ("name", "missing"): {"new_name": _("Enter a name for the copy")},
    }.get((field, reason), {"": fault_words(refused.facts)})


@whole.get("/delete")
@office_page(ADMINISTRATORS)
def ask_delete(office: Office, who: Principal) -> ResponseReturnValue:
    """Ask for the code before an office is deleted."""
    return _show_delete(office, {}, {})


@whole.post("/delete")
@office_page(ADMINISTRATORS)
def delete(office: Office, who: Principal) -> ResponseReturnValue:
    """Delete an office for good."""
    typed, moment = read_typed("typed"), now()

    def act() -> str:
        command = partial(
            delete_office, office=office.code, typed=typed["typed"], by=who.id, now=moment
        )
        days = days_to_tell(context().database, office.code, moment)
        context().database.write(days, command)
        return url_for("changes.overview")

    return answer_form(
        _check_copier(who),
        act,
        lambda wrong: _show_delete(office, typed, wrong),
        (BadInput, OfficeInUse),
        _say_delete,
    )


def _say_delete(refused: DomainError) -> Errors:
    if isinstance(refused, OfficeInUse):
        return {"": refusal_words(refused.code, refused.facts)}
    return {"typed": _("This is not the code of the office. Type it as it stands above")}


def _show_delete(office: Office, typed: Mapping[str, str], errors: Errors) -> str:
    return render_template("manage/whole/delete.html", office=office, values=typed, errors=errors)


@whole.get("/copy")
@office_page(ADMINISTRATORS)
def back_to_office(office: Office, who: Principal) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the office."""
    return redirect(url_for("whole.show", office=office.code, lang=request.args.get("lang")))
