"""Slots and their places: a day's plan read whole, and the difference of two plans written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.booking.places import DayPlan, Places, SlotPlaces
from queue_server.domain.visit.claim import Pool
from queue_server.domain.visit.standstill import REFUSED, Act, Pause
from queue_server.store.tables import office_days, offices, services, slots, stream_slots

from .compiled import Compiled, insert_into

_POOLS = [pool.value.lower() for pool in Pool]
_COUNTS = [*_POOLS, *(f"{name}_taken" for name in _POOLS)]


def _select(*, outer: bool) -> sa.Select[Any]:
    same = sa.and_(
        stream_slots.c.office == slots.c.office, stream_slots.c.starts_at == slots.c.starts_at
    )
    return (
        sa.select(
            slots.c.office,
            slots.c.date,
            slots.c.starts_at,
            slots.c.ends_at,
            *(slots.c[name] for name in _COUNTS),
            stream_slots.c.letter,
            *(stream_slots.c[name].label(f"stream_{name}") for name in _COUNTS),
        )
        .select_from(slots.join(stream_slots, same, isouter=outer))
        .where(
            slots.c.office == sa.bindparam("office"),
            slots.c.date.between(sa.bindparam("first"), sa.bindparam("last")),
        )
        .order_by(slots.c.starts_at)
    )


_WHOLE = Compiled(_select(outer=True))
_OF_SERVICE = Compiled(
    sa.select(
        slots.c.office,
        slots.c.date,
        slots.c.starts_at,
        slots.c.ends_at,
        *(slots.c[name] for name in _COUNTS),
        stream_slots.c.letter,
        *(stream_slots.c[name].label(f"stream_{name}") for name in _COUNTS),
    )
    .select_from(
        services.join(slots, slots.c.office == services.c.office).join(
            stream_slots,
            sa.and_(
                stream_slots.c.office == slots.c.office,
                stream_slots.c.letter == services.c.letter,
                stream_slots.c.starts_at == slots.c.starts_at,
            ),
        )
    )
    # Not ordered here: asked for an order, SQLite walks all slots there ever were in that order.
    .where(
        services.c.code == sa.bindparam("service"),
        slots.c.date.between(sa.bindparam("first"), sa.bindparam("last")),
    )
)
_STANDS_STILL = sa.exists().where(
    office_days.c.office == slots.c.office,
    office_days.c.date == slots.c.date,
    sa.or_(
        *(
            office_days.c.paused == sa.literal_column(f"'{each.value}'")
            for each in Pause
            if Act.BOOK in REFUSED[each]
        )
    ),
)
_OF_STREAM = Compiled(
    _select(outer=False).where(stream_slots.c.letter == sa.bindparam("letter"), ~_STANDS_STILL)
)


def _places(values: tuple[Any, ...]) -> Places:
    return Places((values[0], values[1], values[2]), (values[3], values[4], values[5]))


def _plans(rows: Iterable[Any]) -> list[DayPlan]:
    """Rows are in order of time: office, date, starts_at, ends_at, six counts of persons, letter,
    six counts of visits.
    """
    plans = []
    for (office, day), of_day in groupby(rows, key=lambda row: (row[0], row[1])):
        made = []
        for (starts_at, ends_at), group in groupby(of_day, key=lambda row: (row[2], row[3])):
            of_slot = list(group)
            streams = {row[10]: _places(row[11:17]) for row in of_slot if row[10] is not None}
            made.append(SlotPlaces(starts_at, ends_at, _places(of_slot[0][4:10]), streams))
        plans.append(DayPlan(office, day, tuple(made)))
    return plans


def load(connection: Connection, office: str, day: date) -> DayPlan:
    """A day's plan with all its streams; an empty one before its slots are made."""
    plans = list_between(connection, office, day, day)
    return plans[0] if plans else DayPlan(office, day)


def list_between(connection: Connection, office: str, first: date, last: date) -> list[DayPlan]:
    """The plans of local dates first..last that have slots, with all streams, in order."""
    return _plans(_WHOLE.rows(connection, {"office": office, "first": first, "last": last}))


