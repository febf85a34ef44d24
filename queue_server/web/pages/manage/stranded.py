"""Managers' page on bookings whose time was withdrawn: where each could go, moving or cancelling
them together, whom to ring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.booking.slots import parse_slot_id, slot_id
from queue_server.domain.errors import BadInput, Changed
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.letters import Message, MessageKind, MessageState
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.booking import stranded as desk
from queue_server.services.booking.stranded import BulkOutcome
from queue_server.services.places.letters import mark_told
from queue_server.services.shown import service_of
from queue_server.store.booking.stranded import list_tickets, list_visitors
from queue_server.store.visit import letters as message_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import answer_form
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.codes import message_badge, message_words
from queue_server.web.edge.words.letters import write_letter
from queue_server.web.edge.words.refusals import refusal_words

from .hours import changes

CALLS_SHOWN = 25


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


def show_stranded(
    office: Office, errors: Errors, done: str | None = None, ticked: frozenset[str] | None = None
) -> str:
    """The list, with the nearest free time of each booking, and the messages to be told by hand.
    `ticked`: the bookings somebody has ticked, None before anybody has.
    """
    moment = now()
    with context().database.read() as connection:
        moves = desk.propose_moves(connection, office, moment)
        told = message_store.list_newest(
            connection, office.code, [each.ticket.id for each in moves]
        )
        open_messages = message_store.list_by_hand(connection, office.code, CALLS_SHOWN)
        to_tell = message_store.count_to_tell(connection, office.code)
        tickets = list_tickets(connection, office.code, [each.ticket for each in open_messages])
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
    calls = [_show_call(office, each, tickets[each.ticket], visitors) for each in open_messages]
    return render_template(
        "manage/stranded.html",
        office=office,
        rows=rows,
        movable=sum(each.slot is not None for each in rows),
        calls=calls,
        to_tell=to_tell,
        more_calls=to_tell.messages - len(calls),
        errors=errors,
        done=done,
    )


def _show_move(
    office: Office,
    proposal: desk.Move,
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
    office: Office, message: Message, ticket: Ticket, visitors: Mapping[str, Visitor]
) -> CallRow:
    visitor = visitors.get(ticket.id)
    letter = write_letter(MessageKind(message.kind), office, ticket, context().settings.public_url)
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


def _chosen(office: Office) -> list[tuple[Ticket, str]]:
    """The ticked bookings that still are stranded here, each with the time shown beside it."""
    wanted = dict(each.partition("/")[::2] for each in request.form.getlist("booking")[: desk.MOST])
    with context().database.read() as connection:
        tickets = list_tickets(connection, office.code, wanted)
    return [
        (tickets[id], slot)
        for id, slot in wanted.items()
        if id in tickets and tickets[id].state is State.STRANDED
    ]


def _answer(office: Office, what: str, outcome: BulkOutcome) -> ResponseReturnValue:
    return redirect(
        url_for(
            "changes.stranded",
            office=office.code,
            what=what,
            done=outcome.done,
            left=outcome.left or None,
        ),
        303,
    )


@changes.post("/stranded")
@office_page(MANAGERS)
def see_to_stranded(office: Office, who: Principal) -> ResponseReturnValue:
    """Move the ticked bookings to the times shown beside them, or ask before cancelling them, or
    cancel them.
    """
    chosen, what = _chosen(office), request.form.get("what", "")
    ticked = frozenset(each.partition("/")[0] for each in request.form.getlist("booking"))
    if not ticked:
        return show_stranded(
            office, {"booking": _("Choose at least one booking")}, ticked=ticked
        ), 422
    if what == "move":
        try:
            moves = [(ticket, parse_slot_id(slot)) for ticket, slot in chosen if slot]
        except BadInput as refused:
            return show_stranded(
                office, {"booking": refusal_words(refused.code, refused.facts)}, ticked=ticked
            ), 422
        return _answer(
            office, "move", desk.move_all(context().database, office, moves, who.id, now())
        )
    if what == "cancel":
        tickets = [ticket for ticket, _slot in chosen]
        return _answer(
            office, "cancel", desk.cancel_all(context().database, office, tickets, who.id, now())
        )
    values = request.form.getlist("booking")[: desk.MOST]
    return render_template("manage/stranded_cancel.html", office=office, bookings=values)


@changes.post("/stranded/told")
@office_page(MANAGERS)
def note_told(office: Office, who: Principal) -> ResponseReturnValue:
    """Note that somebody has told a visitor."""
    message, moment = request.form.get("message", ""), now()

    def act() -> str:
        context().database.write([], lambda tx: mark_told(tx, office.code, message, moment))
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
