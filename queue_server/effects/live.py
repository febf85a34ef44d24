"""The live channel's sender: after a commit each audience concerned gets its whole snapshot, at
most once per state.

Losing, repeating or reordering messages does no harm, so nothing is queued: what is dirty is
remembered as a set, and a burst of commits costs one snapshot. And nothing depends on a message:
once a second the versions of all that is watched here are looked up together, and what has come
further is sent.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy.engine import Connection

from queue_server.domain.events import RecordedEvent
from queue_server.services.screens.last_told_waits import ShownWaits
from queue_server.services.shown import Version
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.visit import versions
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey

from .pictures import Pictures

log = structlog.get_logger()
T = TypeVar("T")

OFFICE_AUDIENCES = ("board", "desk", "door", "wall")
LOOK_SECONDS = 1.0
"""How often it is looked whether a watched office-day has come further than what was sent of it.
Ticket pages whose own ticket did not change are told of their new place then; and whatever another
process has changed is found, with or without a message queue.
"""


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

    def rooms(self) -> list[tuple[str, str]]:
        """Every audience and key that somebody watches."""
        return [(audience, key) for audience, counts in self._rooms.items() for key in counts]

    @property
    def count(self) -> int:
        """How many watch, each counted as often as they watch something."""
        return sum(sum(counts.values()) for counts in self._rooms.values())


@dataclass(frozen=True)
class _Sent:
    """The newest snapshot that went to a room: whose office it is about, and its version."""

    office: str
    version: Version


@dataclass
class _Dirty:
    """What has changed in an office since it was last sent: tickets, and each office-day's last
    event.
    """

    tickets: set[str] = field(default_factory=set)
    seqs: dict[date, int] = field(default_factory=dict)


class LiveHub:
    """Builds snapshots and sends them. `run` is the sending loop, one greenlet or thread per
    process.

    With `everywhere` set (several processes behind one message queue) office snapshots are sent
    even when nobody watches in this process, because somebody may in another.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        build: str,
        public_url: str,
        *,
        everywhere: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._everywhere = everywhere
        self._monotonic = monotonic
        self._dirty: dict[str, _Dirty] = defaultdict(_Dirty)
        self._look_at = monotonic() + LOOK_SECONDS
        self._sent: dict[tuple[str, date], int] = {}
        self._rooms: dict[tuple[str, str], _Sent] = {}
        self._wake = threading.Event()
        self._stopped = False
        self._pictures = Pictures(database, clock, build, public_url)
        self.watchers = Watchers()
        self.emit: Emitter | None = None

    @property
    def shown(self) -> ShownWaits:
        """What this process has told of waits."""
        return self._pictures.shown

    def snapshot(self, audience: str, key: str) -> dict[str, Any]:
        """The present snapshot of an audience. `key` is an office, for `ticket` a secret code.
        Raises `Unknown…` errors.
        """
        return self._pictures.get(audience, key)

    def join(self, audience: str, key: str, snapshot: Mapping[str, Any]) -> None:
        """Count one who watches and was given this snapshot."""
        self.watchers.join(audience, key)
        self._rooms.setdefault((audience, key), _sent(snapshot))

    def has_newer(self, audience: str, key: str, snapshot: Mapping[str, Any]) -> bool:
        """Whether a newer snapshot than this one has gone to the room already, before this one's
        owner could hear it.
        """
        sent = self._rooms.get((audience, key))
        return sent is not None and sent.version > _sent(snapshot).version

    def leave(self, audience: str, key: str) -> None:
        """Count one who watches no more."""
        self.watchers.leave(audience, key)
        if not self.watchers.watches(audience, key):
            self._rooms.pop((audience, key), None)

    def note_delivered(self, room: str, snapshot: dict[str, Any]) -> None:
        """Another process has sent a snapshot to the screens of this one; it sends an office's
        audiences in their order.
        """
        audience, _, key = room.partition(":")
        self._note_sent(audience, key, snapshot)
        if audience == OFFICE_AUDIENCES[-1]:
            office, (day, seq) = key, _sent(snapshot).version
            self._note_office(office, {date.fromisoformat(day): seq})

    def note(self, recorded: Iterable[RecordedEvent]) -> None:
        """Remember what a commit has changed, and wake the loop. Called right after the commit, so
        it only marks.
        """
        for each in recorded:
            dirty = self._dirty[each.event.office]
            dirty.seqs[each.event.date] = max(each.seq, dirty.seqs.get(each.event.date, 0))
            if each.event.ticket is not None:
                dirty.tickets.add(each.event.ticket)
        self._wake.set()

    def has_sent(self, office: str, day: date, seq: int) -> bool:
        """Whether this process has sent what an event of an office-day changed, or a later state,
        to all who watch here.
        """
        return self._sent.get((office, day), 0) >= seq

    def run(self) -> None:
        """Send until `stop`. What cannot be made or sent is logged; the relay or the next change
        tries again.
        """
        while not self._stopped:
            self._wake.wait(timeout=max(0.0, self._look_at - self._monotonic()))
            self._wake.clear()
            self.flush()

    def stop(self) -> None:
        self._stopped = True
        self._wake.set()

    def flush(self) -> None:
        """Send everything that is dirty now, and once in LOOK_SECONDS whatever else has come
        further.
        """
        dirty, self._dirty = self._dirty, defaultdict(_Dirty)
        for office, changed in dirty.items():
            self._send_office(office, changed.seqs)
            self._send_tickets(office, changed.tickets)
        if self._monotonic() >= self._look_at:
            self._look_at = self._monotonic() + LOOK_SECONDS
            self._look()

    def _send_office(self, office: str, seqs: Mapping[date, int]) -> None:
        wanted = [
            each
            for each in OFFICE_AUDIENCES
            if self._everywhere or self.watchers.watches(each, office)
        ]
        failed = [audience for audience in wanted if not self._send(audience, office)]
        if not failed:
            self._note_office(office, seqs)

    def _send_tickets(self, office: str, tickets: set[str]) -> None:
        watched = set(self.watchers.keys("ticket"))
        if not watched and not self._everywhere:
            return
        nothing: list[str] = []
        for code in self._read(
            lambda connection: [ticket_store.find(connection, id, office).code for id in tickets],
            nothing,
        ):
            if self._everywhere or code in watched:
                self._send("ticket", code)

    def _look(self) -> None:
        """Find what is watched here and has come further than what was sent of it: one query, and
        none if nobody watches.
        """
        rooms = self.watchers.rooms()
        if not rooms:
            return
        days = {room: self._day_of(room) for room in rooms}
        wanted = {day for day in days.values() if day is not None}
        seqs: Mapping[DayKey, int] | None = (
            self._read(lambda connection: versions.of_days(connection, wanted), None)
            if wanted
            else {}
        )
        if seqs is None:
            return
        for room in rooms:
            day, sent = days[room], self._rooms.get(room)
            if day is None or sent is None or sent.version < (day[1].isoformat(), seqs.get(day, 0)):
                self._send(*room)

    def _day_of(self, room: tuple[str, str]) -> DayKey | None:
        """The office-day that a room's picture is of; None where nothing was sent yet that would
        tell.
        """
        sent = self._rooms.get(room)
        if sent is None:
            return None
        if room[0] == "ticket":
            return sent.office, date.fromisoformat(sent.version[0])
        return sent.office, self._database.find_office(sent.office).date_at(self._clock())

    def _read(self, look: Callable[[Connection], T], nothing: T) -> T:
        """What a look at the database finds, `nothing` while it is away: the next look will find
        it.
        """
        try:
            with self._database.read() as connection:
                return look(connection)
        except Exception as error:
            log.error("snapshot_failed", kind=type(error).__name__)
            return nothing

    def _send(self, audience: str, key: str) -> bool:
        """Send one snapshot. False, and a line in the log, if it cannot be made or sent: that must
        stop no other.
        """
        try:
            if self.emit is not None:
                snapshot = self.snapshot(audience, key)
                self.emit(audience, snapshot, room=room_of(audience, key))
                self._note_sent(audience, key, snapshot)
        except Exception as error:
            log.error("snapshot_failed", audience=audience, kind=type(error).__name__)
            return False
        time.sleep(
            0
        )  # let requests be answered in between: a lobby full of ticket pages takes a while
        return True

    def _note_sent(self, audience: str, key: str, snapshot: Mapping[str, Any]) -> None:
        if self.watchers.watches(audience, key):
            sent, before = _sent(snapshot), self._rooms.get((audience, key))
            # A visit may be moved to an earlier day; an office's day only goes on.
            if audience == "ticket" or before is None or before.version <= sent.version:
                self._rooms[audience, key] = sent

    def _note_office(self, office: str, seqs: Mapping[date, int]) -> None:
        # A snapshot is read after these events were committed, so it holds at least what they
        # changed.
        for day, seq in seqs.items():
            self._sent[office, day] = max(seq, self._sent.get((office, day), 0))


def _sent(snapshot: Mapping[str, Any]) -> _Sent:
    day, seq = snapshot["version"]
    return _Sent(snapshot["office"], (day, seq))
