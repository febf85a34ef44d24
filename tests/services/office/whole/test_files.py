"""An office as one file: what is written is read back the same, and nothing strange is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.demo.banten import offices as banten_offices
from queue_server.demo.rooms import room_of
from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import with_values
from queue_server.domain.office.whole.file import keep_standing, read_file, write_file
from queue_server.services.office.whole.catalogues import (
    DUKCAPIL,
    judge_catalogue_file,
    load_catalogue,
    read_text,
)
from queue_server.services.office.whole.files import _write_room, read_office_file
from queue_server.services.office.whole.yaml_text import BYTES_MAX, read_yaml, write_yaml
from tests.domain.office.whole.offices import lines, offices
from tests.fixtures.application import make_office

OFFICE = make_office("9101")


def file_of(office: Office, **changes: Any) -> dict[str, Any]:
    return write_file(office, {"zones": []}) | changes


def read(values: object, **options: Any) -> Any:
    return read_office_file(write_yaml(values).encode(), **options)


def faults(values: object) -> list[tuple[str, str]]:
    described = read(values)
    assert described.office is None
    return [(str(each["field"]), str(each["reason"])) for each in described.faults]


@settings(max_examples=20)
@given(offices())
def test_an_imported_export_is_the_same_office(office: Office) -> None:
    assert read(file_of(office)).office == office


@pytest.mark.parametrize("office", banten_offices((2026,))[:2], ids=lambda each: each.code)
def test_the_demos_offices_and_their_rooms_come_back_the_same(office: Office) -> None:
    room = room_of(office)
    described = read(write_file(office, _write_room(room)))
    assert described.faults == ()
    assert described.office == keep_standing(office) and described.room == room


@settings(max_examples=50)
@given(
    st.recursive(
        lines(20, 0) | st.integers(-(10**15), 10**15) | st.booleans() | st.none(), st.lists
    )
)
def test_plain_values_come_back_from_yaml_as_they_were(value: object) -> None:
    assert read_yaml(write_yaml({"a": value}).encode()) == {"a": value}


def test_no_person_and_nothing_of_the_moment_is_in_the_file() -> None:
    rules = with_values(
        OFFICE.rules, {"alerts.email": "ayu@contoh.id", "booking.synthetic_niks": True}
    )
    text = write_yaml(file_of(replace(OFFICE, rules=rules)))
    assert "ayu" not in text and "synthetic" not in text and "revision" not in text


def test_another_code_comes_with_counters_of_its_own() -> None:
    described = read(file_of(OFFICE), code="9199")
    assert described.office is not None and described.office.code == "9199"
    assert [each.id for each in described.office.counters] == ["9199-1", "9199-2", "9199-3"]


def test_what_a_person_writes_by_hand_is_enough() -> None:
    text = """
antrean: office
version: 1
code: 3601
name: Kantor Baru
address: Jalan Baru 1
phone: 021
hours:
  week:
    - {day: monday, opens: 08:00, closes: 13:00}
streams:
  - {letter: A, name: {id: Umum}}
services:
  - {code: KTP, letter: A, minutes: 10, name: {id: KTP}, summary: {id: Buat KTP}}
counters:
  - {name: 1, letters: [A]}
