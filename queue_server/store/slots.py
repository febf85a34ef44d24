"""Slots and the places in them: offered once, taken and given back by conditional updates."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from ..domain.errors import SlotFull, UnknownSlot
from ..domain.slots import Slot, slot_id
from .tables import office_days, offices, slots, stream_slots

if TYPE_CHECKING:
    from .transaction import Transaction

_JOINED: sa.Select[Any] = (
    sa.select(
        slots.c.starts_at, slots.c.ends_at, slots.c.people, slots.c.taken.label("people_taken"), stream_slots.c.places,
        stream_slots.c.taken.label("places_taken"), slots.c.date,
    )
    .join(stream_slots, sa.and_(stream_slots.c.office == slots.c.office, stream_slots.c.starts_at == slots.c.starts_at))
    .where(slots.c.office == sa.bindparam("office"), stream_slots.c.letter == sa.bindparam("letter"))
)
_ONE = _JOINED.where(slots.c.starts_at == sa.bindparam("starts_at"))
_RANGE = _JOINED.where(slots.c.date.between(sa.bindparam("first"), sa.bindparam("last"))).order_by(slots.c.starts_at)

_TAKE_PEOPLE = (
    slots.update()
    .where(
        slots.c.office == sa.bindparam("b_office"), slots.c.starts_at == sa.bindparam("b_starts_at"),
        slots.c.taken + sa.bindparam("n", type_=sa.Integer) <= slots.c.people,
    )
    .values(taken=slots.c.taken + sa.bindparam("n", type_=sa.Integer))
)
_TAKE_PLACE = (
    stream_slots.update()
    .where(
        stream_slots.c.office == sa.bindparam("b_office"), stream_slots.c.letter == sa.bindparam("b_letter"),
        stream_slots.c.starts_at == sa.bindparam("b_starts_at"),
        stream_slots.c.taken + sa.bindparam("n", type_=sa.Integer) <= stream_slots.c.places,
    )
    .values(taken=stream_slots.c.taken + sa.bindparam("n", type_=sa.Integer))
)


def _slot_from_row(row: Row[Any]) -> Slot:
    return Slot(row.starts_at, row.ends_at, row.people, row.people_taken, row.places, row.places_taken)


def get(tx: Transaction, office: str, letter: str, starts_at: datetime) -> Slot:
    """A slot as one stream sees it. Raises `UnknownSlot`."""
    row = tx.read(_ONE, {"office": office, "letter": letter, "starts_at": starts_at}, seeing=slots).one_or_none()
    if row is None:
        raise UnknownSlot(slot=slot_id(starts_at))
    return _slot_from_row(row)


def find_date(connection: Connection, office: str, starts_at: datetime) -> date:
    """The local date of a slot. Raises `UnknownSlot`."""
    statement = sa.select(slots.c.date).where(slots.c.office == office, slots.c.starts_at == starts_at)
    day: date | None = connection.execute(statement).scalar_one_or_none()
    if day is None:
        raise UnknownSlot(slot=slot_id(starts_at))
    return day


def take(tx: Transaction, office: str, letter: str, starts_at: datetime, party_size: int) -> None:
    """Take room for a party and one place of a stream. Raises `SlotFull`; the command is then undone whole."""
    key = {"b_office": office, "b_starts_at": starts_at}
    for statement, parameters in (
        (_TAKE_PEOPLE, {**key, "n": party_size}), (_TAKE_PLACE, {**key, "b_letter": letter, "n": 1})
    ):
        if tx.change(statement, parameters).rowcount != 1:
            raise SlotFull(slot=slot_id(starts_at), free=0)


def give_back(tx: Transaction, office: str, letter: str, starts_at: datetime, party_size: int) -> None:
    """Undo `take`. The database refuses to go below zero."""
    key = {"b_office": office, "b_starts_at": starts_at}
    tx.change(_TAKE_PEOPLE, {**key, "n": -party_size})
    tx.change(_TAKE_PLACE, {**key, "b_letter": letter, "n": -1})


def list_between(connection: Connection, office: str, letter: str, first: date, last: date) -> list[tuple[date, Slot]]:
    """The slots of a stream on local dates first..last, in order: one indexed query."""
    rows = connection.execute(_RANGE, {"office": office, "letter": letter, "first": first, "last": last})
    return [(row.date, _slot_from_row(row)) for row in rows]


def version(connection: Connection, office: str, first: date, last: date) -> tuple[int, int]:
    """A cheap mark that changes whenever availability may have: (settings revision, events on these dates)."""
    statement = sa.select(
        sa.select(offices.c.revision).where(offices.c.code == office).scalar_subquery(),
        sa.select(sa.func.coalesce(sa.func.sum(office_days.c.seq), 0))
        .where(office_days.c.office == office, office_days.c.date.between(first, last))
        .scalar_subquery(),
    )
    revision, events = connection.execute(statement).one()
    return revision, int(events)


def exist(tx: Transaction, office: str, day: date) -> bool:
    """Whether a date's slots were made."""
    statement = sa.select(slots.c.starts_at).where(slots.c.office == office, slots.c.date == day).limit(1)
    return tx.read(statement, seeing=slots).one_or_none() is not None


def last_date(connection: Connection, office: str) -> date | None:
    """The last date for which an office's slots were made."""
    day: date | None = connection.execute(sa.select(sa.func.max(slots.c.date)).where(slots.c.office == office)).scalar_one()
    return day


def add(tx: Transaction, office: str, day: date, times: Iterable[tuple[datetime, datetime]], people: int, places: dict[str, int]) -> None:
    """Offer slots on one date. `places` gives each stream's places per slot; streams with none are left out."""
    for starts_at, ends_at in times:
        tx.insert(slots, {"office": office, "starts_at": starts_at, "ends_at": ends_at, "date": day, "people": people, "taken": 0})
        for letter, number in places.items():
            if number > 0:
                tx.insert(stream_slots, {"office": office, "letter": letter, "starts_at": starts_at, "places": number, "taken": 0})
