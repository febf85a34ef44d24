"""Sends the live channel: after a commit each audience concerned gets its whole snapshot, at most
once per state.

Lost, repeated or reordered messages do no harm, so nothing is queued: changed offices and tickets
are kept in a set, and a burst of commits costs one snapshot. Nothing depends on a message either:
once a second one query reads the versions of everything that is watched here, and newer snapshots
are sent.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy.engine import Connection

from queue_server.domain.errors import UnknownOffice
from queue_server.domain.events import RecordedEvent
from queue_server.services.screens.last_told_waits import ShownWaits
from queue_server.services.screens.lobby import LastCalls
from queue_server.services.shown import Version
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.visit import versions
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey

from .pictures import Pictures

log = structlog.get_logger()
T = TypeVar("T")

_MADE = ("version", "sent_at", "build")
OFFICE_AUDIENCES = ("board", "desk", "door", "dashboard", "reception", "help")
LOOK_SECONDS = 1.0
"""How often watched office-days are checked for changes that have not been sent. This also tells
ticket pages their new position when their own ticket did not change, and finds changes by other
processes, with or without a message queue.
"""

AT_A_STRETCH_SECONDS, PAUSE_SECONDS = 0.002, 0.0001
"""How long snapshots are made without a pause, and that pause. One of no time would let only those
go on who are awake already, and not those whose request has just arrived.
"""


class Emitter(Protocol):
    """Sends one message to all who watch a room."""

    def __call__(self, event: str, snapshot: dict[str, Any], *, room: str) -> None: ...


def room_of(audience: str, key: str) -> str:
    """The name of the Socket.IO room for an audience and its key."""
    return f"{audience}:{key}"


class Watchers:
    """Who watches what, in this process. Snapshots that nobody here watches are not built."""

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
        """The number of watchers; one who watches several rooms counts once for each."""
        return sum(sum(counts.values()) for counts in self._rooms.values())


@dataclass(frozen=True)
class _Sent:
    """The newest snapshot that went to a room: whose office it is about, its version, and what it
    says to a ticket's page. None: not everybody in the room was told the same, or it is no ticket.
    """

    office: str
    version: Version
    says: Mapping[str, Any] | None = field(default=None, compare=False)


@dataclass
class _Dirty:
    """What has changed in an office since its last snapshot: tickets, and each office-day's last
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
        self._paused_at = monotonic()
        self._sent: dict[tuple[str, date], int] = {}
        self._rooms: dict[tuple[str, str], _Sent] = {}
        self._wake = threading.Event()
        self._stopped = False
        self._pictures = Pictures(database, clock, build, public_url)
        self.watchers = Watchers()
        self.emit: Emitter | None = None

    @property
    def shown(self) -> ShownWaits:
        """The wait ranges that this process has shown."""
        return self._pictures.shown

    @property
    def calls(self) -> LastCalls:
        """The newest calls, as this process has read them."""
        return self._pictures.calls

    def snapshot(self, audience: str, key: str) -> dict[str, Any]:
        """The present snapshot of an audience. `key` is an office, for `ticket` a secret code.
        Raises `Unknown…` errors.
        """
        return self._pictures.get(audience, key)

    def join(self, audience: str, key: str, snapshot: Mapping[str, Any]) -> None:
        """Count a watcher who was given this snapshot."""
        self.watchers.join(audience, key)
        room = audience, key
        joined = _sent(snapshot)
        known = self._rooms.setdefault(room, joined)
        if known.says != joined.says:
            self._rooms[room] = replace(known, says=None)

    def has_newer(self, audience: str, key: str, snapshot: Mapping[str, Any]) -> bool:
        """Whether a newer snapshot went to the room before the owner of this one had joined it."""
        sent = self._rooms.get((audience, key))
        return sent is not None and sent.version > _sent(snapshot).version

    def is_newest(self, audience: str, key: str, version: Version) -> bool:
        """Whether no newer version than this went to the room; what has changed is looked for every
        LOOK_SECONDS.
        """
        sent = self._rooms.get((audience, key))
        return sent is not None and sent.version == version

    def leave(self, audience: str, key: str) -> None:
        """Stop counting a watcher."""
        self.watchers.leave(audience, key)
        if not self.watchers.watches(audience, key):
            self._rooms.pop((audience, key), None)

    def note_delivered(self, room: str, snapshot: dict[str, Any]) -> None:
        """Note a snapshot that another process has sent to the screens of this one. It sends an
        office's audiences in the order of `OFFICE_AUDIENCES`.
        """
        audience, _, key = room.partition(":")
        self._note_sent(audience, key, snapshot)
        if audience == OFFICE_AUDIENCES[-1]:
            office, (day, seq) = key, _sent(snapshot).version
            self._note_office(office, {date.fromisoformat(day): seq})

    def note(self, recorded: Iterable[RecordedEvent]) -> None:
        """Remember what a commit has changed, and wake the loop. It is called right after the
        commit and therefore does nothing else.
        """
        for each in recorded:
            dirty = self._dirty[each.event.office]
            dirty.seqs[each.event.date] = max(each.seq, dirty.seqs.get(each.event.date, 0))
            if each.event.ticket is not None:
                dirty.tickets.add(each.event.ticket)
        self._wake.set()

    def has_sent(self, office: str, day: date, seq: int) -> bool:
        """Whether this process has sent the state after an event of an office-day, or a later one,
        to all who watch here.
        """
        return self._sent.get((office, day), 0) >= seq

    def run(self) -> None:
        """Send until `stop`. A snapshot that cannot be built or sent is logged; the relay or the
        next change tries again.
        """
        while not self._stopped:
            self._wake.wait(timeout=max(0.0, self._look_at - self._monotonic()))
            self._wake.clear()
            self.flush()

    def stop(self) -> None:
        self._stopped = True
        self._wake.set()

    def flush(self) -> None:
        """Send everything that has changed, and once every LOOK_SECONDS what other processes have
        changed.
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
        """Find what is watched here and is newer than what was sent: one query, or none if nobody
        watches.
        """
        rooms = self.watchers.rooms()
        if not rooms:
            return
        days = {}
        for room in rooms:
            # An office that was deleted has nothing more to send.
            with suppress(UnknownOffice):
                days[room] = self._day_of(room)
        wanted = {day for day in days.values() if day is not None}
        seqs: Mapping[DayKey, int] | None = (
            self._read(lambda connection: versions.of_days(connection, wanted), None)
            if wanted
            else {}
        )
        if seqs is None:
            return
        for room, day in days.items():
            sent = self._rooms.get(room)
            if day is None or sent is None or sent.version < (day[1].isoformat(), seqs.get(day, 0)):
                self._send(*room)

    def _day_of(self, room: tuple[str, str]) -> DayKey | None:
        """The office-day of a room's snapshot; None if nothing has been sent to the room yet."""
        sent = self._rooms.get(room)
        if sent is None:
            return None
        if room[0] == "ticket":
            return sent.office, date.fromisoformat(sent.version[0])
        return sent.office, self._database.find_office(sent.office).date_at(self._clock())

    def _read(self, look: Callable[[Connection], T], nothing: T) -> T:
        """What `look` reads from the database, or `nothing` while it is unreachable; the next look
        will find it.
        """
        try:
            with self._database.read() as connection:
                return look(connection)
        except Exception as error:
            log.error("snapshot_failed", kind=type(error).__name__)
            return nothing

    def _send(self, audience: str, key: str) -> bool:
        """Send one snapshot. Returns False and logs it if the snapshot cannot be built or sent, so
        that the others are still sent.
        """
        try:
            if self.emit is not None:
                snapshot = self.snapshot(audience, key)
                # An event moves few of a lobby's tickets; a phone need not hear of the others.
                known = self._rooms.get((audience, key))
                if known is None or known.says is None or known.says != _says(snapshot):
                    self.emit(audience, snapshot, room=room_of(audience, key))
                self._note_sent(audience, key, snapshot)
        except Exception as error:
            log.error("snapshot_failed", audience=audience, kind=type(error).__name__)
            return False
        self._pause()
        return True

    def _pause(self) -> None:
        """Let requests be answered in between: a lobby full of ticket pages takes a while."""
        if self._monotonic() - self._paused_at >= AT_A_STRETCH_SECONDS:
            time.sleep(PAUSE_SECONDS)
            self._paused_at = self._monotonic()

    def _note_sent(self, audience: str, key: str, snapshot: Mapping[str, Any]) -> None:
        if self.watchers.watches(audience, key):
            sent, before = _sent(snapshot), self._rooms.get((audience, key))
            # A visit may be moved to an earlier day; an office's own day only moves forward.
            if audience == "ticket" or before is None or before.version <= sent.version:
                self._rooms[audience, key] = sent

    def _note_office(self, office: str, seqs: Mapping[date, int]) -> None:
        # The snapshot is read after these events were committed, so it contains their changes.
        for day, seq in seqs.items():
            self._sent[office, day] = max(seq, self._sent.get((office, day), 0))


def _sent(snapshot: Mapping[str, Any]) -> _Sent:
    day, seq = snapshot["version"]
    return _Sent(snapshot["office"], (day, seq), _says(snapshot))


def _says(snapshot: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What a ticket's snapshot says, whenever it was made; None for any other."""
    if "code" not in snapshot:
        return None
    return {name: value for name, value in snapshot.items() if name not in _MADE}
