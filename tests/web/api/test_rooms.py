"""The room over the API: the whole of it comes back as it was put, with every number, and nothing
wrong changes it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from queue_server.domain.events import EventType
from queue_server.store.visit import events as event_store
from tests.fixtures.application import ELSEWHERE, HOME, HOST, TODAY, House
from tests.web.problems import problem

PATH = f"/offices/{HOME}/zones"
HALL: dict[str, Any] = {
    "name": "hall",
    "kind": "WAITING_ROOM",
    "methods": ["DENSITY", "LAYOUT"],
    "length_m": 8,
    "width_m": 6,
    "spacing_m": 1.5,
    "area_rule": "nsw_4m2",
    "staff_inside": 2,
}
DESKS: dict[str, Any] = {
    "name": "desks",
    "kind": "COUNTER_AREA",
    "methods": ["COUNTERS"],
    "open_counters": 3,
    "companions": 1,
}
YARD: dict[str, Any] = {
    "name": "yard",
    "kind": "OUTSIDE",
    "methods": ["LINE"],
    "length_m": 23.4,
    "spacing_m": 1.8,
}


def put(house: House, zones: list[dict[str, Any]], who: str = "manager", **more: Any) -> Any:
    return house.ask("PUT", PATH, who, json={"zones": zones, **more})


def test_a_room_comes_back_with_every_number(both_houses: House) -> None:
    house = both_houses
    assert house.get(PATH, "manager").get_json() == {
        "office": HOME,
        "zones": [],
        "inside": None,
        "building_limit": None,
        "binding": None,
        "limit": None,
        "limit_in_force": 12,
    }
    done = put(house, [HALL, DESKS, YARD], building_limit=40)
    assert done.status_code == 200, done.text
    shown = house.get(PATH, "manager").get_json()
    assert shown == done.get_json()
    assert (shown["inside"], shown["limit"], shown["binding"], shown["limit_in_force"]) == (
        16,
        16,
        "ZONES",
        12,
    )
    assert [zone["limit"] for zone in shown["zones"]] == [10, 6, 14]
    hall = shown["zones"][0]
    assert {name: hall["zone"][name] for name in HALL} == HALL
    assert hall["bound"] == 34
    assert [
        (each["method"], each["persons"], each["visitors"], each["binding"], each["refused"])
        for each in hall["candidates"]
    ] == [("DENSITY", 12, 10, True, None), ("LAYOUT", 32, 32, False, None)]
    again = put(house, [zone["zone"] for zone in shown["zones"]], building_limit=9).get_json()
    assert (again["zones"], again["limit"], again["binding"]) == (shown["zones"], 9, "BUILDING"), (
        "what is shown can be put"
    )
    assert put(house, []).get_json()["zones"] == []


def test_a_number_above_the_bound_is_refused_with_the_reason(house: House) -> None:
    shown = put(
        house,
        [
            {
                **HALL,
                "methods": ["DENSITY"],
                "area_rule": None,
                "area_per_person_m2": 1,
                "spacing_m": 2,
            }
        ],
    ).get_json()
    assert (shown["limit"], shown["zones"][0]["limit"], shown["zones"][0]["bound"]) == (0, 0, 21)
    assert shown["zones"][0]["candidates"][0]["refused"] == "above_oler_bound"


@pytest.mark.parametrize(
    ("zones", "field"),
    [
        ([{**HALL, "length_m": 0}], "zones.0.length_m"),
        ([{**HALL, "length_m": -1}], "zones.0.length_m"),
        ([{**HALL, "width_m": 1001}], "zones.0.width_m"),
        ([{**HALL, "width_m": "6"}], "zones.0.width_m"),
        ([{**HALL, "length_m": None}], "length_m"),
        ([{**HALL, "spacing_m": None}], "spacing_m"),
        ([{**HALL, "hue": 1}], "zones.0.hue"),
        ([{**HALL, "area_rule": "moon"}], "area_rule"),
        ([{**HALL, "area_per_person_m2": 3}], "area_rule"),
        ([{**HALL, "methods": []}], "zones.0.methods"),
        ([HALL, HALL], "name"),
        ([HALL] * 31, "zones"),
        ([{**DESKS, "kind": "WAITING_ROOM"}], "methods"),
        ([{**HALL, "name": "The Hall"}], "zones.0.name"),
    ],
)
def test_nonsense_changes_nothing(house: House, zones: list[dict[str, Any]], field: str) -> None:
    put(house, [DESKS])
    before = house.dump()
    facts = problem(put(house, zones), 422, "bad_input")
    assert facts["field"] == field
    assert house.dump() == before


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_what_is_no_number_in_json_is_none_here(house: House, value: str) -> None:
    body = json.dumps({"zones": [{**HALL, "length_m": "?"}]}).replace('"?"', value)
    answer = house.ask("PUT", PATH, "manager", data=body, content_type="application/json")
    assert answer.status_code in (400, 422), answer.text


def test_rooms_are_their_managers_business(house: House) -> None:
    assert put(house, [HALL], "clerk").status_code == 403
    assert put(house, [HALL], "manager_elsewhere").status_code == 403
    assert house.get(PATH, "manager_elsewhere").status_code == 403
    put(house, [HALL])
    assert house.get(f"/offices/{ELSEWHERE}/zones", "manager_elsewhere").get_json()["zones"] == []
    assert put(house, [DESKS], "admin").status_code == 200


def test_every_change_of_the_room_is_told_once(both_houses: House) -> None:
    house = both_houses

    def told() -> list[dict[str, Any]]:
        with house.database.read() as connection:
            found = event_store.list_of_types(
                connection, HOME, TODAY, [EventType.ROOM_DESCRIBED], 10
            )
        return [dict(each.event.facts) for each in found]

    put(house, [HALL, DESKS], building_limit=40)
    put(house, [HALL, DESKS], building_limit=40)
    assert told() == [
        {
            "added": ["hall", "desks"],
            "removed": [],
            "altered": {},
            "building_limit": [None, 40],
            "by": "manager",
        }
    ]
    put(house, [{**HALL, "width_m": 7, "spacing_m": 2}, YARD], building_limit=40)
    assert told()[0] == {
        "added": ["yard"],
        "removed": ["desks"],
        "altered": {"hall": ["spacing_m", "width_m"]},
        "by": "manager",
    }
    put(house, [YARD, {**HALL, "width_m": 7, "spacing_m": 2}])
    assert told()[0] == {
        "added": [],
        "removed": [],
        "altered": {},
        "building_limit": [40, None],
        "by": "manager",
    }
    refused = put(house, [{**HALL, "area_rule": "moon"}])
    assert refused.status_code == 422 and len(told()) == 3

    browser, _csrf = house.sign_in("manager")
    page = browser.get(
        "/supervise/audit", query_string={"office": HOME, "lang": "en"}, headers={"Host": HOST}
    )
    assert page.status_code == 200
    assert "Described the room anew: yard added; desks removed; hall altered" in page.text
