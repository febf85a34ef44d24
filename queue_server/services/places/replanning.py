"""Bringing the slots of a day up to date with the office's settings, and showing beforehand what
that would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.booking import steps
from queue_server.domain.booking.places import DayPlan
from queue_server.domain.booking.replan import Claimant, Firmness, Replanned, replan
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.messages.queueing import queue_message
from queue_server.store.booking import held_back as kept_store
from queue_server.store.booking.held_back import Kept
from queue_server.store.door import leased_places as leased_store
from queue_server.store.door.leased_places import Leased
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import slots as slot_store
from queue_server.store.writer.transaction import Transaction

from .offers import let_lapse

_FIRMNESS = {State.BOOKED: Firmness.BOOKED, State.HELD: Firmness.HELD}


@dataclass(frozen=True)
class DayChange:
    """What a change of settings would do to one date: places offered (persons) before and after,
    and the bookings stranded.
    """

    date: date
    people_before: int
    people_after: int
    slots_before: int
    slots_after: int
    stranded: tuple[Ticket, ...]


def preview(connection: Connection, office: Office, now: datetime) -> list[DayChange]:
    """What it would do to the coming days if an office were as given: a dry run, nothing is
    changed. Days that stay as they are are left out.
    """
    today = office.date_at(now)
    last = max(
        today + timedelta(days=office.rules.booking.horizon_days),
        slot_store.last_date(connection, office.code) or today,
    )
    plans = {
        plan.date: plan for plan in slot_store.list_between(connection, office.code, today, last)
    }
    changes = []
    for ahead in range((last - today).days + 1):
        day = today + timedelta(days=ahead)
        before = plans.get(day, DayPlan(office.code, day))
        tickets = {
            each.id: each for each in ticket_store.list_claiming(connection, office.code, day)
        }
        after = replan(
            office,
            before,
            _claimants(
                tickets.values(),
                kept_store.list_of_day(connection, office.code, day),
                leased_store.list_of_day(connection, office.code, day),
            ),
            now,
        )
        stranded = tuple(
            tickets[each.id] for each in after.stranded if each.firmness is Firmness.BOOKED
        )
        change = DayChange(
            day,
            _people(before),
            _people(after.plan),
            len(before.slots),
            len(after.plan.slots),
            stranded,
        )
        if stranded or (change.people_before, change.slots_before) != (
            change.people_after,
            change.slots_after,
        ):
            changes.append(change)
    return changes


def _people(plan: DayPlan) -> int:
    return sum(slot.people.total for slot in plan.slots)


def replan_day(tx: Transaction, office: str, day: date, now: datetime) -> list[Ticket]:
    """Make the slots of a date, or make them anew after a change of settings. Returns the bookings
    that were stranded.

    Doing it again changes nothing. The command must declare the office-day.
    """
    settings, state = tx.office(office), tx.day(office, day)
    if state.planned_revision == settings.revision:
        return []
    before = tx.plan(office, day)
    tickets = {each.id: each for each in ticket_store.list_claiming(tx, office, day)}
    leased = {each.id: each for each in leased_store.list_of_day(tx, office, day)}
    kept = kept_store.list_of_day(tx, office, day)
    claimants = _claimants(tickets.values(), kept, leased.values())
    result = replan(settings, before, claimants, now)
    tx.put_day(replace(state, planned_revision=settings.revision))
    if result.plan == before:
        return []
    tx.put_plan(result.plan)
    facts = {
        "revision": settings.revision,
        "slots": len(result.plan.slots),
        "people": _people(result.plan),
    }
    tx.record(Event(EventType.SLOTS_PLANNED, office, day, now, None, facts))
    _refit(tx, office, day, result, tickets, leased, now)
    return _strand(tx, result, tickets, leased, now)


def _claimants(
    tickets: Iterable[Ticket], kept: Iterable[Kept], leased: Iterable[Leased]
) -> list[Claimant]:
    """Who holds places. A place that a kiosk has leased goes like one kept back; one for which a
    visitor has come stays.
    """
    claimants = [
        Claimant(
            each.id,
            each.claim,
            _FIRMNESS.get(each.state, Firmness.PRESENT),
            each.created_at,
            each.service,
            each.channel is Channel.URGENT,
            each.kind,
        )
        for each in tickets
        if each.claim is not None
    ]
    claimants += [Claimant(each.id, each.claim, Firmness.KEPT, each.public_at) for each in kept]
    return claimants + [
        Claimant(
            each.id,
            each.claim,
            Firmness.PRESENT if each.used else Firmness.KEPT,
            each.claim.starts_at,
        )
        for each in leased
    ]


def _refit(
    tx: Transaction,
    office: str,
    day: date,
    result: Replanned,
    tickets: dict[str, Ticket],
    leased: Mapping[str, Leased],
    now: datetime,
) -> None:
    """Note how many slots each visit takes in the new plan, where that is another number."""
    for each, claim in result.refitted.items():
        if each.id in leased:
            leased_store.refit(tx, office, each.id, claim.span)
        elif each.firmness is Firmness.KEPT:
            kept_store.free(tx, office, each.id)
            kept_store.keep(tx, each.id, office, day, claim, each.since)
        else:
            ticket_store.save(tx, tickets[each.id], *steps.refit(tickets[each.id], claim, now))


def _strand(
    tx: Transaction,
    result: Replanned,
    tickets: dict[str, Ticket],
    leased: Mapping[str, Leased],
    now: datetime,
) -> list[Ticket]:
    """Take the claims from those who have no place in the new plan, which does not count them any
    more, and owe them a message.
    """
    stranded = []
    for each in result.stranded:
        if each.id in leased:
            leased_store.drop(tx, result.plan.office, each.id)
            continue
        if each.firmness is Firmness.KEPT:
            kept_store.free(tx, result.plan.office, each.id)
            continue
        before = tickets[each.id]
        booked = before.state is State.BOOKED
        after, event = (
            steps.strand(before, now) if booked else steps.expire(before, now, withdrawn=True)
        )
        saved = ticket_store.save(tx, before, after, event)
        if before.state is State.HELD:
            let_lapse(tx, before, withdrawn=True)
        if saved.state is State.STRANDED:
            queue_message(tx, saved, EventType.STRANDED, now)
            stranded.append(saved)
    return stranded
