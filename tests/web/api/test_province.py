"""Many offices over the API: the board with its mark of version, and one change for many of them,
never without its dry run.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from queue_server.domain.office.modes import ServiceMode
from queue_server.services.office.offices import set_people_limit
from queue_server.services.supervisor.alerts import watch_thresholds
from tests.fixtures.application import ELSEWHERE, HOME, TODAY, House, name_key
from tests.web.pages.province.test_board import open_alert
from tests.web.problems import problem

BOTH = (HOME, ELSEWHERE)
ORDER: dict[str, Any] = {
    "mode": {"mode": "URGENT_ONLY", "notice": {"id": "Hanya layanan mendesak."}},
    "day": {
        "date": (TODAY + timedelta(days=1)).isoformat(),
        "openings": [{"opens": "08:00", "closes": "12:00"}],
    },
    "limit": {"percent": 50},
}


def try_out(house: House, who: str = "admin", **changes: Any) -> dict[str, Any]:
    done = house.post("/province/changes/dry-run", who, {**ORDER, **changes})
    assert done.status_code == 200, done.text
    return dict(done.get_json())


def confirmation(preview: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**ORDER, "revisions": preview["revisions"], "seal": preview["seal"], **changes}


def modes(house: House) -> list[ServiceMode]:
    return [house.database.find_office(code).mode_at(house.clock.now) for code in BOTH]


def test_the_board_is_sent_once_until_something_changes(both_houses: House) -> None:
    house = both_houses
    first = house.get("/province/board", "admin")
    assert [each["office"] for each in first.get_json()["offices"]] == sorted(BOTH)
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    again = house.get("/province/board", "admin", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    house.walk_in()
    changed = house.get("/province/board", "admin", headers=known).get_json()
    home = next(each for each in changed["offices"] if each["office"] == HOME)
    assert (home["waiting"], home["inside"], home["concerns"]) == (1, 1, ["NO_COUNTER"])


def test_everybody_gets_the_offices_they_work_for(house: House) -> None:
    open_alert(house)
    board = house.get("/province/board", "province").get_json()
    assert [each["office"] for each in board["offices"]] == [HOME]
    assert {each["kind"] for each in board["alarms"]} == {"NOBODY_CALLED", "FEW_COUNTERS"}
    board = house.get("/province/board", "manager_elsewhere").get_json()
    assert [each["office"] for each in board["offices"]] == [ELSEWHERE]
    assert board["alarms"] == []
    for who in ("clerk", "auditor", "kiosk"):
        problem(house.get("/province/board", who), 403, "forbidden")


def test_a_program_of_the_province_sees_to_an_alarm(house: House) -> None:
    alert = open_alert(house)
    done = house.post(f"/offices/{HOME}/alerts/{alert.id}/acknowledge", "province", {})
    assert done.get_json() == {"alert": alert.id, "by": "province"}
    alarms = house.get("/province/board", "province").get_json()["alarms"]
    seen = next(each for each in alarms if each["id"] == alert.id)
    assert (seen["seen_by"], seen["passes_on_at"]) == ("Province", None)
    watch_thresholds(house.database, house.clock.now)


def test_a_dry_run_and_then_just_this_change(both_houses: House) -> None:
    house = both_houses
    house.book()
    before = house.dump("answers")
    preview = try_out(house)
    assert [each["office"] for each in preview["offices"]] == sorted(BOTH)
    assert sum(each["stranded"] for each in preview["offices"]) == 1
    assert preview["revisions"].keys() == set(BOTH) and house.dump("answers") == before

    body, key = confirmation(preview), name_key("23 March")
    for _sent in range(2):
        done = house.post("/province/changes", "admin", body, key=key)
        assert done.status_code == 200, done.text
        assert [each["done"] for each in done.get_json()["offices"]] == [True, True]
        assert modes(house) == [ServiceMode.URGENT_ONLY] * 2
        limits = [house.database.find_office(code).people_limit for code in BOTH]
        assert limits == [6, 6], "halved once"
    again = house.post("/province/changes", "admin", body).get_json()["offices"]
    assert {each["refused"]["code"] for each in again} == {"changed"}, "its dry run is used up"


@pytest.mark.parametrize(
    "other",
    [
        {"limit": {"percent": 40}},
        {"mode": {"mode": "CLOSED"}},
        {"revisions": {HOME: 1}},
        {"seal": "0" * 64},
    ],
)
def test_nothing_but_what_was_tried_out_is_changed(house: House, other: dict[str, Any]) -> None:
    before = house.dump()
    body = confirmation(try_out(house), **other)
    refused = problem(house.post("/province/changes", "admin", body), 422, "bad_input")
    assert (refused["field"], refused["reason"]) == ("seal", "no_dry_run")
    assert house.dump() == before


def test_the_dry_run_of_somebody_else_is_none(house: House) -> None:
    preview = try_out(house, "province")
    assert preview["revisions"].keys() == {HOME}
    body = confirmation(preview)
    problem(house.post("/province/changes", "admin", body), 422, "bad_input")
    assert house.post("/province/changes", "province", body).status_code == 200
    assert modes(house) == [ServiceMode.URGENT_ONLY, ServiceMode.NORMAL]


def test_an_office_changed_in_between_is_named_and_left(house: House) -> None:
    preview = try_out(house)
    house.database.write(
        [(HOME, TODAY)], lambda tx: set_people_limit(tx, HOME, 5, "manager", house.clock.now)
    )
    done = house.post("/province/changes", "admin", confirmation(preview)).get_json()["offices"]
    told = {each["office"]: each["refused"] for each in done}
    assert told == {HOME: {"code": "changed", "facts": {"office": HOME}}, ELSEWHERE: None}
    assert modes(house) == [ServiceMode.NORMAL, ServiceMode.URGENT_ONLY]
    assert house.database.find_office(HOME).people_limit == 5


def test_what_makes_no_sense_in_one_office_is_said_there(house: House) -> None:
    house.database.write(
        [(HOME, TODAY)], lambda tx: set_people_limit(tx, HOME, None, "manager", house.clock.now)
    )
    preview = try_out(house)
    told = {each["office"]: each["refused"] for each in preview["offices"]}
    assert told[HOME] == {"code": "bad_input", "facts": {"field": "percent", "reason": "no_limit"}}
    assert told[ELSEWHERE] is None and preview["revisions"].keys() == {ELSEWHERE}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"limit": {}},
        {"limit": {"people": 3, "percent": 50}},
        {"limit": {"percent": 0}},
        {"notice": {"text": {}}},
        {"mode": {"mode": "URGENT_ONLY"}, "notice": {"text": {"id": "a"}}},
        {"limit": {"people": 3}, "offices": []},
        {"day": {"date": "2026-02-30", "openings": None}},
    ],
)
def test_bad_bodies_change_nothing(house: House, body: dict[str, Any]) -> None:
    problem(house.post("/province/changes/dry-run", "admin", body), 422, "bad_input")


def test_offices_of_others_and_of_nobody(house: House) -> None:
    problem(
        house.post("/province/changes/dry-run", "province", {**ORDER, "offices": [ELSEWHERE]}),
        403,
        "forbidden",
    )
    problem(
        house.post("/province/changes/dry-run", "admin", {**ORDER, "offices": ["none"]}),
        404,
        "unknown_office",
    )


def test_a_notice_alone_keeps_the_mode(house: House) -> None:
    preview = house.post(
        "/province/changes/dry-run", "admin", {"notice": {"text": {"id": "Bawa KTP."}}}
    ).get_json()
    body = {
        "notice": {"text": {"id": "Bawa KTP."}},
        "revisions": preview["revisions"],
        "seal": preview["seal"],
    }
    assert house.post("/province/changes", "admin", body).status_code == 200
    period = house.database.find_office(HOME).mode_period(house.clock.now)
    assert period is not None and period.notice == {"id": "Bawa KTP."}
    assert modes(house) == [ServiceMode.NORMAL] * 2
