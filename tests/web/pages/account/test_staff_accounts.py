"""The pages on which accounts are added, closed and given new passwords, and the one on which one's
own password is changed.
"""

from __future__ import annotations

import itertools
import logging
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.services.access import sessions
from queue_server.store.access.tokens import Token
from queue_server.store.tables import users
from tests.fixtures.application import HOME, HOST, PASSWORD, House, csrf_of
from tests.web.problems import problem
from tests.web.site import PASSWORD as OLD
from tests.web.site import Form, Site, forms_of, links_of, main_form

NEW = "sandi-yang-baru-sekali"
DRAWN = re.compile(r'<code class="ticket__code"[^>]*>([a-z0-9-]+)</code>')


def form_to(page: TestResponse, end: str) -> Form:
    return next(each for each in forms_of(page) if each.action.endswith(end))


def add(site: Site, browser: FlaskClient, **values: str) -> TestResponse:
    form = form_to(browser.get("/manage/staff"), "/manage/staff")
    return site.send(
        browser, form, **{"name": "Rini Wulandari", "username": "Rini", "role": "clerk", **values}
    )


def password_on(page: TestResponse) -> str:
    found = DRAWN.search(page.text)
    assert found and page.status_code == 200, page.text
    return found[1]


def sign_in(site: Site, username: str, password: str) -> FlaskClient | None:
    browser = site.browser()
    done = site.send(
        browser, main_form(browser.get("/login")), username=username, password=password
    )
    return browser if done.status_code == 303 else None


def test_the_list_shows_who_works_in_the_office_and_nobody_else(site: Site) -> None:
    site.add_staff("gita", "guard", "3674")
    page = site.sign_in(site.browser(), "budi").get("/manage/staff?lang=en").text
    assert (
        ">Gita<" in page
        and ">Sari<" in page
        and "Door guard" in page
        and page.count("Can sign in") == 3
    )
    assert ">Wati<" not in page and "all offices" not in page
    assert "/manage/staff/budi/close" not in page and 'href="/password"' in page, (
        "one's own account is no button away"
    )


def test_who_looks_after_all_offices_chooses_one_and_sees_who_works_for_all(site: Site) -> None:
    browser = site.sign_in(site.browser(), "admin")
    site.add_staff("rudi", "admin", None)
    assert "?office=3672" in links_of(browser.get("/manage/staff"), "office=")
    page = browser.get("/manage/staff?office=3672&lang=en").text
    assert (
        ">Wati<" in page and ">Sari<" not in page and "Province administrator, all offices" in page
    )
    closed = site.send(
        browser, form_to(browser.get("/manage/staff/rudi/close?office=3672"), "/close")
    )
    assert (closed.status_code, closed.location) == (303, "/manage/staff?office=3672&done=closed")


def test_an_office_without_anybody_says_so(site: Site) -> None:
    """Only a program's token sees such a page: who signs in and may look works for the office, or
    for all.
    """
    database = site.application.database
    database.write(
        [],
        lambda tx: sessions.add_token(
            tx, Token("t", "BI", "manager", "3674"), "secret", site.clock.now
        ),
    )
    database.write(
        [],
        lambda tx: tx.change(users.update().where(users.c.office == "3674").values(office="3672")),
    )
    page = site.browser().get("/manage/staff?lang=en", headers={"Authorization": "Bearer secret"})
    assert page.status_code == 200 and "Nobody has an account here yet" in page.text


def test_somebody_is_added_with_a_password_that_is_shown_once(site: Site) -> None:
    browser = site.sign_in(site.browser(), "budi")
    page = add(site, browser)
    password = password_on(page)
    assert page.headers["Cache-Control"] == "no-store" and "Rini Wulandari" in page.text
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", password)
    assert (
        password not in browser.get("/manage/staff").text
        and password.encode() not in site.stored_bytes()
    )
    clerk = sign_in(site, "rini", password)
    assert clerk is not None and clerk.get("/desk").location == "/password?next=/desk", (
        "first a password of one's own"
    )
    assert change(site, clerk, password, NEW).status_code == 303
    assert clerk.get("/desk").status_code == 200 and clerk.get("/manage/staff").status_code == 403


def test_the_form_sent_again_adds_nobody_and_shows_no_password(site: Site) -> None:
    browser = site.sign_in(site.browser(), "budi")
    form = form_to(browser.get("/manage/staff"), "/manage/staff")
    values = {"name": "Rini", "username": "rini", "role": "guard"}
    password = password_on(site.send(browser, form, **values))
    again = site.send(browser, form, **values)
    assert again.status_code == 303 and DRAWN.search(browser.get(again.location).text) is None
    assert "sudah dilakukan" in browser.get(again.location).text
    assert sign_in(site, "rini", password) is not None


