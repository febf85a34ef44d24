"""A report as a workbook: a sheet for each section. XlsxWriter is imported at need."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from .content import Document
from .sections import Kind, Section

_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.MINUTES: "#,##0.0",
    Kind.RATE: "#,##0.0",
    Kind.SHARE: "0.0%",
    Kind.DATE: "yyyy-mm-dd",
}
_FIRST_ROW = 4
_WIDEST = 48


def write_workbook(document: Document, made_at: datetime) -> bytes:
    """An XLSX file. Texts are written as texts, never as formulas or links; numbers are numbers."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        book.set_properties(
            {
                "title": f"{document.title}: {document.subject}",
                "created": made_at.replace(tzinfo=None),
            }
        )
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        formats = {kind: book.add_format({"num_format": each}) for kind, each in _FORMATS.items()}
        for number, section in enumerate(document.sections, 1):
            sheet = book.add_worksheet(_name_sheet(number, section.title))
            sheet.write_string(0, 0, section.title, bold)
            sheet.write_string(1, 0, f"{document.subject}, {document.period}")
            sheet.write_string(2, 0, " ".join([*document.notes, section.note]))
            _write_table(sheet, section, head, formats)
    return buffer.getvalue()


def _name_sheet(number: int, title: str) -> str:
    """Whole words of at most 31 characters, none of which a sheet's name may not have."""
    plain = "".join(each for each in title if each not in "[]:*?/\\'")
    name = f"{number} {plain}"
    return name if len(name) <= 31 else name[:32].rpartition(" ")[0].rstrip(" ,")


def _write_table(sheet: Any, section: Section, head: Any, formats: dict[Kind, Any]) -> None:
    for column, each in enumerate(section.columns):
        sheet.write_string(_FIRST_ROW, column, each.title, head)
    for row, values in enumerate(section.all_rows):
        for column, value in enumerate(values):
            kind = section.kind_at(row, column)
            at = _FIRST_ROW + 1 + row, column
            if value is None:
                sheet.write_blank(*at, None)
            elif isinstance(value, str):
                sheet.write_string(*at, value)
            elif isinstance(value, (int, float)):
                sheet.write_number(*at, value, formats.get(kind))
            else:
                sheet.write_datetime(*at, value, formats[Kind.DATE])
    for column, each in enumerate(section.columns):
        is_text = column == 0 or each.kind is Kind.TEXT
        texts = (len(str(row[column] or "")) for row in section.all_rows) if is_text else ()
        sheet.set_column(column, column, min(_WIDEST, max(12, max(texts, default=0))))
    sheet.freeze_panes(_FIRST_ROW + 1, 1)
