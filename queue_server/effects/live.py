"""The live channel's sender: after a commit each audience concerned gets its whole snapshot, at most once per state.

Losing, repeating or reordering messages does no harm, so nothing is queued: what is dirty is remembered as a set, and a
burst of commits costs one snapshot.
"""
from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

import structlog
from sqlalchemy.engine import Connection

from ..domain.events import RecordedEvent
from ..protocol.messages import to_wire
from ..services import board as boards
from ..services.door_view import view_guard_door
from ..services.shown_waits import ShownWaits
from ..services.views import view_ticket
from ..services.wall import view_wall
from ..store import days as day_store
from ..store import tickets as ticket_store
from ..store.database import Database

log = structlog.get_logger()

OFFICE_AUDIENCES = ("board", "desk", "door", "wall")
OTHER_TICKETS_SECONDS = 1.0
"""How often ticket pages whose own ticket did not change are told of their new place."""


class Emitter(Protocol):
    """What sends one message to all who watch a room."""

    def __call__(self, event: str, snapshot: dict[str, Any], *, room: str) -> None: ...


def room_of(audience: str, key: str) -> str:
    """The name of the room of those who watch one thing."""
    return f"{audience}:{key}"


class Watchers:
    """Who watches what, in this process. Snapshots nobody here watches are not made."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[str, int]] = {}

    def join(self, audience: str, key: str) -> None:
        counts = self._rooms.setdefault(audience, {})
        counts[key] = counts.get(key, 0) + 1

    def leave(self, audience: str, key: str) -> None:
        counts = self._rooms.get(audience, {})
        left = counts.get(key, 0) - 1
        if left > 0:
            counts[key] = left
        else:
            counts.pop(key, None)

    def watches(self, audience: str, key: str) -> bool:
        return key in self._rooms.get(audience, {})

    def keys(self, audience: str) -> list[str]:
        return list(self._rooms.get(audience, {}))


@dataclass
class _Dirty:
    """What has changed in an office since it was last sent: tickets, and each office-day's last event."""

    tickets: set[str] = field(default_factory=set)
    seqs: dict[date, int] = field(default_factory=dict)


class LiveHub:
    """Builds snapshots and sends them. `run` is the sending loop, one greenlet or thread per process.

    With `everywhere` set (several processes behind one message queue) office snapshots are sent even when nobody watches
    in this process, because somebody may in another.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], build: str, public_url: str, *, everywhere: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._build = build
        self._public_url = public_url
        self._everywhere = everywhere
        self._monotonic = monotonic
        self._dirty: dict[str, _Dirty] = defaultdict(_Dirty)
        self._others_due: dict[str, float] = {}
        self._sent: dict[tuple[str, date], int] = {}
        self._wake = threading.Event()
        self._stopped = False
        self.watchers = Watchers()
        self.shown = ShownWaits()
        self.emit: Emitter | None = None

    def note(self, recorded: Iterable[RecordedEvent]) -> None:
        """Remember what a commit has changed, and wake the loop. Called right after the commit, so it only marks."""
        for each in recorded:
            dirty = self._dirty[each.event.office]
            dirty.seqs[each.event.date] = max(each.seq, dirty.seqs.get(each.event.date, 0))
            if each.event.ticket is not None:
                dirty.tickets.add(each.event.ticket)
        self._wake.set()

    def has_sent(self, office: str, day: date, seq: int) -> bool:
        """Whether this process has sent what an event of an office-day changed, or a later state, to all who watch here."""
        return self._sent.get((office, day), 0) >= seq

    def run(self) -> None:
        """Send until `stop`. What cannot be made or sent is logged; the relay or the next change tries again."""
        while not self._stopped:
            self._wake.wait(timeout=OTHER_TICKETS_SECONDS)
            self._wake.clear()
            self.flush()

    def stop(self) -> None:
        self._stopped = True
        self._wake.set()

    def flush(self) -> None:
        """Send everything that is dirty now."""
        dirty, self._dirty = self._dirty, defaultdict(_Dirty)
        for office, changed in dirty.items():
            self._send_office(office, changed.seqs)
            self._send_tickets(office, changed.tickets)
        self._send_other_tickets()

    def snapshot(self, audience: str, key: str) -> dict[str, Any]:
        """The present snapshot of an audience. `key` is an office, for `ticket` a secret code. Raises `Unknown…` errors."""
        now = self._clock()
        with self._database.read() as connection:
            if audience == "ticket":
                ticket = ticket_store.find_by_code(connection, key)
                office = self._database.offices.get(connection, ticket.office)
                day = day_store.find(connection, ticket.office, ticket.date)
                view = view_ticket(connection, office, day, ticket, self._public_url, now, self.shown)
                return {**to_wire(view), "sent_at": office.local(now).isoformat(timespec="seconds"), "build": self._build}
            office = self._database.offices.get(connection, key)
            if audience in ("door", "device"):
                door = view_guard_door if audience == "door" else boards.view_door
                return to_wire(door(connection, office, now, self._build))
            make = {"board": boards.view_board, "desk": boards.view_queue, "wall": view_wall}[audience]
            return to_wire(make(connection, office, now, self._build, self.shown))

    def _send_office(self, office: str, seqs: Mapping[date, int]) -> None:
        wanted = [each for each in OFFICE_AUDIENCES if self._everywhere or self.watchers.watches(each, office)]
        failed = [audience for audience in wanted if not self._send(audience, office)]
        if not failed:
            # A snapshot is read after these events were committed, so it holds at least what they changed.
            for day, seq in seqs.items():
                self._sent[office, day] = max(seq, self._sent.get((office, day), 0))

    def _send_tickets(self, office: str, tickets: set[str]) -> None:
        watched = set(self.watchers.keys("ticket"))
        if not watched and not self._everywhere:
            return
        for code in self._read(lambda connection: [ticket_store.find(connection, id).code for id in tickets]):
            if self._everywhere or code in watched:
                self._send("ticket", code)
        self._others_due.setdefault(office, self._monotonic() + OTHER_TICKETS_SECONDS)

    def _send_other_tickets(self) -> None:
        """Places in the queue move for everybody; once a second is soon enough for those who are not called."""
        moment = self._monotonic()
        due = {office for office, at in self._others_due.items() if at <= moment}
        if not due:
            return
        for office in due:
            del self._others_due[office]
        codes = self.watchers.keys("ticket")
        for code in self._read(lambda connection: [each for each in codes if ticket_store.find_by_code(connection, each).office in due]):
            self._send("ticket", code)

    def _read(self, look: Callable[[Connection], list[str]]) -> list[str]:
        """What a look at the database finds, nothing while it is away: the next change looks again."""
        try:
            with self._database.read() as connection:
                return look(connection)
        except Exception as error:
            log.error("snapshot_failed", kind=type(error).__name__)
            return []

    def _send(self, audience: str, key: str) -> bool:
        """Send one snapshot. False, and a line in the log, if it cannot be made or sent: that must stop no other."""
        try:
            if self.emit is not None:
                self.emit(audience, self.snapshot(audience, key), room=room_of(audience, key))
        except Exception as error:
            log.error("snapshot_failed", audience=audience, kind=type(error).__name__)
            return False
        return True
