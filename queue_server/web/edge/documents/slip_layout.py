"""Where each word of a slip stands on its page: one layout that the PDF and the picture draw.

Lengths are points (1/72 inch); y grows downwards from the top of the page. Pure: the measure of the
type comes in as a function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeAlias

WIDTH, HEIGHT = 420, 595
"""A5 upright: two on a sheet of A4, and about the shape of a phone's screen."""

MARGIN = 32
QR_SIZE = 150
LEADING = 1.28
SMALLEST = 0.5

Kind: TypeAlias = Literal["pdf", "png"]
"""In which form a slip is drawn."""

Measure: TypeAlias = Callable[[str, bool], float]
"""The width of a text in type of size 1; bold or not."""


@dataclass(frozen=True)
class Words:
    """A paragraph; `gap` is the space below it. `shrinks`: it stays on one line and gets smaller
    instead.
    """

    text: str
    size: float
    bold: bool = False
    gap: float = 6
    left: bool = False
    shrinks: bool = False


@dataclass(frozen=True)
class Banner:
    """White on black over the whole width."""

    text: str
    size: float = 14
    gap: float = 10


@dataclass(frozen=True)
class Rule:
    """A line across the page."""

    gap: float = 10


@dataclass(frozen=True)
class Code:
    """The QR code."""

    gap: float = 8


@dataclass(frozen=True)
class Logo:
    """A picture as a PNG, in the middle; its size in points at most."""

    picture: bytes
    width: float
    height: float
    gap: float = 8


Block: TypeAlias = Words | Banner | Rule | Code | Logo


@dataclass(frozen=True)
class Glyphs:
    """Text on a baseline at y, that starts at x or has its middle there."""

    anchor: Literal["left", "middle"]
    x: float
    y: float
    text: str
    size: float
    bold: bool
    white: bool = False


@dataclass(frozen=True)
class Box:
    """A black rectangle with its upper left corner at (x, y)."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Square:
    """Room for the QR code, with its upper left corner at (x, y)."""

    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Picture:
    """A PNG with its upper left corner at (x, y)."""

    x: float
    y: float
    width: float
    height: float
    picture: bytes


Mark: TypeAlias = Glyphs | Box | Square | Picture


def lay_out(blocks: Sequence[Block], foot: Sequence[Block], measure: Measure) -> list[Mark]:
    """The marks of one page, `foot` at its end. Where there is more to say than room, all of it
    gets smaller, to half its size at most.
    """
    scale = 1.0
    while True:
        place = partial(_place, measure=measure, scale=scale)
        marks, end = place(blocks, MARGIN)
        start = HEIGHT - MARGIN - place(foot, 0)[1]
        if end <= start or scale <= SMALLEST:
            return [*marks, *place(foot, max(end, start))[0]]
        scale -= 0.05


def _place(
    blocks: Sequence[Block], top: float, measure: Measure, scale: float
) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    inner = WIDTH - 2 * MARGIN
    for block in blocks:
        match block:
            case Words(text, size, bold, _gap, left, shrinks):
                size *= scale
                if shrinks:
                    size = min(size, inner / max(measure(text, bold), 0.001))
                for line in [text] if shrinks else _wrap(text, inner, measure, size, bold):
                    at = Glyphs("middle", WIDTH / 2, top + size, line, size, bold)
                    marks.append(replace(at, anchor="left", x=MARGIN) if left else at)
                    top += size * LEADING
            case Banner(text, size):
                size = min(size * scale, (inner - 12) / max(measure(text, True), 0.001))
                marks.append(Box(MARGIN, top, inner, size * 1.7))
                middle = (WIDTH / 2, top + size * 1.2)
                marks.append(Glyphs("middle", *middle, text, size, True, white=True))
                top += size * 1.7
            case Rule():
                marks.append(Box(MARGIN, top, inner, 0.8))
                top += 0.8
            case Code():
                size = QR_SIZE * max(scale, 0.7)
                marks.append(Square((WIDTH - size) / 2, top, size))
                top += size
            case Logo(picture, width, height):
                width, height = width * scale, height * scale
                marks.append(Picture((WIDTH - width) / 2, top, width, height, picture))
                top += height
        top += block.gap * scale
    return marks, top


def _wrap(text: str, width: float, measure: Measure, size: float, bold: bool) -> list[str]:
    """Lines that fit, broken between words; a word that is longer than a line is cut."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            for part in _cut(word, width, measure, size, bold):
                longer = f"{line} {part}" if line else part
                if line and measure(longer, bold) * size > width:
                    lines.append(line)
                    longer = part
                line = longer
        lines.append(line)
    return lines


def _cut(word: str, width: float, measure: Measure, size: float, bold: bool) -> list[str]:
    parts = []
    while measure(word, bold) * size > width and len(word) > 1:
        ends = range(len(word) - 1, 1, -1)
        fits = next((end for end in ends if measure(word[:end], bold) * size <= width), 1)
        parts.append(word[:fits])
        word = word[fits:]
    return [*parts, word]
