"""Before a sensitive act somebody shows once more who they are, in the form itself; and log-ins are
listed and ended.
"""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fixtures.application import HOME, HOST, PASSWORD, House, csrf_of
from tests.web.pages.account.factors.test_second_factor import (
    add_app,
    app_of,
    is_in,
    send,
    show,
    type_password,
)

RESET = "/manage/staff/clerk/password"


def fields_of(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the page's own form."""
    main = page.text.split("<main")[1]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', main)
    return {name: unescape(value) for name, value in found}


def answer(browser: FlaskClient, asked: TestResponse, path: str, typed: str) -> TestResponse:
    data = {**fields_of(asked), "own_proof": typed}
    return browser.post(path, data=data, headers={"Host": HOST})


def ask_late(house: House, username: str = "manager") -> tuple[FlaskClient, TestResponse]:
    browser = type_password(house, username)
    page = show(browser, RESET)
    house.clock.pass_by(minutes=10, seconds=1)
    return browser, send(browser, RESET, page, office=HOME)


def test_right_after_the_sign_in_nobody_is_asked(house: House) -> None:
    browser = type_password(house, "manager")
    page = show(browser, RESET)
    house.clock.pass_by(minutes=10)
    assert send(browser, RESET, page, office=HOME).status_code == 200


def test_later_the_form_asks_and_does_with_the_answer_what_was_asked_for(house: House) -> None:
    browser, asked = ask_late(house)
    before = house.dump("sessions", "events", "office_days")
    assert asked.status_code == 403 and "own_proof" in asked.text
    assert fields_of(asked)["office"] == HOME and "idempotency_key" in fields_of(asked)
    wrong = answer(browser, asked, RESET, "wrong password")
    assert wrong.status_code == 422 and fields_of(wrong)["office"] == HOME
    assert house.dump("sessions", "events", "office_days") == before
    done = answer(browser, wrong, RESET, PASSWORD)
    assert done.status_code == 200 and "ticket__code" in done.text
    page = show(browser, "/manage/staff/guard/password")
    house.clock.pass_by(minutes=9)
    again = send(browser, "/manage/staff/guard/password", page, office=HOME)
    assert again.status_code == 200, "not asked again within ten minutes"


def test_wrong_answers_bring_pauses_and_stand_in_the_log(house: House) -> None:
    browser, asked = ask_late(house)
    answers = [answer(browser, asked, RESET, "wrong").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    house.clock.pass_by(minutes=1)
    assert answer(browser, asked, RESET, PASSWORD).status_code == 200
    assert "gave 5 wrong answers" in show(browser, "/supervise/audit?lang=en").text


def test_a_code_of_the_app_is_an_answer_too_and_once(house: House) -> None:
    browser, _paper = add_app(house)
    page = show(browser, RESET)
    house.clock.pass_by(minutes=11)
    asked = send(browser, RESET, page, office=HOME)
    code = app_of(house, "manager").at(house.clock.now)
    assert answer(browser, asked, RESET, code).status_code == 200
    page = show(browser, RESET)
    house.clock.pass_by(minutes=11)
    asked = send(browser, RESET, page, office=HOME)
    assert answer(browser, asked, RESET, code).status_code == 422


def test_what_is_only_looked_at_is_gone_on_to_afterwards(house: House) -> None:
    browser = type_password(house, "clerk")
    house.clock.pass_by(minutes=11)
    held = show(browser, "/account/second-factor/app")
    assert held.location == "/account/confirm?next=/account/second-factor/app"
    asked = show(browser, held.location)
    done = answer(browser, asked, "/account/confirm", PASSWORD)
    assert (done.status_code, done.location) == (303, "/account/second-factor/app")
    assert show(browser, done.location).status_code == 200


def test_nobody_is_led_away_from_this_site(house: House) -> None:
    browser = type_password(house, "clerk")
    asked = show(browser, "/account/confirm?next=https://example.org/")
    assert answer(browser, asked, "/account/confirm", PASSWORD).location == "/desk"


@pytest.mark.parametrize(
    "path", ["/manage/devices/approve", "/manage/devices/sensor", "/manage/webhooks"]
)
def test_what_lets_something_in_asks_too(house: House, path: str) -> None:
    browser = type_password(house, "manager")
    house.clock.pass_by(minutes=11)
    asked = send(browser, path, show(browser, "/manage/devices"), office=HOME, code="AAAAAA")
    assert asked.status_code == 403 and fields_of(asked)["code"] == "AAAAAA"


def test_the_list_of_a_day_asks_too(house: House) -> None:
    browser = type_password(house, "clerk")
    page = show(browser, "/reception")
    house.clock.pass_by(minutes=11)
    asked = browser.post(
        "/reception/daily-list",
        data={"csrf_token": csrf_of(page), "day": "today", "office": HOME},
        headers={"Host": HOST},
    )
    assert asked.status_code == 403
    done = answer(browser, asked, "/reception/daily-list", PASSWORD)
    assert (done.status_code, done.content_type) == (200, "application/pdf")


FILES = {
    "/manage/reports/file?format=csv&span=month&on=2026-11-02&office=9101": (
        "text/csv; charset=utf-8",
        "/manage/reports?format=csv&amp;span=month&amp;on=2026-11-02&amp;office=9101",
    ),
    "/manage/office/file.yaml?office=9101": (
        "application/yaml; charset=utf-8",
        "/manage/office?office=9101",
    ),
}


@pytest.mark.parametrize("path", FILES)
def test_a_download_asks_too_and_leads_back_to_its_page(house: House, path: str) -> None:
    browser, (content_type, page) = type_password(house, "manager"), FILES[path]
    assert show(browser, path).content_type == content_type
    house.clock.pass_by(minutes=11)
    held = show(browser, path)
    assert held.status_code == 303 and held.location.startswith("/account/confirm?next=/manage/")
    asked = show(browser, held.location)
    assert answer(browser, asked, "/account/confirm", "wrong").status_code == 422
    done = answer(browser, asked, "/account/confirm", PASSWORD)
    assert done.status_code == 200 and f'content="0; url={path.replace("&", "&amp;")}"' in done.text
    assert f'href="{page}"' in done.text
    assert show(browser, path).content_type == content_type


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/manage/staff", {"username": "dewi", "role": "clerk", "offices": HOME}),
        ("/account/tokens", {"scope": "read", "days": "30"}),
    ],
)
def test_what_gives_access_asks_too_and_is_done_with_the_answer(
    house: House, path: str, typed: dict[str, str]
) -> None:
    browser = type_password(house, "manager")
    page = show(browser, path)
    house.clock.pass_by(minutes=11)
    before = house.dump("sessions")
    asked = send(browser, path, page, office=HOME, name="Dewi Lestari", **typed)
    assert asked.status_code == 403 and fields_of(asked)["name"] == "Dewi Lestari"
    assert house.dump("sessions") == before
    done = answer(browser, asked, path, PASSWORD)
    assert done.status_code == 200 and "no-store" in done.headers["Cache-Control"]


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def test_log_ins_are_listed_and_ended(both_houses: House) -> None:
    house = both_houses
    here, there = house.browser(), house.browser()
    there.environ_base.update(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.77")
    type_password(house, "clerk", here)
    type_password(house, "clerk", there)
    other = type_password(house, "guard")
    page = show(here, "/account/sessions?lang=en")
    assert "Firefox, Linux" in page.text and "203.0.113.*" in page.text
    assert "203.0.113.77" not in page.text and page.text.count("End it") == 1
    name = fields_of(page)["name"]
    assert send(other, "/account/sessions", show(other, "/account/sessions"), name=name).location
    assert is_in(there), "nobody ends another's"
    assert send(here, "/account/sessions", page, name=name).status_code == 303
    assert is_in(here) and not is_in(there)
    type_password(house, "clerk", there)
    send(there, "/account/sessions", show(there, "/account/sessions"))
    assert is_in(there) and not is_in(here) and is_in(other)


def test_a_manager_signs_somebody_out_everywhere(house: House) -> None:
    clerk = type_password(house, "clerk")
    manager, foreign = type_password(house, "manager"), type_password(house, "manager_elsewhere")
    path = "/manage/staff/clerk/sign-out"
    refused = send(foreign, path, show(foreign, "/manage/staff"))
    assert refused.status_code == 404 and is_in(clerk)
    done = send(manager, path, show(manager, "/manage/staff"), office=HOME)
    assert done.status_code == 303 and not is_in(clerk)
    audit = show(manager, "/supervise/audit?lang=en").text
    assert "Ended 1 log-ins of Clerk" in audit
