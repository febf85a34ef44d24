"""Which hosts get an answer, and what every answer carries."""

from __future__ import annotations

import pytest

from queue_server.store.writer.database import OutcomeUnknown
from queue_server.web.api.citizen import tickets
from queue_server.web.edge.headers import CONTENT_SECURITY_POLICY, HEADERS
from tests.fixtures.application import HOME, HOST, House
from tests.web.problems import problem

HOSTS = [
    "evil.example",
    "127.0.0.1.evil.example",
    "",
    "[::1]:8000",
    "localhost.",
    "127.0.0.1@evil.example",
    "evil.example:127.0.0.1",
    "127.0.0.1:8000@evil.example",
    "127.0.0.1:8000,evil.example",
]


PATHS = [
    "/",
    f"/api/v1/offices/{HOME}",
    *(f"/socket.io/?EIO=4&transport={each}" for each in ("polling", "websocket")),
]


def test_other_host_names_get_no_answer(house: House) -> None:
    browser = house.browser()
    for host in HOSTS:
        for path in PATHS:
            headers = {"Host": host, "X-Forwarded-Host": "127.0.0.1"}
            answer = browser.get(path, headers=headers, environ_overrides={"HTTP_HOST": host})
            assert answer.status_code == 421, (host, path)
            assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_every_kind_of_answer_carries_the_security_headers(house: House) -> None:
    browser, token = house.sign_in("clerk")
    code = house.book()["code"]
    asked = [
        ("GET", "/", 200),
        ("GET", "/nothing", 404),
        ("DELETE", "/", 405),
        ("GET", f"/api/v1/offices/{HOME}", 200),
        ("GET", "/api/v1/offices/9", 404),
        ("POST", f"/api/v1/offices/{HOME}/mode", 403),
        ("GET", "/manage/devices", 403),
        ("GET", f"/t/{code}", 200),
        ("GET", f"/t/{code}/calendar.ics", 200),
        ("GET", "/assets/x/antrean.css", 200),
        ("GET", "/assets/x/nothing.css", 404),
        ("GET", "/livez", 200),
        ("GET", "/metrics", 200),
        ("GET", "/desk", 200),
        ("GET", "/socket.io/?EIO=4&transport=polling", 400),
        ("GET", "/socket.io/?EIO=3&transport=websocket", 400),
        ("GET", f"/t/{code.lower()}", 302),
        ("GET", "/api/v1/openapi.json", 200),
    ]
    for method, path, status in asked:
        answer = browser.open(path, method=method, headers={"Host": HOST})
        assert answer.status_code == status, (path, answer.status_code)
        for name, value in HEADERS.items():
            if path == f"/t/{code}" and name == "Content-Security-Policy":
                # This page alone starts a worker, whose address needs a policy with a name.
                value = value.replace("trusted-types 'none'", "trusted-types antrean-worker")
                assert value != CONTENT_SECURITY_POLICY
            assert answer.headers.get(name) == value, (path, name)
    assert "unsafe" not in CONTENT_SECURITY_POLICY and "http:" not in CONTENT_SECURITY_POLICY
    private = browser.get(f"/t/{code}", headers={"Host": HOST})
    assert private.headers["Cache-Control"] == "no-store"


def test_a_failure_of_ours_says_a_reference_and_nothing_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error, status, code in (
        (RuntimeError("secret words"), 500, "internal"),
        (OutcomeUnknown("secret words"), 503, "unavailable"),
    ):

        def fail(_office: str, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(tickets, "find_office", fail)
        answer = house.get(f"/offices/{HOME}")
        body = problem(answer, status, code)
        assert len(body["reference"]) == 8 and "secret" not in answer.text
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert (answer.headers.get("Retry-After") == "2") == (status == 503)
