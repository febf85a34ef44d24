"""What may still be done while everything in an office stands still: the one rule that all commands
of the day ask.
"""

from __future__ import annotations

from enum import StrEnum

from queue_server.domain.errors import Paused


class Pause(StrEnum):
    """Why everything in an office stands still: stopped for a while, or everybody is sent out."""

    PAUSE = "PAUSE"
    EVACUATION = "EVACUATION"


class Act(StrEnum):
    """What the people of an office, its kiosk or its visitors want to do.

    SERVE: bring a visit on at the counter (start, send on, back to the queue, did not come);
    CHANGE_VISIT: make a party larger or a case urgent, or say as its visitor to come later, to step
    away for a while, to be back or to leave; BOOK: take a time of the day ahead, or move a visit to
    one. Recording that somebody has left, finishing, setting aside, taking back and counting are no
    acts: they are always possible, because they bring nobody in and lose nobody's place. In an
    evacuation those who go out keep theirs; see
    `keeps_places`.
    """

    CALL = "CALL"
    LET_IN = "LET_IN"
    GIVE_NUMBER = "GIVE_NUMBER"
    CHECK_IN = "CHECK_IN"
    OPEN_COUNTER = "OPEN_COUNTER"
    SERVE = "SERVE"
    CHANGE_VISIT = "CHANGE_VISIT"
    BOOK = "BOOK"


REFUSED = {
    Pause.PAUSE: frozenset({Act.CALL, Act.LET_IN, Act.GIVE_NUMBER}),
    Pause.EVACUATION: frozenset(Act),
}
"""In a pause who is at a counter is served to the end, and who has booked keeps the turn by
checking in. In an evacuation everybody goes out: nothing goes on as usual.
"""


def admit_act(paused: Pause | None, act: Act) -> None:
    """Refuse what must not happen while everything stands still. Raises `Paused`."""
    if paused is not None and act in REFUSED[paused]:
        raise Paused(kind=paused.value)


def admit_stop(paused: Pause | None, kind: Pause) -> None:
    """Refuse to make a mere pause of an evacuation: it ends only by being ended. Raises
    `Paused`.
    """
    if paused is Pause.EVACUATION and kind is not Pause.EVACUATION:
        raise Paused(kind=paused.value)


def keeps_places(paused: Pause | None) -> bool:
    """Whether those who go out keep their places in the queue: they were sent out, and have not
    given up.
    """
    return paused is Pause.EVACUATION


def blames_visitors(paused: Pause | None) -> bool:
    """Whether those who have not come by the end of such a day missed their visits. Nobody could
    check in while all were sent out.
    """
    return paused is not Pause.EVACUATION


def admit_going_on(paused: Pause, meant: Pause | None) -> None:
    """Refuse to end another standstill than the one that was `meant` (None: whichever it is).

    Somebody who presses "Go on" after a pause must not thereby end the evacuation that was called
    in the same second. Raises `Paused`.
    """
    if meant is not None and meant is not paused:
        raise Paused(kind=paused.value)
