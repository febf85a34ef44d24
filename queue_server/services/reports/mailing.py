"""Who gets the report of an office by mail: adding an address and removing it. Each is a command
with one event; it must declare today.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.events import EventType
from queue_server.domain.reports.mailing import ReportMail, admit_adding, next_due
from queue_server.domain.reports.period import Step
from queue_server.services.access import log
from queue_server.store.reports import mails as mail_store
from queue_server.store.writer.transaction import Transaction


def add(
    tx: Transaction,
    office: str,
    id: str,
    email: str,
    every: Step,
    language: str,
    by: str,
    now: datetime,
) -> None:
    """Send an address the report of each week or month from the present one on. `email` is one as
    mail servers take it. Raises `BadInput`.
    """
    place = tx.office(office)
    due_at = next_due(every, place.date_at(now), place.tz)
    mail = ReportMail(id, office, every, email, language, by, now, due_at)
    admit_adding(mail_store.list_of_office(tx, office), mail)
    mail_store.add(tx, mail)
    log.note(tx, EventType.REPORT_MAIL_ADDED, office, by, now, mail=id, every=every.value)


def remove(tx: Transaction, office: str, id: str, by: str, now: datetime) -> None:
    """Send an address no more reports. Doing it again changes nothing."""
    if mail_store.remove(tx, office, id):
        log.note(tx, EventType.REPORT_MAIL_REMOVED, office, by, now, mail=id)
