"""A day's waits read back from its events: what visitors found, what came of it, and the same pace
as kept while it happened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.counter import steps as counter_steps
from queue_server.domain.counter.wait_log import replay_waits
from queue_server.domain.door import steps as door_steps
from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.office_day import OfficeDay, follow, minutes_at
from queue_server.domain.visit.ticket import Origin, Place, Ticket
from queue_server.domain.visit.transitions import TRANSITIONS, Action, State
from queue_server.domain.waits.estimate import QueueSight, see_queue
from queue_server.domain.waits.learning import WaitRecord
from tests.domain.examples import NINE, RULES, TODAY, minutes, office, request, take

OFFICE = office()
MOVES = (
    Action.CALL,
    Action.START,
    Action.FINISH,
    Action.LEAVE,
    Action.PARK,
    Action.RESUME,
    Action.TRANSFER,
    Action.RETURN_LATE,
    Action.NO_SHOW,
    Action.STEP_OUT,
)


def hour_at(moment: datetime) -> int:
    return OFFICE.local(moment).hour


def replay(events: list[Event]) -> list[WaitRecord]:
    return replay_waits(events, OFFICE.counters, hour_at)


def counter_event(kind: EventType, counter: str, at: datetime) -> Event:
    return Event(kind, OFFICE.code, TODAY, at, None, {"counter": counter, "by": "c"})


def arrive(
    name: str, at: datetime, *, letter: str = "A", priority: bool = False
) -> tuple[Ticket, Event]:
    return door_steps.walk_in(
        request(id=name, letter=letter, origin=Origin.WALK_IN, priority=priority),
        RULES,
        f"{letter}{name}",
        True,
        at,
    )


def test_a_visitor_is_recorded_with_the_queue_they_found_and_their_wait() -> None:
    first, came_first = arrive("001", NINE)
    second, came_second = arrive("002", NINE + minutes(2))
    _, called_first = take(Action.CALL, first, NINE + minutes(10))
    _, called_second = take(Action.CALL, second, NINE + minutes(12))
    opened = [
        counter_event(EventType.COUNTER_OPENED, id, NINE - minutes(5))
        for id in ("3674-1", "3674-2")
    ]
    found = replay([*opened, came_first, came_second, called_first, called_second])
    assert [each.wait for each in found] == [10.0, 10.0]
    assert found[0] == WaitRecord("A", QueueSight(1, 1, 9, counters=2), 10.0)
    assert (found[1].sight.position, found[1].sight.line, found[1].sight.silent_minutes) == (
        2,
        2,
        2.0,
    )


def test_counters_are_those_open_at_the_time_that_serve_the_stream() -> None:
    ticket, came = arrive("001", NINE, letter="C")
    _, called = take(Action.CALL, ticket, NINE + minutes(3))
    opened = [
        counter_event(EventType.COUNTER_OPENED, id, NINE - minutes(5))
        for id in ("3674-1", "3674-2", "gone")
    ]
    events = [*opened, came, called]
    assert replay(events)[0].sight.counters == 1
    facts = {"counter": "3674-1", "changed": {"letters": ["A", "AC"]}}
    lent = Event(
        EventType.COUNTER_STREAMS_CHANGED, OFFICE.code, TODAY, NINE - minutes(1), None, facts
    )
    assert replay([*events[:3], lent, came, called])[0].sight.counters == 2
    closed = counter_event(EventType.COUNTER_CLOSED, "3674-2", NINE - minutes(1))
    assert replay([*events[:3], closed, came, called])[0].sight.counters == 0


def test_priority_shows_in_the_position() -> None:
    first, came_first = arrive("001", NINE)
    second, came_second = arrive("002", NINE + minutes(2), priority=True)
    _, called = take(Action.CALL, second, NINE + minutes(4))
    found = replay([came_first, came_second, called])
    assert (found[0].sight.position, found[0].sight.line) == (1, 2)


def test_only_first_waits_count() -> None:
    """Left, parked and taken up again, sent on, called and taken back: one record for each who was
    called from their first wait.
    """
    gone, came_gone = arrive("001", NINE)
    _, left = take(Action.LEAVE, gone, NINE + minutes(1))
    back, came_back = arrive("002", NINE + minutes(1))
    called_back, call_back = take(Action.CALL, back, NINE + minutes(3))
    parked, park = take(Action.PARK, called_back, NINE + minutes(4))
    resumed, resume = take(Action.RESUME, parked, NINE + minutes(30))
    _, again = take(Action.CALL, resumed, NINE + minutes(31))
    found = replay([came_gone, came_back, left, call_back, park, resume, again])
    assert [each.wait for each in found] == []
    assert [each.wait for each in replay([came_gone, came_back, left, call_back, park])] == [2.0]


@pytest.mark.parametrize(
    "steps",
    [[], [Action.CALL], [Action.CALL, Action.START], [Action.CALL, Action.START, Action.PARK]],
)
def test_a_wait_that_an_evacuation_broke_off_counts_for_nothing(steps: list[Action]) -> None:
    ticket, came = arrive("001", NINE)
    events = [came]
    for place, action in enumerate([*steps, Action.STEP_OUT, Action.ADMIT, Action.CALL]):
        ticket, event = take(action, ticket, NINE + minutes(place + 1))
        events.append(event)
    assert replay(events) == []


def test_a_call_taken_back_leaves_the_wait_open() -> None:
    ticket, came = arrive("001", NINE)
    called, call = take(Action.CALL, ticket, NINE + minutes(3))
    call = replace(call, facts={**call.facts, "by": "clerk-1"})
    restored, undone = counter_steps.undo(called, call, "clerk-1", RULES, NINE + minutes(4))
    assert replay([came, call, undone]) == []
    _, second = take(Action.CALL, restored, NINE + minutes(9))
    assert [each.wait for each in replay([came, call, undone, second])] == [9.0]


def test_an_empty_day_has_no_waits() -> None:
    assert replay([]) == []


@given(st.data())
def test_the_queue_found_is_the_one_the_server_kept(data: st.DataObject) -> None:
    """Random days: each visitor's view from the events equals the view from the counts kept while
    it happened.
    """
    day, tickets, now, events = OfficeDay("3674", TODAY), list[Ticket](), NINE, list[Event]()
    seen: dict[str, QueueSight] = {}
    for step in range(data.draw(st.integers(1, 40), label="steps")):
        now += minutes(data.draw(st.sampled_from([0.2, 1, 7])))
        able = [
            (place, action)
            for place, ticket in enumerate(tickets)
            for action, row in TRANSITIONS.items()
            if ticket.state in row.sources
            and action in MOVES
            and not (action is Action.STEP_OUT and ticket.place is Place.OUTSIDE)
            and not (
                action is Action.RETURN_LATE
                and ticket.ended_at is not None
                and now > ticket.ended_at + minutes(60)
            )
        ]
        if not able or data.draw(st.booleans()):
            letter, name = data.draw(st.sampled_from("AC")), f"{step:03d}"
            ticket, event = arrive(name, now, letter=letter)
            stream = day.stream(letter)
            behind = sum(
                each.state is State.WAITING
                and each.letter == letter
                and (each.turn_time or now) > now
                for each in tickets
            )
            seen[name] = see_queue(
                stream.pace,
                stream.waiting,
                minutes_at(now),
                position=1 + stream.waiting - behind,
                line=1 + stream.waiting,
                hour=hour_at(now),
                counters=0,
            )
            day = follow(day, None, ticket, now)
            tickets.append(ticket)
        else:
            place, action = data.draw(st.sampled_from(able))
            before = tickets[place]
            tickets[place], event = take(action, before, now)
            day = follow(day, before, tickets[place], now)
        events.append(event)
    for record in replay(events):
        assert record.sight in seen.values()
    assert len(replay(events)) <= sum(each.type is EventType.CALLED for each in events)
