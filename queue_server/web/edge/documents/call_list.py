"""Visitors to ring on A4, with a box to tick and a line for the answer: drawn in the worker
process, with reportlab imported there alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext, speaking

from .slip_drawing import BOLD, REGULAR, load_fonts

_LEFT, _FOOT, _HEAD = 36.0, 52.0, 64.0
_WIDTHS = (20.0, 150.0, 353.0)
"""The columns: box, whom and when, what to say."""
_INK = "#14213d"


@dataclass(frozen=True)
class CallHead:
    """What stands above and below the list: the office, when it was printed, and until when it must
    be destroyed.
    """

    office: str
    printed_at: str
    destroy_by: str


@dataclass(frozen=True)
class ListedCall:
    """A call as it stands on the paper: everything in the language of the office, but `words`,
    which are in that of the visitor. `new_time` is "" for none; `is_kept`: it is booked already,
    and not only offered.
    """

    lost_at: str
    service: str
    name: str
    phone: str
    party_size: int
    language: str
    language_name: str
    words: str
    new_time: str
    is_kept: bool

    @property
    def new_time_label(self) -> str:
        return _("New time, kept already") if self.is_kept else _("Time to offer")


def draw_call_list(head: CallHead, calls: Sequence[ListedCall], language: str) -> bytes:
    """The list as a PDF; the same list gives the same bytes."""
    with speaking(language):
        return _draw(head, calls, language)


DRAWING_JOB = f"{draw_call_list.__module__}:{draw_call_list.__name__}"
"""`draw_call_list` for the worker process."""


def _draw(head: CallHead, calls: Sequence[ListedCall], language: str) -> bytes:
    load_fonts()
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    width, height = A4
    buffer = BytesIO()
    title = _("Visitors to ring")
    paper = BaseDocTemplate(
        buffer, pagesize=A4, invariant=1, title=title, author="Antrean", lang=language
    )
    frame = Frame(_LEFT, _FOOT, width - 2 * _LEFT, height - _FOOT - _HEAD, 0, 0, 0, 0)

    def write_edge(canvas: Any, _paper: Any) -> None:
        canvas.setFillColor(_INK)
        canvas.setFont(BOLD, 14)
        canvas.drawString(_LEFT, height - 40, title)
        canvas.setFont(REGULAR, 9)
        canvas.drawString(_LEFT, height - 54, head.office)
        printed = _("Printed %(time)s, page %(n)s", time=head.printed_at, n=canvas.getPageNumber())
        canvas.drawRightString(width - _LEFT, height - 54, printed)
        canvas.setFont(REGULAR, 8)
        canvas.drawString(_LEFT, 34, warn(head))

    paper.addPageTemplates(PageTemplate("page", [frame], onPage=write_edge))
    paper.build(_list_parts(calls))
    return buffer.getvalue()


def warn(head: CallHead) -> str:
    """What stands at the foot of every page."""
    return _(
        "Personal data: keep this list locked away, and destroy it after use, by %(date)s.",
        date=head.destroy_by,
    )


def _list_parts(calls: Sequence[ListedCall]) -> list[Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    def style(name: str, font: str, size: float) -> ParagraphStyle:
        return ParagraphStyle(
            name, fontName=font, fontSize=size, leading=size * 1.3, textColor=_INK
        )

    styles = {
        "strong": style("strong", BOLD, 9.5),
        "phone": style("phone", BOLD, 13),
        "plain": style("plain", REGULAR, 9),
        "small": style("small", REGULAR, 8),
    }

    def write(text: str, name: str) -> Any:
        return Paragraph(escape(text), styles[name])

    if not calls:
        return [write(_("Nobody has to be told by hand."), "plain")]
    number = ngettext("%(num)s call", "%(num)s calls", len(calls))
    return [write(number, "plain"), *(_make_call(each, write) for each in calls)]


def _make_call(call: ListedCall, write: Any) -> Any:
    """One call, never parted over two pages."""
    from reportlab.platypus import Table, TableStyle

    people = ngettext("%(num)s person", "%(num)s people", call.party_size)
    whom = [
        write(call.name, "strong"),
        write(call.phone, "phone"),
        write(people, "small"),
        write(_("Lost time: %(time)s", time=call.lost_at), "small"),
        write(call.service, "small"),
    ]
    what = [
        write(_("Say in %(language)s:", language=call.language_name), "small"),
        write(call.words, "plain"),
    ]
    if call.new_time:
        what.append(write(f"{call.new_time_label}: {call.new_time}", "strong"))
    answer = write(_("Answer:"), "small")
    box = Table([[""]], 11, 11, style=TableStyle([("BOX", (0, 0), (-1, -1), 0.8, _INK)]))
    return Table(
        [[box, whom, what], ["", "", answer]],
        _WIDTHS,
        [None, 22.0],
        hAlign="LEFT",
        spaceBefore=4,
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, 0), "TOP"),
                ("VALIGN", (0, 1), (-1, 1), "BOTTOM"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 4),
                ("BOTTOMPADDING", (0, 0), (-1, 0), 2),
                ("BOTTOMPADDING", (0, 1), (-1, 1), 3),
                ("LINEABOVE", (0, 0), (-1, 0), 0.8, _INK),
                ("LINEBELOW", (2, 1), (2, 1), 0.5, _INK),
                ("NOSPLIT", (0, 0), (-1, -1)),
            ]
        ),
    )
