"""Managers' page on bookings that look like one hand behind many names: the groups, and voiding
them together after a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.booking.anomalies import Common, Group
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import anomalies as desk
from queue_server.services.booking.stranded import try_out
from queue_server.services.places.ticket_ids import draw_chance
from queue_server.services.shown import service_of
from queue_server.store.booking.stranded import list_tickets, list_visitors
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.tickets import STATE_BADGES, state_words

from .hours import changes


@dataclass(frozen=True)
class BookingRow:
    """A booking or hold of a group."""

    ticket: str
    slot: datetime | None
    service: Any
    name: str
    party_size: int
    state: str
    badge: str


@dataclass(frozen=True)
class GroupRow:
    """A group with its bookings, as far as they are shown; `hint` says how far the sign may be
    trusted."""

    title: str
    hint: str
    bookings: int
    people: int
    niks: int
    rows: Sequence[BookingRow]


def common_words(common: Common) -> tuple[str, str]:
    """What a group has in common, and how far that sign may be trusted."""
    return {
        Common.BROWSER: (
            _("One browser"),
            _("One device booked for all of these. A helper in a village office does that, too."),
        ),
        Common.PHONE: (
            _("One phone number"),
            _("Families share a phone. Many different persons on one number are rare."),
        ),
        Common.EMAIL: (
            _("One e-mail address"),
            _("Families share an address. Many different persons on one address are rare."),
        ),
        Common.ADDRESS: (
            _("One network address"),
            _("Phone networks and public Wi-Fi share one address among many strangers."),
        ),
        Common.NETWORK: (
            _("Neighbouring network addresses"),
            _("A weak sign by itself: look whether names and times look made up."),
        ),
    }[common]


def reason_words() -> dict[str, str]:
    """Why bookings are voided, by code."""
    return {
        "program": _("Booked by a program"),
        "resale": _("Taken to be sold or passed on"),
        "invented": _("The persons do not exist"),
    }


def _show_booking(office: Office, ticket: Ticket, visitors: Mapping[str, Visitor]) -> BookingRow:
    visitor, state = visitors.get(ticket.id), ticket.state.value
    return BookingRow(
        ticket.id,
        ticket.slot,
        service_of(office, ticket.service).name,
        visitor.name if visitor else "",
        ticket.party_size,
        state_words()[state],
        STATE_BADGES[state],
    )


def _show_group(
    office: Office, group: Group, tickets: Mapping[str, Ticket], visitors: Mapping[str, Visitor]
) -> GroupRow:
    title, hint = common_words(group.common)
    rows = [
        _show_booking(office, tickets[each], visitors)
        for each in group.tickets[: desk.MOST]
        if each in tickets
    ]
    return GroupRow(title, hint, len(group.tickets), group.people, group.niks, rows)


def show_anomalies(office: Office, errors: Errors, done: str | None = None) -> str:
    """The groups, each with its bookings to tick."""
    with context().database.read() as connection:
        groups = desk.list_groups(connection, office, now())
        ids = {each for group in groups for each in group.tickets[: desk.MOST]}
        tickets, visitors = (
            list_tickets(connection, office.code, ids),
            list_visitors(connection, office.code, ids),
        )
    rows = [_show_group(office, each, tickets, visitors) for each in groups]
    return render_template(
        "manage/anomalies.html",
        office=office,
        groups=rows,
        reasons=reason_words(),
        errors=errors,
        done=done,
    )


@changes.get("/anomalies")
@office_page(MANAGERS)
def anomalies(office: Office, who: Principal) -> ResponseReturnValue:
    """Bookings to come that look like one hand behind many names."""
    return show_anomalies(office, {}, _done_words())


def _done_words() -> str | None:
    done, left = (request.args.get(name, type=int) for name in ("done", "left"))
    if done is None:
        return None
    words = ngettext("%(num)s booking was cancelled.", "%(num)s bookings were cancelled.", done)
    if left:
        words += " " + ngettext(
            "%(num)s was left: its visit has begun or is over.",
            "%(num)s were left: their visits have begun or are over.",
            left,
        )
    return words


@changes.post("/anomalies")
@office_page(MANAGERS)
def see_to_anomalies(office: Office, who: Principal) -> ResponseReturnValue:
    """Show what voiding the ticked bookings would do, or void them."""
    ids, reason = request.form.getlist("booking")[: desk.MOST], request.form.get("reason", "")
    if not ids:
        return show_anomalies(office, {"booking": _("Choose at least one booking")}), 422
    if reason not in desk.REASONS:
        return show_anomalies(office, {"reason": _("Choose why these bookings are cancelled")}), 422
    with context().database.read() as connection:
        tickets = list(list_tickets(connection, office.code, ids).values())
        visitors = list_visitors(connection, office.code, ids)
    moment = now()
    if request.form.get("what") == "void":
        outcome = desk.void_all(context().database, office.code, tickets, who.id, reason, moment)
        return redirect(
            url_for(
                "changes.anomalies",
                office=office.code,
                done=outcome.done,
                left=outcome.left or None,
            ),
            303,
        )
    tickets.sort(key=lambda each: (each.slot or moment, each.id))
    steps = [
        partial(
            desk.void,
            office=office.code,
            ticket=each.id,
            by=who.id,
            reason=reason,
            chance=draw_chance(),
            now=moment,
        )
        for each in tickets
    ]
    tried = try_out(context().database, {(office.code, each.date) for each in tickets}, steps)
    would = [
        _show_booking(office, each, visitors)
        for each, done in zip(tickets, tried, strict=True)
        if done is True
    ]
    return render_template(
        "manage/anomalies_void.html",
        office=office,
        rows=would,
        left=len(ids) - len(would),
        people=sum(each.party_size for each in would),
        reason=reason,
        reason_words=reason_words()[reason],
    )
