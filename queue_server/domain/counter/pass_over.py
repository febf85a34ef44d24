"""How long a smaller party may be called past the first one outside: the pass-over time, by
docs/adr/0009-the-door.md and docs/adr/0019-pass-over-time-starts-at-the-head-of-the-line.md.

Called means admitted: what holds for coming in holds for being called from outside as well.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.occupancy import Occupancy

from .candidate import Candidate


def passed_over_since(first: Candidate, let_in_before: datetime | None) -> datetime:
    """Since when the first party outside has been first there and did not fit.

    The latest of its arrival, of the time that counts for it, and of `let_in_before`: when the last
    of those went in who stood before it and had come before it. A credit puts a party further
    ahead, but it has not stood at the door for that time. Who came later and went in before it does
    not count, or favoured newcomers could put its time off for ever.
    """
    due = first.turn_time + timedelta(minutes=first.credit_minutes)
    return max(each for each in (due, first.came_at, let_in_before) if each is not None)


def keeps_door(
    first: Candidate | None,
    occupancy: Occupancy,
    rules: Rules,
    now: datetime,
    let_in_before: datetime | None = None,
) -> bool:
    """Whether the first party outside has waited so long for enough room that nobody outside is
    called past it.

    For `pass_over_minutes` a counter that would stand idle may call a smaller party from behind it;
    after that the room empties until it fits. Without this end, a family could wait for ever behind
    single visitors. `let_in_before` as for `passed_over_since`.
    """
    if first is None or occupancy.fits(first.party_size):
        return False
    return now >= passed_over_since(first, let_in_before) + timedelta(
        minutes=rules.door.pass_over_minutes
    )


def room_for_calls(
    occupancy: Occupancy,
    first_outside: Candidate | None,
    let_in_before: datetime | None,
    rules: Rules,
    now: datetime,
) -> Occupancy:
    """The room as a call from outside finds it: none is left while the first party outside keeps
    the door.
    """
    if keeps_door(first_outside, occupancy, rules, now, let_in_before):
        return replace(occupancy, admitting=False)
    return occupancy
