"""Every operation of the API: what it gives, what the same key gives again, and what a second press
does.
"""

from __future__ import annotations

import pytest

from tests.fixtures.application import ELSEWHERE, HOME, NIK, House, at
from tests.web.problems import problem

COUNTER = f"{HOME}-1"


def test_the_public_sees_offices_services_and_free_times(house: House) -> None:
    offices = house.get("/offices").get_json()["offices"]
    assert [each["office"] for each in offices] == [HOME, ELSEWHERE]
    office = house.get(f"/offices/{HOME}").get_json()
    assert (office["open"], office["mode"], office["limit"], office["closes_at"]) == (
        True,
        "NORMAL",
        12,
        "2026-11-23T15:00:00+07:00",
    )
    assert [
        each["service"] for each in house.get(f"/offices/{HOME}/services").get_json()["services"]
    ] == ["REK", "KTP", "AKT"]
    days = house.get(f"/offices/{HOME}/availability?service=REK&days=2").get_json()["days"]
    assert [each["date"] for each in days] == ["2026-11-23", "2026-11-24"]
    first = days[0]["slots"][0]
    assert (first["slot"], first["starts_at"], first["ends_at"]) == (
        "20261123T0230Z",
        "2026-11-23T09:30:00+07:00",
        "2026-11-23T10:00:00+07:00",
    ), "what has begun is left out"
    assert first["free"] > 0


def test_free_times_carry_an_etag_that_changes_with_them(house: House) -> None:
    path = f"/offices/{HOME}/availability?service=REK"
    first = house.get(path)
    unchanged = {"If-None-Match": first.headers["ETag"]}
    again = house.get(path, headers=unchanged)
    assert (again.status_code, again.data, again.headers["ETag"]) == (
        304,
        b"",
        first.headers["ETag"],
    )
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "no-cache", (
        "or a browser forgets what it has"
    )
    assert (
        house.get(path, headers={"If-None-Match": f"W/{first.headers['ETag']}"}).status_code == 304
    ), "as a compressing proxy asks"
    house.book()
    assert house.get(path, headers=unchanged).status_code == 200


def test_a_party_sees_only_times_it_fits_into(house: House) -> None:
    free = [
        {
            slot["slot"]: slot["free"]
            for day in house.get(
                f"/offices/{HOME}/availability?service=REK&party={size}"
            ).get_json()["days"]
            for slot in day["slots"]
        }
        for size in (1, 4)
    ]
    assert all(free[1][slot] <= free[0][slot] for slot in free[0])
    assert any(free[1][slot] < free[0][slot] for slot in free[0])


def test_a_hold_becomes_a_booking(both_houses: House) -> None:
    house = both_houses
    held = house.post(
        f"/offices/{HOME}/holds",
        body={"service": "REK", "slot": house.slot(10), "party_size": 2},
        key="h1",
    )
    assert (held.status_code, held.get_json()["expires_at"]) == (201, "2026-11-23T09:10:00+07:00")
    code = held.get_json()["code"]
    assert house.get(f"/tickets/{code}").get_json()["status"] == "HELD"
    booked = house.post(
        f"/offices/{HOME}/bookings",
        body=house.booking(slot=None, hold=code, party_size=2),
        key="b1",
    )
    assert booked.status_code == 201, booked.text
    view = booked.get_json()
    assert (view["code"], view["status"], view["party_size"]) == (code, "BOOKED", 2)
    assert view["manage_url"] == f"http://127.0.0.1:8000/t/{code}"
    house.clock.pass_by(minutes=11)
    assert house.get(f"/tickets/{code}").get_json()["status"] == "BOOKED"


def test_a_hold_that_ran_out_is_no_booking(house: House) -> None:
    code = house.post(
        f"/offices/{HOME}/holds", body={"service": "REK", "slot": house.slot(10)}
    ).get_json()["code"]
    house.clock.pass_by(minutes=11)
    before = house.dump()
    problem(
        house.post(f"/offices/{HOME}/bookings", body=house.booking(slot=None, hold=code)),
        409,
        "too_late",
    )
    assert house.dump() == before


