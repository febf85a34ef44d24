"""Places of a day: never more taken than offered, pools kept apart until their time, visits that
need several slots.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.places import (
    Counts,
    DayPlan,
    Places,
    SlotPlaces,
    choose_claim,
    first_claim,
    order_for_caller,
    pools_for,
    refused_until,
    release_bound,
)
from queue_server.domain.booking.slots import slot_id
from queue_server.domain.errors import SlotFull, UnknownSlot
from queue_server.domain.visit.claim import Claim, Pool
from tests.domain.examples import NINE, TODAY, claim, minutes

ONLINE, WALK_IN, URGENT = Pool
LENGTH = 15

counts = st.tuples(*[st.integers(0, 6)] * 3)
pools = st.sampled_from(list(Pool))


@st.composite
def places(draw: st.DrawFn) -> Places:
    """Any places that keep the invariant: a pool may hold more than its share, all together never
    more than is offered.
    """
    offered, taken = draw(counts), draw(counts)
    while sum(taken) > sum(offered):
        taken = tuple(max(0, each - 1) for each in taken)
    return Places(offered, taken)


def bound(released: bool) -> datetime:
    """Until when all shares are released: long after the day, or long before."""
    return NINE + timedelta(days=1 if released else -1)


def slot(
    at: float,
    people: Counts = (9, 9, 9),
    visits: Counts = (9, 9, 9),
    *,
    taken: Counts = (0, 0, 0),
    letter: str = "A",
) -> SlotPlaces:
    starts_at = NINE + minutes(at)
    return SlotPlaces(
        starts_at,
        starts_at + minutes(LENGTH),
        Places(people, taken),
        {letter: Places(visits, taken)},
    )


def plan(*slots: SlotPlaces) -> DayPlan:
    return DayPlan("3674", TODAY, slots)


@st.composite
def plans(draw: st.DrawFn) -> DayPlan:
    """Up to six slots of two streams, with a break here and there."""
    starts = sorted(draw(st.sets(st.integers(0, 8), min_size=1, max_size=6)))
    return plan(
        *(
            SlotPlaces(
                NINE + minutes(LENGTH * start),
                NINE + minutes(LENGTH * (start + 1)),
                draw(places()),
                {letter: draw(places()) for letter in draw(st.sampled_from(["A", "AC", "C", ""]))},
            )
            for start in starts
        )
    )


class TestPlaces:
    def test_a_pool_has_its_own_share_and_once_released_all_that_is_left(self) -> None:
        room = Places((6, 3, 1), (6, 1, 0))
        assert [room.free(pool, released=False) for pool in Pool] == [0, 2, 1]
        assert [room.free(pool, released=True) for pool in Pool] == [3, 3, 3]

    def test_what_another_pool_took_after_the_release_is_not_there_any_more(self) -> None:
        room = Places((6, 3, 1), (9, 1, 0))
        assert [room.free(pool, released=False) for pool in Pool] == [0, 0, 0]

    @given(places(), pools, st.booleans())
    def test_free_is_just_what_can_be_taken(self, room: Places, pool: Pool, released: bool) -> None:
        free = room.free(pool, released=released)
        assert free >= 0
        assert sum(room.change(pool, free).taken) <= room.total
        if released:
            with pytest.raises(ValueError):
                room.change(pool, free + 1)
        else:
            index = list(Pool).index(pool)
            spare = room.offered[index] - room.taken[index]
            assert free == min(max(0, spare), room.total - room.taken_total)

    @given(places(), pools)
    def test_waiting_for_the_release_never_costs_a_pool_places(
        self, room: Places, pool: Pool
    ) -> None:
        assert room.free(pool, released=True) >= room.free(pool, released=False)

    @given(places(), pools, st.integers(-20, 20))
    def test_a_change_keeps_the_invariant_or_is_refused(
        self, room: Places, pool: Pool, number: int
    ) -> None:
        try:
            after = room.change(pool, number)
        except ValueError:
            index = list(Pool).index(pool)
            assert room.taken[index] + number < 0 or room.taken_total + number > room.total
            return
        assert min(after.taken) >= 0
        assert after.taken_total == room.taken_total + number <= after.total
        assert after.offered == room.offered
        assert after.change(pool, -number) == room


class TestRun:
    def test_follows_slots_that_touch_and_ends_at_a_break(self) -> None:
        day = plan(slot(0), slot(15), slot(45), slot(60))
        assert [each.starts_at for each in day.run(NINE, 2)] == [NINE, NINE + minutes(15)]
        assert len(day.run(NINE, 3)) == 2, "half an hour of rest"
        assert len(day.run(NINE + minutes(45), 5)) == 2, "the end of the day"
        with pytest.raises(UnknownSlot) as told:
            day.run(NINE + minutes(30), 1)
        assert told.value.facts == {"slot": slot_id(NINE + minutes(30))}

    def test_is_not_disturbed_by_slots_in_between(self) -> None:
        day = plan(slot(0), slot(5), slot(15), slot(20), slot(30))
        assert [each.starts_at for each in day.run(NINE, 3)] == [
            NINE,
            NINE + minutes(15),
            NINE + minutes(30),
        ]
        assert [each.starts_at for each in day.run(NINE + minutes(5), 3)] == [
            NINE + minutes(5),
            NINE + minutes(20),
        ]

    @given(plans(), st.integers(1, 4))
    def test_is_always_one_stretch_of_time(self, day: DayPlan, span: int) -> None:
        for each in day.slots:
            run = day.run(each.starts_at, span)
            assert run[0] is each
            assert len(run) <= span
            assert all(
                one.ends_at == other.starts_at for one, other in zip(run, run[1:], strict=False)
            )


class TestClaim:
    def test_a_visit_takes_persons_and_one_place_of_its_stream_in_every_slot_it_spans(self) -> None:
        day = plan(slot(0), slot(15), slot(30)).change(claim(NINE, span=2, people=3), 1)
        assert [each.people.taken for each in day.slots] == [(3, 0, 0), (3, 0, 0), (0, 0, 0)]
        assert [each.streams["A"].taken for each in day.slots] == [(1, 0, 0), (1, 0, 0), (0, 0, 0)]

    @pytest.mark.parametrize(
        "wanted",
        [
            claim(NINE + minutes(15), span=2),
            claim(NINE, letter="Z"),
            claim(NINE, people=28),
            claim(NINE + minutes(60), span=1),
        ],
        ids=["across a break", "no such stream", "too many persons", "none left of its stream"],
    )
    def test_what_does_not_fit_is_refused_and_nothing_is_changed(self, wanted: Claim) -> None:
        day = plan(slot(0), slot(15), slot(45), slot(60, visits=(0, 0, 0)))
        before = day.slots
        with pytest.raises(SlotFull):
            day.change(wanted, 1)
        assert day.slots is before

    @given(plans(), st.data())
    def test_any_takes_and_returns_keep_the_invariant_and_undo_each_other(
        self, day: DayPlan, data: st.DataObject
    ) -> None:
        taken: list[Claim] = []
        first = day
        for _ in range(data.draw(st.integers(0, 12))):
            start = data.draw(st.sampled_from(day.slots)).starts_at
            wanted = data.draw(
                st.builds(
                    Claim,
                    st.just(start),
                    st.integers(1, 3),
                    st.sampled_from("AC"),
                    pools,
                    st.integers(1, 4),
                )
            )
            try:
                day = day.change(wanted, 1)
            except SlotFull:
                continue
            taken.append(wanted)
            for each in day.slots:
                for room in (each.people, *each.streams.values()):
                    assert min(room.taken) >= 0
                    assert room.taken_total <= room.total
        for given_back in data.draw(st.permutations(taken)):
            day = day.change(given_back, -1)
        assert day == first

    @given(
        plans(), st.integers(1, 3), st.sampled_from("AC"), pools, st.integers(1, 4), st.booleans()
    )
    def test_as_many_parties_fit_as_free_says(
        self, day: DayPlan, span: int, letter: str, pool: Pool, party: int, released: bool
    ) -> None:
        for start in [each.starts_at for each in day.slots]:
            now = day
            for left in range(
                day.free(start, span, letter, pool, party, released_until=bound(released)), 0, -1
            ):
                assert (
                    now.free(start, span, letter, pool, party, released_until=bound(released))
                    == left
                )
                chosen = choose_claim(
                    now, start, span, letter, [pool], party, released_until=bound(released)
                )
                assert chosen == Claim(start, span, letter, pool, party)
                now = now.change(chosen, 1)
            assert (
                choose_claim(
                    now, start, span, letter, [pool], party, released_until=bound(released)
                )
                is None
            )


class TestRelease:
    def free(self, day: DayPlan, now: datetime, release_minutes: int, span: int = 1) -> int:
        return day.free(
            NINE, span, "A", ONLINE, 1, released_until=release_bound(release_minutes, now)
        )

    def test_comes_half_an_hour_ahead_to_the_second(self) -> None:
        day, moment = plan(slot(0, visits=(0, 2, 0))), timedelta(microseconds=1)
        assert [
            self.free(day, NINE - minutes(30) + after, 30) for after in (-moment, 0 * moment)
        ] == [0, 2]
        assert [self.free(day, NINE + after, 0) for after in (-moment, 0 * moment)] == [0, 2]

    def test_a_long_visit_waits_for_the_release_of_its_last_slot(self) -> None:
        day = plan(slot(0, visits=(0, 2, 0)), slot(15, visits=(0, 2, 0)))
        assert [self.free(day, NINE - minutes(at), 30, span=2) for at in (30, 15.1, 15)] == [
            0,
            0,
            2,
        ]


class TestPools:
    def test_everybody_has_the_pool_of_their_way_in(self) -> None:
        assert pools_for(online=True, urgent=False, urgent_only=False) == (ONLINE,)
        assert pools_for(online=False, urgent=False, urgent_only=False) == (WALK_IN,)

    @pytest.mark.parametrize(
        ("online", "own", "other"), [(True, ONLINE, WALK_IN), (False, WALK_IN, ONLINE)]
    )
    def test_urgent_visits_fall_back_on_their_way_in_and_have_all_when_alone(
        self, online: bool, own: Pool, other: Pool
    ) -> None:
        assert pools_for(online=online, urgent=True, urgent_only=False) == (URGENT, own)
        assert pools_for(online=online, urgent=True, urgent_only=True) == (URGENT, own, other)

    @pytest.mark.parametrize(
        ("free", "order"),
        [
            ({ONLINE: 3, WALK_IN: 1}, (ONLINE, WALK_IN)),
            ({ONLINE: 1, WALK_IN: 3}, (WALK_IN, ONLINE)),
            ({ONLINE: 2, WALK_IN: 2}, (WALK_IN, ONLINE)),
            ({URGENT: 0, ONLINE: 5, WALK_IN: 1}, (URGENT, ONLINE, WALK_IN)),
        ],
    )
    def test_a_caller_takes_from_the_fuller_share(
        self, free: dict[Pool, int], order: tuple[Pool, ...]
    ) -> None:
        assert order_for_caller(free, free.__getitem__) == order

    def test_the_first_pool_with_room_is_chosen(self) -> None:
        day = plan(slot(0, visits=(1, 1, 1)))
        chosen = []
        for _ in range(4):
            found = choose_claim(
                day, NINE, 1, "A", (URGENT, ONLINE), 1, released_until=bound(False)
            )
            chosen.append(found.pool if found else None)
            day = day if found is None else day.change(found, 1)
        assert chosen == [URGENT, ONLINE, None, None], (
            "the share for walk-ins is not touched before its time"
        )
        released = choose_claim(day, NINE, 1, "A", (URGENT, ONLINE), 1, released_until=bound(True))
        assert released is not None and released.pool is URGENT


class TestAtTheDoor:
    def at(
        self,
        day: DayPlan,
        now: float,
        *,
        span: int = 1,
        party: int = 1,
        pools: tuple[Pool, ...] = (WALK_IN,),
    ) -> float | None:
        """The minute of the slot that a visitor gets who comes at a minute after nine; shares are
        released 30 minutes ahead.
        """
        found = first_claim(day, span, "A", pools, party, 30, NINE + minutes(now))
        return None if found is None else (found.starts_at - NINE) / minutes(1)

    def test_the_running_slot_is_the_first(self) -> None:
        day = plan(slot(0), slot(15), slot(30))
        assert [self.at(day, now) for now in (-60, 0, 14.9, 15, 44.9, 45)] == [
            0,
            0,
            0,
            15,
            30,
            None,
        ]

    def test_a_slot_without_room_for_the_party_is_passed_over(self) -> None:
        day = plan(slot(60, (9, 2, 0)), slot(75, (9, 4, 0)))
        assert [self.at(day, 0, party=party) for party in (2, 3, 4, 5)] == [60, 75, 75, None]

    def test_unused_shares_of_others_open_in_time(self) -> None:
        day = plan(slot(60, visits=(4, 0, 0)))
        assert [self.at(day, now) for now in (0, 29.9, 30, 60)] == [None, None, 60, 60]

    def test_a_long_visit_is_not_begun_before_a_break(self) -> None:
        day = plan(slot(0), slot(15), slot(60), slot(75))
        assert [self.at(day, 0, span=span) for span in (1, 2, 3)] == [0, 0, None]
        assert self.at(day, 16, span=2) == 60

    @given(
        plans(),
        st.integers(-60, 180),
        st.integers(0, 240),
        st.integers(1, 3),
        st.integers(0, 60),
        st.none() | st.integers(0, 60),
    )
    def test_a_refusal_holds_for_as_long_as_is_said(
        self, day: DayPlan, at: int, later: int, party: int, release: int, ahead: int | None
    ) -> None:
        now, then = NINE + minutes(at), NINE + minutes(at + later)

        def claim(moment: datetime) -> Claim | None:
            return first_claim(day, 1, "A", (WALK_IN,), party, release, moment, ahead_minutes=ahead)

        until = refused_until(day, release, now, ahead_minutes=ahead)
        assert until > now
        if claim(now) is None and then < until:
            assert claim(then) is None


def test_a_visitor_at_the_door_reaches_only_so_far_ahead() -> None:
    """A full slot now and a free one later: later is for those who come later. Time alone brings it
    within reach.
    """
    day = plan(slot(0, (0, 0, 0)), slot(60))
    found = [
        first_claim(day, 1, "A", (WALK_IN,), 1, 30, NINE + minutes(at), ahead_minutes=30)
        for at in (0, 29.9, 30, 59)
    ]
    assert [None if each is None else (each.starts_at - NINE) / minutes(1) for each in found] == [
        None,
        None,
        60,
        60,
    ]
    assert first_claim(day, 1, "A", (WALK_IN,), 1, 30, NINE) is not None, (
        "without a bound the whole day counts"
    )
