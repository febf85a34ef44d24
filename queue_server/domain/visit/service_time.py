"""How long a visit is served, against the minutes that its service is planned for: when it takes
longer than planned, and when the clerk may have forgotten to finish it. Nobody is hurried by it,
and nothing is stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .ticket import Ticket
from .transitions import State

FORGOTTEN_AFTER_TIMES = 2
"""A visit that has been served for so many times the planned minutes may have been forgotten."""


class Pace(StrEnum):
    """How the time at the counter compares with the planned one."""

    AS_PLANNED = "as_planned"
    LONGER = "longer"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True)
class ServiceTarget:
    """The `minutes` planned for a visit, from when on it takes longer, and from when on its clerk
    is asked whether it still goes on. Invariant: `longer_from` < `asked_from`.
    """

    minutes: int
    longer_from: datetime
    asked_from: datetime

    def pace_at(self, now: datetime) -> Pace:
        if now >= self.asked_from:
            return Pace.FORGOTTEN
        return Pace.LONGER if now >= self.longer_from else Pace.AS_PLANNED


def service_target(ticket: Ticket, minutes: int) -> ServiceTarget | None:
    """The target of a visit whose service is planned for `minutes`; None for one who is not being
    served. Who was put on hold or sent on is served anew from the next start.
    """
    if ticket.state is not State.SERVING or ticket.started_at is None:
        return None
    planned = timedelta(minutes=minutes)
    return ServiceTarget(
        minutes, ticket.started_at + planned, ticket.started_at + FORGOTTEN_AFTER_TIMES * planned
    )
