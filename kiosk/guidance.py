"""What this kiosk tells before a number is taken, kept on disk for the time without the server."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.guide import KioskGuide
from queue_server.protocol.messages import BadMessage, OfficeOffer, from_wire, to_wire

log = logging.getLogger("antrean.kiosk")


class Guidance:
    """The newest guide of the office. `path` is the file that keeps it; one that is damaged or of
    another office is not shown.
    """

    def __init__(self, client: QueueClient, path: Path) -> None:
        self._client = client
        self._path = path
        self.guide = self._read()

    def follow(self, offer: OfficeOffer) -> None:
        """Ask for the guide if the offer names another version than the known one. A failure is
        left to the next offer: numbers are issued all the same.
        """
        known = self.guide
        if known is not None and known.office != offer.office:
            self.guide = known = None
        if not offer.guide or (known is not None and known.version == offer.guide):
            return
        try:
            self.guide = self._client.guide(offer.office)
            self._write(self.guide)
        except (Refused, ServerUnreachable, OSError) as problem:
            log.warning("the guide cannot be had or kept: %s", problem)

    def _read(self) -> KioskGuide | None:
        try:
            return from_wire(KioskGuide, json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, BadMessage) as problem:
            log.warning("the kept guide cannot be read: %s", problem)
            return None

    def _write(self, guide: KioskGuide) -> None:
        """Replaced as a whole, so that a cut of power leaves the old or the new one."""
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(to_wire(guide), ensure_ascii=False), encoding="utf-8")
        os.replace(draft, self._path)
