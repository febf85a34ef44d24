"""The waitlist: who waits for a place that somebody gives up, and which held ticket has been
offered to whom.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.booking.waitlist import Entry, EntryState, Wish
from queue_server.domain.errors import Changed, UnknownCode
from queue_server.domain.office.office import VisitKind
from queue_server.store.tables import waitlist
from queue_server.store.visit.tickets import (
    VISITOR_NAMES,
    lock_person,
    visitor_from_row,
    visitor_to_row,
)
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction

_COLUMNS = [waitlist.c[each.name] for each in fields(Entry) if each.name != "visitor"]
_PERSON = [waitlist.c[name] for name in VISITOR_NAMES]
_ALL = sa.select(*_COLUMNS, *_PERSON)
_WAITING = sa.text("waitlist.state = 'WAITING'")
"""As the partial index says it, so that both databases know that it fits."""
_LIVE = waitlist.c.state.in_([EntryState.WAITING.value, EntryState.OFFERED.value])

BATCH = 50
"""How many of those who wait for a service are read at once."""


def _from_row(row: sa.Row[Any]) -> Entry:
    values = {column.name: row[index] for index, column in enumerate(_COLUMNS)}
    values["state"] = EntryState(values["state"])
    values["kind"] = VisitKind(values["kind"])
    visitor = None if row.nik_fingerprint is None else visitor_from_row(row)
    return Entry(**values, visitor=visitor)


def _row(entry: Entry) -> dict[str, Any]:
    values = {column.name: getattr(entry, column.name) for column in _COLUMNS}
    person: dict[str, Any] = (
        dict.fromkeys(VISITOR_NAMES) if entry.visitor is None else visitor_to_row(entry.visitor)
    )
    return values | person | {"state": entry.state.value, "kind": entry.kind.value}


def add(tx: Transaction, entry: Entry) -> Entry:
    """Store a new entry."""
    tx.insert(waitlist, _row(entry))
    return entry


def save(tx: Transaction, before: Entry, after: Entry) -> Entry:
    """Store an entry's step. Raises `Changed` if another command has moved it meanwhile: entries
    stand under no day's lock.
    """
    same = [
        waitlist.c.office == before.office,
        waitlist.c.id == before.id,
        waitlist.c.state == before.state.value,
        waitlist.c.ticket.is_not_distinct_from(before.ticket),
    ]
    if tx.change(waitlist.update().where(*same).values(_row(after))).rowcount != 1:
        raise Changed(entry=before.id)
    return after


def find_by_code(connection: Connection, code: str) -> Entry:
    """Raises `UnknownCode`."""
    row = connection.execute(_ALL.where(waitlist.c.code == code)).one_or_none()
    if row is None:
        raise UnknownCode()
    return _from_row(row)


def get(tx: Transaction, office: str, id: str) -> Entry:
    """An entry of an office inside a command. Raises `UnknownCode`."""
    row = tx.read(
        _ALL.where(waitlist.c.office == office, waitlist.c.id == id), seeing=waitlist
    ).one_or_none()
    if row is None:
        raise UnknownCode()
    return _from_row(row)


def find_offered(reader: Reader, office: str, ticket: str) -> Entry | None:
    """The entry that a held ticket of an office has been offered to, or None for anybody's hold."""
    statement = _ALL.where(
        waitlist.c.office == office,
        waitlist.c.ticket == ticket,
        waitlist.c.state == EntryState.OFFERED.value,
    )
    row = ask(reader, statement, seeing=waitlist).one_or_none()
    return None if row is None else _from_row(row)


def find_live(tx: Transaction, office: str, service: str, fingerprint: str) -> Entry | None:
    """The live entry of a person for a service, by NIK fingerprint."""
    statement = _ALL.where(
        waitlist.c.office == office,
        waitlist.c.service == service,
        waitlist.c.nik_fingerprint == fingerprint,
    )
    row = tx.read(statement, seeing=waitlist).one_or_none()
    return None if row is None else _from_row(row)


def is_empty(tx: Transaction, office: str) -> bool:
    """Whether nobody waits at an office: the usual case, and the cheap one."""
    waiting = sa.select(waitlist.c.id).where(waitlist.c.office == office, _WAITING)
    return tx.read(waiting.limit(1), seeing=waitlist).one_or_none() is None


