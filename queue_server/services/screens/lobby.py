"""The board of a lobby TV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection, Row

from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.protocol.messages import Board, BoardCall, BoardNotice, BoardStream
from queue_server.services.shown import (
    Version,
    _local_or_none,
    counter_name,
    hours_today,
    local_time,
)
from queue_server.store.counter import called
from queue_server.store.supervisor import announcements as announcement_store

from .day import list_entering, read_day, version_of
from .last_told_waits import ShownWaits
from .waits import wait_range

CALLS_SHOWN, CALLS_CARRIED = 6, 200
"""How many calls a board has at least, if there were so many, and at most."""

CALL_IS_FRESH = timedelta(minutes=1)
"""How long a call stands on the board, however many came after it."""

CALLS_READ = 30
"""How many of the newest calls are looked through for those of one stream."""


def view_board(
    connection: Connection,
    office: Office,
    now: datetime,
    build: str,
    shown: ShownWaits | None = None,
) -> Board:
    """The lobby board: public, numbers only. `shown` is what was told of waits before."""
    day = read_day(connection, office, now)
    occupancy = day.occupancy(office.people_limit)
    calls, left_out = _read_calls(connection, office, day.date, now)
    period, is_open = office.mode_period(now), office.is_open(now)
    notices = (
        [BoardNotice(f"mode-{period.id}", dict(period.notice))]
        if period is not None and period.notice
        else []
    )
    notices += [
        BoardNotice(each.id, dict(each.text))
        for each in announcement_store.list_shown(connection, office.code, now)
    ]
    return Board(
        office=office.code,
        office_name=office.name,
        date=day.date.isoformat(),
        version=version_of(day),
        sent_at=local_time(office, now),
        build=build,
        zone=office.zone,
        mode=office.mode_at(now).value,
        open=is_open,
        inside=occupancy.inside,
        limit=office.people_limit,
        waiting=day.waiting_here(office),
        calls=tuple(
            BoardCall(
                id=_call_id(row),
                number=row.number,
                counter=counter_name(office, row.counter) if row.counter else "",
                at=office.local(row.last_called_at).isoformat(timespec="milliseconds"),
                times=row.calls,
                language=row.language,
            )
            for row in calls
        ),
        streams=tuple(
            BoardStream(
                each.letter,
                dict(each.name),
                day.stream(each.letter).waiting,
                wait_range(office, day, each.letter, now, shown=shown),
            )
            for each in office.streams_here
        ),
        entering=list_entering(connection, office, day, now),
        notices=tuple(notices),
        outside=day.parties_outside,
        admitting=day.admitting,
        paused=None if day.paused is None else day.paused.value,
        drill=day.drill,
        over=occupancy.over,
        calls_left_out=left_out,
        hours=hours_today(office, now),
        opens_at=None if is_open else _local_or_none(office, office.next_opening(now)),
        mode_until=None if period is None else _local_or_none(office, period.ends_at),
    )


def _read_calls(
    connection: Connection, office: Office, day: date, now: datetime
) -> tuple[Sequence[Row[Any]], int]:
    """A board's calls, newest first, and how many fresh ones it does not carry.

    A quiet minute costs one look at seven rows of the index, however many calls the day had. Calls
    of a clock that was ahead are not fresh, or they would stand until it is right again.
    """

    def is_fresh(row: Row[Any]) -> bool:
        return bool(abs(now - row.last_called_at) <= CALL_IS_FRESH)

    rows = called.last_calls(connection, office.code, day, CALLS_SHOWN + 1)
    if len(rows) <= CALLS_SHOWN or not is_fresh(rows[-1]):
        return rows[:CALLS_SHOWN], 0
    rows = called.last_calls(connection, office.code, day, CALLS_CARRIED)
    left_out = 0
    if len(rows) == CALLS_CARRIED and is_fresh(rows[-1]):
        left_out = called.count_earlier_calls(
            connection,
            office.code,
            day,
            rows[-1].call_seq,
            now - CALL_IS_FRESH,
            now + CALL_IS_FRESH,
        )
    return [row for newer, row in enumerate(rows) if newer < CALLS_SHOWN or is_fresh(row)], left_out


@dataclass(frozen=True)
class NumberCalled:
    """A number that was called, and to which counter, as the board shows it."""

    number: str
    counter: str


class LastCalls:
    """The newest calls of each office-day, read once for all who ask while nothing has changed: a
    thousand ticket pages show them.
    """

    def __init__(self) -> None:
        self._read: dict[str, tuple[Version, tuple[NumberCalled, ...]]] = {}

    def recall(
        self, connection: Connection, office: Office, day: OfficeDay
    ) -> tuple[NumberCalled, ...]:
        """The newest calls of an office-day, newest first."""
        known = self._read.get(office.code)
        if known is None or known[0] != version_of(day):
            rows = called.last_calls(connection, office.code, day.date, CALLS_READ)
            calls = tuple(
                NumberCalled(row.number, counter_name(office, row.counter) if row.counter else "")
                for row in rows
            )
            self._read[office.code] = known = version_of(day), calls
        return known[1]


def _call_id(row: Row[Any]) -> str:
    """One name for one call. Its count alone would not do: it starts anew when a visitor is sent on
    or comes back.
    """
    return f"{row.id}-{row.call_seq}"
