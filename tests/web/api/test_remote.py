"""Visits from home by the API: asked for by `visit`, rung by the clerk whose they are, told to
nobody else.
"""

from __future__ import annotations

from functools import partial

import pytest
import sqlalchemy as sa

from queue_server.domain.office.office import VisitKind
from queue_server.domain.office.remote import RemoteChange, RemoteCounter
from queue_server.services.office.changes import apply_change
from queue_server.services.upkeep import plan_office
from queue_server.store import tables
from tests.fixtures.application import HOME, PHONE, TODAY, House
from tests.web.problems import problem

AT_HOME = f"{HOME}-3"
CHANGE = RemoteChange({"REK": (VisitKind.PHONE, VisitKind.VIDEO)}, {AT_HOME: RemoteCounter()})


@pytest.fixture
def home(house: House) -> House:
    """The house with counter 3 worked from home, and REK to be had from there."""
    change = partial(apply_change, office=HOME, change=CHANGE, by="manager", now=house.clock())
    house.database.write([(HOME, TODAY)], change)
    plan_office(house.database, HOME, house.clock())
    return house


def free_times(house: House, **query: str) -> dict[str, int]:
    answer = house.get(f"/offices/{HOME}/availability", query_string={"service": "REK", **query})
    assert answer.status_code == 200, answer.text
    return {
        each["slot"]: each["free"] for day in answer.get_json()["days"] for each in day["slots"]
    }


def test_each_kind_of_visit_has_free_times_of_its_own(home: House) -> None:
    slot = home.slot(10)
    before = free_times(home), free_times(home, visit="PHONE")
    assert home.book(slot=slot, visit="PHONE")["visit"] == "PHONE"
    after = free_times(home), free_times(home, visit="PHONE")
    assert after[0][slot] == before[0][slot]
    assert after[1][slot] == before[1][slot] - 1


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"visit": "PHONE", "phone": None}, "phone", "needed_for_call"),
        ({"visit": "VIDEO", "party_size": 2}, "party_size", "range"),
        ({"visit": "PHONE", "service": "KTP"}, "visit", "not_offered"),
    ],
)
def test_what_cannot_be_booked_changes_nothing(
    home: House, changes: dict[str, object], field: str, reason: str
) -> None:
    before = home.dump()
    done = home.post(f"/offices/{HOME}/bookings", body=home.booking(**changes))
    assert problem(done, 422, "bad_input")["field"] == field
    assert done.get_json()["reason"] == reason
    assert home.dump() == before


def test_a_hold_is_of_one_kind(home: House) -> None:
    held = home.post(
        f"/offices/{HOME}/holds", body={"service": "REK", "slot": home.slot(10), "visit": "PHONE"}
    ).get_json()
    body = home.booking(slot=None, hold=held["code"])
    other = home.post(f"/offices/{HOME}/bookings", body=body)
    assert problem(other, 422, "bad_input")["reason"] == "differs_from_hold"
    booked = home.post(f"/offices/{HOME}/bookings", body={**body, "visit": "PHONE"})
    assert booked.status_code == 201 and booked.get_json()["visit"] == "PHONE"


def test_the_door_does_not_take_a_call(home: House) -> None:
    booked = home.book(slot=home.slot(10, day=0), visit="PHONE")
    home.clock.pass_by(minutes=50)
    done = home.post(f"/tickets/{booked['code']}/check-in", "kiosk")
    problem(done, 409, "remote_visit")


def test_the_number_is_shown_to_the_clerk_who_rings_and_kept_nowhere_else(home: House) -> None:
    home.book(slot=home.slot(10, day=0), visit="PHONE")
    home.clock.pass_by(minutes=61)
    called = home.call_next(AT_HOME)
    assert called.status_code == 200 and called.get_json()["visit"] == "PHONE"
    ticket = called.get_json()["id"]
    shown = home.post(f"/tickets/{ticket}/contact", "clerk", key="k1")
    assert shown.get_json()["tel_url"] == f"tel:{PHONE}"
    problem(home.post(f"/tickets/{ticket}/contact", "manager"), 409, "not_your_ticket")
    problem(
        home.post(f"/tickets/{ticket}/meeting", "clerk", {"url": "https://a.example"}),
        409,
        "wrong_state",
    )
    assert PHONE not in home.get(f"/offices/{HOME}/queue", "clerk").text
    assert all(PHONE not in row for row in home.dump("visitors")["answers"])
    assert home.events().count("contact_shown") == 1
    assert home.get(f"/offices/{HOME}/board").get_json()["calls"] == []


def test_a_meeting_is_told_to_its_visitor_alone(home: House) -> None:
    booked = home.book(slot=home.slot(10, day=0), visit="VIDEO")
    home.clock.pass_by(minutes=61)
    ticket = home.call_next(AT_HOME).get_json()["id"]
    problem(home.post(f"/tickets/{ticket}/meeting", "clerk", {}), 422, "bad_input")
    url = "https://temu.example/kamar"
    body = {"url": url}
    first = home.post(f"/tickets/{ticket}/meeting", "clerk", body, key="m1")
    again = home.post(f"/tickets/{ticket}/meeting", "clerk", body, key="m1")
    assert first.get_json() == again.get_json() == {"ticket": ticket, "meeting_url": url}
    assert home.get(f"/tickets/{booked['code']}").get_json()["meeting_url"] == url
    assert home.events().count("meeting_opened") == 1
    with home.database.read() as connection:
        facts = connection.execute(sa.select(tables.events.c.facts)).scalars().all()
    assert url not in str(facts)
    home.post(f"/tickets/{ticket}/start", "clerk")
    home.post(f"/tickets/{ticket}/finish", "clerk")
    assert home.get(f"/tickets/{booked['code']}").get_json()["meeting_url"] is None


def test_a_visit_moves_home_and_back(home: House) -> None:
    booked = home.book()
    move = f"/tickets/{booked['code']}/reschedule"
    proof = {"last4": "0042"}
    moved = home.post(move, body={"slot": home.slot(11), "visit": "VIDEO", **proof})
    assert moved.status_code == 200 and moved.get_json()["visit"] == "VIDEO"
    back = home.post(move, body={"slot": home.slot(11), "visit": "OFFICE", **proof})
    assert back.status_code == 200 and back.get_json()["visit"] == "OFFICE"
