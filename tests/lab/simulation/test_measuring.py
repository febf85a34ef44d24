"""What a simulated day is measured with: the order of time, the tally, the people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import mean, stdev

import pytest

from queue_server.demo import banten
from queue_server.domain.events import Event, EventType, RecordedEvent
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.lab.simulation.agenda import Agenda
from queue_server.lab.simulation.people import Person, make_brokers, make_people
from queue_server.lab.simulation.scenarios import SCENARIOS, SERVICE_SHARES
from queue_server.lab.simulation.tally import Tally

NINE = datetime(2020, 11, 16, 2, 0, tzinfo=UTC)
DAY = date(2020, 11, 16)
LIMIT = 5


def after(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_acts_come_in_order_of_time_and_at_one_moment_in_order_of_entry() -> None:
    agenda, done = Agenda(), []
    for name, minutes in (("late", 5.0), ("first", 1.0), ("second", 1.0)):
        agenda.add(after(minutes), partial(lambda called, _now: done.append(called), name))
    while (entry := agenda.take()) is not None:
        entry[1](entry[0])
    assert done == ["first", "second", "late"]


def test_the_clock_never_goes_back() -> None:
    agenda = Agenda()
    agenda.add(after(5), lambda _now: None)
    assert agenda.take() is not None
    agenda.add(after(1), lambda _now: None)
    entry = agenda.take()
    assert entry is not None and entry[0] == after(5)
    assert agenda.take() is None


def looked(*inside: tuple[float, int]) -> Tally:
    """A tally that saw so many persons inside at these minutes."""
    tally = Tally("3674", DAY, LIMIT)
    for minutes, persons in inside:
        tally.look(OfficeDay("3674", DAY, persons_inside=persons), after(minutes))
    return tally


def test_minutes_above_the_limit_are_the_time_until_somebody_has_left() -> None:
    tally = looked((0, 5), (10, 6), (12, 7), (15, 5), (20, 6), (21, 0))
    assert tally.above == timedelta(minutes=6)
    assert tally.max_inside == 7 and tally.ever_above


def test_the_limit_itself_is_not_above_it() -> None:
    tally = looked((0, LIMIT), (60, 0))
    assert tally.above == timedelta() and not tally.ever_above


def test_a_moment_above_the_limit_counts_though_no_time_passes() -> None:
    tally = looked((0, 6), (0, 5), (10, 0))
    assert tally.above == timedelta() and tally.ever_above


def test_a_guards_correction_counts_as_a_person() -> None:
    tally = Tally("3674", DAY, LIMIT)
    tally.look(OfficeDay("3674", DAY, persons_inside=5, correction=1), NINE)
    assert tally.max_inside == 6


def told(
    type: EventType,
    facts: dict[str, object],
    minutes: float = 0,
    ticket: str = "t",
    office: str = "3674",
) -> RecordedEvent:
    return RecordedEvent(1, Event(type, office, DAY, after(minutes), ticket, facts))


def test_who_was_held_outside_and_then_called_was_both_held_and_admitted() -> None:
    tally = Tally("3674", DAY, LIMIT)
    tally.hear([told(EventType.WALKED_IN, {"state": "WAITING", "place": "OUTSIDE"})])
    assert (tally.admitted, tally.held_outside) == (set(), {"t"})
    tally.hear(
        [
            told(
                EventType.CALLED,
                {"changed": {"state": ["WAITING", "CALLED"], "place": ["OUTSIDE", "INSIDE"]}},
                minutes=12,
            )
        ]
    )
    assert (tally.admitted, tally.held_outside) == ({"t"}, {"t"})
    assert tally.waits(tally.walked_in) == [12]


def test_another_offices_events_are_not_counted() -> None:
    tally = Tally("3674", DAY, LIMIT)
    tally.hear([told(EventType.BOOKED, {}, office="3601")])
    assert tally.booked == set()


def some_people(count: int = 3000, seed: int = 1) -> list[Person]:
    office = next(each for each in banten.offices((2020,)) if each.code == "3674")
    return make_people(office, SCENARIOS["flood"], count, after(-60), after(360), 360, seed)


def test_the_same_seed_makes_the_same_people_and_another_makes_others() -> None:
    assert some_people(50) == some_people(50)
    assert [each.service for each in some_people(50)] != [
        each.service for each in some_people(50, seed=2)
    ]


def test_more_people_leave_the_first_ones_as_they_are() -> None:
    assert some_people(80)[:50] == some_people(50)


def test_people_are_as_the_habits_say() -> None:
    people, habits = some_people(), SCENARIOS["flood"].habits
    share = {
        name: mean(getattr(each, name) for each in people)
        for name in ("on_web", "urgent", "absent", "accepts_online")
    }
    assert share["on_web"] == pytest.approx(habits.web_share, abs=0.03)
    assert share["urgent"] == pytest.approx(habits.urgent_share, abs=0.03)
    assert share["absent"] == pytest.approx(habits.absent_share, abs=0.03)
    factors = [each.service_factor for each in people]
    assert mean(factors) == pytest.approx(1, abs=0.05)
    assert stdev(factors) == pytest.approx(habits.service_cv, abs=0.06)


def test_most_of_those_without_a_booking_come_before_half_past_ten() -> None:
    early = mean(each.arrives_at < after(90) for each in some_people())
    assert early == pytest.approx(
        SCENARIOS["flood"].habits.early_crowd_share + SCENARIOS["flood"].habits.peak_share, abs=0.03
    )


def test_every_service_is_wanted_as_often_as_assumed() -> None:
    assert sum(SERVICE_SHARES.values()) == pytest.approx(1)
    people = some_people()
    for code, share in SERVICE_SHARES.items():
        assert mean(each.service == code for each in people) == pytest.approx(share, abs=0.03), code


def test_a_broker_has_one_telephone_and_many_niks() -> None:
    office = next(each for each in banten.offices((2020,)) if each.code == "3674")
    scenario = replace(SCENARIOS["flood"], brokers=2, broker_tries=5)
    brokers = make_brokers(office, scenario, after(-60), after(360), 360, 1)
    assert [len({each.guest.phone for each in bought}) for bought in brokers] == [1, 1]
    assert len({each.guest.nik for bought in brokers for each in bought}) == 10
