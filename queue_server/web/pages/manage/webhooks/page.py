"""Managers' pages on webhooks: the endpoints of an office, and one of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, Changed, TooManyWebhooks, UnknownWebhook
from queue_server.domain.office.office import Office
from queue_server.domain.webhooks.endpoint import URL_LENGTH_MAX, Endpoint, derive_key, write_secret
from queue_server.domain.webhooks.message import OFFICE, VISITS, WebhookState
from queue_server.services.webhooks import endpoints
from queue_server.store.webhooks import endpoints as endpoint_store
from queue_server.store.webhooks import messages as message_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS, confirmed
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import answer_form, draw_key, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.log.events import event_words
from queue_server.web.pages.manage.hours import changes

from .words import error_words, message_state_words, refused_words, state_words

MESSAGES_SHOWN = 20
_REFUSALS = (BadInput, TooManyWebhooks, Changed)

Typed = tuple[str, list[str]]
"""An address, and the names of the events, as typed."""


def _read_typed() -> Typed:
    url = request.form.get("url", "")[: URL_LENGTH_MAX + 1]
    return url, request.form.getlist("types")[: len(VISITS + OFFICE)]


def _choices(chosen: list[str]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The events that can be asked for, in two groups."""
    words = event_words()
    groups = ((_("Visits"), VISITS), (_("Office"), OFFICE))
    return [
        (title, [(each.value, words[each], each.value in chosen) for each in types])
        for title, types in groups
    ]


@changes.get("/webhooks")
@office_page(MANAGERS)
def webhooks(office: Office, who: Principal) -> ResponseReturnValue:
    """Who is told, and the form for one more."""
    return _show_list(office, ("", []), {})


def _show_list(office: Office, typed: Typed, errors: Errors) -> str:
    with context().database.read() as connection:
        known = endpoint_store.list_of_office(connection, office.code)
        counts = message_store.count_by_state(connection, [each.id for each in known])
    rows = [
        (
            each,
            *state_words(each),
            error_words(each.last_error),
            counts.get((each.id, WebhookState.QUEUED), 0),
            counts.get((each.id, WebhookState.GIVEN_UP), 0),
        )
        for each in known
    ]
    done = _("The address is removed.") if request.args.get("done") == "removed" else None
    return render_template(
        "manage/webhooks/list.html",
        office=office,
        rows=rows,
        url=typed[0],
        choices=_choices(typed[1]),
        errors=errors,
        done=None if errors else done,
    )


@changes.post("/webhooks")
@confirmed
@office_page(MANAGERS)
def add_webhook(office: Office, who: Principal) -> ResponseReturnValue:
    """Tell one more address. Its secret is shown in the answer, once."""
    typed, moment, drawn = _read_typed(), now(), secrets.token_hex(8)

    def command(tx: Transaction) -> dict[str, str]:
        return {"id": endpoints.add(tx, office.code, drawn, *typed, who.id, moment).id}

    def act() -> ResponseReturnValue:
        asked = [office.code, *typed]
        added = run_once("webhook-add", who.id, asked, [today_at(office)], command)
        endpoint = find_endpoint(who, str(added["id"]))
        # Sent twice, the secret has been shown before.
        if added["id"] != drawn:
            return url_for("changes.webhook", endpoint_id=endpoint.id)
        return make_response(_show_one(office, endpoint, {}, secret=_secret_of(endpoint)))

    return answer_form(
        {}, act, lambda wrong: _show_list(office, typed, wrong), _REFUSALS, refused_words
    )


def find_endpoint(who: Principal, endpoint_id: str) -> Endpoint:
    """An endpoint of an office this manager works for. Raises `UnknownWebhook` for any other."""
    with context().database.read() as connection:
        endpoint = endpoint_store.find(connection, endpoint_id, None)
    if not who.may_work_in(endpoint.office):
        raise UnknownWebhook(webhook=endpoint_id)
    return endpoint


def _secret_of(endpoint: Endpoint) -> str:
    return write_secret(derive_key(context().secret_key, endpoint.id, endpoint.secret_version))


@changes.get("/webhooks/<endpoint_id>")
@office_page(MANAGERS, of=find_endpoint)
def webhook(office: Office, who: Principal, endpoint: Endpoint) -> ResponseReturnValue:
    """How telling one address goes, and what can be done about it."""
    return _show_one(office, endpoint, {})