def list_of_stream(
    connection: Connection, office: str, letter: str, first: date, last: date
) -> list[DayPlan]:
    """The plans of local dates first..last as one stream sees them, in order, without a day of
    which nothing can be booked because everything stands still: one indexed query.
    """
    return _plans(
        _OF_STREAM.rows(
            connection, {"office": office, "letter": letter, "first": first, "last": last}
        )
    )


def list_of_service(connection: Connection, service: str, first: date, last: date) -> list[DayPlan]:
    """The plans of local dates first..last at every office that has a service, as that service's
    stream sees them: one indexed query.

    In order of office, then time.
    """
    rows = _OF_SERVICE.rows(connection, {"service": service, "first": first, "last": last})
    return _plans(sorted(rows, key=itemgetter(0, 2)))


def version_of_all(connection: Connection, first: date) -> tuple[int, int]:
    """`version` for all offices at once, from a date on."""
    statement = sa.select(
        sa.select(sa.func.coalesce(sa.func.sum(offices.c.revision), 0)).scalar_subquery(),
        sa.select(sa.func.coalesce(sa.func.sum(office_days.c.seq), 0))
        .select_from(
            offices.join(
                office_days,
                sa.and_(office_days.c.office == offices.c.code, office_days.c.date >= first),
            )
        )
        .scalar_subquery(),
    )
    revision, events = connection.execute(statement).one()
    return int(revision), int(events)


_BETWEEN = (
    office_days.c.office == sa.bindparam("office"),
    office_days.c.date.between(sa.bindparam("first"), sa.bindparam("last")),
)
_MARKS = Compiled(
    sa.select(office_days.c.date, office_days.c.seq, office_days.c.planned_revision)
    .where(*_BETWEEN)
    .order_by(office_days.c.date)
)
_VERSION = Compiled(
    sa.select(
        sa.select(offices.c.revision)
        .where(offices.c.code == sa.bindparam("office"))
        .scalar_subquery()
        .label("revision"),
        sa.func.coalesce(sa.func.sum(office_days.c.seq), 0).label("events"),
        sa.func.coalesce(sa.func.sum(office_days.c.planned_revision), 0).label("plans"),
    ).where(*_BETWEEN)
)


def version(connection: Connection, office: str, first: date, last: date) -> tuple[int, int, int]:
    """A cheap mark that changes whenever availability may have: settings revision, events and plans
    of these dates, which only ever grow.
    """
    [row] = _VERSION.rows(connection, {"office": office, "first": first, "last": last})
    return row.revision, int(row.events), int(row.plans)


def marks_of_days(
    connection: Connection, office: str, first: date, last: date
) -> Mapping[date, tuple[int, int]]:
    """`version` of each date by itself, without the settings; dates without a plan are left out."""
    rows = _MARKS.rows(connection, {"office": office, "first": first, "last": last})
    return {row.date: (row.seq, row.planned_revision) for row in rows}


def last_date(connection: Connection, office: str) -> date | None:
    """The last date that has slots."""
    day: date | None = connection.execute(
        sa.select(sa.func.max(slots.c.date)).where(slots.c.office == office)
    ).scalar_one()
    return day


def planned_revisions(
    connection: Connection, office: str, first: date, last: date
) -> Mapping[date, int]:
    """For which revision of the office the slots of each date were made; dates never planned are
    left out.
    """
    statement = sa.select(office_days.c.date, office_days.c.planned_revision).where(
        office_days.c.office == office,
        office_days.c.date.between(first, last),
        office_days.c.planned_revision > 0,
    )
    return {row.date: row.planned_revision for row in connection.execute(statement)}


# --- writing a plan

_ROW_KEYS = {slots: ("office", "starts_at"), stream_slots: ("office", "letter", "starts_at")}


