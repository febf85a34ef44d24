"""Calls for help: one answers, every change has one event, a game is stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from queue_server.domain.door import help_calls as steps
from queue_server.domain.door.help_calls import (
    ANSWERED_WITHIN,
    CALLS_MOST,
    CALLS_WITHIN,
    LASTS,
    HelpCall,
    HelpEnd,
    HelpReason,
    HelpStage,
)
from queue_server.domain.errors import HelpOver, HelpResting
from queue_server.domain.events import EventType

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
CALL = HelpCall(
    "call", "3674", date(2026, 3, 2), "kiosk", "en", "home", HelpReason.VISITOR, asked_at=NOON
)
SECOND = timedelta(seconds=1)


def test_a_call_is_one_event_without_personal_data() -> None:
    call, event = steps.ask(CALL)
    assert call == CALL
    assert event.type is EventType.HELP_ASKED
    assert event.facts == {"help": "call", "device": "kiosk", "reason": "VISITOR"}


@pytest.mark.parametrize(
    ("after", "stage"),
    [
        (timedelta(), HelpStage.ASKED),
        (ANSWERED_WITHIN - SECOND, HelpStage.ASKED),
        (ANSWERED_WITHIN, HelpStage.UNANSWERED),
        (LASTS - SECOND, HelpStage.UNANSWERED),
        (LASTS, HelpStage.ENDED),
    ],
)
def test_a_call_says_honestly_where_it_stands(after: timedelta, stage: HelpStage) -> None:
    assert CALL.stage_at(NOON + after) is stage


def test_the_first_who_answers_goes_and_the_second_sees_who() -> None:
    first, event = steps.answer(CALL, "budi", NOON + SECOND)
    second, nothing = steps.answer(first, "sari", NOON + 2 * SECOND)
    assert event is not None
    assert event.type is EventType.HELP_ANSWERED
    assert second == first
    assert second.answered_by == "budi"
    assert nothing is None
    assert second.stage_at(NOON + 2 * ANSWERED_WITHIN) is HelpStage.ANSWERED


@pytest.mark.parametrize("how", HelpEnd)
def test_a_call_ends_once(how: HelpEnd) -> None:
    ended, event = steps.end(CALL, how, NOON + SECOND)
    again, nothing = steps.end(ended, HelpEnd.STAFF, NOON + 2 * SECOND, "budi")
    assert event is not None
    assert event.facts["end"] == how.value
    assert again == ended
    assert nothing is None
    with pytest.raises(HelpOver):
        steps.answer(ended, "budi", NOON + SECOND)


def test_a_call_that_has_lapsed_is_not_answered() -> None:
    with pytest.raises(HelpOver):
        steps.answer(CALL, "budi", NOON + LASTS)


def test_a_kiosk_that_calls_again_and_again_is_told_when_it_may() -> None:
    asked = [NOON + each * SECOND for each in range(CALLS_MOST)]
    steps.admit_call(asked[1:], NOON + 10 * SECOND)
    with pytest.raises(HelpResting) as refused:
        steps.admit_call(asked, NOON + 10 * SECOND)
    wait = timedelta(seconds=refused.value.facts["retry_after_seconds"])
    assert wait == CALLS_WITHIN - 10 * SECOND
    steps.admit_call(asked, NOON + 10 * SECOND + wait)
