"""What a slip says and in which order: one layout, drawn by every renderer.

A pure function from a `Slip` message to blocks. A block says what a line is, not where it is
placed; the renderers (`thermal`, `typeset` with `pdf` and `png`, `text`) know the paper. All text
is cleaned here of control, format and line-break characters, so nothing that a visitor or an office
typed can become a printer command.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from printer.slip.words import catalogue, choose_language, clock_text, day_text, moment_text
from queue_server.protocol.messages import Slip, WaitRange

Size = Literal["small", "normal", "large"]


AWAY_MINUTES_MIN = 10
"""From how long a wait on a slip says when to be back."""


class SlipUnprintable(ValueError):
    """The slip has neither number nor booked time, or a time that cannot be parsed."""


@dataclass(frozen=True)
class Text:
    """A centred paragraph; wraps between words."""

    text: str
    size: Size = "normal"
    bold: bool = False


@dataclass(frozen=True)
class Banner:
    """White on black over the whole width, for text that must not be overlooked."""

    text: str


@dataclass(frozen=True)
class Number:
    """The ticket number, as large as the paper allows."""

    text: str


@dataclass(frozen=True)
class Row:
    """A fact: its label on the left, its value on the right, or below if both do not fit."""

    label: str
    value: str


@dataclass(frozen=True)
class QrCode:
    """A QR code of `content`, centred."""

    content: str


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Gap:
    """White space of `half_lines` half lines of normal text."""

    half_lines: int = 1


@dataclass(frozen=True)
class Cut:
    """The end: feed past the tear bar and cut where there is a cutter."""


Block: TypeAlias = Text | Banner | Number | Row | QrCode | Rule | Gap | Cut


def lay_out(slip: Slip) -> tuple[Block, ...]:
    """The blocks of `slip` from top to bottom, in its own language, ending with `Cut`.

    Raises `SlipUnprintable`.
    """
    if not clean(slip.number) and slip.starts_at is None:
        raise SlipUnprintable("a slip needs a number, or the time of a booking")
    language = choose_language(slip.language)
    _ = catalogue(language).gettext
    blocks: list[Block] = []
    if slip.copy:
        # In both languages on every slip: a clerk who is shown two papers must see which is the
        # copy.
        blocks += [Banner(f"SALINAN / COPY {slip.copy}"), Gap()]
    blocks += [Text(clean(slip.office_name), bold=True), Gap()]
    blocks += _number(slip, language) if clean(slip.number) else _confirm(slip, language)
    blocks += _state_facts(slip, language)
    blocks.append(Rule())
    if clean(slip.number):
        # Of a booking that is yet to come, a second date would be taken for the day to come on.
        blocks.append(Text(moment_text(_taken_at(slip), language), size="small"))
    if slip.url:
        blocks += [
            Gap(),
            QrCode(qr_content(slip.url)),
            Text(
                _("Scan to follow your turn")
                if clean(slip.number)
                else _("Show this code at the entrance. Scan it to move or cancel your visit."),
                size="small",
            ),
            Gap(),
        ]
    if slip.code:
        blocks.append(Row(_("Ticket code"), group_code(slip.code)))
    blocks += [
        Rule(),
        Text(_("This service is FREE"), bold=True),
        Text(_("Beware of touts"), bold=True),
        Text(_("This slip holds no personal data."), size="small"),
        Cut(),
    ]
    return tuple(block for block in blocks if not (isinstance(block, Text) and not block.text))


def _number(slip: Slip, language: str) -> list[Block]:
    """The number of a visitor who has come, and where to wait."""
    _ = catalogue(language).gettext
    blocks: list[Block] = [
        Text(_("Your queue number")),
        Number(clean(slip.number)),
        Text(clean(slip.service_name), size="large", bold=True),
        Gap(),
    ]
    instruction = _instruct(slip.place, language)
    return [*blocks, Banner(instruction), Gap()] if instruction else blocks


def _confirm(slip: Slip, language: str) -> list[Block]:
    """When to come, of a booking whose visitor has still to come, and what to bring."""
    _ = catalogue(language).gettext
    starts = _read_time(slip.starts_at or "")
    blocks: list[Block] = [
        Text(_("Your appointment")),
        Text(day_text(starts, language), size="large", bold=True),
        Number(clock_text(starts.replace(tzinfo=None), language)),
        Text(clean(slip.service_name), size="large", bold=True),
        Gap(),
    ]
    bring = clean(slip.bring)
    return [*blocks, Text(_("Bring: {list}").format(list=bring)), Gap()] if bring else blocks


def _instruct(place: str, language: str) -> str:
    _ = catalogue(language).gettext
    match place.upper():
        case "INSIDE":
            return _("Please wait inside")
        case "OUTSIDE":
            return _("Please wait outside until called in")
        case _:
            return ""


def _state_facts(slip: Slip, language: str) -> list[Block]:
    words = catalogue(language)
    _ = words.gettext
    facts: list[Block] = []
    if slip.ahead is not None:
        people = words.ngettext("{count} person", "{count} people", slip.ahead).format(
            count=slip.ahead
        )
        facts.append(Row(_("Ahead of you"), people if slip.ahead else _("nobody")))
    if slip.wait is not None:
        facts.append(Row(_("Expected wait"), _wait_text(slip.wait, language)))
    back_by = _back_by(slip)
    if back_by is not None:
        facts.append(Row(_("Be back by"), clock_text(back_by, language)))
    if slip.starts_at is not None and clean(slip.number):
        starts = _read_time(slip.starts_at)
        today = starts.date() == _taken_at(slip).date()
        when = (
            _span_text(starts, slip.ends_at, language) if today else moment_text(starts, language)
        )
        facts.append(Row(_("Booked for"), when))
    if slip.party_size > 1:
        facts.append(
            Row(
                _("Party"),
                words.ngettext("{count} person", "{count} people", slip.party_size).format(
                    count=slip.party_size
                ),
            )
        )
    return facts


def _back_by(slip: Slip) -> datetime | None:
    """When who waits outside must be back at the latest: the early end of the wait, as the ticket's
    page counts. None where it is too near to go anywhere.
    """
    if slip.place.upper() != "OUTSIDE" or slip.wait is None or slip.wait.low < AWAY_MINUTES_MIN:
        return None
    return _taken_at(slip) + timedelta(minutes=slip.wait.low)


def _taken_at(slip: Slip) -> datetime:
    """When this visitor joined the queue: a booking's check-in, a walk-in's number."""
    return _read_time(slip.issued_at if slip.checked_in_at is None else slip.checked_in_at)


def _wait_text(wait: WaitRange, language: str) -> str:
    _ = catalogue(language).gettext
    if wait.low >= wait.high:
        return _("at most {high} minutes").format(high=wait.high)
    if wait.low <= 0:
        return _("less than {high} minutes").format(high=wait.high)
    return _("{low}\N{EN DASH}{high} minutes").format(low=wait.low, high=wait.high)


def _span_text(starts: datetime, ends_at: str | None, language: str) -> str:
    """The booked time from its start to its end, "08.00–09.00 WIB"; servers of older releases do
    not send the end.
    """
    if ends_at is None:
        return clock_text(starts, language)
    opens = clock_text(starts.replace(tzinfo=None), language)
    closes = clock_text(_read_time(ends_at), language)
    return f"{opens}\N{EN DASH}{closes}"


def _read_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise SlipUnprintable(f"{text!r} is not a time") from None


def clean(text: str) -> str:
    """`text` composed (NFC), on one line, without control, format, surrogate or unassigned
    characters.
    """
    spaced = "".join(
        " " if unicodedata.category(each) in ("Cc", "Zl", "Zp", "Zs") else each
        for each in unicodedata.normalize("NFC", text)
    )
    return " ".join(
        "".join(
            each for each in spaced if unicodedata.category(each) not in ("Cf", "Cs", "Co", "Cn")
        ).split()
    )


def group_code(code: str) -> str:
    """A ticket code in groups of three or four, such as "7F3K-9Q2M"; a code that already has
    hyphens is kept.
    """
    text = clean(code).upper()
    if "-" in text or len(text) < 6:
        return text
    groups = -(-len(text) // 4)
    size, longer = divmod(len(text), groups)
    parts, start = [], 0
    for index in range(groups):
        end = start + size + (index < longer)
        parts.append(text[start:end])
        start = end
    return "-".join(parts)


def qr_content(url: str) -> str:
    """The address for the QR code: a ticket's own address in capitals, any other as it is.

    A QR code packs `0-9 A-Z $%*+-./:` more tightly. Scheme and host are not case-sensitive, and the
    server answers to `/T/CODE`. A path before that belongs to the proxy in front of the server, and
    may be case-sensitive.
    """
    address = clean(url).replace(" ", "")
    return (
        address.upper()
        if re.fullmatch(r"https?://[0-9a-z.:-]+/t/[0-9a-z]+", address, re.IGNORECASE)
        else address
    )
