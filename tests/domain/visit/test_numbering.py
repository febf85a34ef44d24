"""Numbers and codes: unique, apart from the kiosks' own numbers, and forgiving of how people write
them.
"""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import UnknownCode
from queue_server.domain.visit.numbering import (
    CODE_ALPHABET,
    CODE_LENGTH,
    LEASED_FIRST,
    LEASED_LAST,
    CodeReference,
    IdReference,
    NumberReference,
    code_from_bits,
    group_code,
    parse_code,
    parse_reference,
    ticket_number,
)

sequences = st.integers(1, 1_000_000)
bits = st.integers(0, 2**60 - 1)


def test_a_day_of_numbers_is_unique_and_never_touches_the_leased_ones() -> None:
    numbers = [ticket_number("A", sequence) for sequence in range(1, 20_001)]
    assert len(set(numbers)) == len(numbers)
    assert numbers[:2] + numbers[499:502] == ["A001", "A002", "A500", "A1000", "A1001"]
    assert not set(numbers) & {f"A{number}" for number in range(LEASED_FIRST, LEASED_LAST + 1)}


@given(sequences, sequences, st.sampled_from("ACFUXZ"), st.sampled_from("ACFUXZ"))
def test_two_numbers_are_the_same_only_for_the_same_stream_and_sequence(
    one: int, other: int, letter: str, another: str
) -> None:
    assert (ticket_number(letter, one) == ticket_number(another, other)) == (
        (letter, one) == (another, other)
    )


@given(sequences)
def test_a_number_is_a_letter_and_at_least_three_digits(sequence: int) -> None:
    assert re.fullmatch(r"C\d{3,}", ticket_number("C", sequence))


def test_the_alphabet_has_no_letters_that_look_or_sound_like_others() -> None:
    assert len(CODE_ALPHABET) == len(set(CODE_ALPHABET)) == 32
    assert not set(CODE_ALPHABET) & set("ILOU")


@given(bits)
def test_a_code_is_read_back_in_any_spelling(number: int) -> None:
    code = code_from_bits(number)
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(CODE_ALPHABET)
    spoken = group_code(code).lower().replace("0", "o").replace("1", "l")
    for text in (
        code,
        group_code(code),
        code.lower(),
        spoken,
        group_code(code).replace("-", " "),
        f"  {code}\r\n",
        code.replace("1", "I"),
    ):
        assert parse_code(text) == code


@given(bits, bits)
def test_different_bits_give_different_codes(one: int, other: int) -> None:
    assert (code_from_bits(one) == code_from_bits(other)) == (one == other)


@given(bits)
def test_every_bit_counts(number: int) -> None:
    value = sum(
        CODE_ALPHABET.index(each) << (5 * place)
        for place, each in enumerate(code_from_bits(number))
    )
    assert value == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0123456789A",
        "0123456789ABC",
        "0123456789AU",
        "0123456789A!",
        "٠١٢٣٤٥٦٧٨٩AB",
        "3674004112900001",
    ],
)
def test_what_cannot_be_a_code_is_unknown(text: str) -> None:
    with pytest.raises(UnknownCode) as told:
        parse_code(text)
    assert told.value.facts == {}, "one answer for all, so that guessing teaches nothing"


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    with contextlib.suppress(UnknownCode):
        assert len(parse_code(text)) == CODE_LENGTH


def test_groups_are_as_people_read_them() -> None:
    assert group_code("7F3K9Q2M0ABC") == "7F3K-9Q2M-0ABC"


ID = f"{1:014x}{'a' * 18}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7F3K9Q2M0ABC", CodeReference("7F3K9Q2M0ABC")),
        ("7f3k-9q2m-oabc", CodeReference("7F3K9Q2M0ABC")),
        (" 7F3K - 9Q2M - 0ABC ", CodeReference("7F3K9Q2M0ABC")),
        ("https://antrean.example/t/7F3K9Q2M0ABC/", CodeReference("7F3K9Q2M0ABC")),
        ("HTTPS://ANTREAN.EXAMPLE/T/7F3K9Q2M0ABC", CodeReference("7F3K9Q2M0ABC")),
        ("a 012", NumberReference("A012")),
        ("A-1000", NumberReference("A1000")),
        (ID, IdReference(ID)),
        (
            "0b8f7f8e-4f57-4c0b-9a44-3f6f5f0f9c11",
            IdReference("0b8f7f8e-4f57-4c0b-9a44-3f6f5f0f9c11"),
        ),
    ],
)
def test_a_reference_is_a_code_a_link_a_number_or_an_id(
    text: str, meant: CodeReference | NumberReference | IdReference
) -> None:
    assert parse_reference(text) == meant


@pytest.mark.parametrize("text", ["", "/", "A01", "7F3K9Q2M0AB", "7F3K9Q2M0ABCD", "soon"])
def test_what_is_none_of_them_is_an_unknown_code(text: str) -> None:
    with pytest.raises(UnknownCode):
        parse_reference(text)
