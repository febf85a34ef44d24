"""Slips that were ordered at the reception: fetched from the server and handed to the printer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from printer.printing import Printer
from printer.slip.blocks import SlipUnprintable
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable

FETCH_SECONDS = 2.0

log = logging.getLogger("antrean.printer")


class Orders:
    """Fetches what was ordered, every 2 s while the box is paired.

    The server lists an order until it lapses. A slip that the spool knows is not printed again, so
    a lost answer and a restart do no harm.
    """

    def __init__(
        self, client: QueueClient, printer: Printer, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client, self._printer, self._sleep = client, printer, sleep

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
            try:
                self._printer.submit(slip)
            except SlipUnprintable as problem:
                log.warning("a slip cannot be printed: %s", problem)
        return len(slips)
