"""A waiting visitor as the call order sees one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from queue_server.domain.visit.turn import Wanted


@dataclass(frozen=True, order=True)
class Candidate:
    """A waiting ticket as the call order sees it. The ticket's id breaks ties, so the order is
    total.

    `credit_minutes` are those of the turn time; `came_at` is the arrival, None where nobody asks
    for it; `away`: the visitor has stepped away, and nobody calls them or lets them in. A `remote`
    one is rung at home; `inside` is true of them too, since the call needs no room.
    """

    turn_time: datetime
    ticket: str
    letter: str
    party_size: int
    inside: bool
    wanted: Wanted | None = field(default=None, compare=False)
    credit_minutes: int = field(default=0, compare=False)
    came_at: datetime | None = field(default=None, compare=False)
    away: bool = field(default=False, compare=False)
    remote: bool = field(default=False, compare=False)
