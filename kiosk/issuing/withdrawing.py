"""Takes back at the server what visitors asked for who left before the answer came."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from kiosk.link.watch import LinkWatch
from kiosk.records.journal import Journal
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.leases import SYNC_ITEMS_MAX

PAUSE_SECONDS = 10.0
"""Between two tries of which the first failed."""

log = logging.getLogger("antrean.kiosk")


class Withdrawer:
    """Sends the keys of such requests until the server has answered. The server refuses each of
    them from then on, so a request that is still on its way issues nothing either.
    """

    def __init__(
        self,
        client: QueueClient,
        journal: Journal,
        watch: LinkWatch,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._journal, self._watch = client, journal, watch
        self._steady = steady
        self._not_before = float("-inf")

    def step(self) -> None:
        """Send what is due. Raises `JournalUnwritable`, and `Refused` if the token is revoked."""
        keys = self._journal.unwithdrawn(SYNC_ITEMS_MAX)
        if not keys or self._steady() < self._not_before:
            return
        try:
            self._watch.ask(lambda: self._client.withdraw_requests(keys))
        except ServerUnreachable as problem:
            log.info("%d requests are not withdrawn yet: %s", len(keys), problem)
            self._not_before = self._steady() + PAUSE_SECONDS
        except Refused as refusal:
            if refusal.status == 401:
                raise
            # A server of an older release knows no withdrawals.
            log.warning("withdrawals were refused: %s", refusal)
            self._not_before = self._steady() + PAUSE_SECONDS
        else:
            self._journal.note_withdrawn(keys)
