"""Whom a counter calls next, whether the call lets them in, and by which numbers: decided from
plain values at once, before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from queue_server.domain.office.office import Counter
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.occupancy import Occupancy

from .call_order import next_ticket, staffed_by
from .calls import CurrentVisit, admit_free
from .candidate import Candidate
from .pass_over import room_for_calls
from .ratio import Ratio


@dataclass(frozen=True)
class CallFacts:
    """All that decides whom a counter calls next.

    `waiting` are the first of each line who may be called in, and all who were sent on; more change
    nothing. `staffed` names the clerk of each counter that has one, on break or not; it may be
    empty where nobody was sent on. `current` is the visitor the counter has by now, None at a free
    one. `occupancy` is the room as the door counts it, `first_outside` the first party outside that
    its limit allows; `let_in_before` as for `passed_over_since`. Where the first party fits, or
    nobody may come in at all, neither of the two changes anything. `ratio` is given under that
    policy.
    """

    counter: Counter
    clerk: str
    occupancy: Occupancy
    rules: Rules
    waiting: tuple[Candidate, ...] = ()
    current: CurrentVisit | None = None
    first_outside: Candidate | None = None
    let_in_before: datetime | None = None
    staffed: Mapping[str, str] = field(default_factory=dict)
    ratio: Ratio | None = None


@dataclass(frozen=True)
class NextCall:
    """Whom to call; the call lets in one who is not `inside`.

    `room`: how many more persons could be called in then, None without a limit. `favoured_run`: the
    stream's count after this call under the policy RATIO; None under any other.
    """

    visitor: Candidate
    room: int | None
    favoured_run: int | None = None


def decide_next_call(facts: CallFacts, now: datetime) -> NextCall | None:
    """Whom a free counter calls now; None when nobody waits whom it may call. Raises
    `CounterBusy`.
    """
    admit_free(facts.counter.id, facts.current)
    return choose_next_call(facts, now)


def choose_next_call(facts: CallFacts, now: datetime) -> NextCall | None:
    """Whom a counter would call now, were it free."""
    if not facts.waiting:
        return None
    room = room_for_calls(
        facts.occupancy, facts.first_outside, facts.let_in_before, facts.rules, now
    )
    chosen = next_ticket(
        facts.waiting,
        staffed_by(facts.counter, facts.clerk),
        room,
        staffed=facts.staffed,
        ratio=facts.ratio,
    )
    if chosen is None:
        return None
    run = None if facts.ratio is None else facts.ratio.run_after(chosen.letter, chosen.turn_time)
    return NextCall(chosen, room.room, run)
