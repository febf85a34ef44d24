"""What a printer can do: paper, width, and which commands it supports reliably."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from printer.slip.blocks import Logo


class UnknownProfile(ValueError):
    """No preset has this name."""


def _find_none(_id: str) -> Logo | None:
    return None


@dataclass(frozen=True)
class PrinterProfile:
    """One printer model's capabilities.

    `width_px` is the printable width in dots at 203 dpi (8 dots a mm), `columns` how many font A
    characters fit on a line. `qr` native is only for printers known to have the command: others
    print it as garbage. `status` query is for printers that tell their state but acknowledge
    nothing (`GS r`); none for those that do not answer at all: they count as ready, and a job sent
    without an error counts as printed. `mode` raster draws the whole slip as a picture,
    for languages beyond ASCII. `profile` is python-escpos's own name. `find_logo` gives the
    picture that a slip names.
    """

    paper_mm: int
    width_px: int
    columns: int
    qr: Literal["image", "native"] = "image"
    cut: Literal["full", "partial", "none"] = "full"
    status: Literal["full", "query", "none"] = "full"
    profile: str = "default"
    mode: Literal["text", "raster"] = "text"
    find_logo: Callable[[str], Logo | None] = field(default=_find_none, compare=False)

    @property
    def width_mm(self) -> float:
        """Printable width in mm."""
        return self.width_px / DOTS_PER_MM


DOTS_PER_MM = 8

PRESETS: dict[str, PrinterProfile] = {
    "tm-t20iii-80": PrinterProfile(80, 576, 48, profile="TM-T20II"),
    "tm-t20iii-58": PrinterProfile(58, 420, 35, profile="TM-T20II"),
    "tm-t88-80": PrinterProfile(80, 512, 42, profile="TM-T88V"),
    "generic-80": PrinterProfile(80, 576, 48, cut="partial"),
    "generic-80-raster": PrinterProfile(80, 576, 48, cut="partial", mode="raster"),
    "generic-58": PrinterProfile(58, 384, 32, cut="none", profile="POS-5890"),
    "generic-58-raster": PrinterProfile(58, 384, 32, cut="none", profile="POS-5890", mode="raster"),
    "star-80": PrinterProfile(80, 576, 48, cut="partial", status="none"),
}


_CHOICES = {
    "qr": ("image", "native"),
    "cut": ("full", "partial", "none"),
    "status": ("full", "query", "none"),
    "mode": ("text", "raster"),
}
_NUMBERS = {"width_px": range(200, 833), "columns": range(16, 81)}


def find_profile(name: str) -> PrinterProfile:
    """The preset called `name`, with its differences after commas: `generic-80,status=query`.
    Raises `UnknownProfile`.
    """
    preset, *differences = name.split(",")
    if preset not in PRESETS:
        raise UnknownProfile(f"{preset!r} is none of {', '.join(PRESETS)}")
    changes: dict[str, Any] = {}
    for difference in differences:
        key, _, value = difference.partition("=")
        if value in _CHOICES.get(key, ()):
            changes[key] = value
        elif key in _NUMBERS and value.isdecimal() and int(value) in _NUMBERS[key]:
            changes[key] = int(value)
        else:
            raise UnknownProfile(f"{difference!r} is no difference of a profile")
    return replace(PRESETS[preset], **changes)
