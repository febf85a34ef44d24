"""Slips that the reception has printed, over HTTP: by which printer, once, what became of them."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.fixtures.application import HOME, NAME, NIK, House
from tests.web.problems import problem

DESK = f"/offices/{HOME}/reception"


def beat(house: House, printer: str = "ready", **facts: Any) -> dict[str, Any]:
    body = {"build": "1", "facts": {"printer": printer, **facts}}
    return house.post("/devices/self/heartbeat", "printer", body).get_json() or {}


def listed(house: House) -> list[dict[str, Any]]:
    answer = house.get("/devices/self/slips", "printer")
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["slips"])


def order(house: House, path: str, **body: Any) -> dict[str, Any]:
    answer = house.post(path, "clerk", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def tell(house: House, slip: dict[str, Any], outcome: str) -> TestResponse:
    body = {"ticket": slip["id"], "copy": slip["copy"], "outcome": outcome}
    return house.post("/devices/self/slips", "printer", body)


def state_of(house: House, path: str) -> str | None:
    told = house.get(path, "clerk").get_json()["order"]
    return None if told is None else str(told["state"])


def test_a_confirmation_is_printed_by_the_office_s_printer_once(both_houses: House) -> None:
    house = both_houses
    body = {"service": "REK", "slot": house.slot(10), "nik": NIK, "name": NAME, "language": "en"}
    booked = house.post(f"{DESK}/bookings", "clerk", body).get_json()
    path = f"/tickets/{booked['code']}/print"
    problem(house.post(path, "clerk"), 409, "no_printer")
    beat(house, "paper_out")
    problem(house.post(path, "clerk"), 409, "no_printer")
    beat(house)
    assert listed(house) == [] and state_of(house, path) is None
    for _ in range(2):
        assert house.post(path, "clerk", key="press").get_json()["state"] == "ordered"
    assert order(house, path)["copy"] == 0, "another press while it is on its way prints nothing"
    [slip] = listed(house)
    assert (slip["number"], slip["copy"], slip["starts_at"]) == ("", 0, booked["starts_at"])
    assert slip["code"] == booked["code"] and slip["bring"]
    assert NAME not in str(slip) and NIK[-4:] not in str(slip)
    assert house.events().count("slip_ordered") == 1
    for _ in range(2):
        assert tell(house, slip, "printed").status_code == 204
    assert house.events().count("slip_reported") == 1
    assert state_of(house, path) == "printed"
    assert tell(house, slip, "not_printed").status_code == 204
    assert state_of(house, path) == "printed", "what came out did so for good"
    assert order(house, path)["copy"] == 1, "what is printed once more says that it is a copy"
    assert [each["copy"] for each in listed(house)] == [0, 1]
    problem(house.get("/devices/self/slips", "clerk"), 403, "forbidden")
    problem(house.get("/devices/self/slips", "kiosk"), 403, "forbidden")


def test_an_order_lapses_and_a_slip_after_the_kiosk_s_is_a_copy(house: House) -> None:
    ticket = house.walk_in()
    path = f"/tickets/{ticket['id']}/print"
    beat(house)
    assert order(house, path)["copy"] == 1
    [slip] = listed(house)
    assert (slip["number"], slip["copy"]) == (ticket["number"], 1)
    house.clock.pass_by(minutes=4)
    assert listed(house) == [] and state_of(house, path) == "lapsed"
    beat(house, "paper_low")
    assert order(house, path)["copy"] == 2, "nobody knows, so it is marked"
    tell(house, slip, "printed")
    assert state_of(house, path) == "ordered", "the late word is about the first"


def test_the_first_paper_of_a_number_given_at_the_desk_is_no_copy(house: House) -> None:
    beat(house)
    given = house.post(f"{DESK}/tickets", "reception", {"service": "REK"}).get_json()
    path = f"/tickets/{given['id']}/print"
    assert order(house, path)["copy"] == 0
    [slip] = listed(house)
    tell(house, slip, "printed")
    assert order(house, path)["copy"] == 1


def test_the_printer_is_chosen_where_there_are_several(house: House) -> None:
    ticket = house.walk_in()
    path = f"/tickets/{ticket['id']}/print"
    beat(house)
    [printer] = house.get(f"{DESK}/overview", "clerk").get_json()["printers"]
    assert (printer["state"], printer["ready"]) == ("ready", True)
    problem(house.post(path, "clerk", {"printer": "nobody"}), 409, "no_printer")
    assert order(house, path, printer=printer["id"])["printer"] == printer["id"]
    house.clock.pass_by(minutes=5)
    [printer] = house.get(f"{DESK}/overview", "clerk").get_json()["printers"]
    assert (printer["state"], printer["ready"]) == ("offline", False)
    problem(house.post(path, "clerk", {"printer": printer["id"]}), 409, "no_printer")


@pytest.mark.parametrize(("came_out", "kind"), [(True, "came_out"), (False, "not_out")])
def test_a_slip_of_which_nobody_knows_is_answered_for_at_the_desk(
    both_houses: House, came_out: bool, kind: str
) -> None:
    house = both_houses
    ticket = house.walk_in()
    path = f"/tickets/{ticket['id']}/print"
    answer = f"{path}/outcome"
    problem(house.post(answer, "clerk", {"came_out": came_out}), 409, "wrong_state")
    beat(house)
    order(house, path)
    problem(house.post(answer, "clerk", {"came_out": came_out}), 409, "wrong_state")
    [slip] = listed(house)
    tell(house, slip, "unconfirmed")
    beat(house, "unconfirmed", unconfirmed_job="another.0")
    problem(house.post(answer, "clerk", {"came_out": came_out}), 409, "changed")
    beat(house, "unconfirmed", unconfirmed_job=f"{slip['id']}.{slip['copy']}")
    for bad in ({}, {"came_out": "yes"}, {"came_out": 1}):
        problem(house.post(answer, "clerk", bad), 422, "bad_input")
    assert house.post(answer, "clerk", {"came_out": came_out}).status_code == 200
    [told] = beat(house)["orders"]
    assert (told["kind"], told["job"]) == (kind, f"{slip['id']}.{slip['copy']}")
    tell(house, slip, "printed" if came_out else "not_printed")
    assert state_of(house, path) == ("printed" if came_out else "not_printed")


def test_a_printer_tells_only_of_what_it_was_ordered(house: House) -> None:
    ticket = house.walk_in()
    slip = {"id": ticket["id"], "copy": 1}
    problem(tell(house, slip, "printed"), 404, "unknown_ticket")
    beat(house)
    order(house, f"/tickets/{ticket['id']}/print")
    problem(tell(house, {**slip, "copy": 2}, "printed"), 404, "unknown_ticket")
    for bad in ({"outcome": "eaten"}, {"copy": -1}, {"copy": "1"}, {"ticket": ""}):
        body = {"ticket": slip["id"], "copy": 1, "outcome": "printed", **bad}
        problem(house.post("/devices/self/slips", "printer", body), 422, "bad_input")
    assert house.events().count("slip_reported") == 0
