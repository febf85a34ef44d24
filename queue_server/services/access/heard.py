"""Which devices this process has heard, and when: a heartbeat with nothing new costs no write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

DeviceKey = tuple[str | None, str]
"""A device's office and id."""


class HeardDevices:
    """When each device was heard last, as this process knows it. `take_unwritten` hands out what
    the database does not know yet, once: one write for all of them.
    """

    def __init__(self) -> None:
        self._heard: dict[DeviceKey, datetime] = {}
        self._unwritten: dict[DeviceKey, datetime] = {}

    def note(self, office: str | None, device: str, now: datetime) -> None:
        """Remember that a device has spoken."""
        self._heard[office, device] = self._unwritten[office, device] = now

    def last(self, office: str | None, device: str, written: datetime | None) -> datetime | None:
        """When a device was heard last: here, or by what is `written` elsewhere."""
        here = self._heard.get((office, device))
        if here is None or written is None:
            return written
        return max(here, written)

    def take_unwritten(self) -> Mapping[DeviceKey, datetime]:
        """What is to be written now."""
        taken, self._unwritten = self._unwritten, {}
        return taken
