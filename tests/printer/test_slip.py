"""What a slip says, in which order and in which words."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import printer
from printer.slip.blocks import Banner, Block, Cut, Number, QrCode, Row, SlipUnprintable, Text
from printer.slip.cleaning import clean, clip, group_code, qr_content
from printer.slip.layout import lay_out
from printer.slip.words import catalogue
from queue_server.protocol.messages import Slip, WaitRange

MakeSlip = Callable[..., Slip]


def words(slip: Slip) -> list[str]:
    said: list[str] = []
    for block in lay_out(slip):
        match block:
            case Text(text) | Banner(text) | Number(text):
                said.append(text)
            case Row(label, value):
                said.append(f"{label}: {value}")
            case _:
                pass
    return said


def rows(slip: Slip) -> dict[str, str]:
    return {block.label: block.value for block in lay_out(slip) if isinstance(block, Row)}


def of_kind(slip: Slip, kind: type[Block]) -> list[Block]:
    return [block for block in lay_out(slip) if isinstance(block, kind)]


def test_an_indonesian_walk_in_slip_says_all_of_it(make_slip: MakeSlip) -> None:
    assert words(make_slip()) == [
        "Disdukcapil Kota Tangerang Selatan",
        "Nomor antrean Anda",
        "A012",
        "Perekaman KTP-el",
        "Silakan tunggu di dalam",
        "Antrean: A KTP-el",
        "Di depan Anda: 5 orang",
        "Perkiraan tunggu: 15–30 menit",
        "Senin, 23 November 2026 10.15 WIB",
        "Pindai untuk memantau giliran Anda",
        "Kode tiket: 7F3K-9Q2M",
        "Layanan ini GRATIS",
        "Waspada calo",
        "Karcis ini tidak memuat data pribadi.",
    ]


def test_an_english_slip_of_a_booking_says_when_it_was_booked_for(make_slip: MakeSlip) -> None:
    slip = make_slip(
        language="en",
        place="OUTSIDE",
        issued_at="2026-11-20T08:00:00+07:00",
        checked_in_at="2026-11-23T10:15:00+07:00",
        starts_at="2026-11-23T10:30:00+07:00",
        party_size=3,
        ahead=1,
    )
    assert words(slip) == [
        "Disdukcapil Kota Tangerang Selatan",
        "Your queue number",
        "A012",
        "Perekaman KTP-el",
        "Please wait outside until called in",
        "Queue: A KTP-el",
        "Ahead of you: 1 person",
        "Expected wait: 15–30 minutes",
        "Be back by: 10:30 WIB",
        "Booked for: 10:30 WIB",
        "Party: 3 people",
        "Monday, 23 November 2026 10:15 WIB",
        "Scan to follow your turn",
        "Ticket code: 7F3K-9Q2M",
        "This service is FREE",
        "Beware of touts",
        "This slip holds no personal data.",
    ]


def test_the_layout_ends_with_one_cut_and_holds_one_number_and_one_qr_code(
    make_slip: MakeSlip,
) -> None:
    slip = make_slip()
    assert lay_out(slip)[-1] == Cut()
    assert [len(of_kind(slip, kind)) for kind in (Cut, Number, QrCode)] == [1, 1, 1]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_copy_says_so_first_in_both_languages(make_slip: MakeSlip, language: str) -> None:
    assert lay_out(make_slip(language=language, copy=2))[0] == Banner("SALINAN / COPY 2")
    assert "SALINAN" not in " ".join(words(make_slip(language=language)))


def test_a_slip_without_estimates_leaves_them_out(make_slip: MakeSlip) -> None:
    assert list(rows(make_slip(ahead=None, wait=None))) == ["Antrean", "Kode tiket"]


def test_nobody_ahead_is_said_in_words(make_slip: MakeSlip) -> None:
    assert rows(make_slip(ahead=0))["Di depan Anda"] == "tidak ada"
    assert rows(make_slip(ahead=0, language="en"))["Ahead of you"] == "nobody"


def test_a_wait_without_width_is_never_a_lone_number(make_slip: MakeSlip) -> None:
    assert rows(make_slip(wait=WaitRange(5, 5)))["Perkiraan tunggu"] == "paling lama 5 menit"
    assert (
        rows(make_slip(wait=WaitRange(0, 5), language="en"))["Expected wait"]
        == "less than 5 minutes"
    )


@pytest.mark.parametrize(
    ("language", "label", "said"),
    [("id", "Perkiraan tunggu", "lebih dari 4 jam"), ("en", "Expected wait", "more than 4 hours")],
)
def test_a_wait_for_the_rest_of_the_day_has_no_upper_end(
    make_slip: MakeSlip, language: str, label: str, said: str
) -> None:
    assert rows(make_slip(language=language, wait=WaitRange(240, 245)))[label] == said


def test_an_urgent_case_is_told_what_to_bring(make_slip: MakeSlip) -> None:
    slip = make_slip(urgency="Berangkat dalam 7 hari", evidence="Bawa: tiket perjalanan")
    said = words(slip)
    assert said[said.index("Mendesak: Berangkat dalam 7 hari") + 1] == "Bawa: tiket perjalanan"


def test_a_number_given_without_the_server_says_how_it_is_called(make_slip: MakeSlip) -> None:
    notice = "Nomor tidak selalu dipanggil berurutan"
    assert notice in words(make_slip(offline=True)) and notice not in words(make_slip())


def test_the_offices_own_lines_stand_below_its_name_and_at_the_end(make_slip: MakeSlip) -> None:
    said = words(make_slip(header="Jalan Raya 1", footer="Terima kasih"))
    assert said[1] == "Jalan Raya 1"
    assert said[-2] == "Terima kasih"


def test_a_text_is_cut_before_a_word_and_says_so() -> None:
    assert clip("Surat pindah datang", 14) == "Surat pindah…"
    assert clip("Kependudukan", 8) == "Kependu…"
    assert (clip("KTP-el", 6), clip("KTP-el", 0)) == ("KTP-el", "")


def test_a_booking_for_another_day_names_the_day(make_slip: MakeSlip) -> None:
    assert (
        rows(make_slip(starts_at="2026-11-24T08:00:00+07:00"))["Jadwal Anda"]
        == "Selasa, 24 November 2026 08.00 WIB"
    )


def test_a_booking_of_today_is_printed_from_its_start_to_its_end(make_slip: MakeSlip) -> None:
    """A visit of two slots ends after both. Servers of older releases tell no end."""
    booked = make_slip(starts_at="2026-11-23T10:30:00+07:00", ends_at="2026-11-23T11:00:00+07:00")
    assert rows(booked)["Jadwal Anda"] == "10.30–11.00 WIB"
    assert rows(replace(booked, language="en"))["Booked for"] == "10:30–11:00 WIB"
    assert rows(replace(booked, ends_at=None))["Jadwal Anda"] == "10.30 WIB"


@pytest.mark.parametrize(
    ("issued_at", "language", "said"),
    [
        ("2026-01-04T23:05:00+08:00", "id", "Minggu, 4 Januari 2026 23.05 WITA"),
        ("2026-08-07T07:30:00+09:00", "en", "Friday, 7 August 2026 07:30 WIT"),
        ("2026-05-02T09:00:00+02:00", "en", "Saturday, 2 May 2026 09:00 UTC+2"),
        ("2026-05-02T09:00:00-03:30", "id", "Sabtu, 2 Mei 2026 09.00 UTC-3:30"),
        ("2026-11-23T03:15:00Z", "id", "Senin, 23 November 2026 03.15 UTC+0"),
    ],
)
def test_the_time_is_the_offices_own_with_its_zone(
    make_slip: MakeSlip, issued_at: str, language: str, said: str
) -> None:
    assert said in words(make_slip(issued_at=issued_at, language=language))


@pytest.mark.parametrize(
    ("language", "chosen"),
    [("id", "Anda"), ("en-GB", "Your"), ("EN", "Your"), ("fr", "Anda"), ("", "Anda")],
)
def test_any_english_is_english_and_all_else_indonesian(
    make_slip: MakeSlip, language: str, chosen: str
) -> None:
    assert chosen in words(make_slip(language=language))[1]


def test_a_place_of_another_name_gives_no_instruction(make_slip: MakeSlip) -> None:
    assert of_kind(make_slip(place="ELSEWHERE"), Banner) == []


@pytest.mark.parametrize(
    "broken",
    [{"number": ""}, {"number": "\x1b\x00"}, {"issued_at": "yesterday"}, {"starts_at": "10:30"}],
)
def test_a_slip_without_number_or_readable_time_is_refused(
    make_slip: MakeSlip, broken: dict[str, str]
) -> None:
    with pytest.raises(SlipUnprintable):
        lay_out(make_slip(**broken))


def test_text_leaves_on_one_line_without_control_or_format_characters() -> None:
    assert clean("  Kantor\x1b@\n\tKota\u202e Satu\u2028Dua\x00  ") == "Kantor @ Kota Satu Dua"
    assert clean("e\u0301") == "\u00e9"


@pytest.mark.parametrize(
    ("code", "grouped"),
    [
        ("7f3k9q2m", "7F3K-9Q2M"),
        ("ABCDEFGHJK", "ABCD-EFG-HJK"),
        ("ABCDEFGHJ", "ABC-DEF-GHJ"),
        ("AB-CDEF", "AB-CDEF"),
        ("A1B2", "A1B2"),
    ],
)
def test_a_code_is_grouped_to_be_read_aloud(code: str, grouped: str) -> None:
    assert group_code(code) == grouped


def test_the_address_is_in_capitals_only_where_that_is_safe_and_smaller() -> None:
    assert qr_content("http://antrean.lan:8000/t/7f3k9q2m") == "HTTP://ANTREAN.LAN:8000/T/7F3K9Q2M"
    assert qr_content("https://x.go.id/antrean/t/7F3K9Q2M") == "https://x.go.id/antrean/t/7F3K9Q2M"
    assert qr_content("https://antrean.lan/t?code=a_b") == "https://antrean.lan/t?code=a_b"


def test_every_word_on_a_slip_has_its_indonesian() -> None:
    calls = [
        node
        for module in ("layout", "facts")
        for node in ast.walk(
            ast.parse((Path(printer.__file__).parent / "slip" / f"{module}.py").read_text())
        )
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("_", "words.ngettext")
    ]
    asked = {
        first.value
        for call in calls
        if isinstance(first := call.args[0], ast.Constant) and isinstance(first.value, str)
    }
    indonesian = catalogue("id")
    assert len(asked) == 25
    assert {
        each
        for each in asked
        if indonesian.gettext(each) == each == indonesian.ngettext(each, each, 1)
    } == set()
