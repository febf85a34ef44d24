"""The bytes for a thermal printer: only our own commands, only safe letters, never wider than the
paper.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer.device.profile import PRESETS, PrinterProfile, find_profile
from printer.slip.thermal import ACK_REQUEST, render_thermal
from printer.slip.transliterate import loses_letters, to_ascii
from queue_server.protocol.messages import Slip

SLIP = Slip(
    id="0193a1b2",
    code="7F3K9Q2M",
    number="A012",
    stream="A",
    stream_name="KTP-el",
    office="3674",
    office_name="Disdukcapil",
    service="ktp",
    service_name="Perekaman KTP-el",
    issued_at="2026-11-23T10:15:00+07:00",
    place="INSIDE",
    url="http://antrean.lan/t/7F3K9Q2M",
    ahead=5,
)
EVIL = [
    "\x1bp\x00\x19\xfa", "\x1b@", "\x1dV\x00", "\x10\x14\x01\x00\x01", "\x1d(k\x03\x00",
    "\n\n\n", "\x9b", "\u202e", "\udc1b", "é€–…“你", "\x7f",
]  # fmt: skip
FIELDS = ("office_name", "service_name", "code", "place", "url", "stream_name", "language")
texts = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from([*EVIL, "Kantor", " "]), max_size=8).map("".join)
)
# A name with any other letter becomes a picture, in which no text can do anything.
names = texts.map(lambda text: "".join(each for each in text if not loses_letters(each)))

# Everything a slip may hold, and the number of bytes of each: prefix, then parameters.
COMMANDS = {
    b"\x1b@": 0,
    b"\x1c.": 0,
    b"\x1bt": 1,
    b"\x1bJ": 1,
    b"\x1bd": 1,
    b"\x1bE": 1,
    b"\x1bM": 1,
    b"\x1ba": 1,
    b"\x1d!": 1,
    b"\x1dB": 1,
    b"\x1dV": 2,
}


def read_job(data: bytes) -> tuple[list[bytes], list[str], int]:
    """The commands, the lines of text and the number of pictures of a job. Fails at any other
    byte.
    """
    commands: list[bytes] = []
    text, pictures, at = "", 0, 0
    while at < len(data):
        if 0x20 <= data[at] <= 0x7E or data[at] == 0x0A:
            text += chr(data[at])
            at += 1
        elif data[at : at + 4] == b"\x1dv0\x00":
            width, height = (
                int.from_bytes(data[at + low : at + low + 2], "little") for low in (4, 6)
            )
            pictures += 1
            at += 8 + width * height
        else:
            prefix = data[at : at + 2]
            assert prefix in COMMANDS, f"{data[at : at + 6]!r} at {at}"
            commands.append(data[at : at + 2 + COMMANDS[prefix]])
            at += 2 + COMMANDS[prefix]
    return commands, text.split("\n"), pictures


@given(
    st.fixed_dictionaries(
        {**dict.fromkeys(FIELDS, texts), "office_name": names, "service_name": names}
    ),
    texts,
)
def test_no_text_can_become_a_command(fields: dict[str, Any], number: str) -> None:
    slip = replace(SLIP, **fields, number="A" + number)
    for name in ("tm-t20iii-80", "generic-58"):
        commands, lines, _ = read_job(render_thermal(slip, find_profile(name)))
        ordinary = [
            each
            for each in commands
            if each[:2] not in (b"\x1d!", b"\x1bE", b"\x1bM", b"\x1ba", b"\x1dB", b"\x1bJ")
        ]
        end = b"\x1dVA\x00" if name == "tm-t20iii-80" else b"\x1bd\x04"
        assert ordinary == [b"\x1b@", b"\x1c.", b"\x1bt\x00", end]
        # Each change of style is one group of five commands: a sixth would have come from the text.
        styles = [
            each[:2]
            for each in commands
            if each[:2] in (b"\x1d!", b"\x1bE", b"\x1bM", b"\x1ba", b"\x1dB")
        ]
        assert styles == [b"\x1d!", b"\x1bE", b"\x1bM", b"\x1ba", b"\x1dB"] * (len(styles) // 5)
        assert all(line.isascii() for line in lines)


@given(
    st.fixed_dictionaries({"office_name": names, "service_name": names, "code": texts}),
    st.integers(1, 40),
)
def test_no_line_is_wider_than_the_paper(fields: dict[str, Any], digits: int) -> None:
    slip = replace(SLIP, **fields, number="7" * digits)
    for name in ("tm-t20iii-80", "generic-58"):
        profile = find_profile(name)
        assert max(line_widths_px(render_thermal(slip, profile))) <= profile.width_px


def line_widths_px(data: bytes) -> list[int]:
    """How wide each line comes out, with the size and font in force at each character."""
    widths, width, times, font_px, at = [], 0, 1, 12, 0
    while at < len(data):
        if data[at] == 0x0A:
            widths.append(width)
            width = 0
            at += 1
        elif data[at] >= 0x20:
            width += times * font_px
            at += 1
        elif data[at : at + 4] == b"\x1dv0\x00":
            size = [int.from_bytes(data[at + low : at + low + 2], "little") for low in (4, 6)]
            widths.append(size[0] * 8 - 7)
            at += 8 + size[0] * size[1]
        else:
            prefix = data[at : at + 2]
            if prefix == b"\x1d!":
                times = (data[at + 2] >> 4) + 1
            elif prefix == b"\x1bM":
                font_px = 9 if data[at + 2] == 1 else 12
            at += 2 + COMMANDS[prefix]
    return [*widths, width]


@given(st.text())
def test_transliteration_leaves_printable_ascii_only(text: str) -> None:
    assert re.fullmatch(r"[ -~]*", to_ascii(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("15–30", "15-30"),
        ("“Café”", '"Cafe"'),
        ("Rp5€", "Rp5EUR"),
        ("…", "..."),
        ("你", "?"),
        ("a\u00a0b\x1b", "a b"),
    ],
)
def test_transliteration_keeps_the_sense(text: str, plain: str) -> None:
    assert to_ascii(text) == plain


@pytest.mark.parametrize(
    ("number", "name", "times"),
    [("A012", "tm-t20iii-80", 8), ("A012", "generic-58", 7), ("A1234567", "generic-58", 3)],
)
def test_the_number_is_as_large_as_the_paper_allows(number: str, name: str, times: int) -> None:
    data = render_thermal(replace(SLIP, number=number), find_profile(name))
    size = bytes([(times - 1) * 17])
    assert re.search(
        rb"\x1d!"
        + re.escape(size)
        + rb"\x1bE\x01\x1bM\x00\x1ba\x01\x1dB\x00"
        + number.encode()
        + b"\n",
        data,
    )


def test_every_job_starts_from_a_known_state_and_asks_for_no_answer_itself() -> None:
    data = render_thermal(SLIP, find_profile("tm-t20iii-80"))
    assert data.startswith(b"\x1b@\x1c.\x1bt\x00")
    assert ACK_REQUEST not in data
    assert data == render_thermal(SLIP, find_profile("tm-t20iii-80"))


@pytest.mark.parametrize(
    ("cut", "end"), [("full", b"\x1dVA\x00"), ("partial", b"\x1dVB\x00"), ("none", b"\x1bd\x04")]
)
def test_the_end_suits_the_cutter(cut: Any, end: bytes) -> None:
    assert render_thermal(SLIP, replace(find_profile("tm-t20iii-80"), cut=cut)).endswith(end)


def test_a_native_qr_code_is_sent_only_where_the_profile_says_so() -> None:
    native = render_thermal(SLIP, replace(find_profile("tm-t20iii-80"), qr="native"))
    assert (
        b"\x1d(k" in native
        and b"HTTP://ANTREAN.LAN/T/7F3K9Q2M" in native
        and b"\x1dv0" not in native
    )
    assert b"\x1d(k\x03\x001E1" in native  # level M
    for profile in PRESETS.values():
        assert b"\x1d(k" not in render_thermal(SLIP, profile)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_pictures_are_cut_into_pieces_small_printers_can_hold(name: str) -> None:
    data = render_thermal(SLIP, PRESETS[name])
    pieces = [match.start() for match in re.finditer(rb"\x1dv0\x00", data)]
    assert pieces
    assert all(
        int.from_bytes(data[at + 6 : at + 8], "little") <= 200
        for at in pieces
        if data[at + 4] <= PRESETS[name].width_px // 8
    )


@pytest.mark.parametrize(
    ("name", "becomes_picture"), [("Kantor Café “Ü”", False), ("Łódź", True), ("Служба", True)]
)
def test_a_name_the_printer_has_no_letters_for_becomes_a_picture(
    name: str, becomes_picture: bool
) -> None:
    _, lines, _ = read_job(
        render_thermal(replace(SLIP, office_name=name), find_profile("generic-58"))
    )
    assert ("".join(lines) == "") is becomes_picture
    assert not any("?" in line for line in lines)


def test_a_raster_slip_can_say_what_ascii_cannot() -> None:
    profile: PrinterProfile = find_profile("generic-80-raster")
    accented, plain = (
        render_thermal(replace(SLIP, office_name=name), profile) for name in ("Café", "Cafe")
    )
    assert accented != plain
    _, lines, pictures = read_job(accented)
    assert "".join(lines) == "" and pictures >= 2
