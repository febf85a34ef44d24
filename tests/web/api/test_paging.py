"""Lists that can grow are given a page at a time, and nothing is given twice or left out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.application import ELSEWHERE, HOME, House
from tests.web.problems import problem

NIKS = [f"91010145078800{number:02}" for number in range(41, 46)]


def pages(
    house: House, path: str, name: str, limit: int, who: str | None = None
) -> list[list[dict[str, Any]]]:
    """The pages of a list from the first to the last."""
    found: list[list[dict[str, Any]]] = []
    cursor: str | None = None
    while not found or cursor is not None:
        sign = "&" if "?" in path else "?"
        answer = house.get(
            f"{path}{sign}limit={limit}" + (f"&cursor={cursor}" if cursor else ""), who
        )
        assert answer.status_code == 200, answer.text
        found.append(answer.get_json()[name])
        cursor = answer.get_json()["next"]
        assert len(found) < 20
    return found


@pytest.mark.parametrize("path", ["/offices", "/earliest?service=REK"])
def test_offices_come_in_pages(both_houses: House, path: str) -> None:
    house = both_houses
    whole = house.get(path).get_json()
    assert whole["next"] is None and {each["office"] for each in whole["offices"]} == {
        HOME,
        ELSEWHERE,
    }
    assert pages(house, path, "offices", 1) == [[each] for each in whole["offices"]]
    assert pages(house, path, "offices", 2) == [whole["offices"]], (
        "a page that is just full is the last"
    )


def test_a_page_of_the_earliest_times_has_a_mark_of_its_own(house: House) -> None:
    first = house.get("/earliest?service=REK&limit=1")
    again = {"If-None-Match": first.headers["ETag"]}
    assert house.get("/earliest?service=REK&limit=1", headers=again).status_code == 304
    assert (
        house.get(
            f"/earliest?service=REK&limit=1&cursor={first.get_json()['next']}", headers=again
        ).status_code
        == 200
    )


def test_stranded_bookings_come_in_pages_even_if_one_is_seen_to_in_between(
    both_houses: House,
) -> None:
    house = both_houses
    codes = [
        house.book(nik=nik, phone=None, slot=house.slot(10 + number // 2))["code"]
        for number, nik in enumerate(NIKS)
    ]
    closed = {"days": [{"date": "2026-11-24", "openings": []}]}
    assert house.ask("PUT", f"/offices/{HOME}/hours", "manager", json=closed).status_code == 200
    path = f"/offices/{HOME}/stranded"
    whole = house.get(path, "manager").get_json()["stranded"]
    assert sorted(each["code"] for each in whole) == sorted(codes)
    listed = pages(house, path, "stranded", 2, "manager")
    assert [[each["code"] for each in page] for page in listed] == [
        [each["code"] for each in whole[at : at + 2]] for at in (0, 2, 4)
    ]
    first = house.get(f"{path}?limit=2", "manager").get_json()
    assert house.post(f"/tickets/{whole[1]['code']}/cancel", "manager", {}).status_code == 200
    rest = house.get(f"{path}?cursor={first['next']}", "manager").get_json()
    assert [each["code"] for each in rest["stranded"]] == [
        each["code"] for each in whole[2:]
    ] and rest["next"] is None


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=", "cursor=%00", "limit=1&limit=2"]
)
def test_what_is_no_page_is_refused(house: House, query: str) -> None:
    for path, who in (("/offices", None), (f"/offices/{HOME}/stranded", "manager")):
        problem(house.get(f"{path}?{query}", who), 422, "bad_input")


def test_a_cursor_of_another_list_is_refused_or_gives_what_follows(house: House) -> None:
    told = problem(
        house.get(f"/offices/{HOME}/stranded?cursor={HOME}", "manager"), 422, "bad_input"
    )
    assert told["field"] == "cursor"
    assert house.get("/offices?cursor=none.9999").get_json()["offices"] == []
