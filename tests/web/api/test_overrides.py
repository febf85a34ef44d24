"""The list of what was done by hand, for programs: complete, newest first, page by page. On both
databases.
"""

from __future__ import annotations

from typing import Any

import pytest

from queue_server.web.api.supervisor import dashboard
from tests.fixtures.application import ELSEWHERE, HOME, House
from tests.web.problems import problem

COUNTER = f"{HOME}-1"
PATH = f"/offices/{HOME}/overrides"


def listed(house: House, query: str = "", who: str = "supervisor") -> dict[str, Any]:
    answer = house.get(f"{PATH}{query}", who)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def act(house: House) -> list[dict[str, Any]]:
    """One of each kind: a call in turn, one out of turn, one taken back, a correction, somebody let
    in past a family.
    """
    first, second = house.walk_in(), house.walk_in()
    assert (
        house.post(
            f"/tickets/{second['id']}/call", "clerk", {"counter": COUNTER, "reason": "needs_help"}
        ).status_code
        == 200
    )
    house.post(f"/tickets/{second['id']}/undo", "clerk")
    assert house.call_next().get_json()["id"] == first["id"], "a call in turn is no override"
    house.post(f"/offices/{HOME}/occupancy", "guard", {"delta": 9, "reason": "delivery"})
    family, single = house.walk_in(party_size=4), house.walk_in()
    assert (
        house.post(f"/tickets/{single['id']}/admit", "guard", {"reason": "needs_room"}).status_code
        == 200
    )
    return [first, second, family, single]


def test_everything_done_by_hand_is_listed_with_who_and_why(both_houses: House) -> None:
    first, second, family, single = act(both_houses)
    found = listed(both_houses)
    assert (found["office"], found["date"], found["next"]) == (HOME, "2026-11-23", None)
    let_past, corrected, undone, called = found["overrides"]
    assert [each["seq"] for each in found["overrides"]] == sorted(
        (each["seq"] for each in found["overrides"]), reverse=True
    )
    assert called == {
        "seq": called["seq"],
        "at": "2026-11-23T09:00:00+07:00",
        "type": "called",
        "by": "clerk",
        "reason": "needs_help",
        "ticket": second["id"],
        "number": second["number"],
        "counter": COUNTER,
        "in_order": False,
        "due": first["number"],
        "facts": {"direct": True},
    }
    assert (undone["type"], undone["by"], undone["ticket"], undone["facts"]["undid"]) == (
        "undone",
        "clerk",
        second["id"],
        "called",
    )
    assert (corrected["type"], corrected["by"], corrected["reason"], corrected["facts"]) == (
        "occupancy_corrected",
        "guard",
        "delivery",
        {"delta": 9},
    )
    assert (
        let_past["type"],
        let_past["by"],
        let_past["reason"],
        let_past["number"],
        let_past["facts"],
    ) == ("let_past", "guard", "needs_room", single["number"], {"due_number": family["number"]})


def test_pages_hold_each_act_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    act(house)
    whole = listed(house)["overrides"]
    monkeypatch.setattr(dashboard, "OVERRIDES_PAGE", 3)
    first = listed(house)
    house.post(f"/offices/{HOME}/occupancy", "guard", {"delta": -1, "reason": "gone"})
    second = listed(house, f"?cursor={first['next']}")
    assert first["overrides"] + second["overrides"] == whole and second["next"] is None
    monkeypatch.setattr(dashboard, "OVERRIDES_PAGE", 4)
    assert listed(house, f"?cursor={first['overrides'][0]['seq'] + 1}")["next"] is None, (
        "a page that is just full is the last"
    )


def test_another_day_is_listed_by_its_date(house: House) -> None:
    act(house)
    today = listed(house)["overrides"]
    assert listed(house, "?date=2026-11-22") == {
        "office": HOME,
        "date": "2026-11-22",
        "overrides": [],
        "next": None,
    }
    house.clock.pass_by(days=1)
    assert listed(house)["overrides"] == []
    assert listed(house, "?date=2026-11-23")["overrides"][-len(today) :] == today


@pytest.mark.parametrize(
    "query",
    [
        "date=yesterday",
        "date=2026-02-30",
        "date=23-11-2026",
        "date=1999-12-31",
        "cursor=-1",
        "cursor=abc",
        "cursor=",
        "day=2026-11-23",
        "date=2026-11-23&date=2026-11-22",
    ],
)
def test_what_is_no_date_or_no_cursor_is_refused(house: House, query: str) -> None:
    problem(house.get(f"{PATH}?{query}", "supervisor"), 422, "bad_input")


def test_only_supervisors_of_the_office_may_read_it(house: House) -> None:
    for who in ("clerk", "guard", "kiosk", "display"):
        problem(house.get(PATH, who), 403, "forbidden")
    problem(house.get(PATH), 401, "unauthorized")
    problem(house.get(PATH, "manager_elsewhere"), 403, "forbidden")
    problem(house.get(f"/offices/{ELSEWHERE}/overrides", "supervisor"), 403, "forbidden")
    problem(house.get("/offices/0000/overrides", "admin"), 404, "unknown_office")
    assert house.get(PATH, "admin").status_code == 200
