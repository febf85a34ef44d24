"""A report for a terminal and for programs."""

from __future__ import annotations

import json
from datetime import date

from .content import Document
from .sections import Kind, Section, Value


def write_text(document: Document) -> str:
    """Tables in columns of equal width."""
    parts = [f"{document.title}: {document.subject}\n{document.period}", *document.notes]
    return "\n\n".join([*parts, *(_write_section(each) for each in document.sections)]) + "\n"


def _write_section(section: Section) -> str:
    rows = [[each.title for each in section.columns], *section.written()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            text.ljust(width) if column.kind in (Kind.TEXT, Kind.DATE) else text.rjust(width)
            for text, width, column in zip(row, widths, section.columns, strict=True)
        ]
        lines.append(f"  {'  '.join(cells)}".rstrip())
    return "\n".join([section.title, *lines])


def write_json(document: Document) -> str:
    """The same values as in the tables: numbers as numbers, dates as ISO 8601, shares as
    fractions, nothing as null.
    """
    content = {
        "title": document.title,
        "subject": document.subject,
        "period": document.period,
        "notes": list(document.notes),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "columns": [
                    {"title": each.title, "kind": each.kind.value} for each in section.columns
                ],
                "rows": [[_plain(each) for each in row] for row in section.rows],
                "total": None
                if section.total is None
                else [_plain(each) for each in section.total],
            }
            for section in document.sections
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _plain(value: Value) -> Value:
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 4) if isinstance(value, float) else value
