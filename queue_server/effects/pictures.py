"""The snapshots of the live channel, each built once: while nothing has changed, the cached one is
returned.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.domain.waits.range import WaitRange
from queue_server.protocol.messages import to_wire
from queue_server.services.door.help_calls import view_calls
from queue_server.services.reception.overview import view_overview
from queue_server.services.screens import queue as boards
from queue_server.services.screens.door import view_door, view_guard_door
from queue_server.services.screens.last_told_waits import ShownWaits
from queue_server.services.screens.lobby import LastCalls, view_board
from queue_server.services.screens.supervisor import view_dashboard
from queue_server.services.screens.tickets import view_ticket
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.visit import versions
from queue_server.store.visit.versions import DayVersion
from queue_server.store.writer import days as day_store
from queue_server.store.writer.database import Database

MOST_KEPT = 500
"""How many snapshots are cached; the oldest are dropped first."""


@dataclass(frozen=True)
class Mark:
    """The inputs of a snapshot: the office-day's version, the settings' revision, the second to
    which its times are given, and the waits shown for its streams, which are the same on all
    screens.
    """

    version: DayVersion
    revision: int
    second: int
    told: tuple[WaitRange | None, ...]


@dataclass
class _Kept:
    """The last snapshot of one audience and key. The lock is held while the next one is built."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    mark: Mark | None = None
    snapshot: dict[str, Any] = field(default_factory=dict)


class Pictures:
    """Builds and caches snapshots. A cached one is returned only while none of its inputs has
    changed, so none is ever stale.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], build: str, public_url: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._build = build
        self._public_url = public_url
        self._kept: dict[tuple[str, str], _Kept] = {}
        self.shown = ShownWaits()
        self.calls = LastCalls()

    def get(self, audience: str, key: str) -> dict[str, Any]:
        """The present snapshot of an audience. `key` is an office, for `ticket` a secret code.
        Raises `Unknown…` errors.

        The first caller that finds it outdated builds it; callers that come meanwhile wait for it
        and check again.
        """
        while True:
            now = self._clock()
            with self._database.read() as connection:
                letters, mark = self._look(connection, audience, key, now)
                kept = self._kept.get((audience, key)) or self._keep(audience, key)
                if kept.mark == mark:
                    return kept.snapshot
                if kept.lock.acquire(blocking=False):
                    try:
                        snapshot = self._make(connection, audience, key, now)
                        kept.snapshot, kept.mark = (
                            snapshot,
                            replace(mark, told=self._told(mark.version, letters)),
                        )
                    finally:
                        kept.lock.release()
                    return snapshot
            with kept.lock:
                pass

    def _keep(self, audience: str, key: str) -> _Kept:
        while len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        return self._kept.setdefault((audience, key), _Kept())

    def _look(
        self, connection: Connection, audience: str, key: str, now: datetime
    ) -> tuple[tuple[str, ...], Mark]:
        """The streams in a snapshot, and the inputs that it would have now."""
        if audience == "ticket":
            version = versions.of_ticket(connection, key)
            office = self._office(connection, version.office)
        else:
            office = self._office(connection, key)
            version = versions.of_day(connection, office.code, office.date_at(now))
        letters = () if audience == "ticket" else tuple(each.letter for each in office.streams)
        return letters, Mark(
            version, office.revision, int(now.timestamp()), self._told(version, letters)
        )

    def _told(self, version: DayVersion, letters: tuple[str, ...]) -> tuple[WaitRange | None, ...]:
        return tuple(
            self.shown.recall((version.office, version.date.isoformat(), letter))
            for letter in letters
        )

    def _office(self, connection: Connection, code: str) -> Office:
        return self._database.offices.recall(code) or self._database.offices.get(connection, code)

    def _make(
        self, connection: Connection, audience: str, key: str, now: datetime
    ) -> dict[str, Any]:
        if audience == "ticket":
            ticket = ticket_store.find_by_code(connection, key)
            office = self._database.offices.get(connection, ticket.office)
            day = day_store.find(connection, ticket.office, ticket.date)
            view = view_ticket(
                connection, office, day, ticket, self._public_url, now, self.shown, self.calls
            )
            return {
                **to_wire(view),
                "sent_at": office.local(now).isoformat(timespec="seconds"),
                "build": self._build,
            }
        office = self._database.offices.get(connection, key)
        if audience in ("door", "device"):
            door = view_guard_door if audience == "door" else view_door
            return to_wire(door(connection, office, now, self._build))
        if audience == "help":
            return to_wire(view_calls(connection, office, now, self._build))
        make = {
            "board": view_board,
            "desk": boards.view_queue,
            "dashboard": view_dashboard,
            "reception": view_overview,
        }[audience]
        return to_wire(make(connection, office, now, self._build, self.shown))
