"""Which scans are booking codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.records.codes import read_code

CODE = "7F3K9Q2M4N5P"


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        "7f3k9q2m4n5p",
        "7F3K-9Q2M-4N5P",
        " 7F3K 9Q2M 4N5P ",
        f"https://antrean.example/t/{CODE}",
        f"HTTPS://OTHER.EXAMPLE:8443/T/{CODE}",
        f"http://10.0.0.5/antrean/t/{CODE}/",
    ],
)
def test_a_code_and_our_address_are_read(text: str) -> None:
    assert read_code(text) == CODE


def test_letters_that_look_like_digits_are_those() -> None:
    assert read_code("OIL123456789") == "011123456789"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7F3K9Q2M4N5",
        CODE + "0",
        "3674012345678901",  # an identity card's number
        "3674 0123 4567 8901",
        "https://antrean.example/t/3674012345678901",
        f"https://antrean.example/x/{CODE}",
        f"https://evil.example/?u=https://antrean.example/t/{CODE}",
        f"ftp://antrean.example/t/{CODE}",
        f"https://antrean.example/t/{CODE}?x=1",
        "7F3K9Q2M4N5U",  # no such letter in Crockford's alphabet
        "../../../../",
        "WIFI:T:WPA;S:kafe;P:secret;;",
    ],
)
def test_anything_else_is_no_code(text: str) -> None:
    assert read_code(text) is None


@given(st.text(max_size=60))
def test_whatever_is_scanned_only_a_code_comes_out(text: str) -> None:
    code = read_code(text)
    assert code is None or (len(code) == 12 and code.isascii() and code.isalnum())


@given(st.integers(10**15, 10**16 - 1))
def test_sixteen_digits_never_are(number: int) -> None:
    assert read_code(str(number)) is None
