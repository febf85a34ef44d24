"""An office-day's calls read back from its events alone: who waited at each call, who was due, and
whether that one was called.

Nothing but the log is asked: not the tickets as they are now, not the counters as they are set up
today. What a call could not know from the log (the room left, the streams its counter served, the
policy) the event itself carries.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from queue_server.domain.events import Event, EventType, RecordedEvent
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import CallPolicy
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.ticket import Place
from queue_server.domain.visit.transitions import State
from queue_server.domain.visit.turn import Wanted

from .call_order import StaffedCounter, is_offered, next_ticket
from .candidate import Candidate
from .ratio import FavouredRuns, Ratio, TurnTaken, favoured_before, is_call_in_turn


class PassedOver(StrEnum):
    """Why somebody with an earlier turn time was not the one to call. OVERTAKEN: by a direct call,
    or because under the policy RATIO it was the other line's turn.
    """

    OTHER_QUEUE = "other_queue"
    SENT_ON = "sent_on"
    OUTSIDE = "outside"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class Explained:
    """One call and what the log says of it. `due` is the ticket whose turn it was at that counter,
    None if nobody could be called.

    The two numbers of the call: `counts`, the time that counted, and `credit_minutes` before it.
    `passed` counts those with an earlier turn time by why they were passed over; `runner_up` would
    have been next without this ticket.
    """

    seq: int
    at: datetime
    ticket: str
    number: str
    counter: str
    clerk: str
    direct: bool
    reason: str
    policy: CallPolicy
    turn_time: datetime
    credit_minutes: int
    waiting: int
    due: str | None
    due_number: str | None = None
    runner_up: str | None = None
    passed: Mapping[PassedOver, int] = field(default_factory=dict)

    @property
    def in_order(self) -> bool:
        """Whether the call was the one that the order asked for; a direct call may be."""
        return self.due == self.ticket

    @property
    def counts(self) -> datetime:
        """The time that counted: booked time or arrival."""
        return self.turn_time + timedelta(minutes=self.credit_minutes)


def explain_calls(
    events: Iterable[RecordedEvent], office: Office, only: Container[int] | None = None
) -> list[Explained]:
    """Every call of an office-day, explained from its events, which are all given and in order.

    `only` names the sequence numbers of the calls to explain, where not all are wanted: each costs
    a look at all who waited. Raises `ValueError` for a log that contradicts itself.
    """
    hall = _Hall()
    explained = []
    for recorded in events:
        event = recorded.event
        if event.type is EventType.CALLED:
            if only is None or recorded.seq in only:
                explained.append(_explain(recorded, hall, office))
            hall.count_run(event, office)
        hall.follow(event)
    return explained


@dataclass
class _Hall:
    """Who waits and who works, as far as the events have told."""

    known: dict[str, Candidate] = field(default_factory=dict)
    waiting: dict[str, Candidate] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    staffed: dict[str, str] = field(default_factory=dict)
    runs: FavouredRuns = field(default_factory=FavouredRuns)

    def follow(self, event: Event) -> None:
        if event.type is EventType.COUNTER_OPENED:
            self.staffed[event.facts["counter"]] = event.facts["by"]
        elif event.type is EventType.COUNTER_CLOSED:
            self.staffed.pop(event.facts["counter"], None)
        if event.ticket is None:
            return
        if event.type is EventType.UNDONE and event.facts["undid"] == EventType.CALLED:
            self.runs.take_back(event.ticket)
        values = {name: value for name, value in event.facts.items() if name in _READ}
        values |= {name: after for name, (_, after) in event.facts.get("changed", {}).items()}
        candidate = _changed(self.known.get(event.ticket), event.ticket, values)
        self.known[event.ticket] = candidate
        if event.facts.get("number") or values.get("number"):
            self.numbers[event.ticket] = event.facts.get("number") or values["number"]
        if "state" in values and values["state"] == State.WAITING:
            self.waiting[event.ticket] = candidate
        elif "state" in values:
            self.waiting.pop(event.ticket, None)
        elif event.ticket in self.waiting:
            self.waiting[event.ticket] = candidate

    def count_run(self, call: Event, office: Office) -> None:
        ratio = self.ratio(call, office)
        if ratio is not None and is_call_in_turn(call) and call.ticket in self.waiting:
            called = self.waiting[call.ticket]
            self.runs.take(
                called.letter,
                TurnTaken(called.ticket, ratio.favours(called.turn_time), ratio.share),
            )

    def ratio(self, call: Event, office: Office) -> Ratio | None:
        if call.facts["policy"] != CallPolicy.RATIO:
            return None
        return Ratio(
            call.facts["share"], favoured_before(office, call.date), dict(self.runs.counts)
        )


_READ = frozenset(
    {
        "state",
        "letter",
        "party_size",
        "place",
        "turn_time",
        "number",
        "wanted_counter",
        "wanted_clerk",
    }
)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _changed(known: Candidate | None, ticket: str, values: Mapping[str, Any]) -> Candidate:
    """What is known of a ticket after an event. Who has not come yet has no turn time; nobody asks
    for it before they wait.
    """
    before = known or Candidate(_LONG_AGO, ticket, "", 1, False)
    turn = values.get("turn_time")
    wanted = before.wanted
    if "wanted_counter" in values or "wanted_clerk" in values:
        sent_to = wanted or Wanted()
        wanted = Wanted(
            values.get("wanted_counter", sent_to.counter), values.get("wanted_clerk", sent_to.clerk)
        )
        wanted = None if wanted == Wanted() else wanted
    return replace(
        before,
        turn_time=datetime.fromisoformat(turn) if turn else before.turn_time,
        letter=values.get("letter", before.letter),
        party_size=values.get("party_size", before.party_size),
        inside=values["place"] != Place.OUTSIDE if "place" in values else before.inside,
        remote=values["place"] == Place.REMOTE if values.get("place") else before.remote,
        wanted=wanted,
    )


def _explain(recorded: RecordedEvent, hall: _Hall, office: Office) -> Explained:
    call = recorded.event
    facts, ticket = call.facts, call.ticket
    assert ticket is not None, "a call is of a ticket"
    counter = StaffedCounter(
        facts["changed"]["counter"][1],
        facts["by"],
        frozenset(facts["letters"]),
        facts.get("remote", False),
    )
    occupancy = Occupancy(0, 0, facts["room"])
    ratio = hall.ratio(call, office)
    waiting = list(hall.waiting.values())
    due = next_ticket(waiting, counter, occupancy, staffed=hall.staffed, ratio=ratio)
    others = [each for each in waiting if each.ticket != ticket]
    runner_up = next_ticket(others, counter, occupancy, staffed=hall.staffed, ratio=ratio)
    called = hall.waiting.get(ticket)
    if called is None:
        raise ValueError(f"event {recorded.seq} calls {ticket}, who does not wait")
    passed = Tally(
        _why_passed(each, counter, occupancy, hall.staffed) for each in others if each < called
    )
    return Explained(
        seq=recorded.seq,
        at=call.at,
        ticket=ticket,
        number=facts["number"] or "",
        counter=counter.id,
        clerk=facts["by"],
        direct=facts["direct"],
        reason=facts.get("reason", ""),
        policy=CallPolicy(facts["policy"]),
        turn_time=called.turn_time,
        credit_minutes=facts["credit_minutes"],
        waiting=len(waiting),
        due=due.ticket if due else None,
        due_number=hall.numbers.get(due.ticket) if due else None,
        runner_up=hall.numbers.get(runner_up.ticket) if runner_up else None,
        passed=dict(passed),
    )


def _why_passed(
    each: Candidate, counter: StaffedCounter, occupancy: Occupancy, staffed: Mapping[str, str]
) -> PassedOver:
    if not is_offered(each, counter, staffed):
        return PassedOver.SENT_ON if each.letter in counter.letters else PassedOver.OTHER_QUEUE
    if not (each.inside or occupancy.fits(each.party_size)):
        return PassedOver.OUTSIDE
    return PassedOver.OVERTAKEN
