"""What a clerk may do with a visitor: picked calls, steps at the counter, sending on and taking
back, each decided from plain values; and which refusal wins where several hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from queue_server.domain.counter import clerk_steps
from queue_server.domain.counter.calls import (
    CurrentVisit,
    DirectCallFacts,
    admit_direct_call,
    decide_direct_call,
)
from queue_server.domain.counter.clerk_steps import StepFacts, Target, choose_target
from queue_server.domain.counter.undoing import UndoFacts, admit_back_at_counter, decide_undo
from queue_server.domain.errors import DomainError
from queue_server.domain.office.office import Counter
from queue_server.domain.office.rules import CallingRules, CallPolicy, Rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.domain.visit.turn import Wanted
from tests.domain.examples import CLERK, NINE, RULES, TODAY, minutes, office, ticket_in

COUNTER = Counter("3674-1", "1", ("A", "C"))
NOW = NINE + minutes(90)
ROOM = Occupancy(4, 0, 5)
waiting = ticket_in(State.WAITING)
outside = replace(waiting, place=Place.OUTSIDE, party_size=2)


def refusal(act: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


class TestPickedCall:
    def facts(self, ticket: Ticket = waiting, **values: Any) -> DirectCallFacts:
        return DirectCallFacts(
            ticket, COUNTER, "ani", **{"occupancy": ROOM, "rules": RULES, "seq": 7, **values}
        )

    def test_the_log_keeps_who_called_whom_and_why(self) -> None:
        after, event = decide_direct_call(self.facts(), "ill", NOW)
        assert (after.state, after.counter, after.clerk) == (State.CALLED, "3674-1", "ani")
        assert after.call_seq == 7
        told = {name: event.facts[name] for name in ("by", "letters", "room", "direct", "reason")}
        assert told == {"by": "ani", "letters": "AC", "room": 1, "direct": True, "reason": "ill"}
        assert "share" not in event.facts

    def test_under_the_policy_ratio_the_log_keeps_the_share(self) -> None:
        rules = Rules(calling=CallingRules(policy=CallPolicy.RATIO, ratio=3))
        _, event = decide_direct_call(self.facts(rules=rules), "", NOW)
        assert (event.facts["share"], event.facts["letter"]) == (3, waiting.letter)

    def test_one_outside_is_let_in_if_the_party_fits(self) -> None:
        after, _ = decide_direct_call(self.facts(outside, occupancy=Occupancy(3, 0, 5)), "", NOW)
        assert (after.place, after.admitted_at) == (Place.INSIDE, NOW)
        assert refusal(lambda: decide_direct_call(self.facts(outside), "", NOW)) == "room_full"
        stopped = replace(ROOM, ticketed=0, admitting=False)
        facts = self.facts(outside, occupancy=stopped)
        assert refusal(lambda: decide_direct_call(facts, "", NOW)) == "admissions_stopped"

    def test_a_busy_counter_wins_over_a_full_room_and_that_over_a_wrong_state(self) -> None:
        busy = self.facts(outside, current=CurrentVisit("t0", "A001"))
        assert refusal(lambda: decide_direct_call(busy, "", NOW)) == "counter_busy"
        served = self.facts(ticket_in(State.SERVED), current=CurrentVisit("t0", "A001"))
        assert refusal(lambda: decide_direct_call(served, "", NOW)) == "counter_busy"
        served = replace(served, current=None)
        assert refusal(lambda: decide_direct_call(served, "", NOW)) == "wrong_state"

    def test_another_day_wins_over_a_standstill(self) -> None:
        tomorrow = TODAY.replace(day=TODAY.day + 1)
        pause = Pause.PAUSE
        assert refusal(lambda: admit_direct_call(waiting, pause, tomorrow)) == "wrong_day"
        assert refusal(lambda: admit_direct_call(waiting, pause, waiting.date)) == "paused"
        admit_direct_call(waiting, None, waiting.date)


Decide = Callable[[StepFacts], Step]
STEPS: dict[str, tuple[Decide, State, State]] = {
    "recall": (lambda facts: clerk_steps.decide_recall(facts, NOW), State.CALLED, State.CALLED),
    "start": (lambda facts: clerk_steps.decide_start(facts, NOW), State.CALLED, State.SERVING),
    "finish": (lambda facts: clerk_steps.decide_finish(facts, NOW), State.SERVING, State.SERVED),
    "no_show": (lambda facts: clerk_steps.decide_no_show(facts, NOW), State.CALLED, State.NO_SHOW),
    "park": (lambda facts: clerk_steps.decide_park(facts, NOW), State.SERVING, State.PARKED),
    "resume": (lambda facts: clerk_steps.decide_resume(facts, NOW), State.PARKED, State.WAITING),
    "transfer": (
        lambda facts: clerk_steps.decide_transfer(facts, Target("C", "CTK"), NOW),
        State.SERVING,
        State.WAITING,
    ),
}
PAUSED = {
    Pause.PAUSE: {"recall"},
    Pause.EVACUATION: {"recall", "start", "no_show", "resume", "transfer"},
}


@pytest.mark.parametrize("name", STEPS)
class TestSteps:
    def test_it_names_the_clerk_and_the_counter(self, name: str) -> None:
        decide, before, after_state = STEPS[name]
        ticket = ticket_in(before)
        after, event = decide(StepFacts(ticket, CLERK, RULES, seq=9))
        assert after.state is after_state
        assert (event.facts["by"], event.facts["counter"]) == (CLERK, ticket.counter)

    def test_a_visitor_at_anothers_counter_is_not_theirs(self, name: str) -> None:
        decide, before, _ = STEPS[name]
        facts = StepFacts(ticket_in(before), "somebody-else", RULES)
        if before is State.PARKED:
            assert decide(facts)[0].state is State.WAITING, "who is set aside is anybody's"
        else:
            assert refusal(lambda: decide(facts)) == "not_your_ticket"

    @pytest.mark.parametrize("pause", Pause)
    def test_a_standstill_wins_over_the_wrong_clerk(self, name: str, pause: Pause) -> None:
        decide, before, _ = STEPS[name]
        facts = StepFacts(ticket_in(before), "somebody-else", RULES, paused=pause)
        if name in PAUSED[pause]:
            assert refusal(lambda: decide(facts)) == "paused"
        else:
            assert decide(replace(facts, clerk=CLERK))

    def test_the_wrong_clerk_wins_over_the_wrong_state(self, name: str) -> None:
        decide, before, _ = STEPS[name]
        wrong = State.CALLED if before in (State.SERVING, State.PARKED) else State.SERVING
        if name == "park":
            wrong = State.WAITING
        ticket = ticket_in(wrong)
        code = "wrong_state" if ticket.clerk is None else "not_your_ticket"
        assert refusal(lambda: decide(StepFacts(ticket, "somebody-else", RULES))) == code
        assert refusal(lambda: decide(StepFacts(ticket, CLERK, RULES))) == "wrong_state"


@pytest.mark.parametrize(
    ("wish", "target"),
    [
        ({"letter": "C"}, Target("C", "CTK")),
        ({"service": "CTK"}, Target("C", "CTK")),
        ({"service": "CTK", "letter": "C"}, Target("C", "CTK")),
        ({"counter": "3674-1"}, Target(wanted=Wanted(counter="3674-1"))),
        ({"letter": "C", "clerk": "ani"}, Target("C", "CTK", Wanted(clerk="ani"))),
    ],
)
def test_where_a_visitor_may_be_sent_on_to(wish: dict[str, str], target: Target) -> None:
    assert choose_target(office(), {"3674-1": "ani"}, **wish) == target


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({}, "bad_input"),
        ({"letter": "A", "service": "CTK"}, "bad_input"),
        ({"counter": "3674-1", "clerk": "ani"}, "bad_input"),
        ({"counter": "3674-2", "letter": "X"}, "counter_closed"),
        ({"counter": "nowhere"}, "unknown_counter"),
        ({"clerk": "budi"}, "clerk_away"),
        ({"letter": "X"}, "unknown_stream"),
        ({"service": "X"}, "unknown_service"),
    ],
)
def test_where_a_visitor_may_not_be_sent_on_to(wish: dict[str, str], code: str) -> None:
    assert refusal(lambda: choose_target(office(), {"3674-1": "ani"}, **wish)) == code


class TestUndo:
    def facts(self, before: State = State.CALLED, **values: Any) -> UndoFacts:
        after, event = clerk_steps.decide_no_show(StepFacts(ticket_in(before), CLERK, RULES), NOW)
        return UndoFacts(
            after, event, CLERK, **{"occupancy": Occupancy(0, 0, 5), "rules": RULES, **values}
        )

    def test_the_step_before_holds_again(self) -> None:
        facts = self.facts()
        (after, event), taken_back = decide_undo(facts, NOW)
        assert after.state is State.CALLED
        assert (event.facts["by"], taken_back) == (CLERK, facts.last)

    def test_nothing_to_take_back(self) -> None:
        facts = replace(self.facts(), last=None)
        assert refusal(lambda: decide_undo(facts, NOW)) == "nothing_to_undo"

    def test_the_room_must_hold_who_did_not_come_but_a_stopped_door_does_not_matter(self) -> None:
        full = self.facts(occupancy=Occupancy(5, 0, 5))
        assert refusal(lambda: decide_undo(full, NOW)) == "nothing_to_undo"
        stopped = self.facts(occupancy=Occupancy(0, 0, 5, admitting=False))
        assert decide_undo(stopped, NOW)[0][0].state is State.CALLED

    def test_the_counter_must_be_free_and_still_the_clerks(self) -> None:
        called = ticket_in(State.CALLED)
        mine, another = CurrentVisit(called.id, None), CurrentVisit("t0", "A001")

        def back(current: CurrentVisit | None, clerk: str | None = CLERK) -> None:
            admit_back_at_counter(called, CLERK, current, clerk, called.date)

        back(None)
        back(mine)
        assert refusal(lambda: back(another, None)) == "nothing_to_undo"
        assert refusal(lambda: back(None, None)) == "counter_closed"
        assert refusal(lambda: back(mine, "budi")) == "counter_closed"