def test_a_booking_is_moved_and_cancelled_by_its_holder(both_houses: House) -> None:
    house = both_houses
    code = house.book()["code"]
    unproved = problem(
        house.post(f"/tickets/{code}/reschedule", body={"slot": house.slot(11)}), 403, "wrong_proof"
    )
    assert (unproved["field"], unproved["reason"]) == ("last4", "missing"), (
        "whoever knows only the paths learns what is asked for"
    )
    assert "NIK" in unproved["detail"]
    wrong = problem(
        house.post(f"/tickets/{code}/reschedule", body={"slot": house.slot(11), "last4": "9999"}),
        403,
        "wrong_proof",
    )
    assert (wrong["field"], wrong["reason"]) == ("last4", "mismatch")
    moved = house.post(
        f"/tickets/{code}/reschedule", body={"slot": house.slot(11), "last4": NIK[-4:]}, key="m1"
    )
    assert moved.get_json()["starts_at"] == "2026-11-24T11:00:00+07:00"
    again = house.post(
        f"/tickets/{code}/reschedule", body={"slot": house.slot(11), "last4": NIK[-4:]}, key="m1"
    )
    assert again.get_json() == moved.get_json()
    assert house.events(at(9, day=1).date()) == ["booked", "rescheduled"]
    cancelled = house.post(f"/tickets/{code}/cancel", body={"last4": "5432"}, key="c1")
    assert cancelled.get_json()["status"] == "CANCELLED", "the phone proves it too"
    assert (
        house.post(f"/tickets/{code}/cancel", body={"last4": "5432"}, key="c1").get_json()
        == cancelled.get_json()
    )
    problem(
        house.post(f"/tickets/{code}/cancel", body={"last4": "5432"}, key="c2"), 409, "wrong_state"
    )
    number = house.walk_in()
    assert house.post(f"/tickets/{number['code']}/cancel", body={}).status_code == 200, (
        "a number from the kiosk has nothing to prove"
    )


def test_a_booking_is_a_calendar_file_and_a_walk_in_is_none(house: House) -> None:
    file = house.get(f"/tickets/{house.book()['code']}/calendar.ics")
    assert (file.status_code, file.mimetype) == (200, "text/calendar")
    assert b"BEGIN:VEVENT" in file.data and b"20261124T" in file.data
    problem(house.get(f"/tickets/{house.walk_in()['code']}/calendar.ics"), 404, "unknown_code")


def test_check_in_gives_a_number_once(both_houses: House) -> None:
    house = both_houses
    code = house.book(slot=house.slot(9, 30, day=0))["code"]
    first = house.post(f"/tickets/{code}/check-in", "kiosk", key="k1")
    assert first.status_code == 200, first.text
    assert (first.get_json()["number"], first.get_json()["checked_in_at"]) == (
        "A001",
        "2026-11-23T09:00:00+07:00",
    )
    house.clock.pass_by(minutes=3)
    again = house.post(f"/tickets/{code}/check-in", "kiosk", key="k2")
    assert (again.status_code, again.get_json()["number"], again.get_json()["checked_in_at"]) == (
        200,
        "A001",
        "2026-11-23T09:00:00+07:00",
    ), "a repeat says when it was done"
    same = house.post(f"/tickets/{code}/check-in", "kiosk", key="k1")
    said = [each.get_json()["repeated"] for each in (first, again, same)]
    assert said == [False, True, False], "the same key has the same answer"
    assert house.events() == ["booked", "checked_in"]
    assert house.call_next().status_code == 200
    problem(house.post(f"/tickets/{code}/check-in", "kiosk", key="k3"), 409, "already_checked_in")


@pytest.mark.parametrize(
    ("language", "reason", "evidence"),
    [
        ("id", "Berangkat", "Bawa: "),
        ("en", "Departure within 7 days", "Bring: the ticket or the letter that sends you"),
    ],
)
def test_the_slip_of_an_urgent_case_says_what_to_bring(
    house: House, language: str, reason: str, evidence: str
) -> None:
    slip = house.walk_in(urgency="departure", language=language)
    assert slip["urgency"].startswith(reason) and slip["evidence"].startswith(evidence)
    usual = house.walk_in()
    assert (usual["evidence"], usual["repeated"]) == ("", False)


