"""What auditors send."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Query
from .kinds import Day


class EventsQuery(Query):
    """Which day, today if left out; where to go on, the `next` of the page before; and how many
    events at most.
    """

    date: Day | None = None
    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 500
