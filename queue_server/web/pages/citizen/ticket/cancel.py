"""Cancelling a visit, by whoever can prove that it is theirs."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from werkzeug.wrappers import Response

from queue_server.domain.booking.steps import is_cancellable
from queue_server.domain.errors import ChangesLocked, WrongProof, WrongState
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.protocol.codes import CancelReason
from queue_server.services.booking import cancelling
from queue_server.services.places.ticket_ids import draw_chance
from queue_server.services.shown import service_of
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import day_of, find_office, find_ticket_by_code, now
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.strangers.persons import admit_owner, is_locked, needs_proof
from queue_server.web.edge.ticket_views import view_now
from queue_server.web.edge.words.cancelling import cancel_reason_words
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.pages.citizen.blueprint import pages

from .page import render_ticket


class CancelForm(BaseModel):
    """Why, if the visitor says so, and the digits that prove whose visit it is."""

    reason: CancelReason | None = None
    last4: str = ""


@pages.get("/t/<code>/cancel")
@public
def cancel(code: str) -> Response | str:
    """Ask before cancelling; a link preview that opens this page changes nothing."""
    ticket = find_ticket_by_code(parse_code(code))
    if not is_cancellable(ticket):
        return redirect(url_for("public.ticket", code=ticket.code))
    return _render_cancel(ticket, {})


def _render_cancel(ticket: Ticket, errors: Errors, chosen: str | None = None) -> str:
    """The question, what follows, and the proof it needs."""
    office = find_office(ticket.office)
    return render_template(
        "citizen/ticket/cancel.html",
        office=office,
        ticket=view_now(ticket),
        errors=errors,
        reasons=cancel_reason_words(),
        chosen=chosen,
        free_again=office.rules.booking.held_back_minutes_max,
        needs_proof=needs_proof(ticket),
        identity=service_of(office, ticket.service).identity,
        locked=is_locked(ticket),
    )


@pages.post("/t/<code>/cancel")
@public
def do_cancel(code: str) -> ResponseReturnValue:
    """Cancel, once proved and confirmed."""
    ticket = find_ticket_by_code(parse_code(code))
    typed = {name: request.form.get(name, "").strip() for name in ("reason", "last4")}
    given = {name: value for name, value in typed.items() if value}
    form, errors = read_form(
        CancelForm, given, lambda _field, _reason: bad_input_words("reason", "missing")
    )
    try:
        admit_owner(ticket, typed["last4"])
    except WrongProof as refused:
        errors["last4"] = refusal_words(refused.code, refused.facts)
    except ChangesLocked:
        return _render_cancel(ticket, {}), 409
    if form is None or errors:
        is_guess = bool(typed["last4"]) and "last4" in errors
        return _render_cancel(ticket, errors, typed["reason"]), 403 if is_guess else 422
    return _cancel(ticket, form)


def _cancel(ticket: Ticket, form: CancelForm) -> ResponseReturnValue:
    moment, chance, reason = now(), draw_chance(), form.reason

    def command(tx: Transaction) -> dict[str, str]:
        done = cancelling.cancel(tx, ticket.id, "holder", chance, moment, reason=reason)
        return {"status": done.state.value}

    def act() -> str:
        run_once("cancel", ticket.id, [ticket.id, reason], [day_of(ticket)], command)
        return url_for("public.ticket", code=ticket.code, done="cancelled")

    return answer_form(
        {},
        act,
        lambda wrong: render_ticket(find_ticket_by_code(ticket.code), wrong[""]),
        (WrongState,),
        lambda refused: {"": refusal_words(refused.code, refused.facts)},
    )
