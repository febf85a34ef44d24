"""The office's sign-in service: a real provider on loopback, and one that lies in every way or is
away.
"""

from __future__ import annotations

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask, Response, jsonify, request
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from oidc_provider_mock import User, run_server_in_thread
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from queue_server.effects.access import sign_in_service
from queue_server.effects.access.sign_in_service import is_safe_url
from queue_server.settings import BadSettings, load_settings
from tests.fixtures.application import HOME, HOST, House
from tests.fixtures.services import free_port
from tests.web.pages.account.factors.test_second_factor import (
    add_app,
    is_in,
    send,
    show,
    type_password,
)

Open = Callable[..., House]
CLIENT = "antrean"
EMAIL = "clerk@example.go.id"


def go(browser: FlaskClient, target: str = "/desk") -> str:
    """Where the service is asked."""
    done = show(browser, f"/login/service?next={target}")
    assert done.status_code == 303, done.text
    return done.location


def come_back(browser: FlaskClient, location: str) -> TestResponse:
    parts = urlsplit(location)
    assert parts.netloc == HOST and parts.path == "/login/service/callback"
    return show(browser, f"{parts.path}?{parts.query}")


@pytest.fixture
def open_linked(open_house: Open, provider: str, tmp_path: Path) -> Callable[[], House]:
    """A server whose sign-in service is the real provider."""
    secret = tmp_path / "client.secret"
    secret.write_text("a-secret-of-ours")
    return lambda: open_house(
        oidc_issuer=provider, oidc_client_id=CLIENT, oidc_client_secret_file=secret
    )


def link(house: House, user: str = "clerk", **typed: str) -> TestResponse:
    admin = type_password(house, "admin")
    path = f"/manage/staff/{user}/link"
    return send(admin, path, show(admin, f"{path}?office={HOME}"), office=HOME, **typed)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider as others write them."""
    people = [
        User(sub="s-17", claims={"email": EMAIL, "email_verified": True}),
        User(sub="s-18", claims={"email": EMAIL, "email_verified": False}),
        User(sub="s-19", claims={"email": EMAIL.upper(), "email_verified": True}),
    ]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


def sign_in_there(location: str, sub: str) -> str:
    """The provider's own page, where somebody says who they are."""
    answer = requests.post(location, data={"sub": sub}, timeout=10, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_a_linked_account_signs_in_with_a_real_provider(open_linked: Callable[[], House]) -> None:
    house = open_linked()
    browser = house.browser()
    there = go(browser, "/door")
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["nonce"] and asked["state"]
    back = sign_in_there(there, "s-17")
    refused = come_back(browser, back)
    assert refused.status_code == 403 and not is_in(browser), "no account is made by itself"
    assert link(house, email=f" {EMAIL.title()} ").status_code == 303
    unverified = come_back(browser, sign_in_there(go(browser), "s-18"))
    assert unverified.status_code == 403 and not is_in(browser)
    done = come_back(browser, sign_in_there(go(browser, "/door"), "s-17"))
    assert (done.status_code, done.location) == (303, "/door") and is_in(browser)
    thief = house.browser()
    other = come_back(thief, sign_in_there(go(thief), "s-19"))
    assert other.status_code == 403 and not is_in(thief), "whoever gets the address later"
    again = house.browser()
    assert come_back(again, sign_in_there(go(again), "s-17")).status_code == 303
    audit = show(type_password(house, "manager"), "/supervise/audit?lang=en").text
    assert "Signed in through the sign-in service" in audit and "Linked the account" in audit
    assert EMAIL not in audit


def test_the_second_factor_is_asked_for_all_the_same(open_linked: Callable[[], House]) -> None:
    house = open_linked()
    add_app(house, "clerk")
    link(house, subject="s-17")
    browser = house.browser()
    done = come_back(browser, sign_in_there(go(browser), "s-17"))
    assert done.location == "/login/code?next=/desk" and not is_in(browser)


def test_only_the_browser_that_began_comes_back_and_once(open_linked: Callable[[], House]) -> None:
    house = open_linked()
    link(house, subject="s-17")
    browser, other = house.browser(), house.browser()
    back = sign_in_there(go(browser), "s-17")
    assert come_back(other, back).status_code == 403 and not is_in(other)
    go(other)
    assert come_back(other, back).status_code == 403, "the state of another question"
    assert come_back(browser, back).status_code == 303 and is_in(browser)
    browser = house.browser()
    assert come_back(browser, back).status_code == 403
    late = house.browser()
    back = sign_in_there(go(late), "s-17")
    house.clock.pass_by(minutes=10, seconds=1)
    assert come_back(late, back).status_code == 403 and not is_in(late)
    denied = house.browser()
    state = parse_qs(urlsplit(go(denied)).query)["state"][0]
    answer = show(denied, f"/login/service/callback?error=access_denied&state={state}")
    assert answer.status_code == 403


@dataclass
class Liar:
    """A provider that says what a test tells it to. `change` changes the claims of its next token,
    `sign` makes the token of them, `alter` what it says of itself; at the path `slow` it sends a
    byte now and then, and at `broken` half of an answer.
    """

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k"}))
    change: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    alter: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    status: int = 200
    slow: str = ""
    broken: str = ""

    def claims(self) -> dict[str, Any]:
        now = int(time.time())
        told = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "s-17",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            **self.change,
        }
        return {name: value for name, value in told.items() if value is not None}

    def token(self) -> str:
        return (self.sign or self.sign_well)(self.claims())

    def sign_well(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "k"}, claims, self.key)


