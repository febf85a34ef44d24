"""The page on which everybody of the staff makes tokens for programs of their own."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.store.access import tokens as token_store
from queue_server.store.access import users as user_store
from tests.web.site import Form, Site, forms_of, links_of, main_form

SHOWN = re.compile(r'<code class="token"[^>]*>([\w-]+)</code>')


def form_of(browser: FlaskClient) -> Form:
    return main_form(browser.get("/account/tokens"))


def make(site: Site, browser: FlaskClient, **values: str) -> TestResponse:
    return site.send(browser, form_of(browser), **{"name": "Rekap", "scope": "role", **values})


def secret_on(page: TestResponse) -> str:
    found = SHOWN.search(page.text)
    assert page.status_code == 200 and found, page.text
    return found[1]


def ask(site: Site, secret: str, path: str, method: str = "GET") -> int:
    site.application.flask.extensions["antrean"].known_tokens.clear()
    client = site.application.flask.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {secret}"}
    body = {} if method == "GET" else {"json": {}}
    return client.open(path, method=method, headers=headers, **body).status_code


def test_a_token_is_shown_once_and_works_in_the_name_of_its_person(site: Site) -> None:
    browser = site.sign_in(site.browser(), "sari")
    page = make(site, browser)
    secret = secret_on(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert secret not in browser.get("/account/tokens").text
    assert secret.encode() not in site.stored_bytes()
    assert ask(site, secret, "/api/v1/offices/3674/queue") == 200
    assert ask(site, secret, "/api/v1/offices/3672/queue") == 403
    assert ask(site, secret, "/api/v1/offices/3674/dashboard") == 403


def test_the_list_says_when_it_was_used_and_revoking_ends_it(site: Site) -> None:
    browser = site.sign_in(site.browser(), "sari")
    secret = secret_on(make(site, browser))
    assert "not yet" in browser.get("/account/tokens?lang=en").text
    ask(site, secret, "/api/v1/offices/3674/queue")
    page = browser.get("/account/tokens?lang=en")
    assert "not yet" not in page.text and "24 November 2026" in page.text
    [link] = links_of(page, "/revoke")
    asked = browser.get(link)
    assert ask(site, secret, "/api/v1/offices/3674/queue") == 200, "asking revokes nothing"
    form = next(each for each in forms_of(asked) if each.action.endswith("/revoke"))
    for _ in range(2):
        done = site.send(browser, form)
        assert (done.status_code, done.location) == (303, "/account/tokens?done=revoked")
    assert ask(site, secret, "/api/v1/offices/3674/queue") == 401
    assert browser.get(link).status_code == 404


def test_a_token_that_only_reads_is_refused_a_change(site: Site) -> None:
    browser = site.sign_in(site.browser(), "sari")
    secret = secret_on(make(site, browser, scope="read"))
    assert ask(site, secret, "/api/v1/offices/3674/queue") == 200
    assert ask(site, secret, "/api/v1/counters/3674-1/open", "POST") == 403
    assert ask(site, secret, "/api/v1/tickets/AAAAAAAAAAAA/cancel", "POST") == 403, (
        "an address for everybody knows who is of the staff"
    )


def test_no_token_makes_another_or_touches_accounts(site: Site) -> None:
    browser = site.sign_in(site.browser(), "budi")
    secret = secret_on(make(site, browser))
    for path in ("/account/tokens", "/password", "/manage/staff/sari/password"):
        for method in ("GET", "POST"):
            assert ask(site, secret, path, method) == 403, (path, method)
    assert ask(site, secret, "/api/v1/offices/3674/devices", "POST") == 403


def test_it_ends_on_its_last_day(site: Site) -> None:
    browser = site.sign_in(site.browser(), "sari")
    secret = secret_on(make(site, browser, days="30"))
    site.clock.pass_by(days=29, hours=23)
    assert ask(site, secret, "/api/v1/offices/3674/queue") == 200
    site.clock.pass_by(hours=2)
    assert ask(site, secret, "/api/v1/offices/3674/queue") == 401


def test_the_form_sent_again_makes_and_shows_none(site: Site) -> None:
    browser = site.sign_in(site.browser(), "sari")
    form = form_of(browser)
    secret = secret_on(site.send(browser, form, name="Rekap"))
    again = site.send(browser, form, name="Rekap")
    assert (again.status_code, again.location) == (303, "/account/tokens?done=again")
    page = browser.get(again.location)
    assert len(links_of(page, "/revoke")) == 1 and secret not in page.text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x1b[2Jb"}, "name"),
        ({"scope": "admin"}, "scope"),
        ({"days": "3650"}, "days"),
        ({"days": ""}, "days"),
    ],
)
def test_a_bad_wish_is_explained_and_makes_none(
    site: Site, values: dict[str, str], field: str
) -> None:
    browser = site.sign_in(site.browser(), "sari")
    page = make(site, browser, **values)
    assert page.status_code == 422 and re.findall(r'id="e-(\w+)"', page.text) == [field]
    assert links_of(browser.get("/account/tokens"), "/revoke") == []


def test_nobody_sees_or_revokes_anothers(site: Site) -> None:
    secret = secret_on(make(site, site.sign_in(site.browser(), "sari")))
    with site.application.database.read() as connection:
        [token] = token_store.list_tokens(connection, site.clock.now)
    other = site.sign_in(site.browser(), "budi")
    assert "Rekap" not in other.get("/account/tokens").text
    assert other.get(f"/account/tokens/{token.id}/revoke").status_code == 404
    form = form_of(other)
    site.send(other, Form(f"/account/tokens/{token.id}/revoke", "post", form.fields))
    assert ask(site, secret, "/api/v1/offices/3674/queue") == 200


def test_who_has_a_password_of_somebody_elses_choice_makes_none(site: Site) -> None:
    browser = site.sign_in(site.browser(), "sari")
    site.application.database.write(
        [], lambda tx: user_store.update_user(tx, "sari", must_change=True)
    )
    for path in ("/account/tokens", "/account/tokens/x/revoke"):
        assert browser.get(path).location == f"/password?next={path}"
