"""Reminders come in time and never at night; what is of use for minutes is not sent late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.messages.message import MessageChannel, MessageKind
from queue_server.domain.messages.timing import (
    is_quiet,
    move_out_of_night,
    night_ends_at,
    plan_reminders,
    when_due,
    when_stale,
)

JAKARTA, BERLIN = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin")


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = JAKARTA) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("due", "visit", "comes"),
    [
        ((23, 10), (24, 10), (23, 10)),
        ((24, 6), (24, 8), (24, 6)),
        ((24, 5, 30), (24, 7, 30), (24, 6)),
        ((24, 4, 45), (24, 6, 45), (23, 20)),
        ((23, 23), (24, 1), (23, 20)),
        ((23, 23), (24, 8), (24, 6)),
        ((23, 21), (24, 5), (23, 20)),
        ((23, 20, 59), (24, 1), (23, 20, 59)),
    ],
)
def test_a_reminder_of_the_night_comes_in_the_morning_or_the_evening_before(
    due: tuple[int, ...], visit: tuple[int, ...], comes: tuple[int, ...]
) -> None:
    assert move_out_of_night(at(*due), at(*visit), JAKARTA) == at(*comes)


def test_a_visit_has_two_reminders_and_the_first_ends_when_the_second_is_due() -> None:
    first, second = plan_reminders(at(24, 10), 2, JAKARTA, at(20, 9))
    assert (first.name, first.due_at, first.stale_at) == ("day", at(23, 10), at(24, 8))
    assert (second.name, second.due_at, second.stale_at) == ("hours", at(24, 8), at(24, 10))


@pytest.mark.parametrize(
    ("booked", "names"),
    [
        ((23, 8), ["day", "hours"]),
        ((23, 8, 1), ["hours"]),
        ((24, 6), ["hours"]),
        ((24, 6, 1), []),
        ((24, 11), []),
    ],
)
def test_who_has_just_booked_is_not_reminded_of_it(
    booked: tuple[int, ...], names: list[str]
) -> None:
    planned = plan_reminders(at(24, 10), 2, JAKARTA, at(*booked))
    assert [each.name for each in planned] == names


@given(
    st.integers(0, 32 * 24 * 60),
    st.integers(1, 12),
    st.integers(0, 20 * 24),
    st.sampled_from([JAKARTA, BERLIN, ZoneInfo("Asia/Jayapura")]),
)
def test_no_reminder_rings_at_night_or_after_the_visit(
    minutes: int, hours: int, before: int, zone: ZoneInfo
) -> None:
    """Also over the night in which the clocks of Berlin go back."""
    visit_at = datetime(2026, 10, 20, tzinfo=UTC) + timedelta(minutes=minutes)
    now = visit_at - timedelta(hours=before)
    planned = plan_reminders(visit_at, hours, zone, now)
    assert len({each.name for each in planned}) == len(planned)
    for each in planned:
        assert not is_quiet(each.due_at, zone)
        assert now < each.due_at < each.stale_at <= visit_at


def test_the_telephone_is_quiet_at_night_for_what_nobody_asks_for_then() -> None:
    night, morning = at(23, 22), at(24, 6)
    assert night_ends_at(night, JAKARTA) == night_ends_at(at(24, 3), JAKARTA) == morning
    phone, email = MessageChannel.PHONE, MessageChannel.EMAIL
    assert when_due(MessageKind.STRANDED, phone, night, JAKARTA) == morning
    assert when_due(MessageKind.STRANDED, phone, morning, JAKARTA) is None
    assert when_due(MessageKind.STRANDED, email, night, JAKARTA) is None
    assert when_due(MessageKind.OFFER, phone, night, JAKARTA) == morning
    assert when_due(MessageKind.PROVE, phone, night, JAKARTA) == morning
    assert when_due(MessageKind.CALL, phone, night, JAKARTA) is None


def test_a_call_is_of_use_for_minutes_and_a_confirmation_until_the_visit() -> None:
    now, visit = at(24, 9), at(24, 10)
    assert when_stale(MessageKind.CALL, now, visit) == at(24, 9, 5)
    assert when_stale(MessageKind.CONFIRMATION, now, visit) == visit
    assert when_stale(MessageKind.STRANDED, now, visit) is None
