"""Passkeys with Chromium's own authenticator: made, used in place of the password and after it,
never twice, never by another.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import CDPSession, Page
from werkzeug.serving import make_server

from queue_server.store import tables
from queue_server.store.access import passkeys as store
from tests.fixtures.application import HOST, PASSWORD, House, csrf_of
from tests.fixtures.browser import Pages
from tests.fixtures.services import free_port
from tests.web.pages.account.factors.test_second_factor import add_app, is_in, send, show

pytestmark = pytest.mark.requires_browser


@dataclass
class Served:
    """A house that a browser can open by the name localhost, for which passkeys may be."""

    house: House
    url: str


@pytest.fixture
def served(open_house: Callable[..., House]) -> Iterator[Served]:
    port = free_port()
    url = f"http://localhost:{port}"
    house = open_house(public_url=url, second_factor="required")
    server = make_server("127.0.0.1", port, house.application.flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Served(house, url)
    server.shutdown()
    thread.join()
    server.server_close()


def plug_in(page: Page, *, verifies: bool = True) -> CDPSession:
    """Give a page a security key of its own."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": verifies,
                "isUserVerified": verifies,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def type_password(page: Page, served: Served, username: str = "manager") -> None:
    page.goto(f"{served.url}/login?lang=en")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def make_passkey(page: Page, served: Served) -> None:
    type_password(page, served)
    page.goto(f"{served.url}/account/second-factor?lang=en")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/login")


def kept(served: Served) -> list[store.Passkey]:
    with served.house.database.read() as connection:
        return store.list_of_user(connection, "manager")


def test_a_passkey_is_made_used_alone_and_after_the_password_and_removed(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    page = page_at(360, 740, "en-GB")
    plug_in(page)
    make_passkey(page, served)
    assert axe(page) == [] and page.locator("ol code").count() == 10
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk")
    sign_out(page)
    type_password(page, served)
    page.wait_for_url("**/login/code*")
    assert axe(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk")
    [passkey] = kept(served)
    assert passkey.uses >= 3 and passkey.used_at is not None
    page.goto(f"{served.url}/account/second-factor?lang=en")
    assert axe(page) == []
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("Your account needs a second factor.").first.wait_for()
    assert len(kept(served)) == 1, "a manager may not be without one"


def post_of(page: Page, served: Served) -> dict[str, str]:
    """What the page would send to sign in, which does not leave the browser."""
    caught: list[str] = []
    page.route(
        "**/login/passkey",
        lambda route: (
            caught.append(route.request.post_data or ""),
            route.fulfill(status=200, body="caught", content_type="text/plain"),
        ),
    )
    page.goto(f"{served.url}/login?lang=en")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("caught").wait_for()
    page.unroute("**/login/passkey")
    return dict(parse_qsl(caught[0], keep_blank_values=True))


def test_what_was_signed_is_good_once_for_this_browser_for_five_minutes(
    served: Served, page_at: Pages
) -> None:
    page, house = page_at(1366, 768, "en-GB"), served.house
    plug_in(page)
    make_passkey(page, served)
    sign_out(page)
    given = post_of(page, served)
    credential = json.loads(given["credential"])
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}

    def send_it(changes: dict[str, Any] | None = None, visit: str | None = None) -> Any:
        browser = house.browser()
        browser.set_cookie("antrean_visit", visit or cookies["antrean_visit"], domain="localhost")
        headers = {"Host": served.url.removeprefix("http://")}
        page = browser.get("/login", headers=headers)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"csrf_token": token, "credential": json.dumps({**credential, **(changes or {})})}
        return browser.post("/login/passkey", data=data, headers=headers).status_code

    response = credential["response"]
    before = house.dump()
    assert send_it(visit="another-browser-of-a-thief-0000") == 409
    assert send_it({"id": "unknown", "rawId": "unknown"}) == 409
    for name in ("clientDataJSON", "authenticatorData", "signature"):
        changed = response[name][:-6] + ("AAAAAA" if response[name][-6:] != "AAAAAA" else "BBBBBB")
        assert send_it({"response": {**response, name: changed}}) == 409
    for odd in ({"response": None}, {"response": {}}, {"id": 7}, {"type": "password"}):
        assert send_it(odd) == 409
    assert house.dump() == before
    assert [send_it(), send_it()] == [303, 409]
    credential = json.loads(post_of(page, served)["credential"])
    house.clock.pass_by(minutes=5, seconds=2)
    assert send_it() == 409


