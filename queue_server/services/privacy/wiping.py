"""Forgetting visitors: some days after a visit nothing is left by which anybody could tell whose it
was.

What remains is the ticket without its person, for the statistics, and for as long as it counts the
keyed fingerprint of somebody who missed a visit. Any process may do this and stop anywhere: a day
counts as wiped only when its rows are gone and the files are cleared up.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.events import Event, EventType
from queue_server.domain.privacy.retention import DataKind, known_from
from queue_server.services.run_each import do_each
from queue_server.store.office import offices as office_store
from queue_server.store.privacy import purges as purge_store
from queue_server.store.privacy import wiping as wiping_store
from queue_server.store.visit import events as event_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey, Transaction

DAYS_AT_ONCE = 40
"""Days of one office wiped in one run of the upkeep; the next goes on."""

BY = "upkeep"


def longest_kept(database: Database) -> tuple[int, int]:
    """The most days that any office knows its visitors, and that a missed visit counts: what every
    visitor can be promised.
    """
    with database.read() as connection:
        rules = [
            database.offices.get(connection, code).rules
            for code in office_store.all_codes(connection)
        ]
    return max((each.privacy.personal_data_days for each in rules), default=0), max(
        (each.booking.no_show_days for each in rules), default=0
    )


def wipe_personal_data(database: Database, now: datetime) -> int:
    """Forget the visitors of all days that are long enough past. Returns how many office-days are
    done with.
    """
    with database.read() as connection:
        due = _list_due(database, connection, now)
    gone: list[DayKey] = []

    def wipe(key: DayKey) -> int:
        if not database.write([key], partial(_wipe, office=key[0], day=key[1], now=now)):
            return 0
        gone.append(key)
        return 1

    try:
        do_each(due, wipe)
    finally:
        is_clear = bool(gone) and wiping_store.clear_up(database.url)
        if is_clear:
            database.write(gone, partial(_mark, days=gone, now=now))
    return len(gone) if is_clear else 0


def _list_due(database: Database, connection: Connection, now: datetime) -> list[DayKey]:
    due = []
    for code in office_store.all_codes(connection):
        before = known_from(database.offices.get(connection, code), now)
        due += [
            (code, day) for day in wiping_store.list_unwiped(connection, code, before, DAYS_AT_ONCE)
        ]
    return due


def _wipe(tx: Transaction, office: str, day: date, now: datetime) -> bool:
    """Delete the visitors of an office-day, with one event of how many. False while a ticket of it
    still stands for a visit.
    """
    if wiping_store.has_live_tickets(tx, office, day):
        return False
    wiped = wiping_store.wipe_day(tx, office, day, now)
    purge_store.count(tx, office, DataKind.VISITORS, wiped.visitors, now)
    purge_store.count(tx, office, DataKind.SOURCES, wiped.sources, now)
    if (
        wiped.visitors
        or wiped.messages
        or event_store.find_last_of_type(tx, office, day, EventType.PERSONAL_DATA_WIPED) is None
    ):
        facts = {"visitors": wiped.visitors, "messages": wiped.messages, "by": BY}
        tx.record(Event(EventType.PERSONAL_DATA_WIPED, office, day, now, None, facts))
    return True


def _mark(tx: Transaction, days: list[DayKey], now: datetime) -> None:
    for office, day in days:
        wiping_store.mark_wiped(tx, office, day, now)
