"""Offices learn from their own days how long visitors wait: each day once, after it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.counter.wait_log import replay_waits
from queue_server.domain.events import Event
from queue_server.domain.office.office import Office
from queue_server.domain.waits.estimate import WaitModel
from queue_server.domain.waits.learning import (
    TooLittleHistory,
    WaitRecord,
    adapt_misses,
    learn_waits,
)
from queue_server.services.run_each import do_each
from queue_server.store.office import offices as office_store
from queue_server.store.visit import events as event_store
from queue_server.store.waits import learning as wait_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

DAYS_LEARNT = 20
"""How many of an office's latest days with visitors count."""

DAYS_LOOKED_BACK = 42
"""Calendar days within which those are looked for."""


@dataclass(frozen=True)
class _Learnt:
    """What a day brought: its records, and the model after it (None: still too little)."""

    date: date
    records: Sequence[WaitRecord]
    model: WaitModel | None


def learn_from_days(database: Database, now: datetime) -> int:
    """Let each office learn from its oldest day that it has not learnt from. Returns how many did.

    One day at a time, because reading it back takes a while; the next upkeep goes on.
    """
    with database.read() as connection:
        codes = office_store.all_codes(connection)
    return do_each(codes, lambda code: _learn_next(database, code, now))


def _learn_next(database: Database, code: str, now: datetime) -> int:
    with database.read() as connection:
        office = database.offices.get(connection, code)
        today = office.date_at(now)
        until = wait_store.learnt_until(connection, code)
        if until == today - timedelta(days=1):
            return 0
        oldest = today - timedelta(days=DAYS_LOOKED_BACK + 1)
        day = wait_store.next_date(connection, code, max(until or oldest, oldest), today)
        if day is None:
            return 0
        learnt = _learn(connection, office, day)
    return database.write([(code, day)], partial(_keep, office=code, learnt=learnt))


def _learn(connection: Connection, office: Office, day: date) -> _Learnt:
    records = replay_waits(
        _events_of(connection, office.code, day),
        office.counters,
        lambda moment: office.local(moment).hour,
    )
    before = office.waits
    if before is not None:
        before = adapt_misses(before, records)
    days = wait_store.list_days(connection, office.code, day, DAYS_LEARNT)
    if not records:
        return _Learnt(day, records, before)
    try:
        model = learn_waits([*days, records][-DAYS_LEARNT:], before)
    except TooLittleHistory:
        return _Learnt(day, records, before)
    return _Learnt(day, records, model)


def _events_of(connection: Connection, office: str, day: date) -> list[Event]:
    events: list[Event] = []
    seq = 0
    while page := event_store.list_after(connection, office, day, seq):
        events += [each.event for each in page]
        seq = page[-1].seq
    return events


def _keep(tx: Transaction, office: str, learnt: _Learnt) -> int:
    if not wait_store.keep_model(tx, office, learnt.date, learnt.model):
        return 0
    if learnt.records:
        wait_store.keep_day(tx, office, learnt.date, learnt.records)
        wait_store.forget_days(tx, office, learnt.date - timedelta(days=DAYS_LOOKED_BACK))
    return 1
