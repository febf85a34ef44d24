"""The second step of the sign-in, after the right password: a code of the app or a recovery
code.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.access.accounts import User
from queue_server.domain.errors import SignInPaused, WrongCode
from queue_server.services.access.factors import codes
from queue_server.store.access import second_factors
from queue_server.web.edge.access import code_check, known_browser, password_check
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.pages.account.entering import enter, find_halfway
from queue_server.web.pages.account.sign_in import account

CODE_LENGTH = 40


@account.get("/login/code")
@public
def login_code() -> ResponseReturnValue:
    """Ask for the code; whoever has not given the password begins with that."""
    user = find_halfway()
    if user is None:
        return _begin_anew()
    return show_question(user, request.args.get("next", ""), {})


@account.post("/login/code")
@public
def do_login_code() -> ResponseReturnValue:
    """Sign in with a code, which is good once."""
    user, target, moment = find_halfway(), request.form.get("next", ""), now()
    typed = request.form.get("code", "").strip()[:CODE_LENGTH]
    if user is None:
        return _begin_anew()
    if not typed:
        return show_question(user, target, {"code": _("Enter the code")}), 422
    try:
        proof = code_check.check(user, typed, known_browser.mark_for(user.username))
        if proof is not None:
            return enter(user, target, lambda tx: codes.use(tx, user, proof, moment))
    except SignInPaused as refused:
        wrong = {"code": refusal_words(refused.code, refused.facts)}
        return password_check.paused(show_question(user, target, wrong), refused)
    except WrongCode:
        pass  # somebody was quicker with the same one
    return show_question(user, target, {"code": wrong_code_words()}), 422


def wrong_code_words() -> str:
    """What is wrong with a code, and what to do."""
    return _(
        "This code is not right or was used before. Please wait for the next one and type that"
    )


def show_question(user: User, target: str, errors: Errors) -> str:
    """The page that asks for the second factor."""
    with context().database.read() as connection:
        factor = second_factors.find(connection, user.id)
    return render_template(
        "account/factors/asking.html", user=user, factor=factor, next_url=target, errors=errors
    )


def _begin_anew() -> ResponseReturnValue:
    return redirect(url_for("account.login", next=request.values.get("next") or None), 303)
