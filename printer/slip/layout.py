"""What a slip says and in which order: one layout, drawn by every renderer.

A pure function from a `Slip` message to blocks. All text is cleaned here, so nothing that a visitor
or an office typed can become a printer command.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from printer.slip.blocks import (
    Banner,
    Block,
    Cut,
    Gap,
    Logo,
    Number,
    QrCode,
    Row,
    Rule,
    SlipUnprintable,
    Text,
)
from printer.slip.brevity import HEIGHT_MAX_MM, STEPS, Brevity
from printer.slip.cleaning import clean, clip, group_code, qr_content
from printer.slip.facts import read_time, state_facts, taken_at
from printer.slip.words import catalogue, choose_language, clock_text, day_text, moment_text
from queue_server.protocol.messages import Slip

CODE_MAX, URL_MAX, NUMBER_MAX, LARGE_MAX = 40, 300, 12, 45
"""Characters."""


def fit_slip(
    slip: Slip, height_mm: Callable[[tuple[Block, ...]], float], logo: Logo | None = None
) -> tuple[Block, ...]:
    """The blocks of `slip`, shortened as little as it takes to be `HEIGHT_MAX_MM` high at most by
    the renderer's own `height_mm`. Raises `SlipUnprintable`.
    """
    for brevity in STEPS[:-1]:
        blocks = lay_out(slip, brevity, logo)
        if height_mm(blocks) <= HEIGHT_MAX_MM:
            return blocks
    return lay_out(slip, STEPS[-1], logo)


def lay_out(slip: Slip, brevity: Brevity = STEPS[0], logo: Logo | None = None) -> tuple[Block, ...]:
    """The blocks of `slip` from top to bottom, in its own language, ending with `Cut`. `logo` is
    the office's picture. Raises `SlipUnprintable`.
    """
    if not clean(slip.number) and slip.starts_at is None:
        raise SlipUnprintable("a slip needs a number, or the time of a booking")
    language = choose_language(slip.language)
    has_come = bool(clean(slip.number))
    blocks: list[Block] = [
        *_head(slip, brevity, logo),
        *(_number(slip, brevity, language) if has_come else _confirm(slip, brevity, language)),
        *state_facts(slip, language, brevity.name_max),
        *_urgent(slip, brevity, language),
        Rule(),
        *_way_back(slip, brevity, language, has_come=has_come),
        Rule(),
        *_foot(slip, brevity, language),
        Cut(),
    ]
    return tuple(
        _in_size(each, brevity)
        for each in blocks
        if not (isinstance(each, Text) and not each.text)
        and (brevity.gaps or not isinstance(each, Gap))
        and not (brevity.small and isinstance(each, Rule))
    )


def _in_size(block: Block, brevity: Brevity) -> Block:
    """The block in small type where the slip is to be that short. A long text in large type would
    fill the paper.
    """
    if isinstance(block, Text | Row | QrCode) and brevity.small:
        return replace(block, size="small")
    if isinstance(block, Text) and block.size == "large" and len(block.text) > LARGE_MAX:
        return replace(block, size="normal")
    return block


def _head(slip: Slip, brevity: Brevity, logo: Logo | None) -> list[Block]:
    blocks: list[Block] = []
    if slip.copy:
        # In both languages on every slip: a clerk who is shown two papers must see which is the
        # copy.
        blocks += [Banner(f"SALINAN / COPY {slip.copy}"), Gap()]
    if logo is not None and brevity.logo:
        blocks += [logo, Gap()]
    return [
        *blocks,
        Text(clip(slip.office_name, brevity.name_max), bold=True),
        Text(clip(slip.header, brevity.line_max), size="small"),
        Gap(),
    ]


def _number(slip: Slip, brevity: Brevity, language: str) -> list[Block]:
    """The number of a visitor who has come, and where to wait."""
    _ = catalogue(language).gettext
    blocks: list[Block] = [
        Text(_("Your queue number")),
        Number(clean(slip.number)[:NUMBER_MAX]),
        Text(clip(slip.service_name, brevity.name_max), size="large", bold=True),
        Gap(),
    ]
    instruction = _instruct(slip.place, language)
    return [*blocks, Banner(instruction), Gap()] if instruction else blocks


def _confirm(slip: Slip, brevity: Brevity, language: str) -> list[Block]:
    """When to come, of a booking whose visitor has still to come, and what to bring."""
    _ = catalogue(language).gettext
    starts = read_time(slip.starts_at or "")
    blocks: list[Block] = [
        Text(_("Your appointment")),
        Text(day_text(starts, language), size="large", bold=True),
        Number(clock_text(starts.replace(tzinfo=None), language)),
        Text(clip(slip.service_name, brevity.name_max), size="large", bold=True),
        Gap(),
    ]
    bring = clip(slip.bring, brevity.list_max)
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


def _urgent(slip: Slip, brevity: Brevity, language: str) -> list[Block]:
    """Why the case is urgent, and what shows it."""
    _ = catalogue(language).gettext
    reason, evidence = (clip(each, brevity.list_max) for each in (slip.urgency, slip.evidence))
    return [
        Text(_("Urgent: {reason}").format(reason=reason) if reason else "", bold=True),
        Text(evidence),
    ]


def _way_back(slip: Slip, brevity: Brevity, language: str, *, has_come: bool) -> list[Block]:
    """When the number was taken, and the codes with which its holder follows it."""
    _ = catalogue(language).gettext
    blocks: list[Block] = []
    if has_come:
        # Of a booking that is yet to come, a second date would be taken for the day to come on.
        blocks.append(Text(moment_text(taken_at(slip), language), size="small"))
    if slip.offline:
        blocks.append(Text(_("Numbers are not always called in order"), size="small", bold=True))
    url = qr_content(slip.url)
    if 0 < len(url) <= URL_MAX:
        blocks += [Gap(), QrCode(url)]
        if not has_come:
            blocks.append(
                Text(
                    _("Show this code at the entrance. Scan it to move or cancel your visit."),
                    size="small",
                )
            )
        elif brevity.asides:
            blocks.append(Text(_("Scan to follow your turn"), size="small"))
        blocks.append(Gap())
    code = group_code(slip.code)
    if code:
        blocks.append(Row(_("Ticket code"), code[:CODE_MAX]))
    return blocks


def _foot(slip: Slip, brevity: Brevity, language: str) -> list[Block]:
    _ = catalogue(language).gettext
    return [
        Text(_("This service is FREE"), bold=True),
        Text(_("Beware of touts"), bold=True),
        Text(clip(slip.footer, brevity.line_max), size="small"),
        Text(_("This slip holds no personal data.") if brevity.asides else "", size="small"),
    ]
