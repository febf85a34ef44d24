"""Which times are offered, from a day's plan and `now` alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.availability import (
    letter_for,
    offer_slots,
    pools_of,
    takes_bookings,
)
from queue_server.domain.booking.places import DayPlan, Places, SlotPlaces, public_again_at
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.visit.claim import Pool
from tests.domain.examples import NINE, RULES, TODAY, always, claim, minutes, office

QUARTERS = replace(
    RULES, booking=replace(RULES.booking, slot_minutes=15, horizon_days=1, release_minutes=0)
)


def plan(*starts: float, places: int = 2) -> DayPlan:
    """Slots of a quarter of an hour, by minutes after nine, with so many places for online
    visits.
    """
    offered = Places((places, 0, 0))
    return DayPlan(
        "3674",
        TODAY,
        tuple(
            SlotPlaces(NINE + minutes(at), NINE + minutes(at + 15), offered, {"A": offered})
            for at in starts
        ),
    )


def offered(
    day: DayPlan,
    place: Office,
    *,
    lasts: int = 10,
    party_size: int = 1,
    now: datetime = NINE,
    urgent: bool = False,
) -> list[tuple[float, float, int]]:
    """Begin and end in minutes after nine, and for how many parties it is free."""
    service = replace(place.services[0], minutes=lasts)
    return [
        (
            (each.starts_at - NINE).total_seconds() / 60,
            (each.ends_at - NINE).total_seconds() / 60,
            each.free,
        )
        for each in offer_slots(day, place, service, party_size, now, urgent=urgent)
    ]


def test_what_has_begun_or_is_not_open_yet_is_not_offered() -> None:
    place = office(rules=QUARTERS)
    day = plan(0, 15, 30)
    assert offered(day, place) == [(15, 30, 2), (30, 45, 2)]
    assert offered(day, place, now=NINE + minutes(15 - 1440)) == [(0, 15, 2), (15, 30, 2)]


def test_a_full_time_is_told_as_such() -> None:
    place = office(rules=QUARTERS)
    assert offered(plan(15, places=1), place, party_size=2) == [(15, 30, 0)]


def test_a_long_visit_is_offered_only_where_the_following_slots_are_there() -> None:
    place = office(rules=QUARTERS)
    assert offered(plan(15, 30, 60), place, lasts=25) == [(15, 45, 2)]


def test_what_the_mode_of_that_time_does_not_serve_is_not_offered() -> None:
    closed_later = ModePeriod("m", ServiceMode.CLOSED, NINE + minutes(30), NINE, "admin")
    place = office(rules=QUARTERS, modes=(closed_later,))
    assert offered(plan(15, 30), place) == [(15, 30, 2)]
    urgent_only = office(rules=QUARTERS, modes=(always(ServiceMode.URGENT_ONLY),))
    assert offered(plan(15), urgent_only) == []
    assert offered(plan(15), urgent_only, urgent=True) == [(15, 30, 2)]


def test_urgent_cases_have_a_stream_and_a_pool_of_their_own_where_the_office_says_so() -> None:
    place = office(rules=replace(QUARTERS, booking=replace(QUARTERS.booking, urgent_letter="C")))
    assert [letter_for(place, "REK", urgent=each) for each in (False, True)] == ["A", "C"]
    assert letter_for(office(rules=QUARTERS), "REK", urgent=True) == "A"
    assert pools_of(place, "REK", online=True, urgent=False, at=NINE) == (Pool.ONLINE,)
    assert pools_of(place, "REK", online=True, urgent=True, at=NINE)[0] is Pool.URGENT


@pytest.mark.parametrize(
    ("modes", "regular", "urgent"),
    [
        ((), True, True),
        ((always(ServiceMode.URGENT_ONLY),), False, True),
        ((always(ServiceMode.CLOSED),), False, False),
        ((replace(always(ServiceMode.CLOSED), ends_at=NINE + minutes(600)),), True, True),
        ((replace(always(ServiceMode.CLOSED), ends_at=NINE + minutes(2000)),), False, False),
    ],
    ids=["normal", "urgent only", "closed", "closed until today", "closed beyond the horizon"],
)
def test_a_service_takes_bookings_if_some_day_open_for_booking_serves_it(
    modes: tuple[ModePeriod, ...], regular: bool, urgent: bool
) -> None:
    place = office(rules=QUARTERS, modes=modes)
    service = place.services[0]
    told = [takes_bookings(place, service, NINE, urgent=each) for each in (False, True)]
    assert told == [regular, urgent]


def test_a_service_that_no_counter_serves_takes_none() -> None:
    place = office(rules=QUARTERS, counters=())
    assert not takes_bookings(place, place.services[0], NINE, urgent=False)


@given(st.floats(0, 1, exclude_max=True), st.integers(-60, 600))
def test_places_given_up_are_kept_back_for_the_office_s_time_and_never_beyond_their_slot(
    chance: float, ahead: int
) -> None:
    rules = replace(
        RULES, booking=replace(RULES.booking, held_back_minutes_min=5, held_back_minutes_max=25)
    )
    public_at = public_again_at(claim(NINE + minutes(ahead)), rules, chance, NINE)
    if public_at is None:
        assert ahead <= 25
    else:
        assert NINE + minutes(5) <= public_at <= NINE + minutes(25)
        assert public_at < NINE + minutes(ahead)
