"""The nightly purge: everything about persons whose time is over is deleted, counted by kind in the
transaction that deletes it, and the night sealed with a digest once nothing is left.

Any process may do this and stop anywhere: what was counted stays counted, and the next goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import Rules
from queue_server.domain.privacy.purges import Purge, PurgeRow, digest_purge, is_late
from queue_server.domain.privacy.retention import (
    RETENTIONS,
    DataKind,
    cite_rule,
    kept_since,
    known_from,
)
from queue_server.services.access.sessions import forget_sessions
from queue_server.services.booking.contacts import forget_contacts
from queue_server.services.counter.remarks import forget_notes
from queue_server.services.counter.remote import forget_meetings
from queue_server.services.places.no_shows import forget_no_shows
from queue_server.services.run_each import do_each
from queue_server.store import idempotency as answer_store
from queue_server.store.messages import messages as message_store
from queue_server.store.office import offices as office_store
from queue_server.store.privacy import purges as purge_store
from queue_server.store.privacy import wiping as wiping_store
from queue_server.store.supervisor import announcements as alert_store
from queue_server.store.webhooks import messages as webhook_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey, Transaction

from .wiping import BY

BATCH = 1_000
"""Rows of one kind that one transaction deletes."""

BATCHES = 100
"""Transactions for the same rows in one run of the upkeep; the next goes on."""

_ON_PAGES = frozenset(DataKind) - {
    DataKind.MESSAGES,
    DataKind.ANSWERS,
    DataKind.SIGN_INS,
    DataKind.DEVICE_LOGS,
    DataKind.WEBHOOKS,
    DataKind.BACKUPS,
}
"""Kinds of which the disk may keep a copy of a row until the tables are written anew."""

_EACH_NIGHT = frozenset(
    kind
    for kind, retention in RETENTIONS.items()
    if kind is not DataKind.BACKUPS and not retention.everywhere
)
"""Kinds of which every office's night has a row, even where nothing had to go. What all offices
share is counted for the first one.
"""

_OF_DAYS = (DataKind.VISITORS, DataKind.SOURCES)
"""What goes by whole days."""

OFFICES_AT_ONCE = 20
"""Offices whose rows one transaction deletes."""

Forget = Callable[[Transaction], int]
Step = tuple[str | None, DataKind, Forget]
"""Whom a deletion is counted for (None: there is no office yet), its kind, and what deletes."""


def forget_expired(database: Database, now: datetime) -> int:
    """Delete the rows about persons whose time is over, but for the visitors of days, which
    `wiping` forgets. Returns how many.
    """
    with database.read() as connection:
        codes = sorted(office_store.all_codes(connection))
        offices = [database.offices.get(connection, code) for code in codes]
    first = next(iter(codes), None)
    everywhere: list[Step] = [
        (first, DataKind.CONTACTS, partial(forget_contacts, now=now)),
        (first, DataKind.SIGN_INS, partial(forget_sessions, now=now)),
        (first, DataKind.ANSWERS, _before(answer_store.forget_before, DataKind.ANSWERS, now)),
        (first, DataKind.WEBHOOKS, _before(webhook_store.forget_before, DataKind.WEBHOOKS, now)),
    ]
    of_offices = [
        [step for office in some for step in _steps_of(office, now)] for some in _batched(offices)
    ]
    return do_each([everywhere, *of_offices], lambda steps: _forget_all(database, steps, now))


def _batched(offices: Sequence[Office]) -> Iterator[Sequence[Office]]:
    for start in range(0, len(offices), OFFICES_AT_ONCE):
        yield offices[start : start + OFFICES_AT_ONCE]


def _steps_of(office: Office, now: datetime) -> list[Step]:
    code = office.code
    return [
        (code, DataKind.NO_SHOWS, partial(forget_no_shows, offices=[code], now=now)),
        (code, DataKind.NOTES, partial(forget_notes, codes=[code], now=now)),
        (code, DataKind.NOTES, partial(forget_meetings, codes=[code], now=now)),
        (code, DataKind.MESSAGES, _of_office(message_store.forget_before, office, now)),
        (code, DataKind.DEVICE_LOGS, _of_alerts(office, now)),
    ]


def _before(
    forget: Callable[[Transaction, datetime], int], kind: DataKind, now: datetime
) -> Forget:
    fixed = RETENTIONS[kind].fixed
    assert fixed is not None, "what all offices share is kept for one time"
    return lambda tx: forget(tx, now - fixed)


def _of_office(
    forget: Callable[[Transaction, str, datetime, date, int], int], office: Office, now: datetime
) -> Forget:
    before = kept_since(DataKind.MESSAGES, office.rules, now)
    return lambda tx: forget(tx, office.code, before, office.date_at(before), BATCH)


def _of_alerts(office: Office, now: datetime) -> Forget:
    before = kept_since(DataKind.DEVICE_LOGS, office.rules, now)
    day = office.date_at(before)
    return lambda tx: alert_store.forget_before(tx, office.code, before, day, BATCH)


def _forget_all(database: Database, steps: Sequence[Step], now: datetime) -> int:
    """Take steps together, and those again that have deleted a whole batch."""

    def command(tx: Transaction, wanted: Sequence[Step]) -> list[int]:
        gone = []
        for office, kind, forget in wanted:
            gone.append(forget(tx))
            if office is not None:
                purge_store.count(tx, office, kind, gone[-1], now)
        return gone

    total, wanted = 0, list(steps)
    for _ in range(BATCHES):
        gone = database.write([], partial(command, wanted=wanted))
        total += sum(gone)
        wanted = [step for step, rows in zip(wanted, gone, strict=True) if rows >= BATCH]
        if not wanted:
            break
    return total


def finish_purges(database: Database, now: datetime) -> int:
    """Seal the night of every office of which nothing is left that had to go. Returns how many it
    sealed; an office whose night is sealed has its turn again on its next day.
    """
    with database.read() as connection:
        due = [
            office
            for office in map(
                partial(database.offices.get, connection), office_store.all_codes(connection)
            )
            if not purge_store.is_finished(connection, office.code, office.date_at(now))
            and not wiping_store.list_unwiped(connection, office.code, known_from(office, now), 1)
        ]
        is_dirty = any(
            _ON_PAGES & set(purge_store.list_counted(connection, each.code, each.date_at(now)))
            for each in due
        )
    if not due or (is_dirty and not wiping_store.clear_up(database.url)):
        return 0
    keys: list[DayKey] = [(each.code, each.date_at(now)) for each in due]
    return do_each(keys, lambda key: database.write([key], partial(_seal, key=key, now=now)))


def _seal(tx: Transaction, key: DayKey, now: datetime) -> int:
    code, night = key
    if purge_store.is_finished(tx, code, night):
        return 0
    office = tx.office(code)
    counted = purge_store.list_counted(tx, code, night)
    rows = [
        PurgeRow(
            kind, counted.get(kind, 0), _until(office, kind, now), cite_rule(kind, office.rules)
        )
        for kind in DataKind
        if kind in counted or kind in _EACH_NIGHT
    ]
    last = purge_store.list_finished(tx, code, nights=1)
    digest = digest_purge(code, night, rows, last[-1].digest if last else "")
    purge = Purge(code, night, now, digest, rows)
    purge_store.seal(tx, purge)
    if purge.deleted:
        facts = {"rows": purge.deleted, "digest": digest, "by": BY}
        tx.record(Event(EventType.PURGE_FINISHED, code, night, now, None, facts))
    return 1


def _until(office: Office, kind: DataKind, now: datetime) -> datetime:
    if kind in _OF_DAYS:
        return datetime.combine(known_from(office, now), time.min, office.tz)
    return kept_since(kind, office.rules, now)


def list_late(connection: Connection, database: Database, now: datetime) -> list[str]:
    """The offices that have something to forget and whose purge has not come to its end for two
    days.
    """
    late = []
    for code in sorted(office_store.all_codes(connection)):
        office = database.offices.get(connection, code)
        first = purge_store.first_day_of(connection, code)
        since = None if first is None else datetime.combine(first, time.min, office.tz)
        if is_late(purge_store.last_finished_at(connection, code), since, now):
            late.append(code)
    return late


def backups_since(database: Database, now: datetime) -> datetime:
    """The moment from which backups may still be there: as the strictest office says, since a
    backup holds all of them.
    """
    with database.read() as connection:
        moments = [
            kept_since(DataKind.BACKUPS, database.offices.get(connection, code).rules, now)
            for code in office_store.all_codes(connection)
        ]
    return max(moments, default=kept_since(DataKind.BACKUPS, Rules(), now))


def count_backups(database: Database, deleted: int, now: datetime) -> None:
    """Count backups that were deleted for the proof of the night."""
    with database.read() as connection:
        first = min(office_store.all_codes(connection), default=None)
    if first is not None and deleted:
        database.write([], lambda tx: purge_store.count(tx, first, DataKind.BACKUPS, deleted, now))
