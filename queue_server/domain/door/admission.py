"""Who comes in from outside, and why nobody does: the rules of docs/adr/0009-the-door.md.

Called means admitted: what holds for coming in holds for being called from outside as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.standstill import Pause

JUST_LET_IN_FOR = timedelta(minutes=5)
"""How long one who was let in is shown as such: time enough to come in."""

JUST_LET_IN_SHOWN = 6
"""At most so many parties are shown as just let in, those let in last."""


def just_let_in_since(paused: Pause | None, now: datetime) -> datetime | None:
    """Since when somebody must have been let in to count as just let in. None while everybody is
    sent out: nobody is asked in then, whoever shows it.
    """
    return None if paused is Pause.EVACUATION else now - JUST_LET_IN_FOR


class DoorState(StrEnum):
    """Why those outside are outside. OPEN: whoever comes now may go straight in. OVER_LIMIT: more
    are inside than are allowed.
    """

    OPEN = "OPEN"
    STOPPED = "STOPPED"
    OVER_LIMIT = "OVER_LIMIT"
    CLOSED = "CLOSED"
    FULL = "FULL"
    PARTY_WAITS = "PARTY_WAITS"
    TOO_LARGE = "TOO_LARGE"


@dataclass(frozen=True)
class DoorSight:
    """The door as it stands: its state, and the party it waits for (PARTY_WAITS, TOO_LARGE)."""

    state: DoorState
    party: Candidate | None = None


def is_too_large(party_size: int, limit: int | None) -> bool:
    """Whether a party could not come in even if nobody were inside: the limit was lowered after it
    came.
    """
    return limit is not None and party_size > limit


def choose_entering(outside: Iterable[Candidate], occupancy: Occupancy) -> list[Candidate]:
    """Of those outside, who comes in now: strictly in call order, until the next party does not
    fit.

    A party larger than the limit itself is passed over, or it would keep the door shut for ever.
    """
    entering: list[Candidate] = []
    room = occupancy
    for each in sorted(outside):
        if is_too_large(each.party_size, occupancy.limit):
            continue
        if not room.fits(each.party_size):
            break
        entering.append(each)
        room = room.after(each.party_size)
    return entering


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


def see_door(
    first: Candidate | None, largest_outside: Candidate | None, occupancy: Occupancy, *, open: bool
) -> DoorSight:
    """Why those outside are outside. `first` is the first party outside that the limit allows,
    `largest_outside` one it does not.
    """
    if not occupancy.admitting:
        return DoorSight(DoorState.STOPPED)
    if occupancy.over:
        return DoorSight(DoorState.OVER_LIMIT)
    if not open:
        return DoorSight(DoorState.CLOSED)
    if first is not None and not occupancy.fits(first.party_size):
        return DoorSight(DoorState.PARTY_WAITS if occupancy.fits(1) else DoorState.FULL, first)
    if not occupancy.fits(1):
        return DoorSight(DoorState.FULL)
    if first is None and largest_outside is not None:
        return DoorSight(DoorState.TOO_LARGE, largest_outside)
    return DoorSight(DoorState.OPEN)
