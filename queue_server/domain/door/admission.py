"""Who comes in from outside, and why nobody does: the rules of docs/adr/0009-the-door.md.

Called means admitted: what holds for coming in holds for being called from outside as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.counter.candidate import Candidate
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
