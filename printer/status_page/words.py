"""The words of the status page."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache

from printer.device.status import PrinterState
from printer.slip.words import TRANSLATIONS
from printer.spool.job import JobState

LANGUAGES = ("id", "en")


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation("printer", TRANSLATIONS, languages=[language], fallback=True)


def page_words(language: str) -> Mapping[str, str]:
    """Headings and names of values, by their English."""
    _ = _catalog(language).gettext
    return {
        "printing": _("Printing"),
        "machine": _("Machine"),
        "connection": _("Connection"),
        "versions": _("Versions"),
        "state": _("State"),
        "reason": _("Reason"),
        "since": _("Since"),
        "jobs waiting": _("Slips waiting"),
        "oldest waits, seconds": _("The oldest waits, seconds"),
        "printed in 24 hours": _("Printed in 24 hours"),
        "staff have to say": _("Staff have to say whether it came out"),
        "expired in 24 hours": _("Expired in 24 hours"),
        "slips left on the roll": _("Slips left on the roll, about"),
        "time here": _("Time of this machine"),
        "disk free": _("Disk: free of all"),
        "folder": _("Folder"),
        "server": _("Server"),
        "link": _("Link"),
        "offline since": _("Without the server since"),
        "numbers in store": _("Numbers in store"),
        "not reported yet": _("Numbers not reported yet"),
        "journal": _("Journal"),
        "clock is sure": _("The clock is sure"),
        "page seen, seconds ago": _("The screen was heard, seconds ago"),
        "loops that are late": _("Loops that are late"),
        "version": _("Version"),
        "page": _("Page"),
        "True": _("yes"),
        "False": _("no"),
        "cannot be read": _("Cannot be read"),
        "title": _("State of this machine"),
        "lead": _(
            "For the technician, on this machine only. Nothing can be changed here. Staff answer "
            "and order under Devices on the server."
        ),
        "jobs": _("The last 50 slips"),
        "none": _("No slip yet"),
        "number": _("Number"),
        "copy": _("Copy"),
        "attempts": _("Attempts"),
        "created": _("When"),
        "test title": _("Self-test of the printer"),
        "test": _(
            "Stop the agent, run “antrean printer --self-test” with the printer’s address, look at "
            "the slip and fill in the table of docs/printers.md. Then start the agent again."
        ),
    }


def job_state_words(language: str) -> Mapping[JobState, str]:
    """What became of a job."""
    _ = _catalog(language).gettext
    return {
        JobState.QUEUED: _("waiting"),
        JobState.SENDING: _("being sent"),
        JobState.PRINTED: _("printed"),
        JobState.UNCONFIRMED: _("nobody knows"),
        JobState.FAILED: _("failed"),
        JobState.EXPIRED: _("expired"),
        JobState.CANCELLED: _("did not come out"),
    }


def printer_state_words(language: str) -> Mapping[PrinterState, str]:
    """How a printer is."""
    _ = _catalog(language).gettext
    return {
        PrinterState.READY: _("ready"),
        PrinterState.PAPER_LOW: _("little paper left"),
        PrinterState.PAPER_OUT: _("no paper"),
        PrinterState.COVER_OPEN: _("cover open"),
        PrinterState.OFFLINE: _("off or unplugged"),
        PrinterState.UNKNOWN: _("does not answer"),
        PrinterState.UNCONFIRMED: _("waits for the staff"),
        PrinterState.SPOOL_STOPPED: _("slips are not passed on"),
    }
