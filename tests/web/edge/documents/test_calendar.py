"""The calendar file, as an outside reader and the letter of RFC 5545 judge it, from literals."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar

from queue_server.domain.office.location import Coordinates, Location
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.web.edge.documents.calendar import calendar_file
from queue_server.web.edge.locale import speaking
from tests.domain.examples import NINE, minutes, office, service, ticket_in

URL = "https://antrean.example/t/0123456789AB"
PAPERS = {"id": "KTP; fotokopi, asli\\baru – " + "surat " * 30, "en": "ID card"}
OFFICE = office(
    name="Dinas Kota",
    address="Jl. Contoh 8, Serpong",
    services=(replace(service("REK", "A"), requirements=PAPERS),),
)


def file_of(
    ticket: Ticket, language: str = "id", urgency: str | None = None, at: Office = OFFICE
) -> str:
    with speaking(language):
        return calendar_file(at, ticket, URL, urgency, language, NINE).decode()


def event_of(ticket: Ticket, language: str = "id", urgency: str | None = None) -> Calendar:
    return Calendar.from_ical(file_of(ticket, language, urgency)).walk("VEVENT")[0]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_line_is_folded_and_ended_as_the_standard_asks(language: str) -> None:
    text = file_of(ticket_in(State.BOOKED), language, "hospital")
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.split("\r\n")[:-1]
    assert max(len(each.encode()) for each in lines) <= 75
    assert not any("\n" in each or "\r" in each for each in lines)
    unfolded = re.sub(r"\r\n[ \t]", "", text).split("\r\n")[:-1]
    assert all(re.match(r"[A-Z-]+(;[A-Z-]+=[^:]+)*:", each) for each in unfolded)


def test_the_office_s_clock_is_described_and_the_visit_stands_on_it() -> None:
    text = file_of(ticket_in(State.BOOKED))
    calendar = Calendar.from_ical(text)
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Jakarta" and "TZOFFSETTO:+0700" in text
    assert "DTSTART;TZID=Asia/Jakarta:20260323T091000" in text
    event = calendar.walk("VEVENT")[0]
    assert event.start == NINE + minutes(10)
    assert calendar["METHOD"] == "PUBLISH" and event["DTSTAMP"].dt == NINE


def test_a_zone_with_summer_time_is_described_for_the_day_of_the_visit() -> None:
    ticket = replace(ticket_in(State.BOOKED), slot=NINE.replace(month=7))
    calendar = Calendar.from_ical(file_of(ticket, at=replace(OFFICE, zone="Europe/Berlin")))
    assert calendar.walk("VTIMEZONE")[0].walk("DAYLIGHT")
    assert calendar.walk("VEVENT")[0].start.utcoffset() == timedelta(hours=2)


def test_a_visit_of_two_slots_ends_with_the_second() -> None:
    booked = replace(ticket_in(State.BOOKED), claim_span=2)
    assert booked.claim is not None
    event = event_of(booked)
    assert event.end - event.start == minutes(30)


@pytest.mark.parametrize(
    ("state", "status", "alarms"),
    [
        (State.BOOKED, "CONFIRMED", 2),
        (State.WAITING, "CONFIRMED", 2),
        (State.SERVED, "CONFIRMED", 2),
        (State.CANCELLED, "CANCELLED", 0),
        (State.STRANDED, "CANCELLED", 0),
        (State.NO_SHOW, "CANCELLED", 0),
    ],
)
def test_a_visit_that_is_off_is_cancelled_and_rings_no_more(
    state: State, status: str, alarms: int
) -> None:
    event = event_of(replace(ticket_in(state), slot=NINE))
    assert event["STATUS"] == status
    assert len(event.walk("VALARM")) == alarms
    assert event["TRANSP"] == ("TRANSPARENT" if status == "CANCELLED" else "OPAQUE")


def test_it_rings_a_day_and_an_hour_before() -> None:
    triggers = [each["TRIGGER"].dt for each in event_of(ticket_in(State.BOOKED)).walk("VALARM")]
    assert triggers == [timedelta(days=-1), timedelta(hours=-1)]


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    booked = ticket_in(State.BOOKED)
    later = replace(booked, slot=NINE + minutes(60), version=booked.version + 1)
    before, after = event_of(booked), event_of(later)
    assert before["UID"] == after["UID"] and booked.id not in str(before["UID"])
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "id",
            [
                "Datang pukul 09.10, paling awal pukul 08.40.",
                "Bawa: KTP; fotokopi, asli\\baru",
                "Mendesak: ",
                "surat dari rumah sakit",
                "GRATIS",
            ],
        ),
        ("en", ["Come at 09:10, 08:40 at the earliest.", "Bring: ID card", "letter from the"]),
    ],
)
def test_it_says_when_to_come_with_what_and_that_it_is_free(language: str, said: list[str]) -> None:
    urgent = replace(ticket_in(State.BOOKED), channel=Channel.URGENT)
    event = event_of(urgent, language, "hospital")
    description = str(event["DESCRIPTION"])
    assert [each for each in [*said, URL] if each not in description] == []
    assert str(event["LOCATION"]) == "Dinas Kota, Jl. Contoh 8, Serpong"
    assert str(event["URL"]) == URL and "GEO" not in event


def test_a_map_finds_the_office_that_told_where_it_is() -> None:
    placed = replace(OFFICE, location=Location(Coordinates(-6.28862, 106.71789)))
    assert "GEO:-6.28862;106.71789\r\n" in file_of(ticket_in(State.BOOKED), at=placed)
