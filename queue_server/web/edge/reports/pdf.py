"""A report on A4 paper: charts and tables, drawn in the worker process. reportlab is imported
there alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from queue_server.web.edge.documents.slip_drawing import BOLD, REGULAR, load_fonts
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import speaking

from .content import Document
from .drawing import Drawing, Label, Rect, draw
from .sections import Kind, Section

_MARGIN, _CHART_WIDTH = 40.0, 480.0
_SMALL_CHART_WIDTH, _GAP = 340.0, 20.0
_ROWS_TOGETHER = 12
"""A table up to this long stands on one page with its chart, and beside it where there is room."""
_NUMBER_WIDTH, _NUMBER_WIDTH_BESIDE = 78.0, 64.0

INKS = {
    "bar": "#0b4f8a",
    "axis": "#14213d",
    "grid": "#d9d5ca",
    "limit": "#b00020",
    "text": "#14213d",
    "on-dark": "#ffffff",
    "heat-0": "#f6f4ef",
    "heat-1": "#e6eff8",
    "heat-2": "#b9d2ea",
    "heat-3": "#7fadd6",
    "heat-4": "#2f74b3",
    "heat-5": "#083a66",
}
"""The colours of the design tokens, and shades of them that stay apart in grey."""

_NUMBERS = (Kind.COUNT, Kind.MINUTES, Kind.RATE, Kind.SHARE)


def draw_report(document: Document, made: str, language: str) -> bytes:
    """The report as a PDF in the language of its words; `made` says when. The same report gives
    the same bytes.
    """
    with speaking(language):
        return _draw(document, made, language)


def _draw(document: Document, made: str, language: str) -> bytes:
    load_fonts()
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    width, height = landscape(A4)
    buffer = BytesIO()
    title = f"{document.title}: {document.subject}, {document.period}"
    paper = BaseDocTemplate(
        buffer, pagesize=(width, height), invariant=1, title=title, author="Antrean", lang=language
    )
    frame = Frame(_MARGIN, _MARGIN, width - 2 * _MARGIN, height - 2 * _MARGIN - 16, 0, 0, 0, 0)

    def write_edge(canvas: Any, _paper: Any) -> None:
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(INKS["text"])
        canvas.drawString(_MARGIN, height - _MARGIN + 4, title)
        canvas.drawRightString(width - _MARGIN, height - _MARGIN + 4, made)
        page = _("Page %(num)s", num=canvas.getPageNumber())
        canvas.drawRightString(width - _MARGIN, _MARGIN - 14, page)

    paper.addPageTemplates(PageTemplate("page", [frame], onPage=write_edge))
    paper.build(list(_list_parts(document, width - 2 * _MARGIN)))
    return buffer.getvalue()


def _list_parts(document: Document, width: float) -> Iterator[Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import KeepTogether, Paragraph, Spacer

    ink = INKS["text"]
    styles = {
        "h1": ParagraphStyle("h1", fontName=BOLD, fontSize=18, leading=24, textColor=ink),
        "h2": ParagraphStyle("h2", fontName=BOLD, fontSize=12, leading=18, textColor=ink),
        "p": ParagraphStyle("p", fontName=REGULAR, fontSize=9, leading=13, textColor=ink),
        "cell": ParagraphStyle("cell", fontName=REGULAR, fontSize=8, leading=10, textColor=ink),
        "head": ParagraphStyle("head", fontName=BOLD, fontSize=7, leading=9, textColor=ink),
        "number": ParagraphStyle(
            "number", fontName=BOLD, fontSize=7, leading=9, textColor=ink, alignment=2
        ),
    }

    def write(text: str, style: str) -> Any:
        return Paragraph(escape(text), styles[style])

    yield write(f"{document.title}: {document.subject}", "h1")
    yield write(document.period, "p")
    for note in document.notes:
        yield write(note, "p")
    for section in document.sections:
        drawing = None if section.chart is None else draw(section.chart)
        is_short = len(section.all_rows) <= _ROWS_TOGETHER
        head = [Spacer(1, 14), write(section.title, "h2")]
        if section.note:
            head.append(write(section.note, "p"))
        head.append(Spacer(1, 4))
        room = width - sum(_widths(section, width, _NUMBER_WIDTH_BESIDE)) - _GAP
        if drawing is not None and is_short and room >= _SMALL_CHART_WIDTH:
            table = _make_table(section, width, _NUMBER_WIDTH_BESIDE, write)
            picture = _make_picture(drawing, min(room, _CHART_WIDTH))
            yield KeepTogether([*head, _put_beside(picture, table, width)])
            continue
        table = _make_table(section, width, _NUMBER_WIDTH, write)
        if drawing is not None:
            head += [_make_picture(drawing, min(width, _CHART_WIDTH)), Spacer(1, 6)]
        if is_short:
            yield KeepTogether([*head, table])
        else:
            yield KeepTogether(head)
            yield table


def _put_beside(picture: Any, table: Any, width: float) -> Any:
    """A chart with its table on the right of it, each from the top on."""
    from reportlab.platypus import Table

    left = picture.wrap()[0] + _GAP
    top = ("VALIGN", (0, 0), (-1, -1), "TOP")
    no_padding = [
        (f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")
    ]
    return Table([[picture, table]], [left, width - left], style=[top, *no_padding])


def _widths(section: Section, width: float, number_width: float) -> list[float]:
    """How wide each column is, where those with a number take at most so much."""
    number = len(section.columns)
    first = min(240.0, max(90.0, 5.2 * max((len(r[0]) for r in section.written()), default=0)))
    # Numbers stand close together; texts share what is left.
    widest = width if _is_prose(section) else number_width
    return [first, *[min(widest, (width - first) / max(1, number - 1))] * (number - 1)]


def _make_table(section: Section, width: float, number_width: float, write: Any) -> Any:
    from reportlab.platypus import Table, TableStyle

    head = [
        write(each.title, "number" if each.kind in _NUMBERS else "head") for each in section.columns
    ]
    # Words break where they must; a number has no place to.
    rows = [
        [
            write(text, "cell") if section.kind_at(row, column) is Kind.TEXT else text
            for column, text in enumerate(texts)
        ]
        for row, texts in enumerate(section.written())
    ]
    looks: list[tuple[Any, ...]] = [
        ("FONT", (0, 1), (-1, -1), REGULAR, 8),
        ("TEXTCOLOR", (0, 0), (-1, -1), INKS["text"]),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INKS["axis"]),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, INKS["grid"]),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        *(
            ("ALIGN", (column, 1), (column, -1), "RIGHT")
            for column, each in enumerate(section.columns)
            if each.kind in _NUMBERS
        ),
    ]
    if section.total is not None:
        looks += [
            ("LINEABOVE", (0, -1), (-1, -1), 0.8, INKS["axis"]),
            ("FONT", (0, -1), (-1, -1), BOLD, 8),
        ]
    return Table(
        [head, *rows],
        _widths(section, width, number_width),
        repeatRows=1,
        hAlign="LEFT",
        style=TableStyle(looks),
    )


def _is_prose(section: Section) -> bool:
    """Whether there is nothing but text beside the first column."""
    return section.row_kinds is None and all(each.kind is Kind.TEXT for each in section.columns[1:])


def _make_picture(drawing: Drawing, width: float) -> Any:
    from reportlab.platypus import Flowable

    scale = width / drawing.width

    class Picture(Flowable):  # type: ignore[misc]  # reportlab has no types
        def wrap(self, *_room: float) -> tuple[float, float]:
            return width, drawing.height * scale

        def draw(self) -> None:
            self.canv.scale(scale, scale)
            for mark in drawing.marks:
                _paint(self.canv, drawing, mark)

    return Picture()


def _paint(canvas: Any, drawing: Drawing, mark: Any) -> None:
    height = drawing.height
    if isinstance(mark, Rect):
        canvas.setFillColor(INKS[mark.look])
        canvas.rect(mark.x, height - mark.y - mark.height, mark.width, mark.height, 0, 1)
    elif isinstance(mark, Label):
        canvas.setFillColor(INKS[mark.look])
        canvas.setFont(REGULAR, drawing.size)
        write = {
            "start": canvas.drawString,
            "middle": canvas.drawCentredString,
            "end": canvas.drawRightString,
        }[mark.anchor]
        write(mark.x, height - mark.y, mark.text)
    else:
        canvas.setStrokeColor(INKS[mark.look])
        canvas.setLineWidth(2 if mark.look == "limit" else 0.8)
        canvas.setDash([6, 4] if mark.look == "limit" else [])
        canvas.line(mark.x1, height - mark.y1, mark.x2, height - mark.y2)
        canvas.setDash([])
