"""What the holder of a ticket does on the day: say to come later, step away, be back, leave. A page
asks first, so a link preview changes nothing, and a booking asks for the digits that cancelling it
asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from queue_server.domain.errors import (
    ChangesLocked,
    LimitReached,
    Paused,
    RemoteVisit,
    TooEarly,
    TooLate,
    WrongDay,
    WrongProof,
    WrongState,
)
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.counter import remote
from queue_server.services.door import own_steps
from queue_server.services.shown import service_of
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import day_of, find_office, find_ticket_by_code, now
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.strangers.persons import admit_owner, is_locked, needs_proof
from queue_server.web.edge.ticket_views import view_now
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.edge.words.units import minutes_words
from queue_server.web.pages.citizen.blueprint import pages

from .offers import STEPS, find_steps
from .page import render_ticket

PATH = f"/t/<code>/<any({', '.join(STEPS)}):step>"


@pages.get(PATH)
@public
def ask_step(code: str, step: str) -> Response | str:
    """Ask before a step."""
    ticket = find_ticket_by_code(parse_code(code))
    if not find_steps(ticket, find_office(ticket.office)).allows(step):
        return redirect(url_for("public.ticket", code=ticket.code))
    return render_step(ticket, step, {})


def render_step(ticket: Ticket, step: str, errors: dict[str, str], minutes: str = "") -> str:
    """The question, with what it means and the proof it needs."""
    office = find_office(ticket.office)
    return render_template(
        "citizen/ticket/step.html",
        office=office,
        ticket=view_now(ticket),
        step=step,
        words=_step_words(step, office),
        delays=find_steps(ticket, office).delays if step == "late" else (),
        minutes=minutes,
        errors=errors,
        needs_proof=needs_proof(ticket),
        identity=service_of(office, ticket.service).identity,
        locked=is_locked(ticket),
    )


@pages.post(PATH)
@public
def do_step(code: str, step: str) -> ResponseReturnValue:
    """Take a step, once proved and confirmed."""
    ticket = find_ticket_by_code(parse_code(code))
    last4 = request.form.get("last4", "").strip()
    typed = request.form.get("minutes", "").strip()[:4] if step == "late" else ""
    errors = {}
    if step == "late" and not (typed.isascii() and typed.isdigit()):
        errors["minutes"] = _("Choose how much later you come")
    try:
        admit_owner(ticket, last4)
    except WrongProof as refused:
        errors["last4"] = refusal_words(refused.code, refused.facts)
        return render_step(ticket, step, errors, typed), 403 if last4 else 422
    except ChangesLocked:
        return render_step(ticket, step, {}), 409
    if errors:
        return render_step(ticket, step, errors, typed), 422
    take, moment = _command(ticket, step, typed), now()

    def command(tx: Transaction) -> dict[str, str]:
        return {"status": take(tx, now=moment).state.value}

    def act() -> str:
        run_once(step, ticket.id, [ticket.id, typed], [day_of(ticket)], command)
        return url_for("public.ticket", code=ticket.code)

    return answer_form(
        {},
        act,
        lambda wrong: render_ticket(find_ticket_by_code(ticket.code), wrong[""]),
        (WrongState, WrongDay, LimitReached, TooEarly, TooLate, Paused, RemoteVisit),
        lambda refused: {"": refusal_words(refused.code, refused.facts)},
    )


def _command(ticket: Ticket, step: str, minutes: str) -> Callable[..., Ticket]:
    if step == "late":
        return partial(own_steps.tell_delay, ticket=ticket.id, minutes=int(minutes))
    take = {
        "away": own_steps.step_away,
        "back": own_steps.come_back,
        "ready": remote.say_ready,
        "leave": own_steps.leave,
    }
    return partial(take[step], ticket=ticket.id)


@dataclass(frozen=True)
class StepWords:
    """What the question says: the title, what the step means, and the two answers."""

    title: str
    means: tuple[str, ...]
    yes: str
    no: str


def _step_words(step: str, office: Office) -> StepWords:
    if step == "late":
        return StepWords(
            _("I will be late"),
            (
                _("Our staff see it and do not take your visit as missed before."),
                _(
                    "Up to %(grace)s after your time you keep your turn. After that your "
                    "turn is the time at which you check in.",
                    grace=minutes_words(office.rules.calling.grace_minutes),
                ),
            ),
            _("Tell the office"),
            _("No, I come in time"),
        )
    if step == "away":
        return StepWords(
            _("Step away for a while?"),
            (
                _(
                    "You are not called for %(minutes)s, and others may go before you. You "
                    "keep your turn.",
                    minutes=minutes_words(office.rules.calling.away_minutes),
                ),
                _("This is possible once. When the time is over you are called again."),
            ),
            _("Yes, I step away"),
            _("No, I stay"),
        )
    if step == "back":
        return StepWords(
            _("Are you back?"),
            (_("You are called again as soon as it is your turn."),),
            _("Yes, I am back"),
            _("Not yet"),
        )
    if step == "ready":
        return StepWords(
            _("Can we call you now?"),
            (_("You stand in line from now on. An officer calls you as soon as it is your turn."),),
            _("Yes, I am ready"),
            _("Not yet"),
        )
    return StepWords(
        _("Leave the queue?"),
        (_("Your number ends. To come back you need a new number."),),
        _("Yes, leave the queue"),
        _("No, I wait"),
    )
