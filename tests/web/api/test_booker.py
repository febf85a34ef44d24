"""Who booked, and a card that does not match, over HTTP on both databases: told to the desk that
has the visit, noted, and nothing personal left behind.
"""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.fixtures.application import HOME, HOST, NAME, NIK, House
from tests.web.problems import problem

RECEPTION = {"where": "reception"}


def today(house: House, hour: int = 9, minute: int = 30) -> str:
    return house.slot(hour, minute, day=0)


def booked(house: House, **changes: Any) -> str:
    """The id of a booking of today."""
    code = house.book(slot=today(house), **changes)["code"]
    shown = house.get(
        f"/offices/{HOME}/reception/ticket", "clerk", query_string={"shown": code}
    ).get_json()
    return str(shown["id"])


def look(house: House, ticket: str, who: str = "reception", where: str = "reception") -> Any:
    return house.post(f"/tickets/{ticket}/booker", who, {"where": where})


def void(house: House, ticket: str, who: str = "reception", **more: Any) -> TestResponse:
    return house.post(f"/tickets/{ticket}/mismatch", who, RECEPTION, **more)


def test_the_desk_sees_name_and_last_four_and_the_log_who_looked(both_houses: House) -> None:
    house = both_houses
    ticket = booked(house)
    for _ in range(2):
        seen = look(house, ticket).get_json()
    assert (seen["known"], seen["name"], seen["last4"]) == ("BOOKED", NAME, NIK[-4:])
    look(house, ticket, "guard", "door")
    assert house.events().count("booker_shown") == 2
    left = house.dump("visitors")
    assert all(NAME not in row for rows in left.values() for row in rows)
    browser, _token = house.sign_in("supervisor")
    page = browser.get("/supervise/audit?lang=en", headers={"Host": HOST}).text
    assert "At the door: saw who booked a visit before it checked in" in page
    assert NAME not in page


def test_a_look_is_refused_elsewhere_and_notes_nothing(house: House) -> None:
    ticket = booked(house)
    tomorrow = house.book(service="KTP", nik=f"{NIK[:-4]}0043")["code"]
    problem(look(house, ticket, "clerk", "counter"), 409, "wrong_state")
    problem(look(house, tomorrow), 409, "wrong_day")
    problem(look(house, ticket, "clerk_elsewhere"), 404, "unknown_ticket")
    problem(look(house, ticket, "kiosk"), 403, "forbidden")
    problem(look(house, ticket, where="home"), 422, "bad_input")
    assert "booker_shown" not in house.events()
    walk_in = look(house, house.walk_in()["id"]).get_json()
    assert (walk_in["known"], walk_in["name"]) == ("WALK_IN", None)


def test_voided_once_however_often_it_is_sent_and_taken_back(both_houses: House) -> None:
    house = both_houses
    ticket = booked(house)
    first, again = (void(house, ticket, key="v1") for _ in range(2))
    assert first.status_code == 200 and first.get_json() == again.get_json()
    answer = first.get_json()
    assert (answer["status"], answer["may_undo"], answer["takes_walk_ins"]) == (
        "CANCELLED",
        True,
        True,
    )
    assert answer["undo_until"][11:16] == "09:05"
    problem(void(house, ticket, key="v2"), 409, "wrong_state")
    assert house.events().count("voided") == 1
    shown = house.get(f"/offices/{HOME}/reception/ticket", "guard", query_string={"shown": ticket})
    assert shown.status_code == 403
    problem(house.post(f"/tickets/{ticket}/undo", "guard"), 409, "nothing_to_undo")
    taken_back = house.post(f"/tickets/{ticket}/undo", "supervisor")
    assert taken_back.get_json()["status"] == "BOOKED"


def test_the_visit_says_so_to_its_holder_and_to_the_reception(house: House) -> None:
    view = house.book(slot=today(house))
    ticket = house.get(
        f"/offices/{HOME}/reception/ticket", "clerk", query_string={"shown": view["code"]}
    ).get_json()["id"]
    void(house, ticket)
    holder = house.get(f"/tickets/{view['code']}").get_json()
    assert (holder["status"], holder["voided"]) == ("CANCELLED", True)
    page = house.browser().get(f"/t/{view['code']}?lang=en", headers={"Host": HOST}).text
    assert "the card shown at the office was another person" in page
    for who, may_undo in (("reception", True), ("clerk", False), ("supervisor", True)):
        shown = house.get(
            f"/offices/{HOME}/reception/ticket", who, query_string={"shown": ticket}
        ).get_json()
        assert shown["voided"]["may_undo"] is may_undo
    house.clock.pass_by(minutes=6)
    shown = house.get(
        f"/offices/{HOME}/reception/ticket", "reception", query_string={"shown": ticket}
    ).get_json()
    assert shown["voided"]["may_undo"] is False


def test_what_cannot_be_voided_changes_nothing(house: House) -> None:
    ticket, walk_in = booked(house), house.walk_in()["id"]
    before = house.dump()
    problem(void(house, walk_in), 409, "no_booking")
    problem(void(house, ticket, "clerk_elsewhere"), 404, "unknown_ticket")
    problem(house.post(f"/tickets/{ticket}/mismatch", "reception", {}), 422, "bad_input")
    problem(void(house, ticket, "kiosk"), 403, "forbidden")
    assert house.dump() == before


def test_no_number_is_offered_when_the_doors_are_shut(house: House) -> None:
    ticket = booked(house)
    house.clock.pass_by(hours=6, minutes=5)
    assert void(house, ticket).get_json()["takes_walk_ins"] is False
