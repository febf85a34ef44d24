"""What the status bytes of a printer mean: the table measured on the emulator, and the rules behind
it.
"""

from __future__ import annotations

import pytest

from printer.device.status import (
    PrinterState,
    Reading,
    ack_confirms,
    is_ack,
    is_status_reply,
    read_status,
)


@pytest.mark.parametrize(
    ("replies", "state"),
    [
        ("12 12 12 12", PrinterState.READY),
        ("12 12 12 1e", PrinterState.PAPER_LOW),
        ("1a 32 12 7e", PrinterState.PAPER_OUT),
        ("1a 16 12 12", PrinterState.COVER_OPEN),
        ("1a 12 12 12", PrinterState.OFFLINE),
    ],
)
def test_the_measured_states(replies: str, state: PrinterState) -> None:
    assert read_status(dict(enumerate(bytes.fromhex(replies), start=1))).state == state


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ("1a 52 32 12", "unrecoverable_error"),
        ("1a 52 1a 12", "cutter_error"),
        ("1a 52 52 12", "head_too_hot"),
        ("1a 52 16 12", "recoverable_error"),
        ("1a 1a 12 12", "feed_button"),
        ("1a 52 12 12", "error"),
    ],
)
def test_an_offline_printer_tells_why(replies: str, reason: str) -> None:
    assert read_status(dict(enumerate(bytes.fromhex(replies), start=1))) == Reading(
        PrinterState.OFFLINE, reason
    )


def test_an_open_cover_comes_before_missing_paper_and_both_before_offline() -> None:
    assert read_status({1: 0x1A, 2: 0x36, 3: 0x12, 4: 0x7E}).state == PrinterState.COVER_OPEN
    assert read_status({1: 0x1A, 2: 0x12, 3: 0x12, 4: 0x72}).state == PrinterState.PAPER_OUT


def test_silence_is_unknown_and_never_ready() -> None:
    assert read_status({}) == Reading(PrinterState.UNKNOWN, "no_answer")
    assert read_status({4: 0x12}).state == PrinterState.UNKNOWN


def test_a_printer_that_answers_only_the_first_question_is_ready() -> None:
    assert read_status({1: 0x12}).state == PrinterState.READY


def test_only_ready_and_low_paper_print() -> None:
    assert [state for state in PrinterState if state.can_print] == [
        PrinterState.READY,
        PrinterState.PAPER_LOW,
    ]


def test_no_byte_is_both_a_status_reply_and_an_acknowledgement() -> None:
    assert [byte for byte in range(256) if is_status_reply(byte) and is_ack(byte)] == []
    assert all(is_status_reply(byte) for byte in (0x12, 0x16, 0x1A, 0x1E, 0x32, 0x52, 0x7E))
    assert all(is_ack(byte) for byte in (0x00, 0x03, 0x0C, 0x0F, 0x60)) and not is_ack(0x12)


def test_low_paper_confirms_a_job_and_ended_paper_does_not() -> None:
    assert ack_confirms(0x00) and ack_confirms(0x03)
    assert not ack_confirms(0x0C) and not ack_confirms(0x0F)
