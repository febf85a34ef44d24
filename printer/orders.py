"""Slips that were ordered at the reception: fetched from the server and handed to the printer, and
what became of each told to the server.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from printer.printing import Printer
from printer.slip.blocks import SlipUnprintable
from printer.spool.job import JobState, UnknownJob
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import Slip, SlipReport, job_of

FETCH_SECONDS = 2.0
REMEMBERED = 200
"""More orders than the server lists at once: none is told twice."""

OUTCOMES: Mapping[JobState, str] = {
    JobState.PRINTED: "printed",
    JobState.UNCONFIRMED: "unconfirmed",
    JobState.FAILED: "not_printed",
    JobState.EXPIRED: "not_printed",
    JobState.CANCELLED: "not_printed",
}
"""What the server is told of a job; nothing of one that is still under way."""

log = logging.getLogger("antrean.printer")


class Orders:
    """Fetches what was ordered, every 2 s while the box is paired, and tells what became of it.

    The server lists an order until it lapses. A slip that the spool knows is not printed again, so
    a lost answer and a restart do no harm. A job that nobody can confirm is followed until the
    staff have answered for it.
    """

    def __init__(
        self, client: QueueClient, printer: Printer, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client, self._printer, self._sleep = client, printer, sleep
        self._followed: dict[str, Slip] = {}
        self._told: dict[str, str] = {}

    def run(self) -> None:
        """Never returns."""
        while True:
            try:
                self.fetch()
            except Exception:  # such as a full disk: the next order may be printed all the same
                log.exception("the orders stumbled")
            self._sleep(FETCH_SECONDS)

    def fetch(self) -> int:
        """Hand what was ordered to the printer. Returns how many slips the server has listed."""
        if self._client.token is None:
            return 0
        try:
            slips = self._client.ordered_slips()
        except ServerUnreachable as problem:
            log.info("the server does not answer: %s", problem)
            return 0
        except Refused as refusal:
            # A server of an older release knows no orders; a revoked token is dropped by the
            # reporter.
            log.info("the server lists no orders: %s", refusal)
            return 0
        for slip in slips:
            job = job_of(slip.id, slip.copy)
            try:
                self._printer.submit(slip)
                self._follow(job, slip)
            except SlipUnprintable as problem:
                log.warning("a slip cannot be printed: %s", problem)
                self._tell(job, slip, "not_printed")
        self._tell_outcomes()
        return len(slips)

    def _follow(self, job: str, slip: Slip) -> None:
        self._followed[job] = slip
        while len(self._followed) > REMEMBERED:
            self._followed.pop(next(iter(self._followed)))

    def _tell_outcomes(self) -> None:
        for job, slip in list(self._followed.items()):
            try:
                outcome = OUTCOMES.get(self._printer.job(job).state)
            except UnknownJob:
                self._followed.pop(job)
                continue
            if outcome is not None:
                self._tell(job, slip, outcome)

    def _tell(self, job: str, slip: Slip, outcome: str) -> None:
        """Tell the server once; what it does not hear is told again with the next look."""
        if self._told.get(job) != outcome:
            try:
                self._client.report_slip(SlipReport(slip.id, slip.copy, outcome))
            except ServerUnreachable as problem:
                log.info("the server does not hear what became of a slip: %s", problem)
                return
            except Refused as refusal:
                # An older server takes no such report, and another one knows nothing of the order.
                log.info("the server takes no report of a slip: %s", refusal)
            self._told[job] = outcome
            while len(self._told) > REMEMBERED:
                self._told.pop(next(iter(self._told)))
        if outcome != "unconfirmed":
            self._followed.pop(job, None)
