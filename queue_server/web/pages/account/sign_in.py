"""Staff pages: signing in and out, and the clerk's console."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, StringConstraints

from queue_server.domain.errors import PasswordDistrusted, SignInPaused
from queue_server.web.edge.access import password_check
from queue_server.web.edge.access.principals import end_session, principal
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context
from queue_server.web.edge.errors import overloaded_words
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.beside import Overloaded
from queue_server.web.edge.words.refusals import refusal_words

from .entering import go_on_by_password, safe_next

account = Blueprint("account", __name__)
Given = Annotated[str, StringConstraints(min_length=1)]


class SignInForm(BaseModel):
    """Who signs in."""

    username: Given
    password: Given


@account.get("/login")
@public
def login() -> ResponseReturnValue:
    """The sign-in form; who is signed in already goes on."""
    target = request.args.get("next", "")
    known = principal()
    if known is not None:
        return redirect(safe_next(target, known.role))
    return render_login({}, target, "")


def render_login(errors: dict[str, str], target: str, username: str, password: str = "") -> str:
    """The form; in the demo it says where the passwords stand."""
    demo = context().settings.demo_access_file is not None
    return render_template(
        "account/login.html",
        errors=errors,
        next_url=target,
        username=username,
        password=password,
        demo=demo,
    )


@account.post("/login")
@public
def do_login() -> ResponseReturnValue:
    """Sign in. A wrong name and a wrong password get the same answer after the same time."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    target = request.form.get("next", "")
    _form, errors = read_form(
        SignInForm,
        {"username": username, "password": password},
        lambda field, _reason: bad_input_words(field, "missing"),
    )
    if not errors:
        try:
            user = password_check.check(username, password)
        except SignInPaused as refused:
            page = render_login(
                {"username": refusal_words(refused.code, refused.facts)}, target, username[:80]
            )
            return password_check.paused(page, refused)
        except Overloaded:
            return password_check.overloaded(
                render_login({"": overloaded_words()}, target, username[:80], password)
            )
        if user is not None:
            try:
                return go_on_by_password(user, target)
            except PasswordDistrusted as refused:
                wrong = {"": refusal_words(refused.code, refused.facts)}
                return render_login(wrong, target, username[:80]), 403
        errors["username"] = _("User name or password is not right. Please check both")
    return render_login(errors, target, username[:80]), 422


@account.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Sign out on this computer."""
    response = make_response(redirect(url_for("account.login"), 303))
    end_session(response)
    return response
