"""Changing an office's settings: first shown as a dry run, then applied, then planned day by day;
and taken back the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.errors import CannotUndo, Changed
from queue_server.domain.events import EventType
from queue_server.domain.office.changes import (
    BesideChange,
    Change,
    HoursChange,
    LimitChange,
    ModeDecision,
    ModeEnd,
    RulesChange,
    ServiceTold,
    SlipChange,
    Together,
    change_office,
)
from queue_server.domain.office.descriptions import told_anew
from queue_server.domain.office.office import Office
from queue_server.domain.office.remote import RemoteChange
from queue_server.domain.office.rule_ranges import told_value
from queue_server.domain.office.rules import values_of
from queue_server.domain.office.settings.in_use import admit_not_in_use
from queue_server.domain.office.settings.parts import Difference, compare
from queue_server.domain.office.settings.structure import StructureChange
from queue_server.domain.office.settings.undoing import undo
from queue_server.domain.office.slip_design import find_changes
from queue_server.domain.room.capacity import admit_limit, limit_room, limit_zone
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.places.replanning import DayChange, preview
from queue_server.services.setting_history import record_change
from queue_server.store.office import history as history_store
from queue_server.store.office import hours as hour_store
from queue_server.store.office import modes as mode_store
from queue_server.store.office import offices as office_store
from queue_server.store.office import slip_logos
from queue_server.store.office.in_use import find_in_use
from queue_server.store.room import zones as zone_store
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction

from .beside import find_present, find_rooms, preview_beside, put_beside
from .offices import set_people_limit, switch_mode
from .rooms import LimitOf, find_exceeded


@dataclass(frozen=True)
class Preview:
    """What a change would do: the office as it would be, the days whose places change, and the
    bookings that lose theirs.

    `revision` is the office's at this look; applying may insist on it. `room_limit` is what the
    room as described holds, given where the limit lets in more. `beside` is what would be another
    part of what is kept beside the office, `holds` what another room holds, before and after.
    """

    revision: int
    office: Office
    days: tuple[DayChange, ...]
    room_limit: int | None = None
    beside: Difference = field(default_factory=dict)
    holds: tuple[int | None, int | None] | None = None

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
    `StillInUse`, `UnknownService`.
    """
    would_be = admit_change(connection, office, change, now)
    room_limit = None
    if _sets_limit(change):
        room_limit = find_exceeded(
            zone_store.load(connection, office.code), would_be.people_limit, limit_of
        )
    if isinstance(change, BesideChange):
        return _preview_beside(connection, office, change, limit_of)
    return Preview(office.revision, would_be, tuple(preview(connection, would_be, now)), room_limit)


def _preview_beside(
    reader: Reader, office: Office, change: BesideChange, limit_of: LimitOf
) -> Preview:
    beside = preview_beside(reader, office, change)
    rooms = find_rooms(reader, office, change)
    if not beside or rooms is None:
        return Preview(office.revision, office, (), beside=beside)
    before, after = (limit_room(each, limit_of) for each in rooms)
    return Preview(
        office.revision,
        office,
        (),
        after.limit if after.is_exceeded_by(office.people_limit) else None,
        beside,
        (before.limit, after.limit) if before.limit != after.limit else None,
    )


def admit_change(reader: Reader, office: Office, change: Change, now: datetime) -> Office:
    """The office as a change would make it; nothing is changed. Raises `BadInput`, `StillInUse`,
    `UnknownService`, `UnknownCounter`.
    """
    would_be = change_office(office, change, now)
    _admit_use(reader, office, would_be, now)
    if _sets_limit(change):
        _admit_limit(reader, office, would_be)
    return would_be


def _sets_limit(change: Change) -> bool:
    if isinstance(change, Together):
        return any(map(_sets_limit, change.changes))
    return isinstance(change, LimitChange)


def _admit_limit(reader: Reader, before: Office, after: Office) -> None:
    """Refuse a new limit that the described room could never hold. One in force may stay, so that
    the shares can still be changed.
    """
    if before.people_limit != after.people_limit:
        admit_limit(zone_store.load(reader, after.code), after.people_limit)


def _admit_use(reader: Reader, before: Office, after: Office, now: datetime) -> None:
    """Refuse to take away what is in use; see `domain.office.settings.in_use`."""
    if _uses(before) != _uses(after):
        in_use = find_in_use(reader, before, before.date_at(now))
        admit_not_in_use(before, after, in_use)


def _uses(office: Office) -> tuple[object, ...]:
    """What can be in use."""
    return office.zone, office.streams, office.services, office.counters


def plan_undo(reader: Reader, office: Office, revision: int, now: datetime) -> Change:
    """The change that takes back the one which gave the office a revision. Raises `CannotUndo`."""
    made = history_store.find(reader, office.code, revision)
    if made is None or made.undone_by is not None:
        raise CannotUndo(part="", reason="changed")
    return undo(office, made.parts, now, find_present(reader, office.code, made.parts))