"""
    described = read_office_file(text.encode())
    assert described.faults == ()
    office = described.office
    assert office is not None and office.code == "3601" and office.phone == "021"
    assert office.counters[0].id == "3601-1" and office.hours.week[0].closes.hour == 13


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "another kind": ({"antrean": "catalogue"}, "antrean", "kind"),
    "another version": ({"version": 2}, "version", "version"),
    "a version that is no number": ({"version": True}, "version", "version"),
    "unknown field": ({"colour": "blue"}, "colour", "unknown_field"),
    "room of 0 m²": (
        {
            "room": {
                "zones": [
                    {
                        "name": "hall",
                        "kind": "WAITING_ROOM",
                        "methods": ["DENSITY"],
                        "length_m": 0,
                        "width_m": 5,
                        "area_per_person_m2": 4,
                    }
                ]
            }
        },
        "room.zones[0].length_m",
        "range",
    ),
    "unknown field of a zone": (
        {"room": {"zones": [{"name": "a", "kind": "CORRIDOR", "methods": [], "x": 1}]}},
        "room.zones[0].x",
        "unknown",
    ),
    "hours overlap": (
        {
            "hours": {
                "week": [
                    {"day": "monday", "opens": "08:00", "closes": "12:00"},
                    {"day": "monday", "opens": "11:00", "closes": "15:00"},
                ]
            }
        },
        "hours.week",
        "overlap",
    ),
    "no time": (
        {"hours": {"week": [{"day": "monday", "opens": "soon", "closes": "12:00"}]}},
        "hours.week[0].opens",
        "type",
    ),
    "no day": (
        {"hours": {"week": [{"day": "senin", "opens": "08:00", "closes": "12:00"}]}},
        "hours.week[0].day",
        "choice",
    ),
    "rule that no file holds": (
        {"rules": {"alerts": {"email": "ayu@contoh.id"}}},
        "rules.alerts.email",
        "unknown_field",
    ),
    "rule of another kind": (
        {"rules": {"booking": {"slot_minutes": [1]}}},
        "rules.booking.slot_minutes",
        "type",
    ),
    "counter of an unknown letter": (
        {"counters": [{"name": "1", "letters": ["Q"]}]},
        "counters[0].letters",
        "unknown",
    ),
    "list for a text": ({"name": ["x"]}, "name", "type"),
    "text for a number": ({"people_limit": "12"}, "people_limit", "type"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_with_its_path_in_the_file(name: str) -> None:
    changes, path, reason = WRONG[name]
    assert (path, reason) in faults(file_of(OFFICE, **changes))


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
STRANGE = {
    "bomb": (BOMB, "reference"),
    "merge": ("a: &a {b: 1}\nc:\n  <<: *a\n", "reference"),
    "nested": ("[" * 5_000, "depth"),
    "twice": ("name: a\nname: b\n", "duplicate"),
    "object": ("!!python/object/apply:os.system ['true']", "yaml"),
    "binary": ("a: !!timestamp soon", "yaml"),
    "broken": ("a: [", "yaml"),
    "two documents": ("a: 1\n---\nb: 2\n", "yaml"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_yaml_is_refused_with_the_line(name: str) -> None:
    text, reason = STRANGE[name]
    with pytest.raises(BadInput) as refused:
        read_yaml(text.encode())
    assert refused.value.facts["reason"] == reason and refused.value.facts["field"] == "file"


def test_too_large_a_file_and_no_text_are_refused_unread() -> None:
    for content, reason in ((b"#" * (BYTES_MAX + 1), "length"), (b"\xff\xfe\x00a", "encoding")):
        with pytest.raises(BadInput) as refused:
            read_yaml(content)
        assert refused.value.facts["reason"] == reason
    assert read_office_file(b"").faults[0]["reason"] == "type"


def test_dates_times_and_the_word_no_stay_texts() -> None:
    plain = b"a: 13:00\nb: 2026-01-01\nc: no\nd: 0123\ne: 12\nf: 0.5\ng: true\nh:\n"
    values = {"a": "13:00", "b": "2026-01-01", "c": "no", "d": "0123"}
    assert read_yaml(plain) == values | {"e": 12, "f": 0.5, "g": True, "h": None}


def test_the_catalogue_of_this_release_is_sound_and_promises_no_online_address() -> None:
    catalogue = load_catalogue(DUKCAPIL)
    assert len(catalogue.services) == 14 and len(catalogue.streams) == 6
    assert all(each.online is None for each in catalogue.services)
    assert judge_catalogue_file(read_text(DUKCAPIL).encode()) == (catalogue, None)


def test_a_catalogue_with_a_fault_is_named_by_its_path() -> None:
    broken = read_text(DUKCAPIL).replace(
        "letter: Z\n  name:\n    id: Akta kelahiran", "letter: Q\n  name:\n    id: Akta kelahiran"
    )
    catalogue, fault = judge_catalogue_file(broken.encode())
    assert catalogue is None and fault is not None
    assert fault["reason"] == "unknown" and str(fault["field"]).endswith(".letter")


def test_no_field_of_the_file_is_lost_on_the_way() -> None:
    """The file names every field of an office but those that it must not hold."""
    assert read_file(file_of(OFFICE)).office == keep_standing(OFFICE)
    assert set(file_of(OFFICE)) == {
        *("antrean", "version", "code", "name", "address", "phone", "zone", "languages"),
        *("people_limit", "location", "hours", "streams", "services", "counters", "slip"),
        *("rules", "room"),
    }
