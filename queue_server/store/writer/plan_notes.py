"""What commands have found out about the plan of an office-day, so that a full day is not searched
anew for each visitor.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from queue_server.domain.booking.places import DayPlan


class PlanNotes:
    """Notes on one plan. They hold for that very value alone: `Transaction.notes` begins new ones
    with every plan that is put or read.

    `quiet_until`: before it no hold of the day runs out and nothing kept back is due; None while
    nobody knows. Whatever is taken anew makes a new plan; whoever keeps back what was taken already
    says so by `note_due`. What an undone command has noted stays: it may be early, and is late
    only where the command had put off the end of a hold.
    """

    def __init__(self, plan: DayPlan) -> None:
        self.plan = plan
        self.quiet_until: datetime | None = None
        self._refused: dict[Hashable, tuple[datetime, datetime]] = {}

    def note_due(self, due_at: datetime) -> None:
        """Something that the plan counts as taken comes free at a moment."""
        if self.quiet_until is not None:
            self.quiet_until = min(self.quiet_until, due_at)

    def note_refused(self, kind: Hashable, since: datetime, until: datetime) -> None:
        """From one moment until another the plan has no place for a kind of visit."""
        self._refused[kind] = since, until

    def is_refused(self, kind: Hashable, now: datetime) -> bool:
        """Whether it is known that there is no place for a kind of visit."""
        known = self._refused.get(kind)
        return known is not None and known[0] <= now < known[1]
