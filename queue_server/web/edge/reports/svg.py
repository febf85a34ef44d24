"""A drawing as SVG: painted by the style sheet, described for those who do not see it."""

from __future__ import annotations

from markupsafe import Markup

from .drawing import Drawing, Label, Mark, Rect


def render_svg(drawing: Drawing, key: str, title: str, said: str) -> Markup:
    """A chart to stand in a page. `key` makes its ids; looks are classes `chart__…`."""
    marks = Markup("").join(_render(each) for each in drawing.marks)
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {width:g} {height:g}" '
        'aria-labelledby="{key}-chart-title {key}-chart-said">'
        '<title id="{key}-chart-title">{title}</title><desc id="{key}-chart-said">{said}</desc>'
        "{marks}</svg>"
    ).format(
        width=drawing.width, height=drawing.height, key=key, title=title, said=said, marks=marks
    )


def _render(mark: Mark) -> Markup:
    if isinstance(mark, Rect):
        return Markup(
            '<rect class="chart__{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
        ).format(mark.look, mark.x, mark.y, mark.width, mark.height)
    if isinstance(mark, Label):
        return Markup(
            '<text class="chart__{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>'
        ).format(mark.look, mark.x, mark.y, mark.anchor, mark.text)
    return Markup(
        '<line class="chart__{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>'
    ).format(mark.look, mark.x1, mark.y1, mark.x2, mark.y2)