def apply_change(
    tx: Transaction,
    office: str,
    change: Change,
    by: str,
    now: datetime,
    revision: int | None = None,
    undoes: int | None = None,
) -> Office:
    """Change the settings. The caller then plans the coming days anew (`upkeep.plan_office`);
    upkeep does so too, should it not come to it.

    The command must declare today. `undoes` is the revision of the change that is taken back.
    Raises `Changed` if the office has no longer the revision that was previewed, `UnknownOffice`,
    `BadInput`, `StillInUse`, `UnknownService`, `UnknownCounter`.
    """
    before = tx.office(office)
    if revision is not None and before.revision != revision:
        raise Changed(office=office)
    after = change_office(before, change, now)
    if isinstance(change, Together):
        for each in change.changes:
            after = apply_change(tx, office, each, by, now)
        return after
    _admit_use(tx, before, after, now)
    step = _Step(tx, before, after, by, now, undoes)
    if isinstance(change, HoursChange):
        return _change_hours(step, change)
    if isinstance(change, LimitChange):
        return _change_limit(step)
    if isinstance(change, RulesChange):
        return _set_rules(step, EventType.RULES_CHANGED)
    if isinstance(change, ModeDecision):
        return switch_mode(tx, office, replace(change.period, decided_by=by, decided_at=now), now)
    if isinstance(change, ModeEnd):
        return _end_mode(step, change)
    if isinstance(change, StructureChange):
        return _save(step, EventType.OFFICE_RESTRUCTURED, {"changed": _told(before, after)})
    if isinstance(change, RemoteChange):
        return _set_remote(step)
    if isinstance(change, SlipChange):
        return _design_slip(step, change)
    if isinstance(change, ServiceTold):
        code = change.service
        told = told_anew(before.service(code), after.service(code))
        return _save(step, EventType.SERVICE_DESCRIBED, {"service": code, "told": told})
    if isinstance(change, BesideChange):
        put_beside(tx, office, change, by, now, undoes)
        return tx.office(office)
    return _save(step, EventType.OFFICE_DESCRIBED, {"told": told_anew(before, after)})


@dataclass(frozen=True)
class _Step:
    """A change that has been decided: what it makes of which office, by whom and when."""

    tx: Transaction
    before: Office
    after: Office
    by: str
    now: datetime
    undoes: int | None

    def record(self, kind: EventType, facts: dict[str, Any]) -> Office:
        told = {**facts, "by": self.by}
        return record_change(self.tx, self.before, kind, told, self.now, self.undoes)


def _save(step: _Step, kind: EventType, facts: dict[str, Any]) -> Office:
    """Store what is another setting, with its event; nothing if all stays."""
    if not compare(step.before, step.after):
        return step.before
    office_store.save(step.tx, step.before, step.after)
    return step.record(kind, facts)


def _design_slip(step: _Step, change: SlipChange) -> Office:
    changed = find_changes(step.before.slip, step.after.slip)
    if "logo" in changed and change.logo is not None:
        slip = step.after.slip
        slip_logos.put(step.tx, step.before.code, slip.logo, change.logo.picture)
    return _save(step, EventType.SLIP_DESIGNED, {"changed": changed})


def _told(before: Office, after: Office) -> dict[str, Any]:
    """What changes, part by part, as the log keeps it."""
    return {path: list(pair) for path, pair in compare(before, after).items()}


def _change_hours(step: _Step, change: HoursChange) -> Office:
    code = step.before.code
    if change.week is not None:
        hour_store.set_week(step.tx, code, change.week)
    if change.seasons is not None:
        hour_store.set_seasons(step.tx, code, change.seasons)
    for day, own in change.days.items():
        hour_store.set_day(step.tx, code, day, own)
    facts = {
        "week": change.week is not None,
        "seasons": change.seasons is not None,
        "days": [day.isoformat() for day in sorted(change.days)],
    }
    return step.record(EventType.HOURS_CHANGED, facts)


def _change_limit(step: _Step) -> Office:
    tx, before, after = step.tx, step.before, step.after
    _admit_limit(tx, before, after)
    if before.people_limit != after.people_limit:
        limited = set_people_limit(
            tx, before.code, after.people_limit, step.by, step.now, step.undoes
        )
        step = replace(step, before=limited)
    return _set_rules(step, EventType.LIMIT_CHANGED)


def _set_rules(step: _Step, kind: EventType) -> Office:
    """Store the rules, with an event that names those which changed, each with its old and new
    value; none if all stay.
    """
    before, after = step.before, step.after
    if before.rules == after.rules:
        return before
    office_store.save(step.tx, before, after)
    new = dict(values_of(after.rules))
    changed = {
        name: [told_value(name, old), told_value(name, new[name])]
        for name, old in sorted(values_of(before.rules))
        if old != new[name]
    }
    return step.record(kind, {"changed": changed})


def _set_remote(step: _Step) -> Office:
    """Store what is from home now, with an event that names what has changed."""
    before, after = step.before, step.after
    services = {
        each.code: [list(was.remote), list(each.remote)]
        for was, each in zip(before.services, after.services, strict=True)
        if was.remote != each.remote
    }
    counters = {
        each.id: "home" if each.remote else "office"
        for was, each in zip(before.counters, after.counters, strict=True)
        if (was.remote, was.meeting_url) != (each.remote, each.meeting_url)
    }
    return _save(step, EventType.REMOTE_SET, {"services": services, "counters": counters})


def _end_mode(step: _Step, change: ModeEnd) -> Office:
    before = step.before
    period = next(each for each in before.modes if each.id == change.id)
    if period.ends_at is not None and period.ends_at <= change.at:
        return before
    mode_store.end(step.tx, before.code, change.id, change.at)
    facts = {
        "period": period.id,
        "mode": period.mode.value,
        "service": period.service,
        "ended_at": change.at.isoformat(),
    }
    return step.record(EventType.MODE_CHANGED, facts)
