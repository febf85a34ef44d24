"""How many live tickets one person may hold, and how far ahead who has missed visits may book."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking import person_limits
from queue_server.domain.booking.person_limits import admit_horizon, admit_person
from queue_server.domain.errors import LimitReached
from queue_server.domain.office.rules import BookingRules, Rules

RULES = Rules()
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LiveBooking = partial(person_limits.LiveBooking, date=DAY)


def refused_by(
    live: list[person_limits.LiveBooking], service: str = "REK", rules: Rules = RULES
) -> tuple[object, object] | None:
    try:
        admit_person(rules, service, DAY, live)
    except LimitReached as refused:
        return refused.facts["rule"], refused.facts["limit"]
    return None


@pytest.mark.parametrize(
    ("live", "refused"),
    [
        ([], None),
        ([LiveBooking("REK", True, True)], ("service", 1)),
        ([LiveBooking("CTK", True, True)], None),
        ([LiveBooking("CTK", True, False), LiveBooking("KK", True, False)], ("office", 2)),
        ([LiveBooking("REK", False, True)] * 3, None),  # a family with one phone
        ([LiveBooking("REK", False, True)] * 4, ("phone", 4)),
        ([LiveBooking("REK", False, True, people=6)], ("phone", 4)),  # persons count, not bookings
        ([LiveBooking("REK", False, True, people=3)], None),
        ([LiveBooking("REK", False, False)] * 9, None),
    ],
)
def test_the_limits(live: list[person_limits.LiveBooking], refused: tuple[str, int] | None) -> None:
    assert refused_by(live) == refused


bookings = st.builds(
    LiveBooking, st.sampled_from(["REK", "CTK", "KK"]), st.booleans(), st.booleans()
)


@given(st.lists(bookings, max_size=30), st.integers(1, 4), st.integers(1, 6), st.integers(1, 8))
def test_booking_as_long_as_allowed_never_exceeds_any_limit(
    wanted: list[person_limits.LiveBooking], of_service: int, of_office: int, of_phone: int
) -> None:
    """`wanted` is asked one after another by one person and one phone; those of strangers stand as
    they are.
    """
    rules = Rules(
        booking=BookingRules(
            per_service_max=of_service, per_office_max=of_office, people_per_phone_max=of_phone
        )
    )
    live: list[person_limits.LiveBooking] = []
    for each in wanted:
        mine = LiveBooking(each.service, True, True)
        if refused_by(live, each.service, rules) is None:
            live.append(mine)
    assert len(live) <= min(of_office, of_phone)
    assert all(
        sum(each.service == code for each in live) <= of_service for code in ("REK", "CTK", "KK")
    )


@given(st.lists(bookings, max_size=10))
def test_a_further_live_ticket_never_makes_a_refusal_go_away(
    live: list[person_limits.LiveBooking],
) -> None:
    if refused_by(live[:-1]) is not None:
        assert refused_by(live) is not None


@pytest.mark.parametrize(
    ("per_day", "others", "refused"),
    [(None, 3, None), (1, 0, None), (1, 1, ("day", 1)), (2, 1, None), (2, 2, ("day", 2))],
)
def test_visits_on_one_day_where_the_office_counts_them(
    per_day: int | None, others: int, refused: tuple[str, int] | None
) -> None:
    rules = Rules(booking=BookingRules(per_day_max=per_day, per_office_max=9))
    live = [LiveBooking(f"S{n}", True, False) for n in range(others)]
    live += [
        person_limits.LiveBooking("X", True, False, DAY + timedelta(days=1)),
        LiveBooking("Y", False, False),
    ]
    assert refused_by(live, "REK", rules) == refused


def days_ago(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=each) for each in days]


@pytest.mark.parametrize(
    ("missed", "ahead", "until"),
    [
        ([], 14, None),
        ([3], 14, None),
        ([3, 31], 14, None),
        ([3, 29], 1.01, 1),  # the older of the two counts for one more day
        ([1, 2, 20], 14, 28),
        ([3, 29], 1, None),
        ([3, 29], 0.2, None),
        ([3, 30], 14, None),
    ],
)
def test_who_missed_two_visits_in_thirty_days_books_near_times_only(
    missed: list[float], ahead: float, until: float | None
) -> None:
    wanted = NOW + timedelta(days=ahead)
    if until is None:
        return admit_horizon(RULES, days_ago(*missed), wanted, NOW)
    with pytest.raises(LimitReached) as refused:
        admit_horizon(RULES, days_ago(*missed), wanted, NOW)
    assert refused.value.facts == {
        "rule": "no_shows",
        "limit": 2,
        "days": 1,
        "until": (NOW + timedelta(days=until)).isoformat(),
    }


@given(st.lists(st.floats(0, 60), max_size=6), st.floats(0.1, 14))
def test_the_refusal_says_truly_until_when_it_holds(missed: list[float], ahead: float) -> None:
    times, wanted = days_ago(*missed), timedelta(days=ahead)
    try:
        admit_horizon(RULES, times, NOW + wanted, NOW)
    except LimitReached as refused:
        until = datetime.fromisoformat(str(refused.facts["until"]))
        admit_horizon(RULES, times, until + wanted, until)
        moment = until - timedelta(seconds=1)
        with pytest.raises(LimitReached):
            admit_horizon(RULES, times, moment + wanted, moment)
