"""Passing on alerts that nobody in the office has seen: each once, to the province by mail and to
the programs that asked for it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from queue_server.domain.events import EventType
from queue_server.domain.supervisor.escalation import loud_from
from queue_server.services.run_each import do_each
from queue_server.store.supervisor import announcements as alert_store
from queue_server.store.supervisor import escalations as escalation_store
from queue_server.store.supervisor.announcements import Alert
from queue_server.store.supervisor.escalations import Escalation
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .alerts import record_alert

BATCH = 100


def pass_alerts_on(database: Database, now: datetime) -> int:
    """Pass on the alerts that have stood unseen for as long as their office says. Returns how
    many.
    """
    with database.read() as connection:
        due = escalation_store.list_due(connection, now, BATCH)
    return do_each(
        due,
        lambda each: database.write(
            [(each.office, each.date)], partial(pass_on, alert=each, now=now)
        ),
    )


def pass_on(tx: Transaction, alert: Alert, now: datetime) -> int:
    """Pass one alert on, if that is still due; in quiet hours it waits for their end. Must declare
    the alert's day. Returns how many were passed on.
    """
    present = alert_store.find_alert(tx, alert.office, alert.id)
    if present.escalate_at is None or present.escalate_at > now:
        return 0
    office = tx.office(present.office)
    rules = office.rules.alerts
    if rules.escalate_minutes is None:
        alert_store.change_alert(tx, present, escalate_at=None)
        return 0
    # The quiet hours may have been set since it was raised.
    at = loud_from(present.kind, rules, office.tz, now)
    if at > now:
        alert_store.change_alert(tx, present, escalate_at=at)
        return 0
    alert_store.change_alert(tx, present, escalate_at=None)
    mail_due_at = None if rules.escalate_email is None else now
    escalation_store.add(tx, Escalation(present, now, mail_due_at))
    minutes = int((now - present.raised_at).total_seconds()) // 60
    record_alert(tx, EventType.ALERT_ESCALATED, present, {"minutes": minutes}, now)
    return 1
