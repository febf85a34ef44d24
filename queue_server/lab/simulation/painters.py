"""Two ways to draw the same page: SVG, written here, and PDF by reportlab, imported at the first
use.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from io import BytesIO
from typing import Literal
from xml.sax.saxutils import escape

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


class Painter(ABC):
    """A page whose origin is its upper left corner, measured in points. Colours are #rrggbb."""

    @abstractmethod
    def area(self, points: Sequence[Point], colour: str, *, opacity: float = 1.0) -> None:
        """A filled polygon."""

    @abstractmethod
    def line(
        self,
        points: Sequence[Point],
        colour: str,
        width: float,
        *,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        """A line through these points."""

    @abstractmethod
    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        colour: str,
        *,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        """Words on a base line."""

    @abstractmethod
    def finish(self) -> bytes:
        """The whole file."""


class SvgPainter(Painter):
    """An SVG file that needs nothing else."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self._parts = [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
                f'width="{width}" height="{height}" role="img">'
            ),
            '<g font-family="system-ui, sans-serif">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        ]

    def area(self, points: Sequence[Point], colour: str, *, opacity: float = 1.0) -> None:
        faint = "" if opacity == 1 else f' fill-opacity="{opacity:g}"'
        self._parts.append(f'<polygon points="{_spell(points)}" fill="{colour}"{faint}/>')

    def line(
        self,
        points: Sequence[Point],
        colour: str,
        width: float,
        *,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        dashed = "" if dashes is None else f' stroke-dasharray="{dashes[0]:g} {dashes[1]:g}"'
        self._parts.append(
            f'<polyline points="{_spell(points)}" fill="none" stroke="{colour}" '
            f'stroke-width="{width:g}"{dashed}/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        colour: str,
        *,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        weight = ' font-weight="bold"' if bold else ""
        position = (
            f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"'
        )
        self._parts.append(f"<text {position}{weight}>{escape(words)}</text>")

    def finish(self) -> bytes:
        return "\n".join([*self._parts, "</g>", "</svg>", ""]).encode()


def _spell(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


class PdfPainter(Painter):
    """One PDF page."""

    def __init__(self, width: int, height: int, title: str) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._height = height
        self._buffer = BytesIO()
        self._page = Canvas(self._buffer, pagesize=(width, height), invariant=1)
        self._page.setTitle(title)

    def area(self, points: Sequence[Point], colour: str, *, opacity: float = 1.0) -> None:
        self._page.setFillColor(colour, alpha=opacity)
        self._page.drawPath(self._path(points, closed=True), stroke=0, fill=1)
        self._page.setFillAlpha(1)

    def line(
        self,
        points: Sequence[Point],
        colour: str,
        width: float,
        *,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        self._page.setStrokeColor(colour)
        self._page.setLineWidth(width)
        self._page.setDash(*([list(dashes)] if dashes else []))
        self._page.drawPath(self._path(points, closed=False), stroke=1, fill=0)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        colour: str,
        *,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        self._page.setFillColor(colour)
        self._page.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        draw = {
            "start": self._page.drawString,
            "middle": self._page.drawCentredString,
            "end": self._page.drawRightString,
        }[anchor]
        draw(x, self._height - y, words)

    def finish(self) -> bytes:
        self._page.showPage()
        self._page.save()
        return self._buffer.getvalue()

    def _path(self, points: Sequence[Point], *, closed: bool) -> object:
        path = self._page.beginPath()
        for index, (x, y) in enumerate(points):
            (path.lineTo if index else path.moveTo)(x, self._height - y)
        if closed:
            path.close()
        return path
