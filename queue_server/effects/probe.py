"""Whether this process can work. It tries every few seconds by really doing it, so a readiness
request costs nothing and gets a true answer.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.engine import Connection

from queue_server.causes import name_cause, say_cause
from queue_server.store import clock_jumps
from queue_server.store import keys as key_store
from queue_server.store import probes as probe_store
from queue_server.store import relays as relay_store
from queue_server.store.clock_jumps import ClockJump
from queue_server.store.soundness import read_revision
from queue_server.store.writer.database import Database

from .relay import LOOK_BACK_DAYS

log = structlog.get_logger()

PROBE_SECONDS = 5.0
SOONEST_SECONDS = 1.0
"""The shortest time from the last try to the next one after a failed commit."""

STALE_SECONDS = 20.0
"""A probe that has not finished after this time hangs in what it tries, and so does everything
else.
"""

FREE_BYTES_WANTED = 200_000_000
LOOK_BACK = timedelta(days=LOOK_BACK_DAYS)
OK = "ok"


@dataclass(frozen=True)
class Surroundings:
    """What a process should find, and how to check what the database does not show. Without Redis,
    `ping` is None.
    """

    revision: str
    nik_key_id: str
    measure_free_bytes: Callable[[], int]
    ping: Callable[[], object] | None = None


@dataclass(frozen=True)
class Readiness:
    """The state of each part, in words. `ready`: visitors can be served. `status`: ok, or degraded
    if somebody should look.
    """

    ready: bool
    status: str
    checks: Mapping[str, str]


def say_jump(jump: ClockJump) -> str:
    """That the machine's clock was set, and by how much."""
    return f"jumped by {jump.seconds / 60:+.0f} min"


class Probe:
    """One per process. `step` tries everything; `report` gives the results, and any real commit
    that failed since.
    """

    def __init__(
        self,
        database: Database,
        surroundings: Surroundings,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._surroundings = surroundings
        self._clock = clock
        self._monotonic = monotonic
        self._process = secrets.token_hex(8)
        self._number = 0
        self._vital: dict[str, str] = {}
        self._rest: dict[str, str] = {}
        self._failed: str | None = None
        self._failures = 0
        self._tried: float | None = None
        self._wake = threading.Event()
        self._stopped = False
        database.on_failure(self._note_failure)

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stopped:
            try:
                self.step()
            except Exception as error:
                log.error("probe_failed", **name_cause(error))
            if self._wake.wait(PROBE_SECONDS):
                self._wake.clear()
                time.sleep(SOONEST_SECONDS)

    def stop(self) -> None:
        self._stopped = True
        self._wake.set()

    def step(self) -> None:
        """Write a row and commit it, read, and check the surroundings."""
        now = self._clock()
        before = self.report()
        vital = {"write": self._attempt(partial(self._write, now)), **self._read(now)}
        rest = {
            "reactions": vital.pop("reactions"),
            "clock": vital.pop("clock"),
            "disk": self._attempt(self._measure),
        }
        if self._surroundings.ping is not None:
            rest["redis"] = self._attempt(self._ping)
        self._vital, self._rest, self._tried = vital, rest, self._monotonic()
        after = self.report()
        if (before.ready, before.status) != (after.ready, after.status):
            note = log.info if after.status == OK else log.error
            note(
                "readiness_changed",
                ready=after.ready,
                **{name: text for name, text in after.checks.items() if text != OK},
            )

    def report(self) -> Readiness:
        """What is known now, without trying again."""
        if self._tried is None:
            return Readiness(False, "starting", {"probe": "not yet"})
        vital = dict(self._vital)
        if self._failed is not None:
            vital["write"] = self._failed
        silent = self._monotonic() - self._tried
        vital["probe"] = OK if silent < STALE_SECONDS else f"no answer for {silent:.0f} s"
        ready = all(text == OK for text in vital.values())
        well = ready and all(text == OK for text in self._rest.values())
        return Readiness(
            ready, OK if well else "degraded" if ready else "unavailable", {**vital, **self._rest}
        )

    def _attempt(self, look: Callable[[], str]) -> str:
        try:
            return look()
        except Exception as error:
            return f"failed: {say_cause(error)}"

    def _write(self, now: datetime) -> str:
        self._number += 1
        known = self._failures
        self._database.write(
            [], partial(probe_store.leave, process=self._process, number=self._number, now=now)
        )
        if known == self._failures:
            self._failed = None
        return OK

    def _read(self, now: datetime) -> dict[str, str]:
        """What the database says, in one read."""
        parts = {
            "read": OK,
            "schema": "unknown",
            "nik_key": "unknown",
            "reactions": "unknown",
            "clock": "unknown",
        }

        def look(connection: Connection) -> None:
            revision, key = read_revision(connection), key_store.find_id(connection)
            parts["schema"] = (
                OK if revision == self._surroundings.revision else f"revision {revision}"
            )
            parts["nik_key"] = OK if key == self._surroundings.nik_key_id else "another key"
            failing = relay_store.count_failing(connection, (now - LOOK_BACK).date())
            parts["reactions"] = OK if not failing else f"{failing} failing"
            jump = clock_jumps.find_recent(connection, now)
            parts["clock"] = OK if jump is None else say_jump(jump)

        try:
            with self._database.read() as connection:
                look(connection)
        except Exception as error:
            parts["read"] = f"failed: {say_cause(error)}"
        return parts

    def _measure(self) -> str:
        free = self._surroundings.measure_free_bytes()
        return OK if free >= FREE_BYTES_WANTED else f"{free // 1_000_000} MB free"

    def _ping(self) -> str:
        assert self._surroundings.ping is not None
        self._surroundings.ping()
        return OK

    def _note_failure(self, error: BaseException) -> None:
        """A real commit failed: from now on the process is not ready, until a try of our own
        succeeds.
        """
        self._failures += 1
        self._failed = f"failed: {say_cause(error)}"
        self._wake.set()
