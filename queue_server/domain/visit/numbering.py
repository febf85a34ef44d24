"""Ticket numbers and secret codes: what is printed, said aloud and typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from queue_server.domain.errors import UnknownCode

LEASED_FIRST, LEASED_LAST = 501, 999
"""Numbers set aside for kiosks that must issue without the server; the server's own sequence skips
them.
"""

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so a code survives being read aloud."""

CODE_LENGTH = 12
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_NUMBER = re.compile(r"[A-Z]\d{3,6}\Z")
_CODE = re.compile(rf"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}\Z")


def ticket_number(letter: str, sequence: int) -> str:
    """The n-th number of a stream's day: A001 … A500, then A1000 …; unique for each sequence >=
    1.
    """
    value = sequence if sequence < LEASED_FIRST else sequence + (LEASED_LAST - LEASED_FIRST + 1)
    return f"{letter}{value:03d}"


def leased_number(letter: str, sequence: int) -> str:
    """A number of the range that is set aside, `LEASED_FIRST` to `LEASED_LAST`: A501 … A999."""
    return f"{letter}{sequence:03d}"


def code_from_bits(bits: int) -> str:
    """A secret ticket code from 60 random bits, as 12 characters."""
    characters = []
    for _ in range(CODE_LENGTH):
        bits, index = divmod(bits, 32)
        characters.append(CODE_ALPHABET[index])
    return "".join(characters)


def parse_code(text: str) -> str:
    """A typed, spoken or scanned code in its one spelling. Raises `UnknownCode` for what cannot be
    a code.
    """
    code = re.sub(r"[\s-]", "", text.upper()).translate(_LOOKALIKES)
    if not _CODE.match(code):
        raise UnknownCode()
    return code


def group_code(code: str) -> str:
    """A code in three groups of four, as people read it: `7F3K-9Q2M-0ABC`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


@dataclass(frozen=True)
class CodeReference:
    """A ticket meant by its secret code."""

    code: str


@dataclass(frozen=True)
class NumberReference:
    """A ticket meant by its number of today."""

    number: str


@dataclass(frozen=True)
class IdReference:
    """A ticket meant by its id, which no person types."""

    id: str


def parse_reference(text: str) -> CodeReference | NumberReference | IdReference:
    """Which ticket is meant by what was typed, scanned or sent: a code, the link of a ticket, a
    number or an id.

    An id is what is longer than any code, however it is grouped. Raises `UnknownCode` for what can
    be none of them.
    """
    last = text.strip().rstrip("/").rpartition("/")[2]
    bare = re.sub(r"[\s-]", "", last)
    if _NUMBER.match(bare.upper()):
        return NumberReference(bare.upper())
    return IdReference(last) if len(bare) > 2 * CODE_LENGTH else CodeReference(parse_code(bare))
