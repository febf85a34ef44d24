"""The drawing of a slip as PDF or as a picture, from words that are ready: it runs in the worker
process. reportlab, Pillow and segno are imported there alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from .slip_layout import HEIGHT, WIDTH, Block, Box, Glyphs, Kind, Mark, Picture, Square, lay_out

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

REGULAR, BOLD = "Vera", "VeraBd"
PIXELS_PER_POINT = 2.5
"""1050 × 1488 pixels: sharp on a phone, and a code that a kiosk reads off its screen."""


def draw_slip(
    kind: Kind, title: str, blocks: Sequence[Block], foot: Sequence[Block], url: str, language: str
) -> bytes:
    """One A5 page as bytes; the same words always give the same bytes."""
    load_fonts()
    marks = lay_out(blocks, foot, _measure)
    return _draw_png(marks, url) if kind == "png" else _draw_pdf(marks, title, url, language)


def _draw_pdf(marks: Sequence[Mark], title: str, url: str, language: str) -> bytes:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    page = Canvas(
        buffer, pagesize=(WIDTH, HEIGHT), invariant=1, initialFontName=REGULAR, lang=language
    )
    page.setTitle(title)
    for mark in marks:
        match mark:
            case Glyphs(anchor, x, y, text, size, bold, white):
                page.setFillGray(1 if white else 0)
                page.setFont(BOLD if bold else REGULAR, size)
                write = page.drawCentredString if anchor == "middle" else page.drawString
                write(x, HEIGHT - y, text)
                page.setFillGray(0)
            case Box(x, y, width, height):
                page.rect(x, HEIGHT - y - height, width, height, stroke=0, fill=1)
            case Square(x, y, size):
                rows = _modules(url)
                step = size / len(rows)
                path = page.beginPath()
                for row, modules in enumerate(rows):
                    for start, end in _runs(modules):
                        path.rect(
                            x + start * step,
                            HEIGHT - y - (row + 1) * step,
                            (end - start) * step,
                            step,
                        )
                page.drawPath(path, stroke=0, fill=1)
            case Picture(x, y, width, height, picture):
                page.drawImage(ImageReader(BytesIO(picture)), x, HEIGHT - y - height, width, height)
    page.showPage()
    page.save()
    return buffer.getvalue()


def _draw_png(marks: Sequence[Mark], url: str) -> bytes:
    from PIL import Image, ImageDraw

    def to_pixels(points: float) -> int:
        return round(points * PIXELS_PER_POINT)

    image = Image.new("L", (to_pixels(WIDTH), to_pixels(HEIGHT)), 255)
    draw = ImageDraw.Draw(image)
    for mark in marks:
        match mark:
            case Glyphs(anchor, x, y, text, size, bold, white):
                draw.text(
                    (x * PIXELS_PER_POINT, y * PIXELS_PER_POINT),
                    text,
                    font=_font(bold, size * PIXELS_PER_POINT),
                    fill=255 if white else 0,
                    anchor="ms" if anchor == "middle" else "ls",
                )
            case Box(x, y, width, height):
                left, top = to_pixels(x), to_pixels(y)
                right, bottom = to_pixels(x + width), to_pixels(y + height)
                draw.rectangle((left, top, right - 1, max(top, bottom - 1)), fill=0)
            case Square(x, y, size):
                rows = _modules(url)
                step = to_pixels(size) // len(rows)  # whole pixels, or the code blurs
                rest = to_pixels(size) - step * len(rows)
                left, top = to_pixels(x) + rest // 2, to_pixels(y) + rest // 2
                for row, modules in enumerate(rows):
                    for start, end in _runs(modules):
                        draw.rectangle(
                            (
                                left + start * step,
                                top + row * step,
                                left + end * step - 1,
                                top + (row + 1) * step - 1,
                            ),
                            fill=0,
                        )
            case Picture(x, y, width, height, picture):
                with Image.open(BytesIO(picture), formats=("PNG",)) as logo:
                    dots = max(1, to_pixels(width)), max(1, to_pixels(height))
                    image.paste(logo.convert("L").resize(dots), (to_pixels(x), to_pixels(y)))
    out = BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=8)
def _modules(url: str) -> tuple[tuple[bool, ...], ...]:
    """The rows of the QR code, with the quiet zone that readers need."""
    import segno

    rows = segno.make(url, error="m", micro=False).matrix_iter(scale=1, border=4)
    return tuple(tuple(bool(each) for each in row) for row in rows)


def _runs(modules: tuple[bool, ...]) -> list[tuple[int, int]]:
    """The dark runs of a row. One rectangle for each run leaves no hairlines between neighbours."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(modules):
        if dark and runs and runs[-1][1] == column:
            runs[-1] = (runs[-1][0], column + 1)
        elif dark:
            runs.append((column, column + 1))
    return runs


def _measure(text: str, bold: bool) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, BOLD if bold else REGULAR, 1000)) / 1000


@lru_cache(maxsize=64)  # type shrinks to fit, so there are as many sizes as long names
def _font(bold: bool, pixels: float) -> FreeTypeFont:
    import reportlab
    from PIL import ImageFont

    file = Path(reportlab.__file__).parent / "fonts" / f"{BOLD if bold else REGULAR}.ttf"
    # The basic engine: the same result with and without the optional shaping library.
    return ImageFont.truetype(str(file), pixels, layout_engine=ImageFont.Layout.BASIC)


@cache
def load_fonts() -> None:
    """Make the fonts `REGULAR` and `BOLD` known to reportlab, which brings them along."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (REGULAR, BOLD):
        registerFont(TTFont(name, f"{name}.ttf"))
