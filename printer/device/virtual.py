"""A printer without paper: writes each slip as .pdf, .png and .txt into a directory."""

from __future__ import annotations

import os
import re
from pathlib import Path

from printer.device.device import Outcome
from printer.device.profile import PrinterProfile
from printer.device.status import PrinterState, Reading
from printer.device.transport import DeviceFailed, DeviceUnreachable
from queue_server.protocol.messages import Slip

_LINE_MM = 3.75


class VirtualDevice:
    """For demonstrations and tests. Printing the same job again overwrites its own files."""

    remembers = False

    def __init__(self, directory: Path, profile: PrinterProfile) -> None:
        self._directory, self._profile = directory, profile

    def render(self, slip: Slip) -> bytes:
        from printer.slip.text import render_text

        return render_text(slip, self._profile).encode()

    def measure_mm(self, document: bytes) -> float:
        return document.count(b"\n") * _LINE_MM

    def open(self) -> VirtualSession:
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise DeviceUnreachable(type(problem).__name__) from problem
        return VirtualSession(self._directory, self._profile)


class VirtualSession:
    def __init__(self, directory: Path, profile: PrinterProfile) -> None:
        self._directory, self._profile = directory, profile

    def read_state(self) -> Reading:
        if os.access(self._directory, os.W_OK):
            return Reading(PrinterState.READY)
        return Reading(PrinterState.OFFLINE, "directory_not_writable")

    def send(self, document: bytes, slip: Slip) -> Outcome:
        from printer.slip.pdf import render_pdf
        from printer.slip.png import render_png

        name = slip_file_name(slip)
        # The text is written last, so that the other two are complete when it appears.
        contents = (
            (".pdf", render_pdf(slip, self._profile)),
            (".png", render_png(slip, self._profile)),
            (".txt", document),
        )
        try:
            for suffix, content in contents:
                draft = self._directory / f".{name}{suffix}.new"
                draft.write_bytes(content)
                draft.replace(self._directory / (name + suffix))
        except OSError as problem:
            raise DeviceFailed(type(problem).__name__) from problem
        return Outcome.PRINTED

    def settle(self, slip: Slip) -> Outcome:
        return Outcome.UNKNOWN

    def close(self) -> None:
        return None


def slip_file_name(slip: Slip) -> str:
    """Such as `A012-0193a1b2`, for its second copy `A012-0193a1b2-copy2`. Every character is safe
    in file names.
    """
    number = re.sub(r"[^A-Za-z0-9]", "", slip.number)
    identity = re.sub(r"[^A-Za-z0-9]", "", slip.id) or "0"
    # Ids of one minute begin alike; where no number tells slips apart, the whole id does.
    name = f"{number}-{identity[:8]}" if number else f"slip-{identity}"
    return name + (f"-copy{slip.copy}" if slip.copy else "")
