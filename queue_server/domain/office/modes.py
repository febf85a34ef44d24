"""How far an office or a service is open to visitors, for how long, and what that means for one
visit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class ServiceMode(StrEnum):
    """From the most open to the least."""

    NORMAL = "NORMAL"
    ONLINE_FIRST = "ONLINE_FIRST"
    URGENT_ONLY = "URGENT_ONLY"
    CLOSED = "CLOSED"


@dataclass(frozen=True)
class ModePeriod:
    """A decision: the mode of an office, or of one `service`, from a moment to another (None: until
    it is decided anew).

    `review_on` is the date on which the office has promised to look at it again; `notice` what the
    public is told.
    """

    id: str
    mode: ServiceMode
    starts_at: datetime
    decided_at: datetime
    decided_by: str
    ends_at: datetime | None = None
    service: str | None = None
    review_on: date | None = None
    notice: Mapping[str, str] = field(default_factory=dict)

    def covers(self, moment: datetime) -> bool:
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


def period_at(
    periods: Iterable[ModePeriod], service: str | None, moment: datetime
) -> ModePeriod | None:
    """The newest decision on an office (`service` None) or one service that covers a moment, or
    None: NORMAL.
    """
    covering = [each for each in periods if each.service == service and each.covers(moment)]
    return max(covering, key=lambda each: (each.decided_at, each.id), default=None)


def is_overruled(periods: Iterable[ModePeriod], period: ModePeriod, moment: datetime) -> bool:
    """Whether a decision that covers a moment does not rule then, because a newer one of
    `periods` on the same matter does.
    """
    return period.covers(moment) and period_at(periods, period.service, moment) != period


def overdue_review(periods: Collection[ModePeriod], today: date, moment: datetime) -> date | None:
    """The earliest date on which a decision that rules now should have been looked at again, and
    has not been; None if none is late. A decision looked at is decided anew, with another date.
    """
    return min(
        (
            each.review_on
            for each in periods
            if each.review_on is not None
            and each.review_on < today
            and each.covers(moment)
            and not is_overruled(periods, each, moment)
        ),
        default=None,
    )


_STRICTNESS = {mode: strictness for strictness, mode in enumerate(ServiceMode)}


def stricter(first: ServiceMode, second: ServiceMode) -> ServiceMode:
    """The one of two modes that lets fewer in."""
    return max(first, second, key=_STRICTNESS.__getitem__)
