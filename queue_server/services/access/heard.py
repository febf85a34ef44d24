"""Which devices this process has heard, when, and what they said: a heartbeat with nothing new
costs no write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from queue_server.store.access.devices import Device, Heard

DeviceKey = tuple[str | None, str]
"""A device's office and id."""


class HeardDevices:
    """When each device was heard last and what is kept of it, as this process knows it.
    `take_unwritten` hands out what the database does not know yet, once: one write for all of them.
    """

    def __init__(self) -> None:
        self._heard: dict[DeviceKey, Heard] = {}
        self._unwritten: dict[DeviceKey, Heard] = {}

    def note(
        self,
        office: str | None,
        device: str,
        now: datetime,
        health: Mapping[str, Any] | None = None,
    ) -> None:
        """Remember that a device has spoken. `health`: what is kept of it, if it differs from what
        is written.
        """
        self._heard[office, device] = self._unwritten[office, device] = Heard(now, health)

    def last(self, office: str | None, device: str, written: datetime | None) -> datetime | None:
        """When a device was heard last: here, or by what is `written` elsewhere."""
        here = self._heard.get((office, device))
        if here is None or written is None:
            return written
        return max(here.at, written)

    def now_of(self, written: Device) -> Device:
        """A device as it was heard last: here, or by what is `written` elsewhere."""
        here = self._heard.get((written.office, written.id))
        if here is None or written.seen_at is None or here.at < written.seen_at:
            return written
        health = written.health if here.health is None else dict(here.health)
        return replace(written, seen_at=here.at, health=health)

    def take_unwritten(self) -> Mapping[DeviceKey, Heard]:
        """What is to be written now."""
        taken, self._unwritten = self._unwritten, {}
        return taken
