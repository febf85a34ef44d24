"""The steps of a first set-up, and which are done: as the office stands, not as somebody ticked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from queue_server.domain.office.office import Office


class Step(StrEnum):
    """What an office needs before its first visitor, in the order in which it is asked for."""

    ROOM = "room"
    HOURS = "hours"
    SERVICES = "services"
    COUNTERS = "counters"
    STAFF = "staff"
    DEVICES = "devices"
    PAPER = "paper"
    CALL = "call"


class Mark(StrEnum):
    """What is noted of a step: that it was passed over, or done where no setting tells."""

    SKIPPED = "SKIPPED"
    DONE = "DONE"


UNSEEN = frozenset({Step.ROOM, Step.PAPER, Step.CALL})
"""Steps that may be done without a trace in the settings: an office without a limit has decided so,
and a test leaves nothing.
"""


class State(StrEnum):
    """How far a step is."""

    DONE = "done"
    SKIPPED = "skipped"
    OPEN = "open"


@dataclass(frozen=True)
class Progress:
    """How far each step is, in order. `next` is the first that waits; None: nothing waits."""

    states: Mapping[Step, State]

    @property
    def next(self) -> Step | None:
        return next((step for step, state in self.states.items() if state is State.OPEN), None)

    @property
    def count_done(self) -> int:
        return sum(state is State.DONE for state in self.states.values())


def find_progress(
    office: Office, accounts: int, devices: int, marks: Mapping[str, str]
) -> Progress:
    """How far the set-up of an office is. `accounts` may sign in there, `devices` are paired, and
    `marks` are what is noted of steps.
    """
    seen = {
        Step.ROOM: office.people_limit is not None,
        Step.HOURS: bool(office.hours.week or office.hours.seasons),
        Step.SERVICES: bool(office.services),
        Step.COUNTERS: bool(office.counters),
        Step.STAFF: accounts > 0,
        Step.DEVICES: devices > 0,
    }
    states = {}
    for step in Step:
        if seen.get(step) or (step in UNSEEN and marks.get(step) == Mark.DONE):
            states[step] = State.DONE
        else:
            states[step] = State.SKIPPED if marks.get(step) == Mark.SKIPPED else State.OPEN
    return Progress(states)
