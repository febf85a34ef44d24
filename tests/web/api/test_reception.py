"""The reception over HTTP, on both databases: looked up, checked in, issued, booked, changed,
copied; nothing personal is left behind.
"""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.fixtures.application import ELSEWHERE, HOME, NAME, NIK, House
from tests.web.problems import problem

DESK = f"/offices/{HOME}/reception"


def shown(house: House, text: str, who: str = "clerk") -> TestResponse:
    return house.get(f"{DESK}/ticket", who, query_string={"shown": text})


def visit(house: House, text: str) -> dict[str, Any]:
    answer = shown(house, text)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def search(house: House, name: str, who: str = "clerk", **more: Any) -> TestResponse:
    return house.post(f"{DESK}/names", who, {"name": name}, **more)


def give(house: House, **body: Any) -> TestResponse:
    return house.post(f"{DESK}/tickets", "clerk", {"service": "REK", **body})


def today(house: House, hour: int = 9, minute: int = 0) -> str:
    return house.slot(hour, minute, day=0)


def test_found_by_name_checked_in_and_told_where_to_wait(both_houses: House) -> None:
    house = both_houses
    booked = house.book(slot=today(house, 9, 30))
    house.walk_in()
    [found] = search(house, "planted zul").get_json()["visits"]
    assert (found["name"], found["status"], found["starts_at"][11:16], found["number"]) == (
        NAME,
        "BOOKED",
        "09:30",
        None,
    )
    slip = house.post(f"{DESK}/arrivals", "clerk", {"ticket": found["id"]}).get_json()
    again = house.post(f"{DESK}/arrivals", "clerk", {"ticket": booked["code"]}).get_json()
    assert again["number"] == slip["number"] and slip["place"] == "INSIDE"
    for text in (
        slip["number"],
        slip["number"].lower(),
        booked["code"],
        f"HTTP://127.0.0.1/T/{booked['code']}",
        found["id"],
    ):
        seen = visit(house, text)
        assert (seen["id"], seen["ticket"]["number"], seen["ticket"]["place"]) == (
            found["id"],
            slip["number"],
            "INSIDE",
        )
    assert seen["ticket"]["ahead"] == slip["ahead"] and seen["today"] is True
    assert NAME not in str(seen)
    [named] = search(house, "zul").get_json()["visits"]
    assert (named["status"], named["number"]) == ("WAITING", slip["number"])


def test_a_search_leaves_a_line_without_the_name_and_no_kept_answer(house: House) -> None:
    house.book(slot=today(house, 10))
    answer = search(house, "zulaikha", key="once-only")
    assert answer.get_json()["visits"] and answer.headers["Cache-Control"] == "no-store"
    rest = str(house.dump("visitors")).lower()
    assert "names_searched" in rest and "zulaikha" not in rest
    assert house.events().count("names_searched") == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "z"},
        {"name": 7},
        {"name": "zu\x00l"},
        {"name": "z" * 121},
        {"name": "zul", "x": 1},
    ],
)
def test_bad_searches_are_refused(house: House, body: dict[str, Any]) -> None:
    problem(house.post(f"{DESK}/names", "clerk", body), 422, "bad_input")
    assert "names_searched" not in house.events()


def test_codes_that_are_none_and_other_offices(house: House) -> None:
    for text in ("", "A999", "AAAA-AAAA-AAAA", "x" * 32, "../..", "%"):
        assert shown(house, text).status_code in (404, 422), text
    ticket = house.walk_in()
    assert (
        house.get(
            f"/offices/{ELSEWHERE}/reception/ticket",
            "clerk_elsewhere",
            query_string={"shown": ticket["code"]},
        ).status_code
        == 404
    )
    assert (
        house.post(
            f"/tickets/{ticket['id']}/party", "clerk_elsewhere", {"party_size": 2}
        ).status_code
        == 404
    )
    assert (
        house.post(
            f"/offices/{ELSEWHERE}/reception/arrivals", "clerk_elsewhere", {"ticket": ticket["id"]}
        ).status_code
        == 404
    )


def test_a_number_given_at_the_desk(both_houses: House) -> None:
    house = both_houses
    done = give(house, party_size=2, urgency="court", priority=True, language="en")
    assert done.status_code == 201
    slip = done.get_json()
    seen = visit(house, slip["number"])
    assert (seen["origin"], seen["channel"], seen["priority"], seen["ticket"]["party_size"]) == (
        "STAFF",
        "URGENT",
        True,
        2,
    )
    assert seen["evidence"] is None
    assert (
        house.post(f"/tickets/{slip['id']}/evidence", "clerk", {"evidence": "OK"}).status_code
        == 200
    )
    assert visit(house, slip["number"])["evidence"] == "OK"
    problem(give(house, beyond=" "), 422, "bad_input")
    problem(give(house, service="NOPE"), 404, "unknown_service")
    problem(give(house, party_size=9), 422, "bad_input")


