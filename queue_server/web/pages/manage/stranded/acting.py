"""Moving or cancelling bookings without a time, many at once, after a question that says how
many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field, model_validator

from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.office.office import Office
from queue_server.services.booking import stranded as stranded_bookings
from queue_server.services.bulk import Step
from queue_server.services.shown import service_of
from queue_server.store.booking.stranded import list_tickets, list_visitors
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.bodies.kinds import Word
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.booking import FormSlot
from queue_server.web.edge.forms.commands import answer_form, run_each
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.pages.manage.change_forms import ManagersForm
from queue_server.web.pages.manage.hours import changes

from .asking import Wish, read_wish
from .outcomes import count_outcomes
from .page import show_stranded


class TickedBooking(ManagersForm):
    """A booking, and the time shown beside it."""

    ticket: Word
    slot: FormSlot | None

    @model_validator(mode="before")
    @classmethod
    def _of_box(cls, value: object) -> object:
        ticket, _slash, slot = str(value).partition("/")
        return {"ticket": ticket, "slot": slot or None}


class TickedForm(ManagersForm):
    """The ticked bookings."""

    booking: Annotated[list[TickedBooking], Field(min_length=1)]


@dataclass(frozen=True)
class AskedRow:
    """A booking that is asked about; `slot_at` is where it would go."""

    name: str
    service: Any
    lost: datetime | None
    slot_at: datetime | None


def _say(_field: str, reason: str) -> str:
    if reason == "too_short":
        return _("Choose at least one booking")
    return bad_input_words("slot", reason)


@changes.post("/stranded")
@office_page(MANAGERS)
def see_to_stranded(office: Office, who: Principal) -> ResponseReturnValue:
    """Ask about the ticked bookings, or move them to the times shown beside them, or cancel
    them.
    """
    values = request.form.getlist("booking")[: stranded_bookings.MOST]
    what, wish = request.form.get("what", ""), read_wish(request.form)
    form, wrong = read_form(TickedForm, {"booking": values}, _say)
    slots = {each.ticket: each.slot for each in form.booking} if form else {}
    moves = what in ("move", "ask_move")
    if form is not None and what not in ("move", "cancel"):
        return _ask(office, wish, values, slots, moves=moves)

    def act() -> str:
        steps = _plan_steps(office, who, slots, moves=moves)
        outcomes = run_each(f"stranded-{what}", who.id, [office.code], steps)
        without = sum(slot is None for slot in slots.values()) if moves else 0
        said: dict[str, Any] = {"what": what, **count_outcomes(outcomes, without)}
        return url_for("changes.stranded", office=office.code, **wish.address(), **said)

    ticked = frozenset(each.partition("/")[0] for each in values)
    # Every box stands for one question: what is wrong is said once, at the first.
    errors = {"booking": next(iter(wrong.values()))} if wrong else {}
    return answer_form(errors, act, lambda shown: show_stranded(office, shown, wish, ticked=ticked))


def _ask(
    office: Office,
    wish: Wish,
    values: Sequence[str],
    slots: Mapping[str, str | None],
    *,
    moves: bool,
) -> str:
    """The question, with each booking and how many they are."""
    with context().database.read() as connection:
        tickets = list_tickets(connection, office.code, slots)
        visitors = list_visitors(connection, office.code, slots)
    rows = [
        AskedRow(
            visitors[id].name if id in visitors else "",
            service_of(office, tickets[id].service).name,
            tickets[id].slot,
            parse_slot_id(slot) if slot else None,
        )
        for id, slot in slots.items()
        if id in tickets
    ]
    asked = [each for each in rows if each.slot_at is not None] if moves else rows
    return render_template(
        "manage/stranded/confirm.html",
        office=office,
        bookings=values,
        rows=asked,
        left=len(rows) - len(asked),
        moves=moves,
        wish=wish,
    )


def _plan_steps(
    office: Office, who: Principal, slots: Mapping[str, str | None], *, moves: bool
) -> list[Step]:
    """What is to be done about bookings of this office; who has no new time is not moved."""
    moment = now()
    with context().database.read() as connection:
        tickets = list_tickets(connection, office.code, slots)
    known = [(tickets[id], slot) for id, slot in slots.items() if id in tickets]
    if not moves:
        return [
            stranded_bookings.plan_cancel(office, ticket, who.id, moment) for ticket, _slot in known
        ]
    return [
        stranded_bookings.plan_move(office, ticket, parse_slot_id(slot), who.id, moment)
        for ticket, slot in known
        if slot is not None
    ]
