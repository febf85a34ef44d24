"""Slips on paper: `open_printer(url, state_dir)` gives a `Printer`. Importing this package loads no
printing library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from printer.device.status import PrinterState
    from printer.printing import Printer, open_printer
    from printer.report import PrinterReport
    from printer.spool.job import Job, JobState

_HOMES = {
    "Job": "printer.spool.job",
    "JobState": "printer.spool.job",
    "Printer": "printer.printing",
    "PrinterReport": "printer.report",
    "PrinterState": "printer.device.status",
    "open_printer": "printer.printing",
}

__all__ = ["Job", "JobState", "Printer", "PrinterReport", "PrinterState", "open_printer"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
