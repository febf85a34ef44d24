"""Passkeys in the browser: adding and removing one's own, and signing in with one, after the
password or in place of it.
"""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.access.step_up import name_browser
from queue_server.domain.errors import NoSecondFactor, UnknownUser, WrongPasskey
from queue_server.services.access import log
from queue_server.services.access.factors import codes, passkeys
from queue_server.store.access import passkeys as passkey_store
from queue_server.store.access import users as user_store
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.access.passkey_site import (
    answer_options,
    need_site,
    read_credential,
    read_id,
)
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import PEOPLE, confirmed, public
from queue_server.web.edge.access.staff_pages import own_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import check_line
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.pages.account.entering import enter, find_halfway
from queue_server.web.pages.account.sign_in import account, render_login

from .asking import show_question
from .own import find_self, show, show_codes

NAME_LENGTH = 40


def _read_credential() -> dict[str, Any]:
    return read_credential(request.form.get("credential", ""))


@account.get("/account/second-factor/passkeys/options")
@confirmed
@own_page(PEOPLE)
def passkey_options(who: Principal) -> ResponseReturnValue:
    """What the browser needs to make a passkey."""
    site, user, parts = need_site(), find_self(who), context()
    with parts.database.read() as connection:
        known = passkey_store.list_of_user(connection, user.id)
    challenge = passkeys.draw_challenge(parts.secret_key, f"add:{who.session}", now())
    return answer_options(passkeys.offer_registration(site, user, known, challenge))


@account.post("/account/second-factor/passkeys")
@confirmed
@own_page(PEOPLE)
def add_passkey(who: Principal) -> ResponseReturnValue:
    """Take a passkey into use that the browser has made."""
    site, user, parts, moment = need_site(), find_self(who), context(), now()
    name = request.form.get("passkey_name", "").strip()[:NAME_LENGTH]
    if not name or check_line(name):
        name = name_browser(request.headers.get("User-Agent", "")[:400]) or "Passkey"
    shown = codes.draw_recovery_codes()

    def act() -> ResponseReturnValue:
        signed = passkeys.check_registration(
            site, parts.secret_key, f"add:{who.session}", user, name, _read_credential(), moment
        )
        with_codes = parts.database.write(
            log.days_of(parts.database, user.office, moment),
            lambda tx: passkeys.add(tx, user, signed, shown, moment),
        )
        if with_codes:
            return show_codes(who, shown)
        return redirect(url_for("account.second_factor", done="passkey"), 303)

    return answer_form({}, act, lambda wrong: show(who, wrong), (WrongPasskey,), _say)


@account.post("/account/second-factor/passkeys/<passkey_id>/remove")
@confirmed
@own_page(PEOPLE)
def remove_passkey(who: Principal, passkey_id: str) -> ResponseReturnValue:
    """Forget a passkey."""
    user, parts, moment = find_self(who), context(), now()
    must_have = parts.settings.second_factor_grace is not None

    def act() -> str:
        run_once(
            "remove-passkey",
            who.id,
            [passkey_id],
            log.days_of(parts.database, user.office, moment),
            lambda tx: {"done": passkeys.remove(tx, user, passkey_id, moment, must_have=must_have)},
        )
        return url_for("account.second_factor", done="passkey_removed")

    return answer_form({}, act, lambda wrong: show(who, wrong), (NoSecondFactor,), _say)


def _say(refused: Any) -> dict[str, str]:
    return {"": refusal_words(refused.code, refused.facts)}


@account.get("/account/second-factor/passkeys")
@account.get("/account/second-factor/passkeys/<passkey_id>/remove")
@own_page(PEOPLE)
def back_from_passkeys(who: Principal, passkey_id: str = "") -> ResponseReturnValue:
    """These addresses only take forms; who comes back to one sees what there is."""
    return redirect(url_for("account.second_factor", lang=request.args.get("lang")))


@account.get("/login/passkey/options")
@public
def sign_in_options() -> ResponseReturnValue:
    """What the browser needs to sign in with a passkey: one of those of who has given the password,
    or any.
    """
    site, parts, user, mark = need_site(), context(), find_halfway(), browser_mark()
    if mark is None:
        abort(400)
    known = []
    if user is not None:
        with parts.database.read() as connection:
            known = passkey_store.list_of_user(connection, user.id)
    challenge = passkeys.draw_challenge(parts.secret_key, f"in:{mark}", now())
    return answer_options(passkeys.offer_sign_in(site, known, challenge, alone=user is None))


@account.get("/login/passkey")
@public
def back_to_login() -> ResponseReturnValue:
    """This address only takes a form; who comes back to it begins anew."""
    return redirect(url_for("account.login", lang=request.args.get("lang")))


@account.post("/login/passkey")
@public
def do_passkey() -> ResponseReturnValue:
    """Sign in with a passkey."""
    site, parts, moment, target = need_site(), context(), now(), request.form.get("next", "")
    halfway, mark = find_halfway(), browser_mark()

    def act() -> ResponseReturnValue:
        credential = _read_credential()
        with parts.database.read() as connection:
            passkey = passkey_store.find(connection, read_id(credential))
            if passkey is None or mark is None:
                raise WrongPasskey()
            try:
                user = user_store.find_user(connection, passkey.user)
            except UnknownUser:
                raise WrongPasskey() from None
        if not user.active or (halfway is not None and halfway.id != user.id):
            raise WrongPasskey()
        signed = passkeys.check_sign_in(
            site, parts.secret_key, f"in:{mark}", passkey, credential, moment, alone=halfway is None
        )
        return enter(user, target, lambda tx: passkeys.use(tx, signed, moment))

    def show_again(wrong: dict[str, str]) -> str:
        if halfway is not None:
            return show_question(halfway, target, wrong)
        return render_login(wrong, target, "")

    return answer_form({}, act, show_again, (WrongPasskey,), _say)
