"""A picture of the day: persons inside against the limit, who waits outside, how many are served.
One drawing, as SVG and as PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil

from .painters import Painter, PdfPainter, Point, SvgPainter
from .report import Report
from .tally import Sample

WIDTH, HEIGHT = 960, 660
_LEFT, _RIGHT = 64, 930
_INK, _SOFT, _GRID, _BREAK = "#1b1b1b", "#595959", "#dcdcdc", "#f1f1f1"
_INSIDE, _OUTSIDE, _SERVED, _LIMIT = "#1f5fa8", "#a65300", "#2e7040", "#b00020"
_PANELS = ((112, 300), (346, 476), (522, 612))
"""Top and bottom of the three panels."""


def draw_svg(report: Report) -> bytes:
    """The picture as an SVG file. The same report always gives the same bytes."""
    painter = SvgPainter(WIDTH, HEIGHT, _title(report))
    _draw(painter, report)
    return painter.finish()


def draw_pdf(report: Report) -> bytes:
    """The picture as a PDF page. The same report always gives the same bytes."""
    painter = PdfPainter(WIDTH, HEIGHT, _title(report))
    _draw(painter, report)
    return painter.finish()


def _title(report: Report) -> str:
    return (
        f"{report.scenario}: office {', '.join(report.offices)} on {report.date}, demand x "
        f"{report.demand:g}, seed {report.seed}"
    )


def _draw(painter: Painter, report: Report) -> None:
    painter.text(_LEFT, 34, _title(report), 19, _INK, bold=True)
    limit = "no limit" if report.limit is None else f"limit {report.limit}"
    verdict = f"above it for {report.minutes_above:g} min" if report.exceeded else "never above it"
    painter.text(
        _LEFT,
        58,
        f"At most {report.max_inside} persons inside, {limit}, {verdict}.",
        14,
        _LIMIT if report.exceeded else _INK,
    )
    counts = ("booked", "walk_ins", "admitted", "held_outside", "diverted", "refused", "served")
    words = "  ·  ".join(f"{name.replace('_', ' ')} {getattr(report, name):,}" for name in counts)
    painter.text(_LEFT, 80, words, 14, _INK)
    time_axis = _TimeAxis(report)
    shown = [each for each in report.course if each.at <= time_axis.last]
    inside = _Panel(
        painter,
        time_axis,
        *_PANELS[0],
        max(report.max_inside, report.limit or 0) + 1,
        "Persons inside",
    )
    inside.steps(shown, lambda each: each.inside, _INSIDE)
    if report.limit is not None:
        inside.level(report.limit, f"limit {report.limit}", _LIMIT)
    outside = _Panel(
        painter, time_axis, *_PANELS[1], report.max_outside, "Parties waiting outside with a number"
    )
    outside.steps(shown, lambda each: each.outside, _OUTSIDE)
    served = _Panel(
        painter,
        time_axis,
        *_PANELS[2],
        max((each.served for each in report.hours), default=0),
        "Visits served in each hour",
    )
    served.bars([each.served for each in report.hours], _SERVED)
    time_axis.name_hours(painter, _PANELS[2][1] + 18)


class _TimeAxis:
    """The day from left to right, in whole hours of the office's clock."""

    def __init__(self, report: Report) -> None:
        self._zone = report.opens_at.tzinfo
        self.first = report.opens_at.replace(minute=0)
        ends = [
            report.closes_at,
            *(each.at for each in report.course if each.inside or each.outside),
        ]
        self.hours = max(len(report.hours), ceil((max(ends) - self.first) / timedelta(hours=1)))
        self.last = self.first + timedelta(hours=self.hours)
        self.breaks = report.breaks

    def x(self, moment: datetime) -> float:
        share = (moment - self.first) / (self.last - self.first)
        return _LEFT + min(1.0, max(0.0, share)) * (_RIGHT - _LEFT)

    def ticks(self) -> Iterator[datetime]:
        return (self.first + timedelta(hours=each) for each in range(self.hours + 1))

    def name_hours(self, painter: Painter, y: float) -> None:
        for each in self.ticks():
            painter.text(
                self.x(each), y, f"{each.astimezone(self._zone):%H:%M}", 12, _SOFT, anchor="middle"
            )


