"""The drawn slips: PDF judged by qpdf and poppler, pictures by their dots, QR codes by a
scanner.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from printer.device.profile import PRESETS, find_profile
from printer.slip import png
from printer.slip.layout import lay_out
from printer.slip.pdf import render_pdf
from printer.slip.png import draw_strip, render_png
from printer.slip.text import render_text
from printer.slip.typeset import Glyphs, typeset
from queue_server.protocol.messages import Slip

MakeSlip = Callable[..., Slip]
PAPERS = ["tm-t20iii-80", "generic-58"]
LANGUAGES = ["id", "en"]
LONG = {
    "office_name": "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Kepulauan Siau Tagulandang "
    "Biaro",
    "service_name": "Penerbitan surat keterangan pindah datang penduduk warga negara Indonesia "
    "antarprovinsi",
    "number": "A1234567",
    "code": "ABCDEFGHJKMNPQRS",
    "starts_at": "2026-12-30T08:00:00+07:00",
    "party_size": 12,
    "copy": 12,
}


@pytest.fixture(params=[{}, LONG], ids=["usual", "long"])
def fields(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(request.param)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_is_sound_complete_and_scannable(
    make_slip: MakeSlip,
    decode_qr: Callable[[bytes], str],
    run_program: Callable[..., str],
    tmp_path: Path,
    paper: str,
    language: str,
    fields: dict[str, Any],
) -> None:
    profile, slip = find_profile(paper), make_slip(language=language, **fields)
    file = tmp_path / "slip.pdf"
    file.write_bytes(render_pdf(slip, profile))
    run_program("qpdf", "--check", file)
    info = run_program("pdfinfo", file)
    assert "Pages:           1\n" in info
    assert f"Page size:       {profile.paper_mm * 72 / 25.4:.3f}".rstrip("0")[:24] in info
    fonts = run_program("pdffonts", file).splitlines()[2:]
    assert sorted(line.split()[0].split("+")[1] for line in fonts) == [
        "DejaVuSans",
        "DejaVuSans-Bold",
    ]
    said = run_program("pdftotext", "-layout", file, "-")
    for word in (
        slip.number,
        slip.office_name,
        slip.service_name,
        "GRATIS" if language == "id" else "FREE",
        "23 November 2026",
    ):
        assert squeezed(word) in squeezed(said)
    run_program("pdftoppm", "-r", "203", "-png", "-singlefile", file, tmp_path / "page")
    assert decode_qr((tmp_path / "page.png").read_bytes()) == slip.url.upper()


def test_the_same_slip_gives_the_same_pdf_bytes(make_slip: MakeSlip) -> None:
    profile = find_profile("tm-t20iii-80")
    assert render_pdf(make_slip(), profile) == render_pdf(make_slip(), profile)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_shows_the_paper_with_white_edges_and_a_scannable_code(
    make_slip: MakeSlip,
    decode_qr: Callable[[bytes], str],
    paper: str,
    language: str,
    fields: dict[str, Any],
) -> None:
    profile, slip = find_profile(paper), make_slip(language=language, **fields)
    image = render_png(slip, profile)
    picture = Image.open(io.BytesIO(image))
    assert picture.width == profile.paper_mm * 8
    edge = (picture.width - profile.width_px) // 2
    left, _, right, _ = ink(picture)
    assert left >= edge - 3 and right <= picture.width - edge + 3
    assert decode_qr(image) == slip.url.upper()


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    box = picture.point(lambda grey: 255 - grey).getbbox()
    assert box is not None
    return box


ONE_WORD = {
    "office_name": "Kependudukan" * 5,
    "service_name": "Pencatatan" * 6,
    "place": "OUTSIDE",
    "code": "A" * 40,
}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("content", "smallest_mm"), [(LONG, 2.0), (ONE_WORD, 0.5)], ids=["long", "one word"]
)
def test_no_dot_of_a_long_slip_is_clipped_at_the_paper(
    make_slip: MakeSlip, paper: str, language: str, content: dict[str, Any], smallest_mm: float
) -> None:
    profile = find_profile(paper)
    sheet = typeset(
        lay_out(make_slip(language=language, **content)), profile.width_mm, png._measure, 1 / 8
    )
    for mark in sheet.marks:
        if isinstance(mark, Glyphs):
            width = png._measure(mark.text, mark.bold) * mark.size_mm
            left = mark.x - {"left": 0.0, "middle": 0.5, "right": 1.0}[mark.anchor] * width
            assert left >= -0.01 and left + width <= profile.width_mm + 0.01, mark
            assert mark.size_mm >= smallest_mm, mark


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_of_a_number_without_the_server_is_whole_on_narrow_paper(
    make_slip: MakeSlip, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    widths: list[float] = []
    fitting = png._fitting_font

    def note(text: str, bold: bool, size_px: float, room_px: int) -> object:
        font = fitting(text, bold, size_px, room_px)
        widths.append(font.getlength(text) - room_px)
        return font

    monkeypatch.setattr(png, "_fitting_font", note)
    draw_strip(make_slip(language=language, offline=True), find_profile("tm-t20iii-58"))
    assert max(widths) <= 0


@pytest.mark.parametrize("paper", PAPERS)
def test_the_number_is_by_far_the_largest_thing_on_the_slip(
    make_slip: MakeSlip, paper: str
) -> None:
    sheet = typeset(lay_out(make_slip()), find_profile(paper).width_mm, png._measure)
    sizes = sorted((mark.size_mm, mark.text) for mark in sheet.marks if isinstance(mark, Glyphs))
    assert sizes[-1][1] == "A012"
    assert sizes[-1][0] >= 3 * sizes[-2][0]


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_strip_is_as_wide_as_the_printer_prints(make_slip: MakeSlip, name: str) -> None:
    assert draw_strip(make_slip(), PRESETS[name]).width == PRESETS[name].width_px


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_text_keeps_to_the_columns_and_lays_no_word_aside(
    make_slip: MakeSlip, paper: str, language: str, fields: dict[str, Any]
) -> None:
    profile, slip = find_profile(paper), make_slip(language=language, **fields)
    text = render_text(slip, profile)
    assert all(
        len(line) <= profile.columns for line in text.splitlines() if slip.url.upper() not in line
    )
    assert squeezed(slip.office_name) in squeezed(text) and squeezed(slip.service_name) in squeezed(
        text
    )
    assert slip.url.upper() in text
