"""How a touch becomes one number: journal, server, journal, printer, in this order."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from kiosk.journal import Entry, Journal, RequestState, Wish
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import Slip

RETRY_SECONDS = 60.0
"""How long after the touch the same key is sent again. Later the visitor has gone to the staff, and
nobody would hold the number.
"""
REPEAT_SECONDS = 30.0
"""If a check-in was recorded this long before the touch, an earlier touch did it."""
PAUSE_SECONDS = (0.2, 0.6)
"""Pauses between the tries of a new touch: a short interruption is not worth reporting to a
visitor.
"""
PATIENCE_SECONDS = 7.0
"""No further try starts after this time: the visitor is told that the server does not answer."""
NOTHING_DONE_YET = frozenset({408, 425, 429})

log = logging.getLogger("antrean.kiosk")


class SlipPrinter(Protocol):
    """The printer, as far as issuing needs it."""

    def submit(self, slip: Slip) -> str: ...

    def copy(self, slip: Slip) -> str: ...


class Issuer:
    """Sends visitors' requests to the server, each effective at most once, and their numbers to the
    printer.

    `clock` is the machine's time in seconds; `office_ahead` how many seconds the office's clock is
    ahead of it.
    """

    def __init__(
        self,
        client: QueueClient,
        journal: Journal,
        printer: SlipPrinter | None,
        office: Callable[[], str | None],
        clock: Callable[[], float],
        office_ahead: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._journal = journal
        self._printer = printer
        self._office = office
        self._clock = clock
        self._office_ahead = office_ahead
        self._sleep = sleep
        self._locks = [threading.RLock() for _ in range(16)]

    def take(self, key: str, wish: Wish) -> Entry:
        """Send a visitor's request to the server. Returns the entry after a few tries.

        If it is still pending, the server could not be reached; `retry` continues. Raises
        `KeyReused`, `JournalUnwritable`.
        """
        entry = self._journal.write(key, wish, self._clock())
        return self._settle(entry, PAUSE_SECONDS)

    def retry(self, *, sending: bool = True) -> None:
        """Abandon requests that are too old for the visitor to be still there. If `sending`, send
        the other unanswered ones again.

        A touch from the future was made before the clock was set back; nobody knows how long ago.
        """
        for entry in self._journal.pending():
            if abs(self._clock() - entry.made_at) > RETRY_SECONDS:
                self._journal.abandon(entry.key)
            elif sending:
                self._settle(entry, ())
        now = self._clock()
        for entry in self._journal.unprinted(now - RETRY_SECONDS, now + RETRY_SECONDS):
            self._print(entry)

    def give_up(self, key: str) -> None:
        """The visitor has left the screen: do not send this request again. Returns when a try in
        progress has ended.
        """
        self._journal.abandon(key)
        with self._lock_of(key):
            pass

    def copy(self, key: str) -> Entry | None:
        """Print an issued number once more, marked as a copy."""
        entry = self._journal.entry(key)
        if entry is None or entry.slip is None or self._printer is None:
            return entry
        self._journal.note_job(key, self._printer.copy(entry.slip))
        return self._journal.entry(key)

    def _settle(self, entry: Entry, pauses: tuple[float, ...]) -> Entry:
        with self._lock_of(entry.key):  # two taps, or a tap and a retry, are one request
            began = self._clock()
            for pause in (0.0, *pauses):
                if pause:
                    self._sleep(pause)
                entry = self._stored(entry.key)  # sent again only if nobody gave up meanwhile
                if (
                    entry.state is not RequestState.PENDING
                    or self._clock() - began > PATIENCE_SECONDS
                ):
                    break
                self._ask(entry)
            return self._stored(entry.key)

    def _lock_of(self, key: str) -> AbstractContextManager[bool]:
        return self._locks[hash(key) % len(self._locks)]

    def _ask(self, entry: Entry) -> None:
        try:
            slip = self._send(entry)
        except ServerUnreachable as problem:
            log.warning("no answer for request %s: %s", entry.key, problem)
            return
        except Refused as refusal:
            if refusal.status not in NOTHING_DONE_YET:
                self._journal.refuse(entry.key, refusal.code, refusal.facts)
            return
        self._journal.issue(entry.key, slip, repeated=self._is_repeat(entry, slip))
        self._print(self._stored(entry.key))

    def _send(self, entry: Entry) -> Slip:
        wish = entry.wish
        if wish.code is not None:
            return self._client.check_in(wish.code, entry.key)
        office = self._office()
        if office is None or wish.service is None:
            raise ServerUnreachable("the office is not known yet")
        return self._client.issue_walk_in(
            office,
            wish.service,
            entry.key,
            wish.party_size,
            wish.priority,
            wish.language,
            wish.urgency,
        )

    def _is_repeat(self, entry: Entry, slip: Slip) -> bool:
        if entry.wish.code is None or slip.checked_in_at is None:
            return False
        asked_at = entry.made_at + self._office_ahead()
        return datetime.fromisoformat(slip.checked_in_at).timestamp() < asked_at - REPEAT_SECONDS

    def _print(self, entry: Entry) -> None:
        if (
            self._printer is None
            or entry.slip is None
            or entry.repeated
            or entry.given_up
            or entry.job is not None
        ):
            return
        try:
            self._journal.note_job(entry.key, self._printer.submit(entry.slip))
        except Exception:  # the visitor has a number, even if printing fails
            log.exception("the slip of request %s cannot be printed", entry.key)

    def _stored(self, key: str) -> Entry:
        entry = self._journal.entry(key)
        assert entry is not None, "an entry is written before it is asked for"
        return entry
