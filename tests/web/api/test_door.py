"""The door over HTTP: the guard's picture, a ticket shown, corrections, the stop, and sensors. On
both databases.
"""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from queue_server.domain.door.admission import JUST_LET_IN_SHOWN
from queue_server.services.door.closing import settle_doors
from tests.fixtures.application import ELSEWHERE, HOME, House, at
from tests.web.api.guard import LIMIT, door, read, shown
from tests.web.problems import problem


def correct(house: House, delta: int, who: str = "guard", **more: Any) -> TestResponse:
    return house.post(
        f"/offices/{HOME}/occupancy", who, {"delta": delta, "reason": "count"}, **more
    )


def admissions(house: House, admitting: bool, **more: Any) -> TestResponse:
    return house.post(
        f"/offices/{HOME}/admissions", "guard", {"admitting": admitting, "reason": "smoke"}, **more
    )


def test_the_guard_sees_numbers_and_persons(both_houses: House) -> None:
    house = both_houses
    inside = [house.walk_in(party_size=4) for _ in range(3)]
    outside = [house.walk_in(party_size=size) for size in (2, 1)]
    seen = door(house)
    assert (seen["inside"], seen["limit"], seen["counted"], seen["ticketed"], seen["sensed"]) == (
        12,
        12,
        12,
        12,
        None,
    )
    assert (seen["state"], seen["outside"], seen["admitting"], seen["stop"]) == (
        "FULL",
        2,
        True,
        None,
    )
    assert [(each["number"], each["party_size"], each["fits"]) for each in seen["next"]] == [
        (outside[0]["number"], 2, False),
        (outside[1]["number"], 1, False),
    ]
    assert [each["number"] for each in seen["inside_waiting"]] == [
        each["number"] for each in inside
    ]
    left = house.post(f"/tickets/{inside[0]['id']}/leave", "guard")
    assert left.status_code == 200 and left.get_json()["status"] == "LEFT"
    seen = door(house)
    assert (seen["inside"], seen["state"], seen["outside"]) == (11, "OPEN", 0)
    assert {each["number"] for each in seen["entered"]} == {each["number"] for each in outside}
    house.clock.pass_by(minutes=6)
    assert door(house)["entered"] == [], "five minutes are enough to come in"


def test_who_is_set_aside_and_walks_out_makes_room(house: House) -> None:
    called = house.called()
    house.post(f"/tickets/{called['id']}/park", "clerk")
    assert [each["number"] for each in door(house)["inside_waiting"]] == [called["number"]]
    gone = house.post(f"/tickets/{called['id']}/leave", "guard")
    assert gone.get_json()["status"] == "LEFT" and door(house)["inside"] == 0


def test_a_party_waits_for_room_and_the_guard_is_told_which(house: House) -> None:
    for size in (4, 4, 2):
        house.walk_in(party_size=size)
    family, single = house.walk_in(party_size=3), house.walk_in()
    seen = door(house)
    assert (seen["inside"], seen["state"], seen["waits_for"]) == (
        10,
        "PARTY_WAITS",
        family["number"],
    )
    assert [each["fits"] for each in seen["next"]] == [False, True]
    shown = house.get(f"/offices/{HOME}/door/ticket?shown={single['number']}", "guard").get_json()
    assert (shown["verdict"], shown["place"]) == ("not_next", "OUTSIDE")
    path = f"/tickets/{single['id']}/admit"
    refused = problem(house.post(path, "guard"), 422, "bad_input")
    assert (refused["field"], refused["reason"]) == ("reason", "missing")
    problem(house.post(path, "guard", {"reason": "  "}), 422, "bad_input")
    by_hand = house.post(path, "guard", {"reason": "needs_room"}, key="once")
    assert by_hand.status_code == 200 and by_hand.get_json()["place"] == "INSIDE"
    assert house.post(path, "guard", {"reason": "needs_room"}, key="once").data == by_hand.data
    problem(house.post(f"/tickets/{family['id']}/admit", "guard"), 409, "room_full")


def test_the_next_party_is_let_in_by_hand_without_a_reason_or_a_body(house: House) -> None:
    admissions(house, False)
    first, second = house.walk_in(), house.walk_in()
    house.clock.now = at(15, 1)
    admissions(house, True)
    assert (
        house.get(f"/offices/{HOME}/door/ticket?shown={first['number']}", "guard").get_json()[
            "verdict"
        ]
        == "enter"
    )
    problem(house.post(f"/tickets/{second['id']}/admit", "clerk"), 422, "bad_input")
    for each in (first, second):
        assert house.post(f"/tickets/{each['id']}/admit", "clerk").get_json()["place"] == "INSIDE"
    assert "let_past" not in house.events()


