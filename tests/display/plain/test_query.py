"""The settings in the address of a screen: each is read, or named as wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.plain.query import NAMES, read_settings
from queue_server.protocol.displays import DisplayHall, DisplaySettings, QuietHours

COUNTERS = ("Loket 1", "Loket 2", "3", "Konsultasi")


def read(query: str) -> DisplaySettings:
    """The settings of an address in which nothing is wrong."""
    asked = read_settings(pairs(query), COUNTERS)
    assert asked.wrong == ()
    return asked.settings


def pairs(query: str) -> list[tuple[str, str]]:
    return [
        (name, value)
        for each in query.split("&")
        if each
        for name, _, value in [each.partition("=")]
    ]


def test_without_any_it_is_the_silent_screen_of_the_main_hall() -> None:
    assert read("") == DisplaySettings(voice=False)


def test_every_setting_is_read() -> None:
    assert read(
        "layout=halls&hall=1,loket 2&hall=3,konsultasi&voice=1&volume=60&repeats=2&spoken=both"
        "&also=jv"
        "&quiet=12:00-13:00&quiet=22:00-06:00&languages=en,id&message=Halo&message_en=Hello"
        "&distance=10&diagonal=55"
    ) == DisplaySettings(
        layout="halls",
        halls=(
            DisplayHall(counters=("Loket 1", "Loket 2")),
            DisplayHall(counters=("3", "Konsultasi")),
        ),
        languages=("en", "id"),
        voice=True,
        spoken="both",
        also_spoken="jv",
        repeats=2,
        volume=60,
        quiet=(QuietHours("12:00", "13:00"), QuietHours("22:00", "06:00")),
        message={"id": "Halo", "en": "Hello"},
        distance_m=10,
        diagonal_inch=55,
    )


def test_one_hall_and_one_counter() -> None:
    assert read("hall=2").halls == (DisplayHall(counters=("Loket 2",)),)
    assert read("layout=counter&hall=3").layout == "counter"


@pytest.mark.parametrize(
    "query",
    [
        "layout=lobby",
        "layout=halls",
        "layout=halls&hall=1",
        "layout=counter",
        "layout=counter&hall=1,2",
        "hall=99",
        "hall=",
        "volume=101",
        "volume=-1",
        "volume=loud",
        "volume=8٠",
        "repeats=0",
        "repeats=4",
        "voice=yes",
        "spoken=all",
        "quiet=noon",
        "quiet=12:00-25:00",
        "quiet=12:00-12:00",
        "languages=fr",
        "languages=id,id",
        "languages=",
        "message=" + "x" * 201,
        "distance=1",
        "diagonal=500",
        "media=1",
        "colour=red",
        "volume=10&volume=20",
    ],
)
def test_what_is_wrong_is_named_and_the_usual_stands_in_its_place(query: str) -> None:
    asked = read_settings(pairs(query), COUNTERS)
    assert asked.wrong and all(len(each) <= 40 for each in asked.wrong)
    usual = DisplaySettings(voice=False)
    assert asked.settings.layout == usual.layout and asked.settings.volume == usual.volume


def test_one_wrong_setting_leaves_the_others() -> None:
    asked = read_settings(pairs("volume=500&repeats=2"), COUNTERS)
    assert (asked.wrong, asked.settings.repeats) == (("volume=500",), 2)


@given(st.lists(st.tuples(st.sampled_from(sorted(NAMES)) | st.text(), st.text()), max_size=8))
def test_no_address_breaks_it(query: list[tuple[str, str]]) -> None:
    asked = read_settings(query, COUNTERS)
    assert all("\n" not in each and len(each) <= 40 for each in asked.wrong)
