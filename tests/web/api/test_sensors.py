"""Sensors that count at the door."""

from __future__ import annotations

from typing import Any

import pytest

from queue_server.services.door.closing import settle_doors
from tests.fixtures.application import ELSEWHERE, HOME, House, at
from tests.web.api.guard import LIMIT, door, read, shown
from tests.web.problems import problem


def test_a_sensor_adds_what_tickets_do_not_know(both_houses: House) -> None:
    house = both_houses
    taken = read(house, 5, 1)
    assert taken.status_code == 200
    assert taken.get_json() == {
        "office": HOME,
        "total_in": 5,
        "total_out": 1,
        "at": "2026-11-23T09:00:00+07:00",
        "sensed": 4,
    }
    before = house.dump()
    assert read(house, 5, 1).get_json() == taken.get_json()
    assert house.dump() == before, "the same reading again changes nothing"
    assert house.events().count("door_counted") == 1
    house.clock.pass_by(seconds=30)
    read(house, 6, 2)
    assert house.events().count("door_counted") == 1, (
        "one came and one went: as many inside as before"
    )
    assert door(house)["inside"] == 4


BAD = [
    ({"total_in": 4, "total_out": 1}, "bad_reading", "backwards"),
    ({"total_in": 5, "total_out": 0}, "bad_reading", "backwards"),
    ({"total_in": 506, "total_out": 1}, "bad_reading", "jump"),
    ({"total_in": 5, "total_out": 502}, "bad_reading", "jump"),
    ({"total_in": 6, "total_out": 1, "at": "2026-11-23T09:05:00+07:00"}, "bad_reading", "future"),
    ({"total_in": 6, "total_out": 1, "at": "2026-11-23T08:59:00+07:00"}, "bad_reading", "older"),
    ({"total_in": 6, "total_out": 1, "at": "2026-11-22T23:59:00+07:00"}, "bad_reading", "day"),
    ({"total_in": -1, "total_out": 1}, "bad_input", None),
    ({"total_in": 2**31, "total_out": 1}, "bad_input", None),
    ({"total_in": 6.5, "total_out": 1}, "bad_input", None),
    ({"total_in": 6}, "bad_input", None),
    ({"total_in": 6, "total_out": 1, "at": "2026-11-23T09:00:00"}, "bad_input", None),
]


@pytest.mark.parametrize(("body", "code", "reason"), BAD)
def test_a_bad_reading_is_logged_and_ignored(
    house: House,
    body: dict[str, Any],
    code: str,
    reason: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    read(house, 5, 1)
    before = house.dump("answers")
    told = problem(
        house.post(
            f"/offices/{HOME}/door-counts",
            "sensor",
            {"at": house.clock.now.isoformat(), **body},
            key="k",
        ),
        422,
        code,
    )
    assert reason is None or told["reason"] == reason
    assert house.dump("answers") == before
    if code == "bad_reading":
        printed = capsys.readouterr()
        assert "bad_reading" in printed.out + printed.err


def test_several_sensors_add_up_and_each_counts_for_itself(house: House) -> None:
    read(house, 8, 1)
    asked = house.post("/devices", body={"kind": "sensor"}).get_json()
    approved = house.post(
        f"/offices/{HOME}/devices",
        "manager",
        {"pairing_code": asked["pairing_code"], "name": "Back door"},
    )
    assert approved.get_json()["kind"] == "sensor"
    collected = house.post(
        f"/devices/{asked['id']}/token", body={"secret": asked["secret"]}
    ).get_json()
    body = {"total_in": 2, "total_out": 5, "at": house.clock.now.isoformat()}
    headers = {"Authorization": f"Bearer {collected['token']}"}
    second = house.ask("POST", f"/offices/{HOME}/door-counts", json=body, headers=headers)
    assert second.get_json()["sensed"] == 4, "some came in by one door and left by the other"
    assert [each["inside"] for each in door(house)["sensors"]] in ([7, -3], [-3, 7])


def test_a_sensor_works_for_its_own_office_alone(house: House) -> None:
    body = {"total_in": 1, "total_out": 0, "at": house.clock.now.isoformat()}
    problem(house.post(f"/offices/{ELSEWHERE}/door-counts", "sensor", body), 403, "forbidden")
    problem(house.post(f"/offices/{HOME}/door-counts", "clerk", body), 403, "forbidden")
    problem(house.post(f"/offices/{HOME}/door-counts", None, body), 401, "unauthorized")


def test_a_sensor_makes_the_door_careful_and_never_careless(both_houses: House) -> None:
    house = both_houses
    read(house, LIMIT, 0)
    waiting = house.walk_in(party_size=2)
    assert waiting["place"] == "OUTSIDE" and door(house)["inside"] == LIMIT
    house.clock.pass_by(minutes=1)
    read(house, LIMIT, 2)
    assert shown(house, waiting["number"]).get_json()["verdict"] == "inside", (
        "room by the sensor's own account lets them in"
    )
    for _ in range(5):
        house.walk_in(party_size=2)
    house.clock.pass_by(minutes=1)
    read(house, LIMIT, LIMIT)
    assert door(house)["inside"] == LIMIT, "the tickets say twelve, whatever a sensor missed"
    assert house.walk_in()["place"] == "OUTSIDE"


def test_a_sensor_that_falls_silent_keeps_nobody_out(both_houses: House) -> None:
    house = both_houses
    read(house, LIMIT, 0)
    waiting = house.walk_in()
    house.clock.pass_by(minutes=9)
    assert settle_doors(house.database, house.clock.now) == 0
    house.clock.pass_by(minutes=2)
    assert settle_doors(house.database, house.clock.now) == 1
    assert (door(house)["sensed"], shown(house, waiting["number"]).get_json()["verdict"]) == (
        None,
        "inside",
    )
    assert settle_doors(house.database, house.clock.now) == 0
    read(house, LIMIT + 1, 0)
    assert door(house)["sensed"] == LIMIT + 1, "it speaks again"


def test_at_a_new_day_a_sensor_may_begin_anew_or_go_on(both_houses: House) -> None:
    house = both_houses
    read(house, 40, 36)
    house.clock.now = at(8, day=1)
    assert read(house, 3, 1).get_json()["sensed"] == 2
    house.clock.now = at(8, day=2)
    assert read(house, 13, 2).get_json()["sensed"] == 9, (
        "ten more in and one more out than yesterday evening"
    )
