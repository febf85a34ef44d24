"""Deleting an office that nobody has anything to do with any more."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.errors import BadInput, OfficeInUse
from queue_server.domain.events import Event, EventType
from queue_server.store.office import offices as office_store
from queue_server.store.office import removal
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey, Transaction


def days_to_tell(database: Database, office: str, now: datetime) -> list[DayKey]:
    """The office-days to lock: that of the office, and that of the first other one, in whose log
    the deletion is told.
    """
    with database.read() as connection:
        others = [code for code in office_store.all_codes(connection) if code != office]
        return [
            (code, database.offices.get(connection, code).date_at(now))
            for code in (office, *others[:1])
        ]


def delete_office(tx: Transaction, office: str, typed: str, by: str, now: datetime) -> None:
    """Delete an office with its settings, accounts, devices, visits and figures. Its log stays, and
    so no other office gets its code. The command must declare `days_to_tell`.

    Raises `BadInput` (code) unless its code was `typed`, `OfficeInUse` with the number of `visits`
    that are not over, `UnknownOffice`.
    """
    tx.office(office)
    if typed.strip() != office:
        raise BadInput(field="code", reason="mismatch")
    removal.lock_office(tx, office)
    visits = removal.count_live_visits(tx, office)
    if visits:
        raise OfficeInUse(visits=visits)
    other = next((code for code, _day in tx.days if code != office), None)
    removal.delete(tx, office)
    if other is not None:
        today = tx.office(other).date_at(now)
        facts = {"deleted": office, "by": by}
        tx.record(Event(EventType.OFFICE_DELETED, other, today, now, None, facts))
