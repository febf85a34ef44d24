"""An event as reports read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queue_server.domain.events import EventType

Facts = Mapping[str, Any]

Line = tuple[str, str, int, Facts]
"""Type, ticket ("" without one), moment in microseconds since 1970, and facts: those of the types
in `TOLD_BY_FACTS` and of a call that a clerk picked, empty elsewhere. A plain tuple: a year has
millions of them.
"""

TOLD_BY_FACTS = frozenset(
    {
        EventType.HELD,
        EventType.BOOKED,
        EventType.WALKED_IN,
        EventType.PLACES_TAKEN,
        EventType.CHECKED_IN,
        EventType.RETURNED,
        EventType.RESCHEDULED,
        EventType.PARTY_CHANGED,
        EventType.OCCUPANCY_CORRECTED,
        EventType.DOOR_COUNTED,
        EventType.LIMIT_CHANGED,
        EventType.COUNTER_OPENED,
        EventType.BREAK_STARTED,
        EventType.COUNTER_CLOSED,
    }
)
"""Events of which more matters than that they happened."""
