"""Signing in: pauses that grow, passwords that others chose, and a lane for the hashing that can be
full.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.web.edge.long_work import beside
from queue_server.web.edge.long_work.beside import Lane, Overloaded
from tests.fixtures.application import HOME, HOST, PASSWORD, House, csrf_of
from tests.web.problems import problem

Open = Callable[..., House]
NEW = "payung-bocor-lagi-deras"


def try_password(
    house: House,
    username: str,
    password: str,
    address: str = "203.0.113.5",
    browser: FlaskClient | None = None,
) -> TestResponse:
    browser = browser or house.browser()
    where = {"environ_overrides": {"REMOTE_ADDR": address}, "headers": {"Host": HOST}}
    token = csrf_of(browser.get("/login", **where))
    return browser.post(
        "/login",
        data={"csrf_token": token, "username": username, "password": password, "next": "/desk"},
        **where,
    )


def fail(
    house: House, count: int, username: str = "clerk", address: str = "203.0.113.5"
) -> list[int]:
    return [try_password(house, username, "wrong", address).status_code for _ in range(count)]


def test_wrong_passwords_bring_pauses_that_grow_and_end_and_no_lock(house: House) -> None:
    assert fail(house, 6) == [422] * 5 + [429]
    refused = try_password(house, "clerk", PASSWORD)
    assert (
        refused.status_code == 429
        and refused.headers["Retry-After"] == "2"
        and "Tunggu 2 detik" in refused.text
    )
    assert 'value="clerk"' in refused.text and PASSWORD not in refused.text
    house.clock.pass_by(seconds=2)
    assert try_password(house, "clerk", PASSWORD).status_code == 303
    assert fail(house, 5) == [422] * 5, "the right password forgets the person's own tries"


def test_ten_bad_sign_ins_lock_no_clerk_out(open_house: Open) -> None:
    """As before with limits on: a colleague behind the same address signs in at once, whatever a
    stranger there mistypes.
    """
    house = open_house(rate_limits=True)
    assert fail(house, 10, "manager").count(422) == 5
    assert try_password(house, "clerk", PASSWORD).status_code == 303
    usual = house.browser()
    assert try_password(house, "clerk", PASSWORD, "10.0.0.7", usual).status_code == 303
    for robot in range(30):
        fail(house, 1, "clerk", f"198.51.100.{robot}")
    assert try_password(house, "clerk", PASSWORD, "10.0.0.8").status_code == 429
    usual.post(
        "/logout",
        data={"csrf_token": csrf_of(usual.get("/desk", headers={"Host": HOST}))},
        headers={"Host": HOST},
    )
    assert try_password(house, "clerk", PASSWORD, "10.0.0.9", usual).status_code == 303, (
        "where they have signed in before"
    )


def test_an_unknown_name_is_paused_as_a_known_one_and_no_guess_is_written_anywhere(
    house: House,
) -> None:
    before = house.dump()
    assert fail(house, 4, "nobody") == fail(house, 4, "guard", "203.0.113.6") == [422] * 4
    assert house.dump() == before, "a disk that a robot keeps busy is one that calls wait for"
    assert fail(house, 2, "nobody") == fail(house, 2, "guard", "203.0.113.6") == [422, 429]


def test_present_passwords_are_guessed_no_more_often_than_at_the_door(house: House) -> None:
    browser, token = house.sign_in("clerk")
    data = {"csrf_token": token, "current": "wrong", "password": NEW, "again": NEW}
    answers = [browser.post("/password", data=data, headers={"Host": HOST}) for _ in range(6)]
    assert [each.status_code for each in answers] == [422] * 5 + [429]
    assert answers[-1].text.count(NEW) == 2, "what was typed is kept"


def test_tries_at_once_all_count_before_any_is_checked(house: House) -> None:
    """Each is counted when it is made: while one is being checked, the next finds it counted."""
    counted: list[int] = []
    context = house.application.flask.extensions["antrean"]
    hash_beside = context.beside.hash

    def look(*job: object, is_known: bool) -> object:
        counted.append(max(each.count for each in context.tries._tries.values()))
        return hash_beside(*job, is_known=is_known)

    context.beside.hash = look
    fail(house, 3)
    assert counted == [1, 2, 3]


def test_when_too_many_sign_in_at_once_the_form_comes_back_as_it_was_typed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_job: object, is_known: bool) -> None:
        raise Overloaded()

    monkeypatch.setattr(house.application.beside, "hash", full)
    busy = [try_password(house, "clerk", PASSWORD) for _ in range(8)]
    assert {each.status_code for each in busy} == {503}, "and none of them counts as a wrong try"
    page = busy[0]
    assert (
        page.headers["Retry-After"] == str(beside.RETRY_SECONDS)
        and page.headers["Cache-Control"] == "no-store"
    )
    assert (
        'value="clerk"' in page.text
        and f'value="{PASSWORD}"' in page.text
        and 'name="next" value="/desk"' in page.text
    )
    monkeypatch.undo()
    browser, token = house.sign_in("manager")
    monkeypatch.setattr(house.application.beside, "hash", full)
    data = {"csrf_token": token, "name": "Rini Wulandari", "username": "rini", "role": "guard"}
    page = browser.post("/manage/staff", data=data, headers={"Host": HOST})
    assert (
        page.status_code == 503
        and 'value="Rini Wulandari"' in page.text
        and 'value="rini"' in page.text
    )


def test_a_lane_lets_some_run_some_wait_and_refuses_the_rest() -> None:
    lane, begun, go = Lane(1, 1), threading.Semaphore(0), threading.Event()

    def work() -> None:
        begun.release()
        go.wait()

    threads = [threading.Thread(target=lane.run, args=(work,)) for _ in range(2)]
    threads[0].start()
    begun.acquire()
    threads[1].start()
    while lane._room._value:  # the second has not come to wait yet
        pass
    with pytest.raises(Overloaded):
        lane.run(work)
    go.set()
    for each in threads:
        each.join()
    assert lane.run(lambda: 7) == 7, "room again"


def test_strangers_who_fill_their_lane_keep_nobody_out_at_the_usual_desk(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = house.browser()
    assert try_password(house, "clerk", PASSWORD, browser=usual).status_code == 303
    usual.post(
        "/logout",
        data={"csrf_token": csrf_of(usual.get("/desk", headers={"Host": HOST}))},
        headers={"Host": HOST},
    )

    def full(_work: object) -> None:
        raise Overloaded()

    monkeypatch.setattr(house.application.beside._hashes_of_strangers, "run", full)
    assert try_password(house, "clerk", PASSWORD).status_code == 503
    assert try_password(house, "clerk", PASSWORD, browser=usual).status_code == 303


def reset(house: House, username: str = "supervisor", by: str = "manager") -> str:
    """Let a manager set somebody's password. Returns it."""
    browser, token = house.sign_in(by)
    page = browser.post(
        f"/manage/staff/{username}/password", data={"csrf_token": token}, headers={"Host": HOST}
    )
    return page.text.split('<code class="ticket__code" translate="no">')[1].split("<")[0]


