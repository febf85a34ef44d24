"""What managers and administrators do to the log-ins and the second factor of those who work in an
office.
"""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.access.accounts import User, admit_resetting_factor
from queue_server.domain.office.office import Office
from queue_server.services.access import log, sessions
from queue_server.services.access.factors import codes
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS, confirmed
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import run_once

from . import sure
from .staff import find_account, staff_accounts


def find_resettable(who: Principal, user_id: str) -> User:
    """An account whose second factor the caller may take away. Raises `UnknownUser`,
    `OwnAccount`.
    """
    user = find_account(who, user_id)
    admit_resetting_factor(who, user)
    return user


@staff_accounts.get("/staff/<user_id>/sign-out")
@office_page(MANAGERS, of=find_account, in_person=True)
def back_from_sign_out(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the list."""
    return redirect(url_for("accounts.staff", office=office.code, lang=request.args.get("lang")))


@staff_accounts.post("/staff/<user_id>/sign-out")
@office_page(MANAGERS, of=find_account, in_person=True)
def sign_out_staff(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """End all log-ins of somebody: of a telephone left in a taxi, say."""
    moment = now()
    run_once(
        "sign-out",
        who.id,
        [user.id],
        log.days_of(context().database, user.office, moment),
        lambda tx: sessions.end_of_user(tx, who, user.id, moment),
    )
    return redirect(url_for("accounts.staff", office=office.code, done="signed_out"), 303)


@staff_accounts.get("/staff/<user_id>/second-factor")
@office_page(MANAGERS, of=find_resettable, in_person=True)
def reset_factor(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """Ask before a second factor is taken away."""
    return sure.ask_resetting_factor(office, user)


@staff_accounts.post("/staff/<user_id>/second-factor")
@confirmed
@office_page(MANAGERS, of=find_resettable, in_person=True)
def do_reset_factor(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """Take a second factor away, with passkeys and recovery codes."""
    moment = now()
    run_once(
        "reset-factor",
        who.id,
        [user.id],
        log.days_of(context().database, user.office, moment),
        lambda tx: {"done": codes.reset(tx, who, user.id, moment)},
    )
    return redirect(url_for("accounts.staff", office=office.code, done="factor_reset"), 303)