@pytest.fixture
def liar() -> Iterator[Liar]:
    port = free_port()
    liar = Liar(f"http://127.0.0.1:{port}")
    app = Flask("liar")

    @app.get("/.well-known/openid-configuration")
    def describe() -> Any:
        said = {
            "issuer": liar.url,
            "authorization_endpoint": f"{liar.url}/authorize",
            "token_endpoint": f"{liar.url}/token",
            "jwks_uri": f"{liar.url}/keys",
            **liar.alter,
        }
        return jsonify(said), liar.status

    @app.get("/keys")
    def keys() -> Any:
        return jsonify({"keys": [liar.key.as_dict(private=False)]})

    @app.post("/token")
    def token() -> Any:
        assert request.form["code_verifier"]
        return jsonify({"access_token": "a", "token_type": "Bearer", "id_token": liar.token()})

    @app.after_request
    def delay(answer: Response) -> Response:
        whole = answer.get_data()
        if request.path == liar.broken:
            answer.response = iter([whole[:9]])
        if request.path == liar.slow:
            answer.response = drip(whole, over)
        return answer

    over = threading.Event()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield liar
    over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def drip(whole: bytes, over: threading.Event) -> Iterator[bytes]:
    """A good answer, byte by byte: sent to its end unless whoever asked hangs up."""
    for at in range(len(whole)):
        over.wait(0.02)
        yield whole[at : at + 1]


SLOW = ["/.well-known/openid-configuration", "/keys"]


