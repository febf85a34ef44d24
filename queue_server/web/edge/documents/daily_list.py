"""The bookings of a day on A4, with boxes to tick and empty lines for walk-ins: drawn in the worker
process, with reportlab imported there alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from queue_server.services.reception.daily_list import ListedBooking
from queue_server.web.edge.locale import format_time, speaking
from queue_server.web.edge.locale import gettext as _

from .slip_drawing import BOLD, REGULAR, load_fonts

EMPTY_LINES = 40
"""For walk-ins: a page full, to be copied."""

_LEFT, _RIGHT, _TOP, _BOTTOM, _ROW = 36.0, 559.0, 806.0, 52.0, 19.0
_COLUMNS = (36.0, 56.0, 96.0, 118.0, 285.0, 385.0, 455.0, 505.0)
"""Where the columns begin: box, time, letter, service, name, last 4, persons, number."""


@dataclass(frozen=True)
class DayHead:
    """What stands above the list: the office, the day in words, when it was printed."""

    office: str
    day: str
    printed_at: str


def draw_daily_list(head: DayHead, bookings: Sequence[ListedBooking], language: str) -> bytes:
    """The list as a PDF; the same list gives the same bytes."""
    with speaking(language):
        return _draw(head, bookings, language)


DRAWING_JOB = f"{draw_daily_list.__module__}:{draw_daily_list.__name__}"
"""`draw_daily_list` for the worker process."""


def _draw(head: DayHead, bookings: Sequence[ListedBooking], language: str) -> bytes:
    load_fonts()
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    rows_a_page = int((_TOP - 62 - _BOTTOM) / _ROW)
    parts = [
        bookings[first : first + rows_a_page] for first in range(0, len(bookings), rows_a_page)
    ] or [()]
    pages = len(parts) + -(-EMPTY_LINES // rows_a_page)
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, initialFontName=REGULAR, lang=language)
    canvas.setTitle(_("List of the day: %(day)s", day=head.day))
    for number, part in enumerate(parts, 1):
        _draw_head(canvas, head, _("Bookings"), number, pages)
        if not part:
            canvas.drawString(_LEFT, _TOP - 76, _("No bookings on this day."))
        for index, each in enumerate(part):
            _draw_booking(canvas, _TOP - 62 - (index + 1) * _ROW, each, language)
        canvas.showPage()
    for number in range(len(parts) + 1, pages + 1):
        _draw_head(canvas, head, _("Visitors without a booking"), number, pages)
        left = EMPTY_LINES - (number - len(parts) - 1) * rows_a_page
        for index in range(min(rows_a_page, left)):
            _draw_line(canvas, _TOP - 62 - (index + 1) * _ROW)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_head(canvas: Any, head: DayHead, title: str, number: int, pages: int) -> None:
    canvas.setFont(BOLD, 14)
    canvas.drawString(_LEFT, _TOP - 14, f"{title}: {head.day}")
    canvas.setFont(REGULAR, 9)
    canvas.drawString(_LEFT, _TOP - 29, head.office)
    printed = _(
        "Printed %(time)s, page %(n)s of %(all)s", time=head.printed_at, n=number, all=pages
    )
    canvas.drawRightString(_RIGHT, _TOP - 29, printed)
    canvas.setFont(BOLD, 8)
    words = (
        "",
        _("Time"),
        "",
        _("Service"),
        _("Name"),
        _("NIK (last 4)"),
        _("Persons"),
        _("Number"),
    )
    for start, text in zip(_COLUMNS, words, strict=True):
        canvas.drawString(start, _TOP - 54, text)
    canvas.setLineWidth(1)
    canvas.line(_LEFT, _TOP - 59, _RIGHT, _TOP - 59)
    canvas.setFont(REGULAR, 8)
    canvas.drawString(
        _LEFT,
        34,
        _("Personal data: keep this list locked away, and shred it when the day is over."),
    )


def _draw_booking(canvas: Any, low: float, booking: ListedBooking, language: str) -> None:
    _draw_line(canvas, low)
    canvas.setFont(BOLD, 10)
    canvas.drawString(_COLUMNS[1], low + 6, format_time(booking.starts, language))
    canvas.drawString(_COLUMNS[2], low + 6, booking.letter)
    values = (booking.service, booking.name, booking.last4, str(booking.party_size), booking.number)
    for start, end, text in zip(_COLUMNS[3:], (*_COLUMNS[4:], _RIGHT), values, strict=True):
        _write(canvas, start, low + 6, end - start - 6, text)


def _draw_line(canvas: Any, low: float) -> None:
    canvas.setLineWidth(0.3)
    canvas.line(_LEFT, low, _RIGHT, low)
    canvas.setLineWidth(0.8)
    canvas.rect(_COLUMNS[0], low + 4, 11, 11)


def _write(canvas: Any, left: float, base: float, room: float, text: str) -> None:
    """A text in smaller type, at last cut, where it would run into the next column."""
    size = 9.0
    while size > 6.5 and canvas.stringWidth(text, REGULAR, size) > room:
        size -= 0.5
    while text and canvas.stringWidth(text, REGULAR, size) > room:
        text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
    canvas.setFont(REGULAR, size)
    canvas.drawString(left, base, text)
