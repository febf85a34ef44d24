"""An event as reports read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queue_server.domain.events import EventType

Facts = Mapping[str, Any]

Line = tuple[str, str | None, int, Facts | None]
"""Type, ticket, moment in microseconds since 1970, and facts: at least those in `TOLD_BY_FACTS`. A
plain tuple: a year has millions of them.
"""

_INTRODUCTION = ("state", "party_size", "kind")
TOLD_BY_FACTS: Mapping[str, tuple[str, ...]] = {
    EventType.HELD: _INTRODUCTION,
    EventType.BOOKED: _INTRODUCTION,
    EventType.PLACES_TAKEN: _INTRODUCTION,
    EventType.WALKED_IN: ("party_size", "place"),
    EventType.CHECKED_IN: ("party_size", "changed"),
    EventType.RETURNED: ("party_size", "changed"),
    EventType.RESCHEDULED: ("changed",),
    EventType.PARTY_CHANGED: ("changed",),
    EventType.OCCUPANCY_CORRECTED: ("persons", "delta"),
    EventType.DOOR_COUNTED: ("changed",),
    EventType.LIMIT_CHANGED: ("changed",),
    EventType.COUNTER_OPENED: ("counter",),
    EventType.BREAK_STARTED: ("counter",),
    EventType.COUNTER_CLOSED: ("counter",),
    EventType.CALLED: ("direct", "reason"),
}
"""Events of which more matters than that they happened, and the facts that do."""

MOST_FREQUENT_OTHERS = (EventType.STARTED, EventType.FINISHED)
"""Half of all events. Nobody need ask for their facts."""
