"""When something that failed is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from queue_server.domain.deliveries import LONGEST_WAIT, MAIL_ATTEMPTS, PAUSES, is_over, pause_after

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_the_pauses_grow_and_the_last_one_repeats() -> None:
    assert [pause_after(each) for each in range(1, len(PAUSES) + 1)] == sorted(set(PAUSES))
    assert pause_after(len(PAUSES) + 1) == pause_after(1_000) == PAUSES[-1] < LONGEST_WAIT


def test_a_mail_is_tried_for_eight_and_a_half_hours() -> None:
    spent = sum(map(pause_after, range(1, MAIL_ATTEMPTS)), timedelta())
    assert timedelta(hours=8, minutes=30) <= spent < timedelta(hours=8, minutes=40)


def test_a_pause_ends_at_its_time_or_when_the_clock_was_set_back() -> None:
    assert is_over(NOW, NOW) and not is_over(NOW + timedelta(seconds=1), NOW)
    assert not is_over(NOW + LONGEST_WAIT, NOW)
    assert is_over(NOW + LONGEST_WAIT + timedelta(seconds=1), NOW)
