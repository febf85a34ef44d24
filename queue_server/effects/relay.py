"""Runs the reactions to committed events: at least once, in order within an office-day, in
whichever process holds the lease.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from queue_server.causes import name_cause, say_cause
from queue_server.domain.events import EventType
from queue_server.store import relays as relay_store
from queue_server.store.relays import Backlog
from queue_server.store.visit import events as event_store
from queue_server.store.writer.database import Database

from .reactions import Reaction

log = structlog.get_logger()

STEP_SECONDS = 1.0
LEASE = timedelta(seconds=30)
LEASE_WORK = timedelta(seconds=20)
BATCH = 500
LOOK_BACK_DAYS = 2
BACK_OFF_SECONDS = (1, 5, 30, 120, 600)


class Relay:
    """One relay per process. A reaction that fails is tried again with growing pauses; other
    office-days go on meanwhile.
    """

    def __init__(
        self,
        database: Database,
        reactions: Mapping[EventType, Sequence[Reaction]],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._reactions = reactions
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._stop = threading.Event()

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stop.wait(STEP_SECONDS):
            try:
                self.step()
            except Exception as error:
                log.error("relay_failed", **name_cause(error))

    def stop(self) -> None:
        self._stop.set()

    def step(self) -> int:
        """React to everything that waits now. Returns how many events were dealt with."""
        now = self._clock()
        since = (now - timedelta(days=LOOK_BACK_DAYS)).date()
        with self._database.read() as connection:
            backlogs = relay_store.list_backlogs(connection, now, since)
        return sum(self._work_off(backlog, now) for backlog in backlogs)

    def _work_off(self, backlog: Backlog, now: datetime) -> int:
        if not self._claim(backlog, now):
            return 0
        with self._database.read() as connection:
            waiting = event_store.list_after(
                connection, backlog.office, backlog.date, backlog.relayed_seq, BATCH
            )
        done = backlog.relayed_seq
        for recorded in waiting:
            if self._clock() >= now + LEASE_WORK:
                # the lease runs out before long, and then another process may begin on the same
                # events
                break
            try:
                for reaction in self._reactions.get(recorded.event.type, ()):
                    reaction(recorded)
            except Exception as error:
                self._note_failure(backlog, done, now, error)
                return done - backlog.relayed_seq
            done = recorded.seq
        advance = partial(
            relay_store.advance,
            office=backlog.office,
            day=backlog.date,
            owner=self._owner,
            relayed_seq=done,
        )
        self._database.write([], advance)
        return done - backlog.relayed_seq

    def _claim(self, backlog: Backlog, now: datetime) -> bool:
        claim = partial(
            relay_store.claim, backlog=backlog, owner=self._owner, now=now, until=now + LEASE
        )
        return self._database.write([], claim)

    def _note_failure(self, backlog: Backlog, done: int, now: datetime, error: Exception) -> None:
        pause = BACK_OFF_SECONDS[min(backlog.failures, len(BACK_OFF_SECONDS) - 1)]
        log.error(
            "reaction_failed",
            office=backlog.office,
            seq=done + 1,
            retry_seconds=pause,
            **name_cause(error),
        )
        fail = partial(
            relay_store.fail,
            office=backlog.office,
            day=backlog.date,
            owner=self._owner,
            relayed_seq=done,
            retry_at=now + timedelta(seconds=pause),
            error=say_cause(error),
        )
        self._database.write([], fail)
