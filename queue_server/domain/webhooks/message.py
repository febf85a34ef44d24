"""What an endpoint is told: which events, which of their facts, and how long it is tried."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Any

from queue_server.domain.events import EventType, RecordedEvent

from .endpoint import Endpoint

KEPT = timedelta(days=14)
"""How long is shown what became of a message."""

GIVEN_UP_AFTER = timedelta(days=3)
REFUSALS_MAX = 5
"""So often one message is refused before the next ones have their chance."""

VISITS = (
    EventType.BOOKED,
    EventType.CONFIRMED,
    EventType.RESCHEDULED,
    EventType.CANCELLED,
    EventType.VOIDED,
    EventType.STRANDED,
    EventType.SLOT_MISSED,
    EventType.WALKED_IN,
    EventType.CHECKED_IN,
    EventType.ADMITTED,
    EventType.CALLED,
    EventType.RECALLED,
    EventType.STARTED,
    EventType.PARKED,
    EventType.RESUMED,
    EventType.TRANSFERRED,
    EventType.FINISHED,
    EventType.NOT_SHOWN,
    EventType.RETURNED,
    EventType.LEFT,
    EventType.UNDONE,
)
OFFICE = (
    EventType.COUNTER_OPENED,
    EventType.COUNTER_CLOSED,
    EventType.MODE_CHANGED,
    EventType.HOURS_CHANGED,
    EventType.LIMIT_CHANGED,
    EventType.SERVICE_PAUSED,
    EventType.SERVICE_RESUMED,
    EventType.ADMISSIONS_STOPPED,
    EventType.ADMISSIONS_RESUMED,
    EventType.ALERT_RAISED,
    EventType.ALERT_ENDED,
    EventType.ALERT_ESCALATED,
)
TELLABLE = frozenset(VISITS + OFFICE)
"""What an endpoint may ask for. What people have typed, who has signed in, whose name was looked
for and what was noted of a visit stay in the office.
"""

FACTS = frozenset(
    {
        "state",
        "letter",
        "number",
        "service",
        "origin",
        "channel",
        "party_size",
        "slot",
        "place",
        "counter",
        "mode",
        "starts_at",
        "ends_at",
        "kind",
        "undid",
        "days",
        "inside",
        "outside",
        "limit",
        "minutes",
    }
)
"""The facts that leave the office. Any other stays: the code of a visit opens its page, a reason
may have been typed, and who did it is a person.
"""

_ABOUT_MESSAGE = frozenset({400, 413, 415, 422})


class WebhookState(StrEnum):
    """How far a message to an endpoint has come."""

    QUEUED = "QUEUED"
    TAKEN = "TAKEN"
    GIVEN_UP = "GIVEN_UP"


class Answer(Enum):
    """What an endpoint has said. REFUSED speaks of this message; FAILED may pass."""

    TAKEN = auto()
    REFUSED = auto()
    FAILED = auto()


@dataclass(frozen=True)
class WebhookMessage:
    """One event for one endpoint. What it says is read from the event when it is sent, the same
    each time. `owed_since`: when it happened, or was asked for again.
    """

    id: str
    endpoint: str
    office: str
    date: date
    seq: int
    owed_since: datetime
    state: WebhookState = WebhookState.QUEUED
    attempts: int = 0
    ended_at: datetime | None = None
    last_error: str | None = None


def is_told(endpoint: Endpoint, recorded: RecordedEvent) -> bool:
    """Whether an endpoint is to hear of an event: of the kinds that it asked for, since it was
    switched on; and of the test that is meant for it.
    """
    event = recorded.event
    if endpoint.taking_since is None or endpoint.office != event.office:
        return False
    if event.type is EventType.WEBHOOK_TESTED:
        return event.facts.get("webhook") == endpoint.id
    return event.type in TELLABLE & endpoint.types and event.at >= endpoint.taking_since


def name_webhook(endpoint: str, recorded: RecordedEvent) -> str:
    """The `webhook-id`: the same for each attempt and whoever owes it, so that an event is owed
    once, and a receiver knows a repetition.
    """
    event = recorded.event
    return f"{endpoint}-{event.office}-{event.date:%Y%m%d}-{recorded.seq}"


def owe(endpoint: Endpoint, recorded: RecordedEvent) -> WebhookMessage:
    """What an endpoint is owed of an event."""
    event, id = recorded.event, name_webhook(endpoint.id, recorded)
    return WebhookMessage(id, endpoint.id, event.office, event.date, recorded.seq, event.at)


def write_body(recorded: RecordedEvent) -> bytes:
    """What is sent of an event: ids and facts, no person. The same bytes each time."""
    event = recorded.event
    data = {
        "office": event.office,
        "date": event.date.isoformat(),
        "seq": recorded.seq,
        **({"ticket": event.ticket} if event.ticket else {}),
        **_leave_office(event.facts),
    }
    at = event.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    content = {"type": event.type.value, "timestamp": at, "data": data}
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


def _leave_office(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that may leave; of changed fields each one's value before and after."""
    told = {name: value for name, value in facts.items() if name in FACTS}
    changed = facts.get("changed")
    if isinstance(changed, Mapping):
        fields = {name: pair for name, pair in changed.items() if name in FACTS}
        told |= {"changed": fields} if fields else {}
    return told


def read_status(status: int) -> Answer:
    """What an answer's status says. A redirect is not followed, so it is a failure."""
    if 200 <= status < 300:
        return Answer.TAKEN
    return Answer.REFUSED if status in _ABOUT_MESSAGE else Answer.FAILED


def is_given_up(message: WebhookMessage, answer: Answer, now: datetime) -> bool:
    """Whether a message is not tried again after this answer. `message` is as it was before the
    attempt.
    """
    if answer is Answer.REFUSED and message.attempts + 1 >= REFUSALS_MAX:
        return True
    return now - message.owed_since >= GIVEN_UP_AFTER
