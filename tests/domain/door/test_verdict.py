"""What the door says of a ticket, from literals alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from queue_server.domain.door.steps import admit_check_in, check_in_opens_at
from queue_server.domain.door.verdict import Entry, Verdict, judge_at_door, tell_holder
from queue_server.domain.errors import TooEarly
from queue_server.domain.office.rules import DoorRules, Rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import State
from tests.domain.examples import NINE, TODAY, closed_on, minutes, office, ticket_in

OFFICE = office(rules=Rules(door=DoorRules(check_in_early_minutes=5)))
EIGHT = NINE - minutes(60)
"""When the doors open."""

ROOM = Occupancy(4, 0, 6)


def judge(
    ticket: Ticket,
    occupancy: Occupancy = ROOM,
    paused: Pause | None = None,
    first_outside: str | None = None,
    days: int = 0,
) -> Verdict:
    now = NINE + timedelta(days=days)
    return judge_at_door(ticket, OFFICE, occupancy, paused, first_outside, now)


def outside(party_size: int = 1) -> Ticket:
    return ticket_in(State.WAITING, inside=False, party_size=party_size)


def test_check_in_opens_a_while_before_the_slot_and_never_for_a_visit_without_one() -> None:
    booked = ticket_in(State.BOOKED)
    assert booked.slot == NINE + minutes(10)
    assert check_in_opens_at(booked, OFFICE) == NINE + minutes(5)
    assert check_in_opens_at(replace(booked, slot=None), OFFICE) is None


@pytest.mark.parametrize(
    ("slot", "early", "opens_at"),
    [
        (EIGHT, 30, EIGHT),
        (EIGHT + minutes(15), 30, EIGHT),
        (EIGHT + minutes(45), 30, EIGHT + minutes(15)),
        (EIGHT + minutes(5 * 60), 30, EIGHT + minutes(4 * 60 + 30)),
        (EIGHT + minutes(45), 240, EIGHT),
    ],
)
def test_check_in_opens_no_sooner_than_the_doors(
    slot: datetime, early: int, opens_at: datetime
) -> None:
    """A break in the middle of the day closes no door."""
    early_office = office(rules=Rules(door=DoorRules(check_in_early_minutes=early)))
    booked = replace(ticket_in(State.BOOKED), slot=slot)
    assert check_in_opens_at(booked, early_office) == opens_at
    with pytest.raises(TooEarly) as told:
        admit_check_in(booked, early_office, opens_at - timedelta(seconds=1))
    assert told.value.facts["opens_at"] == opens_at.isoformat()
    admit_check_in(booked, early_office, opens_at)


def test_on_a_day_without_hours_check_in_opens_a_while_before_the_slot() -> None:
    closed = replace(OFFICE, hours=closed_on(TODAY))
    assert check_in_opens_at(ticket_in(State.BOOKED), closed) == NINE + minutes(5)


@pytest.mark.parametrize(
    ("state", "told", "on_another_day"),
    [
        (State.BOOKED, "early", "other_day"),
        (State.CALLED, "called", "other_day"),
        (State.SERVING, "inside", "other_day"),
        (State.NO_SHOW, "missed", "over"),
        (State.SERVED, "over", "over"),
        (State.CANCELLED, "over", "over"),
        (State.HELD, "over", "over"),
    ],
)
def test_the_guard_is_told_what_has_become_of_a_visit(
    state: State, told: str, on_another_day: str
) -> None:
    assert judge(ticket_in(state)) == told
    assert judge(ticket_in(state), days=1) == on_another_day


def test_a_booked_visitor_may_check_in_from_when_it_opens() -> None:
    soon = replace(ticket_in(State.BOOKED), slot=NINE + minutes(5))
    assert judge(soon) is Verdict.CHECK_IN


@pytest.mark.parametrize(
    ("party", "occupancy", "first", "told"),
    [
        (2, ROOM, "t-1", "enter"),
        (2, ROOM, None, "enter"),
        (2, ROOM, "t-0", "not_next"),
        (3, ROOM, "t-1", "wait"),
        (7, ROOM, "t-1", "too_large"),
        (2, replace(ROOM, admitting=False), "t-1", "stopped"),
        (20, Occupancy(4, 0, None), "t-1", "enter"),
    ],
)
def test_who_waits_outside_comes_in_in_turn_and_as_far_as_there_is_room(
    party: int, occupancy: Occupancy, first: str | None, told: str
) -> None:
    assert judge(outside(party), occupancy, first_outside=first) == told


@pytest.mark.parametrize("state", [State.BOOKED, State.WAITING, State.CALLED, State.SERVING])
def test_nobody_comes_in_while_everybody_is_sent_out(state: State) -> None:
    ticket = ticket_in(state)
    assert judge(ticket, paused=Pause.EVACUATION) is Verdict.EVACUATION
    told = tell_holder(ticket, 6, Pause.EVACUATION, admitting=True)
    assert told is Entry.EVACUATION


@pytest.mark.parametrize(
    ("ticket", "admitting", "told"),
    [
        (outside(), True, "outside"),
        (outside(), False, "stopped"),
        (outside(7), True, "too_large"),
        (replace(outside(), place=Place.INSIDE, admitted_at=NINE), True, "now"),
        (ticket_in(State.WAITING), True, None),
        (ticket_in(State.BOOKED), True, None),
        (ticket_in(State.SERVING), True, None),
        (replace(ticket_in(State.CALLED), admitted_at=NINE), True, "now"),
        (replace(ticket_in(State.CALLED), admitted_at=NINE - minutes(5)), True, None),
    ],
)
def test_the_holder_is_told_what_to_do_at_the_door(
    ticket: Ticket, admitting: bool, told: str | None
) -> None:
    assert tell_holder(ticket, 6, None, admitting=admitting) == told


def test_who_waits_while_all_work_stops_is_told_so() -> None:
    paused = next(each for each in Pause if each is not Pause.EVACUATION)
    assert tell_holder(outside(), 6, paused, admitting=True) is Entry.PAUSED
    assert tell_holder(ticket_in(State.BOOKED), 6, paused, admitting=True) is None
