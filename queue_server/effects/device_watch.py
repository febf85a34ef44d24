"""Watches the devices: what their heartbeats say, and whether they still come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from queue_server.services.access.heard import HeardDevices
from queue_server.services.supervisor.device_alerts import watch_devices
from queue_server.store.access import devices as device_store
from queue_server.store.writer.database import Database

LOOK_SECONDS = 2
LISTENED_SECONDS = 15
"""So long a new process listens before it calls any device silent: until then it has heard none,
and screens that come back spread their first reports over ten seconds.
"""

WRITTEN_AFTER_SECONDS = 30
"""How far what is written may be behind what was heard, where no other process reads it."""


class DeviceWatch:
    """Looks after the devices every LOOK_SECONDS; `step` is called more often. With several
    processes (`shared`) each writes at once what it has heard, because the others watch too.
    """

    def __init__(
        self,
        database: Database,
        heard: HeardDevices,
        clock: Callable[[], datetime],
        *,
        shared: bool,
    ) -> None:
        self._database, self._heard, self._clock = database, heard, clock
        self._write_every = timedelta(seconds=0 if shared else WRITTEN_AFTER_SECONDS)
        self._began_at = self._written_at = clock()
        self._looked_at: datetime | None = None

    def step(self) -> None:
        """Write what was heard and settle the alerts, if it is time."""
        now = self._clock()
        if self._looked_at is not None and now - self._looked_at < timedelta(seconds=LOOK_SECONDS):
            return
        self._looked_at = now
        if now - self._written_at >= self._write_every:
            self._written_at = now
            self.write_heard()
        if now - self._began_at >= timedelta(seconds=LISTENED_SECONDS):
            watch_devices(self._database, self._heard.last, now)

    def write_heard(self) -> None:
        """Write what was heard since the last time: one transaction for all devices."""
        heard = self._heard.take_unwritten()
        if heard:
            self._database.write([], lambda tx: device_store.note_heard(tx, heard))
