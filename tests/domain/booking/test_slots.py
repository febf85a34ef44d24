"""Slots: cut from opening hours, safe across clock changes, and refused for the right reason."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.slots import admit_slot, cut_slots, parse_slot_id, slot_id, span_of
from queue_server.domain.errors import BadInput, SlotPassed, SlotTooFar, UnknownSlot
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.rules import BookingRules, Rules
from tests.domain.examples import NINE, closed_on, minutes, office, service

ZONES = (
    "Asia/Jakarta",
    "Asia/Makassar",
    "Asia/Jayapura",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/New_York",
)


def starts(zone: str, day: date, opens: time, closes: time, length: int = 30) -> list[str]:
    """The slots' starts on the office's wall clock, with the offset in hours."""
    place = office(
        zone=zone,
        hours=Hours(week=(Opening(day.weekday(), opens, closes),)),
        rules=Rules(booking=BookingRules(slot_minutes=length)),
    )
    local = [start.astimezone(place.tz) for start, _ in cut_slots(place, day)]
    return [f"{each:%H:%M}{each.utcoffset() // timedelta(hours=1):+d}" for each in local]  # type: ignore[operator]  # aware, so never None


@pytest.mark.parametrize(
    ("zone", "first"), [("Asia/Jakarta", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", -1)]
)
def test_the_three_zones_of_indonesia(zone: str, first: int) -> None:
    day = date(2026, 3, 23)
    slots = list(cut_slots(office(zone=zone), day))
    assert len(slots) == 24
    assert slots[0][0] == datetime(2026, 3, 23, tzinfo=UTC) + timedelta(hours=first)
    local = [start.astimezone(ZoneInfo(zone)).time() for start, _ in slots]
    assert local[:2] == [time(8), time(8, 15)]
    assert local[15:17] == [time(11, 45), time(13)], "nobody is booked into the lunch break"
    assert local[-1] == time(14, 45)


def test_spring_forward_skips_the_missing_hour() -> None:
    assert starts("Europe/Berlin", date(2026, 3, 29), time(1), time(4)) == [
        "01:00+1",
        "01:30+1",
        "03:00+2",
        "03:30+2",
    ]


def test_autumn_yields_the_doubled_hour_twice() -> None:
    assert starts("Europe/Berlin", date(2026, 10, 25), time(1), time(4)) == [
        "01:00+2",
        "01:30+2",
        "02:00+2",
        "02:30+2",
        "02:00+1",
        "02:30+1",
        "03:00+1",
        "03:30+1",
    ]


def test_usual_hours_are_the_same_wall_clock_on_both_sides_of_a_clock_change() -> None:
    for day in (date(2026, 3, 27), date(2026, 3, 30), date(2026, 10, 23), date(2026, 10, 26)):
        assert [each[:5] for each in starts("Europe/Berlin", day, time(8), time(10))] == [
            "08:00",
            "08:30",
            "09:00",
            "09:30",
        ]


def test_slots_on_the_day_of_the_change_have_names_of_their_own() -> None:
    place = office(zone="Europe/Berlin", hours=Hours(week=(Opening(6, time(1), time(4)),)))
    names = [slot_id(start) for start, _ in cut_slots(place, date(2026, 10, 25))]
    assert len(set(names)) == len(names) == 16


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    opens=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    closes=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    length=st.integers(5, 120),
)
def test_slots_follow_each_other_inside_the_opening(
    zone: str, day: date, opens: time, closes: time, length: int
) -> None:
    place = office(
        zone=zone,
        hours=Hours(week=(Opening(day.weekday(), opens, closes),)),
        rules=Rules(booking=BookingRules(slot_minutes=length)),
    )
    slots = list(cut_slots(place, day))
    begin = datetime.combine(day, opens, place.tz).astimezone(UTC)
    end = datetime.combine(day, closes, place.tz).astimezone(UTC)
    assert all(finish - start == minutes(length) for start, finish in slots)
    assert all(begin <= start and finish <= end for start, finish in slots)
    assert all(one[1] == other[0] for one, other in zip(slots, slots[1:], strict=False))
    assert len(slots) == max(0, (end - begin) // minutes(length))
    assert all(place.date_at(start) == day for start, _ in slots)


def test_closed_dates_and_weekends_have_none() -> None:
    place = office(hours=closed_on(date(2026, 3, 23)))
    assert list(cut_slots(place, date(2026, 3, 23))) == []
    assert list(cut_slots(place, date(2026, 3, 24))) != []
    assert list(cut_slots(place, date(2026, 3, 28))) == [], "Saturday"


def test_a_rest_shorter_than_a_slot_is_not_used() -> None:
    assert starts("Asia/Jakarta", date(2026, 3, 23), time(8), time(9, 14), 15) == [
        "08:00+7",
        "08:15+7",
        "08:30+7",
        "08:45+7",
    ]


class TestName:
    @given(st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - Hypothesis adds the zone
    def test_a_name_can_be_read_back(self, moment: datetime) -> None:
        start = moment.astimezone(UTC).replace(second=0, microsecond=0)
        assert parse_slot_id(slot_id(start)) == start
        assert parse_slot_id(slot_id(start)).tzinfo is UTC

    def test_is_the_same_in_every_zone(self) -> None:
        assert (
            slot_id(NINE) == slot_id(NINE.astimezone(ZoneInfo("Asia/Jayapura"))) == "20260323T0200Z"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "99991231T2300Z",
            "00010101T0000Z",
            "",
            "20260323",
            "20260323T0200",
            "2026323T0200Z",
            "20260323T2500Z",
            "20260230T0200Z",
            "20260323T0200Z ",
        ],
    )
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(BadInput) as told:
            parse_slot_id(text)
        assert told.value.facts == {"field": "slot", "reason": "format"}

    @given(st.text())
    def test_no_text_breaks_it(self, text: str) -> None:
        with contextlib.suppress(BadInput):
            assert slot_id(parse_slot_id(text)) == text


@pytest.mark.parametrize(
    ("visit", "slot", "span"),
    [
        (1, 15, 1),
        (15, 15, 1),
        (16, 15, 2),
        (30, 15, 2),
        (31, 15, 3),
        (10, 30, 1),
        (120, 15, 8),
        (45, 60, 1),
    ],
)
def test_a_visit_takes_as_many_slots_as_its_length_needs(visit: int, slot: int, span: int) -> None:
    assert (
        span_of(
            office(rules=Rules(booking=BookingRules(slot_minutes=slot))), service(minutes=visit)
        )
        == span
    )


class TestWindow:
    def test_opens_fourteen_days_ahead_to_the_minute_and_closes_when_it_starts(self) -> None:
        opens = NINE - timedelta(days=14)
        admit_slot(office(), NINE, 14, opens)
        admit_slot(office(), NINE, 14, NINE - timedelta(seconds=1))
        with pytest.raises(SlotTooFar) as told:
            admit_slot(office(), NINE, 14, opens - timedelta(seconds=1))
        assert told.value.facts == {"slot": slot_id(NINE), "opens_at": "2026-03-09T09:00:00+07:00"}
        with pytest.raises(SlotPassed):
            admit_slot(office(), NINE, 14, NINE)

    @pytest.mark.parametrize("hour", [7, 12, 15])
    def test_a_slot_outside_the_hours_is_as_unknown_as_none(self, hour: int) -> None:
        """It may still be there for somebody who had come for it before the hours were changed."""
        with pytest.raises(UnknownSlot):
            admit_slot(
                office(), datetime(2026, 3, 23, hour - 7, tzinfo=UTC), 14, NINE - timedelta(days=1)
            )

    def test_a_shorter_horizon_opens_later(self) -> None:
        admit_slot(office(), NINE, 1, NINE - timedelta(days=1))
        with pytest.raises(SlotTooFar):
            admit_slot(office(), NINE, 1, NINE - timedelta(days=1, seconds=1))
