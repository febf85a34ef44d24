"""What a printer's status bytes mean. This is our own reader, because the library's takes silence
for "paper adequate".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PrinterState(StrEnum):
    """A printer's state. Only `ready` and `paper_low` print. `unconfirmed`: nobody has said yet
    whether its last slip came out. `spool_stopped`: the machine cannot pass slips on (for example,
    a full disk).
    """

    READY = "ready"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    UNKNOWN = "unknown"
    UNCONFIRMED = "unconfirmed"
    SPOOL_STOPPED = "spool_stopped"

    @property
    def can_print(self) -> bool:
        """Whether a job may be sent."""
        return self in (PrinterState.READY, PrinterState.PAPER_LOW)


@dataclass(frozen=True)
class Reading:
    """A state and, if known, the reason (a short code, for logs and staff)."""

    state: PrinterState
    reason: str = ""


STATUS_QUERIES = (1, 2, 3, 4)


def status_query(number: int) -> bytes:
    """DLE EOT `number`: asks in real time, ahead of everything waiting in the printer."""
    return bytes((0x10, 0x04, number))


def is_status_reply(byte: int) -> bool:
    """Whether `byte` has the fixed bits of an answer to DLE EOT: `0xx1xx10`."""
    return byte & 0x93 == 0x12


def is_ack(byte: int) -> bool:
    """Whether `byte` has the form of an answer to GS r 1: `0xx0eenn`, where both bits of the end of
    the paper, and both of its nearness, are alike.
    """
    return byte & 0x90 == 0 and byte & 0x0C in (0, 0x0C) and byte & 0x03 in (0, 0x03)


_FLOW_CONTROL = frozenset({0x11, 0x13})


def is_garbage(byte: int) -> bool:
    """Whether no printer of ESC/POS says `byte`: it is another kind of device, or a bad line."""
    return not (
        is_ack(byte) or is_status_reply(byte) or is_unasked_status(byte) or byte in _FLOW_CONTROL
    )


UNASKED_STATUS_BYTES = 4


def is_unasked_status(byte: int) -> bool:
    """Whether `byte` begins an automatic status (ASB, `0xx1xx00`). The three bytes that follow look
    like answers to GS r 1, but are not.
    """
    return byte & 0x93 == 0x10


def ack_confirms(byte: int) -> bool:
    """Whether an answer to GS r 1 means that the job is on paper, which it does not if the paper
    ran out meanwhile.
    """
    return byte & 0x0C == 0


def read_status(replies: Mapping[int, int]) -> Reading:
    """The state from the answers to DLE EOT 1 to 4, by query number. A query without an answer is
    left out.

    Bits after Epson's ESC/POS reference; the first rule that fits wins.
    """
    if 1 not in replies:
        return Reading(PrinterState.UNKNOWN, "no_answer")
    printer, offline, error, paper = (replies.get(number, 0) for number in STATUS_QUERIES)
    if offline & 0x04:
        return Reading(PrinterState.COVER_OPEN)
    if paper & 0x60 or offline & 0x20:
        return Reading(PrinterState.PAPER_OUT)
    if printer & 0x08:
        return Reading(PrinterState.OFFLINE, _name_error(offline, error))
    if paper & 0x0C:
        return Reading(PrinterState.PAPER_LOW)
    return Reading(PrinterState.READY)


def _name_error(offline: int, error: int) -> str:
    if error & 0x20:
        return "unrecoverable_error"
    if error & 0x08:
        return "cutter_error"
    if error & 0x40:
        return "head_too_hot"
    if error & 0x04:
        return "recoverable_error"
    if offline & 0x08:
        return "feed_button"
    return "error" if offline & 0x40 else ""
