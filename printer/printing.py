"""A printer as the kiosk and the agent use it: submit a slip, follow its job, ask for a copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from printer.designs import DesignShelf
from printer.device.device import Device, find_device
from printer.device.profile import PrinterProfile, find_profile
from printer.device.status import PrinterState
from printer.device.transport import TimeLimits
from printer.spool import Job, JobState, Spool, UnknownJob, job_id_of, mark_repeated, next_copy
from printer.worker import Worker
from queue_server.protocol.messages import Slip

LIFETIME_S = 180.0
"""If a slip could not be printed within three minutes, nobody waits for it any more."""


@dataclass(frozen=True)
class PrinterReport:
    """A printer's health. The counts are of the last 24 hours; `oldest_s` is how long the oldest
    job has been waiting.
    """

    state: PrinterState
    reason: str
    since: datetime
    queued: int
    oldest_s: int
    printed: int
    unconfirmed: int
    expired: int


class Printer:
    """One printer with its spool and its worker. Made by `open_printer`. `designs` holds what the
    office adds to its slips.
    """

    def __init__(
        self,
        spool: Spool,
        device: Device,
        clock: Callable[[], datetime],
        lifetime_s: float = LIFETIME_S,
        designs: DesignShelf | None = None,
    ) -> None:
        self.designs = designs or DesignShelf(None)
        self._spool, self._device, self._clock, self._lifetime_s = spool, device, clock, lifetime_s
        self.worker = Worker(spool, device, clock)

    def submit(self, slip: Slip) -> str:
        """Store `slip` durably and print it as soon as possible. Returns the job's id.

        The same slip and copy number again give the same job; that of a repeated check-in is a
        copy, and one that was given without the server gets the office's lines and logo. Raises
        `SlipUnprintable`.
        """
        slip = mark_repeated(self.designs.dress(slip) if slip.offline else slip)
        try:
            job = self._spool.job(job_id_of(slip))
        except UnknownJob:
            job = self._spool.add(slip, self._device.render(slip), self._lifetime_s)
        self.worker.wake()
        return job.id

    def copy(self, slip: Slip) -> str:
        """Print `slip` once more, marked as a copy. Returns the job's id.

        While the last job is still in progress, its id is returned. Of an expired job nothing was
        sent, so it is queued again without a mark. Raises `SlipUnprintable`.
        """
        latest = self._spool.latest_of(slip.id)
        if latest is not None and latest.state in (JobState.QUEUED, JobState.SENDING):
            return latest.id
        if latest is not None and latest.state in (JobState.EXPIRED, JobState.FAILED):
            self._spool.renew(latest.id, self._lifetime_s)
            self.worker.wake()
            return latest.id
        return self.submit(next_copy(slip, latest))

    def job(self, job_id: str) -> Job:
        """Raises `UnknownJob`."""
        return self._spool.job(job_id)

    def recent(self, limit: int = 200) -> list[Job]:
        """The newest jobs, newest first."""
        return self._spool.recent(limit)

    def status(self) -> PrinterState:
        """The printer's state at the last check: at every job, and at most some seconds ago."""
        return self.worker.look().reading.state

    def report(self) -> PrinterReport:
        """The printer's health in full."""
        seen = self.worker.look()
        now = self._clock()
        counts = self._spool.count_by_state(now - timedelta(days=1))
        first = self._spool.next_queued()
        return PrinterReport(
            state=seen.reading.state,
            reason=seen.reading.reason,
            since=seen.since,
            queued=counts.get(JobState.QUEUED, 0),
            oldest_s=0 if first is None else max(0, int((now - first.created_at).total_seconds())),
            printed=counts.get(JobState.PRINTED, 0),
            unconfirmed=counts.get(JobState.UNCONFIRMED, 0),
            expired=counts.get(JobState.EXPIRED, 0),
        )

    def close(self) -> None:
        """Finish the current job and close the printer and the spool."""
        self.worker.stop()
        self._spool.close()


def utc_now() -> datetime:
    """The time by the machine's clock, aware."""
    return datetime.now(UTC)


def open_printer(
    url: str,
    state_dir: Path,
    profile: str | PrinterProfile = "tm-t20iii-80",
    clock: Callable[[], datetime] = utc_now,
    *,
    limits: TimeLimits | None = None,
    lifetime_s: float = LIFETIME_S,
) -> Printer:
    """Open the printer at `url` with its spool in `state_dir` and start its worker.

    `url` is `tcp://host:port`, `file:///dev/usb/lp0`, `usb://04b8:0e15` or `virtual:///directory`;
    a printer that is off is not an error. Raises `UnknownAddress`, `UnknownProfile`, `SpoolInUse`.
    """
    abilities = find_profile(profile) if isinstance(profile, str) else profile
    designs = DesignShelf(Path(state_dir) / "slip-design.json")
    abilities = replace(abilities, find_logo=designs.logo)
    device = find_device(url, abilities, limits)
    printer = Printer(
        Spool(Path(state_dir) / "spool.sqlite3", clock), device, clock, lifetime_s, designs
    )
    printer.worker.start()
    return printer
