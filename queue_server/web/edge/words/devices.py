"""How the devices of an office are, in words."""

from __future__ import annotations

from queue_server.domain.office.device_health import Hearing, PrinterCode
from queue_server.web.edge.locale import gettext as _


def hearing_words(hearing: Hearing) -> tuple[str, str]:
    """Whether a device is heard, and how its badge looks."""
    return {
        Hearing.NEVER: (_("Never connected"), "warn"),
        Hearing.SILENT: (_("Not connected"), "late"),
        Hearing.HEARD: (_("Working"), "ok"),
    }[hearing]


def printer_words(code: PrinterCode | None) -> tuple[str, str]:
    """How a device's printer is, and how its badge looks; nothing is said where there is none."""
    return {
        PrinterCode.READY: (_("Printer ready"), "ok"),
        PrinterCode.PAPER_LOW: (_("Little paper left"), "warn"),
        PrinterCode.PAPER_OUT: (_("No paper"), "late"),
        PrinterCode.COVER_OPEN: (_("Printer cover open"), "late"),
        PrinterCode.OFFLINE: (_("Printer off"), "late"),
        PrinterCode.UNKNOWN: (_("Printer does not answer"), "late"),
        PrinterCode.SPOOL_STOPPED: (_("Printing has stopped"), "late"),
    }.get(code or PrinterCode.NONE, ("", ""))


def printer_alerts() -> dict[str, str]:
    """What an alert about a device's printer says, by code: what is wrong, and what to do."""
    return {
        PrinterCode.PAPER_OUT: _("{name}: the printer is out of paper. Put in a new roll."),
        PrinterCode.COVER_OPEN: _(
            "{name}: the printer\u2019s cover is open. Close it until it clicks."
        ),
        PrinterCode.OFFLINE: _(
            "{name}: the printer is off or unplugged. Check its switch and cables."
        ),
        PrinterCode.UNKNOWN: _("{name}: the printer does not answer. Switch it off and on again."),
        PrinterCode.SPOOL_STOPPED: _(
            "{name}: slips are no longer passed to the printer. Restart this device."
        ),
    }
