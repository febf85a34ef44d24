"""Drains a spool into its printers, one job at a time: check first, send once, trust only an
answer.

The printers are a list by preference. A job goes to the first that is well; one of which something
was sent stays where it is, and its printer stands still until it is known whether it came out.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from printer.device.status import PrinterState, Reading
from printer.spool.job import Job, WrongJobState
from printer.spool.store import Spool
from printer.station import BACK_OFF_S, Observation, Station

LOOK_EVERY_S = 5.0
LISTEN_EVERY_S = 1.0

log = logging.getLogger(__name__)


class Worker:
    """One thread (a greenlet where gevent has patched threading) that owns the printers. No one
    else opens them.
    """

    def __init__(
        self, spool: Spool, stations: Sequence[Station], clock: Callable[[], datetime]
    ) -> None:
        self._spool, self.stations, self._clock = spool, tuple(stations), clock
        self._busy = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self.stumbled_at: datetime | None = None

    def start(self) -> None:
        """Start draining the spool."""
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Try a new job now, even during a back-off."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the current job and stop."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        for station in self.stations:
            station.drop_connection()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            pause_s = self.step_safely()
            if pause_s > 0:
                self._wake.wait(pause_s)

    def step_safely(self) -> float:
        """Like `step`, but an error such as a full disk is recorded instead of raised: the jobs are
        safe, so the worker keeps trying.
        """
        try:
            pause_s = self.step()
        except Exception:
            log.exception("the printer's worker stumbled")
            self.stumbled_at = self.stumbled_at or self._clock()
            return BACK_OFF_S[-1]
        self.stumbled_at = None
        return pause_s

    def step(self) -> float:
        """Try the oldest queued job once, or check the printers if none is queued. Returns the
        seconds to wait before the next step.
        """
        with self._busy:
            self._spool.lose_interrupted(
                "stumbled_while_sending"
            )  # left by a step whose result could not be stored
            stopped = self._hear_late()
            self._spool.expire_due()
            job = self._spool.next_queued()
            if job is None:
                for station in self.stations:
                    station.look(self._clock())
                return LISTEN_EVERY_S if stopped else LOOK_EVERY_S
            try:
                return self._attempt(job, stopped)
            except WrongJobState:  # the visitor left just now: nothing was sent
                return 0

    def look(self) -> list[Observation]:
        """What is known about each printer, in their order; checks one of which nothing is known
        yet.

        A stopped spool takes precedence over the printers' own states. A printer that would print
        but owes an answer is `unconfirmed`.
        """
        if self.stumbled_at is not None:
            stumbled = Observation(Reading(PrinterState.SPOOL_STOPPED), self.stumbled_at)
            return [stumbled for _ in self.stations]
        return [self._look(station) for station in self.stations]

    def _look(self, station: Station) -> Observation:
        if station.observation is None:
            with self._busy:
                if station.observation is None:
                    station.look(self._clock())
        seen = station.observation
        assert seen is not None
        owed = self._spool.unconfirmed(station.label)
        if not owed or not seen.reading.state.can_print:
            return seen
        asked_at = owed[0].done_at or seen.since
        return Observation(Reading(PrinterState.UNCONFIRMED, owed[0].reason), asked_at)

    def _hear_late(self) -> frozenset[Station]:
        """Listen for late answers. Returns the printers that still owe one."""
        stopped: set[Station] = set()
        for station in self.stations:
            for job in self._spool.unconfirmed(station.label):
                station.hear_late(job, self._spool)
            if self._spool.unconfirmed(station.label):
                stopped.add(station)
            else:
                station.drop_connection()
        return frozenset(stopped)

    def _attempt(self, job: Job, stopped: frozenset[Station]) -> float:
        now = self._clock()
        for station in stopped:
            station.look(now)
        able = [station for station in self.stations if station not in stopped]
        rested = [station for station in able if not station.rests(now)]
        reason: str = PrinterState.UNCONFIRMED
        for station in rested or able:
            try:
                reason = station.attempt(
                    job, self._document(job, station), self._spool, self._clock
                )
            except WrongJobState:
                raise
            except Exception as problem:
                if not self._is_untried(job):
                    raise  # such as a full disk after the slip was sent
                # A fault of ours must not stop the next jobs.
                log.exception("job %s could not be tried", job.id)
                self._spool.act(job.id, "fail", type(problem).__name__)
                return 0
            if not reason:
                return 0
        attempts = self._spool.act(job.id, "postpone", reason).attempts
        return BACK_OFF_S[min(attempts, len(BACK_OFF_S)) - 1]

    def _document(self, job: Job, station: Station) -> bytes:
        # What is stored was laid out for the first printer; another may have other paper.
        if station is self.stations[0]:
            return self._spool.document(job.id)
        return station.device.render(job.slip)

    def _is_untried(self, job: Job) -> bool:
        return self._spool.job(job.id).state == job.state
