"""Managers' page on bookings whose time was withdrawn: where each could go, moving or cancelling
them together, whom to ring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field, model_validator

from queue_server.domain.booking.slots import parse_slot_id, slot_id
from queue_server.domain.errors import Changed, DomainError
from queue_server.domain.messages.message import Message, MessageState
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.services.booking import stranded as stranded_bookings
from queue_server.services.bulk import Step
from queue_server.services.messages.queueing import mark_told
from queue_server.services.shown import service_of
from queue_server.store.booking.stranded import list_tickets, list_visitors
from queue_server.store.messages import by_hand
from queue_server.store.messages import messages as message_store
from queue_server.store.messages.wording import OwnWords, find_own
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.bodies.kinds import Word
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.booking import FormSlot
from queue_server.web.edge.forms.commands import answer_form, run_each, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.messages.letters import write_letter
from queue_server.web.edge.words.messages.told import (
    channel_way_words,
    failure_words,
    message_badge,
    message_kind_words,
    message_words,
)

from .change_forms import ManagersForm
from .hours import changes

CALLS_SHOWN = 25
UNSENT_SHOWN = timedelta(days=7)


@dataclass(frozen=True)
class StrandedRow:
    """A booking without a time, and where it could go."""

    ticket: str
    lost: datetime | None
    service: Any
    name: str
    party_size: int
    urgent: bool
    told: str
    told_badge: str
    slot: str | None
    slot_at: datetime | None
    ticked: bool


@dataclass(frozen=True)
class CallRow:
    """Somebody to be told by hand, and what to tell them."""

    message: str
    kind: str
    name: str
    phone: str | None
    email: str | None
    failed: bool
    language: str
    subject: str
    words: str


@dataclass(frozen=True)
class UnsentRow:
    """Messages of a kind that were not sent lately, and why."""

    kind: str
    way: str
    reason: str
    number: int
    last_at: datetime


def show_stranded(
    office: Office, errors: Errors, done: str | None = None, ticked: frozenset[str] | None = None
) -> str:
    """The list, with the nearest free time of each booking, and the messages to be told by hand.
    `ticked`: the bookings somebody has ticked, None before anybody has.
    """
    moment = now()
    with context().database.read() as connection:
        moves = stranded_bookings.propose_moves(connection, office, moment)
        told = message_store.list_newest(
            connection, office.code, [each.ticket.id for each in moves]
        )
        open_messages = by_hand.list_calls(connection, office.code, CALLS_SHOWN)
        to_tell = by_hand.count_to_tell(connection, office.code)
        unsent = by_hand.list_unsent(connection, office.code, moment - UNSENT_SHOWN)
        tickets = list_tickets(connection, office.code, [each.ticket for each in open_messages])
        own = {
            kind: find_own(connection, office.code, kind)
            for kind in {each.kind for each in open_messages}
        }
        visitors = list_visitors(
            connection, office.code, [*(each.ticket.id for each in moves), *tickets]
        )
    rows = [
        _show_move(
            office,
            each,
            visitors.get(each.ticket.id),
            told.get(each.ticket.id),
            ticked=ticked is None or each.ticket.id in ticked,
        )
        for each in moves
    ]
    calls = [
        _show_call(office, each, tickets[each.ticket], visitors, own[each.kind])
        for each in open_messages
    ]
    return render_template(
        "manage/stranded.html",
        office=office,
        rows=rows,
        movable=sum(each.slot is not None for each in rows),
        calls=calls,
        to_tell=to_tell,
        more_calls=to_tell.messages - len(calls),
        unsent=[_show_unsent(each) for each in unsent],
        errors=errors,
        done=done,
    )


def _show_move(
    office: Office,
    proposal: stranded_bookings.Move,
    visitor: Visitor | None,
    message: Message | None,
    *,
    ticked: bool,
) -> StrandedRow:
    ticket = proposal.ticket
    words, badge = (
        (message_words(message), message_badge(message)) if message else (_("not told yet"), "busy")
    )
    return StrandedRow(
        ticket.id,
        ticket.slot,
        service_of(office, ticket.service).name,
        visitor.name if visitor else "",
        ticket.party_size,
        ticket.channel is Channel.URGENT,
        words,
        badge,
        slot_id(proposal.slot) if proposal.slot else None,
        proposal.slot,
        ticked,
    )


def _show_call(
    office: Office,
    message: Message,
    ticket: Ticket,
    visitors: Mapping[str, Visitor],
    own: Mapping[str, OwnWords],
) -> CallRow:
    visitor, url = visitors.get(ticket.id), context().settings.public_url
    letter = write_letter(message.kind, office, ticket, url, own=own)
    return CallRow(
        message.id,
        message_words(message),
        visitor.name if visitor else "",
        visitor.phone if visitor else None,
        visitor.email if visitor else None,
        message.state is MessageState.FAILED,
        ticket.language,
        letter.subject,
        letter.body,
    )


def _show_unsent(unsent: by_hand.Unsent) -> UnsentRow:
    return UnsentRow(
        message_kind_words(unsent.kind),
        channel_way_words(unsent.channel),
        failure_words(unsent.error),
        unsent.number,
        unsent.last_at,
    )


@changes.get("/stranded")
@office_page(MANAGERS)
def stranded(office: Office, who: Principal) -> ResponseReturnValue:
    """Bookings that need a new time."""
    return show_stranded(office, {}, _done_words())


def _done_words() -> str | None:
    """What a bulk action did, from the address it led to."""
    done, left = (request.args.get(name, type=int) for name in ("done", "left"))
    if request.args.get("told"):
        return _("Noted: this visitor knows.")
    if done is None:
        return None
    words = ngettext("%(num)s booking was moved.", "%(num)s bookings were moved.", done)
    if request.args.get("what") == "cancel":
        words = ngettext("%(num)s booking was cancelled.", "%(num)s bookings were cancelled.", done)
    if left:
        words += " " + ngettext(
            "%(num)s could not be done, because the time was taken meanwhile.",
            "%(num)s could not be done, because the time was taken meanwhile.",
            left,
        )
    return words


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


def _say(_field: str, reason: str) -> str:
    if reason == "too_short":
        return _("Choose at least one booking")
    return bad_input_words("slot", reason)


@changes.post("/stranded")
@office_page(MANAGERS)
def see_to_stranded(office: Office, who: Principal) -> ResponseReturnValue:
    """Move the ticked bookings to the times shown beside them, or ask before cancelling them, or
    cancel them.
    """
    values, what = (
        request.form.getlist("booking")[: stranded_bookings.MOST],
        request.form.get("what", ""),
    )
    form, wrong = read_form(TickedForm, {"booking": values}, _say)
    if form is not None and what not in ("move", "cancel"):
        return render_template("manage/stranded_cancel.html", office=office, bookings=values)
    slots = {each.ticket: each.slot for each in form.booking} if form else {}

    def act() -> str:
        steps = _plan_steps(office, who, slots, moves=what == "move")
        outcomes = run_each(f"stranded-{what}", who.id, [office.code], steps)
        left = sum(isinstance(each, DomainError) for each in outcomes)
        done = outcomes.count(True)
        return url_for(
            "changes.stranded", office=office.code, what=what, done=done, left=left or None
        )

    ticked = frozenset(each.partition("/")[0] for each in values)
    # Every box stands for one question: what is wrong is said once, at the first.
    errors = {"booking": next(iter(wrong.values()))} if wrong else {}
    return answer_form(errors, act, lambda shown: show_stranded(office, shown, ticked=ticked))


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


@changes.post("/stranded/told")
@office_page(MANAGERS)
def note_told(office: Office, who: Principal) -> ResponseReturnValue:
    """Note that somebody has told a visitor."""
    message, moment = request.form.get("message", ""), now()

    def act() -> str:
        run_once(
            "told",
            who.id,
            [office.code, message],
            [],
            lambda tx: mark_told(tx, office.code, message, moment),
        )
        return url_for("changes.stranded", office=office.code, told=1)

    return answer_form(
        {},
        act,
        lambda wrong: show_stranded(office, wrong),
        (Changed,),
        lambda refused: {"": _("This was noted already, or the message has become needless.")},
    )


@changes.get("/stranded/told")
@office_page(MANAGERS)
def back_to_stranded(office: Office, who: Principal) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the list."""
    return redirect(url_for("changes.stranded", office=office.code, lang=request.args.get("lang")))
