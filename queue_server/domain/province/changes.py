"""What a change that is meant for many offices is in one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import LimitChange, ModeDecision
from queue_server.domain.office.modes import ModePeriod
from queue_server.domain.office.office import Office


def keep_mode(office: Office, said: ModePeriod, now: datetime) -> ModeDecision:
    """The decision that says something else to the public, and nothing more: the mode and the
    review that rule now stay, and the end, unless `said` ends earlier.
    """
    ruling = office.mode_period(now)
    if ruling is None:
        return ModeDecision(said)
    ends = [each for each in (ruling.ends_at, said.ends_at) if each is not None]
    return ModeDecision(
        replace(said, mode=ruling.mode, ends_at=min(ends, default=None), review_on=ruling.review_on)
    )


def limit_people(office: Office, people: int) -> LimitChange:
    """So many persons inside at most; the shares of the places stay as they are."""
    booking = office.rules.booking
    return LimitChange(people, booking.online_share, booking.urgent_share, booking.release_minutes)


def limit_share(office: Office, percent: int) -> LimitChange:
    """A share of the present limit, rounded down, and one person at least. Raises `BadInput`
    (percent, no_limit).
    """
    if office.people_limit is None:
        raise BadInput(field="percent", reason="no_limit")
    return limit_people(office, max(1, office.people_limit * percent // 100))
