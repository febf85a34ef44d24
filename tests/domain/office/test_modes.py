"""Service modes: which decision rules a moment, the stricter of two, and who is served under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import NotInService
from queue_server.domain.office.admission import (
    admit_service,
    admits,
    mode_of,
    next_admission,
    next_visit_day,
)
from queue_server.domain.office.modes import (
    ModePeriod,
    ServiceMode,
    is_overruled,
    period_at,
    stricter,
)
from queue_server.domain.office.office import ServiceChannel
from tests.domain.examples import NINE, always, minutes, office, service

NORMAL, ONLINE_FIRST, URGENT_ONLY, CLOSED = ServiceMode
ORDER = [NORMAL, ONLINE_FIRST, URGENT_ONLY, CLOSED]
"""From the most open to the least, written down a second time."""


def period(
    id: str,
    mode: ServiceMode,
    starts: float,
    ends: float | None,
    decided: float,
    service: str | None = None,
) -> ModePeriod:
    """A decision by minutes after nine."""
    until = None if ends is None else NINE + minutes(ends)
    return ModePeriod(
        id,
        mode,
        NINE + minutes(starts),
        NINE + minutes(decided),
        "admin",
        ends_at=until,
        service=service,
    )


class TestPeriod:
    def test_without_a_decision_the_mode_is_normal(self) -> None:
        assert office().mode_at(NINE) is NORMAL
        assert office().mode_period(NINE) is None

    def test_holds_from_its_first_moment_to_just_before_its_end(self) -> None:
        place = office(modes=(period("m", CLOSED, 0, 60, -5),))
        moments = [
            NINE - timedelta(microseconds=1),
            NINE,
            NINE + minutes(60) - timedelta(microseconds=1),
            NINE + minutes(60),
        ]
        assert [place.mode_at(moment) for moment in moments] == [NORMAL, CLOSED, CLOSED, NORMAL]

    def test_without_an_end_it_holds_until_it_is_decided_anew(self) -> None:
        place = office(
            modes=(period("m", URGENT_ONLY, 0, None, 0), period("n", NORMAL, 3000, None, 2000))
        )
        assert place.mode_at(NINE + minutes(2999)) is URGENT_ONLY
        assert place.mode_at(NINE + minutes(3000)) is NORMAL

    def test_the_newest_decision_wins_even_if_an_older_one_begins_later(self) -> None:
        older, newer = period("a", CLOSED, 30, 90, -10), period("b", ONLINE_FIRST, 0, 120, -5)
        for modes in ((older, newer), (newer, older)):
            assert office(modes=modes).mode_at(NINE + minutes(60)) is ONLINE_FIRST

    def test_when_a_short_decision_ends_the_longer_one_holds_again(self) -> None:
        place = office(
            modes=(period("long", URGENT_ONLY, 0, 1000, -10), period("short", CLOSED, 30, 60, -5))
        )
        assert [place.mode_at(NINE + minutes(at)) for at in (10, 30, 60)] == [
            URGENT_ONLY,
            CLOSED,
            URGENT_ONLY,
        ]

    def test_of_two_decided_at_once_it_is_always_the_same_one(self) -> None:
        one, other = period("a", CLOSED, 0, 60, 0), period("b", NORMAL, 0, 60, 0)
        assert period_at([one, other], None, NINE) == period_at([other, one], None, NINE) == other

    def test_what_is_decided_of_a_service_says_nothing_of_the_office_or_another_service(
        self,
    ) -> None:
        place = office(modes=(period("m", CLOSED, 0, None, 0, service="REK"),))
        assert place.mode_at(NINE) is NORMAL
        assert mode_of(place, place.service("REK"), NINE) is CLOSED
        assert mode_of(place, place.service("CTK"), NINE) is NORMAL
        assert place.is_open(NINE)

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(ORDER),
                st.integers(-60, 60),
                st.none() | st.integers(1, 120),
                st.integers(-60, 60),
            ),
            max_size=6,
        ),
        st.integers(-90, 200),
    )
    def test_is_the_newest_that_covers_the_moment(
        self, drawn: list[tuple[ServiceMode, int, int | None, int]], at: int
    ) -> None:
        periods = [
            period(str(place), mode, starts, None if length is None else starts + length, decided)
            for place, (mode, starts, length, decided) in enumerate(drawn)
        ]
        found = period_at(periods, None, NINE + minutes(at))
        moment = NINE + minutes(at)
        covering = [
            each
            for each in periods
            if each.starts_at <= moment and not (each.ends_at and each.ends_at <= moment)
        ]
        assert (found is None) == (not covering)
        if found is not None:
            assert found in covering
            assert all(each.decided_at <= found.decided_at for each in covering)


@pytest.mark.parametrize("first", ORDER)
@pytest.mark.parametrize("second", ORDER)
def test_the_stricter_of_two(first: ServiceMode, second: ServiceMode) -> None:
    assert stricter(first, second) is ORDER[max(ORDER.index(first), ORDER.index(second))]


@pytest.mark.parametrize("of_office", ORDER)
@pytest.mark.parametrize("of_service", [None, *ORDER])
def test_the_stricter_of_office_and_service_counts(
    of_office: ServiceMode, of_service: ServiceMode | None
) -> None:
    modes = [always(of_office)] + ([] if of_service is None else [always(of_service, "REK")])
    expected = ORDER[max(ORDER.index(of_office), ORDER.index(of_service or NORMAL))]
    assert mode_of(office(modes=tuple(modes)), service("REK"), NINE) is expected


@pytest.mark.parametrize(
    ("mode", "channel", "urgent", "admitted"),
    [
        (NORMAL, ServiceChannel.ONLINE, False, True),
        (ONLINE_FIRST, ServiceChannel.ONLINE, False, False),
        (ONLINE_FIRST, ServiceChannel.ONLINE, True, True),
        (ONLINE_FIRST, ServiceChannel.HYBRID, False, True),
        (ONLINE_FIRST, ServiceChannel.EITHER, False, True),
        (ONLINE_FIRST, ServiceChannel.MUST_COME, False, True),
        (URGENT_ONLY, ServiceChannel.MUST_COME, False, False),
        (URGENT_ONLY, ServiceChannel.ONLINE, True, True),
        (CLOSED, ServiceChannel.MUST_COME, True, False),
    ],
)
def test_who_is_served(
    mode: ServiceMode, channel: ServiceChannel, urgent: bool, admitted: bool
) -> None:
    place, wanted = office(modes=(always(mode),)), service(channel=channel)
    if admitted:
        admit_service(place, wanted, urgent=urgent, at=NINE)
    else:
        with pytest.raises(NotInService) as told:
            admit_service(place, wanted, urgent=urgent, at=NINE)
        assert told.value.facts == {"reason": "mode", "mode": mode.value, "service": "REK"}


@given(st.sampled_from(ORDER), st.sampled_from(list(ServiceChannel)))
def test_an_urgent_visit_is_never_worse_off(mode: ServiceMode, channel: ServiceChannel) -> None:
    place, wanted = office(modes=(always(mode),)), service(channel=channel)

    def is_served(urgent: bool) -> bool:
        try:
            admit_service(place, wanted, urgent=urgent, at=NINE)
        except NotInService:
            return False
        return True

    assert is_served(urgent=True) or not is_served(urgent=False)


def test_the_mode_that_counts_is_that_of_the_visit_not_of_today() -> None:
    """The office is closed today; a visit next week is served, and one in the week of urgent cases
    only if it is urgent.
    """
    week = timedelta(days=7)
    today = period("a", CLOSED, 0, 600, -5)
    later = replace(
        period("b", URGENT_ONLY, 0, 600, -5), starts_at=NINE + 2 * week, ends_at=NINE + 3 * week
    )
    place, wanted = office(modes=(today, later)), service()

    def is_served(at: datetime, urgent: bool) -> bool:
        try:
            admit_service(place, wanted, urgent=urgent, at=at)
        except NotInService:
            return False
        return True

    assert [
        is_served(NINE + ahead * week, urgent) for ahead in range(4) for urgent in (False, True)
    ] == [False, False, True, True, False, True, True, True]


def test_a_decision_is_overruled_only_while_it_holds_and_by_a_newer_one_on_the_same_matter() -> (
    None
):
    old = period("a", CLOSED, 0, 120, -10)
    newer, of_service = period("b", NORMAL, 30, 60, -5), period("c", NORMAL, 0, None, 0, "REK")
    all_of_them = [old, newer, of_service]
    told = [is_overruled(all_of_them, old, NINE + minutes(at)) for at in (-1, 0, 30, 59, 60, 120)]
    assert told == [False, False, True, True, False, False]
    assert not is_overruled(all_of_them, newer, NINE + minutes(30))
    assert not is_overruled(all_of_them, of_service, NINE + minutes(30))


class TestNextVisitDay:
    """The examples' office is open on working days from eight to three; NINE is on a Monday."""

    def day(self, *modes: ModePeriod) -> date | None:
        place = office(modes=modes)
        return next_visit_day(place, service("REK"), urgent=False, now=NINE)

    def test_is_the_day_itself_while_the_doors_are_open(self) -> None:
        today = office().date_at(NINE)
        assert self.day() == today
        assert self.day(period("a", CLOSED, -5, 60, -5)) == today

    def test_is_the_next_day_with_opening_hours_once_they_are_over(self) -> None:
        today = office().date_at(NINE)
        assert self.day(period("a", CLOSED, -5, 12 * 60, -5)) == today + timedelta(days=1)

    def test_is_unknown_without_an_end(self) -> None:
        assert self.day(period("a", CLOSED, -5, None, -5)) is None


