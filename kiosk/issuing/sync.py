"""Reports the numbers that were given without the server, until it has answered for each."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from kiosk.link.watch import LinkWatch
from kiosk.records.leases import LeaseBook
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.leases import SYNC_ITEMS_MAX, SyncItem, SyncOutcome

PAUSE_SECONDS_MAX = 60.0
NOT_NOW = frozenset({401, 403, 408, 409, 425, 429})
"""Refusals of the request, not of what it reports."""

log = logging.getLogger("antrean.kiosk")


class Reporter:
    """Reports in batches, with pauses that double while no answer comes."""

    def __init__(
        self,
        client: QueueClient,
        book: LeaseBook,
        watch: LinkWatch,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._book, self._watch, self._steady = client, book, watch, steady
        self._batch = SYNC_ITEMS_MAX
        self._pause_seconds = 0.0
        self._not_before = float("-inf")

    def step(self) -> None:
        """Report one batch, if one is due. The same batch again has the same idempotency key, and a
        number that is reported twice is known as a duplicate.

        A batch that the server refuses is tried number by number, so that one bad report holds up
        no other. Raises `JournalUnwritable`, and `Refused` if the token is revoked.
        """
        items = self._book.unreported(self._batch)
        if not items or self._steady() < self._not_before:
            return
        try:
            answer = self._watch.ask(lambda: self._client.sync_tickets(items, _key_of(items)))
        except ServerUnreachable as problem:
            log.info("%d numbers are not reported yet: %s", len(items), problem)
            self._wait_longer()
        except Refused as refusal:
            if refusal.status == 401:
                raise
            self._bear(refusal, items)
        else:
            known = {each.id for each in items}
            self._book.settle([each for each in answer.outcomes if each.id in known])
            self._batch, self._pause_seconds = SYNC_ITEMS_MAX, 0.0
            if not any(each.id in known for each in answer.outcomes):
                self._wait_longer()  # an answer about something else: not at once again

    def _bear(self, refusal: Refused, items: list[SyncItem]) -> None:
        log.warning("a report of %d numbers was refused: %s", len(items), refusal)
        if refusal.status in NOT_NOW:
            self._wait_longer()
        elif len(items) > 1:
            self._batch = 1
        else:  # no other answer will ever come; staff see it here
            self._book.settle([SyncOutcome(items[0].id, "conflict", refusal.code, None)])
            self._batch = SYNC_ITEMS_MAX

    def _wait_longer(self) -> None:
        self._pause_seconds = min(PAUSE_SECONDS_MAX, 2 * self._pause_seconds or 1.0)
        self._not_before = self._steady() + self._pause_seconds


def _key_of(items: list[SyncItem]) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, " ".join(each.id for each in items)))
