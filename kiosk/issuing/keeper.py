"""Keeps the leases filled and current while the server answers, so that an outage may begin at any
moment.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from kiosk.link.clock import OfficeClock
from kiosk.link.watch import LinkWatch
from kiosk.records.leases import LeaseBook
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.leases import Lease

WANTED_NUMBERS = 120
"""A day's worth for the busiest stream of one kiosk; the server gives fewer where others need
them.
"""
LOW_NUMBERS = 8
"""With so few left in a stream more are asked for."""
REFRESH_SECONDS = 60.0
"""How old bookings, places and settings may be when an outage begins."""
GRANT_SECONDS = 60.0
"""Between two requests for numbers: a server that has no more is not asked again at once."""
AFTERNOON_HOUR = 12
"""From then on the next open day's lease is fetched: in the morning the network may be down."""
DAYS_AHEAD_MAX = 14
NEXT_DAY_SECONDS = 1800.0

log = logging.getLogger("antrean.kiosk")


def is_low(free: Mapping[str, int], letters: Iterable[str]) -> bool:
    """Whether a stream has so few numbers left that more are asked for."""
    return any(free.get(each, 0) <= LOW_NUMBERS for each in letters)


def streams_of(lease: Lease) -> set[str]:
    """The letters of all streams from which the lease may give numbers."""
    return {each.stream for each in lease.services} | {
        each.urgent_stream for each in lease.services
    }


class Keeper:
    """The leases of today and of the next open day. `letters` are the streams as the office's offer
    lists them; the lease itself knows them better. `trouble` is the code of the server's refusal to
    lease to this kiosk, such as `lease_elsewhere` if another machine works as this one.
    """

    def __init__(
        self,
        client: QueueClient,
        book: LeaseBook,
        clock: OfficeClock,
        watch: LinkWatch,
        letters: Callable[[], set[str]],
        installation: str,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._book, self._clock, self._watch = client, book, clock, watch
        self._letters, self._installation, self._steady = letters, installation, steady
        self._asked_at: dict[str, float] = {}
        self._read_at: dict[str, float] = {}
        self._looked_ahead_at = float("-inf")
        self.trouble: str | None = None

    def refresh_soon(self) -> None:
        """A number was taken from the server, perhaps with a place of the lease."""
        for date, read_at in self._read_at.items():
            self._read_at[date] = min(read_at, self._steady() - REFRESH_SECONDS + 10)

    def step(self) -> None:
        """Bring the leases up to date, if something is due. Raises `JournalUnwritable`, and
        `Refused` if the token is revoked.
        """
        now = self._clock.now()
        if now is None:
            return
        try:
            self._keep(now.date().isoformat())
            if now.hour >= AFTERNOON_HOUR:
                self._look_ahead(now)
        except ServerUnreachable as problem:
            log.info("the lease is as it was: %s", problem)

    def _keep(self, date: str) -> None:
        lease = self._book.lease_of(date)
        letters = self._letters() if lease is None else streams_of(lease)
        short = lease is None or is_low(self._book.count_free(lease.lease), letters)
        if short and self._is_due(self._asked_at, date, GRANT_SECONDS):
            self._grant(date, letters)
        elif lease is not None and self._is_due(self._read_at, date, REFRESH_SECONDS):
            self._refresh(lease)

    def _is_due(self, done_at: dict[str, float], date: str, seconds: float) -> bool:
        return self._steady() - done_at.get(date, float("-inf")) >= seconds

    def _grant(self, date: str, letters: set[str]) -> bool:
        """Ask for numbers. The request and its key are on disk first and are sent again until they
        are answered, so that a lost answer costs no numbers.
        """
        if not letters:
            return False
        name = f"grant {date}"
        kept = self._book.records.kept(name)
        if kept is None:
            wanted = dict.fromkeys(sorted(letters), WANTED_NUMBERS)
            kept = json.dumps({"key": str(uuid.uuid4()), "wanted": wanted})
            self._book.records.keep(name, kept)
        asked = json.loads(kept)
        self._asked_at[date] = self._steady()
        try:
            lease = self._watch.ask(
                lambda: self._client.grant_lease(
                    self._installation, asked["wanted"], asked["key"], date
                )
            )
        except ServerUnreachable:
            self._asked_at[date] -= GRANT_SECONDS - 5.0  # unanswered: soon again
            raise
        except Refused as refusal:
            if refusal.status == 401:
                raise
            self._book.records.drop(name)
            if date == self._clock.guess().date().isoformat():
                self.trouble = refusal.code
                log.warning("no lease for today: %s", refusal)
            return False
        with self._book.records.transaction():
            self._book.store(lease)
            self._book.records.drop(name)
        self._read_at[date] = self._steady()
        self.trouble = None
        return True

    def _refresh(self, lease: Lease) -> None:
        self._read_at[lease.date] = self._steady()
        try:
            self._book.store(self._watch.ask(lambda: self._client.lease(lease.lease)))
        except Refused as refusal:
            if refusal.status == 401:
                raise
            log.warning("the lease %s cannot be read: %s", lease.lease, refusal)

    def _look_ahead(self, now: datetime) -> None:
        """Fetch the lease of the next open day. The server refuses all other days."""
        if self._steady() - self._looked_ahead_at < NEXT_DAY_SECONDS:
            return
        self._looked_ahead_at = self._steady()
        today = self._book.lease_of(now.date().isoformat())
        letters = self._letters() if today is None else streams_of(today)
        for ahead in range(1, DAYS_AHEAD_MAX + 1):
            date = (now.date() + timedelta(days=ahead)).isoformat()
            known = self._book.lease_of(date)
            if known is not None:
                self._refresh(known)
                return
            if self._grant(date, letters):
                return
