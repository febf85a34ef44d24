"""The messages of the lease cross the wire whole."""

from __future__ import annotations

import json

import pytest

from queue_server.protocol.leases import Lease, SyncAnswer, SyncItem, SyncOutcome
from queue_server.protocol.messages import BadMessage, from_wire, to_wire
from tests.kiosk.issuing.leases import LEASE

ITEM = SyncItem("l-A501", "lease-1", "A501", "2026-11-23T09:00:00+07:00", service="REK")
ANSWER = SyncAnswer(
    (
        SyncOutcome("l-A501", "created", None, "A501"),
        SyncOutcome("l-A502", "duplicate", None, "A502"),
        SyncOutcome("l-A503", "conflict", "already_called", "A012"),
    )
)


@pytest.mark.parametrize("message", [LEASE, ITEM, ANSWER])
def test_a_message_is_read_as_it_was_sent(message: Lease | SyncItem | SyncAnswer) -> None:
    assert from_wire(type(message), json.loads(json.dumps(to_wire(message)))) == message


def test_a_result_that_nobody_knows_is_no_message() -> None:
    wire = to_wire(ANSWER)
    wire["outcomes"][0]["result"] = "perhaps"
    with pytest.raises(BadMessage):
        from_wire(SyncAnswer, wire)
