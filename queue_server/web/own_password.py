"""The page on which everybody of the staff changes the own password."""
from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ..domain.accounts import PASSWORD_SHORTEST, admit_password
from ..domain.errors import BadInput, UnknownUser
from ..services import accounts
from ..services.staff import check_own_password
from ..store import staff as staff_store
from . import auth
from .account_words import account_error_words
from .auth import AT_DOOR, allow
from .context import context, now
from .desk import desk, staff_bar
from .forms import Errors
from .locale import gettext as _


@desk.get("/password")
@allow(AT_DOOR)
def password() -> ResponseReturnValue:
    """The form."""
    return _show({}, {})


@desk.post("/password")
@allow(AT_DOOR)
def do_password() -> ResponseReturnValue:
    """Change the own password. All other log-ins end, this one goes on."""
    who, typed = auth.current(), {name: request.form.get(name, "") for name in ("current", "password", "again")}
    username = _username(who.id)
    errors = _check(who.id, username, typed)
    if errors:
        return _show({name: value for name, value in typed.items() if name not in errors}, errors, username), 422
    hashed, moment = accounts.hash_new_password(typed["password"], username), now()
    context().database.write([], lambda tx: accounts.change_own_password(tx, who.id, hashed, who.session, moment))
    return redirect(url_for("desk.password", done=1), 303)


def _username(user: str) -> str:
    """What somebody signs in by; "" for a program that acts for nobody."""
    try:
        with context().database.read() as connection:
            return staff_store.find_user(connection, user).username
    except UnknownUser:
        return ""


def _check(user: str, username: str, typed: Mapping[str, str]) -> Errors:
    """What is wrong, by field. The present password is checked whatever the new one is, so that all is said at once."""
    errors: Errors = {}
    if not typed["current"]:
        errors["current"] = _("Enter your present password")
    else:
        with context().database.read() as connection:
            if not check_own_password(connection, user, typed["current"]):
                errors["current"] = _("This is not your present password. Please type it again")
    try:
        admit_password(typed["password"], username)
    except BadInput as refused:
        errors["password"] = account_error_words(refused)
    if "password" not in errors and typed["again"] != typed["password"]:
        errors["again"] = _("This differs from the new password above. Please type the same again")
    return errors


def _show(values: Mapping[str, str], errors: Errors, username: str | None = None) -> str:
    """The form, with what was typed and is not wrong: the page goes back to whoever has just typed it, and is kept nowhere."""
    who = auth.current()
    return render_template(
        "password.html", values=values, errors=errors, shortest=PASSWORD_SHORTEST,
        username=_username(who.id) if username is None else username, done=not errors and bool(request.args.get("done")), **staff_bar(who),
    )
