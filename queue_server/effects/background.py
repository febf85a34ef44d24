"""What runs beside the requests in every process: the live sender, the deliveries of what follows a
change, the probe and the upkeep.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog

from queue_server.causes import name_cause
from queue_server.services.upkeep import keep_up
from queue_server.store.writer.database import Database

from .delivery import Delivery
from .live import LiveHub
from .probe import Probe

log = structlog.get_logger()

UPKEEP_SECONDS = 20.0
WATCH_SECONDS = 1.0


class Background:
    """Starts and stops the loops. Under gevent the threads are greenlets. `watches` are looked
    after every second.

    No failure ends a loop: a database or message queue that was away is back sooner or later. A
    piece of the upkeep that fails is named in the log. While `is_settling`, because the clock may
    have been set by mistake, nothing is ended for good.
    """

    def __init__(
        self,
        database: Database,
        live: LiveHub,
        deliveries: Sequence[Delivery[Any]],
        probe: Probe,
        clock: Callable[[], datetime],
        watches: Sequence[Callable[[], object]],
        is_settling: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._live = live
        self._deliveries = deliveries
        self._probe = probe
        self._clock = clock
        self._is_settling = is_settling
        self._watches = watches
        self._stop = threading.Event()

    def start(self) -> None:
        loops = {
            "live": self._live.run,
            **{each.name: each.run for each in self._deliveries},
            "probe": self._probe.run,
            "upkeep": self._run_upkeep,
            "watch": self._run_watches,
        }
        for name, loop in loops.items():
            threading.Thread(target=loop, name=f"antrean-{name}", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        self._live.stop()
        for delivery in self._deliveries:
            delivery.stop()
        self._probe.stop()

    def _run_upkeep(self) -> None:
        while not self._stop.is_set():
            try:
                keep_up(self._database, self._clock(), for_good=not self._is_settling())
            except ExceptionGroup as failed:
                for error in failed.exceptions:
                    log.error("upkeep_failed", piece=error.__notes__[-1], **name_cause(error))
            except Exception as error:
                log.error("upkeep_failed", **name_cause(error))
            self._stop.wait(UPKEEP_SECONDS)

    def _run_watches(self) -> None:
        while not self._stop.wait(WATCH_SECONDS):
            for watch in self._watches:
                try:
                    watch()
                except Exception as error:
                    log.error("watch_failed", **name_cause(error))
