"""A day planned anew: who keeps a place, who loses it, and that every count is right afterwards."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import replace
from datetime import datetime, time, timedelta
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.booking.places import Counts, DayPlan
from queue_server.domain.booking.replan import Claimant, Firmness, Replanned, plan_day, replan
from queue_server.domain.errors import SlotFull
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import BookingRules, Rules
from queue_server.domain.visit.claim import Claim, Pool
from tests.domain.examples import NINE, TODAY, always, claim, closed_on, minutes, office

SLOT = 30
OPENS = NINE - minutes(60)
MORNING = NINE - minutes(120)
"""Before the doors open."""


def place(
    limit: int | None = 10,
    opens: time = time(8),
    closes: time = time(12),
    online: float = 0.6,
    **values: object,
) -> Office:
    """The usual office with slots of half an hour; in one morning."""
    hours = Hours(week=(Opening(0, opens, closes),))
    rules = Rules(booking=BookingRules(slot_minutes=SLOT, online_share=online, utilisation=1.0))
    return office(**{"people_limit": limit, "hours": hours, "rules": rules, **values})


def booking(
    id: str,
    at: datetime = NINE,
    *,
    since: float = 0,
    firmness: Firmness = Firmness.BOOKED,
    **values: object,
) -> Claimant:
    """Somebody with places at a moment, taken so many minutes after the day before."""
    taken = claim(at, **values)  # type: ignore[arg-type]  # what a claim can be given
    return Claimant(id, taken, firmness, MORNING - timedelta(days=1) + minutes(since), "REK")


def take_all(plan: DayPlan, claimants: list[Claimant]) -> DayPlan:
    for each in claimants:
        plan = plan.change(each.claim, 1)
    return plan


def taken_by(plan: DayPlan, claimants: list[Claimant]) -> DayPlan:
    """The plan as it would be if just these held places, counted slot by slot."""
    people: Tally[tuple[datetime, Pool]] = Tally()
    visits: Tally[tuple[datetime, str, Pool]] = Tally()
    ends = {slot.starts_at: slot.ends_at for slot in plan.slots}
    for each in claimants:
        at = each.claim.starts_at
        for _ in range(each.claim.span):
            people[at, each.claim.pool] += each.claim.people
            visits[at, each.claim.letter, each.claim.pool] += 1
            at = ends[at]
    slots = []
    for slot in plan.slots:
        streams = {
            letter: replace(
                places, taken=by_pool([visits[slot.starts_at, letter, pool] for pool in Pool])
            )
            for letter, places in slot.streams.items()
        }
        room = replace(slot.people, taken=by_pool([people[slot.starts_at, pool] for pool in Pool]))
        slots.append(replace(slot, people=room, streams=streams))
    return replace(plan, slots=tuple(slots))


def by_pool(numbers: list[int]) -> Counts:
    return numbers[0], numbers[1], numbers[2]


def stranded(result: Replanned) -> list[str]:
    return [each.id for each in result.stranded]


class TestFresh:
    def test_a_day_is_planned_from_hours_room_and_counters(self) -> None:
        plan = plan_day(place(), TODAY)
        assert [each.starts_at for each in plan.slots] == [
            OPENS + minutes(SLOT * each) for each in range(8)
        ]
        assert all(each.people.offered == (6, 3, 1) for each in plan.slots)
        assert set(plan.slots[0].streams) == {"A", "C"}

    def test_a_stream_that_no_counter_serves_has_no_places(self) -> None:
        assert set(plan_day(place(counters=office().counters[:1]), TODAY).slots[0].streams) == {"A"}

    def test_a_closed_day_has_none(self) -> None:
        assert plan_day(place(hours=closed_on(TODAY)), TODAY).slots == ()

    def test_a_day_without_slots_gets_them(self) -> None:
        assert replan(place(), DayPlan("3674", TODAY), [], MORNING).plan == plan_day(place(), TODAY)

    def test_planned_in_the_middle_of_the_day_only_what_is_to_come_is_made(self) -> None:
        plan = replan(place(), DayPlan("3674", TODAY), [], NINE + minutes(1)).plan
        assert plan.slots[0].starts_at == NINE + minutes(SLOT)


class TestStranding:
    def test_what_still_fits_keeps_its_place(self) -> None:
        old = take_all(plan_day(place(), TODAY), [booking("a", people=4)])
        result = replan(place(limit=5), old, [booking("a", people=4)], MORNING)
        assert stranded(result) == []
        slot = next(each for each in result.plan.slots if each.starts_at == NINE)
        assert (slot.people.offered, slot.people.taken) == ((3, 2, 0), (4, 0, 0)), (
            "beyond its own share, within the room"
        )

    def test_later_bookings_give_way_to_earlier_ones(self) -> None:
        who = [
            booking(id, since=since, people=2) for id, since in (("a", 30), ("b", 10), ("c", 20))
        ]
        result = replan(place(limit=4), take_all(plan_day(place(), TODAY), who), who, MORNING)
        assert stranded(result) == ["a"]

    def test_a_smaller_party_behind_takes_what_the_larger_one_cannot(self) -> None:
        who = [
            booking("a", since=0, people=1),
            booking("b", since=1, people=4),
            booking("c", since=2, people=1),
        ]
        result = replan(place(limit=3), take_all(plan_day(place(), TODAY), who), who, MORNING)
        assert stranded(result) == ["b"]

    def test_bookings_go_before_holds_and_holds_before_places_kept_back(self) -> None:
        who = [
            booking("kept", since=0, firmness=Firmness.KEPT),
            booking("held", since=1, firmness=Firmness.HELD),
            booking("booked", since=2),
        ]
        old = take_all(plan_day(place(), TODAY), who)
        assert stranded(replan(place(limit=2), old, who, MORNING)) == ["kept"]
        assert stranded(replan(place(limit=1), old, who, MORNING)) == ["held", "kept"]

    def test_hours_that_end_earlier_strand_whoever_comes_later(self) -> None:
        who = [booking("early", NINE), booking("late", NINE + minutes(120))]
        result = replan(
            place(closes=time(10)), take_all(plan_day(place(), TODAY), who), who, MORNING
        )
        assert stranded(result) == ["late"]
        assert len(result.plan.slots) == 4

    def test_a_long_visit_is_stranded_when_its_second_half_falls_away(self) -> None:
        who = [booking("long", NINE + minutes(30), span=2), booking("short", NINE + minutes(30))]
        result = replan(
            place(closes=time(10)), take_all(plan_day(place(), TODAY), who), who, MORNING
        )
        assert stranded(result) == ["long"]
        assert result.plan == taken_by(result.plan, [who[1]])

    def test_a_closed_day_strands_all(self) -> None:
        who = [booking("a"), booking("b", firmness=Firmness.HELD)]
        result = replan(
            place(hours=closed_on(TODAY)), take_all(plan_day(place(), TODAY), who), who, MORNING
        )
        assert (stranded(result), result.plan.slots) == (["a", "b"], ())

    def test_urgent_only_strands_regular_bookings_alone(self) -> None:
        who = [
            booking("regular"),
            replace(booking("urgent"), urgent=True),
            booking("held", firmness=Firmness.HELD),
        ]
        limited = place(modes=(always(ServiceMode.URGENT_ONLY),))
        assert stranded(replan(limited, take_all(plan_day(place(), TODAY), who), who, MORNING)) == [
            "regular"
        ]

    def test_a_mode_that_ends_before_the_visit_strands_nobody(self) -> None:
        who = [booking("a", NINE + minutes(60))]
        until = ModePeriod(
            "m", ServiceMode.CLOSED, MORNING, MORNING, "admin", ends_at=NINE + minutes(60)
        )
        assert (
            stranded(
                replan(place(modes=(until,)), take_all(plan_day(place(), TODAY), who), who, MORNING)
            )
            == []
        )

    def test_a_service_that_was_withdrawn_strands_its_bookings(self) -> None:
        who = [booking("a")]
        result = replan(place(services=()), take_all(plan_day(place(), TODAY), who), who, MORNING)
        assert stranded(result) == ["a"]


class TestPresent:
    @pytest.mark.parametrize(
        "after",
        [
            place(limit=1),
            place(closes=time(9)),
            place(hours=closed_on(TODAY)),
            place(opens=time(8, 15)),
            place(counters=()),
            place(modes=(always(ServiceMode.CLOSED),)),
        ],
        ids=["no room", "shorter", "closed", "shifted", "no counters", "closed by mode"],
    )
    def test_who_has_come_keeps_the_places_whatever_changes(self, after: Office) -> None:
        who = [booking("here", NINE + minutes(30), span=2, people=4, firmness=Firmness.PRESENT)]
        result = replan(after, take_all(plan_day(place(), TODAY), who), who, NINE)
        assert stranded(result) == []
        assert result.plan == taken_by(result.plan, who)
        assert result.plan.change(who[0].claim, -1) == taken_by(result.plan, []), (
            "and they can be given back"
        )

    def test_who_has_come_goes_before_bookings_made_earlier(self) -> None:
        who = [booking("booked", since=0), booking("here", since=60, firmness=Firmness.PRESENT)]
        assert stranded(
            replan(place(limit=1), take_all(plan_day(place(), TODAY), who), who, MORNING)
        ) == ["booked"]


class TestBegun:
    def test_the_running_slot_is_left_as_it_is(self) -> None:
        who = [booking("a", people=6), booking("b", NINE + minutes(30), people=6)]
        old = take_all(plan_day(place(), TODAY), who)
        result = replan(place(limit=5), old, who, NINE + minutes(1))
        assert stranded(result) == ["b"]
        assert result.plan.slots[:3] == old.slots[:3]
        assert [sum(each.people.offered) for each in result.plan.slots[3:]] == [5] * 5

    def test_new_hours_that_shift_the_slots_begin_after_the_running_one(self) -> None:
        result = replan(
            place(opens=time(8, 15), closes=time(11)),
            plan_day(place(), TODAY),
            [],
            NINE + minutes(1),
        )
        assert [each.starts_at - NINE for each in result.plan.slots[2:]] == [
            minutes(at) for at in (0, 45, 75)
        ]

    @pytest.mark.parametrize("firmness", [Firmness.PRESENT, Firmness.BOOKED])
    def test_a_visit_under_way_is_counted_once_in_each_of_its_slots(
        self, firmness: Firmness
    ) -> None:
        who = [booking("long", span=3, people=2, firmness=firmness)]
        result = replan(
            place(limit=9), take_all(plan_day(place(), TODAY), who), who, NINE + minutes(31)
        )
        assert stranded(result) == []
        assert result.plan == taken_by(result.plan, who)

    def test_a_late_visit_whose_rest_falls_away_gives_up_the_begun_part_too(self) -> None:
        who = [booking("late", span=3)]
        result = replan(
            place(closes=time(9, 30)),
            take_all(plan_day(place(), TODAY), who),
            who,
            NINE + minutes(1),
        )
        assert stranded(result) == ["late"]
        assert result.plan == taken_by(result.plan, [])


OFFICES = st.builds(
    place,
    limit=st.integers(1, 12) | st.none(),
    opens=st.sampled_from([time(8), time(8, 15), time(9)]),
    closes=st.sampled_from([time(8, 30), time(9, 30), time(11), time(12)]),
    online=st.sampled_from([0.2, 0.6, 1.0]),
    modes=st.sampled_from([(), (always(ServiceMode.URGENT_ONLY),), (always(ServiceMode.CLOSED),)]),
)


@st.composite
def crowds(draw: st.DrawFn, day: DayPlan) -> tuple[DayPlan, list[Claimant]]:
    """A day's plan with whoever could take places in it."""
    who: list[Claimant] = []
    for number in range(draw(st.integers(0, 14))):
        start = draw(st.sampled_from(day.slots)).starts_at
        wanted = Claim(
            start,
            draw(st.integers(1, 3)),
            draw(st.sampled_from("AC")),
            draw(st.sampled_from(list(Pool))),
            draw(st.integers(1, 4)),
        )
        try:
            day = day.change(wanted, 1)
        except SlotFull:
            continue
        since = MORNING - minutes(draw(st.integers(0, 5)))
        who.append(
            Claimant(
                f"t{number}",
                wanted,
                draw(st.sampled_from(list(Firmness))),
                since,
                "REK",
                draw(st.booleans()),
            )
        )
    return day, who


