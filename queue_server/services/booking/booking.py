"""Booking a slot: at once, or from a hold."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking.availability import refusal_of
from queue_server.domain.booking.booking import BookingFacts, BookingRequest, decide_booking
from queue_server.domain.booking.holding import HeldFacts, decide_confirmation
from queue_server.domain.office.office import Office
from queue_server.domain.visit.step import Draw
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.places.slot_day import reclaim_if_full, replan_slot_day
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from . import contacts
from .persons import load_person
from .takings import load_crowd, note_source


def book(tx: Transaction, office: str, wanted: BookingRequest, draw: Draw, now: datetime) -> Ticket:
    """Book a slot, at once or from a hold. Must declare its day.

    Raises `UnknownOffice`, and as `decide_booking` does; with a hold as `decide_confirmation` does.
    """
    settings = tx.office(office)
    if wanted.hold is not None:
        return _confirm(tx, settings, wanted, wanted.hold, now)
    replan_slot_day(tx, settings, wanted.wish, now)
    reclaim_if_full(tx, settings, wanted.wish, now)
    facts = _load(tx, settings, wanted, now)
    taken = decide_booking(facts, wanted, draw, now)
    tx.put_plan(taken.plan)
    booked = ticket_store.add(tx, taken.ticket, taken.event, wanted.visitor)
    note_source(tx, taken, wanted.source, None, now)
    return booked


def _load(tx: Transaction, office: Office, wanted: BookingRequest, now: datetime) -> BookingFacts:
    day = office.date_at(wanted.slot)
    plan, paused = tx.plan(office.code, day), tx.day(office.code, day).paused
    if refusal_of(office, plan, wanted.wish, now) is not None:
        # In a rush most ask for what has just gone; the person and the crowd are dear to look at.
        return BookingFacts(office, plan, paused=paused)
    return BookingFacts(
        office,
        plan,
        load_crowd(tx, office, wanted.wish, wanted.judged_source, None, now),
        is_contact_proved=_has_proved_contact(tx, wanted),
        person=load_person(tx, office, wanted.visitor, now, ahead=wanted.is_own),
        paused=paused,
    )


def _confirm(
    tx: Transaction, office: Office, wanted: BookingRequest, code: str, now: datetime
) -> Ticket:
    facts = _load_held(tx, office, wanted, code, now)
    booked, event = decide_confirmation(facts, wanted, now)
    saved = ticket_store.save(tx, facts.held, booked, event)
    ticket_store.add_visitor(tx, saved, wanted.visitor)
    return saved


def _load_held(
    tx: Transaction, office: Office, wanted: BookingRequest, code: str, now: datetime
) -> HeldFacts:
    held = ticket_store.find_by_code(tx, code)
    return HeldFacts(
        office,
        held,
        is_offered=waitlist_store.find_offered(tx, held.office, held.id) is not None,
        is_contact_proved=_has_proved_contact(tx, wanted),
        person=load_person(tx, office, wanted.visitor, now, ahead=wanted.is_own),
        paused=tx.day(office.code, office.date_at(wanted.slot)).paused,
    )


def _has_proved_contact(tx: Transaction, wanted: BookingRequest) -> bool:
    """Whether the visitor's contact has answered, where that is asked for."""
    return wanted.needs_contact and contacts.is_proved(tx, wanted.contact)