@pytest.mark.parametrize("slow", SLOW)
@pytest.mark.parametrize("kind", ["slow", "broken"])
def test_a_provider_that_never_ends_an_answer_is_away(
    open_house: Open, liar: Liar, kind: str, slow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_server.effects.access.sign_in_service.TIMEOUT_SECONDS", 0.5)
    setattr(liar, kind, slow)
    house = open_house(oidc_issuer=liar.url, oidc_client_id=CLIENT)
    done = show(house.browser(), "/login/service?lang=en")
    assert done.status_code == 503 and "does not answer" in done.text
    assert 'name="password"' in done.text and is_in(type_password(house, "clerk"))


@pytest.mark.parametrize("kind", ["slow", "broken"])
def test_a_provider_that_slows_down_meanwhile_signs_nobody_in(
    open_house: Open, liar: Liar, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_house(oidc_issuer=liar.url, oidc_client_id=CLIENT)
    link(house, subject="s-17")
    browser = house.browser()
    asked = parse_qs(urlsplit(go(browser)).query)
    liar.nonce = asked["nonce"][0]
    setattr(liar, kind, "/token")
    monkeypatch.setattr("queue_server.effects.access.sign_in_service.TIMEOUT_SECONDS", 0.5)
    back = f"/login/service/callback?lang=en&code=c&state={asked['state'][0]}"
    done = show(browser, back)
    assert done.status_code == 503 and "does not answer" in done.text and not is_in(browser)


def test_one_question_takes_five_seconds_at_most() -> None:
    assert sign_in_service.TIMEOUT_SECONDS <= 5.0


def come_from(house: House, liar: Liar) -> tuple[TestResponse, FlaskClient]:
    browser = house.browser()
    asked = parse_qs(urlsplit(go(browser)).query)
    liar.nonce = asked["nonce"][0]
    state = asked["state"][0]
    return show(browser, f"/login/service/callback?code=c&state={state}"), browser


def test_a_provider_that_lies_signs_nobody_in(open_house: Open, liar: Liar) -> None:
    house = open_house(oidc_issuer=liar.url, oidc_client_id=CLIENT)
    link(house, subject="s-17")
    done, browser = come_from(house, liar)
    assert done.status_code == 303 and is_in(browser), "as long as it tells the truth"
    now = int(time.time())
    lies: list[dict[str, Any]] = [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": None},
        {"aud": [CLIENT, "somebody-else"]},
        {"azp": "somebody-else"},
        {"iss": "https://example.org"},
        {"exp": now - 3600},
        {"exp": None},
        {"iat": now + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 17},
    ]
    before = house.dump()
    for lie in lies:
        liar.change = lie
        done, browser = come_from(house, liar)
        assert done.status_code == 403 and not is_in(browser), lie
    liar.change = {}
    stranger = RSAKey.generate_key(2048, {"kid": "k"})
    shared = OctKey.import_key(json.dumps(liar.key.as_dict(private=False)))
    odd: list[Callable[[dict[str, Any]], str]] = [
        lambda claims: jwt.encode({"alg": "RS256", "kid": "k"}, claims, stranger),
        lambda claims: jwt.encode({"alg": "HS256"}, claims, shared),
        lambda claims: without_signature(liar.sign_well(claims)),
        lambda _claims: "",
        lambda _claims: "a.b.c",
    ]
    for sign in odd:
        liar.sign = sign
        done, browser = come_from(house, liar)
        assert done.status_code == 403 and not is_in(browser)
    assert house.dump() == before


def without_signature(token: str) -> str:
    """The same claims under "alg": "none"."""
    head = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "alter",
    [
        {"issuer": "https://example.org"},
        {"jwks_uri": "http://example.org/keys"},
        {"token_endpoint": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_calls_itself_otherwise_is_not_asked(
    open_house: Open, liar: Liar, alter: dict[str, Any]
) -> None:
    liar.alter = alter
    house = open_house(oidc_issuer=liar.url, oidc_client_id=CLIENT)
    done = show(house.browser(), "/login/service?lang=en")
    assert done.status_code == 503 and "does not answer" in done.text


def test_a_provider_that_is_away_leaves_the_password(open_house: Open) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    house = open_house(oidc_issuer=gone, oidc_client_id=CLIENT)
    browser = house.browser()
    done = show(browser, "/login/service?lang=en")
    assert done.status_code == 503 and 'name="password"' in done.text
    assert is_in(type_password(house, "clerk"))


def test_a_provider_that_goes_meanwhile_signs_nobody_in(open_house: Open, liar: Liar) -> None:
    house = open_house(oidc_issuer=liar.url, oidc_client_id=CLIENT)
    link(house, subject="s-17")
    liar.sign = lambda _claims: 1 / 0  # type: ignore[assignment,return-value]  # it breaks
    done, browser = come_from(house, liar)
    assert done.status_code in (403, 503) and not is_in(browser)


def test_new_keys_of_the_provider_are_taken_up(
    open_house: Open, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_house(oidc_issuer=liar.url, oidc_client_id=CLIENT)
    link(house, subject="s-17")
    assert come_from(house, liar)[0].status_code == 303
    liar.key = RSAKey.generate_key(2048, {"kid": "k"})
    assert come_from(house, liar)[0].status_code == 403, "it was asked a moment ago"
    monkeypatch.setattr("queue_server.effects.access.sign_in_service.FAILED_SECONDS", 0.0)
    assert come_from(house, liar)[0].status_code == 303


def test_two_accounts_are_never_one_person(open_linked: Callable[[], House]) -> None:
    house = open_linked()
    assert link(house, email=EMAIL).status_code == 303
    assert link(house, "guard", email=EMAIL).status_code == 409
    assert link(house, "guard", email="no address").status_code == 422
    assert link(house).status_code == 303
    assert link(house, "guard", email=EMAIL).status_code == 303
    manager = type_password(house, "manager")
    assert show(manager, "/manage/staff/clerk/link").status_code == 404


def test_without_a_service_there_is_nothing_of_it(house: House) -> None:
    assert "/login/service" not in show(house.browser(), "/login").text
    assert show(house.browser(), "/login/service").status_code == 404


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://login.example.go.id/realms/kantor", True),
        ("http://localhost:9000/token", True),
        ("http://10.0.0.7/token", False),
        ("https://", False),
        ("http://[bad", False),
        (None, False),
    ],
)
def test_secrets_are_sent_over_tls_alone(url: object, is_safe: bool) -> None:
    assert is_safe_url(url) is is_safe


@pytest.mark.parametrize("issuer", ["http://login.example.go.id", "ldap://x", "https://u:p@x.id"])
def test_an_address_that_can_be_no_service_stops_the_start(issuer: str) -> None:
    with pytest.raises(BadSettings, match="OIDC_ISSUER"):
        load_settings({}, oidc_issuer=issuer)