def test_a_key_that_does_not_check_its_holder_is_a_second_factor_only(
    served: Served, page_at: Pages
) -> None:
    page = page_at(1366, 768, "en-GB")
    plug_in(page, verifies=False)
    make_passkey(page, served)
    sign_out(page)
    type_password(page, served)
    page.wait_for_url("**/login/code*")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk")
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.locator("[data-failed]").wait_for()
    assert "/login" in page.url


RESET = "/manage/staff/clerk/password"


def ask_who_it_is(page: Page, served: Served) -> None:
    """Send a form so late that it is asked first who that is."""
    page.goto(f"{served.url}{RESET}?lang=en")
    served.house.clock.pass_by(minutes=10, seconds=1)
    page.get_by_role("button", name="Yes, set a new one").click()
    page.get_by_role("heading", name="Is it you?").wait_for()


def test_a_passkey_says_who_it_is_before_a_sensitive_act(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    page = page_at(360, 740, "en-GB")
    plug_in(page)
    make_passkey(page, served)
    ask_who_it_is(page, served)
    assert axe(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("This password is shown only now").wait_for()
    served.house.clock.pass_by(minutes=11)
    page.goto(f"{served.url}/account/second-factor/app?lang=en")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/account/second-factor/app*")


def test_what_was_signed_for_one_log_in_is_good_there_and_once(
    served: Served, page_at: Pages
) -> None:
    page, house = page_at(1366, 768, "en-GB"), served.house
    plug_in(page)
    make_passkey(page, served)
    ask_who_it_is(page, served)
    caught: list[str] = []
    page.route(
        f"**{RESET}*",
        lambda route: (
            caught.append(route.request.post_data or ""),
            route.fulfill(status=200, body="caught", content_type="text/plain"),
        ),
    )
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("caught").wait_for()
    given = dict(parse_qsl(caught[0], keep_blank_values=True))
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    manager, other = house.browser(), house.browser()
    for name in ("antrean_session", "antrean_visit"):
        manager.set_cookie(name, cookies[name], domain="localhost")
    headers = {"Host": served.url.removeprefix("http://")}

    def send_it(browser: FlaskClient, **changes: str) -> int:
        forget_confirmed(house)
        token = csrf_of(browser.get("/account/second-factor", headers=headers))
        data = {**given, "csrf_token": token, **changes}
        return browser.post(RESET, data=data, headers=headers).status_code

    sign_in(house, "admin", other, headers)
    before = house.dump("sessions")
    assert send_it(other) == 422, "of another person"
    for odd in ("{}", "[]", "x", given["own_passkey"][:-9]):
        assert send_it(manager, own_passkey=odd) == 422
    assert house.dump("sessions") == before
    assert [send_it(manager), send_it(manager)] == [200, 422]


def sign_in(house: House, username: str, browser: FlaskClient, headers: dict[str, str]) -> None:
    token = csrf_of(browser.get("/login", headers=headers))
    data = {"csrf_token": token, "username": username, "password": PASSWORD}
    assert browser.post("/login", data=data, headers=headers).status_code == 303


def forget_confirmed(house: House) -> None:
    """Let all log-ins be late, without a clock that would age what was signed as well."""
    statement = tables.sessions.update().values(confirmed_at=None)
    house.database.write([], lambda tx: tx.change(statement).rowcount)


def test_where_there_can_be_none_nothing_is_offered(house: House) -> None:
    browser, _paper = add_app(house)
    assert is_in(browser) and "data-passkey" not in show(browser, "/account/second-factor").text
    assert "data-passkey" not in show(house.browser(), "/login").text
    for path in ("/login/passkey/options", "/account/second-factor/passkeys/options"):
        assert browser.get(path, headers={"Host": HOST}).status_code == 404
    assert send(browser, "/login/passkey", show(browser, "/password")).status_code == 404
