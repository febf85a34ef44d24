"""Hours, limit and mode over the API: a dry run changes nothing, the change itself strands what was
shown.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.application import HOME, TODAY, House
from tests.web.problems import problem

WEEK = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(6)]
TOMORROW = TODAY.replace(day=TODAY.day + 1).isoformat()

CHANGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "mode", {"mode": "CLOSED", "notice": {"id": "Tutup."}, "review_on": TOMORROW}),
    (
        "PUT",
        "hours",
        {
            "days": [
                {
                    "date": TOMORROW,
                    "openings": [{"opens": "11:00", "closes": "12:00"}],
                    "reason": {"en": "Training"},
                }
            ]
        },
    ),
    ("PUT", "hours", {"week": WEEK[2:], "seasons": []}),
    ("POST", "limit", {"limit": 3, "online_share": 0.0}),
    ("PUT", "rules", {"calling": {"grace_minutes": 5, "recall_seconds": [0, 30], "calls_max": 2}}),
)


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_dry_run_shows_what_the_change_then_does(
    house: House, method: str, path: str, body: dict[str, Any]
) -> None:
    code = house.book()["code"]
    url = f"/offices/{HOME}/{path}"
    before = house.dump("answers", "tokens")
    shown = house.ask(method, url, "manager", json={**body, "dry_run": True})
    assert shown.status_code == 200, shown.text
    assert house.dump("answers", "tokens") == before
    preview = shown.get_json()
    expected = 0 if path in ("limit", "rules") else 1
    assert len(preview["stranded"]) == sum(day["stranded"] for day in preview["days"]) == expected
    assert not expected or preview["stranded"][0]["told_by"] == "EMAIL"

    done = house.ask(
        method, url, "manager", json={**body, "revision": preview["revision"]}, key="once"
    )
    again = house.ask(
        method, url, "manager", json={**body, "revision": preview["revision"]}, key="once"
    )
    assert done.status_code == again.status_code == 200 and done.get_json() == again.get_json()
    problem(
        house.ask(method, url, "manager", json={**body, "revision": preview["revision"]}),
        409,
        "changed",
    )
    found = house.get(f"/offices/{HOME}/stranded", "manager").get_json()["stranded"]
    assert [each["code"] for each in found] == [code] * expected
    assert house.get(f"/tickets/{code}").get_json()["status"] == (
        "STRANDED" if expected else "BOOKED"
    )


def test_an_office_tells_its_mode_seasons_and_coming_days(house: House) -> None:
    body = {
        "seasons": [
            {"name": "Ramadan", "first": "2027-02-08", "last": "2027-03-09", "openings": WEEK}
        ],
        "days": [{"date": TOMORROW, "openings": [], "reason": {"id": "Rapat", "en": "Meeting"}}],
    }
    assert house.ask("PUT", f"/offices/{HOME}/hours", "manager", json=body).status_code == 200
    ends = f"{TOMORROW}T17:00:00+00:00"
    mode = {"mode": "ONLINE_FIRST", "ends_at": ends, "review_on": TOMORROW}
    assert house.post(f"/offices/{HOME}/mode", "manager", mode).status_code == 200
    office = house.get(f"/offices/{HOME}").get_json()
    assert office["days"] == [
        {"date": TOMORROW, "hours": [], "reason": {"id": "Rapat", "en": "Meeting"}}
    ]
    assert [each["name"] for each in office["seasons"]] == ["Ramadan"] and len(
        office["seasons"][0]["hours"]
    ) == 6
    assert (office["mode"], office["mode_until"], office["review_on"]) == (
        "ONLINE_FIRST",
        "2026-11-25T00:00:00+07:00",
        TOMORROW,
    )
    assert (
        house.ask(
            "PUT",
            f"/offices/{HOME}/hours",
            "manager",
            json={"days": [{"date": TOMORROW, "openings": None}]},
        ).status_code
        == 200
    )
    assert house.get(f"/offices/{HOME}").get_json()["days"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "hours", {"week": [{"weekday": 0, "opens": "12:00", "closes": "08:00"}]}),
        (
            "PUT",
            "hours",
            {
                "week": [
                    {"weekday": 0, "opens": "08:00", "closes": "12:00"},
                    {"weekday": 0, "opens": "11:00", "closes": "14:00"},
                ]
            },
        ),
        ("PUT", "hours", {"week": [{"weekday": 7, "opens": "08:00", "closes": "12:00"}]}),
        ("PUT", "hours", {"week": [{"weekday": 0, "opens": "08:00:30", "closes": "12:00"}]}),
        ("PUT", "hours", {"week": [{"weekday": 0, "opens": "08:00+07:00", "closes": "12:00"}]}),
        (
            "PUT",
            "hours",
            {
                "seasons": [
                    {"name": "x", "first": "2027-03-09", "last": "2027-02-08", "openings": []}
                ]
            },
        ),
        (
            "PUT",
            "hours",
            {
                "seasons": [
                    {"name": n, "first": "2027-03-09", "last": "2027-03-19", "openings": []}
                    for n in "xy"
                ]
            },
        ),
        (
            "PUT",
            "hours",
            {"days": [{"date": TOMORROW, "openings": []}, {"date": TOMORROW, "openings": None}]},
        ),
        ("PUT", "hours", {"days": [{"date": "1999-01-01", "openings": []}]}),
        ("PUT", "hours", {"monday": []}),
        ("POST", "limit", {}),
        ("POST", "limit", {"limit": 0}),
        ("POST", "limit", {"limit": 10, "online_share": 0.95, "urgent_share": 0.1}),
        ("PUT", "rules", {"calling": {"grace_minutes": 121}}),
        ("PUT", "rules", {"calling": {"grace_minutes": "5"}}),
        ("PUT", "rules", {"calling": {"grace_minutes": None}}),
        ("PUT", "rules", {"calling": {"calls_max": 2}}),
        ("PUT", "rules", {"calling": {"policy": "LOTTERY"}}),
        ("PUT", "rules", {"booking": {"urgent_letter": "Q"}}),
        ("PUT", "rules", {"booking": {"online_share": 0.5}}),
        ("PUT", "rules", {"booking": {"synthetic_niks": True}}),
        ("POST", "mode", {"mode": "CLOSED", "ends_at": "2020-01-01T00:00:00Z"}),
        ("POST", "mode", {"mode": "CLOSED", "review_on": "2020-01-01"}),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_cannot_be_is_refused_and_changes_nothing(
    house: House, method: str, path: str, body: dict[str, Any], dry_run: bool
) -> None:
    before = house.dump()
    problem(
        house.ask(method, f"/offices/{HOME}/{path}", "manager", json={**body, "dry_run": dry_run}),
        422,
        "bad_input",
    )
    assert house.dump() == before


def test_anybody_reads_the_published_rules_and_managers_all_that_they_set(house: House) -> None:
    url = f"/offices/{HOME}/rules"
    published = house.get(url).get_json()
    assert (
        published["office"],
        published["booking"]["slot_minutes"],
        published["booking"]["party_max"],
        published["calling"]["policy"],
    ) == (HOME, 30, 4, "TURN_TIME")
    assert set(published["alerts"]) == {"target_minutes"}
    assert "undo_minutes" not in published["calling"]
    assert "synthetic_niks" not in published["booking"]
    every = house.get(f"{url}/all", "manager").get_json()
    assert (
        every["alerts"]["longest_wait_minutes"] == 45
        and "synthetic_niks" not in every["booking"]
        and "online_share" not in every["booking"]
    )
    changed = house.ask(
        "PUT",
        url,
        "manager",
        json={"booking": {"per_day_max": 1}, "alerts": {"longest_wait_minutes": 50}},
    )
    assert changed.get_json() == every | {
        "booking": every["booking"] | {"per_day_max": 1},
        "alerts": every["alerts"] | {"longest_wait_minutes": 50},
        "revision": every["revision"] + 1,
    }
    everything = {
        name: value
        for name, value in changed.get_json().items()
        if name not in ("office", "revision")
    }
    again = house.ask("PUT", url, "manager", json=everything)
    assert again.get_json() == changed.get_json(), (
        "what was read can be sent back, and changes nothing"
    )
    assert house.get(url).get_json()["booking"]["per_day_max"] == 1
    assert house.events().count("rules_changed") == 1


def test_a_limit_above_the_room_is_warned_of_and_one_beyond_all_arrangements_refused(
    house: House,
) -> None:
    hall = {
        "name": "hall",
        "kind": "WAITING_ROOM",
        "methods": ["DENSITY"],
        "length_m": 8.0,
        "width_m": 6.0,
        "spacing_m": 1.5,
        "area_per_person_m2": 4.0,
    }
    assert (
        house.ask("PUT", f"/offices/{HOME}/zones", "manager", json={"zones": [hall]}).status_code
        == 200
    )

    def warned(limit: int | None) -> list[dict[str, Any]]:
        shown = house.post(f"/offices/{HOME}/limit", "manager", {"limit": limit, "dry_run": True})
        found: list[dict[str, Any]] = shown.get_json()["warnings"]
        return found

    assert warned(12) == []
    assert warned(13) == warned(None) == [{"code": "above_room_limit", "room_limit": 12}]
    before = house.dump("answers", "tokens")
    for dry_run in (True, False):
        answer = house.post(f"/offices/{HOME}/limit", "manager", {"limit": 35, "dry_run": dry_run})
        told = problem(answer, 422, "bad_input")
        assert (told["field"], told["reason"], told["high"]) == (
            "people_limit",
            "above_oler_bound",
            34,
        )
    assert house.dump("answers", "tokens") == before
    assert house.post(f"/offices/{HOME}/limit", "manager", {"limit": 13}).status_code == 200
