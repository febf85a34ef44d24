"""The page of a ticket: where its words stand, and what PDF and picture hold."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO

import pytest
from PIL import Image

from queue_server.web.edge.documents.slip_drawing import draw_slip
from queue_server.web.edge.documents.slip_layout import (
    HEIGHT,
    MARGIN,
    WIDTH,
    Banner,
    Block,
    Box,
    Code,
    Glyphs,
    Rule,
    Square,
    Words,
    lay_out,
)
from tests.fixtures.parts import need
from tests.fixtures.pdf import read_text

URL = "https://antrean.example/t/0123456789AB"


def measure(text: str, bold: bool) -> float:
    """Every letter is as wide as high."""
    return len(text) * (0.6 if bold else 0.5)


def texts(blocks: list[Block], foot: list[Block] | None = None) -> list[Glyphs]:
    marks = lay_out(blocks, foot or [], measure)
    return [each for each in marks if isinstance(each, Glyphs)]


def test_lines_break_between_words_and_none_is_wider_than_the_page() -> None:
    lines = texts([Words("satu dua tiga " * 20, 12), Words("x" * 200, 10, left=True)])
    assert all(measure(each.text, each.bold) * each.size <= WIDTH - 2 * MARGIN for each in lines)
    first = [each.text for each in lines if "x" not in each.text]
    assert " ".join(first).split() == ["satu", "dua", "tiga"] * 20
    assert "".join(each.text for each in lines if "x" in each.text) == "x" * 200


def test_a_line_that_shrinks_stays_one() -> None:
    [line] = texts([Words("A" * 100, 60, bold=True, shrinks=True)])
    assert measure(line.text, True) * line.size == pytest.approx(WIDTH - 2 * MARGIN)


@pytest.mark.parametrize("paragraphs", [0, 3, 12])
def test_however_much_there_is_to_say_it_stands_on_the_page(paragraphs: int) -> None:
    body: list[Block] = [Banner("COPY"), Code(), *[Words("kata " * 30, 10)] * paragraphs]
    marks = lay_out(body, [Rule(), Words("GRATIS", 11)], measure)
    lowest = [
        each.y if isinstance(each, Glyphs) else each.y + (getattr(each, "height", 0))
        for each in marks
    ]
    assert max(lowest) <= HEIGHT - MARGIN + 1
    rule = next(each for each in reversed(marks) if isinstance(each, Box))
    above = [each.y for each in marks if isinstance(each, Glyphs) and each.text != "GRATIS"]
    assert max(above, default=0) <= rule.y
    [square] = [each for each in marks if isinstance(each, Square)]
    assert square.size >= 100, "a code that is still easy to scan"


BLOCKS: list[Block] = [Banner("SALINAN"), Words("Kantor “Contoh” – é", 15, bold=True), Code()]
FOOT: list[Block] = [Rule(), Words("Layanan ini GRATIS.", 11, bold=True)]


def test_the_pdf_is_one_page_that_says_its_words() -> None:
    page = draw_slip("pdf", "Antrean A001", BLOCKS, FOOT, URL, "id")
    assert page == draw_slip("pdf", "Antrean A001", BLOCKS, FOOT, URL, "id")
    text = read_text(page)
    assert text.count("\f") == 1
    assert [each for each in ("SALINAN", "“Contoh” – é", "GRATIS") if each not in text] == []


def test_the_picture_is_small_upright_and_its_code_is_read_by_a_scanner() -> None:
    drawn = draw_slip("png", "Antrean A001", BLOCKS, FOOT, URL, "id")
    picture = Image.open(BytesIO(drawn))
    assert (picture.format, picture.size) == ("PNG", (1050, 1488))
    assert len(drawn) < 60_000
    need("zbarimg", shutil.which("zbarimg"), "install the package zbar-tools")
    done = subprocess.run(
        ["zbarimg", "-q", "--raw", "-"], input=drawn, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == URL
