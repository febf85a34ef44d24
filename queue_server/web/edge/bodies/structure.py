"""What managers send to change the streams, services and counters of an office."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from queue_server.domain.office.settings.structure import (
    COUNTERS_MAX,
    QUOTA_MAX,
    SERVICES_MAX,
    STREAMS_MAX,
)

from .base import Body, Query
from .kinds import Language, Line
from .office import ChangeBody

Names = dict[Language, Line]
Quota = Annotated[int, Field(ge=0, le=QUOTA_MAX, strict=True)] | None


class StreamBody(Body):
    """A queue: how many visits may have a place in one slot, and how many numbers it gives on one
    day to those without a booking; null: as many as there is room for.
    """

    letter: Line
    name: Names
    slot_quota: Quota = None
    walk_in_quota: Quota = None


class ServiceBody(Body):
    """A service: its queue, its planned minutes, and the number that whoever books must give. What
    the public reads of a known one stays; a new one needs a `summary`.
    """

    code: Line
    letter: Line
    name: Names
    minutes: Annotated[int, Field(strict=True)]
    identity: Literal["NIK", "PASSPORT", "NIK_OR_PASSPORT"] = "NIK"
    summary: Names = Field(default_factory=dict)


class CounterBody(Body):
    """A counter and the queues that it serves; one without an `id` is new."""

    id: Line | None = None
    name: Line
    letters: Annotated[list[Line], Field(max_length=STREAMS_MAX)]


class StructureBody(ChangeBody):
    """Whole layers of an office, in their order; one that is left out stays. What is missing in a
    layer is taken away, unless it is in use.
    """

    streams: Annotated[list[StreamBody], Field(max_length=STREAMS_MAX)] | None = None
    services: Annotated[list[ServiceBody], Field(max_length=SERVICES_MAX)] | None = None
    counters: Annotated[list[CounterBody], Field(max_length=COUNTERS_MAX)] | None = None


class HistoryQuery(Query):
    """The changes before a revision, the newest first, at most `limit`."""

    before: Annotated[int, Field(ge=1, le=2**31)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
