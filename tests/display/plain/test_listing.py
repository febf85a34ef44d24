"""A board as plain lines."""

from __future__ import annotations

from display.plain.listing import counter_words, list_board
from tests.display.pages import board, call


def test_the_newest_call_stands_first_and_none_is_dropped_silently() -> None:
    calls = tuple(call(f"A0{each}", str(each), age_s=each) for each in range(10, 20))
    listed = list_board(board(*reversed(calls), calls_left_out=3))
    assert [each.number for each in listed.calls] == [
        "A010",
        "A011",
        "A012",
        "A013",
        "A014",
        "A015",
    ]
    assert listed.left_out == 4 + 3


def test_recalls_are_marked_and_counters_are_named_in_both_languages() -> None:
    listed = list_board(board(call(times=2), call("A013", "Konsultasi", times=3, age_s=1)))
    assert [each.title for each in listed.calls] == ["second_call", "last_call"]
    assert listed.calls[0].counter == {"id": "Loket 3", "en": "Counter 3"}
    for written in ("Loket 3", "counter 3", "3"):
        assert counter_words(written) == {"id": "Loket 3", "en": "Counter 3"}
    assert counter_words("Konsultasi") == {"id": "Konsultasi", "en": "Konsultasi"}


def test_what_stands_first_is_what_keeps_the_office_from_its_usual_work() -> None:
    states = [
        ({"paused": "EVACUATION", "open": False}, "evacuation"),
        ({"paused": "PAUSE"}, "paused"),
        ({"admitting": False, "over": 3}, "stopped"),
        ({"over": 3, "open": False}, "over"),
        ({"open": False}, "closed"),
        ({"mode": "URGENT_ONLY"}, "urgent_only"),
        ({}, None),
    ]
    assert [list_board(board(**changes)).state for changes, _ in states] == [
        state for _, state in states
    ]


def test_nobody_is_called_in_while_the_door_is_stopped() -> None:
    assert list_board(board(entering=("A012",))).entering == ("A012",)
    assert list_board(board(entering=("A012",), admitting=False)).entering == ()
    assert list_board(board(entering=("A012",), over=1)).entering == ()
