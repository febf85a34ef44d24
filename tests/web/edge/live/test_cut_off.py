"""Whoever may listen no more hears nothing more."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
import requests
import socketio

from queue_server.domain.access.accounts import User
from queue_server.services.access import sessions
from queue_server.store.access.tokens import Token
from queue_server.store.writer.database import Database
from tests.fixtures.application import HOME, PASSWORD
from tests.fixtures.hashes import cheap_hash
from tests.fixtures.live_server import WAIT_SECONDS, LiveServer, Screen


def test_a_revoked_token_is_cut_off_within_two_seconds(live_server: LiveServer) -> None:
    pairing = live_server.ask("POST", "/devices", json={"kind": "display"}).json()
    live_server.ask(
        "POST",
        f"/offices/{HOME}/devices",
        "manager",
        json={"pairing_code": pairing["pairing_code"], "name": "TV"},
    )
    token = live_server.ask(
        "POST", f"/devices/{pairing['id']}/token", json={"secret": pairing["secret"]}
    ).json()["token"]
    screen = Screen(live_server.url, token)
    assert screen.watch("device", HOME)["office"] == HOME
    subprocess.run(
        [sys.executable, "-m", "queue_server", "device", "revoke", pairing["id"]],
        env=live_server.environ,
        cwd=live_server.folder,
        check=True,
        capture_output=True,
    )
    screen.wait_until_closed(2.0)


def csrf_in(page: requests.Response) -> str:
    return page.text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def sign_in(server: LiveServer, username: str) -> requests.Session:
    """A browser in which somebody has signed in."""
    browser = requests.Session()
    form = {
        "csrf_token": csrf_in(browser.get(f"{server.url}/login")),
        "username": username,
        "password": PASSWORD,
    }
    assert browser.post(f"{server.url}/login", data=form, allow_redirects=False).status_code == 303
    return browser


def test_whoever_signs_out_hears_nothing_more(live_server: LiveServer) -> None:
    browser = sign_in(live_server, "clerk")
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    screen = Screen(live_server.url, headers=cookie)
    assert "error" not in screen.watch("desk", HOME)
    browser.post(
        f"{live_server.url}/logout",
        data={"csrf_token": csrf_in(browser.get(f"{live_server.url}/desk"))},
    )
    screen.wait_until_closed(2.0)


def test_whoever_has_left_hears_nothing_more_however_they_came_in(live_server: LiveServer) -> None:
    """Closed from the page by a manager: a log-in and a program's token end within two seconds, and
    so does a password.
    """
    database = Database(live_server.environ["ANTREAN_DATABASE_URL"])
    tokens = {"leaver": sessions.new_secret(), "added later": sessions.new_secret()}

    def add_token(name: str) -> None:
        token = Token(name, name, "clerk", HOME, user="leaver")
        database.write(
            [], lambda tx: sessions.add_token(tx, token, tokens[name], datetime.now(UTC))
        )

    hashed = cheap_hash(PASSWORD)
    database.write(
        [],
        lambda tx: sessions.add_user(tx, User("leaver", "leaver", "Leaver", "clerk", HOME), hashed),
    )
    add_token("leaver")
    browser, manager = (sign_in(live_server, name) for name in ("leaver", "manager"))
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    screens = [Screen(live_server.url, headers=cookie), Screen(live_server.url, tokens["leaver"])]
    for screen in screens:
        assert "error" not in screen.watch("desk", HOME)
    asked = manager.get(f"{live_server.url}/manage/staff/leaver/close")
    done = manager.post(asked.url, data={"csrf_token": csrf_in(asked)}, allow_redirects=False)
    assert done.status_code == 303
    for screen in screens:
        screen.wait_until_closed(2.0)
    add_token("added later")
    database.close()
    with pytest.raises(socketio.exceptions.ConnectionError):
        Screen(live_server.url, tokens["added later"])
    headers = {"Authorization": f"Bearer {tokens['added later']}"}
    assert (
        requests.get(
            f"{live_server.url}/api/v1/offices/{HOME}/queue", headers=headers, timeout=WAIT_SECONDS
        ).status_code
        == 401
    )


def test_a_new_password_cuts_the_other_log_ins_off(live_server: LiveServer) -> None:
    here, there = (sign_in(live_server, "guard") for _ in range(2))
    screens = []
    for browser in (here, there):
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
        screens.append(Screen(live_server.url, headers=cookie))
        assert "error" not in screens[-1].watch("door", HOME)
    form = {
        "csrf_token": csrf_in(here.get(f"{live_server.url}/password")),
        "current": PASSWORD,
        "password": PASSWORD,
        "again": PASSWORD,
    }
    assert (
        here.post(f"{live_server.url}/password", data=form, allow_redirects=False).status_code
        == 303
    )
    screens[1].wait_until_closed(2.0)
    assert screens[0].client.connected and "error" not in screens[0].watch("door", HOME)
    screens[0].client.disconnect()


def test_the_acknowledgement_has_the_shape_of_what_follows_and_versions_grow(
    live_server: LiveServer,
) -> None:
    slip = live_server.walk_in()
    with live_server.screen("clerk") as screen:
        keys = {"board": HOME, "desk": HOME, "door": HOME, "ticket": slip["code"]}
        acknowledged = {audience: screen.watch(audience, key) for audience, key in keys.items()}
        called = live_server.ask(
            "POST",
            f"/tickets/{slip['id']}/call",
            "clerk",
            json={"counter": f"{HOME}-2", "reason": "ill"},
        )
        assert called.status_code == 200, called.text
        for audience, first in acknowledged.items():
            following = screen.next(
                audience, lambda snapshot, first=first: snapshot["version"] > first["version"]
            )
            assert set(following) == set(first), audience
            assert following["build"] == first["build"] and following["sent_at"] >= first["sent_at"]
            assert following["version"][0] == "2026-11-23"
        live_server.ask("POST", f"/tickets/{slip['id']}/start", "clerk")
        live_server.ask("POST", f"/tickets/{slip['id']}/finish", "clerk")
        served = screen.next("ticket", lambda snapshot: snapshot["status"] == "SERVED")
        assert served["version"] > acknowledged["ticket"]["version"]
