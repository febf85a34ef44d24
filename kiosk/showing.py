"""What the page is told: how the kiosk stands, and what became of a touch."""

from __future__ import annotations

import dataclasses
import logging
from datetime import timedelta
from typing import Any

from kiosk.issuing.lessor import Lessor
from kiosk.issuing.rules import LeaseRefused
from kiosk.link.clock import OfficeClock
from kiosk.link.outlook import Outlook
from kiosk.link.state import Link
from kiosk.link.watch import LinkWatch
from kiosk.page.qr import draw_qr
from kiosk.page.shown import show_slip
from kiosk.records.database import Records
from kiosk.records.journal import Entry, RequestState
from kiosk.records.leases import LeaseBook
from printer import JobState, Printer
from queue_server.protocol.guide import KioskGuide
from queue_server.protocol.messages import OfficeOffer

PRINT_WORDS = {
    JobState.QUEUED: "printing",
    JobState.SENDING: "printing",
    JobState.PRINTED: "printed",
    JobState.UNCONFIRMED: "unconfirmed",
    JobState.FAILED: "trouble",
    JobState.EXPIRED: "trouble",
    JobState.CANCELLED: "trouble",
}

log = logging.getLogger("antrean.kiosk")


class Standing:
    """How the kiosk stands, as the page, the heartbeat and the staff see it."""

    def __init__(
        self,
        records: Records,
        book: LeaseBook,
        lessor: Lessor,
        watch: LinkWatch,
        clock: OfficeClock,
        outlook: Outlook,
    ) -> None:
        self._records, self._book, self._lessor = records, book, lessor
        self._watch, self._clock, self._outlook = watch, clock, outlook

    def offer(self) -> tuple[OfficeOffer | None, str | None]:
        """What the home screen offers; and, if no number can be had at all, why."""
        known = self._outlook.offer
        if self._lessor.is_stopped():
            return known, "offline_stopped"
        if self._records.full:
            return known, "journal_full"
        link = self._watch.link
        if link is Link.ONLINE and known is not None:
            return known, None
        try:
            return self._lessor.offer(), None
        except LeaseRefused as refused:
            if known is not None and known.paused is not None:
                return known, "paused"
            asks_server = link is Link.SYNCING and known is not None
            return known, None if asks_server else refused.code

    def facts(self) -> dict[str, str | int | bool]:
        """How the kiosk stands in small scalars, by the names of the heartbeat. Needs no write, so
        that a full disk is told as well.
        """
        return {
            "link": self._watch.link.value,
            "offline_since": self._offline_since(),
            "journal": "full" if self._records.full else "ok",
            "clock_sure": self._clock.now() is not None,
            "lease_left": self._lessor.count_left(),
            "outbox": self._book.count_unreported(),
            "stopped": self._lessor.is_stopped(),
        }

    def conflicts(self) -> list[dict[str, Any]]:
        """Today's numbers that the server could not take over as they were given."""
        today = self._clock.guess().date().isoformat()
        return [dataclasses.asdict(each) for each in self._book.conflicts(today)]

    def _offline_since(self) -> str:
        seconds = self._watch.outage_seconds
        if seconds is None:
            return ""
        since = self._clock.guess() - timedelta(seconds=seconds)
        return since.isoformat(timespec="seconds")


def view(entry: Entry, printer: Printer | None, guide: KioskGuide | None) -> dict[str, Any]:
    """A request as the screen shows it."""
    return {
        "key": entry.key,
        "state": entry.state.value,
        "language": entry.wish.language,
        "repeated": entry.repeated,
        "refusal": entry.refusal,
        "slip": None if entry.slip is None else show_slip(entry.slip),
        "qr": _qr(entry, guide),
        "print": _print_state(entry, printer),
    }


def _qr(entry: Entry, guide: KioskGuide | None) -> dict[str, str | int] | None:
    """The code of the visit's page: of the number, or of a booking that was refused."""
    if entry.slip is not None:
        return draw_qr(entry.slip.url)
    code = entry.wish.code
    knows_page = entry.refusal is not None and entry.refusal.get("code") != "unknown_code"
    if guide is None or code is None or not knows_page:
        return None
    return draw_qr(f"{guide.public_url}/t/{code}")


def _print_state(entry: Entry, printer: Printer | None) -> str | None:
    """`printing`, `printed`, `unconfirmed`, `trouble`; `none` without a printer; None if nothing is
    to be printed.
    """
    if entry.state is not RequestState.ISSUED:
        return None
    if printer is None:
        return "none"
    if entry.job is None:
        return None if entry.repeated else "trouble"
    try:
        state = printer.job(entry.job).state
        healthy = printer.status().can_print
    except Exception:  # a full disk under the spool must not hide the visitor's number
        log.exception("the print job %s cannot be followed", entry.job)
        return "trouble"
    if state is JobState.QUEUED and not healthy:
        return "trouble"
    return PRINT_WORDS[state]
