"""Telling the supervisor when a threshold is passed: once for each crossing, until it is not passed
any more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from queue_server.domain.events import Event, EventType
from queue_server.domain.supervisor.alerts import (
    MAILED_KINDS,
    OFFICE_KINDS,
    AlertKind,
    Crossing,
    find_crossings,
    is_letter_stale,
    mail_at,
)
from queue_server.domain.supervisor.escalation import ESCALATED_KINDS, escalate_at, loud_from
from queue_server.services.places.ticket_ids import draw
from queue_server.services.run_each import do_each
from queue_server.services.screens.watch import watch_office
from queue_server.store.office import offices as office_store
from queue_server.store.supervisor import alert_mail as mail_store
from queue_server.store.supervisor import announcements as alert_store
from queue_server.store.supervisor import escalations as escalation_store
from queue_server.store.supervisor.announcements import Alert
from queue_server.store.writer import days as day_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction


def watch_thresholds(database: Database, now: datetime) -> int:
    """Raise and end the alerts of every office as its thresholds say, but those of its devices.
    Returns how many changed.

    Outside the opening hours only an office where people still wait, are sent out or are too many
    inside is watched. With a day its alerts are over, those of devices too: what holds on is raised
    anew in the next, and nobody is told in the morning of what was yesterday's.
    """
    with database.read() as connection:
        codes = office_store.all_codes(connection)
        past = [
            (office, day)
            for office, day in alert_store.list_days_with_open(connection)
            if day < database.offices.get(connection, office).date_at(now)
        ]
    ended = do_each(
        past,
        lambda key: database.write(
            [key],
            partial(
                settle_alerts,
                office=key[0],
                day=key[1],
                crossings=(),
                kinds=frozenset(AlertKind),
                now=now,
            ),
        ),
    )
    return ended + do_each(codes, lambda code: _watch(database, code, now))


def _watch(database: Database, code: str, now: datetime) -> int:
    with database.read() as connection:
        office = database.offices.get(connection, code)
        today = office.date_at(now)
        day = day_store.find(connection, code, today)
        is_watched = (
            office.is_open(now)
            or day.waiting > 0
            or day.is_evacuated
            or day.occupancy(office.people_limit).over > 0
        )
        crossings = (
            find_crossings(watch_office(connection, office, now), office.rules)
            if is_watched
            else []
        )
        known = {
            (each.kind, each.subject)
            for each in alert_store.list_open(connection, code, today)
            if each.kind in OFFICE_KINDS
        }
    if known == {each.key for each in crossings}:
        return 0
    return database.write(
        [(code, today)],
        partial(
            settle_alerts, office=code, day=today, crossings=crossings, kinds=OFFICE_KINDS, now=now
        ),
    )


def settle_alerts(
    tx: Transaction,
    office: str,
    day: date,
    crossings: Sequence[Crossing],
    kinds: Collection[AlertKind],
    now: datetime,
) -> int:
    """Bring the open alerts of some kinds in line with what is passed now; one event for each that
    is raised or ended. Doing it again changes nothing.
    """
    known = {
        (each.kind, each.subject): each
        for each in alert_store.list_open(tx, office, day)
        if each.kind in kinds
    }
    wanted = {each.key: each for each in crossings}
    for key, crossing in wanted.items():
        if key not in known:
            last = (
                mail_store.find_last_mailed(tx, office, day, crossing.kind, crossing.subject)
                if crossing.kind in MAILED_KINDS
                else None
            )
            settings = tx.office(office)
            mail_due = mail_at(crossing, settings.rules, last, now)
            if mail_due is not None:
                mail_due = loud_from(crossing.kind, settings.rules.alerts, settings.tz, mail_due)
            last_passed = (
                escalation_store.find_last(tx, office, crossing.kind, crossing.subject)
                if crossing.kind in ESCALATED_KINDS
                and settings.rules.alerts.escalate_minutes is not None
                else None
            )
            raised = Alert(
                draw().id,
                office,
                day,
                crossing.kind,
                crossing.subject,
                crossing.facts,
                now,
                mail_due_at=mail_due,
                escalate_at=escalate_at(
                    crossing.kind, settings.rules, last_passed, settings.tz, now
                ),
            )
            alert_store.add_alert(tx, raised)
            record_alert(tx, EventType.ALERT_RAISED, raised, {**crossing.facts}, now)
    for key, alert in known.items():
        if key not in wanted:
            untold = {"mail_due_at": None} if is_letter_stale(alert.kind) else {}
            alert_store.change_alert(tx, alert, ended_at=now, escalate_at=None, **untold)
            record_alert(tx, EventType.ALERT_ENDED, alert, {}, now)
    return len(known.keys() ^ wanted.keys())


def acknowledge(tx: Transaction, office: str, alert: str, by: str, now: datetime) -> Alert:
    """Note who has seen an alert; the first one counts. The command must declare the alert's day.
    Raises `UnknownAlert`.
    """
    raised = alert_store.find_alert(tx, office, alert)
    if raised.acknowledged_by is not None:
        return raised
    alert_store.change_alert(tx, raised, acknowledged_at=now, acknowledged_by=by, escalate_at=None)
    record_alert(tx, EventType.ALERT_ACKNOWLEDGED, raised, {"by": by}, now)
    return replace(raised, acknowledged_at=now, acknowledged_by=by, escalate_at=None)


def record_alert(
    tx: Transaction, type: EventType, alert: Alert, facts: dict[str, object], now: datetime
) -> None:
    """Record what happens to an alert."""
    about = {"alert": alert.id, "kind": alert.kind.value, "subject": alert.subject}
    tx.record(Event(type, alert.office, alert.date, now, None, {**facts, **about}))
