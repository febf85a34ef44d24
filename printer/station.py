"""One printer of the worker's list: how it is, and the slip about which it still owes an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from printer.device.device import Device, Outcome, Session
from printer.device.status import PrinterState, Reading
from printer.device.transport import DeviceFailed, DeviceGone, DeviceUnreachable
from printer.spool.job import Job, WrongJobState
from printer.spool.store import Spool

BACK_OFF_S = (1.0, 2.0, 5.0, 10.0)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Observation:
    """A printer's last known state, and since when it has been so."""

    reading: Reading
    since: datetime


class Station:
    """A printer with the `label` that is on it. Only the worker uses its device."""

    def __init__(self, label: str, device: Device) -> None:
        self.label, self.device = label, device
        self.observation: Observation | None = None
        self._failures = 0
        self._rests_until: datetime | None = None
        self._kept: Session | None = None

    def rests(self, now: datetime) -> bool:
        """Whether it failed so shortly ago that another printer should be tried first."""
        return self._rests_until is not None and timedelta() < self._rests_until - now <= timedelta(
            seconds=BACK_OFF_S[-1]
        )

    def look(self, now: datetime) -> Reading:
        """Connect, ask for the state and note it."""
        if self._kept is not None:
            return self.observe(_ask(self._kept), now)
        try:
            session = self.device.open()
        except DeviceUnreachable as problem:
            return self.observe(Reading(PrinterState.OFFLINE, str(problem)), now)
        try:
            return self.observe(_ask(session), now)
        finally:
            session.close()

    def attempt(
        self, job: Job, document: bytes, spool: Spool, clock: Callable[[], datetime]
    ) -> str:
        """Send a job if the printer is well. Returns why nothing was sent, empty if it was.

        What was sent is then confirmed or unconfirmed in the spool. A connection whose answer is
        still owed stays open, because a late one can come on no other.
        """
        try:
            session = self.device.open()
        except DeviceUnreachable as problem:
            self.observe(Reading(PrinterState.OFFLINE, str(problem)), clock())
            return self._fail(str(problem), clock())
        keep = False
        try:
            reading = self.observe(_ask(session), clock())
            if not reading.state.can_print:
                return self._fail(reading.reason or reading.state, clock())
            # From here on a crash makes the result unknown, so the state is stored before the first
            # byte is sent.
            spool.send(job.id, self.label, self.device.measure_mm(document))
            outcome, reason = _deliver(session, document, job)
            if outcome is Outcome.NOTHING:
                spool.act(job.id, "take_back", reason)
                return self._fail(reason, clock())
            self._failures, self._rests_until = 0, None
            if outcome is Outcome.PRINTED:
                spool.act(job.id, "confirm")
                return ""
            log.warning("job %s is unconfirmed: %s", job.id, reason)
            spool.act(job.id, "lose", reason)
            # Check the cause at once, so that the screen does not say "ready" meanwhile.
            self.observe(_ask(session), clock())
            self._kept, keep = session, True
            return ""
        finally:
            if not keep:
                session.close()

    def hear_late(self, job: Job, spool: Spool) -> None:
        """Note in the spool what the printer says by now about an unconfirmed job."""
        try:
            if self._kept is None:
                if not self.device.remembers:
                    return
                self._kept = self.device.open()
            outcome = self._kept.settle(job.slip)
        except (DeviceFailed, DeviceUnreachable):
            self.drop_connection()
            return
        if outcome is not Outcome.UNKNOWN:
            log.warning("job %s is known late: %s", job.id, outcome)
            with suppress(WrongJobState):  # the staff were faster
                spool.act(
                    job.id, "confirm" if outcome is Outcome.PRINTED else "deny", "late_answer"
                )
            self.drop_connection()

    def drop_connection(self) -> None:
        """Close a connection on which no answer is expected any more."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def observe(self, reading: Reading, now: datetime) -> Reading:
        """Note the printer's state; its beginning stays as long as it does."""
        if self.observation is None or self.observation.reading != reading:
            self.observation = Observation(reading, now)
        return reading

    def _fail(self, reason: str, now: datetime) -> str:
        self._failures += 1
        pause_s = BACK_OFF_S[min(self._failures, len(BACK_OFF_S)) - 1]
        self._rests_until = now + timedelta(seconds=pause_s)
        return reason or "unknown"


def _ask(session: Session) -> Reading:
    try:
        return session.read_state()
    except DeviceGone as problem:
        return Reading(PrinterState.OFFLINE, str(problem))
    except DeviceFailed as problem:
        return Reading(PrinterState.UNKNOWN, str(problem))


def _deliver(session: Session, document: bytes, job: Job) -> tuple[Outcome, str]:
    try:
        outcome = session.send(document, job.slip)
    except DeviceFailed as problem:
        return Outcome.UNKNOWN, str(problem)
    except Exception as problem:  # a fault of ours: what was sent is just as unknown
        log.exception("job %s broke off while it was sent", job.id)
        return Outcome.UNKNOWN, type(problem).__name__
    reasons = {Outcome.PRINTED: "", Outcome.UNKNOWN: "no_confirmation", Outcome.NOTHING: "refused"}
    return outcome, reasons[outcome]
