"""Printers as the kiosk and the agent use them: submit a slip, follow its job, ask for a copy, and
say what happened to a slip of which the printer does not tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from printer.designs import DesignShelf
from printer.device.addresses import UnknownAddress, find_device
from printer.device.profile import PrinterProfile, find_profile
from printer.device.status import PrinterState
from printer.device.transport import TimeLimits
from printer.report import PrinterReport, make_report
from printer.spool.job import (
    OPEN_STATES,
    UNTRIED_STATES,
    Job,
    UnknownJob,
    job_id_of,
    mark_repeated,
    next_copy,
)
from printer.spool.roll import ROLL_MM
from printer.spool.store import Spool
from printer.station import Station
from printer.worker import Worker
from queue_server.protocol.messages import Slip

LIFETIME_S = 180.0
"""If a slip could not be printed within three minutes, nobody waits for it any more."""
LOGGED_JOBS = 200
_MASK = "\N{BULLET}" * 8


class UnknownPrinter(KeyError):
    """No printer has this label."""


class Printer:
    """The printers of one machine, by preference, with their spool and their worker. Made by
    `open_printer`. `designs` holds what the office adds to its slips.
    """

    def __init__(
        self,
        spool: Spool,
        stations: Sequence[Station],
        clock: Callable[[], datetime],
        lifetime_s: float = LIFETIME_S,
        roll_mm: float = ROLL_MM,
        designs: DesignShelf | None = None,
    ) -> None:
        self.designs = designs or DesignShelf(None)
        self._spool, self._clock = spool, clock
        self._lifetime_s, self._roll_mm = lifetime_s, roll_mm
        self.worker = Worker(spool, stations, clock)

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
            document = self.worker.stations[0].device.render(slip)
            job = self._spool.add(slip, document, self._lifetime_s)
        self.worker.wake()
        return job.id

    def submit_again(self, slip: Slip) -> str:
        """Like `submit`, but a job that expired or failed, of which nothing was sent, gets another
        try. Raises `SlipUnprintable`.
        """
        job = self.job(self.submit(slip))
        if job.state in UNTRIED_STATES:
            self._spool.renew(job.id, self._lifetime_s)
            self.worker.wake()
        return job.id

    def copy(self, slip: Slip) -> str:
        """Print `slip` once more, marked as a copy. Returns the job's id.

        While the last job is still in progress, its id is returned. Of an expired job nothing was
        sent, so it is queued again without a mark. Raises `SlipUnprintable`.
        """
        latest = self._spool.latest_of(slip.id)
        if latest is not None and latest.state in OPEN_STATES:
            return latest.id
        if latest is not None and latest.state in UNTRIED_STATES:
            return self.submit_again(latest.slip)
        return self.submit(next_copy(slip, latest))

    def expire(self, job_id: str) -> Job:
        """Do not print what was not sent yet; it may be asked for with `copy`. A job that was sent
        stays as it is. Raises `UnknownJob`.
        """
        return self._spool.expire(job_id)

    def expire_if_stuck(self, job_id: str) -> None:
        """The visitor has left the screen: what waits for a printer that is out of order would come
        out for nobody. A printer that is well prints it in a moment, while the visitor is near.
        """
        with suppress(UnknownJob):  # forgotten long ago
            if not self.status().can_print:
                self.expire(job_id)

    def resolve_unconfirmed(self, job_id: str, came_out: bool) -> Job:
        """What the staff say about an unconfirmed job; then its printer goes on. A slip that did
        not come out is never sent again: `copy` prints a marked one.

        The same word again changes nothing. Raises `UnknownJob`, `WrongJobState`.
        """
        job = self._spool.resolve(job_id, came_out)
        self.worker.wake()
        return job

    def change_roll(self, label: str = "") -> None:
        """A full roll was put into the printer with this label, by default the first. Raises
        `UnknownPrinter`.
        """
        labels = [station.label for station in self.worker.stations]
        if label and label not in labels:
            raise UnknownPrinter(label)
        self._spool.change_roll(label or labels[0])
        self.worker.wake()

    def job(self, job_id: str) -> Job:
        """Raises `UnknownJob`."""
        return self._spool.job(job_id)

    def recent(self, limit: int = LOGGED_JOBS) -> list[Job]:
        """The newest jobs, newest first."""
        return self._spool.recent(limit)

    def unconfirmed(self) -> list[Job]:
        """The jobs about which the staff have to say what happened."""
        return self._spool.unconfirmed()

    def dump(self, job_id: str) -> str:
        """What stands on a slip, as text, without its secret code and address. Raises
        `UnknownJob`.
        """
        from printer.slip.text import render_text

        slip = self._spool.job(job_id).slip
        return render_text(replace(slip, code=_MASK, url=""), find_profile("generic-80"))

    def status(self) -> PrinterState:
        """How the best of the printers is, at the last check: at every job, and at most some
        seconds ago. A slip comes out while this `can_print`.
        """
        states = [seen.reading.state for seen in self.worker.look()]
        return next((state for state in states if state.can_print), states[0])

    def report(self) -> PrinterReport:
        """The health of all printers in full."""
        return make_report(self._spool, self.worker, self._clock(), self._roll_mm)

    def close(self) -> None:
        """Finish the current job and close the printers and the spool."""
        self.worker.stop()
        self._spool.close()


def utc_now() -> datetime:
    """The time by the machine's clock, aware."""
    return datetime.now(UTC)


