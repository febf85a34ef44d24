"""Decisions on how far an office is open, and a year's holidays, over the API; what the public
reads of a service's own decision.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.application import ELSEWHERE, HOME, TODAY, House
from tests.web.problems import problem

TOMORROW = TODAY.replace(day=TODAY.day + 1).isoformat()
URL = f"/offices/{HOME}/modes"


def decide(house: House, **body: Any) -> None:
    done = house.post(f"/offices/{HOME}/mode", "manager", body)
    assert done.status_code == 200, done.text


def decisions(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.get(URL, "manager").get_json()["decisions"]
    return found


def test_decisions_are_listed_with_how_they_stand(both_houses: House) -> None:
    house = both_houses
    assert decisions(house) == []
    decide(house, mode="CLOSED", notice={"id": "Tutup"}, review_on=TOMORROW)
    house.clock.pass_by(minutes=1)
    decide(house, mode="URGENT_ONLY", ends_at=f"{TOMORROW}T10:00:00Z")
    decide(house, mode="ONLINE_FIRST", service="KTP", starts_at=f"{TOMORROW}T01:00:00Z")
    found = decisions(house)
    assert [(each["mode"], each["service"], each["state"]) for each in found] == [
        ("CLOSED", None, "REPLACED"),
        ("URGENT_ONLY", None, "IN_FORCE"),
        ("ONLINE_FIRST", "KTP", "TO_COME"),
    ]
    assert (found[0]["notice"], found[0]["review_on"], found[1]["ends_at"]) == (
        {"id": "Tutup"},
        TOMORROW,
        f"{TOMORROW}T17:00:00+07:00",
    )
    assert house.get(URL, "manager").get_json()["revision"] == 4
    house.clock.pass_by(days=2)
    assert [each["mode"] for each in decisions(house)] == ["CLOSED", "ONLINE_FIRST"], (
        "what is over is left out"
    )


def test_a_decision_is_ended_after_a_dry_run_and_once(both_houses: House) -> None:
    house = both_houses
    decide(house, mode="CLOSED")
    house.clock.pass_by(minutes=5)
    [decision] = decisions(house)
    path = f"{URL}/{decision['id']}/end"
    before = house.dump("answers", "tokens")
    shown = house.post(path, "manager", {"dry_run": True}).get_json()
    assert house.dump("answers", "tokens") == before
    assert (shown["office"], shown["stranded"]) == (HOME, [])
    body = {"revision": shown["revision"]}
    done = house.post(path, "manager", body, key="k")
    assert (done.status_code, done.get_json()["mode"]) == (200, "NORMAL")
    assert house.post(path, "manager", body, key="k").get_json() == done.get_json()
    assert decisions(house) == [] and house.events().count("mode_changed") == 2
    problem(house.post(path, "manager", body), 409, "changed")
    house.post(path, "manager", {})
    assert house.events().count("mode_changed") == 2, "what is over is not ended again"


def test_a_decision_to_come_is_taken_back(house: House) -> None:
    decide(house, mode="CLOSED", starts_at=f"{TOMORROW}T01:00:00Z")
    [decision] = decisions(house)
    assert house.post(f"{URL}/{decision['id']}/end", "manager", {}).status_code == 200
    assert decisions(house) == []
    problem(house.post(f"{URL}/{decision['id']}/end", "manager", {}), 422, "bad_input")
    problem(house.post(f"{URL}/{decision['id']}/end", "manager_elsewhere", {}), 403, "forbidden")
    problem(house.get(URL, "manager_elsewhere"), 403, "forbidden")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("modes/nothing/end", {}, 422, "bad_input"),
        ("modes/nothing/end", {"revision": 0}, 422, "bad_input"),
        ("holidays", {}, 422, "bad_input"),
        ("holidays", {"year": 1999}, 422, "bad_input"),
        ("holidays", {"year": "2027"}, 422, "bad_input"),
        ("holidays", {"year": 2027, "revision": 99}, 409, "changed"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    house: House, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    before = house.dump()
    problem(house.post(f"/offices/{HOME}/{path}", "manager", body), status, code)
    assert house.dump() == before


def test_a_years_holidays_are_taken_over_after_a_dry_run(both_houses: House) -> None:
    house = both_houses
    own = {
        "days": [
            {
                "date": "2026-12-25",
                "openings": [{"opens": "08:00", "closes": "10:00"}],
                "reason": {"id": "Buka"},
            }
        ]
    }
    assert house.ask("PUT", f"/offices/{HOME}/hours", "manager", json=own).status_code == 200
    url, body = f"/offices/{HOME}/holidays", {"year": 2026}
    before = house.dump("answers", "tokens")
    shown = house.post(url, "manager", {**body, "dry_run": True}).get_json()
    assert house.dump("answers", "tokens") == before
    done = house.post(url, "manager", {**body, "revision": shown["revision"]}, key="k")
    assert done.status_code == 200, done.text
    again = house.post(url, "manager", {**body, "revision": shown["revision"]}, key="k")
    assert again.get_json() == done.get_json()
    days = {each["date"]: each for each in done.get_json()["days"]}
    assert days["2026-12-25"]["reason"] == {"id": "Buka"}, "the office's own word stands"
    assert days["2026-12-24"]["hours"] == [] and set(days["2026-12-24"]["reason"]) == {"id", "en"}
    problem(house.post(f"/offices/{ELSEWHERE}/holidays", "manager", body), 403, "forbidden")


def test_a_service_tells_its_own_decision(house: House) -> None:
    def services() -> dict[str, dict[str, Any]]:
        return {
            each["service"]: each
            for each in house.get(f"/offices/{HOME}/services").get_json()["services"]
        }

    plain = services()["KTP"]
    assert (plain["notice"], plain["mode_until"], plain["review_on"]) == ({}, None, None)
    decide(
        house,
        mode="CLOSED",
        service="KTP",
        notice={"id": "Mesin rusak", "en": "Machine broken"},
        ends_at=f"{TOMORROW}T10:00:00Z",
        review_on=TOMORROW,
    )
    decide(house, mode="URGENT_ONLY", notice={"id": "Hanya mendesak"})
    found = services()
    own = found["KTP"]
    assert (own["mode"], own["notice"]["en"], own["mode_until"], own["review_on"]) == (
        "CLOSED",
        "Machine broken",
        f"{TOMORROW}T17:00:00+07:00",
        TOMORROW,
    )
    assert (found["REK"]["mode"], found["REK"]["notice"]) == ("URGENT_ONLY", {}), (
        "the office's notice is the office's"
    )
