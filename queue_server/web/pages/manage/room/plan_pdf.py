"""A zone as a plan to mark the floor by: to scale on A4, with every place's measures from one
corner. reportlab is imported at need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import hypot
from typing import Any

from queue_server.domain.room.plan import Spot, Spots, ZonePlan
from queue_server.domain.room.zones import Method, Zone
from queue_server.web.edge.documents.slip_drawing import BOLD, REGULAR, load_fonts
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import speaking
from queue_server.web.edge.words.rooms import number_words, zone_words

POINTS_PER_M = 72 / 0.0254
SCALES = (10, 20, 25, 50, 75, 100, 150, 200, 250, 500, 1000, 2000, 5000, 10_000)
_MARGIN, _HEAD, _FOOT, _SIDE = 36.0, 74.0, 104.0, 40.0
_INK, _SOFT, _OK, _RED, _BLUE = "#14213d", "#4a5568", "#0b5d2a", "#b00020", "#0b4f8a"
_ROW, _COLUMN_WIDTH = 14.0, 170.0


@dataclass(frozen=True)
class _Sheet:
    """One page's geometry: points per metre on paper, and where the room's lower left corner
    stands.
    """

    width: float
    height: float
    scale: int
    left: float
    bottom: float

    @property
    def per_m(self) -> float:
        return POINTS_PER_M / self.scale


def draw_room_plan(office: str, zone: Zone, plan: ZonePlan, language: str) -> bytes:
    """The plan of a zone whose length is known, as PDF bytes. `office` is the name. Same zone, same
    bytes.
    """
    assert zone.length_m is not None, "a zone of no known length cannot be drawn"
    with speaking(language):
        return _draw(office, zone, zone.length_m, plan, language)


DRAWING_JOB = f"{draw_room_plan.__module__}:{draw_room_plan.__name__}"
"""`draw_room_plan` for the worker process."""


def _draw(office: str, zone: Zone, length: float, plan: ZonePlan, language: str) -> bytes:
    load_fonts()
    from reportlab.pdfgen.canvas import Canvas

    width = zone.width_m or 0.5
    sheet = _sheet(length, width)
    spots = plan.spots or Spots(Method.LAYOUT, ())
    marked = [each for each in spots.spots if each.usable]
    buffer = BytesIO()
    page = Canvas(
        buffer,
        pagesize=(sheet.width, sheet.height),
        invariant=1,
        initialFontName=REGULAR,
        lang=language,
    )
    page.setTitle(_("Floor plan: %(zone)s", zone=zone_words(zone)))
    _draw_head(page, sheet, office, zone, plan.limit.limit, len(marked))
    _draw_room(page, sheet, zone, length, width)
    _draw_spots(page, sheet, spots, marked, 0.0 if zone.width_m else width / 2)
    _draw_foot(page, sheet, zone)
    page.showPage()
    if marked:
        _draw_table(page, office, zone, marked)
    page.save()
    return buffer.getvalue()


def _sheet(length: float, width: float) -> _Sheet:
    """A4, the way round that allows the larger drawing, at the largest round scale that fits."""
    from reportlab.lib.pagesizes import A4

    def fitting(paper: tuple[float, float]) -> int:
        across, up = paper[0] - 2 * _MARGIN - _SIDE, paper[1] - 2 * _MARGIN - _HEAD - _FOOT
        need = max(length * POINTS_PER_M / across, width * POINTS_PER_M / up)
        return next((each for each in SCALES if each >= need), SCALES[-1])

    paper = min((A4, (A4[1], A4[0])), key=fitting)
    scale = fitting(paper)
    spare = paper[1] - 2 * _MARGIN - _HEAD - _FOOT - width * POINTS_PER_M / scale
    return _Sheet(paper[0], paper[1], scale, _MARGIN + _SIDE, _MARGIN + _FOOT + spare)


def _draw_head(
    page: Any, sheet: _Sheet, office: str, zone: Zone, limit: int | None, marked: int
) -> None:
    top = sheet.height - _MARGIN
    page.setFillColor(_INK)
    page.setFont(BOLD, 16)
    page.drawString(_MARGIN, top - 14, _("Floor plan: %(zone)s", zone=zone_words(zone)))
    page.setFont(REGULAR, 10)
    page.drawString(_MARGIN, top - 30, office)
    words = [_("Scale 1 : %(scale)s", scale=sheet.scale)]
    if zone.distance_cm is not None:
        words.append(
            _("%(distance)s m between people", distance=number_words(zone.distance_cm / 100))
        )
    words.append(_("At most %(limit)s visitors", limit=limit))
    if marked:
        words.append(_("%(marked)s places to use", marked=marked))
    page.drawString(_MARGIN, top - 46, " · ".join(words))


def _draw_room(page: Any, sheet: _Sheet, zone: Zone, length: float, width: float) -> None:
    left, bottom, wide, high = sheet.left, sheet.bottom, length * sheet.per_m, width * sheet.per_m
    if zone.clear_length_m is not None and zone.clear_width_m is not None:
        page.setStrokeColor(_BLUE)
        page.setDash(4, 3)
        page.rect(
            left + zone.clear_x_m * sheet.per_m,
            bottom + zone.clear_y_m * sheet.per_m,
            zone.clear_length_m * sheet.per_m,
            zone.clear_width_m * sheet.per_m,
        )
        page.setDash()
    page.setStrokeColor(_INK)
    page.setLineWidth(2)
    page.rect(left, bottom, wide, high)
    page.setLineWidth(0.7)
    page.setFillColor(_SOFT)
    page.setStrokeColor(_SOFT)
    for ends in (
        (left, bottom - 14, left + wide, bottom - 14),
        (left, bottom - 18, left, bottom - 10),
        (left + wide, bottom - 18, left + wide, bottom - 10),
    ):
        page.line(*ends)
    page.setFont(REGULAR, 10)
    page.drawCentredString(left + wide / 2, bottom - 27, f"{number_words(length)} m")
    if zone.width_m is not None:
        for ends in (
            (left - 14, bottom, left - 14, bottom + high),
            (left - 18, bottom, left - 10, bottom),
            (left - 18, bottom + high, left - 10, bottom + high),
        ):
            page.line(*ends)
        page.saveState()
        page.translate(left - 20, bottom + high / 2)
        page.rotate(90)
        page.drawCentredString(0, 0, f"{number_words(width)} m")
        page.restoreState()
    _draw_corner(page, left, bottom)


def _draw_corner(page: Any, x: float, y: float) -> None:
    """A bracket around the corner, which a mark in that very corner does not hide."""
    page.saveState()
    page.setStrokeColor(_RED)
    page.setLineWidth(3)
    page.lines([(x - 4, y - 5.5, x - 4, y + 16), (x - 5.5, y - 4, x + 16, y - 4)])
    page.restoreState()


def _draw_spots(
    page: Any, sheet: _Sheet, spots: Spots, marked: Sequence[Spot], lift: float
) -> None:
    numbers = {each: number for number, each in enumerate(marked, 1)}
    near = min(
        (
            hypot(a.x_m - b.x_m, a.y_m - b.y_m)
            for a, b in zip(spots.spots, spots.spots[1:], strict=False)
        ),
        default=1.0,
    )
    radius = max(1.5, min(9.0, 0.25 * sheet.per_m, near * sheet.per_m * 0.45))
    page.setLineWidth(0.7)
    for each in spots.spots:
        x, y = sheet.left + each.x_m * sheet.per_m, sheet.bottom + (each.y_m + lift) * sheet.per_m
        if each in numbers:
            page.setFillColor(_OK)
            page.circle(x, y, radius, stroke=0, fill=1)
            if radius >= 4:
                size = min(8.0, radius * (1.0 if numbers[each] < 100 else 0.75))
                page.setFillColor("#ffffff")
                page.setFont(BOLD, size)
                page.drawCentredString(x, y - size * 0.36, str(numbers[each]))
        else:
            page.setStrokeColor(_SOFT)
            page.setFillColor("#ffffff")
            page.circle(x, y, radius, stroke=1, fill=1)
            cross = radius * 0.6
            page.line(x - cross, y - cross, x + cross, y + cross)
            page.line(x - cross, y + cross, x + cross, y - cross)


def _draw_foot(page: Any, sheet: _Sheet, zone: Zone) -> None:
    bar_m = next(
        (each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500) if each * sheet.per_m >= 56), 1000
    )
    wide, low = bar_m * sheet.per_m, _MARGIN + 48
    page.setStrokeColor(_INK)
    page.setFillColor(_INK)
    page.setLineWidth(3)
    page.line(_MARGIN, low, _MARGIN + wide, low)
    page.setFont(REGULAR, 9)
    centimetres = number_words(round(bar_m * 100 / sheet.scale, 2))
    words = _(
        "%(bar)s m. Print at 100 %%: this bar must be %(centimetres)s cm long.",
        bar=bar_m,
        centimetres=centimetres,
    )
    page.drawString(_MARGIN + wide + 8, low - 3, words)
    _draw_corner(page, _MARGIN + 5, _MARGIN + 16)
    page.drawString(
        _MARGIN + 28,
        _MARGIN + 13,
        _("Corner to measure from. Green, numbered: may be used. Crossed out: must stay free."),
    )
    if zone.clear_length_m is not None:
        page.setFillColor(_BLUE)
        page.drawString(_MARGIN + 28, _MARGIN - 1, _("Dashed: the clear part of the room."))


def _draw_table(page: Any, office: str, zone: Zone, marked: Sequence[Spot]) -> None:
    """The measures, on as many upright A4 pages as they need, three blocks side by side."""
    from reportlab.lib.pagesizes import A4

    width, height = A4
    rows = int((height - 2 * _MARGIN - 84) / _ROW)
    blocks = int((width - 2 * _MARGIN) // _COLUMN_WIDTH)
    for first in range(0, len(marked), rows * blocks):
        page.setPageSize(A4)
        page.setFillColor(_INK)
        page.setFont(BOLD, 13)
        page.drawString(
            _MARGIN,
            height - _MARGIN - 12,
            _("Measures in centimetres: %(zone)s", zone=zone_words(zone)),
        )
        page.setFont(REGULAR, 9)
        page.drawString(_MARGIN, height - _MARGIN - 27, office)
        page.drawString(
            _MARGIN,
            height - _MARGIN - 42,
            _(
                "From the marked corner: along the length, then along the width. The straight line "
                "from the corner is the check."
            ),
        )
        for block in range(blocks):
            part = marked[first + block * rows : first + (block + 1) * rows]
            if part:
                _draw_block(
                    page,
                    _MARGIN + block * _COLUMN_WIDTH,
                    height - _MARGIN - 66,
                    part,
                    first + block * rows + 1,
                )
        page.showPage()


def _draw_block(page: Any, left: float, top: float, part: Sequence[Spot], number: int) -> None:
    ends = (left + 22, left + 66, left + 108, left + 154)
    page.setFont(BOLD, 8)
    page.setFillColor(_INK)
    for end, words in zip(ends, (_("No."), _("length"), _("width"), _("straight")), strict=True):
        page.drawRightString(end, top, words)
    page.setStrokeColor(_SOFT)
    page.setLineWidth(0.4)
    page.setFont(REGULAR, 9)
    for index, each in enumerate(part):
        low = top - (index + 1) * _ROW
        page.line(left, low + _ROW - 4, ends[-1], low + _ROW - 4)
        values = (each.x_m * 100, each.y_m * 100, hypot(each.x_m, each.y_m) * 100)
        page.drawRightString(ends[0], low, str(number + index))
        for end, value in zip(ends[1:], values, strict=True):
            page.drawRightString(end, low, number_words(round(value, 1)))
