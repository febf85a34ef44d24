"""A report as titled tables, some with a chart: what every output is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from queue_server.web.edge.locale import current_language, format_date

Value = str | int | float | date | None
"""What stands in a cell; None where there is nothing to say."""


class Kind(StrEnum):
    """How the values of a column are written. MINUTES and RATE have a decimal; a SHARE is a
    fraction of 1.
    """

    TEXT = "text"
    DATE = "date"
    COUNT = "count"
    MINUTES = "minutes"
    RATE = "rate"
    SHARE = "share"


@dataclass(frozen=True)
class Column:
    """A column's head and the kind of its values."""

    title: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True)
class Bars:
    """A bar for each label. `limit` is a line across all bars, with its words."""

    labels: Sequence[str]
    values: Sequence[float]
    kind: Kind = Kind.COUNT
    upright: bool = True
    limit: tuple[float, str] | None = None


@dataclass(frozen=True)
class Heat:
    """A field for each row and column, the darker the greater its value; None leaves it empty."""

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float | None]]
    kind: Kind = Kind.COUNT


Chart = Bars | Heat


@dataclass(frozen=True)
class Section:
    """A table with what it is about. The first column of `rows` names the row. `key` names the
    section where words may not, such as in an address; `said` describes the chart in a sentence.
    `row_kinds` are those of the last column, where each row has its own.
    """

    key: str
    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    chart: Chart | None = None
    said: str = ""
    total: Sequence[Value] | None = None
    row_kinds: Sequence[Kind] | None = None

    @property
    def all_rows(self) -> list[Sequence[Value]]:
        """The rows, and the sum below them if there is one."""
        return [*self.rows, *([self.total] if self.total is not None else [])]

    def kind_at(self, row: int, column: int) -> Kind:
        """How a value of `all_rows` is written."""
        if self.row_kinds is not None and column == len(self.columns) - 1:
            return self.row_kinds[row]
        return self.columns[column].kind

    def written(self) -> list[list[str]]:
        """All rows as people read them."""
        return [
            [write_value(value, self.kind_at(row, column)) for column, value in enumerate(values)]
            for row, values in enumerate(self.all_rows)
        ]


def write_value(value: Value, kind: Kind) -> str:
    """A value as people read it in the current language; "–" for none."""
    if value is None:
        return "–"
    if isinstance(value, date):
        return format_date(value, current_language(), weekday=False)
    if isinstance(value, str):
        return value
    match kind:
        case Kind.SHARE:
            return f"{_decimal(value * 100, 1)}\N{NO-BREAK SPACE}%"
        case Kind.MINUTES | Kind.RATE:
            return _decimal(value, 1)
        case _:
            return _decimal(value, 0)


def _decimal(value: float, digits: int) -> str:
    """With the marks of the language: 1.234,5 in Indonesian and 1,234.5 in English."""
    text = f"{value:,.{digits}f}"
    return text.translate(_SWAPPED) if current_language() == "id" else text


_SWAPPED = str.maketrans(",.", ".,")
