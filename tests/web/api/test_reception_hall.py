"""What stands beside the reception's work, over HTTP and on the live channel: who is expected, by
time, and the queue. Figures without persons.
"""

from __future__ import annotations

from typing import Any

from tests.fixtures.application import HOME, NAME, NIK, PHONE, House
from tests.web.problems import problem

DESK = f"/offices/{HOME}/reception"


def overview(house: House, who: str = "reception") -> dict[str, Any]:
    answer = house.get(f"{DESK}/overview", who)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def expected(house: House, slot: str, who: str = "reception") -> list[dict[str, Any]]:
    answer = house.get(f"{DESK}/expected", who, query_string={"slot": slot})
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["visits"])


def test_a_time_counts_who_is_expected_who_has_come_and_who_is_late(both_houses: House) -> None:
    house = both_houses
    slot = house.slot(9, 30, day=0)
    first = house.book(slot=slot, party_size=2)
    house.book(slot=slot, nik=f"{NIK[:-3]}055", phone=None, email=None)
    gone = house.book(slot=slot, nik=f"{NIK[:-3]}066", phone=None, email=None)
    house.post(f"/tickets/{gone['code']}/cancel", "reception", {})
    [due] = overview(house)["slots"]
    figures = ("bookings", "people", "present", "present_people", "late", "too_late")
    assert (due["slot"], due["starts_at"][11:16]) == (slot, "09:30")
    assert [due[each] for each in figures] == [2, 3, 0, 0, 0, 0]
    house.post(f"{DESK}/arrivals", "reception", {"ticket": first["code"]})
    house.clock.pass_by(minutes=35)
    [due] = overview(house)["slots"]
    assert [due[each] for each in figures] == [2, 3, 1, 2, 1, 0]
    house.clock.pass_by(minutes=10)
    [due] = overview(house)["slots"]
    assert [due[each] for each in figures] == [2, 3, 1, 2, 0, 1]
    assert [(each["attendance"], each["party_size"]) for each in expected(house, slot)] == [
        ("HERE", 2),
        ("TOO_LATE", 1),
    ]


def test_nothing_of_a_person_is_in_it_and_a_visit_is_opened_by_its_id(house: House) -> None:
    slot = house.slot(9, 30, day=0)
    house.book(slot=slot)
    [listed] = expected(house, slot)
    said = str((overview(house), listed))
    for personal in (NAME, NAME.split()[0], NIK, NIK[-4:], PHONE[-8:]):
        assert personal not in said
    shown = house.get(f"{DESK}/ticket", "reception", query_string={"shown": listed["id"]})
    assert shown.get_json()["ticket"]["status"] == "BOOKED"


def test_the_queue_is_told_by_stream_with_the_longest_wait(both_houses: House) -> None:
    house = both_houses
    house.walk_in()
    house.clock.pass_by(minutes=7)
    house.walk_in()
    house.post(f"/counters/{HOME}-1/open", "clerk")
    told = overview(house)
    streams = {each["letter"]: each for each in told["streams"]}
    assert (streams["A"]["waiting"], streams["A"]["counters_open"]) == (2, 1)
    assert streams["A"]["oldest_since"][11:16] == "09:00" and told["sent_at"][11:16] == "09:07"
    assert (streams["B"]["waiting"], streams["B"]["oldest_since"]) == (0, None)
    assert (told["inside"], told["limit"], told["outside"], told["over"]) == (2, 12, 0, 0)


def test_it_is_for_the_reception_of_this_office_alone(house: House) -> None:
    slot = house.slot(9, 30, day=0)
    for path in ("overview", f"expected?slot={slot}"):
        problem(house.get(f"{DESK}/{path}", "guard"), 403, "forbidden")
        problem(house.get(f"{DESK}/{path}", "clerk_elsewhere"), 403, "forbidden")
        problem(house.get(f"{DESK}/{path}"), 401, "unauthorized")
    for bad in ("", "noon", "20261124T0301", "20269924T0300Z"):
        answer = house.get(f"{DESK}/expected", "clerk", query_string={"slot": bad})
        assert answer.status_code in (404, 422), bad
    tomorrow = house.slot(10)
    house.book(slot=tomorrow)
    assert expected(house, tomorrow) == [], "nobody browses the bookings of other days"
