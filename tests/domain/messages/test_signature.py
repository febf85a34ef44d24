"""Requests between server and gateway: signed as standardwebhooks writes it, and just now."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from queue_server.domain.messages.signature import TOLERANCE, is_signed, sign

KEY, ID, BODY = b"a key of the office", "msg_1", b'{"status": "delivered"}'
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
STAMP = f"{NOW.timestamp():.0f}"


def test_the_example_of_the_specification() -> None:
    """standardwebhooks, spec/standard-webhooks.md: id, time and body joined by dots."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    body = b'{"test": 2432232314}'
    signed = sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("late", [timedelta(), TOLERANCE, -TOLERANCE])
def test_a_request_of_just_now_is_believed(late: timedelta) -> None:
    assert is_signed(KEY, ID, STAMP, sign(KEY, ID, NOW, BODY), BODY, NOW + late)
    several = f"v1,AAAA {sign(KEY, ID, NOW, BODY)}"
    assert is_signed(KEY, ID, STAMP, several, BODY, NOW + late)


@pytest.mark.parametrize(
    ("key", "id", "stamp", "body", "late"),
    [
        (b"another", ID, STAMP, BODY, 0),
        (KEY, "msg_2", STAMP, BODY, 0),
        (KEY, ID, STAMP, BODY + b" ", 0),
        (KEY, ID, STAMP, BODY, TOLERANCE.total_seconds() + 1),
        (KEY, ID, STAMP, BODY, -TOLERANCE.total_seconds() - 1),
        (KEY, ID, "", BODY, 0),
        (KEY, ID, "²", BODY, 0),
        (KEY, ID, "9" * 40, BODY, 0),
        (KEY, ID, f"-{STAMP}", BODY, 0),
    ],
)
def test_no_other_is(key: bytes, id: str, stamp: str, body: bytes, late: float) -> None:
    signature = sign(KEY, ID, NOW, BODY)
    assert not is_signed(key, id, stamp, signature, body, NOW + timedelta(seconds=late))


@pytest.mark.parametrize("signature", ["", "v1,", "ü", "v0,abc", "v1"])
def test_what_is_no_signature_is_none(signature: str) -> None:
    assert not is_signed(KEY, ID, STAMP, signature, BODY, NOW)