def _show_one(
    office: Office,
    endpoint: Endpoint,
    errors: Errors,
    typed: Typed | None = None,
    secret: str | None = None,
) -> str:
    url, types = typed or (endpoint.url, [each.value for each in endpoint.types])
    with context().database.read() as connection:
        newest = message_store.list_newest(connection, endpoint.id, MESSAGES_SHOWN)
        counts = message_store.count_by_state(connection, [endpoint.id])
        events = {each.id: message_store.find_event(connection, each) for each in newest}
    names = event_words()
    rows = []
    for each in newest:
        recorded = events[each.id]
        words = names[recorded.event.type] if recorded else each.id
        state, look = message_state_words(each.state)
        error = error_words(each.last_error)
        rows.append((words, each.owed_since, state, look, error, each.attempts))
    state, look = state_words(endpoint)
    return render_template(
        "manage/webhooks/one.html",
        office=office,
        endpoint=endpoint,
        state=state,
        look=look,
        last_error=error_words(endpoint.last_error),
        queued=counts.get((endpoint.id, WebhookState.QUEUED), 0),
        given_up=counts.get((endpoint.id, WebhookState.GIVEN_UP), 0),
        rows=rows,
        url=url,
        choices=_choices(types),
        secret=secret,
        errors=errors,
        done=None if errors or secret else _done_words(),
    )


def _done_words() -> str | None:
    number = request.args.get("number", type=int)
    if number is not None:
        return ngettext(
            "%(num)s message is sent again.", "%(num)s messages are sent again.", number
        )
    return {
        "changed": _("The change is in force."),
        "tested": _("The test is on its way. Load this page again in a few seconds."),
        "started": _("It is on. It is told what happens from now on."),
        "stopped": _("It is off. What was waiting is given up."),
    }.get(request.args.get("done", ""))


@changes.post("/webhooks/<endpoint_id>")
@office_page(MANAGERS, of=find_endpoint)
def act_on_webhook(office: Office, who: Principal, endpoint: Endpoint) -> ResponseReturnValue:
    """Change an endpoint, test it, switch it on or off, send again, give it a new secret, or remove
    it after asking.
    """
    what, typed, moment = request.form.get("what", ""), _read_typed(), now()
    if what == "ask":
        return render_template("manage/webhooks/remove.html", office=office, endpoint=endpoint)
    if what == "rotate":
        return _rotate(office, who, endpoint, moment)
    about = (office.code, endpoint.id, who.id, moment)
    commands: dict[str, tuple[Callable[[Transaction], object], str]] = {
        "change": (
            lambda tx: endpoints.change(tx, office.code, endpoint.id, *typed, who.id, moment),
            "changed",
        ),
        "test": (lambda tx: endpoints.test(tx, *about), "tested"),
        "start": (lambda tx: endpoints.start(tx, *about), "started"),
        "stop": (lambda tx: endpoints.stop(tx, *about), "stopped"),
        "again": (lambda tx: {"number": endpoints.send_again(tx, *about)}, ""),
        "remove": (lambda tx: endpoints.remove(tx, *about), "removed"),
    }
    if what not in commands:
        return redirect(url_for("changes.webhook", endpoint_id=endpoint.id), 303)
    command, done = commands[what]

    def act() -> str:
        asked = [endpoint.id, what, *(typed if what == "change" else ())]
        answer = run_once("webhook", who.id, asked, [today_at(office)], command)
        if what == "remove":
            return url_for("changes.webhooks", office=office.code, done=done)
        return url_for(
            "changes.webhook",
            endpoint_id=endpoint.id,
            done=done or None,
            number=answer.get("number"),
        )

    return answer_form(
        {},
        act,
        lambda wrong: _show_one(office, endpoint, wrong, typed if what == "change" else None),
        _REFUSALS,
        refused_words,
    )


def _rotate(
    office: Office, who: Principal, endpoint: Endpoint, moment: datetime
) -> ResponseReturnValue:
    request_id = draw_key()

    def command(tx: Transaction) -> dict[str, str]:
        endpoints.give_new_secret(tx, office.code, endpoint.id, who.id, moment)
        return {"request": request_id}

    asked = [endpoint.id, "rotate"]
    rotated = run_once("webhook-rotate", who.id, asked, [today_at(office)], command)
    if rotated["request"] != request_id:
        return redirect(url_for("changes.webhook", endpoint_id=endpoint.id), 303)
    changed = find_endpoint(who, endpoint.id)
    return make_response(_show_one(office, changed, {}, secret=_secret_of(changed)))
