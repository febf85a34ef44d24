"""Finish the present visit and call the next with one press: whose visit is meant, and why nobody
is called after it. The finish holds, whether or not anybody can be called.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from queue_server.domain.errors import NotYourTicket, WrongState
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import Action, State


class NotCalled(StrEnum):
    """Why nobody is called after a visit was finished."""

    NOBODY = "nobody"
    ROOM = "room"
    DOOR_STOPPED = "door_stopped"
    PAUSED = "paused"
    ON_BREAK = "on_break"


def admit_present(counter: str, present: Ticket | None) -> Ticket:
    """The visit that a counter finishes, where it has one. Raises `WrongState` for a counter
    without a visitor, `NotYourTicket` for a visit that is served elsewhere.
    """
    if present is None:
        raise WrongState(
            action=Action.FINISH.value, state=None, allowed=[State.SERVING.value], counter=counter
        )
    if present.state is State.SERVING and present.counter != counter:
        raise NotYourTicket(counter=present.counter)
    return present


def why_not_calling(day: OfficeDay, on_break: bool) -> NotCalled | None:
    """Why nobody may be called to a counter at all, None if somebody may. Unlike a press of "Call
    next", one that finishes a visit ends no break.
    """
    if day.paused is not None:
        return NotCalled.PAUSED
    return NotCalled.ON_BREAK if on_break else None


def why_nobody(day: OfficeDay, letters: Collection[str]) -> NotCalled:
    """Why a counter that may call found nobody: whoever waits in its streams is held outside by the
    stopped door or the full room, or nobody waits whom it may call.
    """
    waiting = sum(day.stream(letter).waiting for letter in letters)
    if waiting == 0 or day.parties_outside == 0:
        return NotCalled.NOBODY
    return NotCalled.ROOM if day.admitting else NotCalled.DOOR_STOPPED