class TestNextAdmission:
    def when(self, *modes: ModePeriod, urgent: bool = False) -> datetime | None:
        place = office(modes=modes)
        return next_admission(place, service("REK"), urgent=urgent, now=NINE)

    def test_is_now_where_nothing_stands_against_it(self) -> None:
        assert self.when() == NINE
        assert self.when(always(URGENT_ONLY), urgent=True) == NINE

    def test_is_the_end_of_what_stands_against_it(self) -> None:
        assert self.when(period("a", CLOSED, -5, 60, -5)) == NINE + minutes(60)
        assert self.when(
            period("a", CLOSED, -5, 60, -5), period("b", URGENT_ONLY, -5, 90, -5, "REK")
        ) == NINE + minutes(90)
        assert self.when(
            period("a", CLOSED, -5, None, -5), period("b", NORMAL, 30, None, -4)
        ) == NINE + minutes(30), "a new decision may begin before the old one ends"

    def test_is_unknown_without_an_end(self) -> None:
        assert self.when(period("a", CLOSED, -5, None, -5)) is None

    @given(
        st.lists(
            st.builds(
                period,
                st.uuids().map(str),
                st.sampled_from(ORDER),
                st.integers(-9, 9),
                st.none() | st.integers(10, 30),
                st.integers(-20, -10),
                st.sampled_from([None, "REK"]),
            ),
            max_size=4,
        )
    )
    def test_is_the_first_minute_at_which_a_visit_is_served(self, modes: list[ModePeriod]) -> None:
        """The same as looking at every minute."""
        place = office(modes=tuple(modes))
        served = (
            NINE + minutes(ahead)
            for ahead in range(40)
            if admits(place, service("REK"), urgent=False, at=NINE + minutes(ahead))
        )
        assert self.when(*modes) == next(served, None)
