"""Managers' pages: the accounts of those who work in an office. A new password is shown in the
answer to the form alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.access.accounts import (
    OF_AN_OFFICE,
    User,
    admit_managing,
    may_manage,
    parse_username,
)
from queue_server.domain.errors import BadInput, UserNameTaken
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import parse_name
from queue_server.services.access import accounts, log
from queue_server.store.access import staff as staff_store
from queue_server.web.edge.access.principals import current
from queue_server.web.edge.access.routes import MANAGERS, allow
from queue_server.web.edge.context import context, find_office, now
from queue_server.web.edge.errors import overloaded_words
from queue_server.web.edge.forms import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.beside import Overloaded
from queue_server.web.edge.own_office import list_offices, own_office, staff_bar
from queue_server.web.edge.words.codes import refusal_words, role_words

from .password_check import hash_new, overloaded
from .words import account_error_words, role_hint

staff_accounts = Blueprint("accounts", __name__, url_prefix="/manage")


@dataclass(frozen=True)
class AccountRow:
    """An account as the list shows it. `managed`: the reader may close it and set its password."""

    id: str
    name: str
    username: str
    role_words: str
    is_active: bool
    is_own: bool
    managed: bool


@staff_accounts.get("/staff")
@allow(MANAGERS)
def staff() -> ResponseReturnValue:
    """Who works in the office."""
    return _show_staff({}, {})


def _show_staff(values: Mapping[str, str], errors: Errors) -> str:
    office, who = own_office(), current()
    if office is None:
        return render_template("counter/offices.html", offices=list_offices(), **staff_bar(who))
    with context().database.read() as connection:
        # Who works for all offices is listed for who looks after all of them: there is no other
        # list of those.
        found = [
            each
            for each in staff_store.list_users(connection, None)
            if each.office in (office.code, who.office)
        ]
    rows = [
        _show_account(each)
        for each in sorted(
            found, key=lambda each: (not each.active, each.name.lower(), each.username)
        )
    ]
    done = {
        "closed": _("The account is closed. Who used it is signed out everywhere."),
        "opened": _("The account is open again, with the password it had."),
        "again": _(
            "This was done before, and the password was shown then. If it is lost, set a new one."
        ),
    }.get(request.args.get("done", ""))
    return render_template(
        "account/staff.html",
        office=office,
        rows=rows,
        values=values,
        errors=errors,
        done=None if errors else done,
        roles=[
            (each.value, role_words(each.value), role_hint(each.value)) for each in OF_AN_OFFICE
        ],
        form_key=str(uuid.uuid4()),
        **staff_bar(who),
    )


def _show_account(user: User) -> AccountRow:
    who = current()
    words = (
        role_words(user.role)
        if user.office is not None
        else _("%(role)s, all offices", role=role_words(user.role))
    )
    is_own = user.id == who.id
    managed = not is_own and may_manage(who, user.role, user.office)
    return AccountRow(user.id, user.name, user.username, words, user.active, is_own, managed)


@staff_accounts.post("/staff")
@allow(MANAGERS)
def add_staff() -> ResponseReturnValue:
    """Add somebody with a password drawn here."""
    office, who, moment = own_office(), current(), now()
    values = {
        name: request.form.get(name, "").strip()[:200] for name in ("name", "username", "role")
    }
    errors, user = _check(values, office)
    if office is None or user is None:
        return _show_staff(values, errors), 422
    password, key = accounts.draw_password(), _form_key()
    days = log.days_of(context().database, office.code, moment)
    try:
        hashed = hash_new(password)
        is_first = context().database.write(
            days, lambda tx: accounts.add(tx, who, user, hashed, moment, key=key)
        )
    except Overloaded:
        return overloaded(_show_staff(values, {"": overloaded_words()}))
    except UserNameTaken as refused:
        return _show_staff(values, {"username": refusal_words(refused.code, refused.facts)}), 422
    except BadInput as refused:
        return _show_staff(values, {str(refused.facts["field"]): account_error_words(refused)}), 422
    return (
        _show_password(user, password, office, is_new=True)
        if is_first
        else _back_to_list(office.code, "again")
    )


def _check(values: Mapping[str, str], office: Office | None) -> tuple[Errors, User | None]:
    """What is wrong with a new account, by field in the order of the form, and the account if
    nothing is.
    """
    errors: Errors = {}
    for field, parse in (("name", parse_name), ("username", parse_username)):
        try:
            parse(values[field])
        except BadInput as refused:
            errors[field] = account_error_words(refused)
    if values["role"] not in OF_AN_OFFICE:
        errors["role"] = account_error_words(BadInput(field="role", reason="choice"))
    if errors or office is None:
        return errors, None
    return {}, accounts.draft_user(values["username"], values["name"], values["role"], office.code)


@staff_accounts.get("/staff/<user_id>/password")
@allow(MANAGERS)
def new_password(user_id: str) -> ResponseReturnValue:
    """Ask before a new password takes the place of the present one."""
    return _ask("account/staff_password.html", user_id)


@staff_accounts.post("/staff/<user_id>/password")
@allow(MANAGERS)
def set_new_password(user_id: str) -> ResponseReturnValue:
    """Set a password drawn here."""
    user, who, moment = _find_account(user_id), current(), now()
    password, key = accounts.draw_password(), _form_key()
    hashed, days = hash_new(password), log.days_of(context().database, user.office, moment)
    is_first = context().database.write(
        days, lambda tx: accounts.set_password(tx, who, user.id, hashed, moment, key=key)
    )
    return (
        _show_password(user, password, _office_of(user), is_new=False)
        if is_first
        else _back_to_list(_code_of(user), "again")
    )


@staff_accounts.get("/staff/<user_id>/close")
@allow(MANAGERS)
def close_account(user_id: str) -> ResponseReturnValue:
    """Ask before an account is closed."""
    return _ask("account/staff_close.html", user_id)


@staff_accounts.post("/staff/<user_id>/close")
@allow(MANAGERS)
def do_close_account(user_id: str) -> ResponseReturnValue:
    """Close an account."""
    return _set_active(user_id, active=False)


@staff_accounts.post("/staff/<user_id>/reopen")
@allow(MANAGERS)
def reopen_account(user_id: str) -> ResponseReturnValue:
    """Open an account again."""
    return _set_active(user_id, active=True)


@staff_accounts.get("/staff/<user_id>/reopen")
@allow(MANAGERS)
def back_to_staff(user_id: str) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the list."""
    office = _code_of(_find_account(user_id))
    return redirect(url_for("accounts.staff", office=office, lang=request.args.get("lang")))


