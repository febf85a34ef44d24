"""What is read as a message, and what is not."""

from __future__ import annotations

import pytest

from queue_server.protocol.leases import SyncAnswer, SyncOutcome
from queue_server.protocol.messages import BadMessage, from_wire


def test_a_result_is_one_of_those_that_are_named() -> None:
    told = {"outcomes": [{"id": "x", "result": "created"}]}
    assert from_wire(SyncAnswer, told).outcomes == (SyncOutcome("x", "created"),)
    for result in ("lost", 1, None, ["created"]):
        with pytest.raises(BadMessage):
            from_wire(SyncAnswer, {"outcomes": [{"id": "x", "result": result}]})
