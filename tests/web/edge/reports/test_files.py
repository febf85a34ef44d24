"""The files of a report: CSV, XLSX, PDF, JSON and text, all of the same tables."""

from __future__ import annotations

import csv
import json
import zipfile
from io import BytesIO, StringIO

import pytest

from queue_server.domain.reports.figures import Figures
from queue_server.web.edge.locale import speaking
from queue_server.web.edge.reports.content import Document, write_report
from queue_server.web.edge.reports.csv_file import write_csv
from queue_server.web.edge.reports.pdf import draw_report
from queue_server.web.edge.reports.text import write_json, write_text
from queue_server.web.edge.reports.workbook import write_workbook
from tests.fixtures.pdf import read_text
from tests.web.edge.reports.example import MADE_AT, make_example


def written(*names: str, language: str = "en", figures: Figures | None = None) -> Document:
    with speaking(language):
        return write_report(make_example(*(names or ("Dinas Kota",)), figures=figures))


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_a_csv_file_has_every_table_with_plain_numbers() -> None:
    with speaking("id"):
        content = write_csv(written(language="id"))
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    rows = rows_of(content)
    assert rows[0] == ["Laporan", "Dinas Kota", "1 November 2026 – 30 November 2026"]
    assert ["Dilayani", "36", "0.8372"] in rows
    assert [row for row in rows if row[:1] == ["2026-11-30"]][0][-1] == "sampai saat ini"
    assert ["Hitungan petugas pintu", "1.5"] in rows


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_of_a_csv_file_is_a_formula(sign: str) -> None:
    name = f"{sign}HYPERLINK(0)"
    cells = [each for row in rows_of(write_csv(written(name, "Kota"))) for each in row]
    assert f"'{name}" in cells and name not in cells


def test_a_workbook_has_texts_and_numbers_and_no_formula() -> None:
    document = written("=1+1", "http://example.org/")
    content = write_workbook(document, MADE_AT)
    assert content == write_workbook(document, MADE_AT)
    with zipfile.ZipFile(BytesIO(content)) as book:
        sheets = {name: book.read(name).decode() for name in book.namelist()}
    assert "=1+1" in sheets["xl/sharedStrings.xml"]
    assert not any("<f>" in each or "hyperlink" in each for each in sheets.values())
    assert sum(name.startswith("xl/worksheets/sheet") for name in sheets) == len(document.sections)
    assert "<v>36</v>" in sheets["xl/worksheets/sheet2.xml"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_pdf_says_what_the_tables_say_in_its_language(language: str) -> None:
    document = written(language=language)
    content = draw_report(document, "Dibuat", language)
    assert content == draw_report(document, "Dibuat", language), "the same report, the same bytes"
    text = read_text(content, "-layout")
    for section in document.sections:
        assert " ".join(section.title.split()) in " ".join(text.split())
    with speaking(language):
        assert document.sections[0].written()[1][1] in text


def test_a_report_in_json_is_for_programs() -> None:
    content = json.loads(write_json(written()))
    sections = {each["key"]: each for each in content["sections"]}
    assert [row[1] for row in sections["outcomes"]["rows"]] == [36, 3, 4]
    assert sections["outcomes"]["total"][1] == 43
    assert sections["lines"]["rows"][0][0] == "2026-11-02"
    assert sections["lines"]["columns"][0]["kind"] == "date"


def test_a_terminal_gets_columns() -> None:
    with speaking("en"):
        text = write_text(written())
    rows = [each.split() for each in text.splitlines()]
    assert ["Served", "36", "83.7", "%"] in rows


def test_each_office_of_several_has_a_line() -> None:
    document = written("Kota Serang", "Kota Cilegon")
    assert document.subject == "2 offices"
    offices = next(each for each in document.sections if each.key == "offices")
    assert [row[0] for row in offices.rows] == ["Kota Serang", "Kota Cilegon"]


def test_an_empty_report_can_be_written_in_every_way() -> None:
    document = written(figures=Figures())
    with speaking("en"):
        assert write_csv(document) and write_text(document) and write_json(document)
    assert write_workbook(document, MADE_AT) and draw_report(document, "", "id")
