"""What this kiosk knows about its office now, and whether the server still knows the kiosk."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import Heartbeat, OfficeOffer

from .clock import OfficeClock
from .watch import LinkWatch

OFFER_SECONDS = 3.0
RECONNECT_SECONDS = 1.0
"""Both are short enough that one failed poll does not make the link doubtful."""
HEARTBEAT_SECONDS = 5.0

log = logging.getLogger("antrean.kiosk")


class TokenRevoked(Exception):
    """The server no longer knows this kiosk's token."""


class Outlook:
    """The office's offer, kept fresh, and with it the office's clock. `connected`: the last request
    to the server was answered. `on_offer` is called with each offer.
    """

    def __init__(
        self,
        client: QueueClient,
        heartbeat: Callable[[], Heartbeat],
        watch: LinkWatch,
        clock: OfficeClock,
        on_offer: Callable[[OfficeOffer], None],
    ) -> None:
        self._client = client
        self._heartbeat = heartbeat
        self._watch = watch
        self._clock = clock
        self._on_offer = on_offer
        self._hurry = threading.Event()
        self.office: str | None = None
        self.offer: OfficeOffer | None = None
        self.connected = False

    def refresh_soon(self) -> None:
        """Ask for the offer at once, because a number was just taken."""
        self._hurry.set()

    def follow(self) -> None:
        """Keep the offer fresh and report health for ever. Raises `TokenRevoked`."""
        reported_at = float("-inf")
        while True:
            try:
                offer = self._watch.ask(self._look)
                self._on_offer(offer)
                self.connected = True
                if time.monotonic() - reported_at >= HEARTBEAT_SECONDS:
                    self._report()
                    reported_at = time.monotonic()
            except Refused as refusal:
                if refusal.status == 401 or refusal.code == "unknown_device":
                    self.forget()
                    raise TokenRevoked from refusal
                log.warning("the server refuses this kiosk: %s", refusal)
                self.connected = False
                if refusal.status in (403, 404):
                    self.office = None  # this kiosk may belong to another office by now
            except ServerUnreachable as problem:
                log.info("not connected: %s", problem)
                self.connected = False
            self._hurry.wait(OFFER_SECONDS if self.connected else RECONNECT_SECONDS)
            self._hurry.clear()

    def _report(self) -> None:
        """Report this kiosk's health. Raises `Refused` for a revoked token; no other failure
        concerns a visitor.
        """
        try:
            self._client.heartbeat(self._heartbeat())
        except Refused as refusal:
            if refusal.status == 401:
                raise
            log.warning("heartbeat refused: %s", refusal)
        except ServerUnreachable as problem:
            log.info("heartbeat lost: %s", problem)

    def forget(self) -> None:
        """Drop what is known, because this kiosk may get another office."""
        self.office, self.offer, self.connected = None, None, False

    def _look(self) -> OfficeOffer:
        if self.office is None:
            self.office = self._client.device_self().office
        offer = self._client.offer(self.office)
        self._clock.set(datetime.fromisoformat(offer.now))
        self.offer = offer
        return offer