@settings(max_examples=200)
@given(OFFICES, st.data(), st.integers(-60, 240))
def test_any_change_of_any_day(after: Office, data: st.DataObject, at: int) -> None:
    """Counts equal claims, nothing is given twice, nobody present and nothing begun is touched, and
    doing it again changes nothing.
    """
    now = OPENS + minutes(at)
    old, who = data.draw(crowds(plan_day(place(), TODAY)))
    result = replan(after, old, who, now)
    lost = set(stranded(result))
    kept = [each for each in who if each.id not in lost]
    assert result.plan == taken_by(result.plan, kept)
    for slot in result.plan.slots:
        for places in (slot.people, *slot.streams.values()):
            assert places.taken_total <= places.total
    assert all(each.firmness is not Firmness.PRESENT for each in result.stranded)
    ended = [
        each for each in who if each.claim.starts_at + minutes(SLOT * (each.claim.span - 1)) <= now
    ]
    assert lost.isdisjoint(each.id for each in ended), "what has wholly begun is not taken away"
    begun = [
        (slot.starts_at, slot.ends_at, slot.people.offered)
        for slot in old.slots
        if slot.starts_at <= now
    ]
    assert [
        (slot.starts_at, slot.ends_at, slot.people.offered)
        for slot in result.plan.slots
        if slot.starts_at <= now
    ] == begun
    again = replan(after, result.plan, kept, now)
    assert (again.plan, again.stranded) == (result.plan, ())


