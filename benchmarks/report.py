"""Rows of the table: what was measured, against which floor, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured claim. `value` is compared with `required`: at least that, `at_most` or
    `exactly`.
    """

    what: str
    measured: str
    floor: str
    value: float
    required: float
    at_most: bool = False
    unit: str = "×"
    exactly: bool = False

    @property
    def holds(self) -> bool:
        if self.exactly:
            return self.value == self.required
        return self.value <= self.required if self.at_most else self.value >= self.required

    def cells(self) -> tuple[str, str, str, str, str, str]:
        sign = "=" if self.exactly else "≤" if self.at_most else "≥"
        return (
            self.what,
            self.measured,
            self.floor,
            f"{self.value:.3g}{self.unit}",
            f"{sign} {self.required:g}{self.unit}",
            "yes" if self.holds else "**no**",
        )


HEADER = ("what", "measured", "floor", "ratio or value", "required", "holds")


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table, padded to be read as plain text too."""
    cells = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADER))]

    def line(values: Sequence[str]) -> str:
        return (
            "| "
            + " | ".join(value.ljust(width) for value, width in zip(values, widths, strict=True))
            + " |"
        )

    return "\n".join(
        [
            line(HEADER),
            "|" + "|".join("-" * (width + 2) for width in widths) + "|",
            *map(line, cells[1:]),
        ]
    )


def per_second(number: float) -> str:
    return f"{number:,.0f}/s"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms"
