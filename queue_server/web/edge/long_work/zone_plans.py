"""The limits and plans of zones, computed beside the loop: to choose among hundreds of seats takes
seconds.
"""

from __future__ import annotations

from typing import cast

from queue_server.domain.room.capacity import ZoneLimit
from queue_server.domain.room.plan import ZonePlan, is_quick, plan_zone
from queue_server.domain.room.zones import Zone
from queue_server.web.edge.context import context

_JOB = f"{plan_zone.__module__}:{plan_zone.__name__}"


def find_plan(zone: Zone) -> ZonePlan:
    """A zone's limit and places: computed once for each description of a zone, whoever looks.
    Raises `Overloaded`.
    """
    return (
        plan_zone(zone) if is_quick(zone) else cast(ZonePlan, context().beside.compute(_JOB, zone))
    )


def find_limit(zone: Zone) -> ZoneLimit:
    """A zone's limit alone. Raises `Overloaded`."""
    return find_plan(zone).limit
