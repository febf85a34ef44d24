"""The demonstration's data keeps to the figures of the offices and to nobody's real particulars."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from queue_server.demo.banten import HOME, offices
from queue_server.demo.catalogue import SERVICES, STREAMS
from queue_server.demo.people import guests, staff
from queue_server.demo.rooms import room_of
from queue_server.demo.scenarios import SCENARIOS
from queue_server.domain.access.accounts import OF_PEOPLE
from queue_server.domain.booking.replan import plan_day
from queue_server.domain.booking.slots import cut_slots
from queue_server.domain.office.office import Office, ServiceChannel
from queue_server.domain.room.capacity import limit_room
from queue_server.domain.visit.claim import Pool
from queue_server.domain.visit.identity import parse_name, parse_nik

OFFICES = offices([2026, 2027])
BY_CODE = {each.code: each for each in OFFICES}


def test_the_eight_offices_have_the_counters_of_the_province() -> None:
    assert {each.code: len(each.counters) for each in OFFICES} == {
        "3601": 6,
        "3602": 6,
        "3603": 12,
        "3604": 8,
        "3671": 12,
        "3672": 5,
        "3673": 7,
        "3674": 10,
    }
    assert sum(len(each.counters) for each in OFFICES) == 66
    assert HOME in BY_CODE


def test_each_office_has_a_room_from_which_its_limit_follows() -> None:
    for office in OFFICES:
        assert limit_room(room_of(office)).limit == office.people_limit


def test_streams_and_services_are_those_of_a_civil_registry() -> None:
    assert [each.letter for each in STREAMS] == list("ACFZUX")
    services = {each.code: (each.letter, each.channel, each.minutes) for each in SERVICES}
    assert len(services) == 14
    assert services["REK"] == ("A", ServiceChannel.MUST_COME, 10)
    assert services["LEG"] == ("U", ServiceChannel.MUST_COME, 4), "stamped at the office"
    assert services["PGD"] == ("X", ServiceChannel.EITHER, 8)
    assert {letter for letter, _, _ in services.values()} == {each.letter for each in STREAMS}
    for each in SERVICES:
        for words in (each.name, each.summary, each.requirements):
            assert set(words) == {"id", "en"}
            assert all(text.strip() for text in words.values())


def test_every_service_that_can_be_had_online_has_an_example_address_and_its_steps() -> None:
    for each in SERVICES:
        assert (each.online is None) == (each.channel is ServiceChannel.MUST_COME), each.code
        assert each.search_words
        if each.online is not None:
            assert each.online.url.startswith("https://contoh.example/")
            steps = {language: text.splitlines() for language, text in each.online.steps.items()}
            assert len(steps["id"]) == len(steps["en"]) >= 3, each.code
            assert all(step.strip() for lines in steps.values() for step in lines)


@pytest.mark.parametrize("office", OFFICES, ids=lambda office: office.code)
class TestOffice:
    def test_every_stream_can_be_served_and_has_places_for_everybody(self, office: Office) -> None:
        plan = plan_day(office, date(2026, 11, 23))
        for stream in office.streams:
            assert sum(stream.letter in each.letters for each in office.counters) >= 2
            for pool in Pool:
                assert any(
                    slot.streams[stream.letter].free(pool, released=False) > 0
                    for slot in plan.slots
                ), (stream.letter, pool)

    def test_two_counters_serve_every_stream_and_the_others_few(self, office: Office) -> None:
        sizes = [len(each.letters) for each in office.counters]
        assert sizes.count(len(STREAMS)) == 2 and sizes[0] == len(STREAMS)
        assert all(1 <= size <= 3 for size in sizes if size != len(STREAMS))
        assert len({each.id for each in office.counters}) == len(office.counters)
        assert all(each.id.startswith(f"{office.code}-") for each in office.counters)

    def test_is_marked_as_an_example(self, office: Office) -> None:
        assert "CONTOH" in office.address
        assert "CONTOH" in office.phone

    def test_hours_of_the_week(self, office: Office) -> None:
        monday, friday, saturday = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)
        assert len(list(cut_slots(office, monday))) == 24
        assert len(list(cut_slots(office, friday))) == 22
        assert len(list(cut_slots(office, saturday))) == (16 if office.code == "3671" else 0)


def test_holidays_close_every_office() -> None:
    assert {date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)} <= offices((2026, 2027))[
        0
    ].hours.days.keys()
    for office in OFFICES:
        assert office.openings_on(date(2026, 12, 25)) == ()


def test_everybody_on_the_staff_has_a_name_of_their_own() -> None:
    people = staff(OFFICES)
    names = [each.username for each in people]
    assert len(set(names)) == len(names) == 3 + 8 * 4 + 66
    assert {"admin", "manager-3674", "supervisor-3674", "clerk-3674-1", "clerk-3674-10"} <= set(
        names
    )
    assert {each.role for each in people} == set(OF_PEOPLE)


@pytest.mark.parametrize("office", sorted(BY_CODE))
def test_visitors_are_plausible_and_nobody(office: str) -> None:
    some = list(islice(guests(office), 3_000))
    assert len({each.nik for each in some}) == len({each.phone for each in some}) == len(some)
    for each in some:
        assert parse_nik(each.nik, date(2020, 3, 23)) == each.nik
        assert each.nik[4:6] == "00", "a kecamatan that does not exist"
        assert parse_name(each.name) == each.name
    assert some[:5] == list(islice(guests(office), 5)), "always the same"


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_fit_the_offices(name: str) -> None:
    scenario = SCENARIOS[name]
    for office in OFFICES:
        crowd = scenario.crowd(office.code)
        assert crowd.open_counters <= len(office.counters)
        assert crowd.called <= crowd.open_counters
        assert 0 <= crowd.share_of_today <= 1
        assert 0 <= crowd.share_of_later <= 1