def test_check_in_on_another_day_too_early_or_elsewhere_is_refused(house: House) -> None:
    code = house.book(slot=house.slot(13, day=0))["code"]
    before = house.dump()
    assert problem(house.post(f"/tickets/{code}/check-in", "kiosk"), 409, "too_early")[
        "opens_at"
    ].endswith("+07:00")
    elsewhere = house.post(f"/tickets/{code}/check-in", "kiosk_elsewhere")
    told = problem(elsewhere, 409, "wrong_office")
    assert (told["office_name"], told["date"]) == ("Kantor 9101", "2026-11-23")
    unknown = house.post("/tickets/0000000000ZZ/check-in", "kiosk_elsewhere")
    assert problem(unknown, 404, "unknown_code").keys().isdisjoint({"office_name", "date"})
    house.clock.pass_by(days=1)
    problem(house.post(f"/tickets/{code}/check-in", "kiosk"), 409, "wrong_day")
    assert house.dump() == before


def test_a_walk_in_gets_a_slip(house: House) -> None:
    slip = house.walk_in(priority="elderly", language="en", party_size=2)
    assert (slip["number"], slip["stream"], slip["place"], slip["ahead"]) == (
        "A001",
        "A",
        "INSIDE",
        0,
    )
    assert slip["issued_at"] == "2026-11-23T09:00:00+07:00"
    assert house.get(f"/tickets/{slip['code']}").get_json()["status"] == "WAITING"


def test_a_visit_goes_its_way_at_the_counter(both_houses: House) -> None:
    house = both_houses
    house.walk_in()
    opened = house.post(f"/counters/{COUNTER}/open", "clerk", key="o")
    assert opened.get_json() == {
        "counter": COUNTER,
        "name": "1",
        "streams": ["A"],
        "open": True,
        "clerk": "clerk",
        "state": "open",
    }
    called = house.post(f"/counters/{COUNTER}/call-next", "clerk", key="n1")
    id = called.get_json()["id"]
    house.clock.pass_by(minutes=1)
    steps = ["recall", "start", "park", "resume", "call", "start", "transfer", "undo", "finish"]
    states = [
        "CALLED",
        "SERVING",
        "PARKED",
        "WAITING",
        "CALLED",
        "SERVING",
        "WAITING",
        "SERVING",
        "SERVED",
    ]
    for number, (step, state) in enumerate(zip(steps, states, strict=True)):
        body = {"transfer": {"service": "AKT"}, "call": {"reason": "comes back"}}.get(step, {})
        done = house.post(f"/tickets/{id}/{step}", "clerk", body, key=f"s{number}")
        assert (done.status_code, done.get_json().get("status")) == (200, state), (step, done.text)
        before = house.dump()
        again = house.post(f"/tickets/{id}/{step}", "clerk", body, key=f"s{number}")
        assert again.get_json() == done.get_json(), step
        assert house.dump() == before, f"{step} under the same key did something again"
    assert house.post(f"/counters/{COUNTER}/close", "clerk", key="c").get_json()["open"] is False
    assert house.events() == [
        "walked_in",
        "counter_opened",
        "called",
        "recalled",
        "started",
        "parked",
        "resumed",
        "called",
        "started",
        "transferred",
        "undone",
        "finished",
        "counter_closed",
    ]


def test_one_press_finishes_and_calls_the_next_once(both_houses: House) -> None:
    house = both_houses
    first = house.called()["id"]
    second = house.walk_in()["id"]
    house.post(f"/tickets/{first}/start", "clerk")
    path = f"/counters/{COUNTER}/finish-next"
    done = house.post(path, "clerk", {"ticket": first}, key="f1")
    told = done.get_json()
    assert (told["finished"]["status"], told["called"]["id"], told["because"]) == (
        "SERVED",
        second,
        None,
    )
    before = house.dump()
    assert house.post(path, "clerk", {"ticket": first}, key="f1").get_json() == told
    assert house.dump() == before, "the same key did something again"
    late = problem(house.post(path, "clerk", {"ticket": first}), 409, "wrong_state")
    assert late["state"] == "SERVED"
    problem(house.post(path, "clerk"), 409, "wrong_state")
    house.post(f"/tickets/{second}/start", "clerk")
    last = house.post(path, "clerk").get_json()
    assert (last["finished"]["id"], last["called"], last["because"]) == (second, None, "nobody")
    problem(house.post(path, "clerk_elsewhere", {}), 404, "unknown_counter")
    assert house.events()[-5:] == ["started", "finished", "called", "started", "finished"]


