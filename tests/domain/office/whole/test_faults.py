"""What makes an office sound: each fault is named with its path and the reason, all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings

from queue_server.domain.errors import BadInput
from queue_server.domain.office.hours import DayHours, Hours, Opening, Season
from queue_server.domain.office.location import Coordinates, Location
from queue_server.domain.office.office import Counter, Office, OnlineWay
from queue_server.domain.office.rules import with_values
from queue_server.domain.office.whole.faults import admit_office, find_faults
from queue_server.domain.office.whole.file import keep_standing, read_file, write_file
from tests.domain.office.whole.offices import offices
from tests.fixtures.application import make_office

OFFICE = make_office("9101")
FIRST = OFFICE.services[0]


def with_service(**values: object) -> Office:
    return replace(OFFICE, services=(replace(FIRST, **values), *OFFICE.services[1:]))  # type: ignore[arg-type]  # any field


def with_rule(name: str, value: object) -> Office:
    return replace(OFFICE, rules=with_values(OFFICE.rules, {name: value}))


def with_week(*openings: Opening) -> Office:
    return replace(OFFICE, hours=Hours(week=openings))


def with_counter(counter: Counter) -> Office:
    return replace(OFFICE, counters=(*OFFICE.counters, counter))


MORNING, NOON = Opening(0, time(8), time(12)), Opening(0, time(11), time(15))
ADVENT = Season("Advent", date(2026, 12, 1), date(2026, 12, 24), ())
CHRISTMAS = Season("Natal", date(2026, 12, 24), date(2026, 12, 26), ())
WAY = OnlineWay("http://plain.example", {"id": "Isi"})

FAULTS = {
    "no code": (replace(OFFICE, code=""), "code", "missing"),
    "blank in the code": (replace(OFFICE, code="91 01"), "code", "format"),
    "path as code": (replace(OFFICE, code="../x"), "code", "format"),
    "no name": (replace(OFFICE, name=" "), "name", "missing"),
    "line break": (replace(OFFICE, name="a\nb"), "name", "characters"),
    "no address": (replace(OFFICE, address=""), "address", "missing"),
    "unknown zone": (replace(OFFICE, zone="Asia/Atlantis"), "zone", "unknown"),
    "folder as zone": (replace(OFFICE, zone="Asia"), "zone", "unknown"),
    "zone out of its folder": (replace(OFFICE, zone="../etc/passwd"), "zone", "unknown"),
    "room for nobody": (replace(OFFICE, people_limit=0), "people_limit", "range"),
    "off the map": (
        replace(OFFICE, location=Location(Coordinates(91.0, 0.0))),
        "location.coordinates",
        "range",
    ),
    "letter twice": (
        replace(OFFICE, streams=(*OFFICE.streams, OFFICE.streams[0])),
        "streams[2].letter",
        "duplicate",
    ),
    "small letter": (
        replace(OFFICE, streams=(*OFFICE.streams, replace(OFFICE.streams[0], letter="a"))),
        "streams[2].letter",
        "format",
    ),
    "service twice": (
        replace(OFFICE, services=(*OFFICE.services, FIRST)),
        "services[3].code",
        "duplicate",
    ),
    "service of no stream": (with_service(letter="Q"), "services[0].letter", "unknown"),
    "no minutes": (with_service(minutes=0), "services[0].minutes", "range"),
    "nameless service": (with_service(name={"en": "Word"}), "services[0].name.id", "missing"),
    "visit and online": (with_service(online=WAY), "services[0].online.url", "channel"),
    "language": (
        with_service(name={"id": "Kata", "indonesia": "x"}),
        "services[0].name",
        "language",
    ),
    "counter of no stream": (
        with_counter(Counter("9101-4", "4", ("A", "Q"))),
        "counters[3].letters",
        "unknown",
    ),
    "idle counter": (with_counter(Counter("9101-4", "4", ())), "counters[3].letters", "missing"),
    "counter twice": (with_counter(Counter("9101-1", "4", ("A",))), "counters[3].id", "duplicate"),
    "counter's name twice": (
        with_counter(Counter("9101-4", "1", ("A",))),
        "counters[3].name",
        "duplicate",
    ),
    "hours overlap": (with_week(MORNING, NOON), "hours.week", "overlap"),
    "closes first": (with_week(Opening(0, time(12), time(8))), "hours.week", "order"),
    "eighth day": (with_week(Opening(7, time(8), time(12))), "hours.week", "weekday"),
    "seasons overlap": (
        replace(OFFICE, hours=Hours(seasons=(ADVENT, CHRISTMAS))),
        "hours.seasons",
        "overlap",
    ),
    "day overlaps": (
        replace(
            OFFICE,
            hours=Hours(
                days={date(2026, 12, 5): DayHours(((time(8), time(12)), (time(11), time(13))))}
            ),
        ),
        "hours.days.2026-12-05",
        "overlap",
    ),
    "rule out of range": (
        with_rule("booking.slot_minutes", 1),
        "rules.booking.slot_minutes",
        "range",
    ),
    "rule of another kind": (
        with_rule("calling.grace_minutes", "ten"),
        "rules.calling.grace_minutes",
        "type",
    ),
    "shares above all": (
        with_rule("booking.online_share", 0.95),
        "rules.booking.urgent_share",
        "sum",
    ),
    "urgent letter": (
        with_rule("booking.urgent_letter", "Q"),
        "rules.booking.urgent_letter",
        "unknown",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_path_and_the_reason(name: str) -> None:
    office, path, reason = FAULTS[name]
    found = {(each.facts["field"], each.facts["reason"]) for each in find_faults(office)}
    assert found == {(path, reason)}
    with pytest.raises(BadInput):
        admit_office(office)


def test_everything_wrong_is_said_at_once_and_each_path_once() -> None:
    broken = replace(OFFICE, code="", name="", zone="", people_limit=0, streams=())
    paths = [each.facts["field"] for each in find_faults(broken)]
    assert {"code", "name", "zone", "people_limit", "services[0].letter"} <= set(paths)
    assert len(paths) == len(set(paths))


@settings(max_examples=30)
@given(offices())
def test_offices_of_every_kind_are_sound(office: Office) -> None:
    assert [each.facts for each in find_faults(office)] == []


@settings(max_examples=50)
@given(offices())
def test_the_plain_values_of_an_office_give_it_back(office: Office) -> None:
    assert read_file(write_file(office, {})).office == office == keep_standing(office)