def _update(table: sa.Table) -> Compiled:
    """What is offered and where a slot ends is set, what is taken is counted up or down: with the
    table's rules a lost update cannot pass unseen.
    """
    values: dict[str, Any] = {name: sa.bindparam(f"n_{name}", type_=sa.Integer) for name in _POOLS}
    if table is slots:
        values["ends_at"] = sa.bindparam("n_ends_at", type_=table.c.ends_at.type)
    for name in _POOLS:
        taken = table.c[f"{name}_taken"]
        values[taken.name] = taken + sa.bindparam(f"d_{name}", type_=sa.Integer)
    keys = [
        table.c[name] == sa.bindparam(f"b_{name}", type_=table.c[name].type)
        for name in _ROW_KEYS[table]
    ]
    return Compiled(table.update().where(*keys).values(values))


def _delete(table: sa.Table) -> Compiled:
    return Compiled(
        table.delete().where(
            *(table.c[n] == sa.bindparam(f"b_{n}", type_=table.c[n].type) for n in _ROW_KEYS[table])
        )
    )


_UPDATE = {table: _update(table) for table in _ROW_KEYS}
_DELETE = {table: _delete(table) for table in _ROW_KEYS}


def save(connection: Connection, before: DayPlan, after: DayPlan) -> None:
    """Write what differs between two plans of the same day. Slots that only `after` has are added,
    those only `before` has removed.
    """
    before, after = _without_same(before, after)
    for table in (stream_slots, slots):
        old, new = _rows(table, before), _rows(table, after)
        gone = [_keys(table, before.office, key) for key in old if key not in new]
        if gone:
            _DELETE[table].run_each(connection, gone)
    for table in (slots, stream_slots):
        old, new = _rows(table, before), _rows(table, after)
        changed = [
            _keys(table, after.office, key)
            | _difference(old[key][0], places)
            | ({"n_ends_at": slot.ends_at} if table is slots else {})
            for key, (places, slot) in new.items()
            if key in old
            and (old[key][0] != places or (table is slots and old[key][1].ends_at != slot.ends_at))
        ]
        if changed:
            _UPDATE[table].run_each(connection, changed)
        added = [
            _row(table, after, key, places, slot)
            for key, (places, slot) in new.items()
            if key not in old
        ]
        if added:
            insert_into(table, tuple(added[0])).run_each(connection, added)


def _without_same(before: DayPlan, after: DayPlan) -> tuple[DayPlan, DayPlan]:
    """Both plans without the slots that are the very same: all but one or two, when a ticket was
    issued.
    """
    old = {id(slot) for slot in before.slots}
    new = {id(slot) for slot in after.slots}
    return (
        replace(before, slots=tuple(slot for slot in before.slots if id(slot) not in new)),
        replace(after, slots=tuple(slot for slot in after.slots if id(slot) not in old)),
    )


def _rows(table: sa.Table, plan: DayPlan) -> dict[tuple[Any, ...], tuple[Places, SlotPlaces]]:
    if table is slots:
        return {(slot.starts_at,): (slot.people, slot) for slot in plan.slots}
    return {
        (letter, slot.starts_at): (places, slot)
        for slot in plan.slots
        for letter, places in slot.streams.items()
    }


def _keys(table: sa.Table, office: str, key: tuple[Any, ...]) -> dict[str, Any]:
    return {
        f"b_{name}": value for name, value in zip(_ROW_KEYS[table], (office, *key), strict=True)
    }


def _difference(before: Places, after: Places) -> dict[str, int]:
    offered = {f"n_{name}": number for name, number in zip(_POOLS, after.offered, strict=True)}
    return offered | {
        f"d_{name}": now - then
        for name, then, now in zip(_POOLS, before.taken, after.taken, strict=True)
    }


def _row(
    table: sa.Table, plan: DayPlan, key: tuple[Any, ...], places: Places, slot: SlotPlaces
) -> dict[str, Any]:
    row = dict(zip(_ROW_KEYS[table], (plan.office, *key), strict=True)) | dict(
        zip(_COUNTS, (*places.offered, *places.taken), strict=True)
    )
    return row | ({"ends_at": slot.ends_at, "date": plan.date} if table is slots else {})