def iterate_suiting(
    tx: Transaction, office: str, day: date, parties: Mapping[Wish, int], but: str | None
) -> Iterator[Entry]:
    """Those who wait for a place on a date, may be told, and come in a party that fits their
    wish; the longest first.

    `parties` is the largest party by wish, `but` an entry to leave out. Read in batches, and
    only as far as the caller goes on.
    """
    services = [_suiting(tx, office, wish, day, largest, but) for wish, largest in parties.items()]
    return heapq.merge(*services, key=lambda entry: (entry.created_at, entry.id))


def _suiting(
    tx: Transaction, office: str, wish: Wish, day: date, largest: int, but: str | None
) -> Iterator[Entry]:
    service, kind = wish
    wanted = (
        _ALL.where(
            _WAITING,
            waitlist.c.office == office,
            waitlist.c.service == service,
            waitlist.c.kind == kind.value,
            waitlist.c.proved == sa.true(),
            waitlist.c.party_size <= largest,
            waitlist.c.first_date <= day,
            waitlist.c.last_date >= day,
            waitlist.c.id.is_distinct_from(but),
        )
        .order_by(waitlist.c.created_at, waitlist.c.id)
        .limit(BATCH)
    )
    batch = wanted
    while True:
        entries = [_from_row(row) for row in tx.read(batch, seeing=waitlist)]
        yield from entries
        if len(entries) < BATCH:
            return
        last = entries[-1]
        later = sa.and_(waitlist.c.created_at == last.created_at, waitlist.c.id > last.id)
        batch = wanted.where(
            waitlist.c.created_at >= last.created_at,
            sa.or_(waitlist.c.created_at > last.created_at, later),
        )


def count_of_contact(tx: Transaction, office: str, contact: str | None, phone: str | None) -> int:
    """Live entries of an office with this contact or this phone; nobody else adds one to the
    contact's until the commit.
    """
    same = [
        column == value
        for column, value in ((waitlist.c.contact, contact), (waitlist.c.phone, phone))
        if value is not None
    ]
    if not same:
        return 0
    if contact is not None:
        lock_person(tx, contact)
    statement = sa.select(sa.func.count()).where(waitlist.c.office == office, _LIVE, sa.or_(*same))
    return int(tx.read(statement, seeing=waitlist).scalar_one())


def prove_contact(tx: Transaction, contact: str) -> list[str]:
    """Note that the person behind these entries can be told. Returns the codes of those that
    wait.
    """
    waiting = sa.select(waitlist.c.code).where(
        waitlist.c.contact == contact, _WAITING, waitlist.c.proved == sa.false()
    )
    codes = list(tx.read(waiting, seeing=waitlist).scalars())
    tx.change(waitlist.update().where(waitlist.c.contact == contact).values(proved=True))
    return codes


def count_before(reader: Reader, entry: Entry) -> int:
    """How many wait for the same service by the same kind of visit, may be offered a place, and
    came before.
    """
    earlier = sa.or_(
        waitlist.c.created_at < entry.created_at,
        sa.and_(waitlist.c.created_at == entry.created_at, waitlist.c.id < entry.id),
    )
    statement = sa.select(sa.func.count()).where(
        waitlist.c.office == entry.office,
        waitlist.c.state == EntryState.WAITING.value,
        waitlist.c.service == entry.service,
        waitlist.c.kind == entry.kind.value,
        waitlist.c.proved == sa.true(),
        earlier,
    )
    return int(ask(reader, statement, seeing=waitlist).scalar_one())


def list_over(
    connection: Connection, office: str, today: date, unproved_since: datetime, limit: int
) -> list[str]:
    """The ids of entries that still wait although their last date is over, or that nobody has
    answered for since they were made.
    """
    over = sa.or_(
        waitlist.c.last_date < today,
        sa.and_(waitlist.c.proved == sa.false(), waitlist.c.created_at <= unproved_since),
    )
    statement = sa.select(waitlist.c.id).where(
        waitlist.c.office == office, waitlist.c.state == EntryState.WAITING.value, over
    )
    return list(connection.execute(statement.limit(limit)).scalars())