BAD_ACCOUNTS: list[tuple[dict[str, str], list[str]]] = [
    ({"name": "", "username": "", "role": ""}, ["name", "username", "role"]),
    ({"username": "si ti"}, ["username"]),
    ({"username": "SARI"}, ["username"]),
    ({"username": "wati"}, ["username"]),
    ({"name": "\x1b[2J"}, ["name"]),
    ({"name": "x" * 81}, ["name"]),
    ({"role": "admin"}, ["role"]),
    ({"role": "kiosk"}, ["role"]),
]


def test_a_bad_new_account_is_explained_and_nothing_typed_is_lost(site: Site) -> None:
    browser = site.sign_in(site.browser(), "budi")
    for values, fields in BAD_ACCOUNTS:
        page = add(site, browser, **values)
        assert page.status_code == 422 and re.findall(r'id="e-(\w+)"', page.text) == fields
        kept = form_to(page, "/manage/staff").fields
        for name, value in {
            "name": "Rini Wulandari",
            "username": "Rini",
            "role": "clerk",
            **values,
        }.items():
            if name not in fields:
                assert kept[name] == value
    assert browser.get("/manage/staff").text.count('<th scope="row">') == 2


def test_a_new_password_takes_the_place_of_the_old_and_signs_the_person_out(site: Site) -> None:
    browser, clerk = site.sign_in(site.browser(), "budi"), site.sign_in(site.browser(), "sari")
    asked = browser.get("/manage/staff/sari/password")
    assert "Sari" in asked.text and clerk.get("/desk").status_code == 200
    shown = site.send(browser, form_to(asked, "/password"))
    password = password_on(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    assert clerk.get("/desk").status_code == 302 and browser.get("/desk").status_code == 200
    assert sign_in(site, "sari", password) is not None and sign_in(site, "sari", OLD) is None
    again = site.send(browser, form_to(asked, "/password"))
    assert again.status_code == 303 and "done=again" in again.location
    assert sign_in(site, "sari", password) is not None, "the one that was handed over still holds"


def test_an_account_is_closed_and_opened_again(site: Site) -> None:
    browser, clerk = site.sign_in(site.browser(), "budi"), site.sign_in(site.browser(), "sari")
    asked = browser.get("/manage/staff/sari/close")
    assert clerk.get("/desk").status_code == 200, "asking closes nothing"
    for _ in range(2):
        done = site.send(browser, form_to(asked, "/close"))
        assert done.status_code == 303 and "Akun ditutup" in browser.get(done.location).text
    assert clerk.get("/desk").status_code == 302 and sign_in(site, "sari", OLD) is None
    form = form_to(browser.get("/manage/staff"), "/reopen")
    for _ in range(2):
        assert site.send(browser, form).status_code == 303
    assert clerk.get("/desk").status_code == 302
    assert sign_in(site, "sari", OLD) is not None


def test_nobody_closes_the_own_account_nor_the_last_administrators(site: Site) -> None:
    browser = site.sign_in(site.browser(), "budi")
    for act in ("close", "password"):
        page = browser.get(f"/manage/staff/budi/{act}")
        refused = site.send(browser, form_to(page, f"/{act}"))
        assert refused.status_code == 409 and "akun Anda sendiri" in refused.text
    assert browser.get("/desk").status_code == 200
    site.add_staff("rudi", "admin", "3674")
    local = site.sign_in(site.browser(), "rudi")
    assert local.get("/manage/staff/admin/close").status_code == 404


def test_another_offices_manager_reaches_nobody_here(site: Site) -> None:
    browser, clerk = site.sign_in(site.browser(), "wati"), site.sign_in(site.browser(), "sari")
    token = csrf_of(browser.get("/manage/staff"))

    def stored() -> list[Any]:
        with site.application.database.read() as connection:
            return list(connection.execute(sa.select(users).order_by(users.c.id)).all())

    before = stored()
    for target, act, office in itertools.product(
        ("sari", "admin", "nobody"), ("close", "password", "reopen"), ("3672", "3674")
    ):
        path = f"/manage/staff/{target}/{act}"
        assert browser.get(path, query_string={"office": office}).status_code == 404
        answer = browser.post(path, data={"csrf_token": token, "office": office})
        assert answer.status_code == 404 and "Sari" not in answer.text
    assert stored() == before and clerk.get("/desk").status_code == 200
    data = {"csrf_token": token, "office": "3674", "name": "X", "username": "x1", "role": "clerk"}
    assert browser.post("/manage/staff", data=data).status_code == 200
    assert [each.office for each in stored() if each.username == "x1"] == ["3672"], (
        "the own office, whatever the form says"
    )


def change(
    site: Site, browser: FlaskClient, current: str, new: str, again: str | None = None
) -> TestResponse:
    form = form_to(browser.get("/password"), "/password")
    return site.send(
        browser, form, current=current, password=new, again=new if again is None else again
    )


@pytest.mark.parametrize("role", ["guard", "admin"])
def test_everybody_changes_the_own_password_and_stays_signed_in_here_alone(
    site: Site, role: str
) -> None:
    site.add_staff("joko", role, None if role == "admin" else "3674")
    here, there = (site.sign_in(site.browser(), "joko") for _ in range(2))
    assert 'href="/password"' in here.get("/door?office=3674").text
    done = change(site, here, OLD, NEW)
    assert (done.status_code, done.location) == (303, "/password?done=1")
    assert "Kata sandi Anda sudah diganti" in here.get(done.location).text
    assert there.get("/password").status_code == 302
    assert sign_in(site, "joko", NEW) is not None and sign_in(site, "joko", OLD) is None


BAD_CHANGES = [
    ("wrong", NEW, NEW, ["current"]),
    ("", NEW, NEW, ["current"]),
    (OLD, "short", "short", ["password"]),
    (OLD, "x" * 201, "x" * 201, ["password"]),
    (OLD, "SARI.CLERK", "SARI.CLERK", ["password"]),
    (OLD, NEW, NEW + "1", ["again"]),
    ("wrong", "short", "other", ["current", "password"]),
    ("wrong", NEW, "", ["current", "again"]),
]


def test_a_refused_change_says_why_beside_the_field_and_keeps_the_rest(site: Site) -> None:
    site.add_staff("sari.clerk", "clerk", "3674")
    browser, other = (site.sign_in(site.browser(), "sari.clerk") for _ in range(2))
    for current, new, again, fields in BAD_CHANGES:
        page = change(site, browser, current, new, again)
        assert page.status_code == 422 and re.findall(r'id="e-(\w+)"', page.text) == fields
        kept, typed = (
            form_to(page, "/password").fields,
            {"current": current, "password": new, "again": again},
        )
        assert {name: kept[name] for name in typed} == {
            name: "" if name in fields else value for name, value in typed.items()
        }
        assert page.headers["Cache-Control"] == "no-store"
    assert other.get("/desk").status_code == 200 and sign_in(site, "sari.clerk", OLD) is not None


def test_forms_without_proof_change_nothing(house: House) -> None:
    browser, _token = house.sign_in("manager")
    before = house.dump("sessions")
    for path in (
        "/manage/staff",
        *(f"/manage/staff/clerk/{act}" for act in ("close", "password", "reopen")),
        "/password",
    ):
        data = {
            "name": "X",
            "username": "x",
            "role": "clerk",
            "current": PASSWORD,
            "password": NEW,
            "again": NEW,
        }
        assert browser.post(path, data=data, headers={"Host": HOST}).status_code == 403
    assert house.dump("sessions") == before


def test_a_program_has_no_password_to_change(house: House) -> None:
    house.database.write(
        [],
        lambda tx: sessions.add_token(
            tx, Token("t", "BI", "manager", HOME), "secret", house.clock.now
        ),
    )
    before = house.dump()
    data = {"current": PASSWORD, "password": NEW, "again": NEW}
    client = house.application.flask.test_client(use_cookies=False)
    assert (
        client.post(
            "/password", data=data, headers={"Host": HOST, "Authorization": "Bearer secret"}
        ).status_code
        == 422
    )
    assert house.dump() == before


def test_a_closed_accounts_program_and_counter_bother_nobody(both_houses: House) -> None:
    """The counter stays theirs for the day; all pages show it as before, and colleagues go on at
    theirs.
    """
    house = both_houses
    called = house.called()
    browser, token = house.sign_in("manager")
    done = browser.post(
        "/manage/staff/clerk/close", data={"csrf_token": token}, headers={"Host": HOST}
    )
    assert done.status_code == 303
    house.application.flask.extensions["antrean"].known_tokens.clear()
    problem(house.get(f"/offices/{HOME}/queue", "clerk"), 401, "unauthorized")
    queue = house.get(f"/offices/{HOME}/queue", "supervisor").get_json()
    assert [each["id"] for each in queue["called"]] == [called["id"]]
    for path in ("/desk", "/supervise", "/supervise/audit", "/reception", "/door", "/manage/staff"):
        assert browser.get(path, headers={"Host": HOST}).status_code == 200, path
    assert house.get(f"/offices/{HOME}/board").status_code == 200
    problem(house.post(f"/counters/{HOME}-1/close", "supervisor", {}), 409, "counter_taken")
    house.walk_in()
    assert house.call_next(f"{HOME}-3", "supervisor").status_code == 200


def test_no_password_is_ever_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = site.sign_in(site.browser(), "budi")
    drawn = password_on(add(site, browser))
    change(site, browser, "wrong-password-1", NEW)
    change(site, browser, OLD, NEW)
    told: Any = capsys.readouterr()
    for secret in (drawn, NEW, "wrong-password-1", OLD):
        assert secret not in caplog.text + told.out + told.err
