"""A message is sent only while it is true and of use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from queue_server.domain.messages.message import (
    ABOUT_A_TIME,
    STANDS_FOR,
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
    is_needed,
    mark_time,
    name_message,
)
from queue_server.domain.visit.transitions import State
from tests.domain.examples import ticket_in

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
SLOT = NOW + timedelta(days=1)
TICKET = ticket_in(State.BOOKED)


def message(kind: MessageKind, occasion: str = "x", **changes: object) -> Message:
    made = Message(
        name_message("t1", kind, occasion),
        "91",
        "t1",
        kind,
        occasion,
        MessageChannel.EMAIL,
        MessageState.QUEUED,
        NOW,
    )
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("kind", "state", "needed"),
    [
        (MessageKind.STRANDED, State.STRANDED, True),
        (MessageKind.STRANDED, State.BOOKED, False),
        (MessageKind.MOVED, State.BOOKED, True),
        (MessageKind.CANCELLED, State.BOOKED, False),
        (MessageKind.OFFER, State.HELD, True),
        (MessageKind.OFFER, State.EXPIRED, False),
        (MessageKind.LOCKED, State.WAITING, True),
        (MessageKind.LOCKED, State.SERVED, False),
    ],
)
def test_who_was_moved_meanwhile_does_not_hear_that_the_time_is_lost(
    kind: MessageKind, state: State, needed: bool
) -> None:
    ticket = replace(TICKET, state=state)
    assert is_needed(message(kind), ticket, NOW) is needed


def test_every_kind_says_for_which_states_it_stands() -> None:
    assert set(STANDS_FOR) == set(MessageKind)


@pytest.mark.parametrize("kind", sorted(ABOUT_A_TIME))
def test_what_names_a_time_is_needless_once_the_booking_has_another(kind: MessageKind) -> None:
    ticket = replace(TICKET, state=State.BOOKED, slot=SLOT)
    owed = message(kind, f"{mark_time(SLOT)}-day")
    assert is_needed(owed, ticket, NOW)
    assert not is_needed(owed, replace(ticket, slot=SLOT + timedelta(minutes=15)), NOW)


def test_what_is_too_late_is_needless() -> None:
    ticket = replace(TICKET, state=State.CALLED)
    owed = message(MessageKind.CALL, stale_at=NOW + timedelta(minutes=5))
    assert is_needed(owed, ticket, NOW + timedelta(minutes=4, seconds=59))
    assert not is_needed(owed, ticket, NOW + timedelta(minutes=5))
