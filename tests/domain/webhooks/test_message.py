"""What an endpoint is told: which events, since when, and of their facts no person's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from queue_server.domain.events import ACCESS, REMARKS, Event, EventType, RecordedEvent
from queue_server.domain.webhooks.endpoint import Endpoint, OffBecause, switch_off
from queue_server.domain.webhooks.message import (
    GIVEN_UP_AFTER,
    REFUSALS_MAX,
    TELLABLE,
    Answer,
    is_given_up,
    is_told,
    name_webhook,
    owe,
    read_status,
    write_body,
)

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ENDPOINT = Endpoint(
    "e1", "9101", "https://example.org/", frozenset({EventType.CALLED}), NOW, "budi", NOW
)


def record(type: EventType, facts: dict[str, Any] | None = None, at: datetime = NOW) -> Any:
    return RecordedEvent(7, Event(type, "9101", date(2026, 11, 23), at, "t1", facts or {}))


def test_an_endpoint_hears_what_it_asked_for_since_it_was_switched_on() -> None:
    called = record(EventType.CALLED)
    assert is_told(ENDPOINT, called)
    assert not is_told(ENDPOINT, record(EventType.FINISHED))
    assert not is_told(ENDPOINT, record(EventType.CALLED, at=NOW - timedelta(microseconds=1)))
    assert not is_told(replace(ENDPOINT, office="9102"), called)
    assert not is_told(switch_off(ENDPOINT, OffBecause.BY_HAND), called)


def test_a_test_is_for_its_endpoint_alone() -> None:
    test = record(EventType.WEBHOOK_TESTED, {"webhook": "e1"})
    assert is_told(ENDPOINT, test) and not is_told(replace(ENDPOINT, id="e2"), test)


def test_what_people_typed_and_who_signed_in_is_never_told() -> None:
    assert not TELLABLE & {*ACCESS, *REMARKS, EventType.NAMES_SEARCHED, EventType.ANNOUNCED}
    asking = replace(ENDPOINT, types=frozenset(EventType))
    assert not is_told(asking, record(EventType.NOTED))


def test_what_is_sent_has_ids_and_facts_and_no_person() -> None:
    facts = {
        "number": "A012",
        "letter": "A",
        "state": "CALLED",
        "by": "siti",
        "reason": "Pak Budi from door 3",
        "code": "7F3K9Q2M0ABC",
        "clerk": "siti",
        "urgency": "hospital",
        "priority": True,
        "changed": {"counter": [None, "9101-1"], "clerk": [None, "siti"], "code": ["a", "b"]},
    }
    body = json.loads(write_body(record(EventType.CALLED, facts)))
    assert body == {
        "type": "called",
        "timestamp": "2026-11-23T02:00:00Z",
        "data": {
            "office": "9101",
            "date": "2026-11-23",
            "seq": 7,
            "ticket": "t1",
            "number": "A012",
            "letter": "A",
            "state": "CALLED",
            "changed": {"counter": [None, "9101-1"]},
        },
    }


def test_a_message_has_one_name_whoever_owes_it_and_the_same_bytes() -> None:
    recorded = record(EventType.CALLED, {"number": "A1", "letter": "A"})
    again = record(EventType.CALLED, {"letter": "A", "number": "A1"})
    assert owe(ENDPOINT, recorded).id == name_webhook("e1", again)
    assert write_body(recorded) == write_body(again)
    others = {name_webhook("e2", recorded), name_webhook("e1", replace(recorded, seq=8))}
    assert name_webhook("e1", recorded) not in others and len(others) == 2


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        *((each, Answer.TAKEN) for each in (200, 202, 204)),
        *((each, Answer.REFUSED) for each in (400, 413, 415, 422)),
        *((each, Answer.FAILED) for each in (301, 302, 401, 404, 408, 410, 429, 500, 503)),
    ],
)
def test_what_an_answer_says(status: int, answer: Answer) -> None:
    assert read_status(status) is answer


def test_a_message_is_given_up_after_some_refusals_or_days() -> None:
    message = owe(ENDPOINT, record(EventType.CALLED))
    last = replace(message, attempts=REFUSALS_MAX - 1)
    assert is_given_up(last, Answer.REFUSED, NOW)
    assert not is_given_up(last, Answer.FAILED, NOW)
    assert not is_given_up(message, Answer.REFUSED, NOW)
    assert is_given_up(message, Answer.FAILED, NOW + GIVEN_UP_AFTER)
