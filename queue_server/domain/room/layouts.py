"""How many people, and where, a clear rectangle holds at a distance: square and hexagonal layouts,
lines, and the bound above all of them.

Everything is counted in whole centimetres: in binary floating point 23.4 m at 1.8 m would lose a
place. People are points, their distance is from centre to centre, and the walls may be used.
Formulas: square and hexagonal counts are elementary; the upper bound is Oler's (1961), K <= (2/sqrt
3) A/d^2 + P/(2d) + 1 for a convex room of area A and perimeter P.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from math import isqrt

Point = tuple[float, float]
"""Centimetres from one corner, along the length and along the width."""


class Layout(StrEnum):
    """How the spots of a rectangle are set: in a square grid, or hexagonally with rows along or
    across the length.
    """

    SQUARE = "SQUARE"
    HEX_ALONG = "HEX_ALONG"
    HEX_ACROSS = "HEX_ACROSS"


def count_line(length_cm: int, distance_cm: int) -> int:
    """People in one line: 1 + floor(l/d)."""
    return 1 + length_cm // distance_cm


def count_cells(area_cm2: int, distance_cm: int) -> int:
    """People far from any wall, one hexagonal cell of 0.866 d^2 each. NOT an upper bound for a
    room: its walls allow more.
    """
    return isqrt(12 * area_cm2 * area_cm2) // (3 * distance_cm * distance_cm)


def count_layout(layout: Layout, length_cm: int, width_cm: int, distance_cm: int) -> int:
    """People in one layout. Never falls when a side grows, never rises with the distance."""
    if layout is Layout.HEX_ACROSS:
        return count_layout(Layout.HEX_ALONG, width_cm, length_cm, distance_cm)
    if layout is Layout.SQUARE:
        return count_line(length_cm, distance_cm) * count_line(width_cm, distance_cm)
    rows, full, offset = _hex_rows(length_cm, width_cm, distance_cm)
    return (rows + 1) // 2 * full + rows // 2 * offset


def oler_bound(length_cm: int, width_cm: int, distance_cm: int) -> int:
    """The number no arrangement in a rectangle can exceed, computed without rounding: with whole M
    and D, floor((sqrt N + M) / D) = floor((isqrt N + M) / D).
    """
    area = length_cm * width_cm
    return (isqrt(12 * area * area) + 3 * distance_cm * (length_cm + width_cm)) // (
        3 * distance_cm * distance_cm
    ) + 1


def place_layout(
    layout: Layout, length_cm: int, width_cm: int, distance_cm: int
) -> Iterator[Point]:
    """The spots of a layout, row by row: exactly `count_layout` many, inside the rectangle, and
    pairwise at least the distance apart.

    Room left over is shared out, so that people stand as far apart as the layout allows. Spots lie
    on whole or half centimetres where that keeps the distance.
    """
    if layout is Layout.HEX_ACROSS:
        for x, y in place_layout(Layout.HEX_ALONG, width_cm, length_cm, distance_cm):
            yield y, x
    elif layout is Layout.SQUARE:
        columns, lines = place_line(length_cm, distance_cm), place_line(width_cm, distance_cm)
        for y in lines:
            for x in columns:
                yield x, y
    else:
        yield from _place_hex(length_cm, width_cm, distance_cm)


def place_line(length_cm: int, distance_cm: int) -> list[float]:
    """Positions of a line's people, shared out evenly on whole centimetres; one person alone stands
    in the middle.
    """
    gaps = length_cm // distance_cm
    if not gaps:
        return [length_cm / 2]
    pitch = length_cm // gaps
    return [float(each * pitch) for each in range(gaps + 1)]


def _hex_rows(length_cm: int, width_cm: int, distance_cm: int) -> tuple[int, int, int]:
    """Rows, people in a full row, people in an offset row. Rows lie sqrt(3)/2 d apart: k gaps fit
    if 3 k^2 d^2 <= 4 W^2.
    """
    rows = isqrt(4 * width_cm * width_cm // (3 * distance_cm * distance_cm)) + 1
    return (
        rows,
        length_cm // distance_cm + 1,
        (2 * length_cm - distance_cm) // (2 * distance_cm) + 1,
    )


def _place_hex(length_cm: int, width_cm: int, distance_cm: int) -> Iterator[Point]:
    rows, full, offset = _hex_rows(length_cm, width_cm, distance_cm)
    halves = 2 * (full - 1) + (1 if offset == full else 0)
    pitch = 2 * length_cm // halves if halves else 0
    alone = 0.0 if halves else length_cm / 2
    whole = width_cm // (rows - 1) if rows > 1 else 0
    # Neighbours in touching rows are half a pitch apart along the length: a whole row pitch serves
    # if that still keeps the distance.
    is_far = 4 * whole * whole + pitch * pitch >= 4 * distance_cm * distance_cm
    for row in range(rows):
        y = width_cm / 2 if rows == 1 else row * whole if is_far else row * width_cm / (rows - 1)
        start = pitch / 2 if row % 2 else alone
        for index in range(offset if row % 2 else full):
            yield start + index * pitch, float(y)
