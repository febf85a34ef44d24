"""One's own log-ins, and ending them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.services.access import log, sessions
from queue_server.store.access.log_ins import LogIn
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import PEOPLE
from queue_server.web.edge.access.staff_pages import own_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import run_once
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _

from .factors.own import find_self
from .sign_in import account
from .words import find_zone

NAME_LENGTH = 20
"""So much of a log-in's hash names it on the page: the hash itself is nobody's business."""


@dataclass(frozen=True)
class LogInRow:
    """A log-in as its user sees it."""

    name: str
    browser: str
    address: str
    since: str
    seen: str
    is_here: bool


@account.get("/account/sessions")
@own_page(PEOPLE)
def own_sessions(who: Principal) -> ResponseReturnValue:
    """Where one is signed in."""
    zone, language = find_zone(who.office), current_language()
    rows = [
        LogInRow(
            each.token_hash[:NAME_LENGTH],
            each.browser or _("Unknown browser"),
            each.address or _("unknown"),
            format_moment(each.created_at, language, zone),
            format_moment(each.seen_at, language, zone),
            each.token_hash == who.session,
        )
        for each in _list(who)
    ]
    return render_template(
        "account/sessions.html",
        rows=rows,
        done={
            "ended": _("It is ended. Whoever used it is signed out."),
            "others": _("You are signed out everywhere but here."),
        }.get(request.args.get("done", "")),
    )


def _list(who: Principal) -> list[LogIn]:
    with context().database.read() as connection:
        return sessions.list_log_ins(connection, who.id, now())


@account.post("/account/sessions")
@own_page(PEOPLE)
def end_sessions(who: Principal) -> ResponseReturnValue:
    """End the log-in that the form names, or without a name all but this one."""
    user, moment, name = find_self(who), now(), request.form.get("name", "")[:NAME_LENGTH]
    known = [each.token_hash for each in _list(who) if each.token_hash.startswith(name)]

    def command(tx: Transaction) -> None:
        if not name:
            sessions.end_own_others(tx, user, who.session, moment)
        for each in known[:1] if len(name) == NAME_LENGTH else []:
            sessions.end_own(tx, user, each, moment)

    run_once(
        "end-sessions",
        who.id,
        [name],
        log.days_of(context().database, user.office, moment),
        command,
    )
    done = "ended" if name else "others"
    return redirect(url_for("account.own_sessions", done=done), 303)
