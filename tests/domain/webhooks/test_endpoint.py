"""Endpoints: which addresses are taken, which keys sign, and when one is switched off."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from queue_server.domain.deliveries import PAUSES
from queue_server.domain.errors import BadInput
from queue_server.domain.events import EventType
from queue_server.domain.webhooks.address import admits_address
from queue_server.domain.webhooks.endpoint import (
    GONE,
    OFF_AFTER,
    ROTATION,
    Endpoint,
    OffBecause,
    derive_key,
    note_failure,
    note_taken,
    parse_url,
    rotate,
    signing_versions,
    switch_off,
    switch_on,
    why_stopped,
    write_secret,
)

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ENDPOINT = Endpoint(
    "e1", "9101", "https://example.org/a?key=1", frozenset({EventType.BOOKED}), NOW, "budi", NOW
)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("https://example.org/hook?token=a%20b", None),
        (" https://example.org:8443/ ", None),
        ("https://[2606:4700::1]/x", None),
        ("http://127.0.0.1:9000/x", None),
        ("http://example.org/x", "https"),
        ("", "url"),
        ("example.org/x", "url"),
        ("ftp://example.org/", "url"),
        ("javascript:alert(1)", "url"),
        ("https://", "url"),
        ("https://example.org:99999/", "url"),
        ("https://example.org:0/", "url"),
        ("https://contoh.id/a b", "url"),
        ("https://contoh.id/\r\nX: y", "url"),
        ("https://exämple.org/", "url"),
        ("https://user:pass@example.org/", "url_parts"),
        ("https://example.org/#top", "url_parts"),
        ("https://example.org/" + "a" * 500, "url"),
        ("https://[::1", "url"),
    ],
)
def test_an_address_is_taken_or_refused_with_a_reason(typed: str, reason: str | None) -> None:
    if reason is None:
        assert parse_url(typed) == typed.strip()
        return
    with pytest.raises(BadInput) as refused:
        parse_url(typed)
    assert refused.value.facts == {"field": "url", "reason": reason}


@pytest.mark.parametrize(
    ("address", "admits"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        *(
            (each, False)
            for each in (
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "240.0.0.1",
                "::",
                "::1",
                "fe80::1%eth0",
                "fd00::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "2002:7f00:1::",
                "2002:c0a8:101::1",
                "not an address",
            )
        ),
    ],
)
def test_only_public_machines_are_told(address: str, admits: bool) -> None:
    assert admits_address(address, ()) is admits


def test_networks_that_the_settings_name_are_told_and_no_others() -> None:
    allowed = (ip_network("10.1.0.0/16"), ip_network("::1/128"))
    assert admits_address("10.1.9.9", allowed) and admits_address("::1", allowed)
    assert admits_address("::ffff:10.1.0.1", allowed)
    assert not admits_address("10.2.0.1", allowed) and not admits_address("127.0.0.1", allowed)


def test_each_endpoint_and_version_has_a_key_of_its_own() -> None:
    keys = {
        derive_key(server, id, version)
        for server in (b"a" * 32, b"b" * 32)
        for id in ("e1", "e2")
        for version in (1, 2)
    }
    assert len(keys) == 8
    secret = write_secret(derive_key(b"a" * 32, "e1", 1))
    assert secret.startswith("whsec_") and len(base64.b64decode(secret[6:])) == 32


def test_a_new_secret_lets_the_old_one_sign_for_a_day_and_no_older_one() -> None:
    first = rotate(ENDPOINT, NOW)
    assert signing_versions(ENDPOINT, NOW) == (1,)
    assert signing_versions(first, NOW) == (2, 1)
    assert signing_versions(first, NOW + ROTATION) == (2,)
    second = rotate(first, NOW + timedelta(hours=1))
    assert signing_versions(second, NOW + timedelta(hours=2)) == (3, 2)


def test_failures_bring_longer_pauses_and_one_success_ends_them() -> None:
    failing, now = ENDPOINT, NOW
    for number, pause in enumerate((*PAUSES, PAUSES[-1]), 1):
        failing = note_failure(failing, "TimeoutError", now)
        assert (failing.failures, failing.retry_at) == (number, now + pause)
        assert failing.failing_since == NOW
        now += pause
    taken = note_taken(failing, now)
    assert (taken.failures, taken.failing_since, taken.retry_at) == (0, None, None)
    assert taken.last_taken_at == now


def test_it_is_switched_off_after_days_of_failure_or_when_it_is_gone() -> None:
    failing = note_failure(ENDPOINT, "TimeoutError", NOW)
    assert why_stopped(ENDPOINT, NOW + OFF_AFTER) is None
    assert why_stopped(failing, NOW + OFF_AFTER - timedelta(seconds=1)) is None
    assert why_stopped(failing, NOW + OFF_AFTER) is OffBecause.FAILING
    gone = note_failure(ENDPOINT, GONE, NOW)
    assert why_stopped(gone, NOW) is OffBecause.GONE
    off = switch_off(gone, OffBecause.GONE)
    assert (off.taking_since, off.off_because) == (None, OffBecause.GONE)
    assert why_stopped(off, NOW) is None
    on = switch_on(off, NOW + timedelta(days=9))
    assert on == replace(ENDPOINT, taking_since=NOW + timedelta(days=9))


def test_only_the_host_of_an_address_is_said_elsewhere() -> None:
    assert ENDPOINT.host == "example.org"
