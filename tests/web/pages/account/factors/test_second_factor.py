"""The second factor in the browser: asked for at the sign-in, added, used, lost, reset."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.services.access.factors import codes
from tests.fixtures.application import HOME, HOST, PASSWORD, House, csrf_of
from tests.web.problems import problem

Open = Callable[..., House]
WHERE = {"headers": {"Host": HOST}}


def show(browser: FlaskClient, path: str) -> TestResponse:
    return browser.get(path, **WHERE)


def send(browser: FlaskClient, path: str, page: TestResponse, **data: str) -> TestResponse:
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page.text)
    fields = {"csrf_token": csrf_of(page), **data}
    if key:
        fields["idempotency_key"] = key[1]
    return browser.post(path, data=fields, **WHERE)


def type_password(house: House, username: str, browser: FlaskClient | None = None) -> FlaskClient:
    browser = browser or house.browser()
    done = send(
        browser,
        "/login",
        show(browser, "/login"),
        username=username,
        password=PASSWORD,
        next="/desk",
    )
    assert done.status_code == 303
    return browser


def app_of(house: House, username: str, generation: int = 1) -> pyotp.TOTP:
    """The app on somebody's telephone."""
    context = house.application.flask.extensions["antrean"]
    return pyotp.TOTP(codes.make_key(context.secret_key, username, generation))


def add_app(house: House, username: str = "manager") -> tuple[FlaskClient, list[str]]:
    """Somebody signed in who has just added an app, and the recovery codes shown."""
    browser = type_password(house, username)
    page = show(browser, "/account/second-factor/app")
    done = send(
        browser,
        "/account/second-factor/app",
        page,
        code=app_of(house, username).at(house.clock.now),
    )
    assert done.status_code == 200 and done.headers["Cache-Control"] == "no-store"
    return browser, re.findall(r'<code translate="no">([^<]+)</code>', done.text)


def type_code(house: House, browser: FlaskClient, code: str) -> TestResponse:
    return send(browser, "/login/code", show(browser, "/login/code"), code=code, next="/desk")


def is_in(browser: FlaskClient) -> bool:
    return show(browser, "/password").status_code == 200


def test_managers_are_asked_and_after_the_grace_nothing_else_opens(open_house: Open) -> None:
    house = open_house(second_factor="required")
    browser = house.browser()
    done = send(browser, "/login", show(browser, "/login"), username="manager", password=PASSWORD)
    assert done.location == "/account/second-factor?next=/desk"
    page = show(browser, done.location)
    assert 'href="/desk"' in page.text and show(browser, "/manage").status_code == 200
    house.clock.pass_by(days=14, minutes=-1)
    browser = type_password(house, "manager")
    assert show(browser, "/manage").status_code == 200, "the first sign-in began the grace"
    house.clock.pass_by(minutes=1)
    held = show(browser, "/manage/staff")
    assert (held.status_code, held.location) == (303, "/account/second-factor?next=/manage/staff")
    api = browser.get(f"/api/v1/offices/{HOME}/queue", **WHERE)
    problem(api, 403, "second_factor_required")
    page = show(browser, "/account/second-factor")
    assert 'href="/desk"' not in page.text.split("<main")[1]
    assert show(type_password(house, "clerk"), "/desk").status_code == 200


@pytest.mark.parametrize(
    "settings",
    [
        {"second_factor": "optional"},
        {"second_factor": "required", "demo_access_file": "access.json"},
    ],
)
def test_where_nobody_must_have_one_nobody_is_asked(
    open_house: Open, settings: dict[str, str]
) -> None:
    house = open_house(**settings)
    browser = house.browser()
    done = send(browser, "/login", show(browser, "/login"), username="manager", password=PASSWORD)
    assert done.location == "/desk"
    house.clock.pass_by(days=99)
    assert show(type_password(house, "manager"), "/manage").status_code == 200


def test_with_an_app_the_password_alone_opens_nothing(house: House) -> None:
    _first, paper = add_app(house)
    assert len(paper) == len(set(paper)) == 10
    browser = type_password(house, "manager")
    assert not is_in(browser) and "Manager" in show(browser, "/login/code").text
    house.clock.pass_by(seconds=30)
    code = app_of(house, "manager").at(house.clock.now)
    done = type_code(house, browser, code)
    assert (done.status_code, done.location) == (303, "/desk") and is_in(browser)
    again = type_password(house, "manager")
    assert type_code(house, again, code).status_code == 422, "a code is good once"
    assert type_code(house, again, paper[3]).status_code == 303
    third = type_password(house, "manager")
    assert type_code(house, third, paper[3]).status_code == 422 and not is_in(third)


def test_the_question_is_open_for_five_minutes_to_who_gave_the_password(house: House) -> None:
    _first, paper = add_app(house)
    nobody = house.browser()
    assert show(nobody, "/login/code").location == "/login"
    browser = type_password(house, "manager")
    halfway = browser.get_cookie("antrean_halfway", "127.0.0.1")
    assert halfway is not None
    user, issued, mark = halfway.value.split(".")
    for forged in (f"admin.{issued}.{mark}", f"{user}.{int(issued) + 1}.{mark}", "x.9.é", "..", ""):
        nobody.set_cookie("antrean_halfway", forged, domain="127.0.0.1")
        assert show(nobody, "/login/code").location == "/login"
    page = show(browser, "/login/code")
    house.clock.pass_by(minutes=5, seconds=1)
    done = send(browser, "/login/code", page, code=paper[0])
    assert done.location == "/login" and not is_in(browser)


def test_wrong_codes_bring_pauses_and_stand_in_the_log(house: House) -> None:
    _first, paper = add_app(house)
    browser = type_password(house, "manager")
    answers = [type_code(house, browser, "000000").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    browser = type_password(house, "manager")
    assert type_code(house, browser, paper[0]).status_code == 429, "the password forgives no code"
    house.clock.pass_by(seconds=2)
    assert type_code(house, browser, paper[0]).status_code == 303
    audit = show(browser, "/supervise/audit?lang=en").text
    assert "5 wrong codes for Manager" in audit
    assert "Signed in with password and recovery code" in audit
    assert "Used a recovery code; 9 are left" in audit


def test_an_administrator_resets_and_a_manager_does_not(house: House) -> None:
    add_app(house)
    manager, _token = house.sign_in("manager_elsewhere")
    path = "/manage/staff/manager/second-factor"
    assert show(manager, path).status_code in (403, 404)
    admin, _token = house.sign_in("admin")
    office = f"office={HOME}"
    listed = show(admin, f"/manage/staff?{office}&lang=en").text
    assert listed.count("/second-factor?office") == 1
    page = show(admin, f"{path}?{office}")
    done = send(admin, path, page, office=HOME)
    assert done.status_code == 303
    assert is_in(type_password(house, "manager"))


def test_a_program_has_no_second_factor(house: House) -> None:
    client = house.application.flask.test_client(use_cookies=False)
    headers = {"Host": HOST, "Authorization": f"Bearer {house.people.tokens['manager']}"}
    assert client.get("/account/second-factor/app", headers=headers).status_code == 409
