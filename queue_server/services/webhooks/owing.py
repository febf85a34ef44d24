"""Owing endpoints what happens, noting how telling them went, and switching off those that take
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from queue_server.domain.events import EventType, RecordedEvent
from queue_server.domain.webhooks.endpoint import (
    Endpoint,
    note_failure,
    note_taken,
    switch_off,
    why_stopped,
)
from queue_server.domain.webhooks.message import (
    Answer,
    WebhookMessage,
    WebhookState,
    is_given_up,
    is_told,
    owe,
)
from queue_server.services.access import log
from queue_server.services.run_each import do_each
from queue_server.store.webhooks import endpoints as endpoint_store
from queue_server.store.webhooks import messages as message_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

BY = "webhooks"
"""Who switches an endpoint off that takes nothing."""


@dataclass(frozen=True)
class Attempt:
    """What an endpoint has answered to one message, and in a word why it has not taken it."""

    message: WebhookMessage
    answer: Answer
    error: str | None = None


def owe_event(database: Database, recorded: RecordedEvent) -> int:
    """Owe an event to the endpoints of its office that asked for it. Returns how many messages that
    made. Reads first, so that an event which nobody wants writes nothing.
    """
    with database.read() as connection:
        endpoints = endpoint_store.list_of_office(connection, recorded.event.office)
        owed = [owe(each, recorded) for each in endpoints if is_told(each, recorded)]
        owed = message_store.leave_known_out(connection, owed)
    if not owed:
        return 0

    def write(tx: Transaction) -> int:
        return sum(message_store.add_once(tx, each) for each in owed)

    return database.write([], write)


def settle_attempts(
    tx: Transaction, endpoint: Endpoint, attempts: Sequence[Attempt], now: datetime
) -> None:
    """Note what became of some attempts, in order, and give the lease back. `endpoint` is as it was
    before it was claimed.
    """
    after = endpoint
    for each in attempts:
        after = (
            note_taken(after, now)
            if each.answer is Answer.TAKEN
            else note_failure(after, each.error or "", now)
        )
    # The endpoint first, as managers' commands do: nobody waits for another in a circle.
    endpoint_store.settle(tx, endpoint, after)
    for each in attempts:
        message_store.note_attempt(tx, each.message, _state_after(each, now), each.error, now)


def _state_after(attempt: Attempt, now: datetime) -> WebhookState:
    if attempt.answer is Answer.TAKEN:
        return WebhookState.TAKEN
    is_over = is_given_up(attempt.message, attempt.answer, now)
    return WebhookState.GIVEN_UP if is_over else WebhookState.QUEUED


def stop_failing(database: Database, now: datetime) -> int:
    """Switch off the endpoints that have taken nothing for days, or are gone. Returns how many."""
    with database.read() as connection:
        failing = [
            (each, database.offices.get(connection, each.office).date_at(now))
            for each in endpoint_store.list_all(connection)
            if why_stopped(each, now) is not None
        ]
    return do_each(
        failing,
        lambda one: database.write(
            [(one[0].office, one[1])],
            partial(stop_one, office=one[0].office, id=one[0].id, now=now),
        ),
    )


def stop_one(tx: Transaction, office: str, id: str, now: datetime) -> int:
    """Switch an endpoint off if it still takes nothing; what it is owed is given up. Must declare
    today. Returns how many it switched off. Raises `UnknownWebhook`.
    """
    endpoint = endpoint_store.lock(tx, id, office)
    because = why_stopped(endpoint, now)
    if because is None:
        return 0
    endpoint_store.save(tx, switch_off(endpoint, because))
    message_store.give_up_all(tx, id, because.value.lower(), now)
    about = {"webhook": id, "host": endpoint.host, "because": because.value}
    log.note(tx, EventType.WEBHOOK_STOPPED, office, BY, now, **about)
    return 1
