"""Where the blocks of a slip are placed on a roll: one typesetting for PDF and picture, in
millimetres.

The origin is the top left of the printable strip. `measure` returns the advance of a text at 1 mm
type size, so any renderer that uses the same two typefaces gets the same page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from printer.slip.blocks import Banner, Block, Gap, Logo, Number, QrCode, Row, Rule, Size, Text
from printer.slip.qr import QUIET_MODULES, qr_modules

Measure: TypeAlias = Callable[[str, bool], float]

# Type sizes in mm (em), for 72 mm of print; narrower strips shrink them, never below what can be
# read at arm's length.
_SIZES_MM = {"small": 2.8, "normal": 3.6, "large": 4.8}
_SMALLEST_MM = 2.2
_SHRINK = 0.86  # how far type may shrink to stay on one line
_LEADING = 1.27
_ASCENT = 0.93  # DejaVu's cap height is 0.73 em; this leaves the air above it
_CAPITAL = 0.73
_HALF_LINE_MM = 1.8
_RULE_MM = 0.25
_NUMBER_SHARE = 0.9
_NUMBER_LIMIT_MM = 27.0
_QR_MODULE_MM = 1.0
_QR_SHARES = {"small": 0.37, "normal": 0.5, "large": 0.6}
_LOGO_DOT_MM = 1 / 8


@dataclass(frozen=True)
class Glyphs:
    """A run of text: baseline and the x of its left, middle or right in mm, type size in mm.

    The anchor, not the left end, is fixed, so a renderer with slightly different advances still
    aligns exactly.
    """

    anchor: Literal["left", "middle", "right"]
    x: float
    y: float
    text: str
    size_mm: float
    bold: bool
    white: bool = False


@dataclass(frozen=True)
class Box:
    """A black rectangle, in mm."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Squares:
    """A QR code: top left of its first module in mm, one module's side in mm."""

    x: float
    y: float
    module_mm: float
    rows: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A black and white picture: top left and size in mm."""

    x: float
    y: float
    width: float
    height: float
    png: bytes


Mark: TypeAlias = Glyphs | Box | Squares | Picture


@dataclass(frozen=True)
class Sheet:
    """A finished page: marks and its size in mm."""

    width_mm: float
    height_mm: float
    marks: tuple[Mark, ...]


def typeset(
    blocks: Iterable[Block], width_mm: float, measure: Measure, module_step_mm: float = 0.0
) -> Sheet:
    """Place `blocks` on a strip `width_mm` wide; the height follows.

    The QR module is a whole multiple of `module_step_mm` (a picture's dot), so its squares stay
    sharp.
    """
    page = _Page(width_mm, measure, module_step_mm)
    for block in blocks:
        page.add(block)
    return Sheet(width_mm, round(page.y, 3), tuple(page.marks))


class _Page:
    def __init__(self, width_mm: float, measure: Measure, module_step_mm: float) -> None:
        self.width, self.measure, self.step = width_mm, measure, module_step_mm
        self.y = 0.0
        self.marks: list[Mark] = []
        self.scale = min(1.0, max(0.85, width_mm / 72))

    def add(self, block: Block) -> None:
        match block:
            case Text(text, size, bold):
                self._paragraph(text, _SIZES_MM[size] * self.scale, bold)
            case Banner(text):
                self._banner(text)
            case Number(text):
                self._number(text)
            case Row(label, value, size):
                self._row(label, value, size)
            case QrCode(content, size):
                self._qr(content, size)
            case Logo():
                self._logo(block)
            case Rule():
                self.y += 1.1
                self.marks.append(Box(0, self.y, self.width, _RULE_MM))
                self.y += _RULE_MM + 1.1
            case Gap(half_lines):
                self.y += half_lines * _HALF_LINE_MM
            case _:  # Cut: a page ends by itself
                pass

    def _advance(self, text: str, size_mm: float, bold: bool) -> float:
        return self.measure(text, bold) * size_mm

    def _line(self, text: str, size_mm: float, bold: bool, white: bool) -> None:
        self.marks.append(
            Glyphs("middle", self.width / 2, self.y + _ASCENT * size_mm, text, size_mm, bold, white)
        )
        self.y += _LEADING * size_mm

    def _paragraph(
        self, text: str, size_mm: float, bold: bool, white: bool = False, inset_mm: float = 0.0
    ) -> None:
        room = (
            self.width * 0.985 - 2 * inset_mm
        )  # hinted advances may be a hair wider than measured
        whole = self._advance(text, size_mm, bold)
        # A slightly smaller line reads better than a single word on a second line.
        if room < whole <= room / _SHRINK and size_mm * room / whole >= _SMALLEST_MM:
            size_mm *= room / whole
        for line in self._wrap(text, size_mm, bold, room):
            # A single word too long for the paper shrinks; it is never clipped.
            fitting = min(size_mm, size_mm * room / max(self._advance(line, size_mm, bold), 1e-6))
            self._line(line, fitting, bold, white)

    def _wrap(self, text: str, size_mm: float, bold: bool, room_mm: float) -> list[str]:
        """The fewest lines that fit, as even in length as possible."""
        lines = self._fill(text, size_mm, bold, room_mm)
        target = room_mm
        while len(lines) > 1 and target > room_mm / 3:
            target *= 0.96
            narrower = self._fill(text, size_mm, bold, target)
            if len(narrower) > len(lines):
                break
            lines = narrower
        return lines

    def _fill(self, text: str, size_mm: float, bold: bool, room_mm: float) -> list[str]:
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._advance(longer, size_mm, bold) <= room_mm + 1e-6:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _banner(self, text: str) -> None:
        inset = 1.3
        top, first_mark = self.y, len(self.marks)
        self.y += inset
        self._paragraph(
            text, _SIZES_MM["normal"] * 1.12 * self.scale, bold=True, white=True, inset_mm=inset
        )
        self.y += inset
        self.marks.insert(first_mark, Box(0, top, self.width, self.y - top))

    def _number(self, text: str) -> None:
        size = min(_NUMBER_LIMIT_MM, self.width * _NUMBER_SHARE / self.measure(text, True))
        self.y += 2.0
        self.marks.append(
            Glyphs("middle", self.width / 2, self.y + _CAPITAL * size, text, size, True)
        )
        self.y += _CAPITAL * size + 3.2

    def _row(self, label: str, value: str, type_size: Size) -> None:
        size = _SIZES_MM[type_size] * self.scale
        needed = self._advance(label, size, False) + 1.2 * size + self._advance(value, size, True)
        fitting = size * min(1.0, self.width / needed)
        if fitting >= size * _SHRINK * 0.95:
            baseline = self.y + _ASCENT * size
            self.marks.append(Glyphs("left", 0, baseline, label, fitting, False))
            self.marks.append(Glyphs("right", self.width, baseline, value, fitting, True))
            self.y += _LEADING * size * 1.06
            return
        self._paragraph(label, _SIZES_MM["small"] * self.scale, bold=False)
        self._paragraph(value, size, bold=True)

    def _qr(self, content: str, size: Size) -> None:
        rows = qr_modules(content)
        count = len(rows)
        module = min(_QR_MODULE_MM, self.width * _QR_SHARES[size] / count)
        if self.step:
            module = max(1, int(module / self.step + 1e-9)) * self.step
        side = count * module
        quiet = QUIET_MODULES * module
        left = (self.width - side) / 2
        if self.step:
            left = round(left / self.step) * self.step
            self.y = round(self.y / self.step + 0.5) * self.step
        self.y += quiet * 0.5  # the gap above is white as well
        self.marks.append(Squares(left, self.y, module, rows))
        self.y += side + quiet * 0.6

    def _logo(self, logo: Logo) -> None:
        width, height = logo.width_px * _LOGO_DOT_MM, logo.height_px * _LOGO_DOT_MM
        if self.step:
            self.y = round(self.y / self.step + 0.5) * self.step
        self.marks.append(Picture((self.width - width) / 2, self.y, width, height, logo.png))
        self.y += height
