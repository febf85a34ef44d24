"""Drains one printer's spool, one job at a time: check first, send once, trust only an answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from printer.device.device import Device, Session
from printer.device.status import PrinterState, Reading
from printer.device.transport import DeviceFailed, DeviceUnreachable
from printer.spool import Job, Spool

BACK_OFF_S = (1.0, 2.0, 5.0, 10.0)
LOOK_EVERY_S = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Observation:
    """The printer's last known state, and since when it has been so."""

    reading: Reading
    since: datetime


class Worker:
    """One thread (a greenlet where gevent has patched threading) that owns one printer. No one else
    opens it.
    """

    def __init__(self, spool: Spool, device: Device, clock: Callable[[], datetime]) -> None:
        self._spool, self._device, self._clock = spool, device, clock
        self._busy = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self.observation: Observation | None = None
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
        """Try the oldest queued job once, or check the printer if none is queued. Returns the
        seconds to wait before the next step.
        """
        with self._busy:
            self._spool.lose_interrupted(
                "stumbled_while_sending"
            )  # left by a step whose result could not be stored
            self._spool.expire_due()
            job = self._spool.next_queued()
            if job is None:
                self._look()
                return LOOK_EVERY_S
            return self._attempt(job)

    def look(self) -> Observation:
        """What is known about the printer; checks it if nothing is known yet. A stopped spool takes
        precedence over the printer's own state.
        """
        if self.stumbled_at is not None:
            return Observation(Reading(PrinterState.SPOOL_STOPPED), self.stumbled_at)
        if self.observation is None:
            with self._busy:
                if self.observation is None:
                    self._look()
        assert self.observation is not None
        return self.observation

    def _look(self) -> None:
        try:
            session = self._device.open()
        except DeviceUnreachable as problem:
            self._observe(Reading(PrinterState.OFFLINE, str(problem)))
            return
        try:
            self._observe(self._ask(session))
        finally:
            session.close()

    def _attempt(self, job: Job) -> float:
        try:
            session = self._device.open()
        except DeviceUnreachable as problem:
            self._observe(Reading(PrinterState.OFFLINE, str(problem)))
            return self._postpone(job, str(problem))
        except Exception as problem:  # a fault of ours must not stop the next jobs
            log.exception("job %s could not be tried", job.id)
            self._spool.act(job.id, "fail", type(problem).__name__)
            return 0
        try:
            reading = self._ask(session)
            self._observe(reading)
            if not reading.state.can_print:
                return self._postpone(job, reading.reason or reading.state)
            document = self._spool.document(job.id)
            # From here on a crash makes the result unknown, so the state is stored before the first
            # byte is sent.
            self._spool.act(job.id, "send")
            self._deliver(session, job, document)
            return 0
        finally:
            session.close()

    def _ask(self, session: Session) -> Reading:
        try:
            return session.read_state()
        except DeviceFailed as problem:
            return Reading(PrinterState.UNKNOWN, str(problem))

    def _deliver(self, session: Session, job: Job, document: bytes) -> None:
        try:
            confirmed, reason = session.send(document, job.slip), "no_confirmation"
        except DeviceFailed as problem:
            confirmed, reason = False, str(problem)
        except Exception as problem:
            log.exception("job %s broke off while it was sent", job.id)
            confirmed, reason = False, type(problem).__name__
        if confirmed:
            self._spool.act(job.id, "confirm")
            return
        log.warning("job %s is unconfirmed: %s", job.id, reason)
        self._spool.act(job.id, "lose", reason)
        # Check the cause at once, so that the screen does not say "ready" meanwhile.
        self._observe(self._ask(session))

    def _postpone(self, job: Job, reason: str) -> float:
        attempts = self._spool.act(job.id, "postpone", reason).attempts
        return BACK_OFF_S[min(attempts, len(BACK_OFF_S)) - 1]

    def _observe(self, reading: Reading) -> None:
        if self.observation is None or self.observation.reading != reading:
            self.observation = Observation(reading, self._clock())
