"""Keeping a time while its visitor types: the same hold on a reload, a second press or the way
back, and one that is given up at once.

`visit` names one walk through the pages. What is held for it is found again by the visit, the time
and the number of people; the cookie tells which hold a new choice takes the place of, in case the
page with its code was left by the browser's back button.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from queue_server.domain.booking.holding import HoldRequest, is_running
from queue_server.domain.booking.rush import BROWSER_PLACES, Source
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.errors import LimitReached, TooLate, UnknownCode, WrongState
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.booking import holding
from queue_server.services.places.ticket_ids import draw
from queue_server.store.booking import takings as taking_store
from queue_server.store.writer.transaction import DayKey, Transaction
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.context import context, day_of, find_ticket_by_code, now
from queue_server.web.edge.forms.booking import BookingForm, party_of
from queue_server.web.edge.forms.commands import run_once
from queue_server.web.edge.shared.own_parts import own
from queue_server.web.edge.strangers.sources import find_source, given_proofs, remember_browser

HOLD_COOKIE = "antrean_hold"
HOLD_OVER = (TooLate, WrongState, UnknownCode)
"""Refusals that say that a hold is of no use any more."""


@dataclass(frozen=True)
class Kept:
    """A time that is kept: until when on the office's clock, how long still, and whether it may be
    kept once more.
    """

    code: str
    slot: str
    until: datetime
    seconds_left: int
    extendable: bool
    minutes: int


def new_visit() -> str:
    """A name for one walk through the booking pages."""
    return own(_draw_visit)


def _draw_visit() -> str:
    return secrets.token_hex(8)


def find_held(office: Office, code: str) -> Ticket | None:
    """A hold of this office by its code, as long as it holds."""
    try:
        ticket = find_ticket_by_code(parse_code(code))
    except UnknownCode:
        return None
    is_live = ticket.state is State.HELD and is_running(ticket, now())
    return ticket if is_live and ticket.office == office.code else None


def find_kept(office: Office, form: BookingForm) -> Kept | None:
    """What is kept for a form: its hold, if that is for the form's service and time."""
    held = find_held(office, form.hold) if form.hold else None
    if held is None or held.expires_at is None or held.service != form.service or held.slot is None:
        return None
    if not form.slot or held.slot != parse_slot_id(form.slot) or held.kind is not form.visit_kind:
        return None
    return Kept(
        held.code,
        form.slot,
        office.local(held.expires_at),
        max(0, int((held.expires_at - now()).total_seconds())),
        held.extensions < office.rules.booking.hold_extensions_max,
        office.rules.booking.hold_minutes,
    )


def is_over(office: Office, form: BookingForm) -> bool:
    """Whether a form comes with a hold that holds no longer."""
    return bool(form.hold) and find_held(office, form.hold) is None


def keep(office: Office, form: BookingForm) -> BookingForm:
    """Hold the form's time for its party; returns the form with the hold's code. An earlier hold of
    the same visit is given back, and so are the browser's oldest where it would hold too many: it
    holds what its visitor has chosen last.

    Where the very same request was answered before with a hold that has run out, it is a new
    one. Raises what `holding.hold` raises.
    """
    form = replace(form, visit=form.visit or new_visit())
    slot, people, urgent = parse_slot_id(form.slot), party_of(office, form), bool(form.urgency)
    earlier = form.hold or _of_visit(form.visit)
    held = find_held(office, earlier) if earlier else None
    if held is not None and (
        held.service,
        held.slot,
        held.party_size,
        held.channel is Channel.URGENT,
        held.kind,
    ) == (form.service, slot, people, urgent, form.visit_kind):
        return replace(form, hold=held.code)
    source = find_source(office, given_proofs(), new_browser=True)
    for _attempt in range(2):
        try:
            code = _hold(office, form, held, source, (), after=earlier)
        except LimitReached as refused:
            if refused.facts.get("rule") != "browser":
                raise
            given_up = _held_too_many(source, held, people)
            code = _hold(office, form, held, source, given_up, after=earlier)
        if find_held(office, code) is not None:
            return replace(form, hold=code)
        earlier = code
    raise TooLate(until=None)


def _hold(
    office: Office,
    form: BookingForm,
    held: Ticket | None,
    source: Source | None,
    given_up: Sequence[Ticket],
    *,
    after: str,
) -> str:
    """The code of the hold that a form asks for, the same one when it is sent again. `after` is the
    code that its visitor had before, of use or not.
    """
    slot, people, urgent = parse_slot_id(form.slot), party_of(office, form), bool(form.urgency)
    drawn, moment = draw(), now()
    days: list[DayKey] = [(office.code, office.date_at(slot)), *map(day_of, given_up)]
    if held is not None:
        days.append(day_of(held))

    wanted = HoldRequest(
        form.service,
        slot,
        people,
        urgent=urgent,
        urgency=form.urgency or None,
        instead=held.code if held else None,
        source=source,
        kind=form.visit_kind,
    )

    def command(tx: Transaction) -> dict[str, Any]:
        for each in given_up:
            holding.give_up_hold(tx, each.office, each.code, moment)
        return {"code": holding.hold(tx, office.code, wanted, drawn, moment).code}

    key = f"{form.visit}:{form.service}:{form.slot}:{people}:{form.urgency}:{form.kind}:{after}"
    by = f"{office.code}:{browser_mark()}"
    answer = run_once("hold", by, [key], days, command, key=key)
    return str(answer["code"])


def _held_too_many(source: Source | None, held: Ticket | None, people: int) -> list[Ticket]:
    """The browser's oldest holds that must go for a party to be held: another tab, or a way that
    was begun anew.
    """
    if source is None or source.browser is None:
        return []
    with context().database.read() as connection:
        held_ones = [
            each
            for each in taking_store.list_held(connection, source.browser, now())
            if held is None or each.id != held.id
        ]
    too_many: list[Ticket] = []
    while held_ones and sum(each.party_size for each in held_ones) + people > BROWSER_PLACES:
        too_many.append(held_ones.pop(0))
    return too_many


def extend(office: Office, form: BookingForm) -> None:
    """Keep the form's time once more; pressed again it changes nothing. Raises one of HOLD_OVER."""
    held = find_ticket_by_code(parse_code(form.hold))
    if held.office != office.code:
        raise UnknownCode()
    moment = now()
    try:
        run_once(
            "extend",
            held.id,
            [held.id],
            [day_of(held)],
            lambda tx: holding.extend_hold(tx, held.id, moment),
        )
    except LimitReached:
        # The page says until when the time is kept, and offers this no more.
        return


def _of_visit(visit: str) -> str:
    name, _, code = request.cookies.get(HOLD_COOKIE, "").partition(".")
    return code if name == visit else ""


def remember(response: Response, form: BookingForm) -> Response:
    """Let the browser know what is held for this visit."""
    response.set_cookie(
        HOLD_COOKIE,
        f"{form.visit}.{form.hold}",
        max_age=3600,
        httponly=True,
        samesite="Lax",
        secure=context().settings.is_https,
        path="/o/",
    )
    return remember_browser(response)


def to_details(office: Office, form: BookingForm) -> Response:
    """On to the visitor's details, with a time that is kept."""
    return remember(
        redirect(url_for("public.details", office_code=office.code, **form.choice), 303), form
    )
