"""One's own second factor: what there is, adding an app, recovery codes."""

from __future__ import annotations

from datetime import timedelta

import segno
from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from queue_server.domain.access.accounts import User
from queue_server.domain.access.second_factor import CODES_FEW, RECOVERY_CODES, Duty
from queue_server.domain.errors import LogInNeeded, NoSecondFactor, SignInPaused, WrongCode
from queue_server.services.access import log, sign_in
from queue_server.services.access.factors import codes
from queue_server.store.access import passkeys as passkey_store
from queue_server.store.access import second_factors
from queue_server.store.access import users as user_store
from queue_server.web.edge.access import password_check
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import PEOPLE, confirmed
from queue_server.web.edge.access.staff_pages import own_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import answer_form, read_key, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.pages.account.entering import safe_next
from queue_server.web.pages.account.sign_in import account
from queue_server.web.pages.account.words import find_zone

from .asking import CODE_LENGTH, wrong_code_words

KEY_GROUP = 4


@account.get("/account/second-factor")
@own_page(PEOPLE)
def second_factor(who: Principal) -> ResponseReturnValue:
    """What there is, and what is asked for."""
    return show(who, {})


def find_self(who: Principal) -> User:
    """The account of who asks by a log-in: a program has no second factor. Raises
    `LogInNeeded`.
    """
    if who.session is None:
        raise LogInNeeded()
    with context().database.read() as connection:
        return user_store.find_user(connection, who.id)


def show(who: Principal, errors: Errors) -> str:
    """The page of what there is, with what is wrong."""
    database, language = context().database, current_language()
    with database.read() as connection:
        factor = second_factors.find(connection, who.id)
        left = second_factors.count_recovery_codes(connection, who.id)
        passkeys = passkey_store.list_of_user(connection, who.id)
    zone = find_zone(who.office)
    grace = context().settings.second_factor_grace or timedelta()
    target = request.values.get("next", "")
    return render_template(
        "account/factors/own.html",
        factor=factor,
        since=format_moment(factor.confirmed_at, language, zone) if factor.confirmed_at else None,
        left=left,
        passkeys=[
            (each.id, each.name, format_moment(each.created_at, language, zone))
            for each in passkeys
        ],
        total=RECOVERY_CODES,
        few=left <= CODES_FEW,
        duty=who.duty,
        until=format_moment(factor.asked_at + grace, language, zone)
        if who.duty is Duty.ASKED and factor.asked_at
        else None,
        next_url=safe_next(target, who.role) if target else None,
        errors=errors,
        done={
            "again": _("This was done before, and the codes were shown then."),
            "removed": _("The app is no longer asked for."),
            "passkey": _("The passkey is in use from now on."),
            "passkey_removed": _("The passkey no longer opens anything here."),
        }.get(request.args.get("done", "")),
    )


@account.get("/account/second-factor/app")
@confirmed
@own_page(PEOPLE)
def add_app(who: Principal) -> ResponseReturnValue:
    """The key for the app, as a QR code and in letters."""
    return _no_store(_show_key(who, {}))


@account.post("/account/second-factor/app")
@confirmed
@own_page(PEOPLE)
def do_add_app(who: Principal) -> ResponseReturnValue:
    """Begin to use the app that shows this code, and show its recovery codes once."""
    user, moment, parts = find_self(who), now(), context()
    typed = request.form.get("code", "").strip()[:CODE_LENGTH]
    if not typed:
        return _no_store(_show_key(who, {"code": _("Enter the code that the app shows")}), 422)
    shown, form = codes.draw_recovery_codes(), read_key()
    keys = sign_in.keys_of_code(user.id, who.session)
    try:
        parts.tries.count(keys, moment)
        is_first = parts.database.write(
            log.days_of(parts.database, user.office, moment),
            lambda tx: codes.add_app(
                tx, parts.secret_key, user, typed, shown, moment, session=who.session, form=form
            ),
        )
    except SignInPaused as refused:
        wrong = {"code": refusal_words(refused.code, refused.facts)}
        return password_check.paused(_show_key(who, wrong), refused)
    except WrongCode:
        return _no_store(_show_key(who, {"code": wrong_code_words()}), 422)
    parts.tries.forgive(keys)
    return show_codes(who, shown) if is_first else _back("again")


def _show_key(who: Principal, errors: Errors) -> str:
    user, parts = find_self(who), context()
    with parts.database.read() as connection:
        factor = second_factors.find(connection, user.id)
    key = codes.next_key(parts.secret_key, user.id, factor)
    drawn = segno.make(codes.describe_key(key, user.username), error="m", micro=False)
    return render_template(
        "account/factors/app.html",
        qr=Markup(drawn.svg_inline(omitsize=True, border=2)),
        key=" ".join(key[at : at + KEY_GROUP] for at in range(0, len(key), KEY_GROUP)),
        is_other=factor.has_app,
        next_url=request.values.get("next", ""),
        errors=errors,
    )


@account.get("/account/second-factor/codes")
@account.get("/account/second-factor/remove")
@own_page(PEOPLE)
def back_to_second_factor(who: Principal) -> ResponseReturnValue:
    """These addresses only take forms; who comes back to one sees what there is."""
    return redirect(url_for("account.second_factor", lang=request.args.get("lang")))


@account.post("/account/second-factor/codes")
@confirmed
@own_page(PEOPLE)
def renew_codes(who: Principal) -> ResponseReturnValue:
    """Show new recovery codes once; the old ones are void."""
    user, moment, form = find_self(who), now(), read_key()
    shown, database = codes.draw_recovery_codes(), context().database
    is_first = database.write(
        log.days_of(database, user.office, moment),
        lambda tx: codes.renew_recovery_codes(tx, user, shown, moment, form=form),
    )
    return show_codes(who, shown) if is_first else _back("again")


@account.post("/account/second-factor/remove")
@confirmed
@own_page(PEOPLE)
def remove_app(who: Principal) -> ResponseReturnValue:
    """Go on without the app, if one may."""
    user, moment, parts = find_self(who), now(), context()
    must_have = parts.settings.second_factor_grace is not None

    def act() -> ResponseReturnValue:
        run_once(
            "remove-app",
            who.id,
            [],
            log.days_of(parts.database, user.office, moment),
            lambda tx: {"done": codes.remove_app(tx, user, moment, must_have=must_have)},
        )
        return _back("removed")

    return answer_form(
        {},
        act,
        lambda wrong: show(who, wrong),
        (NoSecondFactor,),
        lambda refused: {"": refusal_words(refused.code, refused.facts)},
    )


def show_codes(who: Principal, shown: list[str]) -> Response:
    """The one page that recovery codes are ever on."""
    target = request.form.get("next", "")
    return _no_store(
        render_template(
            "account/factors/codes.html",
            codes=shown,
            next_url=safe_next(target, who.role) if target else url_for("account.second_factor"),
        )
    )


def _no_store(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _back(done: str) -> ResponseReturnValue:
    return redirect(url_for("account.second_factor", done=done), 303)
