"""The transition table: what may follow what, and what each step changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking import steps
from queue_server.domain.counter import steps as counter_steps
from queue_server.domain.door import steps as door_steps
from queue_server.domain.errors import (
    AlreadyCheckedIn,
    RecallsUsedUp,
    TooEarly,
    TooLate,
    WrongDay,
    WrongState,
)
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.rules import CallingRules, Rules
from queue_server.domain.visit.claim import Pool
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.ticket import Origin, Place, Ticket, is_away, is_followed
from queue_server.domain.visit.transitions import (
    LIVE_STATES,
    PRESENT_STATES,
    TRANSITIONS,
    UNDOABLE,
    Action,
    State,
)
from queue_server.domain.visit.turn import TurnBasis, Wanted
from tests.domain.examples import (
    CLERK,
    CREATING,
    NINE,
    RULES,
    STEPS,
    TODAY,
    by,
    minutes,
    office,
    request,
    take,
    ticket_in,
    without_places,
)

OFFICE = office()
AT_A_COUNTER = {State.CALLED, State.SERVING, State.PARKED}

# The table of the design, written out a second time on purpose: a slip in the code's table must
# show.
ALLOWED = {
    State.HELD: {"confirm": "BOOKED", "extend": "HELD", "expire": "EXPIRED"},
    State.BOOKED: {
        "check_in": "WAITING",
        "reschedule": "BOOKED",
        "tell_delay": "BOOKED",
        "cancel": "CANCELLED",
        "void": "CANCELLED",
        "miss_slot": "NO_SHOW",
        "strand": "STRANDED",
    },
    State.STRANDED: {"reschedule": "BOOKED", "cancel": "CANCELLED"},
    State.WAITING: {
        "admit": "WAITING",
        "call": "CALLED",
        "leave": "LEFT",
        "cancel": "CANCELLED",
        "void": "CANCELLED",
        "step_out": "WAITING",
        "step_away": "WAITING",
        "come_back": "WAITING",
    },
    State.CALLED: {
        "recall": "CALLED",
        "start": "SERVING",
        "park": "PARKED",
        "no_show": "NO_SHOW",
        "step_out": "WAITING",
        "void": "CANCELLED",
    },
    State.PARKED: {
        "resume": "WAITING",
        "leave": "LEFT",
        "step_out": "WAITING",
        "void": "CANCELLED",
    },
    State.SERVING: {
        "finish": "SERVED",
        "transfer": "WAITING",
        "park": "PARKED",
        "step_out": "WAITING",
        "void": "CANCELLED",
    },
    State.NO_SHOW: {"return_late": "WAITING"},
    State.SERVED: {},
    State.LEFT: {},
    State.CANCELLED: {},
    State.EXPIRED: {},
}


def keeps_the_docstring(ticket: Ticket) -> None:
    """The invariants that `Ticket` promises."""
    assert (ticket.place is not None) == (ticket.state in PRESENT_STATES)
    assert (
        (ticket.counter is not None)
        == (ticket.called_at is not None)
        == (ticket.call_seq is not None)
    )
    if ticket.state in PRESENT_STATES:
        assert ticket.number is not None
        assert ticket.arrived_at is not None
        assert ticket.turn_time is not None
        assert ticket.turn_basis is not None
    if ticket.state in {State.HELD, State.BOOKED, State.STRANDED, State.EXPIRED}:
        assert ticket.number is None
        assert ticket.slot is not None
    assert (ticket.expires_at is not None) == (ticket.state is State.HELD)
    assert (ticket.ended_at is None) == (ticket.state in LIVE_STATES)
    assert (ticket.calls > 0) == (ticket.called_at is not None)
    assert ticket.persons_inside in (0, ticket.party_size)
    assert (
        (ticket.claim_at is None)
        == (ticket.claim_letter is None)
        == (ticket.pool is None)
        == (ticket.claim_span == 0)
    )
    if ticket.state in {State.EXPIRED, State.CANCELLED, State.STRANDED, State.LEFT}:
        assert ticket.claim is None
    if ticket.state in AT_A_COUNTER:
        assert ticket.place is Place.INSIDE


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", STEPS)
def test_each_action_starts_from_the_states_of_the_table_and_no_other(
    state: State, action: Action
) -> None:
    ticket = ticket_in(state, inside=action is Action.STEP_OUT)
    target = ALLOWED[state].get(action.value)
    if target is None:
        with pytest.raises(WrongState) as refused:
            take(action, ticket)
        assert refused.value.code == "wrong_state"
        assert refused.value.facts["state"] == state.value
        # facts are open by type
        assert state.value not in refused.value.facts["allowed"]  # type: ignore[operator]
        return
    after, event = take(action, ticket)
    assert after.state == target
    assert after.version == ticket.version + 1
    assert event.type is TRANSITIONS[action].event
    assert (event.ticket, event.office, event.date) == (ticket.id, ticket.office, ticket.date)
    keeps_the_docstring(after)


def test_the_table_has_every_action_once_with_an_event_of_its_own() -> None:
    assert set(TRANSITIONS) == set(Action)
    names = [row.event for row in TRANSITIONS.values()]
    assert len(set(names)) == len(names)
    assert {action for action in Action if not TRANSITIONS[action].sources} == CREATING


def test_live_states_are_those_from_which_a_visit_can_still_come() -> None:
    assert frozenset(State) - LIVE_STATES == {
        State.SERVED,
        State.LEFT,
        State.CANCELLED,
        State.EXPIRED,
        State.NO_SHOW,
    }
    assert PRESENT_STATES < LIVE_STATES


@pytest.mark.parametrize("state", State)
def test_every_state_keeps_the_invariants(state: State) -> None:
    keeps_the_docstring(ticket_in(state))


def test_a_walk_in_waits_at_once() -> None:
    ticket, event = door_steps.walk_in(
        request(origin=Origin.WALK_IN, party_size=3), RULES, "A001", False, NINE
    )
    assert (ticket.state, ticket.place, ticket.number, ticket.turn_time) == (
        State.WAITING,
        Place.OUTSIDE,
        "A001",
        NINE,
    )
    assert ticket.turn_basis is TurnBasis.ARRIVAL
    assert ticket.version == 1
    assert event.type is EventType.WALKED_IN
    keeps_the_docstring(ticket)


def test_a_booking_made_at_once_has_no_expiry() -> None:
    ticket, event = steps.book(request(), NINE, NINE)
    assert (ticket.state, ticket.expires_at, event.type) == (State.BOOKED, None, EventType.BOOKED)
    keeps_the_docstring(ticket)


def test_events_carry_no_code() -> None:
    ticket, event = door_steps.walk_in(request(), RULES, "A001", True, NINE)
    told = json.dumps(event.facts)
    for action in (Action.CALL, Action.START, Action.FINISH):
        ticket, event = take(action, ticket)
        told += json.dumps(event.facts)
    assert ticket.code not in told


class TestCheckIn:
    @pytest.mark.parametrize(
        "state",
        [State.WAITING, State.CALLED, State.SERVING, State.PARKED, State.SERVED, State.LEFT],
    )
    def test_a_repeat_says_when_it_was_done(self, state: State) -> None:
        with pytest.raises(AlreadyCheckedIn) as told:
            door_steps.admit_check_in(ticket_in(state), OFFICE, NINE + minutes(3))
        assert told.value.facts == {"checked_in_at": NINE.isoformat(), "number": "A001"}

    @pytest.mark.parametrize("state", [State.HELD, State.STRANDED, State.CANCELLED, State.EXPIRED])
    def test_without_a_booking_there_is_no_check_in(self, state: State) -> None:
        with pytest.raises(WrongState):
            door_steps.admit_check_in(ticket_in(state), OFFICE, NINE)

    def test_only_on_the_day(self) -> None:
        booked = ticket_in(State.BOOKED)
        for days in (-1, 1):
            with pytest.raises(WrongDay) as told:
                door_steps.admit_check_in(booked, OFFICE, NINE + timedelta(days=days))
            assert told.value.facts == {"date": "2026-03-23"}

    def test_opens_half_an_hour_before_the_slot_and_never_closes(self) -> None:
        booked = ticket_in(State.BOOKED)
        assert booked.slot == NINE + minutes(10)
        opens_at = booked.slot - minutes(30)
        with pytest.raises(TooEarly) as told:
            door_steps.admit_check_in(booked, OFFICE, opens_at - timedelta(seconds=1))
        assert told.value.facts == {"action": "check_in", "opens_at": opens_at.isoformat()}
        for late in (0, 30, 300):
            door_steps.admit_check_in(booked, OFFICE, opens_at + minutes(late))

    @given(late=st.integers(-30 * 60, 5 * 3600), priority=st.booleans(), inside=st.booleans())
    def test_fixes_number_place_and_turn(self, late: int, priority: bool, inside: bool) -> None:
        booked = ticket_in(State.BOOKED, priority=priority)
        assert booked.slot is not None
        now = booked.slot + timedelta(seconds=late)
        waiting, event = door_steps.check_in(booked, RULES, "A009", inside, now)
        assert (waiting.number, waiting.arrived_at) == ("A009", now)
        assert waiting.place is (Place.INSIDE if inside else Place.OUTSIDE)
        counted = booked.slot if late <= 600 else now
        assert waiting.turn_time == counted - minutes(15 if priority else 0)
        assert waiting.turn_basis is (TurnBasis.SLOT if late <= 600 else TurnBasis.LATE)
        assert event.facts["changed"]["number"] == [None, "A009"]


class TestCounter:
    def test_a_call_lets_the_visitor_in(self) -> None:
        called, _ = counter_steps.call(
            ticket_in(State.WAITING, inside=False, party_size=2), "3674-1", CLERK, 7, NINE
        )
        assert (called.place, called.persons_inside, called.calls) == (Place.INSIDE, 2, 1)

    def test_admit_is_for_those_outside(self) -> None:
        outside = ticket_in(State.WAITING, inside=False)
        inside, _ = door_steps.admit(outside, NINE)
        assert (inside.place, inside.turn_time) == (Place.INSIDE, outside.turn_time)
        with pytest.raises(WrongState):
            door_steps.admit(inside, NINE)

    def test_recalls_are_counted_and_bounded(self) -> None:
        ticket = ticket_in(State.CALLED)
        for times in (2, 3):
            ticket, _ = counter_steps.recall(ticket, RULES, 8, NINE + minutes(times))
            assert ticket.calls == times
            assert ticket.called_at == NINE
            assert ticket.last_called_at == NINE + minutes(times)
        with pytest.raises(RecallsUsedUp) as told:
            counter_steps.recall(ticket, RULES, 9, NINE)
        assert told.value.facts == {"limit": 3}

    def test_a_transfer_keeps_number_arrival_turn_and_place(self) -> None:
        serving = ticket_in(State.SERVING)
        moved, _ = counter_steps.transfer(serving, "C", "CTK", NINE + minutes(5))
        for name in ("number", "arrived_at", "turn_time", "turn_basis", "place", "code", "slot"):
            assert getattr(moved, name) == getattr(serving, name)
        assert (
            moved.letter,
            moved.service,
            moved.counter,
            moved.clerk,
            moved.calls,
            moved.started_at,
        ) == ("C", "CTK", None, None, 0, None)

    @pytest.mark.parametrize("keeps", [True, False])
    def test_resume_keeps_the_turn_or_takes_the_present_by_the_rule(self, keeps: bool) -> None:
        parked = ticket_in(State.PARKED)
        now = NINE + minutes(40)
        back, _ = counter_steps.resume(
            parked, Rules(calling=CallingRules(resume_keeps_turn=keeps)), now
        )
        assert back.turn_time == (parked.turn_time if keeps else now)
        assert back.turn_basis is (parked.turn_basis if keeps else TurnBasis.ARRIVAL)
        keeps_the_docstring(back)

    @pytest.mark.parametrize("state", [State.SERVED, State.NO_SHOW, State.LEFT, State.CANCELLED])
    def test_who_is_gone_counts_no_longer(self, state: State) -> None:
        assert ticket_in(state, party_size=4).persons_inside == 0


class TestReturn:
    def test_comes_back_within_the_hour_with_the_time_of_return(self) -> None:
        missed = ticket_in(State.NO_SHOW)
        back, _ = door_steps.return_late(missed, RULES, "A001", False, NINE + minutes(60))
        assert (back.turn_time, back.arrived_at, back.ended_at, back.calls) == (
            NINE + minutes(60),
            NINE,
            None,
            0,
        )
        assert back.place is Place.OUTSIDE
        keeps_the_docstring(back)

    def test_later_is_too_late(self) -> None:
        missed = ticket_in(State.NO_SHOW)
        door_steps.admit_return(missed, RULES, missed.date, NINE + minutes(60))
        with pytest.raises(TooLate) as told:
            door_steps.admit_return(
                missed, RULES, missed.date, NINE + minutes(60) + timedelta(microseconds=1)
            )
        assert told.value.facts == {"until": (NINE + minutes(60)).isoformat()}

    def test_nobody_comes_back_to_a_day_that_is_over(self) -> None:
        """Who was called last in the evening is marked as missed by the night; the next morning is
        another day.
        """
        missed = ticket_in(State.NO_SHOW)
        with pytest.raises(WrongDay):
            door_steps.admit_return(
                missed, RULES, missed.date + timedelta(days=1), NINE + minutes(1)
            )

    def test_who_missed_nothing_has_nothing_to_come_back_from(self) -> None:
        with pytest.raises(WrongState):
            door_steps.admit_return(ticket_in(State.LEFT), RULES, ticket_in(State.LEFT).date, NINE)

    def test_who_never_came_gets_a_number_and_an_arrival(self) -> None:
        missed, _ = steps.miss_slot(ticket_in(State.BOOKED), NINE)
        back, _ = door_steps.return_late(missed, RULES, "A044", True, NINE + minutes(5))
        assert (back.number, back.arrived_at) == ("A044", NINE + minutes(5))
        keeps_the_docstring(back)


class TestSentOut:
    """In an evacuation whoever is counted out goes outside and keeps the place in the queue."""

    @pytest.mark.parametrize("state", [State.WAITING, State.CALLED, State.SERVING, State.PARKED])
    def test_the_place_in_the_queue_is_kept_and_the_call_is_over(self, state: State) -> None:
        before = ticket_in(state, party_size=3, priority=True)
        out, event = door_steps.count_out(before, Pause.EVACUATION, NINE + minutes(20))
        assert (out.state, out.place, out.persons_inside, out.ended_at) == (
            State.WAITING,
            Place.OUTSIDE,
            0,
            None,
        )
        for kept in (
            "number",
            "turn_time",
            "turn_basis",
            "credit_minutes",
            "arrived_at",
            "slot",
            "claim",
            "party_size",
            "letter",
        ):
            assert getattr(out, kept) == getattr(before, kept), kept
        assert (out.counter, out.clerk, out.called_at, out.call_seq, out.calls, out.started_at) == (
            None,
            None,
            None,
            None,
            0,
            None,
        )
        assert event.type is EventType.STEPPED_OUT
        keeps_the_docstring(out)

    def test_who_was_sent_on_is_still_for_that_counter_and_was_not_let_in(self) -> None:
        sent_on, _ = counter_steps.transfer(
            ticket_in(State.SERVING, inside=False), "C", "CTK", NINE, Wanted("3674-2")
        )
        assert sent_on.admitted_at is not None
        out, _ = door_steps.count_out(sent_on, Pause.EVACUATION, NINE)
        assert (out.letter, out.wanted, out.admitted_at) == ("C", Wanted("3674-2"), None)

    @pytest.mark.parametrize("paused", [None, Pause.PAUSE])
    def test_without_an_evacuation_it_ends_the_visit_and_nobody_at_a_counter_leaves_by_the_door(
        self, paused: Pause | None
    ) -> None:
        for state in (State.WAITING, State.PARKED):
            gone, event = door_steps.count_out(ticket_in(state), paused, NINE)
            assert (gone.state, gone.claim, event.type) == (State.LEFT, None, EventType.LEFT)
        for state in (State.CALLED, State.SERVING):
            with pytest.raises(WrongState) as refused:
                door_steps.count_out(ticket_in(state), paused, NINE)
            assert refused.value.facts["action"] == "leave"

    def test_nobody_goes_out_twice(self) -> None:
        out, _ = door_steps.count_out(ticket_in(State.SERVING), Pause.EVACUATION, NINE)
        with pytest.raises(WrongState) as refused:
            door_steps.count_out(out, Pause.EVACUATION, NINE)
        assert refused.value.facts == {
            "action": "step_out",
            "state": "OUTSIDE",
            "allowed": ["INSIDE"],
        }


@given(data=st.data(), party=st.integers(1, 6), priority=st.booleans(), inside=st.booleans())
def test_any_life_keeps_the_invariants_and_can_be_replayed_from_its_events(
    data: st.DataObject, party: int, priority: bool, inside: bool
) -> None:
    """Random walks through the table: one event and one version per step, and the events alone lead
    to the same ticket.
    """
    now = NINE
    ticket = ticket_in(State.WAITING, inside=inside, party_size=party, priority=priority)
    first = ticket
    events: list[Event] = []
    for _ in range(data.draw(st.integers(0, 25), label="steps")):
        choices = sorted(ALLOWED[ticket.state])
        if ticket.place is Place.INSIDE and "admit" in choices:
            choices.remove("admit")
        if ticket.place is Place.OUTSIDE and "step_out" in choices:
            choices.remove("step_out")
        if not is_away(ticket, now) and "come_back" in choices:
            choices.remove("come_back")
        if ticket.calls >= RULES.calling.calls_max and "recall" in choices:
            choices.remove("recall")
        if not choices:
            break
        now += timedelta(seconds=data.draw(st.integers(0, 300)))
        before = ticket
        ticket, event = take(Action(data.draw(st.sampled_from(choices))), ticket, now)
        events.append(by(event))
        if event.type in UNDOABLE and data.draw(st.booleans()):
            ticket, undone = counter_steps.undo(ticket, by(event), CLERK, RULES, now)
            events.append(undone)
            assert replace(ticket, version=before.version) == (
                without_places(before) if ticket.claim is None else before
            )
        keeps_the_docstring(ticket)
    assert ticket.version == first.version + len(events)
    assert replay(first, events) == ticket


def replay(ticket: Ticket, events: list[Event]) -> Ticket:
    """Rebuild a ticket from the facts of its events alone, checking that each starts where the last
    one ended.
    """
    for event in events:
        facts = json.loads(json.dumps(event.facts))["changed"]
        for name, (old, _) in facts.items():
            assert plain(getattr(ticket, name)) == old, name
        ticket = replace(
            ticket,
            version=ticket.version + 1,
            **{name: revive(name, new) for name, (_, new) in facts.items()},
        )
    return ticket


def plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def revive(name: str, value: object) -> object:
    if value is None:
        return None
    if name == "slot" or name.endswith(("_at", "_time", "_until")):
        return datetime.fromisoformat(str(value))
    return {"state": State, "place": Place, "pool": Pool, "turn_basis": TurnBasis}.get(
        name, lambda same: same
    )(value)


@pytest.mark.parametrize(
    ("state", "today", "later"),
    [
        (State.HELD, True, True),
        (State.BOOKED, True, True),
        (State.SERVING, True, True),
        (State.NO_SHOW, True, False),
        (State.SERVED, False, False),
        (State.CANCELLED, False, False),
    ],
)
def test_a_page_follows_a_visit_as_long_as_more_may_become_of_it(
    state: State, today: bool, later: bool
) -> None:
    ticket = ticket_in(state)
    assert is_followed(ticket, TODAY) is today
    assert is_followed(ticket, TODAY + timedelta(days=1)) is later
