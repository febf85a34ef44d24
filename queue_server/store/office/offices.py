"""Offices with their streams, services, counters and hours: added whole, changed with their
revision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.office.location import write_location
from queue_server.domain.office.office import Office, OnlineWay
from queue_server.domain.office.rules import write_rules
from queue_server.domain.office.slip_design import write_design
from queue_server.store.tables import counters, offices, services, streams
from queue_server.store.writer.transaction import Transaction

from . import hours, modes

Rows = list[dict[str, Any]]


def all_codes(connection: Connection) -> Sequence[str]:
    """The codes of all offices, in order."""
    return connection.execute(sa.select(offices.c.code).order_by(offices.c.code)).scalars().all()


def first_code(tx: Transaction) -> str | None:
    """The code of the first office, in order; None if there is none yet."""
    return tx.read(sa.select(offices.c.code).order_by(offices.c.code).limit(1)).scalar_one_or_none()


def add(tx: Transaction, office: Office) -> None:
    """Store a new office whole."""
    tx.insert(offices, {"code": office.code, **_office_row(office), "revision": 1})
    for table, rows in (
        (streams, _stream_rows(office)),
        (services, _service_rows(office)),
        (counters, _counter_rows(office)),
    ):
        for row in rows:
            tx.insert(table, row)
    hours.set_week(tx, office.code, office.hours.week)
    hours.set_seasons(tx, office.code, office.hours.seasons)
    for day, own in office.hours.days.items():
        hours.set_day(tx, office.code, day, own)
    for period in office.modes:
        modes.add(tx, office.code, period)


def _office_row(office: Office) -> dict[str, Any]:
    return {
        "name": office.name,
        "address": office.address,
        "phone": office.phone,
        "zone": office.zone,
        "people_limit": office.people_limit,
        "rules": write_rules(office.rules),
        "location": write_location(office.location),
        "slip": write_design(office.slip),
        "languages": list(office.languages),
    }


def _stream_rows(office: Office) -> Rows:
    return [
        {
            "office": office.code,
            "letter": each.letter,
            "position": position,
            "name": dict(each.name),
            "remote": each.remote,
            "slot_quota": each.slot_quota,
            "walk_in_quota": each.walk_in_quota,
        }
        for position, each in enumerate(office.streams)
    ]


def _service_rows(office: Office) -> Rows:
    return [
        {
            "office": office.code,
            "code": each.code,
            "position": position,
            "letter": each.letter,
            "name": dict(each.name),
            "summary": dict(each.summary),
            "requirements": dict(each.requirements),
            "channel": each.channel.value,
            "minutes": each.minutes,
            "online": write_online(each.online),
            "search_words": list(each.search_words),
            "identity": each.identity.value,
            "remote": [kind.value for kind in each.remote],
        }
        for position, each in enumerate(office.services)
    ]


def _counter_rows(office: Office) -> Rows:
    return [
        {
            "id": each.id,
            "office": office.code,
            "position": position,
            "name": each.name,
            "letters": list(each.usual_letters),
            "remote": each.remote,
            "meeting_url": each.meeting_url,
            "retired": False,
        }
        for position, each in enumerate(office.counters)
    ]


def write_online(way: OnlineWay | None) -> dict[str, Any] | None:
    """A way to have a service online, as JSON keeps it."""
    return None if way is None else {"url": way.url, "steps": dict(way.steps)}


def save(tx: Transaction, before: Office, after: Office) -> None:
    """Store what is another setting in `after`; but for its hours and modes, which have modules of
    their own. The caller revises the office.
    """
    if _office_row(before) != _office_row(after):
        tx.change(offices.update().where(offices.c.code == after.code).values(_office_row(after)))
    mine = before.code
    # A service may move to a new stream and leave one that goes: streams come first, and go last.
    _put_rows(tx, streams, ("office", "letter"), _stream_rows(before), _stream_rows(after))
    _put_rows(tx, services, ("office", "code"), _service_rows(before), _service_rows(after))
    _drop_rows(tx, services, "code", mine, _service_rows(before), _service_rows(after))
    _drop_rows(tx, streams, "letter", mine, _stream_rows(before), _stream_rows(after))
    if before.counters != after.counters:
        _save_counters(tx, before, after)


def _put_rows(tx: Transaction, table: sa.Table, key: Sequence[str], old: Rows, new: Rows) -> None:
    known = {tuple(row[name] for name in key): row for row in old}
    for row in new:
        id = tuple(row[name] for name in key)
        if id not in known:
            tx.insert(table, row)
        elif known[id] != row:
            mine = [table.c[name] == row[name] for name in key]
            tx.change(table.update().where(*mine).values(row))


def _drop_rows(
    tx: Transaction, table: sa.Table, key: str, office: str, old: Rows, new: Rows
) -> None:
    gone = {row[key] for row in old} - {row[key] for row in new}
    if gone:
        tx.change(table.delete().where(table.c.office == office, table.c[key].in_(sorted(gone))))


def _save_counters(tx: Transaction, before: Office, after: Office) -> None:
    """A counter that goes is kept as retired, and found again under its id."""
    mine = counters.c.office == after.code
    known = set(tx.read(sa.select(counters.c.id).where(mine)).scalars())
    for row in _counter_rows(after):
        if row["id"] in known:
            tx.change(counters.update().where(mine, counters.c.id == row["id"]).values(row))
        else:
            tx.insert(counters, row)
    gone = {each.id for each in before.counters} - {each.id for each in after.counters}
    if gone:
        tx.change(
            counters.update().where(mine, counters.c.id.in_(sorted(gone))).values(retired=True)
        )


def counter_ids(connection: Connection, office: str) -> Sequence[str]:
    """The ids of all counters that an office has or had."""
    statement = sa.select(counters.c.id).where(counters.c.office == office)
    return connection.execute(statement).scalars().all()


def revise(tx: Transaction, office: str) -> None:
    """Note that an office's settings are others now: what is cached of it is read anew, and its
    slots are planned anew.
    """
    tx.change(
        offices.update().where(offices.c.code == office).values(revision=offices.c.revision + 1)
    )
    tx.forget_office(office)
