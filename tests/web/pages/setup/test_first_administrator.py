"""The page of the first administrator: open with the code of the console, and never again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.app import Application, create_app
from queue_server.services.access import first_run
from queue_server.store.access import users as user_store
from tests.fixtures.application import HOST, Clock, House, csrf_of, make_settings
from tests.fixtures.migrated import migrated

PASSWORD = "payung-bocor-lagi-deras"
HEADERS = {"Host": HOST}


class NewServer:
    """A server on an empty database, and a browser before its set-up page."""

    def __init__(self, application: Application, clock: Clock) -> None:
        self.application, self.clock = application, clock
        code = first_run.open_set_up(application.database, clock.now)
        assert code is not None
        self.code = code

    def browser(self) -> FlaskClient:
        return self.application.flask.test_client()

    def send(
        self, browser: FlaskClient, address: str = "203.0.113.5", **changes: str
    ) -> TestResponse:
        where = {"environ_overrides": {"REMOTE_ADDR": address}, "headers": HEADERS}
        page = browser.get("/setup", **where)
        typed = {
            "code": self.code,
            "name": "Ratna Sari",
            "username": "ratna",
            "password": PASSWORD,
            "again": PASSWORD,
            **changes,
        }
        token = csrf_of(page) if page.status_code == 200 else "x"
        return browser.post("/setup", data={"csrf_token": token, **typed}, **where)

    def users(self) -> list[str]:
        with self.application.database.read() as connection:
            return [each.username for each in user_store.list_users(connection, None)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NewServer]:
    clock = Clock()
    settings = make_settings(tmp_path, migrated(f"sqlite:///{tmp_path / 'antrean.db'}"))
    application = create_app(settings, clock)
    with closing(application.database):
        yield NewServer(application, clock)


def test_the_first_administrator_is_signed_in_and_begins_with_an_office(server: NewServer) -> None:
    browser = server.browser()
    done = server.send(browser)
    assert (done.status_code, done.headers["Location"]) == (303, "/setup/office")
    assert server.code not in done.text and PASSWORD not in done.text
    page = browser.get("/setup/office?lang=en", headers=HEADERS)
    assert page.status_code == 200 and "Code of the office" in page.text
    assert server.users() == ["ratna"]


def test_once_there_is_one_the_page_never_opens_again(server: NewServer) -> None:
    assert server.send(server.browser()).status_code == 303
    later = server.browser()
    for answer in (later.get("/setup", headers=HEADERS), server.send(later, username="budi")):
        assert answer.status_code in (303, 403)
    assert later.get("/setup", headers=HEADERS).headers["Location"] == "/login"
    assert server.users() == ["ratna"]


def test_a_form_that_was_open_when_the_other_won_comes_too_late(server: NewServer) -> None:
    late = server.browser()
    token = csrf_of(late.get("/setup", headers=HEADERS))
    assert server.send(server.browser()).status_code == 303
    typed = {"code": server.code, "name": "Budi", "username": "budi", "password": PASSWORD}
    sent = late.post(
        "/setup", data={"csrf_token": token, "again": PASSWORD, **typed}, headers=HEADERS
    )
    assert (sent.status_code, sent.headers["Location"]) == (303, "/login")
    assert server.users() == ["ratna"]


def test_guesses_are_slowed_down_and_another_address_is_not(server: NewServer) -> None:
    guesses = [server.send(server.browser(), code="aaaa").status_code for _ in range(6)]
    assert guesses == [422] * 5 + [429]
    refused = server.send(server.browser())
    assert refused.status_code == 429, "while the pause lasts nothing is looked at"
    assert refused.headers["Retry-After"] == "2" and refused.headers["Cache-Control"] == "no-store"
    assert server.send(server.browser(), address="198.51.100.7").status_code == 303


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": ""}, "Masukkan kode yang dicetak server"),
        ({"code": "k7mf-x2qp-9rtd-4hwn"}, "bukan kode dari saat server terakhir"),
        ({"name": ""}, 'id="e-name"'),
        ({"username": "Ratna Sari"}, "tanpa spasi"),
        ({"password": "pendek", "again": "pendek"}, "10"),
        ({"password": "ratna", "again": "ratna"}, "10"),
        ({"password": "password123", "again": "password123"}, "mudah ditebak"),
        ({"again": "lain-sama-sekali"}, "berbeda dari kata sandi"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nobody_is_added(
    server: NewServer, changes: dict[str, str], words: str
) -> None:
    answer = server.send(server.browser(), **changes)
    assert answer.status_code == 422 and words in answer.text
    assert PASSWORD not in answer.text and server.users() == []


def test_where_there_is_an_administrator_the_page_leads_to_signing_in(house: House) -> None:
    browser, _token = house.sign_in("admin")
    for path in ("/setup", "/setup?lang=en"):
        assert browser.get(path, headers=HEADERS).headers["Location"] == "/login"


def test_the_first_page_of_an_empty_server_says_what_to_do(server: NewServer) -> None:
    page = server.browser().get("/?lang=en", headers=HEADERS)
    assert "This server is being set up" in page.text and 'href="/setup"' in page.text
