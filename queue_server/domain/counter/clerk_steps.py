"""What a clerk does with a visitor who has been called: whether it may be done, and what follows.
One decision for each step; each event names the clerk and the counter. And what becomes of the
visitor when the clerk is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from queue_server.domain.errors import BadInput, ClerkAway, CounterClosed, NotYourTicket
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.standstill import Act, Pause, admit_act
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.domain.visit.turn import Wanted

from . import steps


@dataclass(frozen=True)
class StepFacts:
    """All that decides a clerk's step on a ticket. `seq` is the number of the next event."""

    ticket: Ticket
    clerk: str
    rules: Rules
    paused: Pause | None = None
    seq: int = 1


def admit_step(facts: StepFacts, act: Act | None = None) -> None:
    """Refuse what must not happen now, and to move a ticket that is at somebody else's counter.
    `act` None: a step that is possible whatever stands still.
    """
    if act is not None:
        admit_act(facts.paused, act)
    ticket = facts.ticket
    if (
        ticket.clerk is not None
        and ticket.clerk != facts.clerk
        and ticket.state in (State.CALLED, State.SERVING)
    ):
        raise NotYourTicket(counter=ticket.counter)


def _signed(facts: StepFacts, step: Step) -> Step:
    after, event = step
    told = {**event.facts, "by": facts.clerk, "counter": facts.ticket.counter}
    return after, replace(event, facts=told)


def decide_recall(facts: StepFacts, now: datetime) -> Step:
    """Call the same visitor again. Raises `Paused`, `NotYourTicket`, `RecallsUsedUp`, `TooEarly`,
    `WrongState`.
    """
    admit_step(facts, Act.CALL)
    return _signed(facts, steps.recall(facts.ticket, facts.rules, facts.seq, now))


def decide_start(facts: StepFacts, now: datetime) -> Step:
    """The visitor has come to the counter. Raises `Paused`, `NotYourTicket`, `WrongState`."""
    admit_step(facts, Act.SERVE)
    return _signed(facts, steps.start(facts.ticket, now))


def decide_finish(facts: StepFacts, now: datetime) -> Step:
    """The visitor is served. Raises `NotYourTicket`, `WrongState`."""
    admit_step(facts)
    return _signed(facts, steps.finish(facts.ticket, now))


def decide_no_show(facts: StepFacts, now: datetime) -> Step:
    """The called visitor did not come. Raises `Paused`, `NotYourTicket`, `WrongState`."""
    admit_step(facts, Act.SERVE)
    return _signed(facts, steps.no_show(facts.ticket, now))


def decide_park(facts: StepFacts, now: datetime) -> Step:
    """Set the visitor aside. Raises `NotYourTicket`, `WrongState`."""
    admit_step(facts)
    return _signed(facts, steps.park(facts.ticket, now))


def decide_resume(facts: StepFacts, now: datetime) -> Step:
    """Put a parked visitor back into the queue. Raises `Paused`, `NotYourTicket`, `WrongState`."""
    admit_step(facts, Act.SERVE)
    return _signed(facts, steps.resume(facts.ticket, facts.rules, now))


@dataclass(frozen=True)
class Target:
    """Where a visitor is sent on to: another stream by a service of it, `wanted` at a counter or
    with a clerk, or both. None and "": the same as before. `remote` counters and streams are for
    those who are rung, None: whoever waits may be sent there.
    """

    letter: str | None = None
    service: str = ""
    wanted: Wanted | None = None
    remote: bool | None = field(default=None, compare=False)


def choose_target(
    office: Office,
    staffed: Mapping[str, str],
    *,
    letter: str | None = None,
    service: str | None = None,
    counter: str | None = None,
    clerk: str | None = None,
) -> Target:
    """Where a visitor is to be sent on to. It must be somebody who is there: `staffed` names the
    clerk of each counter that has one, open or on break.

    Raises `BadInput` when nothing is given or things disagree, `UnknownCounter`, `CounterClosed`,
    `ClerkAway`, `UnknownService`, `UnknownStream`.
    """
    wanted = _admit_wanted(office, staffed, counter, clerk)
    at = next((id for id, each in staffed.items() if each == clerk), counter)
    remote = None if at is None else office.counter(at).remote
    if service is not None:
        asked = office.service(service)
        if letter is not None and letter != asked.letter:
            raise BadInput(field="stream", reason="differs_from_service", stream=asked.letter)
        return Target(asked.letter, asked.code, wanted, remote)
    if letter is not None:
        first = next((each.code for each in office.services if each.letter == letter), "")
        stream = office.stream(letter)
        return Target(stream.letter, first, wanted, stream.remote if remote is None else remote)
    if wanted is None:
        raise BadInput(field="stream", reason="missing")
    return Target(wanted=wanted, remote=remote)


def _admit_wanted(
    office: Office, staffed: Mapping[str, str], counter: str | None, clerk: str | None
) -> Wanted | None:
    if counter is None and clerk is None:
        return None
    if counter is not None and clerk is not None:
        raise BadInput(field="clerk", reason="with_counter")
    if counter is not None and office.counter(counter).id not in staffed:
        raise CounterClosed(counter=counter)
    if clerk is not None and clerk not in staffed.values():
        raise ClerkAway(clerk=clerk)
    return Wanted(counter, clerk)


def decide_transfer(facts: StepFacts, target: Target, now: datetime) -> Step:
    """Send the visitor on; who is rung stays in the remote stream, whatever the service. Raises
    `Paused`, `NotYourTicket`, `WrongState`, `BadInput` (stream) for somebody at home to be sent to
    a counter in the office, or the other way round.
    """
    admit_step(facts, Act.SERVE)
    ticket = facts.ticket
    is_remote = ticket.kind.is_remote
    if target.remote is not None and target.remote is not is_remote:
        raise BadInput(field="stream", reason="remote" if is_remote else "not_remote")
    letter = ticket.letter if is_remote else target.letter or ticket.letter
    return _signed(
        facts, steps.transfer(ticket, letter, target.service or ticket.service, now, target.wanted)
    )


def decide_back_to_queue(
    ticket: Ticket, by: str, rules: Rules, paused: Pause | None, now: datetime
) -> tuple[Step, Step]:
    """The two steps by which a visitor who is called or served at a counter waits again: put on
    hold, and back with the turn time kept, whatever the office's rule is for those who go and
    fetch something. With the oldest turn of all who wait, they are called next.

    Both steps name who ordered it, not the clerk. Raises `Paused`, `WrongState`.
    """
    admit_act(paused, Act.SERVE)
    counter = ticket.counter
    parked, first = steps.park(ticket, now)
    kept = replace(rules, calling=replace(rules.calling, resume_keeps_turn=True))
    waiting, second = steps.resume(parked, kept, now)
    told = {"by": by, "counter": counter}
    return (
        (parked, replace(first, facts={**first.facts, **told})),
        (waiting, replace(second, facts={**second.facts, **told})),
    )
