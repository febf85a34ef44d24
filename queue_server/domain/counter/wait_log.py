"""The waits of one office-day, read back from its events: each visitor's view of the queue at
arrival, and the wait that came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Counter
from queue_server.domain.visit.office_day import minutes_at
from queue_server.domain.visit.transitions import State
from queue_server.domain.waits.estimate import QueueSight, see_queue
from queue_server.domain.waits.learning import WaitRecord
from queue_server.domain.waits.pace import NO_PACE, Pace, follow_busy, follow_call, follow_first

_ARRIVALS = (EventType.WALKED_IN, EventType.CHECKED_IN)
_WENT_OUT = (EventType.STEPPED_OUT, EventType.STEPPED_AWAY)


@dataclass
class _Line:
    """A stream's waiting tickets with their turn times, and how fast it is called."""

    turns: dict[str, datetime] = field(default_factory=dict)
    pace: Pace = NO_PACE


@dataclass
class _Known:
    """What is known of a ticket by now."""

    letter: str
    turn: datetime
    arrived_at: datetime
    sight: QueueSight | None = None


def replay_waits(
    events: Iterable[Event], counters: Iterable[Counter], hour_at: Callable[[datetime], int]
) -> list[WaitRecord]:
    """The waits of an office-day in order of the calls, from its events in order. `hour_at` gives
    the office's local hour.

    Only first waits count: not those of visitors who came back into the queue, came before their
    slot, were sent out of the building, or left.
    """
    letters = {each.id: each.letters for each in counters}
    open_counters: set[str] = set()
    lines: dict[str, _Line] = {}
    known: dict[str, _Known] = {}
    called: dict[str, WaitRecord] = {}
    for event in events:
        if event.type is EventType.COUNTER_OPENED:
            open_counters.add(event.facts["counter"])
        elif event.type in (EventType.COUNTER_CLOSED, EventType.BREAK_STARTED):
            open_counters.discard(event.facts["counter"])
        elif event.type is EventType.COUNTER_STREAMS_CHANGED:
            letters[event.facts["counter"]] = tuple(event.facts["changed"]["letters"][1])
        if event.ticket is None:
            continue
        earlier, later = _states(event)
        ticket = known.get(event.ticket)
        if ticket is not None and earlier == State.WAITING and later != State.WAITING:
            line = lines[ticket.letter]
            _leave(line, event.ticket, ticket, later == State.CALLED, event.at)
            if later == State.CALLED and ticket.sight is not None:
                wait = (event.at - ticket.arrived_at).total_seconds() / 60
                called[event.ticket] = WaitRecord(ticket.letter, ticket.sight, max(0.0, wait))
            ticket.letter = _changed(event.facts, "letter") or ticket.letter
        elif later == State.WAITING and earlier != State.WAITING:
            called.pop(event.ticket, None)
            known[event.ticket] = ticket = _join(event, ticket)
            line = lines.setdefault(ticket.letter, _Line())
            if not line.turns:
                line.pace = follow_first(line.pace, minutes_at(event.at))
            if event.type in _ARRIVALS and ticket.turn <= event.at:
                serving = sum(ticket.letter in letters.get(each, ()) for each in open_counters)
                ticket.sight = _see(line, ticket, serving, hour_at(event.at), event.at)
            elif event.type is not EventType.UNDONE:
                ticket.sight = None
            line.turns[event.ticket] = ticket.turn
        elif ticket is not None and event.type in _WENT_OUT:
            ticket.sight = None
        elif ticket is not None and event.type is EventType.PRIORITY_SET:
            _change_turn(lines[ticket.letter], event, ticket)
        elif ticket is not None and event.type is EventType.MADE_URGENT:
            _leave(lines[ticket.letter], event.ticket, ticket, False, event.at)
            ticket.letter, ticket.sight = _changed(event.facts, "letter") or ticket.letter, None
            line = lines.setdefault(ticket.letter, _Line())
            if not line.turns:
                line.pace = follow_first(line.pace, minutes_at(event.at))
            line.turns[event.ticket] = ticket.turn
    return list(called.values())


def _states(event: Event) -> tuple[str | None, str | None]:
    """The ticket's states before and after; a new ticket has none before."""
    if "changed" not in event.facts:
        state = event.facts.get("state")
        return None, None if state is None else str(state)
    earlier, later = event.facts["changed"].get("state", (None, None))
    return earlier, later


def _changed(facts: Mapping[str, Any], name: str) -> Any:
    """A field's value after an event that created the ticket or changed the field; None if it did
    neither.
    """
    return facts["changed"][name][1] if name in facts.get("changed", ()) else facts.get(name)


def _join(event: Event, ticket: _Known | None) -> _Known:
    letter, turn, arrived_at = (
        _changed(event.facts, name) for name in ("letter", "turn_time", "arrived_at")
    )
    number: str = event.facts["number"]
    return _Known(
        letter or (ticket.letter if ticket else number[0]),
        datetime.fromisoformat(turn) if turn else ticket.turn if ticket else event.at,
        datetime.fromisoformat(arrived_at)
        if arrived_at
        else ticket.arrived_at
        if ticket
        else event.at,
        ticket.sight if ticket else None,
    )


def _see(line: _Line, ticket: _Known, counters: int, hour: int, at: datetime) -> QueueSight:
    return see_queue(
        line.pace,
        len(line.turns),
        minutes_at(at),
        position=1 + sum(turn <= ticket.turn for turn in line.turns.values()),
        line=1 + len(line.turns),
        hour=hour,
        counters=counters,
    )


def _change_turn(line: _Line, event: Event, ticket: _Known) -> None:
    """Priority was given or taken: who waits stands at another place in the line than was seen."""
    turn = _changed(event.facts, "turn_time")
    if event.ticket in line.turns and turn:
        ticket.turn, ticket.sight = datetime.fromisoformat(turn), None
        line.turns[event.ticket] = ticket.turn


def _leave(line: _Line, id: str, ticket: _Known, is_call: bool, at: datetime) -> None:
    del line.turns[id]
    if is_call:
        waited = (at - max(ticket.arrived_at, ticket.turn)).total_seconds() / 60
        line.pace = follow_call(line.pace, minutes_at(at), waited)
    elif not line.turns:
        line.pace = follow_busy(line.pace, minutes_at(at))
