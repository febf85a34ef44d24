"""Which words a call consists of."""

from __future__ import annotations

import pytest

from display.voice.saying import (
    GAP_S,
    WIDE_GAP_S,
    longest_call_s,
    name_key,
    say_call,
    say_counter,
    say_signs,
)
from display.voice.words import SENTENCES, words_of

WORDS = {word.key for word in words_of("id")}


def test_a_call_is_said_sign_by_sign_with_a_falling_tone_at_the_end_of_the_number() -> None:
    said = say_call(SENTENCES, "A012", "3", WORDS)
    assert [word for word, _ in said] == [
        "queue_number",
        "letter_a",
        "digit_0",
        "digit_1",
        "digit_2_final",
        "please_go_to",
        "counter_3",
    ]
    assert [gap for _, gap in said] == [GAP_S] * 4 + [WIDE_GAP_S] + [GAP_S] * 2


@pytest.mark.parametrize(
    ("counter", "words"),
    [
        ("3", ("counter_3",)),
        ("20", ("counter_20",)),
        ("21", ("counter", "digit_2", "digit_1_final")),
        ("03", ("counter_3",)),
        ("Loket 3", ("counter_3",)),
        ("loket B2", ("counter", "letter_b", "digit_2_final")),
        ("1234", ("counter", "digit_1", "digit_2", "digit_3", "digit_4_final")),
        ("AAAA", ()),
        ("B2", ("counter", "letter_b", "digit_2_final")),
        ("2B", ("counter", "digit_2", "letter_b")),
        ("Konsultasi", ()),
        ("", ()),
        ("3; rm", ()),
    ],
)
def test_a_counter_is_said_as_a_whole_or_by_its_signs(counter: str, words: tuple[str, ...]) -> None:
    assert say_counter(counter, WORDS) == words


def test_a_counter_with_a_recorded_name_is_called_by_it() -> None:
    words = {*WORDS, "name_konsultasi_keluarga"}
    assert say_counter("Konsultasi & Keluarga", words) == ("name_konsultasi_keluarga",)
    assert say_call(SENTENCES, "A1", "Konsultasi & Keluarga", words)[-1][0] == (
        "name_konsultasi_keluarga"
    )


def test_a_counter_that_no_word_stands_for_is_left_to_the_screen() -> None:
    assert [word for word, _ in say_call(SENTENCES, "C7", "Konsultasi", WORDS)] == [
        "queue_number",
        "letter_c",
        "digit_7_final",
        "see_screen",
    ]


def test_strange_signs_of_a_number_are_not_said() -> None:
    assert say_signs("Ä-9 ") == ("digit_9_final",)
    assert say_signs("…") == ()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Loket Lansia", "name_loket_lansia"),
        ("Ruang KTP-el 2", "name_ruang_ktp_el_2"),
        ("🙂", "name_"),
    ],
)
def test_a_name_has_one_key(name: str, key: str) -> None:
    assert name_key(name) == key


def test_the_longest_call_is_that_of_the_longest_words() -> None:
    seconds = {"letter_a": 0.5, "letter_w": 1.0, "digit_1": 0.2, "digit_1_final": 0.3}
    seconds |= {"counter_1": 0.5, "counter_20": 1.0, "queue_number": 1.0, "please_go_to": 1.0}
    signs = 1.0 + 2 * 0.2 + 0.3 + 3 * GAP_S
    assert longest_call_s(SENTENCES["full"], seconds) == pytest.approx(
        1.0 + GAP_S + signs + WIDE_GAP_S + 1.0 + GAP_S + 1.0
    )
