"""The steps of an office's first set-up: how far it is, and what each step does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, time

from sqlalchemy.engine import Connection

from queue_server.domain.errors import BadInput, Changed
from queue_server.domain.office.changes import HoursChange, LimitChange
from queue_server.domain.office.hours import Opening
from queue_server.domain.office.office import Counter, Office
from queue_server.domain.office.whole.catalogue import Catalogue
from queue_server.domain.office.whole.faults import MOST_COUNTERS
from queue_server.domain.office.whole.steps import UNSEEN, Mark, Progress, Step, find_progress
from queue_server.domain.room.zones import Zone
from queue_server.services.office.changes import apply_change
from queue_server.services.office.rooms import put_zone
from queue_server.store.access import devices as device_store
from queue_server.store.access import users as user_store
from queue_server.store.office import removal, setup_steps
from queue_server.store.writer.transaction import Transaction

from .creating import replace_office

PAIRED = "PAIRED"
USUAL_DAYS, FRIDAY = range(5), 4
"""Monday to Friday."""


def view_progress(connection: Connection, office: Office) -> Progress:
    """How far the set-up of an office is."""
    accounts = sum(each.active for each in user_store.list_users(connection, office.code))
    known = device_store.list_of_office(connection, office.code)
    paired = sum(each.state == PAIRED for each in known)
    return find_progress(office, accounts, paired, setup_steps.list_marks(connection, office.code))


def mark_step(tx: Transaction, office: str, step: Step, mark: Mark, now: datetime) -> None:
    """Pass a step over, or note that one was done of which no setting tells. Raises `BadInput`
    (step), `UnknownOffice`.
    """
    tx.office(office)
    if mark is Mark.DONE and step not in UNSEEN:
        raise BadInput(field="step", reason="seen")
    setup_steps.put(tx, office, step.value, mark.value, now)


def set_limit(
    tx: Transaction, office: str, limit: int | None, zone: Zone | None, by: str, now: datetime
) -> Office:
    """Let so many people in (None: no limit), and describe the room that the number comes from. The
    command must declare today.

    Raises `Changed` where there are visits already, which only the change with its dry run may
    move, `BadInput`, `UnknownOffice`.
    """
    if removal.count_live_visits(tx, office):
        raise Changed(office=office)
    if zone is not None:
        put_zone(tx, office, zone, by, now)
    booking = tx.office(office).rules.booking
    change = LimitChange(limit, booking.online_share, booking.urgent_share, booking.release_minutes)
    setup_steps.put(tx, office, Step.ROOM.value, Mark.DONE.value, now)
    return apply_change(tx, office, change, by, now)


def plan_week(
    days: Collection[int],
    opens: time,
    closes: time,
    pause: tuple[time, time] | None,
    friday_pause: tuple[time, time] | None,
) -> tuple[Opening, ...]:
    """A week of like days, with a break, on Friday another one (None: no break)."""
    openings = []
    for weekday in sorted(days):
        own = friday_pause if weekday == FRIDAY else pause
        if own is None:
            openings.append(Opening(weekday, opens, closes))
        else:
            openings += [Opening(weekday, opens, own[0]), Opening(weekday, own[1], closes)]
    return tuple(openings)


def set_week(
    tx: Transaction, office: str, week: tuple[Opening, ...], by: str, now: datetime
) -> Office:
    """Give an office without hours its first week. The command must declare today. Raises
    `Changed` where it has hours, `BadInput`, `UnknownOffice`.
    """
    if tx.office(office).hours.week:
        raise Changed(office=office)
    return apply_change(tx, office, HoursChange(week=week), by, now)


def add_services(
    tx: Transaction,
    office: str,
    catalogue: Catalogue,
    chosen: Collection[str],
    by: str,
    now: datetime,
) -> Office:
    """Give an office without services those of a catalogue that are `chosen`, by code, with the
    streams they need. The command must declare today.

    Raises `Changed` where it has services, `BadInput`, `UnknownOffice`.
    """
    before = tx.office(office)
    if before.services:
        raise Changed(office=office)
    services = tuple(each for each in catalogue.services if each.code in chosen)
    if not services:
        raise BadInput(field="services", reason="missing")
    urgent = catalogue.urgent_letter
    needed = {each.letter for each in services} | ({urgent} if urgent else set())
    known = {each.letter for each in before.streams}
    streams = before.streams + tuple(
        each for each in catalogue.streams if each.letter in needed and each.letter not in known
    )
    booking = replace(before.rules.booking, urgent_letter=urgent)
    rules = replace(before.rules, booking=booking) if urgent else before.rules
    after = replace(before, streams=streams, services=services, rules=rules)
    return replace_office(tx, after, None, by, now)


def add_counters(tx: Transaction, office: str, count: int, by: str, now: datetime) -> Office:
    """Give an office without counters some, numbered from 1, that serve every stream. The command
    must declare today. Raises `Changed` where it has counters, `BadInput` (counters; reason range,
    streams), `UnknownOffice`.
    """
    before = tx.office(office)
    if before.counters:
        raise Changed(office=office)
    if not 1 <= count <= MOST_COUNTERS:
        raise BadInput(field="counters", reason="range", low=1, high=MOST_COUNTERS)
    letters = tuple(each.letter for each in before.streams)
    if not letters:
        raise BadInput(field="counters", reason="streams")
    counters = tuple(
        Counter(f"{office}-{number}", str(number), letters) for number in range(1, count + 1)
    )
    return replace_office(tx, replace(before, counters=counters), None, by, now)
