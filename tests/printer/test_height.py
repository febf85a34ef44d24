"""No slip is longer than a hand: 160 mm on 80 mm paper, whatever it has to say, in every
rendering.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printer.device.profile import PrinterProfile, find_profile
from printer.slip.blocks import Logo
from printer.slip.brevity import HEIGHT_MAX_MM, STEPS
from printer.slip.layout import lay_out
from printer.slip.pdf import render_pdf
from printer.slip.png import _measure, render_png
from printer.slip.thermal import measure_thermal
from printer.slip.typeset import typeset
from queue_server.protocol.messages import Slip, WaitRange

PAPERS = ["tm-t20iii-80", "tm-t88-80", "generic-80", "generic-80-raster"]
NARROW_MAX_MM = 160.0


def black_logo() -> Logo:
    out = io.BytesIO()
    Image.new("1", (384, 160), 0).save(out, "PNG")
    return Logo(out.getvalue(), 384, 160)


LOGO = black_logo()
NEW_YEAR = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=7)))
words = st.text(st.sampled_from("Wmaei -,.") | st.characters(codec="utf-8"), max_size=700)
times = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: (NEW_YEAR + timedelta(minutes=minutes)).isoformat(timespec="seconds")
)
slips = st.builds(
    Slip,
    id=st.just("0193a1b2"),
    code=st.text("ABCDEFGHJKMN0123456789", max_size=60),
    number=st.sampled_from(["A012", "A1234567", "R001", "W" * 20]) | st.just(""),
    stream=st.sampled_from("AW"),
    stream_name=words,
    office=st.just("3674"),
    office_name=words,
    service=st.just("ktp"),
    service_name=words,
    issued_at=times,
    place=st.sampled_from(["INSIDE", "OUTSIDE", ""]),
    url=st.text("abcdef/:.", max_size=200),
    language=st.sampled_from(["id", "en"]),
    party_size=st.integers(1, 99),
    ahead=st.none() | st.integers(0, 999),
    wait=st.none() | st.builds(WaitRange, st.integers(0, 300), st.integers(0, 480)),
    starts_at=times,
    ends_at=st.none() | times,
    checked_in_at=st.none() | times,
    copy=st.integers(0, 12),
    bring=words,
    offline=st.booleans(),
    urgency=words,
    evidence=words,
    header=words,
    footer=words,
)


def measure_all(slip: Slip, profile: PrinterProfile) -> dict[str, float]:
    with_logo = replace(profile, find_logo=lambda _id: LOGO)
    pdf, png = render_pdf(slip, with_logo), render_png(slip, with_logo)
    box = re.search(rb"/MediaBox \[ ?0 0 [\d.]+ ([\d.]+) ?\]", pdf)
    assert box is not None
    return {
        "pdf": float(box[1]) * 25.4 / 72,
        "png": Image.open(io.BytesIO(png)).height / 8,
        "escpos": measure_thermal(slip, with_logo),
    }


WORST = Slip(
    id="0193a1b2",
    code="ABCDEFGHJKMN",
    number="A1234567",
    stream="A",
    stream_name="Perekaman dan pencetakan KTP elektronik serta kartu identitas anak",
    office="3674",
    office_name="Dinas Kependudukan dan Pencatatan Sipil Kabupaten Siau Tagulandang Biaro",
    service="ktp",
    service_name="Penerbitan surat keterangan pindah datang penduduk warga negara Indonesia",
    issued_at="2026-09-23T10:15:00+07:00",
    place="OUTSIDE",
    url="http://antrean.dukcapil.kepulauansiautagulandangbiarokab.go.id/t/ABCDEFGHJKMN",
    party_size=6,
    ahead=120,
    wait=WaitRange(180, 300),
    starts_at="2026-09-24T08:00:00+07:00",
    copy=12,
    offline=True,
    urgency="Lansia atau penyandang disabilitas yang tidak dapat mengurus secara daring",
    evidence="Bawa: surat dari desa atau kelurahan, surat rumah sakit, surat pengadilan atau bank",
    header="Jalan Maruga Raya Nomor 1, Serua, Ciputat, Tangerang Selatan. Senin–Jumat 08.00–15.00",
    footer="Pengaduan: WhatsApp 0812-0000-0000, pengaduan@dukcapil.go.id. " * 3,
)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_worst_slip_of_a_real_office_fits_and_keeps_what_counts(
    paper: str, language: str
) -> None:
    slip = replace(WORST, language=language)
    heights = measure_all(slip, find_profile(paper))
    assert max(heights.values()) <= HEIGHT_MAX_MM, heights
    assert min(heights.values()) > HEIGHT_MAX_MM / 2, heights


@pytest.mark.parametrize("paper", ["generic-58", "tm-t20iii-58"])
def test_a_slip_on_narrow_paper_is_no_longer(paper: str) -> None:
    assert max(measure_all(WORST, find_profile(paper)).values()) <= NARROW_MAX_MM


@settings(max_examples=30, deadline=None)
@given(slip=slips, paper=st.sampled_from(PAPERS))
def test_no_slip_is_longer_than_a_hand(slip: Slip, paper: str) -> None:
    heights = measure_all(slip, find_profile(paper))
    assert max(heights.values()) <= HEIGHT_MAX_MM, heights


@given(slip=slips)
def test_each_step_keeps_number_place_code_and_free_of_charge(slip: Slip) -> None:
    """What only some steps leave out: nothing that a visitor needs to be served."""

    def kept(step: int) -> list[object]:
        return [
            (type(block), getattr(block, "text", getattr(block, "content", "")))
            for block in lay_out(slip, STEPS[step], LOGO)
            if type(block).__name__ in ("Number", "Banner", "QrCode")
        ]

    assert all(kept(step) == kept(0) for step in range(len(STEPS)))


def test_a_usual_slip_keeps_its_white_space() -> None:
    usual = replace(
        WORST,
        number="A012",
        office_name="Disdukcapil Kota Tangerang Selatan",
        stream_name="KTP-el",
        service_name="Perekaman KTP-el",
        url="http://antrean.lan/t/ABCDEFGHJKMN",
        starts_at=None,
        party_size=1,
        copy=0,
        urgency="",
        evidence="",
        header="",
        footer="",
        offline=False,
    )
    profile = find_profile("tm-t20iii-80")
    heights = [
        typeset(lay_out(usual, step), profile.width_mm, _measure).height_mm for step in STEPS
    ]
    picture = Image.open(io.BytesIO(render_png(usual, profile)))
    assert picture.height / 8 > heights[2] + 10, heights


@pytest.mark.parametrize("paper", ["tm-t20iii-80", "generic-58"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_code_of_the_worst_slip_is_read_by_a_scanner(
    decode_qr: Callable[[bytes], str], paper: str, language: str
) -> None:
    picture = render_png(replace(WORST, language=language), find_profile(paper))
    assert decode_qr(picture) == WORST.url.upper()
