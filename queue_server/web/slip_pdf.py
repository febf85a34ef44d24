"""A ticket on one A6 page, to print at home or to keep. reportlab is imported at the first use: it costs 30 MB."""
from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from ..domain.booking_steps import visit_ends_at
from ..domain.numbering import group_code
from ..domain.office import Office
from ..domain.ticket import Ticket
from ..domain.transitions import State
from ..services.views import service_of
from .locale import format_moment, format_visit, gettext, in_language

_MARGIN = 28
_QR_SIZE = 130
REGULAR, BOLD = "Vera", "VeraBd"


def make_slip_pdf(office: Office, ticket: Ticket, url: str, language: str, *, copy: bool = False) -> bytes:
    """The page as PDF bytes; the same ticket always gives the same bytes. Holds no personal data. A `copy` says that it is one."""
    load_fonts()
    from reportlab.lib.pagesizes import A6
    from reportlab.pdfgen.canvas import Canvas

    width, height = A6
    buffer = BytesIO()
    page = Canvas(buffer, pagesize=A6, invariant=1, initialFontName=REGULAR, lang=language)
    page.setTitle(f"Antrean {ticket.number or group_code(ticket.code)}")
    top = height - _MARGIN
    for text, font, size, gap in _lines(office, ticket, language, copy=copy):
        size = _fit(text, font, size, width - 2 * _MARGIN)
        top -= size
        page.setFont(font, size)
        page.drawCentredString(width / 2, top, text)
        top -= gap
    _draw_qr(page, url, (width - _QR_SIZE) / 2, _MARGIN + 34)
    page.setFont(BOLD, 9)
    page.drawCentredString(width / 2, _MARGIN + 16, gettext("This service is free of charge."))
    page.setFont(REGULAR, 7)
    page.drawCentredString(width / 2, _MARGIN, url)
    page.showPage()
    page.save()
    return buffer.getvalue()


def _lines(office: Office, ticket: Ticket, language: str, *, copy: bool) -> list[tuple[str, str, float, float]]:
    """Text, font, size in points and the gap below it, from the top."""
    service = service_of(office, ticket.service)
    # A time that the office withdrew is none to come at.
    ends_at = None if ticket.state is State.STRANDED else visit_ends_at(ticket, office, service)
    lines: list[tuple[str, str, float, float]] = [
        (office.name, BOLD, 11, 4), (in_language(service.name, language), REGULAR, 10, 14),
    ]
    if copy:
        lines.insert(0, (gettext("COPY"), BOLD, 14, 8))
    if ticket.number:
        lines.append((ticket.number, BOLD, 54, 10))
    if ticket.slot is not None and ends_at is not None:
        lines.append((format_visit(ticket.slot, ends_at, language, office.zone), BOLD, 10, 10))
    elif ticket.arrived_at is not None:
        lines.append((format_moment(ticket.arrived_at, language, office.zone), BOLD, 10, 10))
    lines.append((f"{gettext('Code')}: {group_code(ticket.code)}", REGULAR, 10, 8))
    return lines


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
    drawing = Drawing(_QR_SIZE, _QR_SIZE, transform=[_QR_SIZE / (x2 - x1), 0, 0, _QR_SIZE / (y2 - y1), 0, 0])
    drawing.add(code)
    renderPDF.draw(drawing, page, left, bottom)


@cache
def load_fonts() -> None:
    """Make the fonts `REGULAR` and `BOLD` known to reportlab, which brings them along."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (REGULAR, BOLD):
        registerFont(TTFont(name, f"{name}.ttf"))
