"""The figures of a day, from a log written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from queue_server.domain.reports.day import count_day
from queue_server.domain.reports.day_clock import HOUR, DayClock
from queue_server.domain.reports.figures import Figures, Lead, Outcome, OverCause, lead_of
from queue_server.domain.reports.line import Line

MONDAY = date(2026, 11, 23)
CLOCK = DayClock(ZoneInfo("Asia/Jakarta"), MONDAY)
MINUTE = HOUR // 60


def at(hour: int, minute: int = 0) -> int:
    return CLOCK.start + hour * HOUR + minute * MINUTE


def event(type: str, ticket: str, moment: int, **facts: Any) -> Line:
    return type, ticket, moment, facts


def walk_in(ticket: str, moment: int, place: str = "INSIDE", party: int = 1) -> Line:
    return event("walked_in", ticket, moment, state="WAITING", party_size=party, place=place)


def served(ticket: str, moment: int) -> list[Line]:
    """Called at a moment, at the counter a minute later, served after ten more."""
    return [
        event("called", ticket, moment),
        event("started", ticket, moment + MINUTE),
        event("finished", ticket, moment + 11 * MINUTE),
    ]


def count(*lines: Line, limit: int | None = None, until: int | None = None) -> Figures:
    return count_day(lines, CLOCK, limit, until or at(24))[0]


def test_a_visit_counts_from_its_number_to_its_end() -> None:
    figures = count(walk_in("a", at(8), party=2), *served("a", at(8, 20)))
    assert figures.outcomes == {Outcome.SERVED: 1}
    assert (figures.days, figures.arrivals, figures.persons, figures.slips) == (1, 1, 2, 1)
    assert figures.load == {(0, 8): 1}
    assert [each.percentile(50) for each in (figures.waits, figures.services, figures.visits)] == [
        20 * 60,
        10 * 60,
        31 * 60,
    ]


def test_an_undone_call_was_never_made() -> None:
    figures = count(
        walk_in("a", at(8)),
        event("called", "a", at(8, 5), direct=True, reason="darurat"),
        event("undone", "a", at(8, 6)),
        *served("a", at(8, 30)),
    )
    assert (figures.calls, figures.picked, figures.out_of_order) == (1, 0, 0)
    assert figures.waits.percentile(100) == 30 * 60


def test_an_undone_end_goes_on_with_the_service_that_it_ended() -> None:
    figures = count(
        walk_in("a", at(8)),
        *served("a", at(9)),
        event("undone", "a", at(9, 12)),
        event("finished", "a", at(9, 31)),
    )
    assert figures.services.percentile(50) == 30 * 60
    assert figures.outcomes == {Outcome.SERVED: 1}


def test_a_service_is_all_the_time_at_counters() -> None:
    figures = count(
        walk_in("a", at(8)),
        event("called", "a", at(8)),
        event("started", "a", at(8)),
        event("parked", "a", at(8, 5)),
        event("resumed", "a", at(8, 50)),
        event("called", "a", at(9)),
        event("started", "a", at(9)),
        event("transferred", "a", at(9, 4)),
        event("called", "a", at(9, 30)),
        event("started", "a", at(9, 30)),
        event("finished", "a", at(9, 31)),
    )
    assert figures.services.percentile(50) == 10 * 60
    assert figures.waits.percentile(50) == 0


def test_a_booking_that_moves_away_counts_where_it_goes() -> None:
    booked = event("booked", "a", at(8), state="BOOKED", party_size=1)
    away = event("rescheduled", "a", at(9), changed={"date": ["2026-11-23", "2026-11-24"]})
    back = event("places_taken", "a", at(9, 30), state="BOOKED", party_size=1)
    gone = count(booked, away)
    assert (gone.tickets, gone.moved, gone.days) == (0, 1, 0)
    assert count(booked, away, back).outcomes == {Outcome.BOOKED: 1}
    nobody = event("places_taken", "", at(9), people=1)
    assert count(nobody).tickets == 0


def test_a_missed_booking_is_told_from_a_missed_call() -> None:
    three_days = 3 * 24 * HOUR
    figures = count(
        event("booked", "a", at(8) - three_days, state="BOOKED", party_size=1),
        event("slot_missed", "a", at(16)),
        walk_in("b", at(8)),
        event("called", "b", at(8, 5)),
        event("not_shown", "b", at(8, 9)),
    )
    assert figures.outcomes == {Outcome.MISSED: 1, Outcome.NOT_SHOWN: 1}
    assert (figures.missed, figures.abandoned) == ({Lead.DAYS_2_3: 1}, 1)


def test_who_is_still_there_at_the_end_is_in_no_percentile() -> None:
    figures = count(
        walk_in("a", at(14)),
        event("called", "a", at(15)),
        event("started", "a", at(15)),
        event("finished", "a", at(24, 20)),
        walk_in("b", at(14)),
        event("left", "b", at(24, 20)),
    )
    assert figures.outcomes == {Outcome.SERVED: 1, Outcome.CLOSED: 1}
    assert (figures.services.number, figures.visits.number) == (0, 0)


def test_minutes_above_the_limit_count_by_what_began_them() -> None:
    figures = count(
        walk_in("a", at(8), party=2),
        event("occupancy_corrected", "", at(9), delta=3),
        event("occupancy_corrected", "", at(9, 7), delta=-3),
        event("limit_changed", "", at(10), changed={"limit": [4, 1]}),
        event("limit_changed", "", at(10, 5), changed={"share": [1, 2]}),
        event("left", "a", at(10, 30)),
        limit=4,
    )
    assert figures.over_seconds == {OverCause.CORRECTION: 7 * 60, OverCause.LIMIT: 30 * 60}
    assert (figures.peak, figures.limit_low, figures.limit_high) == (5, 1, 4)
    assert figures.over_minutes == 37


def test_a_stretch_above_the_limit_ends_with_its_date() -> None:
    lines = [walk_in("a", at(8)), event("occupancy_corrected", "", at(23), persons=9)]
    assert count(*lines, limit=4, until=at(30)).over_minutes == 60
    assert count(*lines, limit=4, until=at(23, 10)).over_minutes == 10


def test_sensors_count_where_they_say_more() -> None:
    figures = count(
        walk_in("a", at(8), party=2),
        event("door_counted", "", at(9), changed={"sensed": [None, 6]}),
        event("door_counted", "", at(9, 30), changed={"sensed": [6, None]}),
        limit=4,
        until=at(9, 59),
    )
    assert (figures.peak, figures.over_seconds) == (6, {OverCause.SENSOR: 30 * 60})
    assert figures.peak_by_hour == {8: 2, 9: 6}


def test_who_stays_is_inside_in_every_hour() -> None:
    figures = count(walk_in("a", at(8), party=3), until=at(10, 30))
    assert figures.peak_by_hour == {8: 3, 9: 3, 10: 3}


def test_a_party_that_grows_inside_and_an_undone_step_are_causes_of_their_own() -> None:
    figures = count(
        walk_in("a", at(8)),
        event("party_changed", "a", at(9), changed={"party_size": [1, 3]}),
        event("left", "a", at(9, 10)),
        event("undone", "a", at(9, 20)),
        event("left", "a", at(9, 21)),
        limit=2,
    )
    assert figures.over_seconds == {OverCause.PARTY: 600, OverCause.UNDO: 60}


def test_a_counter_that_nobody_closed_counts_until_the_last_visitor() -> None:
    figures = count(
        event("counter_opened", "", at(8), counter="1"),
        event("break_started", "", at(9), counter="1"),
        event("counter_opened", "", at(10), counter="1"),
        walk_in("a", at(10, 30)),
        *served("a", at(11)),
        event("counter_closed", "", at(24, 20), counter="1"),
    )
    assert figures.counter_seconds == 3600 + 71 * 60
    assert figures.served_per_counter_hour == pytest.approx(60 / 131)


def test_a_counter_that_is_open_counts_until_now() -> None:
    lines = [event("counter_opened", "", at(8), counter="1")]
    assert count(*lines, until=at(8, 30)).counter_seconds == 1800


def test_a_ticket_that_the_log_does_not_introduce_is_a_booking_of_one_person() -> None:
    assert count(event("slot_missed", "a", at(16))).outcomes == {Outcome.MISSED: 1}


def test_an_hour_that_the_clock_has_twice_counts_as_it_is_read() -> None:
    autumn = DayClock(ZoneInfo("Europe/Berlin"), date(2026, 10, 25))
    assert autumn.end - autumn.start == 25 * HOUR
    assert [autumn.hour(autumn.start + n * HOUR) for n in (1, 2, 3, 4)] == [1, 2, 2, 3]


@pytest.mark.parametrize(
    ("days", "lead"),
    [(0, Lead.SAME_DAY), (1, Lead.NEXT_DAY), (2, Lead.DAYS_2_3), (7, Lead.DAYS_4_7)]
    + [(8, Lead.DAYS_8_14), (15, Lead.LATER)],
)
def test_lead_times_have_classes(days: int, lead: Lead) -> None:
    assert lead_of(days) is lead
