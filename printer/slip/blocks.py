"""The kinds of lines that a slip is made of. A block says what a line is, not where it is placed:
the renderers (`thermal`, `typeset` with `pdf` and `png`, `text`) know the paper.
"""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from typing import Literal, TypeAlias

Size = Literal["small", "normal", "large"]


class SlipUnprintable(ValueError):
    """The slip has neither number nor booked time, or a time that cannot be parsed."""


@dataclass(frozen=True)
class Text:
    """A centred paragraph; wraps between words."""

    text: str
    size: Size = "normal"
    bold: bool = False


@dataclass(frozen=True)
class Banner:
    """White on black over the whole width, for text that must not be overlooked."""

    text: str


@dataclass(frozen=True)
class Number:
    """The ticket number, as large as the paper allows."""

    text: str


@dataclass(frozen=True)
class Row:
    """A fact: its label on the left, its value on the right, or below if both do not fit."""

    label: str
    value: str
    size: Size = "normal"


@dataclass(frozen=True)
class QrCode:
    """A QR code of `content`, centred; a `small` one is still read at arm's length."""

    content: str
    size: Size = "normal"


@dataclass(frozen=True)
class Logo:
    """A black and white picture, centred: `png` with its size in dots."""

    png: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Gap:
    """White space of `half_lines` half lines of normal text."""

    half_lines: int = 1


@dataclass(frozen=True)
class Cut:
    """The end: feed past the tear bar and cut where there is a cutter."""


Block: TypeAlias = Text | Banner | Number | Row | QrCode | Logo | Rule | Gap | Cut


LOGO_WIDTH_MAX_PX, LOGO_HEIGHT_MAX_PX = 384, 160
_HEAD = struct.Struct(">8s4x4sII")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def read_logo(picture: str) -> Logo | None:
    """The logo of a PNG in base64; None for one that is none, or too large for a slip."""
    try:
        png = base64.b64decode(picture, validate=True)
        signature, kind, width, height = _HEAD.unpack_from(png)
    except (binascii.Error, ValueError, struct.error):
        return None
    fits = 0 < width <= LOGO_WIDTH_MAX_PX and 0 < height <= LOGO_HEIGHT_MAX_PX
    return Logo(png, width, height) if (signature, kind) == (_SIGNATURE, b"IHDR") and fits else None
