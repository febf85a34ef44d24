"""How the places of a slot are shared out: shares add up, are right over a day, and are never below
nothing.
"""

from __future__ import annotations

from datetime import time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.places import choose_claim
from queue_server.domain.booking.replan import plan_day
from queue_server.domain.booking.slots import (
    NO_LIMIT_PEOPLE,
    share_people,
    share_visits,
    span_of,
    visits_per_slot,
)
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.office import Counter, Office
from queue_server.domain.office.rules import BookingRules, Rules
from queue_server.domain.visit.claim import Pool
from tests.domain.examples import NINE, TODAY, office, service

shares = st.decimals(0, 1, places=2).map(float)
POOLS = range(3)


def sharing(online: float, urgent: float, **values: object) -> Office:
    return office(
        **{
            "rules": Rules(
                booking=BookingRules(online_share=online, urgent_share=urgent, utilisation=1.0)
            ),
            **values,
        }
    )


class TestPeople:
    def test_twenty_persons(self) -> None:
        assert share_people(sharing(0.6, 0.1, people_limit=20)) == (12, 6, 2)

    def test_what_rounding_leaves_is_for_walk_ins(self) -> None:
        assert share_people(sharing(0.6, 0.1, people_limit=6)) == (3, 3, 0)
        assert share_people(sharing(0.6, 0.1, people_limit=1)) == (0, 1, 0)

    def test_a_share_that_is_whole_is_not_lost_to_binary_fractions(self) -> None:
        for limit in range(0, 1000, 10):
            assert share_people(sharing(0.7, 0.3, people_limit=limit)) == (
                limit * 7 // 10,
                0,
                limit * 3 // 10,
            )

    def test_without_crowd_control_the_counters_alone_bound(self) -> None:
        assert sum(share_people(office(people_limit=None))) == NO_LIMIT_PEOPLE

    @given(st.integers(0, 500), shares, shares)
    def test_they_add_up_to_the_limit_whatever_the_shares_are(
        self, limit: int, online: float, urgent: float
    ) -> None:
        found = share_people(sharing(online, urgent, people_limit=limit))
        assert sum(found) == limit
        assert min(found) >= 0
        if online + urgent <= 1:
            assert limit * Fraction(str(online)) - 1 < found[0] <= limit * Fraction(str(online))
            assert limit * Fraction(str(urgent)) - 1 < found[2] <= limit * Fraction(str(urgent))

    @given(st.integers(1, 200), st.integers(1, 50), shares)
    def test_more_room_takes_no_place_from_online_or_urgent_visitors(
        self, limit: int, more: int, online: float
    ) -> None:
        urgent = round((1 - online) / 2, 2)
        small, large = (
            share_people(sharing(online, urgent, people_limit=each))
            for each in (limit, limit + more)
        )
        assert small[0] <= large[0]
        assert small[2] <= large[2]


