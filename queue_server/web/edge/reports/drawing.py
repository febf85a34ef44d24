"""A chart as rectangles, lines and words: drawn once, for the page and for paper. The corner from
which things are measured is at the upper left.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import Literal

from .sections import Bars, Chart, Heat, Kind, write_value

WIDTH = 720.0
_SIZE, _ROW, _PAD, _WIDEST_BAR = 13.0, 26.0, 6.0, 90.0
_LETTER = 0.6 * _SIZE
"""About how wide a letter is: labels are given room by it."""

HEAT_STEPS = 5
"""Shades of a heat map, from the lightest to the darkest: greys in print."""

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Rect:
    """A filled rectangle. `look` names its paint: bar, heat-0 … heat-5."""

    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True)
class Stroke:
    """A straight line. `look`: axis, grid or limit."""

    x1: float
    y1: float
    x2: float
    y2: float
    look: str


@dataclass(frozen=True)
class Label:
    """A word, at its baseline. `look`: text, or on-dark over the darkest fields."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    look: str = "text"


Mark = Rect | Stroke | Label


@dataclass(frozen=True)
class Drawing:
    """A chart ready to be painted."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    size: float = _SIZE


def draw(chart: Chart) -> Drawing | None:
    """A chart as a drawing; None where there is nothing to draw."""
    if isinstance(chart, Heat):
        return _draw_heat(chart) if chart.rows and chart.columns else None
    if not chart.values:
        return None
    return _draw_upright(chart) if chart.upright else _draw_lying(chart)


def _draw_lying(chart: Bars) -> Drawing:
    words = [write_value(each, chart.kind) for each in chart.values]
    left = min(0.45 * WIDTH, max(len(each) for each in chart.labels) * _LETTER + _PAD)
    right = max(len(each) for each in words) * _LETTER + 2 * _PAD
    reach = WIDTH - left - right
    most = max(chart.values) or 1.0
    marks: list[Mark] = []
    for index, (label, value, word) in enumerate(
        zip(chart.labels, chart.values, words, strict=True)
    ):
        y, length = index * _ROW + _PAD, reach * value / most
        base = y + 0.5 * _ROW + 0.1 * _SIZE
        marks += [
            Label(left - _PAD, base, _cut(label, left), "end"),
            Rect(left, y, length, _ROW - 8, "bar"),
            Label(left + length + _PAD, base, word),
        ]
    height = len(chart.values) * _ROW + 2 * _PAD
    marks.append(Stroke(left, _PAD / 2, left, height - _PAD, "axis"))
    return Drawing(WIDTH, height, tuple(marks))


def _draw_upright(chart: Bars) -> Drawing:
    top, tall, bottom = 2.0 * _SIZE, 200.0, 2.0 * _SIZE
    limit = chart.limit[0] if chart.limit else 0.0
    step = _round_step(max(*chart.values, limit, 1.0))
    lines = -int(-max(*chart.values, limit, 1.0) // step)
    left = len(write_value(lines * step, chart.kind)) * _LETTER + 2 * _PAD
    reach = WIDTH - left - _PAD

    def at(value: float) -> float:
        return top + tall * (1 - value / (lines * step))

    marks: list[Mark] = []
    for index in range(lines + 1):
        y = at(index * step)
        marks += [
            Stroke(left, y, WIDTH - _PAD, y, "grid" if index else "axis"),
            Label(left - _PAD, y + 0.35 * _SIZE, write_value(index * step, chart.kind), "end"),
        ]
    wide = min(_WIDEST_BAR, reach / len(chart.values))
    every = max(1, -int(-max(len(each) for each in chart.labels) * _LETTER * 1.2 // wide))
    are_values_told = wide > 3.2 * _LETTER
    for index, (label, value) in enumerate(zip(chart.labels, chart.values, strict=True)):
        x = left + index * wide
        gap = min(4.0, 0.15 * wide)
        marks.append(Rect(x + gap, at(value), wide - 2 * gap, at(0) - at(value), "bar"))
        if index % every == 0:
            marks.append(Label(x + wide / 2, at(0) + 1.4 * _SIZE, label, "middle"))
        if are_values_told and value:
            word = write_value(value, chart.kind)
            marks.append(Label(x + wide / 2, at(value) - 0.3 * _SIZE, word, "middle"))
    if chart.limit:
        marks += [
            Stroke(left, at(limit), WIDTH - _PAD, at(limit), "limit"),
            Label(WIDTH - _PAD, 0.9 * _SIZE, chart.limit[1], "end"),
        ]
    return Drawing(WIDTH, top + tall + bottom, tuple(marks))


def _draw_heat(chart: Heat) -> Drawing:
    left = max(len(each) for each in chart.rows) * _LETTER + 2 * _PAD
    wide = min(_WIDEST_BAR, (WIDTH - left) / len(chart.columns))
    most = max((each for row in chart.values for each in row if each is not None), default=0.0)
    top, tall = 2.0 * _SIZE, 30.0
    every = max(1, -int(-max(len(each) for each in chart.columns) * _LETTER * 1.1 // wide))
    marks: list[Mark] = [
        Label(left + (index + 0.5) * wide, 1.2 * _SIZE, each, "middle")
        for index, each in enumerate(chart.columns)
        if index % every == 0
    ]
    for row, name in enumerate(chart.rows):
        y = top + row * tall
        marks.append(Label(left - _PAD, y + 0.5 * tall + 0.35 * _SIZE, name, "end"))
        for column, value in enumerate(chart.values[row]):
            shade = 0 if not value else 1 + min(HEAT_STEPS - 1, int(HEAT_STEPS * value / most))
            x = left + column * wide
            marks.append(Rect(x + 1, y + 1, wide - 2, tall - 2, f"heat-{shade}"))
            if value is not None:
                look = "on-dark" if shade >= HEAT_STEPS - 1 else "text"
                word = write_value(value, Kind.COUNT)
                base = y + 0.5 * tall + 0.35 * _SIZE
                marks.append(Label(x + 0.5 * wide, base, word, "middle", look))
    return Drawing(WIDTH, top + len(chart.rows) * tall + _PAD, tuple(marks))


def _round_step(most: float) -> float:
    """The distance of about four lines up to a value: 1, 2 or 5 times a power of ten."""
    power = 10 ** int(log10(max(most, 1.0)))
    return next(
        (
            float(max(1, power * each / 10))
            for each in (1, 2, 5, 10, 20, 50)
            if most / (power * each / 10) <= 5
        ),
        float(power * 10),
    )


def _cut(text: str, width: float) -> str:
    most = int((width - _PAD) / _LETTER)
    return text if len(text) <= most else f"{text[: most - 1]}…"
