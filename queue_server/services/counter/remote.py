"""Visits from home: they join their line by themselves when their time comes, or when their visitor
says to be ready; the clerk who has called one sees whom to ring, or opens the meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from queue_server.domain.counter.remote import admit_contact, admit_meeting, joins_now, phone_links
from queue_server.domain.door import steps
from queue_server.domain.errors import BadInput, LimitReached, WrongState
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.office_day import draw_number
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.door import arrival
from queue_server.services.run_each import do_each
from queue_server.services.visit.looking import note_look
from queue_server.store.counter import remote as remote_store
from queue_server.store.counter.remote import Meeting
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

DAYS_AT_ONCE = 200
BY = "upkeep"
HOLDER = "holder"


@dataclass(frozen=True)
class Contact:
    """Whom to ring, or where to meet: what is known of it. The numbers are None for a visit by
    video whose visitor has left none.
    """

    ticket: str
    visit: str
    name: str
    phone: str | None
    tel_url: str | None
    whatsapp_url: str | None
    meeting_url: str | None
    meeting_opened: bool


def join_due(tx: Transaction, office: str, day: date, now: datetime) -> int:
    """Put every visit from home in its line whose time has come. Returns how many; doing it again
    changes nothing. Must declare the day.
    """
    now = tx.time_on(office, day, now)
    due = [each for each in remote_store.list_due(tx, office, day, now) if joins_now(each, now)]
    for each in due:
        _join(tx, each, now, BY)
    return len(due)


def join_all_due(database: Database, now: datetime) -> int:
    """`join_due` for all offices."""
    with database.read() as connection:
        days = remote_store.list_due_days(connection, now, DAYS_AT_ONCE)
    return do_each(
        days,
        lambda key: database.write([key], partial(join_due, office=key[0], day=key[1], now=now)),
    )


def say_ready(tx: Transaction, ticket: str, now: datetime) -> Ticket:
    """Let a visitor say that they can be rung from now on: shortly before their time, or again
    after a call that they missed. Saying it again changes nothing.

    Raises `UnknownTicket`, `WrongState`, `WrongDay`, `TooEarly`, `TooLate`, `LimitReached` (rule
    `returns`) for a second return, `Paused`.
    """
    before = ticket_store.get(tx, ticket)
    settings = tx.office(before.office)
    now = tx.time_on(before.office, before.date, now)
    if not before.kind.is_remote:
        raise WrongState(action="ready", state=before.state.value, allowed=[])
    if before.state is State.WAITING:
        return before
    if before.state is State.NO_SHOW:
        _admit_return(tx, before)
        return arrival.return_late(tx, ticket, HOLDER, now).ticket
    steps.admit_arrival(before, settings, now)
    return _join(tx, before, now, HOLDER)


def _admit_return(tx: Transaction, ticket: Ticket) -> None:
    """Refuse to be rung yet another time at one's own wish: each costs a clerk several calls."""
    returned = event_store.list_of_tickets(tx, ticket.office, [ticket.id], [EventType.RETURNED])
    if any(each.facts.get("by") == HOLDER for each in returned):
        raise LimitReached(rule="returns", limit=1)


def _join(tx: Transaction, ticket: Ticket, now: datetime, by: str) -> Ticket:
    day, number = draw_number(tx.day(ticket.office, ticket.date), ticket.letter)
    tx.put_day(day)
    rules = tx.office(ticket.office).rules
    after, event = steps.join_remotely(ticket, rules, number, now)
    return ticket_store.save(tx, ticket, after, event.adding(by=by))


def show_contact(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Contact:
    """Whom the clerk is to ring, for the visit that is theirs now; the log keeps that it was shown.

    Raises `UnknownTicket`, `WrongState`, `NotYourTicket`.
    """
    about = ticket_store.get(tx, ticket, office)
    admit_contact(about, clerk)
    note_look(tx, about, EventType.CONTACT_SHOWN, clerk, now)
    return _view_contact(tx, about)


def open_meeting(
    tx: Transaction, office: str, ticket: str, url: str, clerk: str, now: datetime
) -> Contact:
    """Open the meeting of the clerk's visit by video at an address, or where the counter always
    meets (""): the ticket page shows it and its visitor is told.

    Raises `UnknownTicket`, `WrongState`, `NotYourTicket`, `BadInput` (url).
    """
    about = ticket_store.get(tx, ticket, office)
    address = url.strip() or _usual_url(tx, about)
    if address is None:
        raise BadInput(field="url", reason="missing")
    admit_meeting(about, clerk, address)
    known = remote_store.find_meeting(tx, office, about.id)
    if known is None or known.url != address:
        remote_store.open_meeting(tx, about, Meeting(address, now))
        facts = {"number": about.number, "by": clerk, "counter": about.counter}
        tx.record(Event(EventType.MEETING_OPENED, office, about.date, now, about.id, facts))
    return _view_contact(tx, about)


def _usual_url(tx: Transaction, ticket: Ticket) -> str | None:
    if ticket.counter is None:
        return None
    return tx.office(ticket.office).counter(ticket.counter).meeting_url


def _view_contact(tx: Transaction, ticket: Ticket) -> Contact:
    visitor = ticket_store.find_visitor(tx, ticket.office, ticket.id)
    phone = visitor.phone if visitor else None
    tel, whatsapp = phone_links(phone) if phone else (None, None)
    is_video = ticket.kind is VisitKind.VIDEO
    opened = remote_store.find_meeting(tx, ticket.office, ticket.id) if is_video else None
    return Contact(
        ticket.id,
        ticket.kind.value,
        visitor.name if visitor else "",
        phone,
        tel,
        whatsapp,
        opened.url if opened else _usual_url(tx, ticket) if is_video else None,
        opened is not None,
    )


def forget_meetings(tx: Transaction, codes: Sequence[str], now: datetime) -> int:
    """Delete where visits have met on days that are over. Returns how many."""
    return sum(remote_store.forget_before(tx, code, tx.office(code).date_at(now)) for code in codes)
