"""How long a slip gets on the roll: counted from the commands that are sent to the printer."""

from __future__ import annotations

from printer.device.profile import DOTS_PER_MM

_LINE_DOTS = 30
"""A line's feed after ESC @; a taller line feeds as much as its letters need."""
_CUTTER_DOTS = 96
"""From the print head to the cutter, fed before a cut of function B (about 12 mm)."""
_FONT_DOTS = {0: 24, 1: 17}
# How many bytes follow each command that our slips use.
_ESC = {b"@": 0, b"t": 1, b"E": 1, b"a": 1, b"M": 1, b"-": 1, b"{": 1, b"V": 1, b"!": 1, b"3": 1}
_GS = {b"!": 1, b"B": 1, b"b": 1, b"r": 1, b"a": 1, b"L": 2, b"W": 2}
_QR_VERSION_1 = 17


def measure_escpos_mm(document: bytes) -> float:
    """The length of a slip in mm: lines, feeds, pictures, codes and the way to the cutter. What it
    does not know it takes for text, which feeds nothing without a line's end.
    """
    return _Measure(document).dots / DOTS_PER_MM


class _Measure:
    def __init__(self, document: bytes) -> None:
        self.dots = 0
        self._data, self._at = document, 0
        self._times, self._font, self._tallest = 1, 0, 0
        self._module_px = 3
        while self._at < len(document):
            self._step()

    def _step(self) -> None:
        byte = self._take(1)
        if byte == b"\x1b":
            self._escape()
        elif byte == b"\x1d":
            self._group()
        elif byte == b"\x1c":
            self._take(1)
        elif byte == b"\n":
            self.dots += max(_LINE_DOTS, self._tallest)
            self._tallest = 0
        else:
            self._tallest = max(self._tallest, _FONT_DOTS[self._font] * self._times)

    def _escape(self) -> None:
        name = self._take(1)
        if name == b"J":
            self.dots += self._number(1)
        elif name == b"d":
            self.dots += self._number(1) * _LINE_DOTS
        elif name == b"M":
            self._font = self._number(1) & 1
        elif name == b"!":
            style = self._number(1)
            self._font, self._times = style & 1, 2 if style & 0x10 else 1
        else:
            self._take(_ESC.get(name, 0))

    def _group(self) -> None:
        name = self._take(1)
        if name == b"!":
            self._times = (self._number(1) & 7) + 1
        elif name == b"v":
            self._take(2)
            width_bytes, rows = self._number(2), self._number(2)
            self._take(width_bytes * rows)
            self.dots += rows
        elif name == b"V":
            if self._number(1) in (65, 66):
                self.dots += _CUTTER_DOTS + self._number(1)
        elif name == b"(":
            self._take(1)
            self._code(self._take(self._number(2)))
        else:
            self._take(_GS.get(name, 0))

    def _code(self, command: bytes) -> None:
        function, value = command[1:2], command[2:]
        if function == b"C":
            self._module_px = value[0] if value else self._module_px
        elif function == b"P":
            self._content = len(value) - 1
        elif function == b"Q":
            self.dots += _qr_modules(self._content) * self._module_px

    _content = 0

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken

    def _number(self, count: int) -> int:
        return int.from_bytes(self._take(count), "little")


# Alphanumeric characters that fit, by version, at level M: our addresses are in upper case.
_FITS = (20, 38, 61, 90, 122, 154, 178, 221, 262, 311)


def _qr_modules(characters: int) -> int:
    version = next((n for n, fits in enumerate(_FITS, 1) if characters <= fits), len(_FITS))
    return _QR_VERSION_1 + 4 * version