def test_the_same_press_twice_gives_one_number(house: House) -> None:
    one, two = (
        house.post(f"{DESK}/tickets", "clerk", {"service": "REK"}, key="press").get_json()
        for _ in range(2)
    )
    assert one == two and house.events() == ["walked_in"]


def test_a_booking_at_the_desk_keeps_the_persons_limits(both_houses: House) -> None:
    house = both_houses
    body = {"service": "REK", "slot": house.slot(10), "nik": NIK, "name": NAME}
    done = house.post(f"{DESK}/bookings", "clerk", body)
    assert done.status_code == 201 and done.get_json()["status"] == "BOOKED"
    assert visit(house, done.get_json()["code"])["origin"] == "STAFF"
    refusal = problem(house.post(f"{DESK}/bookings", "clerk", body), 409, "limit_reached")
    assert refusal["rule"] == "service"
    problem(house.post(f"{DESK}/bookings", "clerk", {**body, "nik": "123"}), 422, "bad_input")
    assert NIK not in str(house.dump())


def test_a_caller_gets_a_place_from_the_share_that_has_more_left(both_houses: House) -> None:
    house = both_houses

    def free(path: str, who: str | None = None) -> int:
        query = {"service": "REK"}
        days = house.get(f"{path}/availability", who, query_string=query).get_json()["days"]
        slots = [each for day in days for each in day["slots"]]
        return int(next(each["free"] for each in slots if each["slot"] == house.slot(10)))

    public, of_staff = free(f"/offices/{HOME}"), free(DESK, "clerk")
    assert of_staff >= public > 1
    for number in range(public):
        house.book(slot=house.slot(10), nik=f"9101014507880{number + 101}")
    assert free(f"/offices/{HOME}") == 0 < free(DESK, "clerk")
    body = {"service": "REK", "slot": house.slot(10), "nik": NIK, "name": NAME}
    done = house.post(f"{DESK}/bookings", "clerk", body, key="press")
    assert done.status_code == 201, done.text
    again = house.post(f"{DESK}/bookings", "clerk", body, key="press")
    assert again.get_json() == done.get_json(), "pressed twice, booked once"
    problem(
        house.get(f"{DESK}/availability", None, query_string={"service": "REK"}),
        401,
        "unauthorized",
    )


def test_a_service_is_found_by_the_words_people_use(house: House) -> None:
    def found(q: str) -> TestResponse:
        return house.get(f"{DESK}/services", "clerk", query_string={"q": q})

    assert found("mau bikin akt").get_json()["services"] == ["AKT"]
    assert found("zzzz").get_json()["services"] == []
    for bad in ("", "x" * 61):
        problem(found(bad), 422, "bad_input")


def test_a_booking_of_another_day_is_found_by_name_and_four_digits(both_houses: House) -> None:
    house = both_houses
    booked = house.book(slot=house.slot(10, day=1), phone="081234567890")
    assert search(house, "planted zul").get_json()["visits"] == [], "not without the digits"

    def found(last4: str) -> list[str]:
        answer = house.post(f"{DESK}/names", "clerk", {"name": "zul", "last4": last4})
        assert answer.status_code == 200, answer.text
        return [each["starts_at"] for each in answer.get_json()["visits"]]

    assert found(NIK[-4:]) == found("7890") == [booked["starts_at"]]
    assert found("0000") == []
    for bad in ("123", "12345", "12 4", "%%%%"):
        body = {"name": "zul", "last4": bad}
        problem(house.post(f"{DESK}/names", "clerk", body), 422, "bad_input")


def test_a_party_grows_up_to_the_room(both_houses: House) -> None:
    house = both_houses
    ticket = house.walk_in(party_size=2)
    for _ in range(2):
        house.walk_in(party_size=4)
    path = f"/tickets/{ticket['id']}/party"
    assert house.post(path, "clerk", {"party_size": 4}, key="a").get_json()["party_size"] == 4
    problem(house.post(path, "clerk", {"party_size": 5}), 422, "bad_input")
    assert house.post(path, "clerk", {"party_size": 3}).get_json()["party_size"] == 3
    house.walk_in()
    problem(house.post(path, "clerk", {"party_size": 4}), 409, "room_full")
    assert house.events().count("party_changed") == 2
    for bad in ("2", 0, -1, 1.5, None, True):
        problem(house.post(path, "clerk", {"party_size": bad}), 422, "bad_input")


