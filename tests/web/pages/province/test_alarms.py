"""Alarms on the province board: whom each went to and when, when it goes on, who has seen it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from queue_server.effects.alert_mail import AlertMailDelivery
from queue_server.web.edge.words.messages.alarms import write_alert_letter
from tests.effects.mail_server import Post, open_post
from tests.effects.test_alert_mail import LIMIT, count
from tests.effects.test_escalation_mail import PROVINCE, let_wait, look, see, set_rules
from tests.effects.test_mail import hand_in
from tests.fixtures.application import HOME, HOST, House, at

HEADERS = {"Host": HOST}


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


def alarms(house: House, lang: str = "en") -> dict[str, Any]:
    browser, _token = house.sign_in("province")
    found: dict[str, Any] = browser.get(f"/province/now?lang={lang}", headers=HEADERS).get_json()
    return found["alarms"]


def row(house: House, about: str) -> dict[str, Any]:
    [found] = [each for each in alarms(house)["rows"] if about in each["text"]]
    return dict(found)


def mail_office(house: House, post: Post | None) -> None:
    AlertMailDelivery(
        house.database,
        hand_in(post),
        lambda office, alert: write_alert_letter(office, alert, "http://kantor"),
        house.clock,
    ).step()


def test_an_alarm_on_its_way_from_the_office_to_the_province(
    both_houses: House, post: Post
) -> None:
    house = both_houses
    let_wait(house)
    alarm = row(house, "Nobody was called")
    assert (alarm["since"], alarm["seen"]) == ("since 09:10 WIB", "")
    assert alarm["told"] == "Goes to the province at 09:25 WIB, unless seen."

    house.clock.pass_by(minutes=15)
    look(house, post)
    alarm = row(house, "Nobody was called")
    assert alarm["told"] == (
        "Passed on to the province at 09:25 WIB: mail to p…@provinsi.example at 09:25 WIB."
    )
    assert alarm["url"] and PROVINCE not in str(alarms(house))

    browser, token = house.sign_in("province")
    house.clock.pass_by(minutes=2)
    done = browser.post(alarm["url"], data={"csrf_token": token}, headers=HEADERS)
    assert done.status_code == 303
    alarm = row(house, "Nobody was called")
    assert (alarm["url"], alarm["seen"]) == ("", "“I have seen it”: Province, 09:27 WIB")
    house.call_next()
    look(house, post)
    assert row(house, "Nobody was called")["seen"].startswith("“I have seen it”"), "stands a day"
    house.clock.pass_by(hours=24)
    assert alarms(house)["rows"] == []


def test_whoever_presses_first_on_the_board_stops_it_from_going_on(
    both_houses: House, post: Post
) -> None:
    house = both_houses
    let_wait(house)
    browser, token = house.sign_in("province")
    url = row(house, "Nobody was called")["url"]
    for _press in range(2):
        assert browser.post(url, data={"csrf_token": token}, headers=HEADERS).status_code == 303
    house.clock.pass_by(minutes=30)
    look(house, post)
    assert (post.mails, house.events().count("alert_escalated")) == ([], 0)
    assert house.events().count("alert_acknowledged") == 1
    assert row(house, "Nobody was called")["told"] == ""


def test_quiet_hours_are_said(house: House) -> None:
    let_wait(house, quiet_from_hour=9, quiet_until_hour=12)
    assert row(house, "Nobody was called")["told"] == (
        "Quiet hours: goes to the province at 12:00 WIB, unless seen."
    )
    quiet = f"Quiet hours, only danger to people is told: Kantor {HOME} until 12:00 WIB."
    assert alarms(house)["quiet"] == quiet
    house.clock.now = at(12)
    assert alarms(house)["quiet"] == ""


def test_what_stands_in_the_way_of_a_mail_is_said(house: House, post: Post) -> None:
    set_rules(house, email="kepala@kantor.example")
    let_wait(house)
    count(house, LIMIT + 1)
    assert row(house, "Over the limit")["told"].startswith(
        "Office: mail to k…@kantor.example not sent yet."
    )
    mail_office(house, post)
    assert "Office: mail to k…@kantor.example at 09:10 WIB." in row(house, "Over the limit")["told"]

    house.clock.pass_by(minutes=15)
    post.refuse = {PROVINCE: "550 nobody here"}
    look(house, post)
    assert "mail to p…@provinsi.example could not be sent" in row(house, "Over")["told"]
    assert [each["text"][:4] for each in alarms(house)["rows"]][0] == "Over", "danger stands first"


def test_without_an_address_or_a_rule_it_is_said_as_well(house: House) -> None:
    let_wait(house, escalate_email=None)
    assert row(house, "counters are open")["told"] == "Stays in the office."
    house.clock.pass_by(minutes=15)
    look(house, None)
    assert "no address is set, only other programs were told" in row(house, "Nobody")["told"]


def test_a_letter_of_which_there_was_no_need_any_more(house: House, post: Post) -> None:
    let_wait(house)
    house.clock.pass_by(minutes=15)
    post.refuse = {PROVINCE: "451 later"}
    look(house, post)
    see(house)
    house.clock.pass_by(hours=1)
    post.refuse = {}
    look(house, post)
    assert "no mail was needed any more" in row(house, "Nobody was called")["told"]


def test_the_title_counts_what_nobody_has_seen(house: House) -> None:
    let_wait(house)
    assert alarms(house)["title"] == "2 alarms that nobody has seen"
    see(house)
    assert alarms(house, "id")["title"] == "Peringatan: semuanya sudah dilihat"


def test_no_alarm_of_an_office_of_others(house: House) -> None:
    let_wait(house)
    browser, _token = house.sign_in("manager_elsewhere")
    assert browser.get("/province/now", headers=HEADERS).get_json()["alarms"]["rows"] == []
