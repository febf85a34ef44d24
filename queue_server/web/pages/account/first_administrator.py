"""The page that makes the first administrator: open to whoever has the code on the server's
console, and to nobody once there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationInfo

from queue_server.domain.access.accounts import PASSWORD_SHORTEST, admit_password, parse_username
from queue_server.domain.errors import BadInput, SetUpOver, SignInPaused, UserNameTaken
from queue_server.domain.visit.identity import parse_name
from queue_server.services.access import first_run, log, sign_in
from queue_server.web.edge.access import known_browser, password_check
from queue_server.web.edge.access.principals import start_session
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, now
from queue_server.web.edge.errors import overloaded_words
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import Refused, admitted_by, read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.long_work.beside import Overloaded
from queue_server.web.edge.strangers.limits import address
from queue_server.web.edge.words.refusals import refusal_words

from .sign_in import account
from .words import account_error_words

GUESSES = "set-up code"
"""What guesses of the code are counted by; with a space, so nobody's user name."""

SHOWN_AGAIN = ("code", "name", "username")


def _admit_new(typed: str, info: ValidationInfo) -> str:
    known = (info.data.get("username", ""), info.data.get("name", ""))
    try:
        admit_password(typed, known[0].strip().lower(), [known[1]])
    except BadInput as refused:
        raise Refused(str(refused.facts["reason"])) from None
    return typed


def _admit_same(typed: str, info: ValidationInfo) -> str:
    if typed != info.data.get("password", typed):
        raise Refused("differs")
    return typed


class FirstForm(BaseModel):
    """The code on the console, and who the first administrator is."""

    code: Annotated[str, StringConstraints(min_length=1)]
    name: Annotated[str, admitted_by(parse_name)]
    username: Annotated[str, admitted_by(parse_username)]
    password: Annotated[str, AfterValidator(_admit_new)]
    again: Annotated[str, AfterValidator(_admit_same)]


@account.get("/setup")
@public
def set_up() -> ResponseReturnValue:
    """The form, while there is no administrator."""
    return _to_sign_in() if _is_over() else _private(_show({}, {}))


@account.post("/setup")
@public
def do_set_up() -> ResponseReturnValue:
    """Make the first administrator, and sign them in. Each guess of the code is counted before it
    is looked at.
    """
    if _is_over():
        return _to_sign_in()
    typed = {name: request.form.get(name, "")[:400] for name in FirstForm.model_fields}
    form, errors = read_form(FirstForm, typed, _say)
    try:
        if "code" not in errors and not _is_right(typed["code"]):
            errors = {"code": _say("code", "wrong"), **errors}
        if form is None or errors:
            return _private(_show(typed, errors), 422)
        return _make(form)
    except SignInPaused as refused:
        wait = ngettext(
            "There were several wrong codes. Please wait %(num)s second, then try again",
            "There were several wrong codes. Please wait %(num)s seconds, then try again",
            int(str(refused.facts["seconds"])),
        )
        wrong = {"code": wait}
        return password_check.paused(_show(typed, wrong), refused)
    except Overloaded:
        return password_check.overloaded(_show(typed, {"": overloaded_words()}))
    except SetUpOver:
        return _to_sign_in()
    except UserNameTaken as refused:
        return _private(_show(typed, {"username": refusal_words(refused.code, refused.facts)}), 422)
    except BadInput as refused:
        field, reason = str(refused.facts["field"]), str(refused.facts["reason"])
        return _private(_show(typed, {field: _say(field, reason)}), 422)


def _is_over() -> bool:
    with context().database.read() as connection:
        return first_run.is_set_up(connection)


def _is_right(code: str) -> bool:
    """Whether the code is right. Raises `SignInPaused` after too many guesses."""
    keys = sign_in.keys_of(GUESSES, address(), None)
    context().tries.count(keys, now())
    with context().database.read() as connection:
        is_right = first_run.is_right_code(connection, code)
    if is_right:
        context().tries.forgive(keys)
    return is_right


def _make(form: FirstForm) -> Response:
    moment = now()
    user = first_run.draft_administrator(form.username, form.name)
    hashed = password_check.hash_new(form.password)
    add = partial(
        first_run.add_administrator, user=user, password_hash=hashed, typed=form.code, now=moment
    )
    context().database.write(log.days_of(context().database, None, moment), add)
    response = make_response(redirect(url_for("setup.begin"), 303))
    start_session(user, response)
    known_browser.remember(response, user.username)
    return response


def _to_sign_in() -> ResponseReturnValue:
    return redirect(url_for("account.login"), 303)


def _private(page: str, status: int = 200) -> Response:
    """The page may hold the code: nobody keeps it."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _say(field: str, reason: str) -> str:
    return {
        ("code", "string_too_short"): _("Enter the code that the server has printed"),
        ("code", "wrong"): _(
            "This is not the code of the server's last start. Look at its console, or start it "
            "again for a new one"
        ),
        ("again", "differs"): _("This differs from the password above. Please type the same again"),
    }.get((field, reason)) or account_error_words(BadInput(field=field, reason=reason))


def _show(typed: Mapping[str, str], errors: Errors) -> str:
    return render_template(
        "account/first_administrator.html",
        values={name: typed.get(name, "") for name in SHOWN_AGAIN},
        errors=errors,
        shortest=PASSWORD_SHORTEST,
    )
