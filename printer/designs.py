"""What the office adds to its slips, kept beside the spool: fetched from the server while it
answers, at hand when it does not.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from printer.slip.blocks import Logo, read_logo
from printer.slip.words import choose_language
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import BadMessage, Slip, SlipDesign, from_wire, to_wire

FETCH_SECONDS = 60.0

log = logging.getLogger("antrean.printer")


class DesignShelf:
    """The last design that was fetched, in a file of the state directory; `file` None keeps none
    beyond this run. Safe to share between threads.
    """

    def __init__(self, file: Path | None) -> None:
        self._file, self._lock = file, threading.Lock()
        self._design, self.etag = self._load()

    def _load(self) -> tuple[SlipDesign, str]:
        if self._file is None:
            return SlipDesign(), ""
        try:
            kept = json.loads(self._file.read_text())
            return from_wire(SlipDesign, kept["design"]), str(kept["etag"])
        except (OSError, ValueError, KeyError, TypeError, BadMessage):
            return SlipDesign(), ""  # none yet, or a file cut short: the next fetch brings it

    def keep(self, design: SlipDesign, etag: str) -> None:
        """Keep a newer design. Raises `OSError`; it holds for this run all the same."""
        with self._lock:
            self._design, self.etag = design, etag
            if self._file is None:
                return
            draft = self._file.with_suffix(".new")
            draft.write_text(json.dumps({"design": to_wire(design), "etag": etag}))
            draft.replace(self._file)

    def logo(self, id: str) -> Logo | None:
        """The picture that a slip names; None if another one is kept, or none."""
        design = self._design
        return read_logo(design.picture) if id and id == design.logo else None

    def dress(self, slip: Slip) -> Slip:
        """A slip that was composed without the server, with the office's lines and logo."""
        design, language = self._design, choose_language(slip.language)
        header, footer = (
            words.get(language) or words.get("id", "") for words in (design.header, design.footer)
        )
        return replace(slip, header=header, footer=footer, logo=design.logo)


class DesignFetcher:
    """Fetches the design every minute while the device is paired."""

    def __init__(
        self, client: QueueClient, shelf: DesignShelf, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client, self._shelf, self._sleep = client, shelf, sleep

    def run(self) -> None:
        """Never returns."""
        while True:
            try:
                self.fetch()
            except Exception:  # such as a full disk: slips are printed all the same
                log.exception("the design of the slips cannot be kept")
            self._sleep(FETCH_SECONDS)

    def fetch(self) -> bool:
        """Fetch the design if there is another one. Returns True if there was."""
        if self._client.token is None:
            return False
        try:
            newer = self._client.slip_design(self._shelf.etag)
        except (ServerUnreachable, Refused) as problem:
            # A server of an older release knows no designs.
            log.info("no design of the slips: %s", problem)
            return False
        if newer is None:
            return False
        self._shelf.keep(*newer)
        return True