@given(OFFICES, st.data())
def test_of_bookings_alike_the_older_survives_the_newer(after: Office, data: st.DataObject) -> None:
    old, who = data.draw(crowds(plan_day(place(), TODAY)))
    lost = set(stranded(replan(after, old, who, MORNING)))
    for one in who:
        for other in who:
            alike = (one.claim, one.firmness, one.urgent) == (
                other.claim,
                other.firmness,
                other.urgent,
            )
            if alike and one.since < other.since and one.id in lost:
                assert other.id in lost


@given(st.data(), st.integers(1, 12), st.integers(1, 12))
def test_the_same_settings_strand_nobody(data: st.DataObject, limit: int, at: int) -> None:
    old, who = data.draw(crowds(plan_day(place(limit), TODAY)))
    result = replan(place(limit), old, who, OPENS + minutes(20 * at))
    assert (result.stranded, result.plan) == ((), old)


class TestLength:
    """Slots that last longer or shorter than before: a claim counts slots, and its visit takes as
    long as ever.
    """

    def lasting(self, length: int, visit: int = 10) -> Office:
        """The usual morning in slots of another length, with a service of so many minutes."""
        rules = Rules(booking=BookingRules(slot_minutes=length, online_share=0.6, utilisation=1.0))
        return place(
            rules=rules,
            services=(replace(office().services[0], minutes=visit), office().services[1]),
        )

    @pytest.mark.parametrize(
        ("length", "visit", "span"), [(15, 30, 2), (15, 10, 1), (60, 30, 1), (20, 45, 3)]
    )
    @pytest.mark.parametrize("firmness", [Firmness.PRESENT, Firmness.BOOKED, Firmness.HELD])
    def test_a_visit_takes_as_many_slots_as_its_service_lasts(
        self, length: int, visit: int, span: int, firmness: Firmness
    ) -> None:
        who = [booking("a", span=ceil(visit / SLOT), people=2, firmness=firmness)]
        result = replan(
            self.lasting(length, visit), take_all(plan_day(place(), TODAY), who), who, MORNING
        )
        fitted = replace(who[0], claim=replace(who[0].claim, span=span))
        assert stranded(result) == []
        assert result.refitted == ({} if fitted == who[0] else {who[0]: fitted.claim})
        assert result.plan == taken_by(result.plan, [fitted])

    def test_places_kept_back_take_the_same_time(self) -> None:
        who = [replace(booking("kept", span=2, firmness=Firmness.KEPT), service=None)]
        result = replan(self.lasting(15), take_all(plan_day(place(), TODAY), who), who, MORNING)
        assert [each.span for each in result.refitted.values()] == [4]

    def test_of_a_visit_under_way_the_rest_is_fitted_anew(self) -> None:
        who = [booking("long", span=3, firmness=Firmness.PRESENT)]
        result = replan(
            self.lasting(15, 90), take_all(plan_day(place(), TODAY), who), who, NINE + minutes(1)
        )
        assert result.refitted == {who[0]: replace(who[0].claim, span=5)}
        assert result.plan == taken_by(
            result.plan, [replace(who[0], claim=result.refitted[who[0]])]
        )

    def test_what_no_longer_ends_before_a_break_is_stranded(self) -> None:
        who = [booking("last", NINE + minutes(150))]
        result = replan(self.lasting(30, 45), take_all(plan_day(place(), TODAY), who), who, MORNING)
        assert stranded(result) == [], (
            "the length of the slots is the same, so the claim is left as it is"
        )
        assert stranded(
            replan(self.lasting(15, 45), take_all(plan_day(place(), TODAY), who), who, MORNING)
        ) == ["last"]
