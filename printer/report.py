"""The health of a machine's printers, as it is told to the server and to the staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from printer.device.status import PrinterState
from printer.spool.job import JobState
from printer.spool.roll import PACE_OVER, forecast_roll
from printer.spool.store import Spool
from printer.station import Observation, Station
from printer.worker import Worker

# The worst first: nothing moves, nothing comes out, something may not have, soon nothing will.
_WORST = (
    PrinterState.SPOOL_STOPPED,
    PrinterState.OFFLINE,
    PrinterState.UNKNOWN,
    PrinterState.COVER_OPEN,
    PrinterState.PAPER_OUT,
    PrinterState.UNCONFIRMED,
    PrinterState.PAPER_LOW,
    PrinterState.READY,
)


@dataclass(frozen=True)
class StationReport:
    """One printer's health; `roll_left` is how many slips its roll is good for, -1 if unknown, and
    `roll_ends_at` when it ends at the pace of the last hours.
    """

    label: str
    state: PrinterState
    reason: str
    since: datetime
    unconfirmed: tuple[str, ...]
    roll_left: int
    roll_ends_at: datetime | None


@dataclass(frozen=True)
class PrinterReport:
    """The health of all printers. `state`, `reason`, `since` and `label` are those of the worst,
    `roll_left` is the least known. The counts are of the last 24 hours, except `unconfirmed`: the
    jobs that wait for the word of the staff. `oldest_s` is how long the oldest job has waited.
    """

    label: str
    state: PrinterState
    reason: str
    since: datetime
    queued: int
    oldest_s: int
    printed: int
    unconfirmed: int
    expired: int
    roll_left: int
    printers: tuple[StationReport, ...]


def make_report(spool: Spool, worker: Worker, now: datetime, roll_mm: float) -> PrinterReport:
    """How the printers of `worker` are at `now`; `roll_mm` is the length of a full roll."""
    printers = tuple(
        _report_station(spool, station, seen, now, roll_mm)
        for station, seen in zip(worker.stations, worker.look(), strict=True)
    )
    worst = min(printers, key=lambda each: _WORST.index(each.state))
    counts = spool.count_by_state(now - timedelta(days=1))
    first = spool.next_queued()
    return PrinterReport(
        label=worst.label,
        state=worst.state,
        reason=worst.reason,
        since=worst.since,
        queued=counts.get(JobState.QUEUED, 0),
        oldest_s=0 if first is None else max(0, int((now - first.created_at).total_seconds())),
        printed=counts.get(JobState.PRINTED, 0),
        unconfirmed=len(spool.unconfirmed()),
        expired=counts.get(JobState.EXPIRED, 0),
        roll_left=min((each.roll_left for each in printers if each.roll_left >= 0), default=-1),
        printers=printers,
    )


def _report_station(
    spool: Spool, station: Station, seen: Observation, now: datetime, roll_mm: float
) -> StationReport:
    owed = spool.unconfirmed(station.label)
    # The sensors, also while the printer owes an answer and that is its state.
    raw = None if station.observation is None else station.observation.reading.state
    forecast = forecast_roll(
        spool.roll(station.label),
        roll_mm,
        spool.sent_since(station.label, now - PACE_OVER),
        now,
        near_end=raw is PrinterState.PAPER_LOW,
        paper_out=raw is PrinterState.PAPER_OUT,
    )
    return StationReport(
        station.label,
        seen.reading.state,
        seen.reading.reason,
        seen.since,
        tuple(job.id for job in owed),
        forecast.slips_left,
        forecast.ends_at,
    )
