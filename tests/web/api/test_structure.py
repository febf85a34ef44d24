"""What an office is made of, over the API: looked at, tried out, changed, refused; and the history
of all its settings.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.application import ELSEWHERE, HOME, House

PATH, HISTORY = f"/offices/{HOME}/structure", f"/offices/{HOME}/history"
STREAM = {"letter": "K", "name": {"id": "Antrean K"}, "slot_quota": 2, "walk_in_quota": None}
SERVICE = {
    "code": "BARU",
    "letter": "K",
    "name": {"id": "Baru"},
    "minutes": 15,
    "summary": {"id": "Layanan baru"},
}


def layers(house: House) -> dict[str, list[dict[str, Any]]]:
    """The present layers as a change sends them."""
    shown = house.get(PATH, "manager").get_json()
    return {
        "streams": [
            {name: value for name, value in each.items() if name != "remote"}
            for each in shown["streams"]
        ],
        "services": shown["services"],
        "counters": [
            {name: value for name, value in each.items() if name != "remote"}
            for each in shown["counters"]
        ],
    }


def put(house: House, **body: Any) -> Any:
    return house.ask("PUT", PATH, "manager", json=body)


def test_the_structure_is_tried_out_and_replaced(both_houses: House) -> None:
    house = both_houses
    now, revision = layers(house), house.get(PATH, "manager").get_json()["revision"]
    assert put(house, **now).get_json()["revision"] == revision, "the same again changes nothing"
    wanted = {
        "streams": [*now["streams"], STREAM],
        "services": [*now["services"], SERVICE],
        "counters": [*now["counters"], {"name": "K1", "letters": ["K"]}],
    }
    tried = put(house, **wanted, dry_run=True)
    assert tried.status_code == 200 and tried.get_json()["revision"] == revision
    assert layers(house) == now
    done = put(house, **wanted, revision=revision).get_json()
    assert done["revision"] == revision + 1
    assert (done["streams"][-1]["slot_quota"], done["services"][-1]["code"]) == (2, "BARU")
    assert done["counters"][-1]["id"].startswith(f"{HOME}-")
    late = put(house, counters=now["counters"], revision=revision)
    assert late.get_json()["code"] == "changed" and layers(house)["counters"] != now["counters"]
    changes = house.get(HISTORY, "manager").get_json()
    [made] = [each for each in changes["changes"] if each["revision"] == revision + 1]
    assert made["before"]["stream/K"] is None
    assert made["after"]["stream/K"]["slot_quota"] == 2 and made["by"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"streams": []}, "bad_input"),
        ({"services": [{**SERVICE, "minutes": 0}]}, "bad_input"),
        ({"services": [{**SERVICE, "summary": {}}]}, "bad_input"),
        ({"streams": [{**STREAM, "slot_quota": -1}]}, "bad_input"),
        ({"counters": [{"id": "nobody", "name": "9", "letters": ["A"]}]}, "unknown_counter"),
        ({"counters": [{"name": "9", "letters": []}]}, "bad_input"),
        ({"nothing": 1}, "bad_input"),
    ],
)
def test_what_cannot_be_changes_nothing(house: House, changed: dict[str, Any], code: str) -> None:
    before = layers(house)
    assert put(house, **changed).get_json()["code"] == code
    assert layers(house) == before


def test_the_history_is_read_page_by_page_by_its_own_managers(house: House) -> None:
    now = layers(house)
    for number in range(3):
        counters = [{**now["counters"][0], "name": f"L{number}"}, *now["counters"][1:]]
        assert put(house, counters=counters).status_code == 200
    first = house.get(f"{HISTORY}?limit=2", "manager").get_json()
    assert len(first["changes"]) == 2 and first["next"] == first["changes"][-1]["revision"]
    rest = house.get(f"{HISTORY}?limit=2&before={first['next']}", "manager").get_json()
    assert rest["next"] is None
    assert all(each["revision"] < first["next"] for each in rest["changes"])
    for path in (PATH, HISTORY):
        assert house.get(path, "clerk").status_code == 403
        assert house.get(path.replace(HOME, ELSEWHERE), "manager").status_code in (403, 404)


def test_a_service_that_somebody_waits_for_is_not_taken_away(house: House) -> None:
    now = layers(house)
    code = now["services"][0]["code"]
    assert house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": code}).status_code == 201
    refused = put(house, services=now["services"][1:])
    assert (refused.status_code, refused.get_json()["code"]) == (409, "still_in_use")
    assert refused.get_json()["here"] == 1
    assert layers(house)["services"] == now["services"]