def test_a_missed_visitor_comes_back_within_the_hour(house: House) -> None:
    id = house.called()["id"]
    assert house.post(f"/tickets/{id}/no-show", "clerk").get_json()["status"] == "NO_SHOW"
    assert house.post(f"/tickets/{id}/return", "clerk").get_json()["status"] == "WAITING"
    house.call_next()
    house.post(f"/tickets/{id}/no-show", "clerk")
    house.clock.pass_by(minutes=61)
    problem(house.post(f"/tickets/{id}/return", "clerk"), 409, "too_late")


def test_who_waits_outside_is_let_in_by_hand_only_where_there_is_room(house: House) -> None:
    for _ in range(3):
        house.walk_in(party_size=4)
    outside = house.walk_in()
    assert outside["place"] == "OUTSIDE"
    full = problem(house.post(f"/tickets/{outside['id']}/admit", "clerk"), 409, "room_full")
    assert (full["inside"], full["limit"], full["party_size"]) == (12, 12, 1)
    problem(
        house.post(
            f"/tickets/{outside['id']}/call", "clerk", {"counter": COUNTER, "reason": "ill"}
        ),
        409,
        "room_full",
    )
    assert house.post(f"/tickets/{outside['id']}/leave", "clerk").get_json()["status"] == "LEFT"


def test_a_correction_counts_persons_and_lets_those_outside_in(house: House) -> None:
    done = house.post(
        f"/offices/{HOME}/occupancy",
        "supervisor",
        {"delta": 12, "reason": "guard counted"},
        key="d",
    )
    assert done.get_json() == {"office": HOME, "inside": 12, "limit": 12}
    waiting = house.walk_in()
    house.post(f"/offices/{HOME}/occupancy", "clerk", {"delta": -3, "reason": "left"})
    assert house.get(f"/tickets/{waiting['code']}").get_json()["place"] == "INSIDE"
    problem(
        house.post(f"/offices/{HOME}/occupancy", "clerk", {"delta": -200, "reason": "too many"}),
        422,
        "bad_input",
    )


def test_a_manager_switches_the_mode_and_the_public_learns_it(house: House) -> None:
    body = {"mode": "URGENT_ONLY", "notice": {"id": "Hanya mendesak", "en": "Urgent only"}}
    assert (
        house.post(f"/offices/{HOME}/mode", "manager", body, key="m").get_json()["mode"]
        == "URGENT_ONLY"
    )
    board = house.get(f"/offices/{HOME}/board").get_json()
    assert (board["mode"], board["notices"][0]["text"]["en"]) == ("URGENT_ONLY", "Urgent only")
    problem(
        house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "REK"}), 409, "not_in_service"
    )
    assert (
        house.post(
            f"/offices/{HOME}/tickets", "kiosk", {"service": "REK", "urgency": "death"}
        ).status_code
        == 201
    )
    offer = house.get(f"/offices/{HOME}/offer", "kiosk").get_json()
    assert [(each["open"], each["reason"]) for each in offer["services"]] == [(False, "mode")] * 3


def test_the_queue_explains_each_turn(house: House) -> None:
    house.walk_in(priority=True)
    house.clock.pass_by(minutes=5)
    house.walk_in()
    queue = house.get(f"/offices/{HOME}/queue", "clerk").get_json()
    first, second = queue["waiting"]
    assert (first["number"], first["turn_basis"], first["credit_minutes"]) == (
        "A001",
        "arrival",
        15,
    )
    assert (second["number"], second["credit_minutes"]) == ("A002", 0)
    assert first["turn_time"] < second["turn_time"]


def test_the_board_answers_with_an_etag(house: House) -> None:
    house.called()
    board = house.get(f"/offices/{HOME}/board")
    assert board.get_json()["calls"][0]["number"] == "A001"
    assert (
        house.get(
            f"/offices/{HOME}/board", headers={"If-None-Match": board.headers["ETag"]}
        ).status_code
        == 304
    )
    house.walk_in()
    assert (
        house.get(
            f"/offices/{HOME}/board", headers={"If-None-Match": board.headers["ETag"]}
        ).status_code
        == 200
    )


