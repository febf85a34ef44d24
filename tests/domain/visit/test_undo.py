"""What a clerk may take back, and what it restores."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from queue_server.domain.counter import steps as counter_steps
from queue_server.domain.errors import NothingToUndo
from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import TRANSITIONS, UNDOABLE, Action, State
from tests.domain.examples import (
    CLERK,
    NINE,
    PLACES,
    RULES,
    STEPS,
    by,
    minutes,
    take,
    ticket_in,
    without_places,
)


class TestUndo:
    def stored(self, event: Event) -> Event:
        """The event as it comes back from the store: its facts as JSON."""
        return replace(event, facts=json.loads(json.dumps(event.facts)))

    @pytest.mark.parametrize(
        "action", [action for action in STEPS if TRANSITIONS[action].event in UNDOABLE]
    )
    @pytest.mark.parametrize("inside", [True, False])
    def test_restores_the_ticket_exactly(self, action: Action, inside: bool) -> None:
        for source in TRANSITIONS[action].sources:
            if action is Action.STEP_OUT and source is State.WAITING and not inside:
                continue
            before = ticket_in(source, inside=inside, party_size=3, priority=True)
            after, event = take(action, before, NINE + minutes(2))
            restored, undone = counter_steps.undo(
                after, self.stored(by(event)), CLERK, RULES, NINE + minutes(4)
            )
            expected = without_places(before) if after.claim is None else before
            assert replace(restored, version=before.version) == expected
            assert restored.version == after.version + 1
            for each in fields(Ticket):
                assert type(getattr(restored, each.name)) is type(getattr(expected, each.name)), (
                    each.name
                )
            assert (undone.type, undone.facts["undid"]) == (EventType.UNDONE, event.type.value)
            assert undone.facts["changed"] == {
                name: values[::-1]
                for name, values in self.stored(event).facts["changed"].items()
                if name not in PLACES
            }

    @pytest.mark.parametrize(
        "action", [action for action in STEPS if TRANSITIONS[action].event not in UNDOABLE]
    )
    def test_takes_back_only_what_clerks_do(self, action: Action) -> None:
        for source in TRANSITIONS[action].sources:
            after, event = take(action, ticket_in(source, inside=False))
            with pytest.raises(NothingToUndo) as told:
                counter_steps.undo(after, by(event), CLERK, RULES, NINE)
            assert told.value.facts == {"reason": "none"}

    def test_only_by_the_one_who_did_it(self) -> None:
        called, event = take(Action.CALL, ticket_in(State.WAITING))
        for last in (by(event, "another"), event):
            with pytest.raises(NothingToUndo) as told:
                counter_steps.undo(called, last, CLERK, RULES, NINE)
            assert told.value.facts == {"reason": "not_yours"}

    def test_only_for_five_minutes(self) -> None:
        called, event = take(Action.CALL, ticket_in(State.WAITING))
        counter_steps.undo(called, by(event), CLERK, RULES, NINE + minutes(5))
        with pytest.raises(NothingToUndo) as told:
            counter_steps.undo(
                called, by(event), CLERK, RULES, NINE + minutes(5) + timedelta(microseconds=1)
            )
        assert told.value.facts == {"reason": "too_late"}

    def test_only_an_event_of_the_same_ticket(self) -> None:
        called, event = take(Action.CALL, ticket_in(State.WAITING))
        with pytest.raises(NothingToUndo):
            counter_steps.undo(called, replace(by(event), ticket="another"), CLERK, RULES, NINE)

    def test_once_only(self) -> None:
        called, event = take(Action.CALL, ticket_in(State.WAITING))
        restored, undone = counter_steps.undo(called, by(event), CLERK, RULES, NINE)
        with pytest.raises(NothingToUndo):
            counter_steps.undo(restored, by(undone), CLERK, RULES, NINE)
