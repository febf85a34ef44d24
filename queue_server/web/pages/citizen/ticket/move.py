"""Moving a booking to another time, by whoever can prove that it is theirs."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from werkzeug.wrappers import Response

from queue_server.domain.booking.availability import kinds_offered
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.booking.steps import is_movable, is_move_counted, moves_left
from queue_server.domain.errors import (
    BadInput,
    ChangesLocked,
    DomainError,
    LimitReached,
    NotInService,
    UnknownService,
    WrongProof,
    WrongState,
)
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.services.booking import moving
from queue_server.services.places.ticket_ids import draw_chance
from queue_server.services.shown import service_of
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import day_of, find_office, find_ticket_by_code, now
from queue_server.web.edge.forms.booking import FormSlot
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import zone_name
from queue_server.web.edge.strangers.persons import (
    admit_owner,
    is_locked,
    needs_proof,
    telling_nobody,
    visitor_of,
)
from queue_server.web.edge.ticket_views import view_now
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.edge.words.remote import kind_words, what_happens_words
from queue_server.web.pages.citizen.blueprint import pages
from queue_server.web.pages.citizen.booking.choices import SLOT_LOST, DayChoice, list_days

from .page import render_ticket


class MoveForm(BaseModel):
    """The time chosen, the day it was chosen from, and the digits that prove whose booking it
    is.
    """

    slot: FormSlot
    day: str
    last4: str
    kind: VisitKind


@pages.get("/t/<code>/move")
@public
def move(code: str) -> Response | str:
    """Show the days, and the times of the chosen one."""
    ticket = find_ticket_by_code(parse_code(code))
    office = find_office(ticket.office)
    if not is_movable(ticket, office.rules):
        return redirect(url_for("public.ticket", code=ticket.code))
    kind = _read_kind(ticket, request.args.get("kind", ""))
    return render_move(ticket, office, kind, request.args.get("day"), {})


def _read_kind(ticket: Ticket, typed: str) -> VisitKind:
    """The kind of visit that is asked for, or the present one."""
    return next((each for each in VisitKind if each == typed), ticket.kind)


def _kinds_of(ticket: Ticket, office: Office) -> tuple[VisitKind, ...]:
    """The kinds of visit that a booking may become: a party stays one of the office, and who has
    left no number is not rung.
    """
    is_urgent = ticket.channel is Channel.URGENT
    try:
        service = office.service(ticket.service)
    except UnknownService:
        return (ticket.kind,)
    offered = kinds_offered(office, service, now(), urgent=is_urgent)
    visitor = visitor_of(ticket)
    return tuple(
        each
        for each in VisitKind
        if each is ticket.kind
        or (
            each in offered
            and not (each.is_remote and ticket.party_size > 1)
            and not (each is VisitKind.PHONE and (visitor is None or not visitor.phone))
        )
    )


def render_move(
    ticket: Ticket,
    office: Office,
    kind: VisitKind,
    day: str | None,
    errors: dict[str, str],
    chosen: str | None = None,
) -> str:
    """The kinds of visit and the days as links, the times of one day as a form; the ticket's own
    day first.
    """
    kinds = _kinds_of(ticket, office)
    kind = kind if kind in kinds else ticket.kind
    is_urgent = ticket.channel is Channel.URGENT
    days = list_days(office, ticket.service, ticket.party_size, urgent=is_urgent, kind=kind)
    return render_template(
        "citizen/ticket/move.html",
        office=office,
        ticket=view_now(ticket),
        days=days,
        kind=kind,
        kinds=[
            (each, kind_words()[each], url_for("public.move", code=ticket.code, kind=each.value))
            for each in kinds
        ],
        happens=what_happens_words(kind),
        shown=_shown_day(days, day, ticket.date),
        chosen=chosen,
        zone=zone_name(office.zone, now()),
        errors=errors,
        moves_left=moves_left(ticket, office.rules) if is_move_counted(ticket) else None,
        needs_proof=needs_proof(ticket),
        identity=service_of(office, ticket.service).identity,
        locked=is_locked(ticket),
    )


def _shown_day(days: list[DayChoice], wanted: str | None, present: date) -> DayChoice | None:
    """The day asked for, else the ticket's, else the first with a free time."""
    for choice in (wanted, present.isoformat()):
        shown = next((each for each in days if each.date.isoformat() == choice), None)
        if shown is not None:
            return shown
    return next((each for each in days if each.free), None)


@pages.post("/t/<code>/move")
@public
def do_move(code: str) -> ResponseReturnValue:
    """Move the booking, once proved."""
    ticket = find_ticket_by_code(parse_code(code))
    office = find_office(ticket.office)
    typed = {name: request.form.get(name, "").strip() for name in ("slot", "day", "last4")}
    kind = _read_kind(ticket, request.form.get("kind", ""))
    form, errors = read_form(
        MoveForm, {**typed, "kind": kind}, lambda field, _reason: bad_input_words(field, "missing")
    )
    try:
        admit_owner(ticket, typed["last4"])
    except WrongProof as refused:
        errors["last4"] = refusal_words(refused.code, refused.facts)
    except ChangesLocked:
        return render_move(ticket, office, kind, typed["day"], {}), 409
    if form is None or errors:
        # A wrong proof is one whatever else is wrong, and counts as a miss: four digits are soon
        # guessed.
        return render_move(ticket, office, kind, typed["day"], errors, typed["slot"]), 403 if typed[
            "last4"
        ] and "last4" in errors else 422
    return _move(ticket, office, form)


def _move(ticket: Ticket, office: Office, form: MoveForm) -> ResponseReturnValue:
    wanted, moment, chance = parse_slot_id(form.slot), now(), draw_chance()

    def command(tx: Transaction) -> dict[str, Any]:
        moved = moving.reschedule(tx, ticket.id, wanted, "holder", chance, moment, kind=form.kind)
        return {"status": moved.state.value}

    def act() -> ResponseReturnValue:
        days = [day_of(ticket), (office.code, office.date_at(wanted))]
        try:
            with telling_nobody(ticket.office, visitor_of(ticket)):
                run_once("move", ticket.id, [ticket.id, form.slot, form.kind], days, command)
        except (*SLOT_LOST, NotInService) as lost:
            # Nothing typed is wrong: the time is gone, and another one is to be chosen.
            sentence = refusal_words(lost.code, lost.facts)
            return render_move(ticket, office, form.kind, form.day, {"slot": sentence}), 409
        return url_for("public.ticket", code=ticket.code, done="moved")

    def show(wrong: Errors) -> str:
        if "slot" in wrong:
            return render_move(ticket, office, form.kind, form.day, wrong, form.slot)
        return render_ticket(find_ticket_by_code(ticket.code), wrong[""])

    def say(refused: DomainError) -> Errors:
        if isinstance(refused, BadInput):
            field, reason = str(refused.facts.get("field")), str(refused.facts.get("reason"))
            return {"slot": bad_input_words(field, reason)}
        return {"": refusal_words(refused.code, refused.facts)}

    return answer_form({}, act, show, (BadInput, WrongState, LimitReached), say)
