"""Charts: drawn within their picture, described, and the same on the page and on paper."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.web.edge.reports.drawing import HEAT_STEPS, Drawing, Label, Rect, Stroke, draw
from queue_server.web.edge.reports.pdf import INKS
from queue_server.web.edge.reports.sections import Bars, Chart, Heat, Kind
from queue_server.web.edge.reports.svg import render_svg

VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=40)


def looks_of(drawing: Drawing) -> set[str]:
    return {each.look for each in drawing.marks}


def within(drawing: Drawing) -> bool:
    """Whether every mark lies in the picture."""
    for mark in drawing.marks:
        if isinstance(mark, Rect):
            xs, ys = (mark.x, mark.x + mark.width), (mark.y, mark.y + mark.height)
            if mark.width < 0 or mark.height < 0:
                return False
        elif isinstance(mark, Stroke):
            xs, ys = (mark.x1, mark.x2), (mark.y1, mark.y2)
        else:
            xs, ys = (mark.x, mark.x), (mark.y, mark.y)
        if not all(-0.01 <= x <= drawing.width + 0.01 for x in xs):
            return False
        if not all(-0.01 <= y <= drawing.height + 0.01 for y in ys):
            return False
    return True


@given(VALUES, st.booleans(), st.one_of(st.none(), st.floats(1, 1e6)))
def test_bars_stay_in_their_picture(
    values: list[float], upright: bool, limit: float | None
) -> None:
    chart = Bars(
        [f"label {n}" for n in range(len(values))],
        values,
        upright=upright,
        limit=None if limit is None else (limit, "Limit"),
    )
    drawing = draw(chart)
    assert drawing is not None and within(drawing)
    assert looks_of(drawing) <= set(INKS)
    assert sum(isinstance(each, Rect) for each in drawing.marks) == len(values)


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.floats(0, 1e4)), min_size=3, max_size=3),
        min_size=1,
        max_size=7,
    )
)
def test_a_field_is_the_darker_the_greater_its_value(values: list[list[float | None]]) -> None:
    drawing = draw(Heat([f"day {n}" for n in range(len(values))], ["8", "9", "10"], values))
    assert drawing is not None and within(drawing) and looks_of(drawing) <= set(INKS)
    shades = [int(each.look[-1]) for each in drawing.marks if isinstance(each, Rect)]
    told = sorted(zip((each or 0.0 for row in values for each in row), shades, strict=True))
    assert [shade for _value, shade in told] == sorted(shades)
    assert max(shades) in (0, HEAT_STEPS)


@pytest.mark.parametrize("chart", [Bars([], []), Heat([], [], [])])
def test_of_nothing_there_is_no_chart(chart: Chart) -> None:
    assert draw(chart) is None


def test_long_names_are_cut_and_values_are_written() -> None:
    drawing = draw(Bars(["x" * 200], [0.25], Kind.SHARE, upright=False))
    assert drawing is not None
    words = [each.text for each in drawing.marks if isinstance(each, Label)]
    assert words[0].endswith("…") and words[1].startswith("25")


def test_a_chart_on_the_page_is_described_and_carries_no_markup_of_its_words() -> None:
    drawing = draw(Bars(["<b>&"], [1]))
    assert drawing is not None
    svg = ElementTree.fromstring(render_svg(drawing, "x", "A <title>", "Said"))
    assert svg.get("role") == "img" and svg.get("aria-labelledby") == "x-chart-title x-chart-said"
    assert (svg[0].text, svg[1].text) == ("A <title>", "Said")
    assert any(each.text == "<b>&" for each in svg)
    assert not any("style" in each.attrib for each in svg.iter())
