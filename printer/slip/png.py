"""A slip as a picture: a PNG of the whole paper, or the print strip in black and white for raster
printing.
"""

from __future__ import annotations

import io
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from printer.device.profile import DOTS_PER_MM, PrinterProfile, find_profile
from printer.slip.blocks import Block, read_logo
from printer.slip.layout import fit_slip
from printer.slip.typefaces import BOLD, REGULAR
from printer.slip.typeset import Box, Glyphs, Picture, Sheet, Squares, typeset
from queue_server.protocol.messages import Slip

if TYPE_CHECKING:
    from PIL import Image, ImageFont

_MEASURED_AT = 200
_ANCHORS = {"left": "ls", "middle": "ms", "right": "rs"}
_TIGHTER = 0.97  # the smaller type is in whole dots as well
_EDGE_MM = 5  # white above and below on the picture, as the paper has


def render_png(slip: Slip, profile: PrinterProfile) -> bytes:
    """The slip on its paper as a grey PNG of 8 dots a mm, margins included. Raises
    `SlipUnprintable`.
    """
    from PIL import Image

    strip = draw_strip(slip, profile)
    paper = Image.new(
        "L", (profile.paper_mm * DOTS_PER_MM, strip.height + 2 * _EDGE_MM * DOTS_PER_MM), 255
    )
    paper.paste(strip, ((paper.width - strip.width) // 2, _EDGE_MM * DOTS_PER_MM))
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=False)
    return out.getvalue()


def draw_strip(slip: Slip, profile: PrinterProfile) -> Image.Image:
    """The printable strip, `profile.width_px` wide, in grey. Raises `SlipUnprintable`."""

    def set_type(blocks: tuple[Block, ...]) -> Sheet:
        return typeset(blocks, profile.width_mm, _measure, 1 / DOTS_PER_MM)

    logo = profile.find_logo(slip.logo)
    blocks = fit_slip(slip, lambda tried: set_type(tried).height_mm + 2 * _EDGE_MM + 1, logo)
    return _paint(set_type(blocks), profile.width_px)


def _paint(sheet: Sheet, width_px: int) -> Image.Image:
    from PIL import Image, ImageDraw

    image = Image.new("L", (width_px, round(sheet.height_mm * DOTS_PER_MM) + 1), 255)
    draw = ImageDraw.Draw(image)
    for mark in sheet.marks:
        match mark:
            case Box(x, y, width, height):
                left, top = round(x * DOTS_PER_MM), round(y * DOTS_PER_MM)
                draw.rectangle(
                    (
                        left,
                        top,
                        left + round(width * DOTS_PER_MM) - 1,
                        top + max(1, round(height * DOTS_PER_MM)) - 1,
                    ),
                    fill=0,
                )
            case Glyphs(anchor, x, y, text, size_mm, bold, white):
                font = _fitting_font(text, bold, size_mm * DOTS_PER_MM, width_px)
                draw.text(
                    (x * DOTS_PER_MM, y * DOTS_PER_MM),
                    text,
                    font=font,
                    fill=255 if white else 0,
                    anchor=_ANCHORS[anchor],
                )
            case Picture(x, y, _, _, png):
                with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
                    at = (round(x * DOTS_PER_MM), round(y * DOTS_PER_MM))
                    image.paste(picture.convert("L"), at)
            case Squares(x, y, module_mm, rows):
                step = round(module_mm * DOTS_PER_MM)
                left, top = round(x * DOTS_PER_MM), round(y * DOTS_PER_MM)
                for row, modules in enumerate(rows):
                    for column, dark in enumerate(modules):
                        if dark:
                            at = (left + column * step, top + row * step)
                            draw.rectangle((*at, at[0] + step - 1, at[1] + step - 1), fill=0)
    return image


def _measure(text: str, bold: bool) -> float:
    return _font(bold, _MEASURED_AT).getlength(text) / _MEASURED_AT


def _fitting_font(text: str, bold: bool, size_px: float, room_px: int) -> ImageFont.FreeTypeFont:
    """The font of a line. Small type is drawn in whole dots, so that a line which just fits by its
    measure can be wider than the strip.
    """
    font = _font(bold, size_px)
    drawn_px = font.getlength(text)
    return font if drawn_px <= room_px else _font(bold, size_px * _TIGHTER * room_px / drawn_px)


@lru_cache(maxsize=64)  # type shrinks to fit, so there are as many sizes as long names
def _font(bold: bool, size_px: float) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    # The basic engine: the same result with and without the optional shaping library.
    return ImageFont.truetype(
        str(BOLD if bold else REGULAR), size_px, layout_engine=ImageFont.Layout.BASIC
    )


def draw_preview(slip: Slip, profile: str, picture: str) -> bytes:
    """`render_png` for the paper of a profile by its name, with a logo in base64: for the server's
    worker process. Raises `UnknownProfile`.
    """
    shown = replace(find_profile(profile), find_logo=lambda _id: read_logo(picture))
    return render_png(slip, shown)
