"""What an office may write into its own messages: which placeholders, how long, and what no message
of a kind may leave out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .message import MessageKind

SUBJECT_MAX, BODY_MAX, TEXT_MAX = 120, 3_000, 320
"""Characters, placeholders as they are written."""

_VISIT = frozenset({"office", "address", "service", "time", "code", "url", "bring"})
_LINE = frozenset({"office", "address", "service", "number", "url"})

PLACEHOLDERS: Mapping[MessageKind, frozenset[str]] = {
    MessageKind.CONFIRMATION: _VISIT | {"urgent"},
    MessageKind.CHANGED: _VISIT | {"urgent", "old_time"},
    MessageKind.REMINDER: _VISIT | {"urgent"},
    MessageKind.WITHDRAWN: _VISIT,
    MessageKind.STRANDED: _VISIT,
    MessageKind.MOVED: _VISIT,
    MessageKind.CANCELLED: _VISIT,
    MessageKind.VOIDED: _VISIT,
    MessageKind.AHEAD: _LINE,
    MessageKind.COME_IN: _LINE,
    MessageKind.CALL: _LINE | {"counter"},
    MessageKind.OFFER: _VISIT | {"until"},
    MessageKind.ATTEMPTED: _VISIT,
    MessageKind.LOCKED: _VISIT,
    MessageKind.LOST_CODE: _VISIT - {"bring"},
}
"""What each kind of message that an office may word can name. None of them names a person, and
there is none for a NIK. PROVE is not an office's to word: it asks strangers for an answer.
"""

NEEDED: Mapping[MessageKind, frozenset[str]] = {
    MessageKind.CONFIRMATION: frozenset({"time", "code"}),
    MessageKind.CHANGED: frozenset({"time", "code"}),
    MessageKind.REMINDER: frozenset({"time", "code"}),
    MessageKind.WITHDRAWN: frozenset({"time"}),
    MessageKind.STRANDED: frozenset({"time", "url"}),
    MessageKind.MOVED: frozenset({"time", "url"}),
    MessageKind.CANCELLED: frozenset({"time"}),
    MessageKind.VOIDED: frozenset({"time"}),
    MessageKind.AHEAD: frozenset({"number"}),
    MessageKind.COME_IN: frozenset({"number"}),
    MessageKind.CALL: frozenset({"number", "counter"}),
    MessageKind.OFFER: frozenset({"time", "until", "url"}),
    MessageKind.ATTEMPTED: frozenset({"time"}),
    MessageKind.LOCKED: frozenset({"time"}),
    MessageKind.LOST_CODE: frozenset({"code", "url"}),
}
"""What the mail and the text for the telephone must both name: without it their reader cannot do
what the message is for.
"""

_NAMED = re.compile(r"\{([^{}]*)\}")
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True)
class Words:
    """One kind of message in one language: a mail's subject and its paragraphs, between which a
    line is left empty, and the short text for a telephone. `{name}` stands for a value.
    """

    subject: str
    body: str
    text: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with one part of some words: `name` is the placeholder that is meant."""

    part: str
    reason: str
    name: str = ""


@dataclass(frozen=True)
class SmsLength:
    """How long a text is as SMS: in characters of its alphabet, and in how many parts it goes, each
    of which is paid for. `is_plain`: none of its characters needs the alphabet of half the length.
    """

    characters: int
    parts: int
    is_plain: bool


def tidy_words(subject: str, body: str, text: str) -> Words:
    """Words as typed: one line of subject and text, and paragraphs with one empty line between.
    Tabs and the fixed spaces of text processors become spaces.
    """
    lines = [re.sub(r"[\t\xa0]", " ", line).rstrip() for line in body.splitlines()]
    paragraphs = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n ")
    return Words(" ".join(subject.split()), paragraphs, " ".join(text.split()))


def find_faults(kind: MessageKind, words: Words) -> tuple[Fault, ...]:
    """What is wrong with words for a kind of message, at most one fault for each part, in order."""
    parts = (
        ("subject", words.subject, SUBJECT_MAX, frozenset[str]()),
        ("body", words.body, BODY_MAX, NEEDED[kind]),
        ("text", words.text, TEXT_MAX, NEEDED[kind]),
    )
    faults = (_find_fault(kind, *each) for each in parts)
    return tuple(each for each in faults if each is not None)


def _find_fault(
    kind: MessageKind, part: str, written: str, most: int, needed: frozenset[str]
) -> Fault | None:
    if not written:
        return Fault(part, "missing")
    if len(written) > most:
        return Fault(part, "too_long", str(most))
    if not all(each.isprintable() or each == "\n" for each in written):
        return Fault(part, "characters")
    names = list_named(written)
    for name in names:
        if name not in PLACEHOLDERS[kind]:
            return Fault(part, "placeholder", name)
    if "{" in _NAMED.sub("", written) or "}" in _NAMED.sub("", written):
        return Fault(part, "brace")
    lacking = sorted(needed - set(names))
    return Fault(part, "needed", lacking[0]) if lacking else None


def list_named(written: str) -> Sequence[str]:
    """The placeholders of a text, in order."""
    return _NAMED.findall(written)


def measure_sms(text: str) -> SmsLength:
    """How long a text is as SMS (GSM 03.38; 160 characters, or 153 in each of several parts; with
    any other character 70 or 67).
    """
    if all(each in _GSM or each in _GSM_TWICE for each in text):
        length = len(text) + sum(each in _GSM_TWICE for each in text)
        return SmsLength(length, _count_parts(length, 160, 153), is_plain=True)
    length = len(text.encode("utf-16-le")) // 2
    return SmsLength(length, _count_parts(length, 70, 67), is_plain=False)


def _count_parts(length: int, alone: int, each: int) -> int:
    return 1 if length <= alone else -(-length // each)
