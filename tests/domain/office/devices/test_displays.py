"""The settings of screens: what is right, that one in a zone speaks, how far one can read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput
from queue_server.domain.office.devices import displays
from queue_server.domain.office.devices.displays import (
    Hall,
    Quiet,
    ScreenSettings,
    admit_settings,
    find_changes,
    first_settings,
    legible_to_m,
    read_settings,
    recent_legible_to_m,
    silence_others,
    spell_zone,
    write_settings,
)
from queue_server.protocol import displays as wire

COUNTERS = ("c1", "c2", "c3")
GOOD = ScreenSettings(
    zone="Lantai 1",
    halls=(Hall({"id": "Kiri"}, ("c1", "c2")), Hall({"id": "Kanan"}, ("c3",))),
    layout="halls",
    quiet=(Quiet("12:00", "13:00"), Quiet("22:00", "06:00")),
    message={"id": "Selamat datang", "en": "Welcome"},
    voice=True,
)


def test_the_choices_are_those_of_the_protocol() -> None:
    assert (displays.LAYOUTS, displays.SPOKEN) == (wire.LAYOUTS, wire.SPOKEN)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"repeats": 3, "volume": 0, "distance_m": 2, "diagonal_inch": 120},
        {"repeats": 1, "volume": 100, "distance_m": 40, "diagonal_inch": 15},
        {"languages": ("en",), "message": {"en": "x" * 200}, "zone": "z" * 40},
        {"layout": "main", "halls": ()},
        {"layout": "main", "halls": (Hall({}, ("c1",)),)},
        {"layout": "entry", "halls": ()},
        {"layout": "counter", "halls": (Hall({}, ("c2",)),)},
    ],
)
def test_what_a_screen_can_show_is_taken(change: dict[str, Any]) -> None:
    admit_settings(replace(GOOD, **change), COUNTERS)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"layout": "wall"}, "layout", "choice"),
        ({"spoken": "all"}, "spoken", "choice"),
        ({"zone": "z" * 41}, "zone", "length"),
        ({"languages": ()}, "languages", "choice"),
        ({"languages": ("id", "id")}, "languages", "choice"),
        ({"languages": ("id", "jv")}, "languages", "choice"),
        ({"repeats": 0}, "repeats", "range"),
        ({"repeats": 4}, "repeats", "range"),
        ({"volume": 101}, "volume", "range"),
        ({"distance_m": 1}, "distance_m", "range"),
        ({"distance_m": 41}, "distance_m", "range"),
        ({"diagonal_inch": 14}, "diagonal_inch", "range"),
        ({"diagonal_inch": 121}, "diagonal_inch", "range"),
        ({"message": {"id": "x" * 201}}, "message_id", "length"),
        ({"message": {"jv": "x"}}, "message", "language"),
        ({"quiet": (Quiet("12:00", "24:00"),)}, "quiet_1", "time"),
        ({"quiet": (Quiet("1:00", "2:00"),)}, "quiet_1", "time"),
        ({"quiet": (Quiet("01:00", "02:00"), Quiet("03:00", "03:00"))}, "quiet_2", "empty"),
        ({"quiet": (Quiet("01:00", "02:00"),) * 7}, "quiet", "count"),
        ({"halls": (Hall({}, ("c1",)), Hall({}, ()))}, "hall_2", "missing"),
        ({"halls": ()}, "hall_1", "missing"),
        ({"halls": (Hall({}, ("c1",)), Hall({}, ("c1",)))}, "hall_2", "twice"),
        ({"halls": (Hall({}, ("c1", "c9")), Hall({}, ("c2",)))}, "hall_1", "counter"),
        ({"halls": (Hall({"id": "x" * 41}, ("c1",)),)}, "hall_1_name_id", "length"),
        ({"halls": (Hall({}, ("c1",)),) * 3}, "halls", "count"),
        ({"layout": "main"}, "hall_2", "layout"),
        ({"layout": "counter", "halls": ()}, "hall_1", "one"),
        ({"layout": "counter", "halls": (Hall({}, ("c1", "c2")),)}, "hall_1", "one"),
    ],
)
def test_what_it_cannot_show_is_named(change: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        admit_settings(replace(GOOD, **change), COUNTERS)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)


def test_a_zone_is_spelled_as_it_is_known() -> None:
    assert spell_zone("  lantai   1 ", ["Lantai 1", "Lantai 2"]) == "Lantai 1"
    assert spell_zone(" Teras  depan", ["Lantai 1"]) == "Teras depan"


ZONES = st.sampled_from(["", "Lantai 1", "Lantai 2"])
SCREENS = st.builds(ScreenSettings, zone=ZONES, voice=st.booleans())


def speaking(known: dict[str, ScreenSettings]) -> list[str]:
    return sorted(each.zone for each in known.values() if each.voice)


@given(st.lists(st.tuples(st.sampled_from("abcd"), SCREENS), max_size=12))
def test_in_a_zone_at_most_one_speaks_whatever_is_set(steps: list[Any]) -> None:
    known: dict[str, ScreenSettings] = {}
    for screen, settings in steps:
        if screen not in known:
            known[screen] = first_settings(known.values())
            assert len(set(speaking(known))) == len(speaking(known))
        silent = silence_others(screen, settings, known)
        assert all(not each.voice for each in silent.values()) and screen not in silent
        known |= silent
        known[screen] = settings
        assert len(set(speaking(known))) == len(speaking(known))


def test_the_first_screen_of_a_zone_speaks_and_later_ones_do_not() -> None:
    first = first_settings([])
    assert first.voice and not first_settings([first]).voice
    assert first_settings([replace(first, zone="Lantai 2")]).voice


@pytest.mark.parametrize(
    ("inches", "share", "metres"), [(43, 0.2, 21), (55, 0.2, 27), (28, 0.2, 13), (43, 0.06, 6)]
)
def test_how_far_capitals_can_be_read(inches: int, share: float, metres: int) -> None:
    """5 mm of height for each metre; a screen of 43 inches is 535 mm high."""
    assert legible_to_m(inches, share) == metres


@pytest.mark.parametrize(("distance_m", "metres"), [(2, 6), (8, 8), (12, 12), (30, 12)])
def test_the_calls_before_it_grow_with_the_distance_until_there_is_no_room(
    distance_m: int, metres: int
) -> None:
    assert recent_legible_to_m(43, distance_m) == metres


def test_settings_are_kept_whole_and_changes_are_told() -> None:
    assert read_settings(json.loads(json.dumps(write_settings(GOOD)))) == GOOD
    assert read_settings({}) == ScreenSettings()
    assert find_changes(GOOD, replace(GOOD, voice=False, volume=10)) == {
        "voice": [True, False],
        "volume": [80, 10],
    }
