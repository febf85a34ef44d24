"""What the kiosk does by itself beside the visitors: bring requests to their end, report, keep its
leases, and notice a full disk.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from kiosk.issuing.issuer import Issuer
from kiosk.issuing.keeper import Keeper
from kiosk.issuing.sync import Reporter
from kiosk.issuing.withdrawing import Withdrawer
from kiosk.link.clock import OfficeClock
from kiosk.link.state import Link
from kiosk.link.watch import LinkWatch
from kiosk.records.database import Records
from kiosk.records.journal import Journal
from kiosk.records.leases import LeaseBook
from queue_server.protocol.watchdog import Pulse

RETRY_PAUSE_SECONDS = 1.0
FORGET_SECONDS = 3600.0
PROBE_SECONDS = 4.0

log = logging.getLogger("antrean.kiosk")


class Upkeep:
    """Loops without end, each in a thread of its own, each with a beat on `pulse`. `can_ask` says
    whether this kiosk is paired and knows its office.
    """

    def __init__(
        self,
        records: Records,
        journal: Journal,
        book: LeaseBook,
        clock: OfficeClock,
        watch: LinkWatch,
        issuer: Issuer,
        reporter: Reporter,
        withdrawer: Withdrawer,
        keeper: Keeper,
        can_ask: Callable[[], bool],
        pulse: Pulse,
    ) -> None:
        self._records, self._journal, self._book = records, journal, book
        self._clock, self._watch, self._issuer = clock, watch, issuer
        self._reporter, self._withdrawer, self._keeper = reporter, withdrawer, keeper
        self._can_ask, self._pulse = can_ask, pulse

    @property
    def loops(self) -> tuple[Callable[[], None], ...]:
        """What has to run all the time."""
        return self.retry, self.keep, self.probe

    def retry(self) -> None:
        """Complete or abandon every pending request, also those left by a crash."""
        forgotten_at = float("-inf")
        while True:
            try:
                self._issuer.retry(sending=self._can_ask())
                if time.monotonic() - forgotten_at >= FORGET_SECONDS:
                    self._forget()
                    forgotten_at = time.monotonic()
            except Exception:
                log.exception("a request could not be brought to an end")
            self._pulse.beat("retry")
            time.sleep(RETRY_PAUSE_SECONDS)

    def keep(self) -> None:
        """Report what was given without the server, and keep the leases filled and current."""
        while True:
            try:
                if self._can_ask() and self._watch.link in (Link.ONLINE, Link.SYNCING):
                    self._reporter.step()
                    self._withdrawer.step()
                    self._keeper.step()
                self._clock.save()
            except Exception:
                log.exception("the lease could not be kept")
            self._pulse.beat("keep")
            time.sleep(RETRY_PAUSE_SECONDS)

    def probe(self) -> None:
        """Notice a full disk before a visitor does."""
        while True:
            self._records.probe(str(time.monotonic()))
            self._pulse.beat("probe")
            time.sleep(PROBE_SECONDS)

    def _forget(self) -> None:
        self._journal.forget_old(time.time())
        self._book.forget_before((self._clock.guess().date() - timedelta(days=2)).isoformat())
