"""A message is sent only while it is true."""

from __future__ import annotations

import pytest

from queue_server.domain.messages.message import MessageKind, is_needed
from queue_server.domain.visit.transitions import State


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
    assert is_needed(kind, state) is needed