class TestVisits:
    def test_a_counter_of_several_streams_counts_for_each_in_equal_parts(self) -> None:
        place = sharing(0.6, 0.1)
        assert visits_per_slot(place, "A") == Fraction(9, 4), "1.5 counters, 15 minutes, 10 each"
        assert visits_per_slot(place, "C") == Fraction(5, 4), "half a counter, 15 minutes, 6 each"

    def test_a_part_of_the_counters_time_is_left_for_what_takes_longer(self) -> None:
        assert visits_per_slot(office(), "A") == Fraction(9, 4) * Fraction(85, 100)

    def test_a_stream_without_counters_has_none(self) -> None:
        assert visits_per_slot(office(), "Z") == 0
        assert share_visits(office(), "Z", 0) == (0, 0, 0)

    def test_fractions_are_carried_over_to_the_next_slot(self) -> None:
        place = sharing(
            1.0, 0.0, counters=(Counter("1", "1", ("A",)),), services=(service(minutes=10),)
        )
        assert [share_visits(place, "A", position)[0] for position in range(6)] == [
            2,
            1,
            2,
            1,
            2,
            1,
        ]

    def test_a_slow_service_has_a_visit_under_way_in_every_slot_it_spans(self) -> None:
        place = sharing(
            0.5, 0.0, counters=(Counter("1", "1", ("A",)),), services=(service(minutes=60),)
        )
        assert visits_per_slot(place, "A") == 1
        shares = [share_visits(place, "A", position) for position in range(12)]
        assert shares == [(1, 0, 0)] * 4 + [(0, 1, 0)] * 4 + [(1, 0, 0)] * 4, (
            "an hour for one pool, the next for the other"
        )

    def test_services_of_a_stream_that_last_differently_count_on_average(self) -> None:
        place = sharing(
            0.6,
            0.1,
            counters=(Counter("1", "1", ("A",)),),
            services=(service("X", minutes=10), service("Y", minutes=20)),
        )
        assert visits_per_slot(place, "A") == Fraction(3, 2), (
            "one in 15 minutes, in one slot or in two"
        )

    @pytest.mark.parametrize("needed", [10, 15, 20, 30, 60])
    @pytest.mark.parametrize("counters", [1, 2, 4])
    @pytest.mark.parametrize("online", [0.5, 1.0])
    def test_what_the_counters_can_serve_can_be_booked(
        self, needed: int, counters: int, online: float
    ) -> None:
        place = sharing(
            online,
            0.0,
            people_limit=None,
            hours=Hours(week=(Opening(0, time(8), time(16)),)),
            services=(service(minutes=needed),),
            counters=tuple(Counter(str(each), "", ("A",)) for each in range(counters)),
        )
        plan, booked = plan_day(place, TODAY), [0, 0]
        for slot in plan.slots:
            for way, pool in enumerate((Pool.ONLINE, Pool.WALK_IN)):
                while claim := choose_claim(
                    plan,
                    slot.starts_at,
                    span_of(place, place.services[0]),
                    "A",
                    (pool,),
                    1,
                    released_until=NINE - timedelta(days=1),
                ):
                    plan, booked[way] = plan.change(claim, 1), booked[way] + 1
        can_serve = counters * 8 * 60 // needed
        assert abs(booked[0] - can_serve * online) <= 1
        assert can_serve <= sum(booked) <= can_serve + 1

    @pytest.mark.parametrize("position", range(12))
    def test_the_last_share_is_not_lost(self, position: int) -> None:
        assert min(share_visits(sharing(0.7, 0.3), "A", position)) >= 0

    @given(
        shares,
        shares,
        st.integers(1, 12),
        st.integers(1, 90),
        st.sampled_from([10, 15, 20, 30, 60]),
        st.integers(1, 40),
        st.integers(1, 6),
    )
    def test_a_days_shares_are_right_to_a_visit(
        self,
        online: float,
        urgent: float,
        counters: int,
        needed: int,
        length: int,
        slots: int,
        streams: int,
    ) -> None:
        urgent = min(urgent, round(1 - online, 2))
        place = office(
            rules=Rules(
                booking=BookingRules(
                    online_share=online, urgent_share=urgent, slot_minutes=length, utilisation=1.0
                )
            ),
            services=(service(minutes=needed),),
            counters=tuple(
                Counter(str(each), "", tuple("ABCDEF"[:streams])) for each in range(counters)
            ),
        )
        span = span_of(place, place.services[0])
        by_slot = [share_visits(place, "A", position * span) for position in range(slots)]
        assert all(min(each) >= 0 for each in by_slot)
        assert by_slot == [
            share_visits(place, "A", position * span + span - 1) for position in range(slots)
        ]
        visits = Fraction(counters * length * span * slots, streams * needed)
        totals = [sum(each[pool] for each in by_slot) for pool in POOLS]
        assert visits <= sum(totals) < visits + 1
        right = (
            Fraction(str(online)),
            1 - Fraction(str(online)) - Fraction(str(urgent)),
            Fraction(str(urgent)),
        )
        beyond = [totals[pool] - sum(totals) * right[pool] for pool in POOLS]
        assert 0 <= beyond[0] < 1
        assert -1 < beyond[1] < 1
        assert -2 < beyond[2] <= 0, (
            "what is wanting can be had from the pool of the visitor's way in"
        )

    @given(shares, shares, st.integers(0, 60))
    def test_shares_of_more_than_one_together_never_go_below_nothing(
        self, online: float, urgent: float, position: int
    ) -> None:
        assert min(share_visits(sharing(online, urgent), "A", position)) >= 0
