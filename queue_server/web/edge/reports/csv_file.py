"""A report as a file of comma-separated values, for spreadsheets and programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import StringIO

from .content import Document
from .sections import Value

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a text for a formula when it stands first."""


def write_csv(document: Document) -> bytes:
    """UTF-8 with a mark at the beginning, lines that end in CR LF, one table below the other with
    an empty line between. Numbers have a decimal point, dates are ISO 8601, shares are fractions.
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(map(_safe, (document.title, document.subject, document.period)))
    for note in document.notes:
        writer.writerow([_safe(note)])
    for section in document.sections:
        writer.writerow([])
        writer.writerow([_safe(section.title)])
        writer.writerow([_safe(each.title) for each in section.columns])
        for row in section.all_rows:
            writer.writerow([_safe(each) for each in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def stream_csv(parts: Iterable[Iterable[Sequence[Value]]]) -> Iterator[bytes]:
    """Rows in the same spelling, part by part, for a table that is too long to be held as a
    whole.
    """
    mark = b"\xef\xbb\xbf"
    for part in parts:
        text = StringIO()
        csv.writer(text).writerows([_safe(each) for each in row] for row in part)
        yield mark + text.getvalue().encode()
        mark = b""


def _safe(value: Value) -> str:
    """A cell that no spreadsheet takes for a formula: a text that begins with one of
    `FORMULA_SIGNS` gets an apostrophe before it. Numbers are none, whatever their sign.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_SIGNS) else text