def test_the_clerks_are_told_why_nobody_comes(house: House) -> None:
    admissions(house, False)
    house.walk_in()
    queue = house.get(f"/offices/{HOME}/queue", "clerk").get_json()
    assert (
        queue["door"] == "STOPPED"
        and queue["stop"]["by"] == "guard"
        and queue["stop"]["reason"] == "smoke"
    )
    assert house.call_next().status_code == 204


def test_presses_of_plus_count_each_and_repeats_do_not(both_houses: House) -> None:
    house = both_houses
    for place in range(10):
        assert correct(house, 1, key=f"press-{place}").get_json()["inside"] == place + 1
    assert correct(house, 1, key="press-9").get_json()["inside"] == 10
    assert door(house)["inside"] == 10
    problem(correct(house, -11), 422, "bad_input")
    assert correct(house, -10).get_json()["inside"] == 0
    assert house.events().count("occupancy_corrected") == 11


@pytest.mark.parametrize(
    "body",
    [
        {"delta": 1},
        {"delta": 0, "reason": "x"},
        {"delta": 501, "reason": "x"},
        {"delta": "1", "reason": "x"},
    ],
)
def test_a_bad_correction_changes_nothing(house: House, body: dict[str, Any]) -> None:
    before = house.dump("answers")
    problem(house.post(f"/offices/{HOME}/occupancy", "guard", body), 422, "bad_input")
    assert house.dump("answers") == before


def test_a_count_by_eye_replaces_all_others(both_houses: House) -> None:
    house = both_houses
    house.walk_in(party_size=3)
    read(house, 9, 2)
    assert door(house)["inside"] == 7
    done = house.post(
        f"/offices/{HOME}/occupancy/recount", "guard", {"persons": 4, "reason": "looked"}
    )
    assert done.get_json()["inside"] == 4
    assert (door(house)["counted"], door(house)["sensed"]) == (4, 4)
    read(house, 10, 2)
    assert door(house)["sensed"] == 5, "the sensor goes on from there"
    low = problem(
        house.post(f"/offices/{HOME}/occupancy/recount", "guard", {"persons": 2}), 422, "bad_input"
    )
    assert low["low"] == 3, "three are inside by their tickets"


def test_stopping_and_going_on_are_told_once(both_houses: House) -> None:
    house = both_houses
    assert admissions(house, False, key="a").get_json() == {"office": HOME, "admitting": False}
    assert admissions(house, False).status_code == 200
    assert house.walk_in()["place"] == "OUTSIDE"
    board = house.get(f"/offices/{HOME}/board").get_json()
    assert (board["admitting"], board["outside"], board["entering"]) == (False, 1, [])
    assert "smoke" not in house.get(f"/offices/{HOME}/board").text, "the reason is for the staff"
    seen = door(house)
    assert (seen["state"], seen["stop"]["by"], seen["stop"]["reason"]) == (
        "STOPPED",
        "guard",
        "smoke",
    )
    assert admissions(house, True).get_json()["admitting"] is True
    seen = door(house)
    assert (seen["state"], seen["stop"], seen["outside"]) == ("OPEN", None, 0)
    assert [each for each in house.events() if each.startswith("admissions")] == [
        "admissions_stopped",
        "admissions_resumed",
    ]


def test_a_code_in_wide_groups_means_the_same_ticket_to_everybody(house: House) -> None:
    slip = house.walk_in()
    wide = " - ".join(slip["code"][start : start + 4] for start in (0, 4, 8))
    assert shown(house, wide).get_json()["id"] == slip["id"]
    called = house.post(f"/tickets/{wide}/call", "clerk", {"counter": f"{HOME}-1", "reason": "ill"})
    assert called.status_code == 200, called.text