def _set_active(user_id: str, *, active: bool) -> ResponseReturnValue:
    user, who, moment = _find_account(user_id), current(), now()
    days = log.days_of(context().database, user.office, moment)
    context().database.write(days, lambda tx: accounts.set_active(tx, who, user.id, active, moment))
    return _back_to_list(_code_of(user), "opened" if active else "closed")


def _find_account(id: str) -> User:
    """An account that the caller looks after. Raises `UnknownUser` for any other, so that ids teach
    nothing.
    """
    with context().database.read() as connection:
        user = staff_store.find_user(connection, id)
    admit_managing(current(), user)
    return user


def _code_of(user: User) -> str | None:
    """The office whose list somebody came from: who works for all offices stands in each of
    them.
    """
    return user.office or request.values.get("office")


def _office_of(user: User) -> Office | None:
    code = _code_of(user)
    return None if code is None else find_office(code)


def _form_key() -> str | None:
    return request.form.get("form_key", "")[:80] or None


def _ask(template: str, user_id: str) -> str:
    user = _find_account(user_id)
    return render_template(
        template,
        office=_office_of(user),
        user=user,
        office_code=_code_of(user),
        form_key=str(uuid.uuid4()),
        **staff_bar(current()),
    )


def _show_password(user: User, password: str, office: Office | None, *, is_new: bool) -> Response:
    """The one page a new password is ever on; no browser or proxy may keep it."""
    page = render_template(
        "account/staff_shown.html",
        office=office,
        user=user,
        password=password,
        is_new=is_new,
        **staff_bar(current()),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _back_to_list(office: str | None, done: str) -> ResponseReturnValue:
    return redirect(url_for("accounts.staff", office=office, done=done), 303)
