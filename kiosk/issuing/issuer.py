"""How a touch becomes one number: journal, server or lease, journal, printer, in this order."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from kiosk.link.state import Link
from kiosk.link.watch import LinkWatch
from kiosk.records.journal import Entry, Journal, RequestState, Wish
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import Slip

from .rules import OWN_LACKS, LeaseRefused

RETRY_SECONDS = 60.0
"""How long after the touch the same key is sent again. Later the visitor has gone to the staff, and
nobody would hold the number.
"""
LEASE_SECONDS = 9.0
"""So long after a touch at most the visitor gets a leased number, if the server has not answered:
within the 10 s that a person waits, with a margin for writing and drawing it.
"""
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

    def expire_if_stuck(self, job_id: str) -> None: ...


class Giver(Protocol):
    """The lease, as far as issuing needs it."""

    def give(self, key: str, superseded_key: str | None) -> None: ...

    def is_stopped(self) -> bool: ...


class Issuer:
    """Turns visitors' requests into numbers, each request into one at most, and hands them to the
    printer.

    `clock` is the machine's time in seconds; `wait` waits for an event for at most so many seconds.
    """

    def __init__(
        self,
        client: QueueClient,
        journal: Journal,
        lessor: Giver,
        watch: LinkWatch,
        printer: SlipPrinter | None,
        office: Callable[[], str | None],
        clock: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
        wait: Callable[[threading.Event, float], object] = threading.Event.wait,
    ) -> None:
        self._client = client
        self._journal = journal
        self._lessor = lessor
        self._watch = watch
        self._printer = printer
        self._office = office
        self._clock = clock
        self._sleep = sleep
        self._wait = wait
        self._locks = [threading.RLock() for _ in range(16)]
        self._starting = threading.Lock()
        self._tries: dict[str, threading.Event] = {}

    def take(self, key: str, wish: Wish) -> Entry:
        """Turn a visitor's request into a number: from the server while it answers, else from the
        lease. Returns the entry after `LEASE_SECONDS` at the latest.

        If it is still pending, neither could give one; `retry` continues. Raises `KeyReused`,
        `JournalUnwritable`.
        """
        entry = self._journal.write(key, wish, self._clock())
        if entry.state is not RequestState.PENDING:
            return entry
        if self._lessor.is_stopped():
            self._journal.refuse(key, "offline_stopped", {})
            return self._stored(key)
        if self._watch.link is not Link.ONLINE and self._lease(key, None):
            return self._stored(key)
        self._wait(self._begin(entry), LEASE_SECONDS)
        if self._stored(key).state is RequestState.PENDING:
            self._lease(key, key)
        return self._stored(key)

    def retry(self, *, sending: bool = True) -> None:
        """Abandon requests that are too old for the visitor to be still there, and answer those
        from the lease that the server has not answered in time. If `sending`, send the others
        again.

        A touch from the future was made before the clock was set back; nobody knows how long ago.
        """
        for entry in self._journal.pending():
            age_seconds = abs(self._clock() - entry.made_at)
            if age_seconds > RETRY_SECONDS:
                self._journal.abandon(entry.key)
                continue
            overdue = age_seconds > LEASE_SECONDS or self._watch.link is not Link.ONLINE
            if (not overdue or not self._lease(entry.key, entry.key)) and sending:
                self._settle(entry, ())
        now = self._clock()
        for entry in self._journal.unprinted(now - RETRY_SECONDS, now + RETRY_SECONDS):
            self._print(entry)

    def give_up(self, key: str) -> None:
        """The visitor has left the screen: do not send this request again, and do not print what
        a faulty printer still keeps back. Returns when a try in progress has ended.
        """
        self._journal.abandon(key)
        with self._lock_of(key):
            entry = self._journal.entry(key)
        if self._printer is not None and entry is not None and entry.job is not None:
            self._printer.expire_if_stuck(entry.job)

    def copy(self, key: str) -> Entry | None:
        """Print an issued number once more, marked as a copy."""
        entry = self._journal.entry(key)
        if entry is None or entry.slip is None or self._printer is None:
            return entry
        self._journal.note_job(key, self._printer.copy(entry.slip))
        return self._journal.entry(key)

    def _lease(self, key: str, superseded_key: str | None) -> bool:
        """Answer a request from the lease; False if the server has to: because it may have issued a
        number already, which nothing replaces, or because only this kiosk lacks something and the
        server may still answer.
        """
        try:
            self._lessor.give(key, superseded_key)
        except LeaseRefused as refusal:
            alone = self._watch.link is Link.OFFLINE
            if superseded_key is not None or (refusal.code in OWN_LACKS and not alone):
                return False
            self._journal.refuse(key, refusal.code, refusal.facts)
            return True
        self._print(self._stored(key))
        return True

    def _begin(self, entry: Entry) -> threading.Event:
        """Send a request in a thread of its own, so that the visitor need not wait for a server
        that is slow to fail. The event is set when the tries have ended.
        """
        with self._starting:
            ended = self._tries.get(entry.key)
            if ended is None:
                ended = self._tries[entry.key] = threading.Event()
                threading.Thread(target=self._try, args=(entry, ended), daemon=True).start()
        return ended

    def _try(self, entry: Entry, ended: threading.Event) -> None:
        try:
            self._settle(entry, PAUSE_SECONDS)
        except Exception:  # such as a full disk: the request stays pending
            log.exception("request %s could not be settled", entry.key)
        finally:
            with self._starting:
                del self._tries[entry.key]
            ended.set()

    def _settle(self, entry: Entry, pauses: tuple[float, ...]) -> None:
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

    def _lock_of(self, key: str) -> AbstractContextManager[bool]:
        return self._locks[hash(key) % len(self._locks)]

    def _ask(self, entry: Entry) -> None:
        try:
            slip = self._watch.ask(lambda: self._send(entry))
        except ServerUnreachable as problem:
            log.warning("no answer for request %s: %s", entry.key, problem)
            return
        except Refused as refusal:
            if refusal.status not in NOTHING_DONE_YET:
                self._journal.refuse(entry.key, refusal.code, refusal.facts)
            return
        self._journal.issue(entry.key, slip)
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
