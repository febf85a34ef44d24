"""Managers' page on bookings that look like one hand behind many names: the groups, and voiding
them together after a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.booking.anomalies import Common, Group
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import anomalies as anomaly_groups
from queue_server.services.bulk import Step, try_out
from queue_server.services.shown import service_of
from queue_server.store.booking.stranded import list_tickets, list_visitors
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.bodies.bulk import VoidBody
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import answer_form, run_each
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import read_form
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
        for each in group.tickets[: anomaly_groups.MOST]
        if each in tickets
    ]
    return GroupRow(title, hint, len(group.tickets), group.people, group.niks, rows)


def show_anomalies(office: Office, errors: Errors, done: str | None = None) -> str:
    """The groups, each with its bookings to tick."""
    with context().database.read() as connection:
        groups = anomaly_groups.list_groups(connection, office, now())
        ids = {each for group in groups for each in group.tickets[: anomaly_groups.MOST]}
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
    ids = list(dict.fromkeys(request.form.getlist("booking")[: anomaly_groups.MOST]))
    body, wrong = read_form(
        VoidBody, {"tickets": ids, "reason": request.form.get("reason", "")}, _say
    )
    steps = _plan_steps(office, who, body) if body else []
    if body is not None and request.form.get("what") != "void":
        return _show_dry_run(office, body, steps)
    reason = body.reason if body else ""

    def act() -> str:
        outcomes = run_each("void", who.id, [office.code, reason], steps)
        done = outcomes.count(True)
        left = len(outcomes) - done
        return url_for("changes.anomalies", office=office.code, done=done, left=left or None)

    errors = {"reason" if field == "reason" else "booking": text for field, text in wrong.items()}
    first = dict(list(errors.items())[:1])
    return answer_form(first, act, lambda shown: show_anomalies(office, shown))


def _say(field: str, reason: str) -> str:
    if field == "reason":
        return _("Choose why these bookings are cancelled")
    return _("Choose at least one booking") if reason == "too_short" else bad_input_words("", "")


def _plan_steps(office: Office, who: Principal, body: VoidBody) -> list[Step]:
    """The steps of the bookings that are of this office, in order of their time."""
    moment = now()
    with context().database.read() as connection:
        tickets = list_tickets(connection, office.code, body.tickets).values()
    return [
        anomaly_groups.plan_void(office, each, who.id, body.reason, moment)
        for each in sorted(tickets, key=lambda each: (each.slot or moment, each.id))
    ]


def _show_dry_run(office: Office, body: VoidBody, steps: Sequence[Step]) -> str:
    """What voiding would do, with the button that does it."""
    outcomes = try_out(context().database, steps)
    would = [step.name for step, done in zip(steps, outcomes, strict=True) if done is True]
    with context().database.read() as connection:
        tickets = list_tickets(connection, office.code, would)
        visitors = list_visitors(connection, office.code, would)
    rows = [_show_booking(office, tickets[each], visitors) for each in would]
    return render_template(
        "manage/anomalies_void.html",
        office=office,
        rows=rows,
        left=len(body.tickets) - len(rows),
        people=sum(each.party_size for each in rows),
        reason=body.reason,
        reason_words=reason_words()[body.reason],
    )
