"""What comes at a wrong moment or to a wrong place is refused and changes nothing."""

from __future__ import annotations

import json

from tests.fixtures.application import ELSEWHERE, HOME, PHONE, House, at
from tests.web.problems import problem

BOOKINGS, HOLDS, TICKETS = (
    f"/offices/{HOME}/bookings",
    f"/offices/{HOME}/holds",
    f"/offices/{HOME}/tickets",
)
COUNTER = f"{HOME}-1"


def test_times_that_have_passed_or_lie_too_far_are_refused(both_houses: House) -> None:
    house = both_houses
    before = house.dump()
    passed = problem(
        house.post(BOOKINGS, body=house.booking(slot=house.slot(8, 30, day=0))), 409, "slot_passed"
    )
    assert passed["slot"] == house.slot(8, 30, day=0)
    problem(
        house.post(HOLDS, body={"service": "REK", "slot": house.slot(9, day=0)}), 409, "slot_passed"
    )
    house.clock.now = at(9, day=-20)
    problem(house.post(BOOKINGS, body=house.booking()), 409, "slot_too_far")
    assert house.dump() == before


def test_a_full_slot_and_a_persons_limits_are_refused(both_houses: House) -> None:
    house = both_houses
    house.book()
    before = house.dump()
    again = problem(
        house.post(BOOKINGS, body=house.booking(slot=house.slot(11))), 409, "limit_reached"
    )
    assert again["rule"] == "person"
    for number in range(2):
        assert (
            house.post(
                HOLDS, body={"service": "REK", "slot": house.slot(13), "party_size": 3 + number}
            ).status_code
            == 201
        )
    before = house.dump()
    full = problem(
        house.post(HOLDS, body={"service": "KTP", "slot": house.slot(13)}), 409, "slot_full"
    )
    assert full["free"] == 0
    assert house.dump() == before


def test_nobody_gets_a_number_outside_the_hours(both_houses: House) -> None:
    house = both_houses
    before = house.dump()
    for moment in (at(15), at(7, 59, day=1), at(9, day=6)):
        house.clock.now = moment
        refused = problem(house.post(TICKETS, "kiosk", {"service": "REK"}), 409, "not_in_service")
        assert refused["reason"] == "hours" and refused["opens_at"].endswith("T08:00:00+07:00"), (
            "on the office's own clock"
        )
    assert house.dump() == before


STATES = [
    ("start", "WAITING"),
    ("finish", "WAITING"),
    ("recall", "WAITING"),
    ("no-show", "WAITING"),
    ("resume", "WAITING"),
    ("return", "WAITING"),
    ("admit", "CALLED"),
    ("leave", "CALLED"),
    ("resume", "CALLED"),
    ("finish", "CALLED"),
    ("return", "CALLED"),
]


def test_steps_that_do_not_start_from_a_state_are_refused(both_houses: House) -> None:
    house = both_houses
    called = house.called()["id"]
    waiting = house.walk_in()["id"]
    before = house.dump()
    for step, state in STATES:
        id = waiting if state == "WAITING" else called
        body = problem(house.post(f"/tickets/{id}/{step}", "clerk"), 409, "wrong_state")
        assert (body["state"], state) == (state, state) and body["action"], (step, body)
    problem(
        house.post(f"/tickets/{waiting}/transfer", "clerk", {"service": "AKT"}), 409, "wrong_state"
    )
    problem(house.post(f"/tickets/{called}/transfer", "clerk", {}), 422, "bad_input")
    problem(house.post(f"/counters/{COUNTER}/open", "supervisor"), 409, "counter_taken")
    problem(house.post(f"/counters/{COUNTER}/close", "clerk"), 409, "counter_busy")
    assert house.dump() == before


