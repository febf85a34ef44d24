"""Changing an office's hours, limit, rules or mode: first shown as a dry run, then applied, then
planned day by day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.errors import BadInput, Changed
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.changes import (
    Change,
    HoursChange,
    LimitChange,
    ModeDecision,
    ModeEnd,
    RulesChange,
    change_office,
)
from queue_server.domain.office.office import Office
from queue_server.domain.office.remote import RemoteChange
from queue_server.domain.office.rule_ranges import told_value
from queue_server.domain.office.rules import values_of
from queue_server.domain.room.capacity import admit_limit, limit_zone
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.places.replanning import DayChange, preview
from queue_server.store.counter import counters as counter_store
from queue_server.store.office import hours as hour_store
from queue_server.store.office import modes as mode_store
from queue_server.store.office import offices as office_store
from queue_server.store.room import zones as zone_store
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction

from .offices import set_people_limit, switch_mode
from .rooms import LimitOf, find_exceeded


@dataclass(frozen=True)
class Preview:
    """What a change would do: the office as it would be, the days whose places change, and the
    bookings that lose theirs.

    `revision` is the office's at this look; applying may insist on it. `room_limit` is what the
    room as described holds, given where a new limit lets in more.
    """

    revision: int
    office: Office
    days: tuple[DayChange, ...]
    room_limit: int | None = None

    @property
    def stranded(self) -> tuple[Ticket, ...]:
        """All bookings that would lose their place, in order of time."""
        return tuple(
            ticket
            for day in self.days
            for ticket in sorted(day.stranded, key=lambda each: each.claim_at or each.created_at)
        )


def preview_change(
    connection: Connection,
    office: Office,
    change: Change,
    now: datetime,
    limit_of: LimitOf = limit_zone,
) -> Preview:
    """A dry run: nothing is changed. `limit_of` finds the limits of zones. Raises `BadInput`,
    `UnknownService`.
    """
    would_be = change_office(office, change, now)
    room_limit = None
    if isinstance(change, LimitChange):
        _admit_limit(connection, office, would_be)
        room_limit = find_exceeded(
            zone_store.load(connection, office.code), would_be.people_limit, limit_of
        )
    if isinstance(change, RemoteChange):
        today = counter_store.list_days(connection, office.code, office.date_at(now))
        _admit_closed(office, would_be, {id for id, each in today.items() if each.clerk})
    return Preview(office.revision, would_be, tuple(preview(connection, would_be, now)), room_limit)


def _admit_limit(reader: Reader, before: Office, after: Office) -> None:
    """Refuse a new limit that the described room could never hold. One in force may stay, so that
    the shares can still be changed.
    """
    if before.people_limit != after.people_limit:
        admit_limit(zone_store.load(reader, after.code), after.people_limit)


def apply_change(
    tx: Transaction,
    office: str,
    change: Change,
    by: str,
    now: datetime,
    revision: int | None = None,
) -> Office:
    """Change the settings. The caller then plans the coming days anew (`upkeep.plan_office`);
    upkeep does so too, should it not come to it.

    The command must declare today. Raises `Changed` if the office has no longer the revision that
    was previewed, `UnknownOffice`, `BadInput`, `UnknownService`, `UnknownCounter`.
    """
    before = tx.office(office)
    if revision is not None and before.revision != revision:
        raise Changed(office=office)
    after = change_office(before, change, now)
    if isinstance(change, HoursChange):
        return _change_hours(tx, before, change, by, now)
    if isinstance(change, LimitChange):
        return _change_limit(tx, before, after, by, now)
    if isinstance(change, RulesChange):
        return _set_rules(tx, before, after, EventType.RULES_CHANGED, by, now)
    if isinstance(change, ModeDecision):
        return switch_mode(tx, office, replace(change.period, decided_by=by, decided_at=now), now)
    if isinstance(change, RemoteChange):
        return _set_remote(tx, before, after, by, now)
    return _end_mode(tx, before, change, by, now)


def _change_hours(
    tx: Transaction, before: Office, change: HoursChange, by: str, now: datetime
) -> Office:
    if change.week is not None:
        hour_store.set_week(tx, before.code, change.week)
    if change.seasons is not None:
        hour_store.set_seasons(tx, before.code, change.seasons)
    for day, own in change.days.items():
        hour_store.set_day(tx, before.code, day, own)
    facts = {
        "week": change.week is not None,
        "seasons": change.seasons is not None,
        "days": [day.isoformat() for day in sorted(change.days)],
        "by": by,
    }
    return _record(tx, before, EventType.HOURS_CHANGED, facts, now)


def _change_limit(tx: Transaction, before: Office, after: Office, by: str, now: datetime) -> Office:
    _admit_limit(tx, before, after)
    if before.people_limit != after.people_limit:
        set_people_limit(tx, before.code, after.people_limit, by, now)
    return _set_rules(tx, before, after, EventType.LIMIT_CHANGED, by, now)


def _set_rules(
    tx: Transaction, before: Office, after: Office, kind: EventType, by: str, now: datetime
) -> Office:
    """Store the rules, with an event that names those which changed, each with its old and new
    value; none if all stay.
    """
    if before.rules == after.rules:
        return tx.office(before.code)
    office_store.set_rules(tx, before.code, after.rules)
    new = dict(values_of(after.rules))
    changed = {
        name: [told_value(name, old), told_value(name, new[name])]
        for name, old in sorted(values_of(before.rules))
        if old != new[name]
    }
    facts = {"changed": changed, "by": by}
    return _record(tx, before, kind, facts, now)


def _set_remote(tx: Transaction, before: Office, after: Office, by: str, now: datetime) -> Office:
    """Store what is from home now, with an event that names what has changed; none if nothing
    has. A counter at which somebody works changes under nobody: it must be closed first.
    """
    services = {
        each.code: [list(was.remote), list(each.remote)]
        for was, each in zip(before.services, after.services, strict=True)
        if was.remote != each.remote
    }
    counters = [
        each
        for was, each in zip(before.counters, after.counters, strict=True)
        if (was.remote, was.meeting_url) != (each.remote, each.meeting_url)
    ]
    if not services and not counters:
        return before
    staffed = counter_store.staffed(tx, before.code, before.date_at(now))
    _admit_closed(before, after, staffed)
    office_store.set_remote(tx, before, after)
    places = {each.id: "home" if each.remote else "office" for each in counters}
    facts = {"services": services, "counters": places, "by": by}
    return _record(tx, before, EventType.REMOTE_SET, facts, now)


def _admit_closed(before: Office, after: Office, staffed: Collection[str]) -> None:
    for each in after.counters:
        if each.remote is not before.counter(each.id).remote and each.id in staffed:
            raise BadInput(field=f"counter_{each.id}", reason="counter_open", counter=each.name)


def _end_mode(tx: Transaction, before: Office, change: ModeEnd, by: str, now: datetime) -> Office:
    period = next(each for each in before.modes if each.id == change.id)
    if period.ends_at is not None and period.ends_at <= change.at:
        return before
    mode_store.end(tx, before.code, change.id, change.at)
    facts = {
        "period": period.id,
        "mode": period.mode.value,
        "service": period.service,
        "ended_at": change.at.isoformat(),
        "by": by,
    }
    return _record(tx, before, EventType.MODE_CHANGED, facts, now)


def _record(
    tx: Transaction, before: Office, kind: EventType, facts: dict[str, Any], now: datetime
) -> Office:
    office_store.revise(tx, before.code)
    tx.record(Event(kind, before.code, before.date_at(now), now, None, facts))
    return tx.office(before.code)
