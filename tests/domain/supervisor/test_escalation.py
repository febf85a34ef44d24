"""When an alert is passed on, and when nobody is to be woken by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.office.rules import AlertRules, Rules
from queue_server.domain.supervisor.alerts import AlertKind
from queue_server.domain.supervisor.escalation import (
    ESCALATED_KINDS,
    LOUD_KINDS,
    escalate_at,
    loud_from,
)

JAKARTA = ZoneInfo("Asia/Jakarta")
RULES = Rules(alerts=AlertRules(escalate_minutes=15))
NIGHT = AlertRules(quiet_from_hour=21, quiet_until_hour=6)


def wib(hour: int, minute: int = 0, *, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JAKARTA).astimezone(UTC)


def test_an_alert_is_passed_on_after_the_minutes_of_the_office() -> None:
    at = escalate_at(AlertKind.LONG_WAIT, RULES, None, JAKARTA, wib(9))
    assert at == wib(9, 15)


def test_without_minutes_nothing_is_passed_on() -> None:
    for kind in AlertKind:
        assert escalate_at(kind, Rules(), None, JAKARTA, wib(9)) is None


@pytest.mark.parametrize("kind", AlertKind)
def test_only_what_somebody_else_can_mend_is_passed_on(kind: AlertKind) -> None:
    at = escalate_at(kind, RULES, None, JAKARTA, wib(9))
    assert (at is not None) == (kind in ESCALATED_KINDS)


def test_the_same_trouble_is_passed_on_once_in_half_an_hour() -> None:
    for minutes, passed in ((29, False), (30, True)):
        last = wib(9) - timedelta(minutes=minutes)
        at = escalate_at(AlertKind.NOBODY_CALLED, RULES, last, JAKARTA, wib(9))
        assert (at is not None) == passed


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (wib(20, 59), wib(20, 59)),
        (wib(21), wib(6, day=24)),
        (wib(23, 30), wib(6, day=24)),
        (wib(0, 30), wib(6)),
        (wib(5, 59), wib(6)),
        (wib(6), wib(6)),
        (wib(12), wib(12)),
    ],
)
def test_quiet_hours_go_past_midnight(at: datetime, told: datetime) -> None:
    assert loud_from(AlertKind.DEVICE_SILENT, NIGHT, JAKARTA, at) == told


def test_quiet_hours_within_a_day() -> None:
    noon = AlertRules(quiet_from_hour=12, quiet_until_hour=13)
    assert loud_from(AlertKind.LONG_WAIT, noon, JAKARTA, wib(12, 20)) == wib(13)
    assert loud_from(AlertKind.LONG_WAIT, noon, JAKARTA, wib(11, 59)) == wib(11, 59)


def test_danger_to_people_is_told_at_any_hour() -> None:
    for kind in AlertKind:
        at = loud_from(kind, NIGHT, JAKARTA, wib(23))
        assert (at == wib(23)) == (kind in LOUD_KINDS)
    assert sorted(LOUD_KINDS) == [AlertKind.EVACUATED, AlertKind.OVER_LIMIT]


@given(
    st.integers(0, 23),
    st.integers(0, 23),
    st.integers(0, 525_600).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin"]).map(ZoneInfo),
)
def test_what_waits_is_told_within_a_day_outside_the_quiet_hours(
    first: int, end: int, at: datetime, zone: ZoneInfo
) -> None:
    rules = AlertRules(quiet_from_hour=first, quiet_until_hour=end)
    told = loud_from(AlertKind.LONG_WAIT, rules, zone, at)
    assert at <= told <= at + timedelta(hours=25)
    assert loud_from(AlertKind.LONG_WAIT, rules, zone, told) == told, "asked again it is loud"
