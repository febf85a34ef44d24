"""Booking a visit, the last step: the booking itself. It carries an idempotency key: sent twice, it
is still one booking.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.errors import (
    BadInput,
    ContactUnproved,
    KeyReused,
    LimitReached,
    NotInService,
    Paused,
    ProofNeeded,
)
from queue_server.services.booking import booking
from queue_server.services.places.ticket_ids import draw
from queue_server.services.triage.counting import count_return
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import find_office, now
from queue_server.web.edge.forms.booking import check_booking
from queue_server.web.edge.forms.commands import KEY_FIELD, read_key, run_once
from queue_server.web.edge.forms.drafts import Draft, find_draft, keep_drafts
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.strangers.contact_proof import ask_for_proof, contact_of, sends_letters
from queue_server.web.edge.strangers.persons import telling_nobody
from queue_server.web.edge.strangers.sources import find_source, given_proofs, remember_browser
from queue_server.web.edge.triage.marks import forget_marks, read_marks
from queue_server.web.pages.citizen.blueprint import pages

from .choices import SLOT_LOST, chosen_service
from .holds import HOLD_OVER, new_visit
from .line import render_line
from .walk import choose_anew, leave, read_walk, step_of, to_ticket


@pages.post("/o/<office_code>/book/confirm")
@public
def confirm(office_code: str) -> Response | str | tuple[str, int]:
    """Book. The same key again gives the same booking."""
    office, form = find_office(office_code), read_walk()
    service = chosen_service(office, form)
    if service is None:
        return choose_anew(office, form)
    if not form.slot:
        return leave(office, Draft(form, {"slot": "missing"}), "another_time")
    visitor, faults = check_booking(form, office, service)
    if visitor is None:
        return leave(office, Draft(form, faults), step_of(faults))
    form = replace(form, visit=form.visit or new_visit())
    wanted = BookingRequest(
        service=service.code,
        slot=parse_slot_id(form.slot),
        visitor=visitor,
        party_size=form.people,
        kind=form.visit_kind,
        language=current_language(),
        priority=form.priority == "yes",
        urgent=bool(form.urgency),
        urgency=form.urgency or None,
        hold=form.hold or None,
        contact=contact_of(visitor.email),
        sends_letters=sends_letters(),
        source=find_source(office, given_proofs(), new_browser=True),
    )
    drawn, moment, keep = draw(), now(), keep_drafts(office, form.visit)
    marks = read_marks(office, service.code)

    def book(tx: Transaction) -> dict[str, Any]:
        code = booking.book(tx, office.code, wanted, drawn, moment).code
        count_return(tx, office.code, service.code, marks, moment)
        keep(tx, Draft(booked=code))
        return {"code": code}

    asked = [
        service.code,
        form.slot,
        visitor.nik_fingerprint,
        visitor.name,
        visitor.phone,
        visitor.email,
        form.people,
        form.priority,
        form.represented,
        form.needs,
        form.notify,
        form.urgency,
        form.hold,
    ]
    by, days = f"{office.code}:{browser_mark()}", [(office.code, office.date_at(wanted.slot))]
    try:
        with telling_nobody(office.code, visitor):
            answer = run_once("book", by, asked, days, book)
    except ProofNeeded as refused:
        return render_line(office, form, "confirm", refused, {KEY_FIELD: read_key() or ""}), 428
    except SLOT_LOST:
        return leave(office, Draft(form, lost="taken"), "another_time")
    except HOLD_OVER:
        walk = find_draft(form.visit)
        if walk is not None and walk.booked:
            return to_ticket(walk.booked)
        return leave(office, Draft(form, lost="expired"), "another_time")
    except Paused:
        return leave(office, Draft(form, refusal=("day_evacuated", {})), "another_time")
    except (ContactUnproved, LimitReached, NotInService, KeyReused) as refused:
        if isinstance(refused, ContactUnproved):
            ask_for_proof(office.code, visitor.email, current_language())
        return leave(office, Draft(form, refusal=(refused.code, refused.facts)), "check")
    except BadInput as refused:
        wrong = {str(refused.facts.get("field")): str(refused.facts.get("reason"))}
        return leave(office, Draft(form, wrong), step_of(wrong))
    done = remember_browser(redirect(url_for("public.ticket", code=answer["code"], new=1), 303))
    return forget_marks(done, office, service.code, office.date_at(moment)) if marks else done
