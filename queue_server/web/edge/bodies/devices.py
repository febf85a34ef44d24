"""What devices and those who approve them send."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Body
from .kinds import PRINTABLE, FactName, FactValue, Language, Line, Word


class PairingBody(Body):
    """What kind of device asks."""

    kind: Literal["kiosk", "display", "printer", "sensor"]


class CollectBody(Body):
    """The secret the device got when it asked."""

    secret: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]


class ApprovalBody(Body):
    """The code on the device's screen, and what to call the device."""

    pairing_code: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=PRINTABLE)]
    name: Line = ""


class HelpBody(Body):
    """Which screen the visitor calls from, in which language, and why."""

    language: Language
    screen: Word
    reason: Literal["VISITOR", "PAPER"] = "VISITOR"


class HeartbeatBody(Body):
    """A device's health: up to 40 small facts."""

    build: Line
    facts: Annotated[dict[FactName, FactValue], Field(max_length=40)] = Field(default_factory=dict)


class SlipReportBody(Body):
    """What became of a slip that was ordered: which visit's, which copy, and how it went."""

    ticket: Word
    copy_: Annotated[int, Field(alias="copy", ge=0, le=10_000, strict=True)]
    outcome: Literal["printed", "unconfirmed", "not_printed"]