def test_other_methods_sizes_and_types_are_refused_as_problems(house: House) -> None:
    before = house.dump()
    for method in ("DELETE", "PUT", "PATCH", "POST"):
        answer = house.ask(method, f"/offices/{HOME}")
        problem(answer, 405, "method_not_allowed")
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    answer = house.ask("GET", f"/tickets/{'0' * 12}/cancel")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]
    large = json.dumps({"service": "REK", "x": "y" * 70_000})
    problem(
        house.ask("POST", TICKETS, "kiosk", data=large, content_type="application/json"),
        413,
        "too_large",
    )
    problem(
        house.ask(
            "POST",
            TICKETS,
            "kiosk",
            data=b"service=REK",
            content_type="application/x-www-form-urlencoded",
        ),
        415,
        "unsupported_media_type",
    )
    problem(
        house.ask("POST", TICKETS, "kiosk", data=b"<a/>", content_type="text/xml"),
        415,
        "unsupported_media_type",
    )
    assert house.dump() == before


def test_forms_and_queries_of_pages_hold_no_nul(both_houses: House) -> None:
    browser = both_houses.browser()
    assert browser.get("/t?code=%00").status_code == 422
    assert browser.post("/login", data={"username": "a\0b", "password": "x"}).status_code == 422
    assert browser.get(f"/o/{HOME}/book/day?service=%00").status_code == 422
    assert browser.get("/o/%00").status_code == 404


def test_a_ticket_of_another_office_is_unknown(house: House) -> None:
    id = house.walk_in()["id"]
    before = house.dump()
    problem(
        house.post(
            f"/tickets/{id}/call", "clerk_elsewhere", {"counter": f"{ELSEWHERE}-1", "reason": "ill"}
        ),
        404,
        "unknown_ticket",
    )
    problem(
        house.post(f"/tickets/{id}/call", "admin", {"counter": f"{ELSEWHERE}-1", "reason": "ill"}),
        404,
        "unknown_counter",
    )
    assert house.dump() == before


def test_a_phone_is_written_in_one_form(house: House) -> None:
    house.book(phone="0812-9876-5432")
    assert PHONE in house.dump()["visitors"][0]


def test_foreign_used_and_expired_holds_are_refused(both_houses: House) -> None:
    """Each with its own answer, and nothing changed by any of them."""
    house = both_houses
    wish = {"service": "REK", "slot": house.slot(10), "party_size": 1}
    used, late, other = (house.post(HOLDS, body=wish).get_json()["code"] for _ in range(3))
    assert house.post(BOOKINGS, body=house.booking(slot=None, hold=used)).status_code == 201
    house.clock.pass_by(minutes=11)
    before = house.dump()
    someone = {"nik": "9101014507880043", "phone": None}
    cases = [
        (BOOKINGS, house.booking(slot=None, hold=used, **someone), 409, "wrong_state"),
        (BOOKINGS, house.booking(slot=None, hold=late, **someone), 409, "too_late"),
        (BOOKINGS, house.booking(slot=None, hold="000000000000", **someone), 404, "unknown_code"),
        (BOOKINGS, house.booking(slot=house.slot(11), hold=other, **someone), 404, "unknown_code"),
        (
            BOOKINGS,
            house.booking(slot=None, hold=other, service="AKT", **someone),
            404,
            "unknown_code",
        ),
        (
            f"/offices/{ELSEWHERE}/bookings",
            house.booking(slot=None, hold=other, **someone),
            404,
            "unknown_code",
        ),
        (f"/tickets/{used}/extend", {}, 409, "wrong_state"),
        (f"/tickets/{late}/extend", {}, 409, "too_late"),
    ]
    for path, body, status, code in cases:
        problem(house.post(path, body=body), status, code)
    assert house.dump() == before


def test_a_hold_is_extended_once_over_the_api(house: House) -> None:
    held = house.post(HOLDS, body={"service": "REK", "slot": house.slot(10)}).get_json()
    house.clock.pass_by(minutes=5)
    longer = house.post(f"/tickets/{held['code']}/extend", body={}, key="k1").get_json()
    assert (held["expires_at"][11:16], longer["expires_at"][11:16]) == ("09:10", "09:15")
    assert house.post(f"/tickets/{held['code']}/extend", body={}, key="k1").get_json() == longer, (
        "the same key, the same answer"
    )
    body = problem(house.post(f"/tickets/{held['code']}/extend", body={}), 409, "limit_reached")
    assert body["rule"] == "hold_extensions"