def test_a_device_is_paired_once_and_reports_its_health(both_houses: House) -> None:
    house = both_houses
    asked = house.post("/devices", body={"kind": "display"})
    pairing = asked.get_json()
    assert asked.status_code == 201 and len(pairing["pairing_code"]) == 6
    collect = f"/devices/{pairing['id']}/token"
    assert house.post(collect, body={"secret": pairing["secret"]}).status_code == 202
    problem(house.post(collect, body={"secret": "guess"}), 404, "unknown_device")
    body = {"pairing_code": pairing["pairing_code"], "name": "TV"}
    problem(house.post(f"/offices/{HOME}/devices", "manager_elsewhere", body), 403, "forbidden")
    approved = house.post(f"/offices/{HOME}/devices", "manager", body)
    assert (approved.status_code, approved.get_json()["office"]) == (201, HOME)
    pressed_again = house.post(f"/offices/{HOME}/devices", "manager", body)
    assert (pressed_again.status_code, pressed_again.get_json()) == (201, approved.get_json()), (
        "a second press gives the same device"
    )
    problem(
        house.post(f"/offices/{ELSEWHERE}/devices", "manager_elsewhere", body),
        404,
        "unknown_device",
    )
    lost = house.post(collect, body={"secret": pairing["secret"]}).get_json()
    problem(house.post(collect, body={"secret": "guess"}), 404, "unknown_device")
    given = house.post(collect, body={"secret": pairing["secret"]}).get_json()
    assert given["office"] == HOME and given["token"] != lost["token"], (
        "only a digest was kept, so it is a new one"
    )
    assert (
        house.get("/devices/self", headers={"Authorization": f"Bearer {lost['token']}"}).status_code
        == 401
    ), "and the lost one is void"
    bearer = {"Authorization": f"Bearer {given['token']}"}
    shown = house.get("/devices/self", headers=bearer).get_json()
    assert shown.pop("display")["version"], "a screen has settings from the start"
    assert shown == {
        "id": pairing["id"],
        "kind": "display",
        "name": "TV",
        "office": HOME,
        "state": "PAIRED",
        "help": None,
    }
    problem(house.post(collect, body={"secret": pairing["secret"]}), 410, "pairing_expired")
    assert house.post(f"/offices/{HOME}/devices", "manager", body).get_json()["state"] == "PAIRED"
    beat = house.post(
        "/devices/self/heartbeat",
        body={"build": "b1", "facts": {"pages": 1, "sound": True}},
        headers=bearer,
    )
    assert (beat.status_code, beat.data) == (204, b"")
    late = house.post("/devices", body={"kind": "kiosk"}).get_json()
    house.clock.pass_by(minutes=16)
    problem(
        house.post(
            f"/offices/{HOME}/devices",
            "manager",
            {"pairing_code": late["pairing_code"], "name": "K"},
        ),
        410,
        "pairing_expired",
    )
    problem(
        house.post(f"/devices/{late['id']}/token", body={"secret": late["secret"]}),
        410,
        "pairing_expired",
    )


def test_what_runs_the_server_answers(house: House) -> None:
    client = house.browser()
    assert client.get("/livez").get_json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 503, "nothing was tried yet"
    house.application.probe.step()
    assert client.get("/readyz").get_json()["status"] == "ok"
    assert client.get("/version").get_json()["build"]
    probes = ("livez", "readyz", "version", "metrics")
    assert {
        client.get(f"/{each}?from=balancer&lang=xx&a=1&a=2").status_code for each in probes
    } == {200}
    metrics = client.get("/metrics").text
    assert (
        'antrean_requests_total{method="GET",status="200"}' in metrics
        and "antrean_screens" in metrics
    )
    client.open("/livez", method="BREW")
    assert 'method="BREW"' not in client.get("/metrics").text
    away = {"X-Forwarded-For": "203.0.113.9"}
    assert client.get("/metrics", headers=away).status_code == 403
    admin = {**away, "Authorization": f"Bearer {house.people.tokens['admin']}"}
    assert client.get("/metrics", headers=admin).status_code == 200


def test_a_clock_that_steps_back_hides_no_call_from_the_board(house: House) -> None:
    for _ in range(7):
        earlier = house.called()
        assert house.post(f"/tickets/{earlier['id']}/no-show", "clerk").status_code == 200
    house.clock.pass_by(minutes=-2)
    called = house.called()
    board = house.get(f"/offices/{HOME}/board").get_json()
    assert [call["number"] for call in board["calls"]][:2] == [called["number"], earlier["number"]]
