"""The states of a ticket and the one table of what leads from each to the next.

Code, tests and the diagram in the documents are all driven by this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from queue_server.domain.events import EventType


class State(StrEnum):
    """Where a ticket is in its life."""

    HELD = "HELD"
    BOOKED = "BOOKED"
    WAITING = "WAITING"
    CALLED = "CALLED"
    SERVING = "SERVING"
    PARKED = "PARKED"
    SERVED = "SERVED"
    NO_SHOW = "NO_SHOW"
    LEFT = "LEFT"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    STRANDED = "STRANDED"


class Action(StrEnum):
    """What can be done to a ticket."""

    HOLD = "hold"
    BOOK = "book"
    WALK_IN = "walk_in"
    CONFIRM = "confirm"
    EXTEND = "extend"
    EXPIRE = "expire"
    CHECK_IN = "check_in"
    RESCHEDULE = "reschedule"
    TELL_DELAY = "tell_delay"
    CANCEL = "cancel"
    VOID = "void"
    MISS_SLOT = "miss_slot"
    STRAND = "strand"
    ADMIT = "admit"
    CALL = "call"
    LEAVE = "leave"
    STEP_OUT = "step_out"
    STEP_AWAY = "step_away"
    COME_BACK = "come_back"
    RECALL = "recall"
    START = "start"
    PARK = "park"
    NO_SHOW = "no_show"
    RESUME = "resume"
    FINISH = "finish"
    TRANSFER = "transfer"
    RETURN_LATE = "return_late"


@dataclass(frozen=True)
class Transition:
    """One row of the table: from which states an action starts (none: it makes the ticket), where
    it leads, what it is called after.
    """

    sources: frozenset[State]
    target: State
    event: EventType


def _row(target: State, event: EventType, *sources: State) -> Transition:
    return Transition(frozenset(sources), target, event)


TRANSITIONS: Mapping[Action, Transition] = {
    Action.HOLD: _row(State.HELD, EventType.HELD),
    Action.BOOK: _row(State.BOOKED, EventType.BOOKED),
    Action.WALK_IN: _row(State.WAITING, EventType.WALKED_IN),
    Action.CONFIRM: _row(State.BOOKED, EventType.CONFIRMED, State.HELD),
    Action.EXTEND: _row(State.HELD, EventType.HOLD_EXTENDED, State.HELD),
    Action.EXPIRE: _row(State.EXPIRED, EventType.EXPIRED, State.HELD),
    Action.CHECK_IN: _row(State.WAITING, EventType.CHECKED_IN, State.BOOKED),
    Action.RESCHEDULE: _row(State.BOOKED, EventType.RESCHEDULED, State.BOOKED, State.STRANDED),
    Action.TELL_DELAY: _row(State.BOOKED, EventType.DELAY_TOLD, State.BOOKED),
    Action.CANCEL: _row(
        State.CANCELLED, EventType.CANCELLED, State.BOOKED, State.STRANDED, State.WAITING
    ),
    Action.VOID: _row(
        State.CANCELLED,
        EventType.VOIDED,
        State.BOOKED,
        State.WAITING,
        State.CALLED,
        State.SERVING,
        State.PARKED,
    ),
    Action.MISS_SLOT: _row(State.NO_SHOW, EventType.SLOT_MISSED, State.BOOKED),
    Action.STRAND: _row(State.STRANDED, EventType.STRANDED, State.BOOKED),
    Action.ADMIT: _row(State.WAITING, EventType.ADMITTED, State.WAITING),
    Action.CALL: _row(State.CALLED, EventType.CALLED, State.WAITING),
    Action.LEAVE: _row(State.LEFT, EventType.LEFT, State.WAITING, State.PARKED),
    Action.STEP_OUT: _row(
        State.WAITING,
        EventType.STEPPED_OUT,
        State.WAITING,
        State.CALLED,
        State.SERVING,
        State.PARKED,
    ),
    Action.STEP_AWAY: _row(State.WAITING, EventType.STEPPED_AWAY, State.WAITING),
    Action.COME_BACK: _row(State.WAITING, EventType.CAME_BACK, State.WAITING),
    Action.RECALL: _row(State.CALLED, EventType.RECALLED, State.CALLED),
    Action.START: _row(State.SERVING, EventType.STARTED, State.CALLED),
    Action.PARK: _row(State.PARKED, EventType.PARKED, State.CALLED, State.SERVING),
    Action.NO_SHOW: _row(State.NO_SHOW, EventType.NOT_SHOWN, State.CALLED),
    Action.RESUME: _row(State.WAITING, EventType.RESUMED, State.PARKED),
    Action.FINISH: _row(State.SERVED, EventType.FINISHED, State.SERVING),
    Action.TRANSFER: _row(State.WAITING, EventType.TRANSFERRED, State.SERVING),
    Action.RETURN_LATE: _row(State.WAITING, EventType.RETURNED, State.NO_SHOW),
}

LIVE_STATES = frozenset(
    {
        State.HELD,
        State.BOOKED,
        State.STRANDED,
        State.WAITING,
        State.CALLED,
        State.SERVING,
        State.PARKED,
    }
)
"""States in which a ticket still stands for a visit to come or under way."""

PRESENT_STATES = frozenset({State.WAITING, State.CALLED, State.SERVING, State.PARKED})
"""States in which the visitor has come."""

UNDOABLE = frozenset(
    {
        EventType.CALLED,
        EventType.RECALLED,
        EventType.STARTED,
        EventType.PARKED,
        EventType.NOT_SHOWN,
        EventType.RESUMED,
        EventType.FINISHED,
        EventType.TRANSFERRED,
        EventType.LEFT,
        EventType.STEPPED_OUT,
        EventType.VOIDED,
    }
)
"""What is done to a ticket by hand, and so may be taken back."""

STAYED = frozenset({EventType.FINISHED, EventType.LEFT, EventType.STEPPED_OUT, EventType.VOIDED})
"""Steps out of the room whose undoing says that the visitor has been inside all the time: it needs
no room, however full that is.
"""
