"""What this kiosk knows about its office now, and whether the server still knows the kiosk."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import DeviceOrder, Heartbeat, OfficeOffer

from .clock import OfficeClock
from .watch import LinkWatch

OFFER_SECONDS = 3.0
RECONNECT_SECONDS = 1.0
"""Both are short enough that one failed poll does not make the link doubtful."""
HEARTBEAT_SECONDS = 5.0
NEWS = ("printer", "print_unconfirmed", "unconfirmed_job", "link", "journal", "clock_sure")
"""Facts that are told at once when they change."""

log = logging.getLogger("antrean.kiosk")


class TokenRevoked(Exception):
    """The server no longer knows this kiosk's token."""


class Outlook:
    """The office's offer, kept fresh, and with it the office's clock. `connected`: the last request
    to the server was answered. `on_offer` is called with each offer, `obey` with what staff order.
    `came_round_at` is when the loop last did, by a clock that nobody sets.
    """

    def __init__(
        self,
        client: QueueClient,
        heartbeat: Callable[[], Heartbeat],
        obey: Callable[[Sequence[DeviceOrder]], None],
        watch: LinkWatch,
        clock: OfficeClock,
        on_offer: Callable[[OfficeOffer], None],
    ) -> None:
        self._client = client
        self._heartbeat = heartbeat
        self._obey = obey
        self._watch = watch
        self._clock = clock
        self._on_offer = on_offer
        self._hurry = threading.Event()
        self.office: str | None = None
        self.offer: OfficeOffer | None = None
        self.connected = False
        self.came_round_at = time.monotonic()
        self._told: Mapping[str, object] = {}
        self._reported_at = float("-inf")

    def refresh_soon(self) -> None:
        """Ask for the offer at once, because a number was just taken."""
        self._hurry.set()

    def follow(self) -> None:
        """Keep the offer fresh and report health for ever. Raises `TokenRevoked`."""
        self._reported_at = float("-inf")
        while True:
            self.came_round_at = time.monotonic()
            try:
                offer = self._watch.ask(self._look)
                self._on_offer(offer)
                self.connected = True
                self._report_if_due()
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
            self._hurry.wait(self._pause_seconds())
            self._hurry.clear()

    def _pause_seconds(self) -> float:
        if not self.connected:
            return RECONNECT_SECONDS
        beat_due_in = self._reported_at + HEARTBEAT_SECONDS - time.monotonic()
        return min(OFFER_SECONDS, max(RECONNECT_SECONDS, beat_due_in))

    def _report_if_due(self) -> None:
        """Report this kiosk's health, if something has changed or it is time; a report that is lost
        is due again. Raises `Refused` for a revoked token; no other failure concerns a visitor.
        """
        heartbeat = self._heartbeat()
        news = {name: heartbeat.facts.get(name) for name in NEWS}
        if news == self._told and time.monotonic() - self._reported_at < HEARTBEAT_SECONDS:
            return
        try:
            orders = self._client.heartbeat(heartbeat).orders
            self._told, self._reported_at = news, time.monotonic()
            self._obey(orders)
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
