"""A slip as plain text, for the virtual printer, the log and human readers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from printer.device.profile import PrinterProfile
from printer.slip.blocks import Banner, Block, Gap, Number, QrCode, Row, Rule, Text
from printer.slip.layout import lay_out
from queue_server.protocol.messages import Slip


def render_text(slip: Slip, profile: PrinterProfile) -> str:
    """The slip in lines of at most `profile.columns` characters. Raises `SlipUnprintable`."""
    lines = [line for block in lay_out(slip) for line in _lines(block, profile.columns)]
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def _lines(block: Block, columns: int) -> Iterator[str]:
    match block:
        case Text(text) | Banner(text):
            for line in textwrap.wrap(text, columns):
                yield line.center(columns)
        case Number(text):
            yield ""
            yield text.center(columns)
            yield ""
        case Row(label, value):
            if len(label) + len(value) + 2 <= columns:
                yield label + value.rjust(columns - len(label))
            else:
                for line in (*textwrap.wrap(label, columns), *textwrap.wrap(value, columns)):
                    yield line.center(columns)
        case QrCode(content):
            # Never wrapped: the address must be whole to be copied.
            yield content.center(columns)
        case Rule():
            yield "-" * columns
        case Gap():
            yield ""
        case _:
            return
