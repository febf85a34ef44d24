"""What managers send to set a screen."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from queue_server.domain.office.devices.displays import (
    COUNTERS_MAX,
    DIAGONAL_INCH,
    DISTANCE_M,
    MESSAGE_MAX,
    NAME_MAX,
    QUIET_MAX,
    REPEATS,
    VOLUME,
)

from .base import Body
from .kinds import PRINTABLE, Language, Word

Name = Annotated[str, StringConstraints(max_length=NAME_MAX, pattern=PRINTABLE)]
Message = Annotated[str, StringConstraints(max_length=MESSAGE_MAX, pattern=PRINTABLE)]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class QuietBody(Body):
    """A stretch of each day without sound, in the office's time, as `12:00`."""

    starts: ClockTime
    ends: ClockTime


class HallBody(Body):
    """Some counters, by id, that stand together, and their heading by language."""

    name: dict[Language, Name] = Field(default_factory=dict)
    counters: Annotated[list[Word], Field(max_length=COUNTERS_MAX)]


class DisplayBody(Body):
    """The settings of a screen. What is left out stays. With `version` they are refused if those of
    the screen have changed since.
    """

    layout: Literal["main", "halls", "counter", "entry"] | None = None
    zone: Name | None = None
    halls: Annotated[list[HallBody], Field(max_length=2)] | None = None
    languages: Annotated[list[Language], Field(min_length=1, max_length=2)] | None = None
    voice: bool | None = None
    spoken: Literal["visitor", "both"] | None = None
    also_spoken: Annotated[str, StringConstraints(pattern="^([a-z]{2,3})?$")] | None = None
    repeats: Annotated[int, Field(ge=REPEATS[0], le=REPEATS[1])] | None = None
    volume: Annotated[int, Field(ge=VOLUME[0], le=VOLUME[1])] | None = None
    quiet: Annotated[list[QuietBody], Field(max_length=QUIET_MAX)] | None = None
    message: dict[Language, Message] | None = None
    media: bool | None = None
    distance_m: Annotated[int, Field(ge=DISTANCE_M[0], le=DISTANCE_M[1])] | None = None
    diagonal_inch: Annotated[int, Field(ge=DIAGONAL_INCH[0], le=DIAGONAL_INCH[1])] | None = None
    version: Word | None = None
