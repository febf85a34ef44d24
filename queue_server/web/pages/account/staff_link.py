"""Administrators link an account to its person at the office's sign-in service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from queue_server.domain.access.accounts import User, admit_linking
from queue_server.domain.errors import DomainError, IdentityTaken
from queue_server.domain.office.office import Office
from queue_server.effects.access.sign_in_service import SignInService
from queue_server.services.access import log
from queue_server.services.access.factors import identities
from queue_server.store.access import identities as identity_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS, confirmed
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import admitted_by, read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.refusals import refusal_words

from .staff import find_account, staff_accounts


class LinkForm(BaseModel):
    """Who somebody is at the service; both empty: nobody."""

    email: Annotated[str, admitted_by(identities.parse_email)]
    subject: Annotated[str, admitted_by(identities.parse_subject)]


def find_linkable(who: Principal, user_id: str) -> User:
    """An account that the caller may link. Raises `UnknownUser`."""
    user = find_account(who, user_id)
    admit_linking(who, user)
    return user


def _service() -> SignInService:
    return context().sign_in_service or abort(404)


@staff_accounts.get("/staff/<user_id>/link")
@office_page(MANAGERS, of=find_linkable, in_person=True)
def link_account(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """To whom the account is linked."""
    _service()
    with context().database.read() as connection:
        linked = identity_store.find_of_user(connection, user.id)
    values = {
        "email": linked.email or "" if linked else "",
        "subject": linked.subject or "" if linked else "",
    }
    return _show(office, user, values, {})


@staff_accounts.post("/staff/<user_id>/link")
@confirmed
@office_page(MANAGERS, of=find_linkable, in_person=True)
def do_link_account(office: Office, who: Principal, user: User) -> ResponseReturnValue:
    """Link the account, or unlink it."""
    service, moment = _service(), now()
    values = {name: request.form.get(name, "").strip()[:300] for name in LinkForm.model_fields}
    form, errors = read_form(LinkForm, values, _say)

    def act() -> str:
        assert form is not None, "what is wrong was said above"
        email, subject = (
            identities.parse_email(form.email),
            identities.parse_subject(form.subject),
        )
        run_once(
            "link-account",
            who.id,
            [user.id, email, subject],
            log.days_of(context().database, user.office, moment),
            lambda tx: identities.link(tx, who, user.id, service.issuer, email, subject, moment),
        )
        done = "linked" if email or subject else "unlinked"
        return url_for("accounts.staff", office=office.code, done=done)

    return answer_form(
        errors, act, lambda wrong: _show(office, user, values, wrong), (IdentityTaken,), _refuse
    )


def _say(field: str, _reason: str) -> str:
    return {
        "email": _("Enter an e-mail address such as siti@example.go.id"),
        "subject": _("Enter the name as the sign-in service shows it"),
    }[field]


def _refuse(refused: DomainError) -> Errors:
    return {"": refusal_words(refused.code, refused.facts)}


def _show(office: Office, user: User, values: Mapping[str, str], errors: Errors) -> str:
    return render_template(
        "account/staff_link.html",
        office=office,
        user=user,
        values=values,
        errors=errors,
        issuer=_service().issuer,
    )
