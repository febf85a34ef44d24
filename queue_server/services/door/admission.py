"""Who is inside, and who is let in: by itself in call order, by hand, or nobody while the door is
stopped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from queue_server.domain.counter.reasons import candidate_of
from queue_server.domain.door import steps
from queue_server.domain.door.admission import choose_entering
from queue_server.domain.errors import BadInput
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.occupancy import admit_party, correct
from queue_server.domain.visit.office_day import OfficeDay, admit_today
from queue_server.domain.visit.standstill import Act
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.places import places
from queue_server.store.counter import outside
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

ADMITTED_AT_ONCE = 50
"""How many parties one command may let in; the next command, or the upkeep, goes on."""


def comes_in(
    tx: Transaction, office: Office, day: OfficeDay, party_size: int, now: datetime
) -> bool:
    """Whether an arriving party may go straight in: it fits, and nobody who could ever come in
    waits outside before it.
    """
    if not day.occupancy(office.people_limit).fits(party_size):
        return False
    return day.parties_outside == 0 or not outside.waiting_outside(
        tx, office.code, day.date, 1, office.people_limit, now
    )


def admit_who_fit(tx: Transaction, office: str, day: date, now: datetime) -> list[Ticket]:
    """Let those outside come in who may: in call order, while the doors are open. Doing it again
    changes nothing.

    After the day's last opening nobody is let in without somebody's hand.
    """
    settings, state = tx.office(office), tx.day(office, day)
    occupancy = state.occupancy(settings.people_limit)
    if state.parties_outside == 0 or not occupancy.fits(1) or not settings.is_open(now):
        return []
    waiting = outside.waiting_outside(tx, office, day, ADMITTED_AT_ONCE, settings.people_limit, now)
    admitted = []
    for candidate in choose_entering(waiting, occupancy):
        before = ticket_store.get(tx, candidate.ticket, office)
        after, event = steps.admit(before, now)
        admitted.append(ticket_store.save(tx, before, after, event))
    return admitted


def admit(
    tx: Transaction, office: str, ticket: str, by: str, now: datetime, reason: str = ""
) -> Ticket:
    """Let a waiting visitor inside by hand: the next one as the door would, another only with a
    reason, which the log keeps.

    Raises `RoomFull`, `AdmissionsStopped`, `Paused`, `WrongState`, `UnknownTicket`, and `BadInput`
    where the reason is missing.
    """
    before = ticket_store.get(tx, ticket, office)
    after, event = steps.admit(before, now)
    admit_today(tx.day(office, before.date), Act.LET_IN)
    limit = tx.office(office).people_limit
    admit_party(tx.day(office, before.date).occupancy(limit), before.party_size)
    first = outside.waiting_outside(tx, office, before.date, 1, limit, now)
    # One who comes back before the time is over stands where their turn time says.
    due = next((each for each in first if each < candidate_of(before, now)), None)
    if due is not None and not reason.strip():
        raise BadInput(field="reason", reason="missing")
    saved = ticket_store.save(tx, before, after, replace(event, facts={**event.facts, "by": by}))
    if due is not None:
        due_number = ticket_store.get(tx, due.ticket, office).number
        facts = {
            "number": saved.number,
            "by": by,
            "reason": reason.strip(),
            "due_number": due_number,
        }
        tx.record(Event(EventType.LET_PAST, office, saved.date, now, saved.id, facts))
    return saved


def leave(tx: Transaction, office: str, ticket: str, by: str, now: datetime) -> Ticket:
    """Note that a visitor who waits or is set aside went away, and let the next in.

    In an evacuation whoever is inside, also at a counter, goes outside instead and keeps the place
    in the queue. Raises `WrongState`, `UnknownTicket`.
    """
    before = ticket_store.get(tx, ticket, office)
    after, event = steps.count_out(before, tx.day(office, before.date).paused, now)
    saved = ticket_store.save(tx, before, after, replace(event, facts={**event.facts, "by": by}))
    if saved.claim is None:
        places.give_back(tx, office, before.date, before.claim)
    admit_who_fit(tx, office, before.date, now)
    return saved


def correct_occupancy(
    tx: Transaction, office: str, delta: int, reason: str, by: str, now: datetime
) -> OfficeDay:
    """Add or take persons that no ticket accounts for.

    Raises `BadInput`, and `FewerWithoutTicket` where persons with tickets would be taken off: they
    leave by their number.
    """
    settings = tx.office(office)
    today = settings.date_at(now)
    day = tx.day(office, today)
    tx.put_day(replace(day, correction=correct(day.occupancy(settings.people_limit), delta)))
    facts = {"delta": delta, "reason": reason, "by": by}
    tx.record(Event(EventType.OCCUPANCY_CORRECTED, office, today, now, None, facts))
    admit_who_fit(tx, office, today, now)
    return tx.day(office, today)


def set_admitting(
    tx: Transaction, office: str, admitting: bool, reason: str, by: str, now: datetime
) -> OfficeDay:
    """Stop letting people in, or go on. Nobody is sent out, and who is inside is served; a repeat
    changes nothing.

    The command must declare today. Every day begins with an open door. Raises `Paused` for opening
    the door while everything stands still: it would not open.
    """
    today = tx.office(office).date_at(now)
    day = tx.day(office, today)
    if admitting:
        admit_today(day, Act.LET_IN)
    if day.admitting == admitting:
        return day
    tx.put_day(replace(day, admitting=admitting))
    kind = EventType.ADMISSIONS_RESUMED if admitting else EventType.ADMISSIONS_STOPPED
    tx.record(Event(kind, office, today, now, None, {"reason": reason, "by": by}))
    admit_who_fit(tx, office, today, now)
    return tx.day(office, today)
