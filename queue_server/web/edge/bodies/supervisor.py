"""What supervisors send."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Body, Query
from .counter import ReasonBody
from .kinds import PRINTABLE, Day, Language, Line, Moment


class OverridesQuery(Query):
    """Which day, today if left out, and where to go on: the `next` of the page before."""

    date: Day | None = None
    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")] | None = None


class PauseBody(Body):
    """Whether to stop for a while, with the reason, or to send everybody out; `drill` when that is
    only practised.
    """

    kind: Literal["PAUSE", "EVACUATION"]
    reason: Line = ""
    drill: Annotated[bool, Field(strict=True)] = False


class ResumeBody(ReasonBody):
    """Which standstill shall end; another one stays. Left out: whichever there is."""

    kind: Literal["PAUSE", "EVACUATION"] | None = None


class StreamsBody(ReasonBody):
    """The letters of the streams to serve today, and why; none for the usual ones."""

    streams: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]], Field(max_length=26)
    ] = Field(default_factory=list)


class ReleaseBody(ReasonBody):
    """Whose counter it was, as the sender saw it, and why it is closed."""

    clerk: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=PRINTABLE)]


class AnnouncementBody(Body):
    """A short text in both languages, and when the screens show it: from now on without a start."""

    text: dict[Language, Annotated[str, StringConstraints(max_length=140, pattern=PRINTABLE)]]
    starts_at: Moment | None = None
    ends_at: Moment
