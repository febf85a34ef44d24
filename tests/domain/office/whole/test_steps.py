"""The steps of a first set-up: done as the office stands, whatever was ticked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain.office.hours import Hours
from queue_server.domain.office.whole.steps import UNSEEN, Mark, State, Step, find_progress
from tests.fixtures.application import make_office

FULL = make_office("9101")
EMPTY = replace(FULL, people_limit=None, hours=Hours(), services=(), counters=(), streams=())


def test_of_an_empty_office_every_step_waits_and_the_room_comes_first() -> None:
    progress = find_progress(EMPTY, 0, 0, {})
    assert set(progress.states.values()) == {State.OPEN}
    assert progress.next is Step.ROOM and progress.count_done == 0


def test_settings_tell_what_is_done_and_marks_only_what_they_cannot() -> None:
    marks = {step.value: Mark.DONE.value for step in Step}
    progress = find_progress(EMPTY, 0, 0, marks)
    assert {step for step, state in progress.states.items() if state is State.DONE} == UNSEEN
    progress = find_progress(FULL, 1, 1, {})
    assert progress.next is Step.PAPER and progress.count_done == 6


@pytest.mark.parametrize("step", Step)
def test_a_step_left_out_is_passed_over_until_it_is_done(step: Step) -> None:
    marks = {step.value: Mark.SKIPPED.value}
    assert find_progress(EMPTY, 0, 0, marks).states[step] is State.SKIPPED
    assert find_progress(EMPTY, 0, 0, marks).next is not step
    if step not in (Step.PAPER, Step.CALL):
        assert find_progress(FULL, 1, 1, marks).states[step] is State.DONE


def test_when_all_is_done_or_left_out_nothing_waits() -> None:
    marks = {step.value: Mark.SKIPPED.value for step in Step}
    assert find_progress(EMPTY, 0, 0, marks).next is None
