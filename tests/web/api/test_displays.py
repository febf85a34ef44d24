"""The settings of screens by the API: set by managers, sent with the heartbeat."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.fixtures.application import HOME, House
from tests.web.problems import problem

PATH = f"/offices/{HOME}/displays"


def beat(house: House, **facts: Any) -> TestResponse:
    return house.post("/devices/self/heartbeat", "display", {"build": "b1", "facts": facts})


def put(house: House, who: str = "manager", **body: Any) -> TestResponse:
    return house.ask("PUT", f"{PATH}/{screen(house)['id']}", who, json=body)


def screen(house: House) -> dict[str, Any]:
    [only] = house.get(PATH, "manager").get_json()["screens"]
    return dict(only)


def test_a_screen_is_sent_its_settings_until_it_has_them(both_houses: House) -> None:
    house = both_houses
    first = house.get("/devices/self", "display").get_json()["display"]
    assert first["voice"] and first["version"] == screen(house)["version"]
    assert beat(house, settings=first["version"]).status_code == 204
    assert beat(house).status_code == 204, "an older agent names none, and is sent none"
    done = put(house, layout="counter", halls=[{"counters": [f"{HOME}-1"]}], volume=20)
    assert done.status_code == 200, done.text
    told = beat(house, settings=first["version"])
    sent = told.get_json()["display"]
    assert (told.status_code, sent["layout"], sent["volume"]) == (200, "counter", 20)
    assert sent["halls"][0]["counters"] != [f"{HOME}-1"], "by the name that calls carry"
    assert sent["version"] == done.get_json()["version"]
    assert beat(house, settings=sent["version"]).status_code == 204
    assert house.get("/devices/self", "display").get_json()["display"] == sent


def test_what_is_left_out_stays(house: House) -> None:
    put(
        house, zone="Lantai 1", message={"id": "Halo"}, quiet=[{"starts": "22:00", "ends": "06:00"}]
    )
    after = put(house, repeats=3).get_json()
    assert (after["zone"], after["message"], after["repeats"]) == ("Lantai 1", {"id": "Halo"}, 3)
    assert after["quiet"] == [{"starts": "22:00", "ends": "06:00"}]
    assert put(house, message={"id": " "}).get_json()["message"] == {}


@pytest.mark.parametrize(
    "body",
    [
        {"layout": "wall"},
        {"volume": 101},
        {"repeats": True},
        {"zone": "z" * 41},
        {"languages": []},
        {"languages": ["id", "id"]},
        {"halls": [{"counters": ["made-up"]}]},
        {"layout": "halls"},
        {"quiet": [{"starts": "24:00", "ends": "06:00"}]},
        {"message": {"jv": "x"}},
        {"colour": "red"},
    ],
)
def test_what_a_screen_cannot_show_is_refused(house: House, body: dict[str, Any]) -> None:
    before = house.dump()
    problem(put(house, **body), 422, "bad_input")
    assert house.dump() == before


def test_what_somebody_else_has_changed_is_not_overwritten(house: House) -> None:
    seen = screen(house)["version"]
    assert put(house, volume=1, version=seen).status_code == 200
    problem(put(house, volume=2, version=seen), 409, "changed")
    problem(put(house, "clerk", volume=2), 403, "forbidden")
    kiosk = house.get("/devices/self", "kiosk").get_json()["id"]
    problem(house.ask("PUT", f"{PATH}/{kiosk}", "manager", json={}), 404, "unknown_device")
    problem(house.get(f"{PATH}/{kiosk}", "manager"), 404, "unknown_device")


def test_what_a_screen_shows_and_that_it_is_behind(both_houses: House) -> None:
    house = both_houses
    assert screen(house)["shows"] is None
    said = {"sound": "ok", "screen": "board", "showing": "A001", "width": 1920, "height": 1080}

    def shows(seq: int) -> dict[str, Any]:
        beat(house, beat_s=5, board_date="2026-11-23", board_seq=seq, **said)
        return screen(house)

    now = shows(0)["shows"]
    assert (now["showing"], now["behind"], now["width"]) == ("A001", 0, 1920)
    house.walk_in()
    day, seq = house.get(f"/offices/{HOME}/board").get_json()["version"]
    assert (day, shows(seq)["shows"]["behind"]) == ("2026-11-23", 0)
    for _ in range(4):
        house.clock.pass_by(seconds=5)
        house.walk_in()
        late = shows(seq)
    assert late["troubles"] == ["board_behind"] and late["shows"]["behind"] >= 4
    seq = house.get(f"/offices/{HOME}/board").get_json()["version"][1]
    assert shows(seq)["troubles"] == []


def test_what_changes_with_each_call_costs_no_write(both_houses: House) -> None:
    house = both_houses
    well = {"beat_s": 5, "sound": "ok", "board_date": "2026-11-23"}
    beat(house, board_seq=1, showing="A001", last_call="c1", queued=1, **well)
    before = house.dump()
    for seq in range(2, 6):
        house.clock.pass_by(seconds=5)
        beat(house, board_seq=seq, showing=f"A00{seq}", last_call=f"c{seq}", queued=seq, **well)
    assert house.dump() == before, "it is remembered, and written with others"
    assert screen(house)["shows"]["showing"] == "A005", "and seen at once"
    beat(house, board_seq=6, showing="A006", **{**well, "sound": "blocked"})
    assert house.dump() != before and screen(house)["troubles"] == ["sound_blocked"]