def test_a_password_that_somebody_else_chose_opens_nothing_but_the_page_to_change_it(
    both_houses: House,
) -> None:
    house = both_houses
    password = reset(house)
    browser = house.browser()
    done = try_password(house, "supervisor", password, browser=browser)
    assert done.status_code == 303 and done.location == "/password?next=/desk"
    assert browser.get("/supervise", headers={"Host": HOST}).location == "/password?next=/supervise"
    problem(
        browser.get(f"/api/v1/offices/{HOME}/queue", headers={"Host": HOST}),
        403,
        "password_change_required",
    )
    assert house.get(f"/offices/{HOME}/queue", "supervisor").status_code == 200, (
        "programs sign in by no password"
    )
    page = browser.get("/password?next=/supervise&lang=en", headers={"Host": HOST})
    assert "Your password was set by Manager on Monday, 23 November 2026, 09:00 WIB" in page.text
    form = {
        "csrf_token": csrf_of(page),
        "current": password,
        "password": NEW,
        "again": NEW,
        "next": "/supervise",
    }
    unread = browser.post("/password", data=form, headers={"Host": HOST})
    assert unread.status_code == 422 and 'id="e-seen"' in unread.text
    same = browser.post(
        "/password",
        data=form | {"seen": "1", "password": password, "again": password},
        headers={"Host": HOST},
    )
    assert same.status_code == 422 and 'id="e-password"' in same.text
    done = browser.post("/password", data=form | {"seen": "1"}, headers={"Host": HOST})
    assert done.status_code == 303 and done.location == "/supervise"
    assert browser.get("/supervise", headers={"Host": HOST}).status_code == 200
    assert "set by Manager" not in browser.get("/password?lang=en", headers={"Host": HOST}).text


