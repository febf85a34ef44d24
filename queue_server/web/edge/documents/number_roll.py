"""Numbers to cut and give out by hand, 24 on each A4 sheet, in both languages: drawn in the worker
process, with reportlab imported there alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import speaking

from .slip_drawing import BOLD, REGULAR, load_fonts

COLUMNS, LINES = 3, 8
ON_SHEET = COLUMNS * LINES
EDGE_PT = 14.0
"""5 mm above and below that office printers leave white."""
SHEETS_MAX = 42
"""As many as hold all numbers."""


def draw_roll(office: str, numbers: Sequence[str]) -> bytes:
    """The sheets as a PDF; the same numbers give the same bytes."""
    load_fonts()
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, initialFontName=REGULAR)
    canvas.setTitle(f"{numbers[0]}–{numbers[-1]}")
    words = [_words(each) for each in ("id", "en")]
    width, height = A4[0] / COLUMNS, (A4[1] - 2 * EDGE_PT) / LINES
    top = A4[1] - EDGE_PT
    for first in range(0, len(numbers), ON_SHEET):
        canvas.setLineWidth(0.4)
        canvas.setDash(2, 3)
        for column in range(1, COLUMNS):
            canvas.line(column * width, 0, column * width, A4[1])
        for line in range(1, LINES):
            canvas.line(0, top - line * height, A4[0], top - line * height)
        for index, number in enumerate(numbers[first : first + ON_SHEET]):
            line, column = divmod(index, COLUMNS)
            _draw_one(
                canvas, (column + 0.5) * width, top - line * height, width, office, number, words
            )
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


DRAWING_JOB = f"{draw_roll.__module__}:{draw_roll.__name__}"
"""`draw_roll` for the worker process."""


def _words(language: str) -> tuple[str, str, str]:
    with speaking(language):
        return _("Queue number"), _("Free of charge. Beware of touts."), _("Date")


def _draw_one(
    canvas: Any,
    middle: float,
    top: float,
    width: float,
    office: str,
    number: str,
    words: Sequence[tuple[str, str, str]],
) -> None:
    (queue, free, date), (queue_en, free_en, date_en) = words
    size = min(8.0, 8.0 * (width - 24) / max(1.0, canvas.stringWidth(office, BOLD, 8)))
    for font, size_pt, base, text in (
        (BOLD, size, 14, office),
        (REGULAR, 7, 25, f"{queue} / {queue_en}"),
        (BOLD, 38, 59, number),
        (BOLD, 7.5, 73, free),
        (REGULAR, 7, 83, free_en),
        (REGULAR, 7, 95, f"{date} / {date_en}: ____ - ____ - ______"),
    ):
        canvas.setFont(font, size_pt)
        canvas.drawCentredString(middle, top - base, text)
