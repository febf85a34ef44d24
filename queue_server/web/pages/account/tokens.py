"""The page on which everybody of the staff makes tokens for programs of their own. A new token is
shown in the answer to the form alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from queue_server.domain.access.personal_tokens import (
    LIVES_DAYS,
    NAME_LONGEST,
    TokenScope,
    parse_life,
    parse_name,
    parse_scope,
)
from queue_server.domain.errors import TooManyTokens, UnknownToken
from queue_server.services.access import log, personal_tokens
from queue_server.services.access.personal_tokens import Wish
from queue_server.services.access.sessions import new_secret
from queue_server.store.access import personal_tokens as token_store
from queue_server.store.access.tokens import Token
from queue_server.store.writer.transaction import DayKey
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import PEOPLE, MustChangePassword, confirmed
from queue_server.web.edge.access.staff_pages import own_page
from queue_server.web.edge.context import context, list_offices, now
from queue_server.web.edge.forms.commands import answer_form, read_key, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import admitted_by, read_form
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.codes import role_words
from queue_server.web.edge.words.refusals import refusal_words

from . import sure
from .words import scope_hint, scope_words

own_tokens = Blueprint("tokens", __name__, url_prefix="/account/tokens")

FALLBACK_ZONE = "Asia/Jakarta"


class TokenForm(BaseModel):
    """What a token is for, what it may do, and for how many days."""

    name: Annotated[str, admitted_by(parse_name)]
    scope: Annotated[str, admitted_by(parse_scope)]
    days: Annotated[str, admitted_by(parse_life)]


@dataclass(frozen=True)
class TokenRow:
    """A token as the list shows it; `used_at` is "" for one that nobody has used yet."""

    id: str
    name: str
    scope_words: str
    made_at: str
    expires_at: str
    used_at: str


@own_tokens.get("")
@own_page(PEOPLE)
def show(who: Principal) -> ResponseReturnValue:
    """One's own tokens, and the form for another."""
    return _show(who, {"scope": TokenScope.READ.value, "days": str(LIVES_DAYS[0])}, {})


@own_tokens.post("")
@confirmed
@own_page(PEOPLE)
def make(who: Principal) -> ResponseReturnValue:
    """Make a token, and show it once."""
    moment, secret, key = now(), new_secret(), read_key()
    typed = {name: request.form.get(name, "").strip()[:200] for name in TokenForm.model_fields}
    form, errors = read_form(TokenForm, typed, _say)

    def act() -> ResponseReturnValue:
        assert form is not None, "what is wrong was said above"
        wish = Wish(parse_name(form.name), parse_scope(form.scope), parse_life(form.days))
        # The command keeps the key itself: the token must not be kept as an answer.
        command = partial(
            personal_tokens.make, user=who.id, wish=wish, secret=secret, now=moment, key=key
        )
        if not context().database.write(_days(who), command):
            return redirect(url_for("tokens.show", done="again"), 303)
        return _show_secret(secret, wish)

    return answer_form(
        errors,
        act,
        lambda wrong: _show(who, typed, wrong),
        (TooManyTokens,),
        lambda refused: {"": refusal_words(refused.code, refused.facts)},
    )


@own_tokens.get("/<token_id>/revoke")
@own_page(PEOPLE)
def ask_revoke(who: Principal, token_id: str) -> ResponseReturnValue:
    """Ask before a token is revoked."""
    return sure.ask_revoking(token_id, _find(who, token_id).name)


@own_tokens.post("/<token_id>/revoke")
@own_page(PEOPLE)
def revoke(who: Principal, token_id: str) -> ResponseReturnValue:
    """Revoke a token; again it changes nothing."""
    _admit(who)
    command = partial(personal_tokens.revoke, user=who.id, token=token_id, now=now())
    run_once("own-token-revoke", who.id, [token_id], _days(who), command)
    return redirect(url_for("tokens.show", done="revoked"), 303)


def _admit(who: Principal) -> None:
    """Refuse whose password was chosen by somebody else: they might be that somebody. Raises
    `MustChangePassword`.
    """
    if who.must_change:
        raise MustChangePassword()


def _days(who: Principal) -> list[DayKey]:
    return log.days_of(context().database, who.office, now())


def _list(who: Principal) -> list[TokenRow]:
    with context().database.read() as connection:
        known = token_store.list_of_user(connection, who.id, now())
    return [_show_row(token, made_at, _zone(who)) for token, made_at in known]


def _find(who: Principal, token_id: str) -> TokenRow:
    """One of the caller's own. Raises `UnknownToken` for any other."""
    _admit(who)
    row = next((each for each in _list(who) if each.id == token_id), None)
    if row is None:
        raise UnknownToken(token=token_id)
    return row


def _show_row(token: Token, made_at: datetime, zone: str) -> TokenRow:
    def say(moment: datetime | None) -> str:
        return format_moment(moment, current_language(), zone) if moment else ""

    return TokenRow(
        token.id,
        token.name,
        scope_words(token.scope or ""),
        say(made_at),
        say(token.expires_at),
        say(token.used_at),
    )


def _zone(who: Principal) -> str:
    if who.office is not None:
        return context().database.find_office(who.office).zone
    return next((each.zone for each in list_offices()), FALLBACK_ZONE)


def _show(who: Principal, values: Mapping[str, str], errors: Errors) -> str:
    _admit(who)
    done = {
        "revoked": _("The token is revoked. Programs that use it are refused from now on."),
        "again": _("This was done before, and the token was shown then. If it is lost, revoke it."),
    }.get(request.args.get("done", ""))
    return render_template(
        "account/tokens.html",
        rows=_list(who),
        values=values,
        errors=errors,
        done=None if errors else done,
        role=role_words(who.role),
        scopes=[
            (each.value, scope_words(each.value), scope_hint(each.value)) for each in TokenScope
        ],
        lives=LIVES_DAYS,
        longest=NAME_LONGEST,
    )


def _show_secret(secret: str, wish: Wish) -> Response:
    """The one page a new token is ever on; no browser or proxy may keep it."""
    response = make_response(
        render_template("account/token_shown.html", secret=secret, name=wish.name)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _say(field: str, reason: str) -> str:
    return {
        ("name", "missing"): _("Enter what the token is for"),
        ("name", "too_long"): _("Use at most %(num)s characters", num=NAME_LONGEST),
        ("name", "characters"): _("Leave out characters that cannot be printed"),
        ("scope", "choice"): _("Choose what the token may do"),
        ("days", "choice"): _("Choose how long the token lasts"),
    }.get((field, reason)) or bad_input_words(field, reason)