def test_a_reset_that_was_used_and_hidden_is_told_of_again_at_the_next(house: House) -> None:
    """A manager who acted in somebody's name has confirmed the notice in their place: the person
    sees it with the next one.
    """
    password = reset(house)
    browser = house.browser()
    try_password(house, "supervisor", password, browser=browser)
    token = csrf_of(browser.get("/password", headers={"Host": HOST}))
    form = {"csrf_token": token, "current": password, "password": NEW, "again": NEW, "seen": "1"}
    assert browser.post("/password", data=form, headers={"Host": HOST}).status_code == 303
    house.clock.pass_by(hours=1)
    again = reset(house, by="admin")
    browser = house.browser()
    try_password(house, "supervisor", again, browser=browser)
    page = browser.get("/password?lang=en", headers={"Host": HOST}).text
    assert (
        "set by Manager on Monday, 23 November 2026, 09:00" in page
        and "set by Admin on Monday, 23 November 2026, 10:00" in page
    )


def test_a_common_password_is_refused_where_one_is_chosen(house: House) -> None:
    browser, token = house.sign_in("clerk")
    for common in ("rahasia12345", "Clerk-2026!!", f"kantor-{HOME}"):
        data = {"csrf_token": token, "current": PASSWORD, "password": common, "again": common}
        page = browser.post("/password?lang=en", data=data, headers={"Host": HOST})
        assert page.status_code == 422 and "easily guessed" in page.text


def test_the_audit_page_says_who_did_what_to_accounts_in_both_languages(house: House) -> None:
    fail(house, 5, "guard")
    password = reset(house)
    browser = house.browser()
    try_password(house, "supervisor", password, browser=browser)
    reader, _token = house.sign_in("admin")
    english = reader.get(f"/supervise/audit?office={HOME}&lang=en", headers={"Host": HOST}).text
    assert (
        english.index("Set a new password for Supervisor")
        > english.index("Signed in")
        > english.index('id="accounts"')
    )
    assert "5 wrong passwords for Guard within the last hour" in english
    indonesian = reader.get(f"/supervise/audit?office={HOME}&lang=id", headers={"Host": HOST}).text
    assert (
        "Menyetel ulang kata sandi Supervisor" in indonesian
        and "5 kali kata sandi salah untuk Guard" in indonesian
    )
    assert not any(each in english for each in ("password_reset", "signed_in", "sign_in_refused"))


def test_a_form_with_an_own_password_sent_twice_changes_it_once(house: House) -> None:
    browser, token = house.sign_in("clerk")
    form = {"csrf_token": token, "current": PASSWORD, "password": NEW, "again": NEW}
    form["idempotency_key"] = "8d6b1a52-5f0b-4a3c-9b0e-6a1d5c7e9f10"

    def send(password: str) -> TestResponse:
        data = form | {"password": password, "again": password}
        return browser.post("/password?lang=en", data=data, headers={"Host": HOST})

    first = send(NEW)
    changed = house.dump("answers")
    assert first.status_code == 303 and send(NEW).location == first.location
    assert house.dump("answers") == changed, "neither a change nor a wrong try"
    assert "already sent with other answers" in send("a quite different one").text
    assert try_password(house, "clerk", NEW).status_code == 303
