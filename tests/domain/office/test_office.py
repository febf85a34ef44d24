"""Opening hours and look-ups."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import NotInService, UnknownCounter, UnknownService, UnknownStream
from queue_server.domain.office.admission import admit_hours
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office, largest_party
from queue_server.domain.office.rule_ranges import RANGES
from queue_server.domain.office.rules import BookingRules, DoorRules, Rules
from queue_server.protocol.codes import PARTY_SIZE_MAX
from tests.domain.examples import NINE, always, closed_on, minutes, office, service


def test_look_ups_say_what_is_unknown() -> None:
    place = office()
    assert place.service("CTK").letter == "C"
    assert place.stream("A").name == {"id": "Perekaman"}
    assert place.counter("3674-2").letters == ("A", "C")
    for look_up, error in (
        (place.service, UnknownService),
        (place.stream, UnknownStream),
        (place.counter, UnknownCounter),
    ):
        with pytest.raises(error):
            look_up("none")


@pytest.mark.parametrize(
    ("limit", "kiosk", "largest", "at_kiosk"),
    [(None, 3, 6, 3), (20, 3, 6, 3), (4, 3, 4, 3), (2, 3, 2, 2), (20, 9, 6, 6)],
)
def test_no_party_is_larger_than_the_rules_and_the_room(
    limit: int | None, kiosk: int, largest: int, at_kiosk: int
) -> None:
    place = office(
        people_limit=limit,
        rules=Rules(booking=BookingRules(party_max=6), door=DoorRules(kiosk_party_max=kiosk)),
    )
    assert largest_party(6, limit) == place.largest_party == largest
    assert place.largest_kiosk_party == at_kiosk


def test_what_kiosk_and_api_read_is_as_much_as_an_office_may_allow() -> None:
    assert PARTY_SIZE_MAX == RANGES["booking.party_max"].high == RANGES["door.kiosk_party_max"].high


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Jakarta", 23), ("Asia/Jayapura", 24), ("America/New_York", 23)]
)
def test_the_office_day_is_the_local_date(zone: str, day: int) -> None:
    assert office(zone=zone).date_at(datetime(2026, 3, 23, 16, 0, tzinfo=UTC)) == date(2026, 3, day)


@pytest.mark.parametrize(
    ("clock", "is_open"),
    [
        (time(7, 59, 59), False),
        (time(8), True),
        (time(12, 30), True),
        (time(14, 59, 59), True),
        (time(15), False),
        (time(23), False),
    ],
)
def test_the_doors_are_open_from_first_opening_to_last_closing(clock: time, is_open: bool) -> None:
    place = office()
    now = datetime.combine(date(2026, 3, 23), clock, place.tz)
    assert place.is_open(now) is is_open
    if is_open:
        admit_hours(place, now)
    else:
        with pytest.raises(NotInService) as told:
            admit_hours(place, now)
        assert told.value.facts["reason"] == "hours"


def test_who_comes_too_late_hears_when_the_doors_open_again() -> None:
    place = office(hours=closed_on(date(2026, 3, 24)))
    with pytest.raises(NotInService) as told:
        admit_hours(place, NINE + timedelta(hours=8))
    assert told.value.facts["opens_at"] == "2026-03-25T08:00:00+07:00", "Tuesday is a holiday"


def test_an_office_that_never_opens_says_so() -> None:
    place = office(hours=Hours())
    assert place.next_opening(NINE) is None
    assert place.closes_at(NINE) is None
    with pytest.raises(NotInService) as told:
        admit_hours(place, NINE)
    assert told.value.facts["opens_at"] is None


class TestClosedByMode:
    def closed(self, first: int, last: int | None) -> Office:
        """Closed from and to so many minutes after nine."""
        ends_at = None if last is None else NINE + minutes(last)
        return office(
            modes=(
                ModePeriod(
                    "m", ServiceMode.CLOSED, NINE + minutes(first), NINE, "admin", ends_at=ends_at
                ),
            )
        )

    def test_the_doors_are_shut_and_the_hours_are_not_to_blame(self) -> None:
        place = office(modes=(always(ServiceMode.CLOSED),))
        assert not place.is_open(NINE)
        with pytest.raises(NotInService) as told:
            admit_hours(place, NINE)
        assert told.value.facts == {"reason": "mode", "opens_at": None}
        with pytest.raises(NotInService) as told:
            admit_hours(place, NINE + timedelta(hours=12))
        assert told.value.facts == {"reason": "hours", "opens_at": None}

    @pytest.mark.parametrize(
        ("first", "last", "opens"),
        [
            (0, 60, 60),
            (0, 24 * 60, 24 * 60),
            (0, 23 * 60, 23 * 60),
            (0, 22 * 60, 23 * 60),
            (0, 10 * 60, 23 * 60),
            (30, 60, 60),
            (0, None, None),
        ],
        ids=[
            "within the day",
            "within the next",
            "as the next begins",
            "before it",
            "after the day",
            "later today",
            "for good",
        ],
    )
    def test_they_open_when_both_hours_and_mode_allow_it(
        self, first: int, last: int | None, opens: int | None
    ) -> None:
        assert self.closed(first, last).next_opening(NINE) == (
            None if opens is None else NINE + minutes(opens)
        )

    def test_a_change_that_does_not_close_opens_nothing(self) -> None:
        until = ModePeriod(
            "m", ServiceMode.URGENT_ONLY, NINE, NINE, "admin", ends_at=NINE + minutes(60)
        )
        assert office(modes=(until,)).next_opening(NINE) == NINE + timedelta(hours=23)


def test_closes_at_the_end_of_the_last_opening() -> None:
    assert office().closes_at(NINE) == datetime(2026, 3, 23, 8, 0, tzinfo=UTC)


@given(
    st.integers(0, 14 * 24 * 60),
    st.frozensets(st.dates(date(2026, 3, 23), date(2026, 4, 6)), max_size=6),
)
def test_the_next_opening_is_the_first_moment_after_now_at_which_the_doors_open(
    after: int, closed: frozenset[date]
) -> None:
    place = office(hours=closed_on(*closed))
    now = NINE + minutes(after)
    opens = place.next_opening(now)
    assert opens is not None
    assert opens > now
    assert place.is_open(opens)
    assert not place.is_open(opens - timedelta(seconds=1))
    between = now + minutes(30)
    while between < opens:  # from closing to the next opening the doors stay shut
        if place.date_at(between) != place.date_at(now):
            assert not place.is_open(between)
        between += minutes(30)


def test_openings_come_in_order_whatever_order_they_are_kept_in() -> None:
    place = office(
        hours=Hours(week=(Opening(0, time(13), time(15)), Opening(0, time(8), time(12))))
    )
    assert [each.opens for each in place.openings_on(date(2026, 3, 23))] == [time(8), time(13)]


def test_mean_minutes_of_a_stream() -> None:
    place = office(services=(service("REK", minutes=10), service("IKD", minutes=5)))
    assert place.mean_minutes("A") == 7.5
    assert place.mean_minutes("C") == 10