def open_printer(
    url: str | Sequence[str],
    state_dir: Path,
    profile: str | PrinterProfile | Sequence[str] = "tm-t20iii-80",
    clock: Callable[[], datetime] = utc_now,
    *,
    limits: TimeLimits | None = None,
    lifetime_s: float = LIFETIME_S,
    roll_mm: float = ROLL_MM,
    token: bytes = b"",
) -> Printer:
    """Open the printer at `url`, or several by preference, with their spool in `state_dir` and
    start their worker.

    An address is as for `find_device`, with a label before it if wanted: `Front=tcp://host:port`.
    One profile is for all printers; several are in the order of the printers. A printer that is off
    is not an error. Raises `UnknownAddress`, `UnknownProfile`, `SpoolInUse`, `FileOfNewerRelease`.
    """
    designs = DesignShelf(Path(state_dir) / "slip-design.json")
    stations = _make_stations(url, profile, limits, token, designs)
    spool = Spool(Path(state_dir) / "spool.sqlite3", clock)
    printer = Printer(spool, stations, clock, lifetime_s, roll_mm, designs)
    printer.worker.start()
    return printer


def _make_stations(
    url: str | Sequence[str],
    profile: str | PrinterProfile | Sequence[str],
    limits: TimeLimits | None,
    token: bytes,
    designs: DesignShelf,
) -> list[Station]:
    addresses = [url] if isinstance(url, str) else list(url)
    names = [profile] if isinstance(profile, str | PrinterProfile) else list(profile)
    profiles = [find_profile(name) if isinstance(name, str) else name for name in names]
    if not addresses or len(profiles) not in (1, len(addresses)):
        raise UnknownAddress("give one profile for all printers, or one for each")
    stations: list[Station] = []
    for index, address in enumerate(addresses):
        label, target = read_address(address, index + 1)
        preset = profiles[index if len(profiles) > 1 else 0]
        abilities = replace(preset, find_logo=designs.logo)
        stations.append(Station(label, find_device(target, abilities, limits, token)))
    if len({station.label for station in stations}) < len(stations):
        raise UnknownAddress("two printers have the same label")
    return stations


def read_address(address: str, number: int) -> tuple[str, str]:
    """The label and the address in `LABEL=scheme://…`; without a label `number`, the
    printer's position in the list.
    """
    before, _, _ = address.partition("://")
    label, equals, _ = before.rpartition("=")
    label = label.strip()[:40]
    if not equals or not label:
        return str(number), address
    return label, address[address.index("=", len(label)) + 1 :]
