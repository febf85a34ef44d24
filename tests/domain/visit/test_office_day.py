"""The counts kept on the office-day row: always what counting the tickets would give."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking import steps
from queue_server.domain.door import steps as door_steps
from queue_server.domain.visit.numbering import ticket_number
from queue_server.domain.visit.office_day import (
    OfficeDay,
    StreamDay,
    draw_number,
    follow,
    minutes_at,
    waited_minutes,
)
from queue_server.domain.visit.ticket import Origin, Place, Ticket
from queue_server.domain.visit.transitions import TRANSITIONS, Action, State
from tests.domain.examples import NINE, RULES, TODAY, minutes, office, request, take

EMPTY = OfficeDay("3674", TODAY)
LETTERS = ("A", "C")


def counted(day: OfficeDay, tickets: list[Ticket]) -> tuple[int, int, dict[str, int]]:
    return (
        sum(each.persons_inside for each in tickets),
        sum(each.state is State.WAITING and each.place is Place.OUTSIDE for each in tickets),
        {
            letter: sum(each.state is State.WAITING and each.letter == letter for each in tickets)
            for letter in LETTERS
        },
    )


def kept(day: OfficeDay) -> tuple[int, int, dict[str, int]]:
    return (
        day.persons_inside,
        day.parties_outside,
        {letter: day.stream(letter).waiting for letter in LETTERS},
    )


@given(st.data())
def test_following_every_change_equals_counting_the_tickets(data: st.DataObject) -> None:
    day, tickets, now = EMPTY, [], NINE
    for step in range(data.draw(st.integers(1, 40), label="steps")):
        now += minutes(1)
        able = [
            (place, action)
            for place, ticket in enumerate(tickets)
            for action, row in TRANSITIONS.items()
            if ticket.state in row.sources
            and not (action is Action.ADMIT and ticket.place is Place.INSIDE)
            and not (action is Action.STEP_OUT and ticket.place is Place.OUTSIDE)
            and not (action is Action.RECALL and ticket.calls >= RULES.calling.calls_max)
        ]
        if not able or data.draw(st.booleans()):
            asked = request(
                id=f"t-{step}",
                letter=data.draw(st.sampled_from(LETTERS)),
                origin=Origin.WALK_IN,
                party_size=data.draw(st.integers(1, 6)),
            )
            if data.draw(st.booleans()):
                ticket, _ = door_steps.walk_in(
                    asked, RULES, f"A{step:03d}", data.draw(st.booleans()), now
                )
            else:
                ticket, _ = steps.book(asked, now, now)
            day = follow(day, None, ticket, now)
            tickets.append(ticket)
        else:
            place, action = data.draw(st.sampled_from(able))
            before = tickets[place]
            tickets[place], _ = take(action, before, now)
            day = follow(day, before, tickets[place], now)
        assert kept(day) == counted(day, tickets)
        assert day.waiting == sum(each.state is State.WAITING for each in tickets)
        for each in tickets:
            if each.state is State.WAITING:
                latest = day.stream(each.letter).latest_turn
                assert latest is not None
                assert each.turn_time is not None
                assert latest >= each.turn_time


@given(st.lists(st.sampled_from(LETTERS), max_size=60))
def test_numbers_of_a_stream_follow_each_other_and_streams_do_not_mix(letters: list[str]) -> None:
    day, drawn = EMPTY, []
    for letter in letters:
        day, number = draw_number(day, letter)
        drawn.append(number)
    assert len(set(drawn)) == len(drawn)
    for letter in LETTERS:
        own = [number for number in drawn if number[0] == letter]
        assert own == [ticket_number(letter, sequence) for sequence in range(1, len(own) + 1)]


def test_counters_serving_a_stream_are_the_open_ones() -> None:
    place = office()
    assert EMPTY.counters_serving(place, "A") == 0
    assert (
        replace(EMPTY, open_counters=("3674-1", "3674-2", "gone")).counters_serving(place, "A") == 2
    )
    assert replace(EMPTY, open_counters=("3674-1",)).counters_serving(place, "C") == 0


def test_occupancy_is_ticketed_and_corrected() -> None:
    room = replace(EMPTY, persons_inside=5, correction=2).occupancy(20)
    assert (room.inside, room.limit) == (7, 20)


def test_whoever_ends_a_visit_leaves_those_without_a_ticket_inside() -> None:
    walked, _ = door_steps.walk_in(request(party_size=2), RULES, "A001", True, NINE)
    day = replace(follow(EMPTY, None, walked, NINE), correction=3)
    gone, _ = door_steps.leave(walked, NINE)
    day = follow(day, walked, gone, NINE)
    assert (day.persons_inside, day.correction) == (0, 3)


def test_the_pace_of_a_stream_is_kept_with_its_counts() -> None:
    """Two come at nine and at two minutes past, and are called at ten and twelve past."""
    day, tickets = EMPTY, []
    for step, name in enumerate(("first", "second")):
        came = NINE + minutes(2 * step)
        ticket, _ = door_steps.walk_in(
            request(id=name, letter="A"), RULES, f"A{step:03d}", True, came
        )
        day = follow(day, None, ticket, came)
        tickets.append(ticket)
    pace = day.stream("A").pace
    assert (pace.calls, pace.since, pace.last_wait) == (0.0, minutes_at(NINE), None)
    for step, ticket in enumerate(tickets):
        when = NINE + minutes(10 + 2 * step)
        after, _ = take(Action.CALL, ticket, when)
        day = follow(day, ticket, after, when)
    pace = day.stream("A").pace
    assert pace.last_wait == 10.0
    assert pace.silent_minutes(minutes_at(NINE + minutes(15))) == 3.0
    assert 1.9 < pace.calls <= 2.0
    assert 10.0 < pace.busy_minutes < 12.0


def test_who_came_early_waits_from_the_turn_time() -> None:
    came, _ = door_steps.walk_in(
        request(id="b", letter="A"), RULES, "A001", True, NINE + minutes(20)
    )
    assert waited_minutes(came, NINE + minutes(27)) == 7.0
    early = replace(came, turn_time=NINE + minutes(30))
    assert waited_minutes(early, NINE + minutes(37)) == 7.0
    assert waited_minutes(early, NINE + minutes(25)) == 0.0
    assert waited_minutes(replace(came, turn_time=NINE + minutes(5)), NINE + minutes(27)) == 7.0


def test_a_copy_spelled_out_keeps_every_field() -> None:
    """`after_event` and the counts name all fields by position, so a new one must be added
    there.
    """
    marked: dict[str, Any] = {each.name: f"its {each.name}" for each in fields(OfficeDay)}
    marked |= {"seq": 7, "persons_inside": 8, "parties_outside": 9, "streams": {}}
    day = OfficeDay(**marked)
    assert all(getattr(day, each.name) != each.default for each in fields(OfficeDay))
    for copy, changed in (
        (day.after_event(NINE), {"seq": 8, "last_event_at": NINE}),
        (draw_number(day, "A")[0], {"streams": {"A": StreamDay(last_sequence=1)}}),
    ):
        kept = {each.name: getattr(copy, each.name) for each in fields(OfficeDay)}
        assert kept == {**marked, **changed}
