"""The page on which everybody of the staff changes the own password, and is told who else has set
it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationInfo

from queue_server.domain.access.accounts import (
    COMMAND_LINE,
    PASSWORD_SHORTEST,
    User,
    admit_password,
)
from queue_server.domain.errors import BadInput, KeyReused, SignInPaused, UnknownUser
from queue_server.services.access import accounts, log
from queue_server.store.access import users as user_store
from queue_server.web.edge.access import password_check
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import PEOPLE
from queue_server.web.edge.access.staff_pages import own_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.errors import overloaded_words
from queue_server.web.edge.forms.commands import answer_form, run_once, was_run
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import Refused, read_form
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.beside import Overloaded
from queue_server.web.edge.words.refusals import refusal_words

from .entering import safe_next
from .sign_in import account
from .words import account_error_words, find_zone

COMMAND = "own-password"


@dataclass(frozen=True)
class Holder:
    """Whose password it is: `names` that guessers begin with, and whether somebody else chose the
    present one.
    """

    username: str
    names: Sequence[str]
    must_change: bool


def _admit_new(typed: str, info: ValidationInfo) -> str:
    holder = cast(Holder, info.context)
    try:
        admit_password(typed, holder.username, holder.names)
    except BadInput as refused:
        raise Refused(str(refused.facts["reason"])) from None
    if holder.must_change and typed == info.data.get("current"):
        raise Refused("present")
    return typed


def _admit_same(typed: str, info: ValidationInfo) -> str:
    if typed != info.data.get("password", typed):
        raise Refused("differs")
    return typed


class PasswordForm(BaseModel):
    """The present password and the new one, twice; `seen`: who set the present one was read."""

    seen: bool
    current: Annotated[str, StringConstraints(min_length=1)]
    password: Annotated[str, AfterValidator(_admit_new)]
    again: Annotated[str, AfterValidator(_admit_same)]


@account.get("/password")
@own_page(PEOPLE)
def password(who: Principal) -> ResponseReturnValue:
    """The form."""
    return _show(who, {}, {})


@account.post("/password")
@own_page(PEOPLE)
def do_password(who: Principal) -> ResponseReturnValue:
    """Change the own password. All other log-ins end, this one goes on."""
    moment = now()
    typed = {name: request.form.get(name, "") for name in PasswordForm.model_fields}
    user = _find_user(who.id)
    try:
        if was_run(COMMAND, who.id, []):
            return _answer_again(who, user, typed["password"])
        form, errors = _check(who, user, typed)

        def act() -> str:
            assert form is not None and user is not None, "what is wrong was said above"
            hashed = password_check.hash_new(form.password)
            change = partial(
                accounts.change_own_password,
                user=who.id,
                password_hash=hashed,
                session=who.session,
                now=moment,
            )
            days = log.days_of(context().database, user.office, moment)
            run_once(COMMAND, who.id, [], days, change)
            return _after(who.role)

        kept = {name: value for name, value in typed.items() if name not in errors}
        return answer_form(errors, act, lambda wrong: _show(who, kept, wrong))
    except SignInPaused as refused:
        return password_check.paused(
            _show(who, typed, {"current": refusal_words(refused.code, refused.facts)}), refused
        )
    except Overloaded:
        return password_check.overloaded(_show(who, typed, {"": overloaded_words()}))


def _answer_again(who: Principal, user: User | None, password: str) -> ResponseReturnValue:
    """The answer to a form that is sent once more. No mark of a password is kept with its key, not
    even a keyed one; whether this is the one that was set then, its slow hash tells.

    Raises `KeyReused`, `SignInPaused`, `Overloaded`.
    """
    if user is None or not password_check.check_own(user, who.session or "", password):
        raise KeyReused()
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
            return user_store.find_user(connection, id)
    except UnknownUser:
        return None


def _check(
    who: Principal, user: User | None, typed: Mapping[str, str]
) -> tuple[PasswordForm | None, Errors]:
    """The form, or what is wrong, by field. The present password is checked whatever the new one
    is, so that all is said at once.

    Raises `SignInPaused`, `Overloaded`.
    """
    holder = Holder(user.username if user else "", _names_around(user), who.must_change)
    form, wrong = read_form(PasswordForm, typed, _say, about=holder)
    if _list_resets(user) and who.must_change and not typed["seen"]:
        wrong["seen"] = _("Confirm that you have read who set your password")
    if "current" not in wrong and (
        user is None or not password_check.check_own(user, who.session or "", typed["current"])
    ):
        wrong["current"] = _("This is not your present password. Please type it again")
    return form, {name: wrong[name] for name in PasswordForm.model_fields if name in wrong}


def _say(field: str, reason: str) -> str:
    return {
        ("current", "string_too_short"): _("Enter your present password"),
        ("password", "present"): _("This is your present password. Please choose a new one"),
        ("again", "differs"): _(
            "This differs from the new password above. Please type the same again"
        ),
    }.get((field, reason)) or account_error_words(BadInput(field=field, reason=reason))


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
            {each.id: each.name for each in user_store.list_users(connection, None)}
            if resets
            else {}
        )
    zone = find_zone(user.office)
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
        distrusted=user is not None and user.distrusted,
        resets=_list_resets(user),
        next_url=request.values.get("next", ""),
    )
