"""Hours in three layers: single days over seasons over the week, on the wall clock, and refused
where they cannot be.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.slots import cut_slots
from queue_server.domain.errors import BadInput
from queue_server.domain.office.hours import (
    DayHours,
    Hours,
    Opening,
    Season,
    Source,
    admit_openings,
    admit_seasons,
    admit_stretches,
)
from tests.domain.examples import TODAY, WEEK, office

RAMADAN = Season(
    "Ramadan",
    date(2026, 2, 18),
    date(2026, 3, 19),
    tuple(Opening(day, time(8), time(14)) for day in range(5)),
)


def stretches(hours: Hours, day: date) -> list[tuple[int, int]]:
    """The hours of a day, as whole numbers."""
    return [(each.opens.hour, each.closes.hour) for each in hours.on(day)]


class TestLayers:
    def test_the_week_is_the_usual(self) -> None:
        hours = Hours(week=WEEK)
        assert [stretches(hours, TODAY + timedelta(days=ahead)) for ahead in range(7)] == [
            [(8, 12), (13, 15)]
        ] * 5 + [[], []]

    def test_a_season_replaces_the_week_from_its_first_to_its_last_date(self) -> None:
        hours = Hours(week=WEEK, seasons=(RAMADAN,))
        days = [date(2026, 2, 17), date(2026, 2, 18), date(2026, 3, 19), date(2026, 3, 20)]
        assert [stretches(hours, day)[-1] for day in days] == [(13, 15), (8, 14), (8, 14), (13, 15)]

    def test_a_season_without_a_weekday_closes_it(self) -> None:
        only_monday = Season(
            "short", TODAY, TODAY + timedelta(days=6), (Opening(0, time(9), time(10)),)
        )
        hours = Hours(week=WEEK, seasons=(only_monday,))
        assert stretches(hours, TODAY) == [(9, 10)]
        assert stretches(hours, TODAY + timedelta(days=1)) == []

    def test_a_day_of_its_own_wins_over_both(self) -> None:
        day = date(2026, 3, 2)
        hours = Hours(week=WEEK, seasons=(RAMADAN,), days={day: DayHours(((time(10), time(11)),))})
        assert stretches(hours, day) == [(10, 11)]
        assert [(each.opens.hour, each.closes.hour) for each in hours.usual_on(day)] == [(8, 14)], (
            "what it replaces is still known"
        )
        assert stretches(hours, day + timedelta(days=1)) == [(8, 14)]

    def test_a_holiday_is_a_day_without_openings(self) -> None:
        closed = DayHours(reason={"id": "Nyepi"}, source=Source.HOLIDAY)
        assert stretches(Hours(week=WEEK, days={TODAY: closed}), TODAY) == []

    def test_an_office_may_open_on_a_day_that_the_week_leaves_closed(self) -> None:
        saturday = TODAY + timedelta(days=5)
        [opening] = Hours(week=WEEK, days={saturday: DayHours(((time(8), time(10)),))}).on(saturday)
        assert opening == Opening(5, time(8), time(10))

    @given(st.permutations([(time(13), time(15)), (time(8), time(12)), (time(16), time(17))]))
    def test_stretches_come_in_order_of_time(self, own: list[tuple[time, time]]) -> None:
        expected = [(8, 12), (13, 15), (16, 17)]
        assert stretches(Hours(days={TODAY: DayHours(tuple(own))}), TODAY) == expected
        assert stretches(Hours(week=tuple(Opening(0, *each) for each in own)), TODAY) == expected

    @given(
        st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=8),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.lists(st.integers(1, 30), max_size=6),
    )
    def test_each_date_has_the_hours_of_its_strictest_layer(
        self, own: set[date], day: date, lengths: list[int]
    ) -> None:
        seasons, first = [], date(2026, 1, 1)
        for length in lengths:
            own_hours = (Opening(day.weekday(), time(9), time(10 + length % 9)),)
            seasons.append(Season("s", first, first + timedelta(days=length - 1), own_hours))
            first += timedelta(days=length)
        admit_seasons(seasons)
        hours = Hours(
            week=WEEK,
            seasons=tuple(seasons),
            days={each: DayHours(((time(1), time(2)),)) for each in own},
        )
        covering = [each for each in seasons if each.first <= day <= each.last]
        assert len(covering) <= 1
        if day in own:
            assert stretches(hours, day) == [(1, 2)]
        elif covering:
            assert hours.on(day) == covering[0].openings
        else:
            assert stretches(hours, day) == ([(8, 12), (13, 15)] if day.weekday() < 5 else [])


class TestRefused:
    @pytest.mark.parametrize("weekday", [-1, 7])
    def test_a_weekday_that_there_is_not(self, weekday: int) -> None:
        with pytest.raises(BadInput) as told:
            admit_openings([Opening(weekday, time(8), time(9))])
        assert told.value.facts == {"field": "openings", "reason": "weekday"}

    @pytest.mark.parametrize(
        ("own", "reason"),
        [
            ([(time(9), time(9))], "order"),
            ([(time(9), time(8))], "order"),
            ([(time(22), time(2))], "order"),
            ([(time(8), time(12)), (time(11, 59), time(15))], "overlap"),
            ([(time(13), time(15)), (time(8), time(17))], "overlap"),
            ([(time(8), time(9)), (time(8), time(9))], "overlap"),
        ],
    )
    def test_stretches_that_cannot_be(self, own: list[tuple[time, time]], reason: str) -> None:
        with pytest.raises(BadInput) as told:
            admit_stretches(own)
        assert told.value.facts == {"field": "openings", "reason": reason}

    def test_stretches_may_touch_and_days_do_not_mix(self) -> None:
        admit_stretches([(time(8), time(12)), (time(12), time(15))])
        admit_openings([Opening(0, time(8), time(12)), Opening(1, time(9), time(13))])
        with pytest.raises(BadInput):
            admit_openings(
                [
                    Opening(1, time(8), time(12)),
                    Opening(0, time(8), time(9)),
                    Opening(1, time(11), time(13)),
                ]
            )

    def test_seasons_that_overlap_by_a_single_day(self) -> None:
        next_one = Season("after", RAMADAN.last, RAMADAN.last + timedelta(days=9), ())
        for order in ([RAMADAN, next_one], [next_one, RAMADAN]):
            with pytest.raises(BadInput) as told:
                admit_seasons(order)
            assert told.value.facts == {"field": "seasons", "reason": "overlap", "season": "after"}
        admit_seasons(
            [
                Season(
                    "after", RAMADAN.last + timedelta(days=1), RAMADAN.last + timedelta(days=9), ()
                ),
                RAMADAN,
            ]
        )

    def test_a_season_that_ends_before_it_begins(self) -> None:
        with pytest.raises(BadInput) as told:
            admit_seasons([Season("wrong", TODAY, TODAY - timedelta(days=1), ())])
        assert told.value.facts == {"field": "seasons", "reason": "order", "season": "wrong"}
        admit_seasons([Season("one day", TODAY, TODAY, ())])

    def test_a_seasons_hours_are_looked_at_too(self) -> None:
        with pytest.raises(BadInput) as told:
            admit_seasons([Season("wrong", TODAY, TODAY, (Opening(0, time(9), time(8)),))])
        assert told.value.facts["reason"] == "order"

    @given(st.lists(st.tuples(st.times(), st.times()), max_size=5))
    def test_what_is_admitted_never_overlaps(self, own: list[tuple[time, time]]) -> None:
        try:
            admit_stretches(own)
        except BadInput:
            assert any(opens >= closes for opens, closes in own) or any(
                one is not other and one[0] < other[1] and other[0] < one[1]
                for one in own
                for other in own
            )
            return
        found = Hours(days={TODAY: DayHours(tuple(own))}).on(TODAY)
        assert all(one.closes <= other.opens for one, other in zip(found, found[1:], strict=False))


class TestClockChange:
    """Berlin: 2026-03-29 has no hour from two to three, 2026-10-25 has it twice."""

    def on(self, day: date, *own: tuple[time, time]) -> list[datetime]:
        place = office(zone="Europe/Berlin", hours=Hours(days={day: DayHours(own)}))
        return [start for start, _ in cut_slots(place, day)]

    def test_an_opening_over_the_lost_hour_is_an_hour_shorter(self) -> None:
        starts = self.on(date(2026, 3, 29), (time(1), time(4)))
        assert len(starts) == 8
        assert (starts[0], starts[-1]) == (
            datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 1, 45, tzinfo=UTC),
        )

    def test_an_opening_over_the_doubled_hour_is_an_hour_longer(self) -> None:
        assert len(self.on(date(2026, 10, 25), (time(1), time(4)))) == 16

    def test_two_stretches_that_meet_in_the_doubled_hour_never_overlap(self) -> None:
        starts = self.on(date(2026, 10, 25), (time(1), time(2, 30)), (time(2, 30), time(4)))
        assert len(set(starts)) == len(starts)
        assert starts == sorted(starts)
        assert all(
            other - one >= timedelta(minutes=15)
            for one, other in zip(starts, starts[1:], strict=False)
        )
