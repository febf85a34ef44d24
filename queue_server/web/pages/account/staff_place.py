"""Managers' pages: another role or other offices for an account, with a page that says what changes
before it does.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.access.accounts import User
from queue_server.domain.errors import BadInput, LastAdministrator, OwnAccount
from queue_server.domain.office.office import Office
from queue_server.services.access import accounts, log
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, list_offices, now
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.codes import role_words
from queue_server.web.edge.words.refusals import refusal_words

from . import sure
from .places import ALL, Place, offer_places, office_words, read_place, typed_offices
from .staff import find_account, staff_accounts


@staff_accounts.get("/staff/<user_id>/role")
@office_page(MANAGERS, of=find_account, in_person=True)
def role(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """The form."""
    offices = [ALL] if user.office is None else [user.office, *user.also]
    return _show(office, who, user, user.role, offices, {})


@staff_accounts.post("/staff/<user_id>/role")
@office_page(MANAGERS, of=find_account, in_person=True)
def change_role(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """Say what would change; after a yes, change it."""
    moment = now()
    place, errors = read_place(who, office, user)
    is_sure = bool(request.form.get("sure"))
    if not errors and place == Place(user.role, user.office, user.also) and not is_sure:
        return redirect(url_for("accounts.staff", office=office.code), 303)
    if not errors and not is_sure:
        return _ask(office, user, place)

    def act() -> str:
        run_once(
            "account-place",
            who.id,
            [user.id, place.role, place.office, place.also],
            log.days_of(context().database, user.office, moment),
            lambda tx: accounts.reassign(
                tx, who, user.id, place.role, place.office, place.also, moment
            ),
        )
        return url_for("accounts.staff", office=office.code, done="changed")

    return answer_form(
        errors,
        act,
        lambda wrong: _show(office, who, user, place.role, typed_offices(), wrong),
        (BadInput, LastAdministrator, OwnAccount),
        lambda refused: {"role": refusal_words(refused.code, refused.facts)},
    )


def _show(
    office: Office, who: Principal, user: User, role: str, offices: Sequence[str], errors: Errors
) -> str:
    return render_template(
        "account/staff_place.html",
        office=office,
        user=user,
        choices=offer_places(who),
        role=role,
        chosen=offices,
        errors=errors,
    )


def _ask(office: Office, user: User, place: Place) -> str:
    """The page before the change: what is now, and what would be."""
    names = {each.code: each.name for each in list_offices()}
    changes = [
        (label, before, after)
        for label, before, after in (
            (_("Role"), role_words(user.role), role_words(place.role)),
            (_("Offices"), office_words(user, names), office_words(place, names)),
        )
        if before != after
    ]
    fields = [("role", place.role), *(("offices", each) for each in typed_offices())]
    return sure.ask_moving(office, user, changes, fields)
