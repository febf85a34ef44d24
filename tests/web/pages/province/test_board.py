"""The province board over HTTP: whose offices are on it, what its script is sent, and an alarm that
somebody has seen.
"""

from __future__ import annotations

import re

import pytest

from queue_server.services.supervisor.alerts import watch_thresholds
from queue_server.store.supervisor import announcements as alert_store
from queue_server.store.supervisor.announcements import Alert
from tests.fixtures.application import ELSEWHERE, HOME, HOST, TODAY, House

HEADERS = {"Host": HOST}


def open_alert(house: House) -> Alert:
    house.walk_in()
    house.clock.pass_by(minutes=11)
    watch_thresholds(house.database, house.clock.now)
    with house.database.read() as connection:
        alerts = alert_store.list_open(connection, HOME, TODAY)
    return next(each for each in alerts if each.kind.value == "NOBODY_CALLED")


@pytest.mark.parametrize(
    ("username", "offices"),
    [("admin", [HOME, ELSEWHERE]), ("province", [HOME]), ("supervisor", [HOME])],
)
def test_everybody_sees_the_offices_they_work_for(
    house: House, username: str, offices: list[str]
) -> None:
    browser, _token = house.sign_in(username)
    page = browser.get("/province", headers=HEADERS)
    assert page.status_code == 200
    assert re.findall(r'<li\s+class="province__office"\s+data-id="(\d+)"', page.text) == offices
    lines = browser.get("/province/now", headers=HEADERS).get_json()["lines"]
    assert [each["id"] for each in lines] == offices


@pytest.mark.parametrize("username", ["clerk", "guard", "reception", "auditor"])
def test_it_is_for_those_who_watch_over_offices(house: House, username: str) -> None:
    browser, _token = house.sign_in(username)
    assert browser.get("/province", headers=HEADERS).status_code == 403
    assert browser.get("/province/now", headers=HEADERS).status_code == 403


def test_the_script_is_sent_nothing_while_nothing_changes(house: House) -> None:
    browser, _token = house.sign_in("admin")
    first = browser.get("/province/now", headers=HEADERS)
    known = {**HEADERS, "If-None-Match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = browser.get("/province/now", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    house.walk_in()
    assert browser.get("/province/now", headers=known).status_code == 200


def test_an_alarm_that_somebody_has_seen_asks_nobody_any_more(house: House) -> None:
    browser, token = house.sign_in("province")
    alert = open_alert(house)
    page = browser.get("/province", headers=HEADERS).text
    path = f"/province/alarms/{HOME}/{alert.id}/seen"
    assert path in page
    for _press in range(2):
        done = browser.post(path, data={"csrf_token": token}, headers=HEADERS)
        assert (done.status_code, done.headers["Location"]) == (303, "/province?seen=1")
    page = browser.get("/province", headers=HEADERS).text
    assert path not in page and "Saya sudah melihat" in page
    with house.database.read() as connection:
        (seen,) = [
            each
            for each in alert_store.list_alerts(connection, HOME, TODAY, 20)
            if each.id == alert.id
        ]
    assert seen.acknowledged_by == "province" and seen.ended_at is None
    assert house.events().count("alert_acknowledged") == 1


def test_nobody_sees_to_the_alarms_of_other_offices(house: House) -> None:
    alert = open_alert(house)
    browser, token = house.sign_in("manager_elsewhere")
    form = {"csrf_token": token}
    path = f"/province/alarms/{HOME}/{alert.id}/seen"
    assert browser.post(path, data=form, headers=HEADERS).status_code == 403
    wrong = f"/province/alarms/{ELSEWHERE}/{alert.id}/seen"
    assert browser.post(wrong, data=form, headers=HEADERS).status_code == 404
    assert "alert_acknowledged" not in house.events()


def test_without_a_script_the_page_loads_itself_anew(house: House) -> None:
    browser, _token = house.sign_in("admin")
    page = browser.get("/province?wall", headers=HEADERS).text
    assert (
        '<noscript><meta http-equiv="refresh" content="30;url=/province?wall"></noscript>' in page
    )
