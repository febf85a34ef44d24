"""How long a session lasts, what ends it, and that nobody else comes by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.store.tables import users
from tests.fixtures.application import HOME, HOST, PASSWORD, House, csrf_of


def queue_status(house: House, browser: Any, **headers: str) -> int:
    return int(
        browser.get(f"/api/v1/offices/{HOME}/queue", headers={"Host": HOST, **headers}).status_code
    )


def test_a_session_ends_after_half_an_hour_without_a_request(both_houses: House) -> None:
    house = both_houses
    browser, _token = house.sign_in("clerk")
    for _ in range(3):
        house.clock.pass_by(minutes=29)
        assert queue_status(house, browser) == 200
    house.clock.pass_by(minutes=30, seconds=1)
    assert queue_status(house, browser) == 401


def test_a_session_ends_after_ten_hours_however_busy(house: House) -> None:
    browser, _token = house.sign_in("clerk")
    for _ in range(20):
        house.clock.pass_by(minutes=29)
        assert queue_status(house, browser) == 200
    house.clock.pass_by(minutes=21)
    assert queue_status(house, browser) == 401


def test_signing_in_changes_the_secret_and_ends_the_old_session(house: House) -> None:
    browser, _token = house.sign_in("clerk")
    first = browser.get_cookie("antrean_session", "127.0.0.1")
    assert first is not None
    browser.get("/login", headers={"Host": HOST})
    data = {
        "csrf_token": csrf_of(browser.get("/desk", headers={"Host": HOST})),
        "username": "clerk",
        "password": PASSWORD,
    }
    done = browser.post("/login", headers={"Host": HOST}, data=data)
    second = browser.get_cookie("antrean_session", "127.0.0.1")
    assert done.status_code == 303 and second is not None and second.value != first.value
    old = house.browser()
    old.set_cookie("antrean_session", first.value, domain="127.0.0.1")
    assert queue_status(house, old) == 401
    assert queue_status(house, browser) == 200
    assert first.value not in str(house.dump()), "only the hash of a secret is kept"


def test_a_session_planted_before_signing_in_is_worth_nothing(house: House) -> None:
    browser = house.browser()
    browser.set_cookie("antrean_session", "planted", domain="127.0.0.1")
    house.sign_in("clerk", browser)
    cookie = browser.get_cookie("antrean_session", "127.0.0.1")
    assert cookie is not None and cookie.value != "planted"


def test_signing_out_ends_the_session_everywhere(house: House) -> None:
    browser, token = house.sign_in("clerk")
    cookie = browser.get_cookie("antrean_session", "127.0.0.1")
    assert cookie is not None
    assert (
        browser.post("/logout", data={"csrf_token": token}, headers={"Host": HOST}).status_code
        == 303
    )
    assert browser.get_cookie("antrean_session", "127.0.0.1") is None
    thief = house.browser()
    thief.set_cookie("antrean_session", cookie.value, domain="127.0.0.1")
    assert queue_status(house, thief) == 401


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    house: House, open_house: Callable[..., House]
) -> None:
    secure = open_house(
        public_url="https://antrean.contoh.id", trusted_hosts=("antrean.contoh.id",)
    )
    for server, is_https in ((house, False), (secure, True)):
        host = "antrean.contoh.id" if is_https else HOST
        browser = server.browser()
        page = browser.get("/login", headers={"Host": host}, base_url=f"http://{host}")
        data = {"csrf_token": csrf_of(page), "username": "clerk", "password": PASSWORD}
        browser_cookie = page.headers["Set-Cookie"]
        done = browser.post(
            "/login", data=data, headers={"Host": host, "Cookie": browser_cookie.split(";")[0]}
        )
        for header in (browser_cookie, done.headers["Set-Cookie"]):
            assert "HttpOnly" in header and "SameSite=Lax" in header and "Path=/" in header, header
            assert ("Secure" in header) == is_https
        assert ("Strict-Transport-Security" in done.headers) == is_https


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Basic Y2xlcms6eA==",
        "bearer\txyz",
        "Bearer \xff",
    ],
)
def test_a_bad_bearer_token_never_falls_back_to_the_cookie(house: House, header: str) -> None:
    browser, _token = house.sign_in("clerk")
    assert queue_status(house, browser) == 200
    assert queue_status(house, browser, Authorization=header) == 401


def test_a_clerk_who_was_cut_off_is_out_at_once(house: House) -> None:
    browser, _token = house.sign_in("clerk")
    house.database.write(
        [], lambda tx: tx.change(sa.update(users).where(users.c.id == "clerk").values(active=False))
    )
    assert queue_status(house, browser) == 401
