"""How the kiosk is: told to the server with each heartbeat, to the technician on the status page,
and to whoever keeps the browser alive.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from kiosk.help_line import HelpLine
from kiosk.issuing.keeper import Keeper
from kiosk.link.outlook import HEARTBEAT_SECONDS
from kiosk.records.journal import Journal
from kiosk.showing import Standing
from printer import Printer, PrinterState
from printer.reporter import build_of_agent
from printer.staff_orders import question_facts
from printer.status_page import Section
from queue_server.protocol.messages import Heartbeat

DAY_SECONDS = 86_400.0

Facts = dict[str, str | int | bool]

log = logging.getLogger("antrean.kiosk")


class Health:
    """Reads how the kiosk is. Nothing here writes, so a full disk is told as well. `build` is the
    page's; `steady` a clock that nobody sets.
    """

    def __init__(
        self,
        build: str,
        installation: str,
        journal: Journal,
        standing: Standing,
        keeper: Keeper,
        help_line: HelpLine,
        printer: Printer | None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._build, self._installation = build, installation
        self._journal, self._standing, self._keeper = journal, standing, keeper
        self._help_line, self._printer, self._steady = help_line, printer, steady
        self._page_seen_at: float | None = None
        self._touched_at = steady()

    def note_page(self) -> None:
        """The page has asked for the state."""
        self._page_seen_at = self._steady()

    def note_touch(self) -> None:
        """A visitor has asked for something."""
        self._touched_at = self._steady()

    def page_facts(self) -> dict[str, int]:
        """When page and visitor were heard last, in seconds; -1: the page never."""
        seen_at = self._page_seen_at
        return {
            "page_seen_s": -1 if seen_at is None else int(self._steady() - seen_at),
            "untouched_s": int(self._steady() - self._touched_at),
        }

    def heartbeat(self) -> Heartbeat:
        """What the server is told."""
        facts: Facts = {
            "pending": len(self._journal.pending()),
            "abandoned": self._journal.count_abandoned(time.time() - DAY_SECONDS),
            "printer": "none",
            "help_missed": self._help_line.count_missed(),
            **self._standing.facts(),
            "page_seen_s": self.page_facts()["page_seen_s"],
            "installation": self._installation,
            "lease_trouble": self._keeper.trouble or "",
            "beat_s": int(HEARTBEAT_SECONDS),
        }
        if self._printer is not None:
            facts.update(_printer_facts(self._printer))
        return Heartbeat(self._build, facts)

    def sections(self, server: str, late: list[str]) -> list[Section]:
        """What the technician is told of the connection and the versions."""
        facts = self._standing.facts()
        lines = [
            ("server", server),
            ("link", str(facts["link"])),
            ("offline since", str(facts["offline_since"]) or "–"),
            ("numbers in store", str(facts["lease_left"])),
            ("not reported yet", str(facts["outbox"])),
            ("journal", str(facts["journal"])),
            ("clock is sure", str(facts["clock_sure"])),
            ("page seen, seconds ago", str(self.page_facts()["page_seen_s"])),
            ("loops that are late", ", ".join(late) or "–"),
        ]
        versions = [("version", build_of_agent()), ("page", self._build)]
        return [("connection", lines), ("versions", versions)]


def _printer_facts(printer: Printer) -> Facts:
    try:
        report = printer.report()
        question = question_facts(printer)
    except Exception:  # numbers are issued even if printing fails
        log.exception("the printer cannot be asked how it is")
        return {"printer": PrinterState.SPOOL_STOPPED.value}
    return {
        "printer": report.state.value,
        "print_queued": report.queued,
        "print_unconfirmed": report.unconfirmed,
        "roll_left": report.roll_left,
        **question,
    }