class _Panel:
    """One measure over the day, from 0 to a round number at or above `most`."""

    def __init__(
        self, painter: Painter, axis: _TimeAxis, top: float, bottom: float, most: int, title: str
    ) -> None:
        self._painter, self._axis, self._top, self._bottom = painter, axis, top, bottom
        step = _round_step(most, 5 if bottom - top > 150 else 3)
        self._most = max(step, ceil(most / step) * step)
        for begins, ends in axis.breaks:
            painter.area(
                [
                    (axis.x(begins), top),
                    (axis.x(ends), top),
                    (axis.x(ends), bottom),
                    (axis.x(begins), bottom),
                ],
                _BREAK,
            )
        for value in range(0, self._most + 1, step):
            painter.line([(_LEFT, self._y(value)), (_RIGHT, self._y(value))], _GRID, 1)
            painter.text(_LEFT - 8, self._y(value) + 4, str(value), 12, _SOFT, anchor="end")
        for begins, ends in axis.breaks:
            painter.text(
                (axis.x(begins) + axis.x(ends)) / 2, top + 15, "break", 12, _SOFT, anchor="middle"
            )
        painter.text(_LEFT, top - 8, title, 13, _INK, bold=True)

    def _y(self, value: float) -> float:
        return self._bottom - value / self._most * (self._bottom - self._top)

    def steps(
        self, samples: Sequence[Sample], measure: Callable[[Sample], int], colour: str
    ) -> None:
        """A value that holds from each sample to the next."""
        points: list[Point] = []
        for each in samples:
            x, y = self._axis.x(each.at), self._y(measure(each))
            if points:
                points.append((x, points[-1][1]))
            points.append((x, y))
        points = _without_repeats(points)
        if points:
            self._painter.area(
                [(points[0][0], self._bottom), *points, (points[-1][0], self._bottom)],
                colour,
                opacity=0.25,
            )
            self._painter.line(points, colour, 1.5)

    def bars(self, values: Sequence[int], colour: str) -> None:
        """One bar for each hour from the first on, with its number."""
        for start, value in zip(self._axis.ticks(), values, strict=False):
            left, right = self._axis.x(start) + 6, self._axis.x(start + timedelta(hours=1)) - 6
            top = self._y(value)
            self._painter.area(
                [(left, self._bottom), (left, top), (right, top), (right, self._bottom)],
                colour,
                opacity=0.8,
            )
            inside = self._bottom - top > 24
            colour_of_text, down = ("#ffffff", 16) if inside else (_INK, -4)
            self._painter.text(
                (left + right) / 2, top + down, str(value), 12, colour_of_text, anchor="middle"
            )

    def level(self, value: int, name: str, colour: str) -> None:
        """A line across that should not be crossed."""
        y = self._y(value)
        self._painter.line([(_LEFT, y), (_RIGHT, y)], colour, 2, dashes=(7, 4))
        self._painter.text(_RIGHT, y - 6, name, 12, colour, anchor="end", bold=True)


def _round_step(most: int, lines: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that reaches `most` in so many lines."""
    scale = 1
    while True:
        for each in (1, 2, 5):
            if each * scale * lines >= most:
                return each * scale
        scale *= 10


def _without_repeats(points: Sequence[Point]) -> list[Point]:
    """The same line without points that lie between two others on a level."""
    kept: list[Point] = []
    for point in points:
        if len(kept) > 1 and kept[-2][1] == kept[-1][1] == point[1]:
            kept[-1] = point
        elif not kept or kept[-1] != point:
            kept.append(point)
    return kept
