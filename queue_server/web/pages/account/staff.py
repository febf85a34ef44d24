"""Managers' pages: the accounts of those who work in an office. A new password is shown in the
answer to the form alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from queue_server.domain.access.accounts import (
    Role,
    User,
    admit_managing,
    may_manage,
    parse_username,
)
from queue_server.domain.access.workplaces import works_in
from queue_server.domain.errors import BadInput, UserNameTaken
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import parse_name
from queue_server.services.access import accounts, log
from queue_server.store.access import second_factors
from queue_server.store.access import users as user_store
from queue_server.web.edge.access.password_check import hash_new, overloaded
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS, confirmed
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.errors import overloaded_words
from queue_server.web.edge.forms.commands import read_key, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import admitted_by, read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.beside import Overloaded
from queue_server.web.edge.words.codes import role_words
from queue_server.web.edge.words.refusals import refusal_words

from . import sure
from .places import offer_places, read_place, typed_offices
from .words import account_error_words

staff_accounts = Blueprint("accounts", __name__, url_prefix="/manage")


class AccountForm(BaseModel):
    """Whom to add, and under which user name."""

    name: Annotated[str, admitted_by(parse_name)]
    username: Annotated[str, admitted_by(parse_username)]


@dataclass(frozen=True)
class AccountRow:
    """An account as the list shows it. `managed`: the reader may close it and set its password.
    `needs_password`: the present one does not sign in by itself.
    """

    id: str
    name: str
    username: str
    role_words: str
    is_active: bool
    is_own: bool
    managed: bool
    has_factor: bool
    needs_password: bool


def find_account(who: Principal, user_id: str) -> User:
    """An account that the caller looks after. Raises `UnknownUser` for any other, so that ids teach
    nothing.
    """
    with context().database.read() as connection:
        user = user_store.find_user(connection, user_id)
    admit_managing(who, user)
    return user


@staff_accounts.get("/staff")
@office_page(MANAGERS)
def staff(office: Office, who: Principal) -> ResponseReturnValue:
    """Who works in the office."""
    return _show_staff(office, who, {"offices": [office.code]}, {})


def _show_staff(office: Office, who: Principal, values: Mapping[str, Any], errors: Errors) -> str:
    with context().database.read() as connection:
        # Who works for all offices is listed for who looks after all of them: there is no other
        # list of those.
        known = [
            each
            for each in user_store.list_users(connection, None)
            if works_in(each, office.code) and (each.office is not None or who.office is None)
        ]
        proved = second_factors.list_having(connection)
    rows = [
        _show_account(who, each, has_factor=each.id in proved)
        for each in sorted(
            known, key=lambda each: (not each.active, each.name.lower(), each.username)
        )
    ]
    done = {
        "closed": _("The account is closed. Who used it is signed out everywhere."),
        "changed": _("The account is changed. Who uses it is signed out everywhere."),
        "linked": _("The account is linked to the sign-in service."),
        "unlinked": _("The account is not linked to the sign-in service (any more)."),
        "signed_out": _("This person is signed out everywhere."),
        "factor_reset": _(
            "The second factor is reset. At the next sign-in the password alone is asked for."
        ),
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
        choices=offer_places(who),
        me_resets=who.role == Role.ADMIN,
    )


def _show_account(who: Principal, user: User, *, has_factor: bool) -> AccountRow:
    words = role_words(user.role)
    if user.office is None:
        words = _("%(role)s, all offices", role=words)
    elif user.also:
        words = _("%(role)s, %(num)s offices", role=words, num=1 + len(user.also))
    is_own = user.id == who.id
    managed = not is_own and may_manage(who, user.role, user.office, user.also)
    return AccountRow(
        user.id,
        user.name,
        user.username,
        words,
        user.active,
        is_own,
        managed,
        has_factor,
        user.distrusted,
    )


@staff_accounts.post("/staff")
@confirmed
@office_page(MANAGERS, in_person=True)
def add_staff(office: Office, who: Principal) -> ResponseReturnValue:
    """Add somebody with a password drawn here."""
    moment = now()
    typed = {name: request.form.get(name, "").strip()[:200] for name in ("name", "username")}
    form, errors = read_form(AccountForm, typed, _say)
    place, wrong = read_place(who, office)
    values = {**typed, "role": place.role, "offices": typed_offices()}
    if form is None or wrong:
        return _show_staff(office, who, values, {**errors, **wrong}), 422
    user = accounts.draft_user(form.username, form.name, place.role, place.office, place.also)
    # The command keeps the key itself: the page that answers is for the first time alone, and its
    # password must not be kept as an answer.
    password, key = accounts.draw_password(), read_key()
    days = log.days_of(context().database, user.office, moment)
    try:
        hashed = hash_new(password)
        is_first = context().database.write(
            days, lambda tx: accounts.add(tx, who, user, hashed, moment, key=key)
        )
    except Overloaded:
        return overloaded(_show_staff(office, who, values, {"": overloaded_words()}))
    except UserNameTaken as refused:
        errors = {"username": refusal_words(refused.code, refused.facts)}
    except BadInput as refused:
        errors = {str(refused.facts["field"]): account_error_words(refused)}
    if errors:
        return _show_staff(office, who, values, errors), 422
    return (
        _show_password(office, user, password, is_new=True)
        if is_first
        else _back_to_list(office, "again")
    )


def _say(field: str, reason: str) -> str:
    return account_error_words(BadInput(field=field, reason=reason))


@staff_accounts.get("/staff/<user_id>/password")
@office_page(MANAGERS, of=find_account, in_person=True)
def new_password(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """Ask before a new password takes the place of the present one."""
    return sure.ask_new_password(office, user)


@staff_accounts.post("/staff/<user_id>/password")
@confirmed
@office_page(MANAGERS, of=find_account, in_person=True)
def set_new_password(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """Set a password drawn here."""
    moment = now()
    # As above: the command keeps the key itself.
    password, key = accounts.draw_password(), read_key()
    hashed, days = hash_new(password), log.days_of(context().database, user.office, moment)
    is_first = context().database.write(
        days, lambda tx: accounts.set_password(tx, who, user.id, hashed, moment, key=key)
    )
    return (
        _show_password(office, user, password, is_new=False)
        if is_first
        else _back_to_list(office, "again")
    )


@staff_accounts.get("/staff/<user_id>/close")
@office_page(MANAGERS, of=find_account, in_person=True)
def close_account(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """Ask before an account is closed."""
    return sure.ask_closing(office, user)


@staff_accounts.post("/staff/<user_id>/close")
@office_page(MANAGERS, of=find_account, in_person=True)
def do_close_account(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """Close an account."""
    return _set_active(office, who, user, active=False)


@staff_accounts.post("/staff/<user_id>/reopen")
@office_page(MANAGERS, of=find_account, in_person=True)
def reopen_account(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """Open an account again."""
    return _set_active(office, who, user, active=True)


@staff_accounts.get("/staff/<user_id>/reopen")
@office_page(MANAGERS, of=find_account, in_person=True)
def back_to_staff(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the list."""
    return redirect(url_for("accounts.staff", office=office.code, lang=request.args.get("lang")))


def _set_active(office: Office, who: Principal, user: User, *, active: bool) -> ResponseReturnValue:
    moment = now()
    days = log.days_of(context().database, user.office, moment)
    run_once(
        "account-open",
        who.id,
        [user.id, active],
        days,
        lambda tx: accounts.set_active(tx, who, user.id, active, moment),
    )
    return _back_to_list(office, "opened" if active else "closed")


def _show_password(office: Office, user: User, password: str, *, is_new: bool) -> Response:
    """The one page a new password is ever on; no browser or proxy may keep it."""
    page = render_template(
        "account/staff_shown.html", office=office, user=user, password=password, is_new=is_new
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _back_to_list(office: Office, done: str) -> ResponseReturnValue:
    return redirect(url_for("accounts.staff", office=office.code, done=done), 303)