def test_a_ticket_shown_at_the_door(house: House) -> None:
    booked = house.book(slot=house.slot(9, 30, day=0))
    code = booked["code"]
    seen = shown(house, code).get_json()
    assert (seen["verdict"], seen["status"], seen["number"]) == ("check_in", "BOOKED", None)
    slip = house.post(f"/tickets/{code}/check-in", "guard").get_json()
    for text in (
        code,
        f"http://127.0.0.1:8000/T/{code}",
        f" {code.lower()} ",
        slip["number"],
        slip["number"].lower(),
    ):
        assert shown(house, text).get_json()["verdict"] == "inside", text
    correct(house, LIMIT - 1)
    waiting = house.walk_in()
    assert shown(house, waiting["number"]).get_json()["verdict"] == "wait"
    correct(house, -1)
    assert shown(house, waiting["number"]).get_json()["verdict"] == "inside"
    house.post(f"/tickets/{slip['id']}/call", "clerk", {"counter": f"{HOME}-1", "reason": "ill"})
    assert shown(house, slip["number"]).get_json()["verdict"] == "called"
    house.post(f"/tickets/{waiting['id']}/leave", "guard")
    assert shown(house, waiting["code"]).get_json()["verdict"] == "over"
    later = house.book(slot=house.slot(14, day=0), nik="9101014507880043", phone=None, email=None)
    assert shown(house, later["code"]).get_json()["verdict"] == "early"
    tomorrow = house.book(slot=house.slot(10), nik="9101014507880044", phone=None, email=None)
    assert shown(house, tomorrow["code"]).get_json()["verdict"] == "other_day"


@pytest.mark.parametrize(
    "text", ["A999", "NOTACODE", "0123456789AB", "/", "http://evil.example/T/x", "%"]
)
def test_what_is_no_ticket_is_unknown(house: House, text: str) -> None:
    problem(shown(house, text), 404, "unknown_code")


def test_a_ticket_of_another_office_is_unknown(house: House) -> None:
    other = house.post(
        f"/offices/{ELSEWHERE}/tickets", "kiosk_elsewhere", {"service": "REK"}
    ).get_json()
    problem(shown(house, other["code"]), 404, "unknown_code")


def test_a_minus_takes_nobody_with_a_ticket_off(both_houses: House) -> None:
    house = both_houses
    first, second = house.walk_in(party_size=4), house.walk_in(party_size=3)
    correct(house, 1)
    assert correct(house, -1).get_json()["inside"] == 7
    for _ in range(3):
        refused = problem(correct(house, -1), 409, "fewer_without_ticket")
        assert (refused["without_ticket"], refused["ticketed"]) == (0, 7)
    assert door(house)["inside"] == 7
    seen = door(house)
    assert [
        (each["number"], each["party_size"], each["counter"]) for each in seen["inside_parties"]
    ] == [(first["number"], 4, None), (second["number"], 3, None)]
    assert house.events().count("occupancy_corrected") == 2, "a refusal leaves nothing behind"


def test_guard_and_lobby_show_the_same_as_just_let_in(both_houses: House) -> None:
    house = both_houses

    def both() -> tuple[list[str], list[str]]:
        board = house.get(f"/offices/{HOME}/board").get_json()
        return [each["number"] for each in door(house)["entered"]], board["entering"]

    parties = [house.walk_in(party_size=4) for _ in range(3)]
    for _ in range(8):
        house.walk_in()
    for each in parties[:2]:
        house.post(f"/tickets/{each['id']}/leave", "guard")
    guard, lobby = both()
    assert guard == lobby and len(guard) == JUST_LET_IN_SHOWN
    house.post(f"/offices/{HOME}/pause", "guard", {"kind": "EVACUATION", "drill": True})
    assert both() == ([], []), "nobody is asked in"


