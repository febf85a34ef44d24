"""The board of a lobby TV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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

CALLS_SHOWN = 6
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
    calls = called.last_calls(connection, office.code, day.date, CALLS_SHOWN)
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
        waiting=day.waiting,
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
            for each in office.streams
        ),
        entering=list_entering(connection, office, day, now),
        notices=tuple(notices),
        outside=day.parties_outside,
        admitting=day.admitting,
        paused=None if day.paused is None else day.paused.value,
        drill=day.drill,
        over=occupancy.over,
        hours=hours_today(office, now),
        opens_at=None if is_open else _local_or_none(office, office.next_opening(now)),
        mode_until=None if period is None else _local_or_none(office, period.ends_at),
    )


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
