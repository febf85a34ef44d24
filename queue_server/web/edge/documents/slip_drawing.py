"""The drawing of a slip as PDF, from words that are ready: it runs in the worker process. reportlab
is imported there alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Any

MARGIN = 28
QR_SIZE = 130
REGULAR, BOLD = "Vera", "VeraBd"

Line = tuple[str, str, float, float]
"""Text, font, size in points and the gap below it."""


def draw_slip(title: str, lines: Sequence[Line], free_words: str, url: str, language: str) -> bytes:
    """One A6 page as PDF bytes; the same words always give the same bytes."""
    load_fonts()
    from reportlab.lib.pagesizes import A6
    from reportlab.pdfgen.canvas import Canvas

    width, height = A6
    buffer = BytesIO()
    page = Canvas(buffer, pagesize=A6, invariant=1, initialFontName=REGULAR, lang=language)
    page.setTitle(title)
    top = height - MARGIN
    for text, font, size, gap in lines:
        size = _fit(text, font, size, width - 2 * MARGIN)
        top -= size
        page.setFont(font, size)
        page.drawCentredString(width / 2, top, text)
        top -= gap
    _draw_qr(page, url, (width - QR_SIZE) / 2, MARGIN + 34)
    page.setFont(BOLD, 9)
    page.drawCentredString(width / 2, MARGIN + 16, free_words)
    page.setFont(REGULAR, 7)
    page.drawCentredString(width / 2, MARGIN, url)
    page.showPage()
    page.save()
    return buffer.getvalue()


def _fit(text: str, font: str, size: float, width: float) -> float:
    """The largest size up to `size` at which the text fits."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return min(size, size * width / max(1.0, float(stringWidth(text, font, size))))


def _draw_qr(page: Any, url: str, left: float, bottom: float) -> None:
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing

    code = QrCodeWidget(url, barLevel="M")
    x1, y1, x2, y2 = code.getBounds()
    drawing = Drawing(
        QR_SIZE, QR_SIZE, transform=[QR_SIZE / (x2 - x1), 0, 0, QR_SIZE / (y2 - y1), 0, 0]
    )
    drawing.add(code)
    renderPDF.draw(drawing, page, left, bottom)


@cache
def load_fonts() -> None:
    """Make the fonts `REGULAR` and `BOLD` known to reportlab, which brings them along."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (REGULAR, BOLD):
        registerFont(TTFont(name, f"{name}.ttf"))