def test_in_an_evacuation_leaving_keeps_the_place(both_houses: House) -> None:
    house = both_houses
    family, called = house.walk_in(party_size=3), house.walk_in()
    house.post(f"/tickets/{called['id']}/call", "clerk", {"counter": f"{HOME}-1", "reason": "test"})
    house.post(f"/offices/{HOME}/pause", "guard", {"kind": "EVACUATION", "drill": True})
    assert (
        problem(
            house.post(f"/tickets/{family['id']}/leave", "guard", {"persons": 1}), 409, "paused"
        )["kind"]
        == "EVACUATION"
    )
    for each in (called, family):
        out = house.post(f"/tickets/{each['id']}/leave", "guard").get_json()
        assert (out["status"], out["place"], out["number"], out["counter"]) == (
            "WAITING",
            "OUTSIDE",
            each["number"],
            None,
        )
    assert (
        problem(house.post(f"/tickets/{called['id']}/leave", "guard"), 409, "wrong_state")["state"]
        == "OUTSIDE"
    )
    assert door(house)["inside"] == 0
    assert house.get(f"/tickets/{called['code']}").get_json()["entry"] == "evacuation"
    assert (
        problem(house.post(f"/tickets/{called['id']}/undo", "clerk"), 409, "nothing_to_undo")[
            "reason"
        ]
        == "not_yours"
    )
    back = house.post(f"/tickets/{called['id']}/undo", "guard").get_json()
    assert (back["status"], back["place"], back["counter"], door(house)["inside"]) == (
        "CALLED",
        "INSIDE",
        f"{HOME}-1",
        1,
    )
    house.post(f"/tickets/{called['id']}/leave", "guard")
    house.post(f"/offices/{HOME}/resume", "supervisor", {"kind": "EVACUATION"})
    assert [each["number"] for each in door(house)["inside_parties"]] == [
        family["number"],
        called["number"],
    ]
    assert (
        house.post(f"/counters/{HOME}-1/call-next", "clerk").get_json()["number"]
        == family["number"]
    )
    assert house.events().count("stepped_out") == 3 and "left" not in house.events()


def test_who_leaves_goes_by_the_number_alone_or_with_the_party(both_houses: House) -> None:
    house = both_houses
    family, called = house.walk_in(party_size=3), house.walk_in()
    house.post(f"/tickets/{called['id']}/call", "clerk", {"counter": f"{HOME}-1", "reason": "test"})
    assert (
        house.post(f"/tickets/{family['id']}/leave", "guard", {"persons": 1}).get_json()[
            "party_size"
        ]
        == 2
    )
    assert (door(house)["inside"], door(house)["ticketed"]) == (3, 3)
    told = problem(house.post(f"/tickets/{called['id']}/leave", "guard"), 409, "wrong_state")
    assert told["state"] == "CALLED"
    assert (
        house.post(f"/tickets/{family['id']}/leave", "guard", {"persons": 2}).get_json()["status"]
        == "LEFT"
    )
    problem(house.post(f"/tickets/{family['id']}/leave", "guard"), 409, "wrong_state")
    assert door(house)["inside"] == 1
    back = house.post(f"/tickets/{family['id']}/undo", "guard").get_json()
    assert (back["status"], back["place"], door(house)["inside"]) == ("WAITING", "INSIDE", 3)
    problem(house.post(f"/tickets/{called['id']}/undo", "guard"), 409, "nothing_to_undo")


def test_who_was_served_is_said_to_be_off_the_count_already(house: House) -> None:
    served = house.walk_in(party_size=2)
    ticket = house.call_next().get_json()
    for step in ("start", "finish"):
        house.post(f"/tickets/{ticket['id']}/{step}", "clerk")
    assert [(each["number"], each["party_size"]) for each in door(house)["served"]] == [
        (served["number"], 2)
    ]
    assert (door(house)["inside"], door(house)["inside_parties"]) == (0, [])
    assert (
        shown(house, served["number"]).get_json()["verdict"],
        shown(house, served["number"]).get_json()["status"],
    ) == ("over", "SERVED")
    house.clock.pass_by(minutes=11)
    assert door(house)["served"] == []


def test_every_picture_of_the_room_says_by_how_many_it_is_over(both_houses: House) -> None:
    """Also when a sensor counts them."""
    house = both_houses
    read(house, LIMIT + 5, 0)
    house.clock.pass_by(minutes=4)
    pictures = {
        path: house.get(f"/offices/{HOME}/{path}", who).get_json()
        for path, who in (
            ("board", None),
            ("door", "guard"),
            ("queue", "clerk"),
            ("dashboard", "supervisor"),
            ("offer", "kiosk"),
        )
    }
    assert {
        path: (seen["inside"], seen["limit"], seen["over"]) for path, seen in pictures.items()
    } == dict.fromkeys(pictures, (17, 12, 5))
    assert (pictures["door"]["state"], pictures["queue"]["door"]) == ("OVER_LIMIT", "OVER_LIMIT")
    assert pictures["door"]["over_minutes"] == pictures["dashboard"]["over_minutes"] == 4
    assert house.walk_in()["place"] == "OUTSIDE"
    correct(house, LIMIT)
    assert door(house)["over"] == 5, "the sensors' number is the larger one"
    house.clock.pass_by(minutes=11)
    settle_doors(house.database, house.clock.now)
    assert (door(house)["over"], door(house)["state"]) == (0, "FULL")
