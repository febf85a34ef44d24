"""The supervisor over HTTP: reasons that must be given, words of the list of what was done by hand,
the live channel's gate.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.application import ELSEWHERE, HOME, PASSWORD, House, csrf_of
from tests.fixtures.live_server import LiveServer
from tests.web.problems import problem

COUNTER = f"{HOME}-1"


def page(house: House, path: str, username: str = "supervisor") -> str:
    """A page as a signed-in person sees it."""
    browser = house.application.flask.test_client()
    headers = {"Host": "127.0.0.1:8000"}
    form = browser.get("/login", headers=headers)
    done = browser.post(
        "/login",
        data={"username": username, "password": PASSWORD, "csrf_token": csrf_of(form)},
        headers=headers,
    )
    assert done.status_code == 303, done.text
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_an_override_needs_a_reason(house: House, reason: str | None) -> None:
    house.walk_in()
    house.clock.pass_by(minutes=1)
    later = house.walk_in()
    said: dict[str, Any] = {} if reason is None else {"reason": reason}
    problem(
        house.post(f"/tickets/{later['id']}/call", "clerk", {"counter": COUNTER, **said}),
        422,
        "bad_input",
    )
    problem(
        house.post(f"/offices/{HOME}/pause", "supervisor", {"kind": "PAUSE", **said}),
        422,
        "bad_input",
    )
    problem(
        house.post(f"/counters/{COUNTER}/streams", "supervisor", {"streams": ["B"], **said}),
        422,
        "bad_input",
    )


def test_who_is_next_anyway_is_called_by_hand_without_a_reason(house: House) -> None:
    ticket = house.walk_in()
    assert (
        house.post(f"/tickets/{ticket['id']}/call", "clerk", {"counter": COUNTER}).get_json()[
            "status"
        ]
        == "CALLED"
    )


def test_what_stands_still_is_refused_with_its_own_code(house: House) -> None:
    ticket = house.walk_in()
    house.post(f"/offices/{HOME}/pause", "supervisor", {"kind": "EVACUATION", "reason": "smoke"})
    for answer in (
        house.post(f"/counters/{COUNTER}/call-next", "clerk"),
        house.post(f"/tickets/{ticket['id']}/call", "clerk", {"counter": COUNTER, "reason": "ill"}),
        house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "REK"}),
        house.post(f"/offices/{HOME}/admissions", "guard", {"admitting": True}),
    ):
        problem(answer, 409, "paused")
    offer = house.get(f"/offices/{HOME}/offer", "kiosk").get_json()
    assert (offer["open"], offer["reason"]) == (False, "paused")


def test_a_guard_may_send_everybody_out_and_no_more(house: House) -> None:
    for who in ("clerk", "kiosk", None):
        assert house.post(f"/offices/{HOME}/pause", who, {"kind": "EVACUATION"}).status_code in (
            401,
            403,
        )
    problem(
        house.post(f"/offices/{HOME}/pause", "guard", {"kind": "PAUSE", "reason": "busy"}),
        403,
        "forbidden",
    )
    done = house.post(
        f"/offices/{HOME}/pause", "guard", {"kind": "EVACUATION", "drill": True}
    ).get_json()
    assert (done["paused"], done["drill"]) == ("EVACUATION", True)
    problem(house.post(f"/offices/{HOME}/resume", "guard"), 403, "forbidden")
    # "Go on" after a pause does not end the evacuation that has begun meanwhile.
    problem(house.post(f"/offices/{HOME}/resume", "supervisor", {"kind": "PAUSE"}), 409, "paused")
    problem(
        house.post(f"/offices/{HOME}/pause", "supervisor", {"kind": "PAUSE", "reason": "busy"}),
        409,
        "paused",
    )
    assert (
        house.post(f"/offices/{HOME}/resume", "supervisor", {"kind": "EVACUATION"}).get_json()[
            "paused"
        ]
        is None
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "meninggalkan gedung dengan tenang"), ("en", "leaves the building calmly")],
)
def test_every_door_is_shut_in_an_evacuation_and_says_what_to_do(
    house: House, language: str, words: str
) -> None:
    waiting, booked = house.walk_in(), house.book(slot=house.slot(9, 30, day=0))
    house.post(f"/offices/{HOME}/pause", "guard", {"kind": "EVACUATION"})
    for answer in (
        house.post(
            f"/tickets/{booked['code']}/check-in", "kiosk", headers={"Accept-Language": language}
        ),
        house.post(
            f"/offices/{HOME}/reception/arrivals",
            "clerk",
            {"ticket": booked["code"]},
            headers={"Accept-Language": language},
        ),
        house.post(
            f"/offices/{HOME}/reception/tickets",
            "clerk",
            {"service": "REK"},
            headers={"Accept-Language": language},
        ),
        house.post(f"/counters/{COUNTER}/open", "clerk", headers={"Accept-Language": language}),
        house.post(
            f"/tickets/{waiting['id']}/admit",
            "guard",
            {"reason": "ill"},
            headers={"Accept-Language": language},
        ),
    ):
        if answer.get_json().get("code") == "wrong_state":
            continue  # whoever is inside already is not let in
        problem(answer, 409, "paused")
        assert answer.get_json()["kind"] == "EVACUATION" and words in answer.get_json()["detail"]
    shown = house.get(f"/offices/{HOME}/door/ticket?shown={booked['code']}", "guard").get_json()
    assert shown["verdict"] == "evacuation"
    offer = house.get(f"/offices/{HOME}/offer", "kiosk").get_json()
    assert (offer["open"], offer["paused"], offer["drill"]) == (False, "EVACUATION", False)


def test_both_pages_and_the_alerts_agree_on_when_a_device_is_silent(house: House) -> None:
    """Between one minute and the office's two, the devices page called a kiosk lost that the
    supervisor dashboard saw at work.
    """

    def states() -> tuple[bool, bool]:
        found = {
            each["kind"]: each
            for each in house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()["devices"]
        }
        rows = page(house, "/manage/devices?lang=en", "manager").split('<li class="card')
        row = next(each for each in rows if found["kiosk"]["name"] in each)
        return not found["kiosk"]["silent"], "Working" in row

    house.post("/devices/self/heartbeat", "kiosk", {"build": "b"})
    house.clock.pass_by(seconds=90)
    assert states() == (True, True)
    house.clock.pass_by(seconds=40)
    assert states() == (False, False)


@pytest.mark.parametrize(("language", "short"), [("id", "Kertas habis"), ("en", "No paper")])
def test_the_printer_of_a_kiosk_is_shown_in_words(house: House, language: str, short: str) -> None:
    house.post(
        "/devices/self/heartbeat",
        "kiosk",
        {"build": "b", "facts": {"printer": "paper_out", "print_queued": 3}},
    )
    assert short in page(house, f"/manage/devices?lang={language}", "manager")
    found = {
        each["kind"]: each["printer"]
        for each in house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()["devices"]
    }
    assert found["kiosk"] == "paper_out"
    house.post("/devices/self/heartbeat", "kiosk", {"build": "b"})
    assert short not in page(house, f"/manage/devices?lang={language}", "manager")


def test_another_office_is_out_of_reach(house: House) -> None:
    body = {"text": {"id": "Halo", "en": "Hello"}, "ends_at": "2026-11-23T15:00:00+07:00"}
    made = house.post(f"/offices/{HOME}/announcements", "supervisor", body).get_json()
    problem(house.post(f"/offices/{ELSEWHERE}/announcements", "supervisor", body), 403, "forbidden")
    problem(
        house.post(f"/offices/{ELSEWHERE}/announcements/{made['id']}/end", "admin"),
        404,
        "unknown_announcement",
    )
    problem(
        house.post(
            f"/counters/{ELSEWHERE}-1/streams", "supervisor", {"streams": ["B"], "reason": "busy"}
        ),
        404,
        "unknown_counter",
    )
    assert [each["id"] for each in house.get(f"/offices/{HOME}/board").get_json()["notices"]] == [
        made["id"]
    ]


def test_a_resent_command_is_done_once(house: House) -> None:
    body = {"text": {"id": "Halo", "en": "Hello"}, "ends_at": "2026-11-23T15:00:00+07:00"}
    first, again = (
        house.post(f"/offices/{HOME}/announcements", "supervisor", body, key="once")
        for _ in range(2)
    )
    assert first.get_json() == again.get_json()
    assert (
        len(house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()["announcements"]) == 1
    )


def test_the_list_tells_who_did_what_and_why(house: House) -> None:
    house.walk_in()
    second = house.walk_in()
    house.post(f"/tickets/{second['id']}/call", "clerk", {"counter": COUNTER, "reason": "faint"})
    house.post(f"/tickets/{second['id']}/undo", "clerk")
    house.post(
        f"/offices/{HOME}/occupancy", "guard", {"delta": 2, "reason": "came in with a delivery"}
    )
    house.post(
        f"/offices/{HOME}/admissions", "guard", {"admitting": False, "reason": "too crowded"}
    )
    house.post(
        f"/counters/{HOME}-2/streams", "supervisor", {"streams": ["A"], "reason": "queue A is long"}
    )
    house.post(f"/offices/{HOME}/mode", "manager", {"mode": "URGENT_ONLY"})
    text = page(house, "/supervise/audit?lang=en")
    for words in (
        f"{second['number']} was called although it was",
        "faint",
        "Out of turn",
        "Took back “call”",
        "Corrected the persons inside by +2",
        "came in with a delivery",
        "Stopped the door",
        "too crowded",
        "Counter 2: streams B became A for this day",
        "queue A is long",
        "Changed the service mode: Urgent cases only",
    ):
        assert words in text, words
    assert "Nothing on this day" in page(house, "/supervise/audit?lang=en&date=2026-11-22")
    assert "faint" in page(house, "/supervise/audit?lang=en&date=nonsense")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Let {single} in before {family}, who was next|The next party does not fit yet|Guard",
        ),
        (
            "id",
            (
                "Mempersilakan {single} masuk mendahului {family} yang mendapat giliran|Rombongan "
                "berikutnya belum muat|Guard"
            ),
        ),
    ],
)
def test_the_list_tells_who_was_let_in_before_whom(house: House, language: str, words: str) -> None:
    for size in (4, 4, 2):
        house.walk_in(party_size=size)
    family, single = house.walk_in(party_size=3)["number"], house.walk_in()
    assert (
        house.post(f"/tickets/{single['id']}/admit", "guard", {"reason": "needs_room"}).status_code
        == 200
    )
    text = page(house, f"/supervise/audit?lang={language}")
    for part in words.format(single=single["number"], family=family).split("|"):
        assert part in text, part


def test_the_dashboard_is_live_for_supervisors_alone(live_server: LiveServer) -> None:
    for who, wanted in (
        ("supervisor", None),
        ("manager", None),
        ("clerk", "forbidden"),
        ("guard", "forbidden"),
        (None, "unauthorized"),
    ):
        with live_server.screen(who) as screen:
            assert screen.watch("dashboard", HOME).get("error") == wanted, who
    with live_server.screen("supervisor") as screen:
        before = screen.watch("dashboard", HOME)
        live_server.walk_in()
        after = screen.next("dashboard")
        assert after["waiting"] == before["waiting"] + 1 and after["version"] > before["version"]
