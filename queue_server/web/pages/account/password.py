"""The page on which everybody of the staff changes the own password, and is told who else has set
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.access.accounts import (
    COMMAND_LINE,
    PASSWORD_SHORTEST,
    User,
    admit_password,
)
from queue_server.domain.errors import BadInput, SignInPaused, UnknownUser
from queue_server.services.access import accounts, log
from queue_server.store.access import staff as staff_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import AT_DOOR
from queue_server.web.edge.access.staff_pages import own_page
from queue_server.web.edge.context import context, list_offices, now
from queue_server.web.edge.errors import overloaded_words
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.beside import Overloaded
from queue_server.web.edge.words.refusals import refusal_words

from . import password_check
from .sign_in import account, safe_next
from .words import account_error_words

FALLBACK_ZONE = "Asia/Jakarta"


@account.get("/password")
@own_page(AT_DOOR)
def password(who: Principal) -> ResponseReturnValue:
    """The form."""
    return _show(who, {}, {})


@account.post("/password")
@own_page(AT_DOOR)
def do_password(who: Principal) -> ResponseReturnValue:
    """Change the own password. All other log-ins end, this one goes on."""
    moment = now()
    typed = {name: request.form.get(name, "") for name in ("current", "password", "again", "seen")}
    user = _find_user(who.id)
    try:
        errors = _check(who, user, typed)
        if errors:
            return _show(
                who, {name: value for name, value in typed.items() if name not in errors}, errors
            ), 422
        assert user is not None, "a program has no password, which was said above"
        hashed = password_check.hash_new(typed["password"])
    except SignInPaused as refused:
        return password_check.paused(
            _show(who, typed, {"current": refusal_words(refused.code, refused.facts)}), refused
        )
    except Overloaded:
        return password_check.overloaded(_show(who, typed, {"": overloaded_words()}))
    change = partial(
        accounts.change_own_password,
        user=who.id,
        password_hash=hashed,
        session=who.session,
        now=moment,
    )
    context().database.write(log.days_of(context().database, user.office, moment), change)
    return redirect(_after(who.role), 303)


def _after(role: str) -> str:
    """Back to the page, or where somebody was on the way to who had to change the password
    first.
    """
    target = request.form.get("next", "")
    return safe_next(target, role) if target else url_for("account.password", done=1)


def _find_user(id: str) -> User | None:
    """Somebody's account; None for a program that acts for nobody."""
    try:
        with context().database.read() as connection:
            return staff_store.find_user(connection, id)
    except UnknownUser:
        return None


def _check(who: Principal, user: User | None, typed: Mapping[str, str]) -> Errors:
    """What is wrong, by field. The present password is checked whatever the new one is, so that all
    is said at once.

    Raises `SignInPaused`, `Overloaded`.
    """
    errors: Errors = {}
    if _list_resets(user) and who.must_change and not typed["seen"]:
        errors["seen"] = _("Confirm that you have read who set your password")
    if not typed["current"]:
        errors["current"] = _("Enter your present password")
    elif user is None or not password_check.check_own(user, who.session or "", typed["current"]):
        errors["current"] = _("This is not your present password. Please type it again")
    try:
        admit_password(typed["password"], user.username if user else "", _names_around(user))
    except BadInput as refused:
        errors["password"] = account_error_words(refused)
    if "password" not in errors and who.must_change and typed["password"] == typed["current"]:
        errors["password"] = _("This is your present password. Please choose a new one")
    if "password" not in errors and typed["again"] != typed["password"]:
        errors["again"] = _("This differs from the new password above. Please type the same again")
    return errors


def _names_around(user: User | None) -> list[str]:
    """Names that whoever guesses this person's password begins with."""
    if user is None:
        return []
    return [user.name, *([context().database.find_office(user.office).name] if user.office else [])]


def _list_resets(user: User | None) -> list[tuple[str, str]]:
    """Who set this password and when, in words, newest first."""
    if user is None:
        return []
    database = context().database
    with database.read() as connection:
        resets = accounts.list_resets(connection, user.id, now())
        names = (
            {each.id: each.name for each in staff_store.list_users(connection, None)}
            if resets
            else {}
        )
    zone = (
        database.find_office(user.office).zone
        if user.office
        else next((each.zone for each in list_offices()), FALLBACK_ZONE)
    )
    names[COMMAND_LINE] = _("the administration of the server")
    return [
        (names.get(each.by, each.by), format_moment(each.at, current_language(), zone))
        for each in resets
    ]


def _show(who: Principal, values: Mapping[str, str], errors: Errors) -> str:
    """The form, with what was typed and is not wrong: the page goes back to whoever has just typed
    it, and is kept nowhere.
    """
    user = _find_user(who.id)
    return render_template(
        "account/password.html",
        values=values,
        errors=errors,
        shortest=PASSWORD_SHORTEST,
        username=user.username if user else "",
        done=not errors and bool(request.args.get("done")),
        must_change=who.must_change,
        resets=_list_resets(user),
        next_url=request.values.get("next", ""),
    )