def test_a_waiting_case_turns_out_urgent(both_houses: House) -> None:
    house = both_houses
    ticket = house.walk_in()
    path = f"/tickets/{ticket['id']}/urgent"
    problem(house.post(path, "clerk", {"urgency": "because"}), 422, "bad_input")
    assert (
        house.post(path, "clerk", {"urgency": "hospital"}).get_json()["number"] == ticket["number"]
    )
    assert visit(house, ticket["number"])["channel"] == "URGENT"
    problem(house.post(path, "clerk", {"urgency": "hospital"}), 409, "wrong_state")


def test_priority_is_given_for_a_reason_that_is_not_kept_and_taken_again(
    both_houses: House,
) -> None:
    house = both_houses
    house.walk_in()
    house.clock.pass_by(minutes=5)
    ticket = house.walk_in()
    path = f"/tickets/{ticket['id']}/priority"
    for bad in ({}, {"reason": "rich"}, {"reason": True}, {"reason": ""}):
        problem(house.post(path, "clerk", bad), 422, "bad_input")
    for _ in range(2):
        done = house.post(path, "reception", {"reason": "pregnant"}, key="press")
        assert done.status_code == 200 and done.get_json()["ahead"] == 0
    assert visit(house, ticket["number"])["priority"] is True
    assert "pregnant" not in str(house.dump())
    assert house.post(path, "clerk", {"reason": None}).get_json()["ahead"] == 1
    assert house.events().count("priority_set") == 2
    problem(house.post(path, "clerk_elsewhere", {"reason": "child"}), 404, "unknown_ticket")
    problem(house.post(path, "guard", {"reason": "child"}), 403, "forbidden")
    house.post(f"/tickets/{ticket['id']}/leave", "clerk")
    problem(house.post(path, "clerk", {"reason": "child"}), 409, "wrong_state")


def test_a_visit_is_moved_and_cancelled_at_the_desk_by_the_way_of_its_holder(
    both_houses: House,
) -> None:
    house = both_houses
    booked = house.book(slot=today(house, 10), party_size=2)
    path = f"/tickets/{booked['code']}"
    same = house.post(f"{path}/reschedule", "reception", {"slot": today(house, 10)})
    problem(same, 422, "bad_input")
    moved = house.post(f"{path}/reschedule", "reception", {"slot": house.slot(11)}).get_json()
    assert (moved["starts_at"][11:16], moved["party_size"]) == ("11:00", 2)
    cancelled = house.post(f"{path}/cancel", "reception", {"reason": "no_time"}).get_json()
    assert cancelled["status"] == "CANCELLED"
    problem(house.post(f"{path}/cancel", "reception", {"reason": "no_time"}), 409, "wrong_state")
    problem(house.post(f"{path}/cancel", "guard", {"reason": "no_time"}), 403, "wrong_proof")


def test_a_copy_is_a_pdf_and_noted(house: House) -> None:
    ticket = house.walk_in()
    copy = house.post(f"/tickets/{ticket['id']}/copy", "clerk")
    assert (copy.status_code, copy.mimetype, copy.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert copy.data != house.get(f"/tickets/{ticket['code']}/slip.pdf").data
    assert house.events() == ["walked_in", "slip_copied"]
    house.post(f"/tickets/{ticket['id']}/leave", "clerk")
    problem(house.post(f"/tickets/{ticket['id']}/copy", "clerk"), 409, "wrong_state")


def test_a_number_on_paper_is_entered_once_and_meets_no_other(both_houses: House) -> None:
    house = both_houses
    first = give(house, roll=17)
    assert (first.status_code, first.get_json()["number"]) == (201, "R017"), first.text
    refused = problem(give(house, roll=17), 409, "number_used")
    assert refused["number"] == "R017"
    assert give(house).get_json()["number"] == "A001", "the server's own sequence goes on"
    assert visit(house, "r017")["ticket"]["status"] == "WAITING"
    assert house.call_next().get_json()["number"] == "R017"


@pytest.mark.parametrize("roll", [0, 1000, "17", 1.5])
def test_a_number_on_paper_that_cannot_be_is_refused(house: House, roll: object) -> None:
    problem(give(house, roll=roll), 422, "bad_input")
