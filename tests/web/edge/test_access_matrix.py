"""The matrix of who may do what where: every route of the URL map against every role in the own
office, in another one, in several and in all of them, by log-in and by a token of one's own.

Who is let in by role stands in the tables of `test_access`, in which a new route must have a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from queue_server.domain.access.accounts import OF_PEOPLE, User
from queue_server.domain.access.personal_tokens import TokenScope
from queue_server.services.access import sessions
from queue_server.store.access.tokens import Token
from queue_server.web.edge.access.routes import About, access_of
from tests.fixtures.application import ELSEWHERE, HOME, HOST, PASSWORD, House
from tests.fixtures.hashes import cheap_hash
from tests.web.edge.test_access import (
    ABOUT_SERVER,
    BODIES,
    OF_NO_OFFICE,
    OPEN_TO_ALL,
    QUERIES,
    ROLES,
    prepare,
    requests_of,
)

PLACES: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "own": (HOME, ()),
    "foreign": (ELSEWHERE, ()),
    "several": (ELSEWHERE, (HOME,)),
    "all": (None, ()),
}
IN_PERSON = {
    *(endpoint for endpoint in ROLES if endpoint.startswith(("account.", "tokens."))),
    *(
        endpoint
        for endpoint in ROLES
        if endpoint.startswith("accounts.") and endpoint != "accounts.staff"
    ),
    "api.approve_device",
    "changes.find_person",
    "changes.person_file",
    "changes.erase_person",
    "manage.approve_device",
    "setup.catalogue_file",
    "manage.add_sensor",
}
"""What nobody does by a token of their own. A route of accounts, passwords or tokens is among them
by its name, so that a new one cannot be forgotten.
"""

LAST = {"account.logout"}
"""Asked for last: it ends the log-in."""


@dataclass(frozen=True)
class Caller:
    """Somebody who asks; `send` sends a request with whatever says who they are."""

    role: str
    place: str
    send: Callable[..., Any]


def add(house: House, role: str, place: str) -> User:
    office, also = PLACES[place]
    user = User(f"{role}-{place}", f"{role}-{place}", "Somebody", role, office, also=also)
    house.database.write([], lambda tx: sessions.add_user(tx, user, cheap_hash(PASSWORD)))
    return user


def signed_in(house: House, role: str, place: str) -> Caller:
    browser, token = house.sign_in(add(house, role, place).username)

    def send(path: str, **options: Any) -> int:
        headers = {"Host": HOST, "X-CSRF-Token": token}
        return status_of(browser, path, headers, **options)

    return Caller(role, place, send)


def with_token(house: House, role: str, scope: TokenScope) -> Caller:
    user, secret = add(house, role, "several"), f"{role} {scope}"
    token = Token("own", "Own", role, user.office, user.id, scope=scope.value)
    house.database.write([], lambda tx: sessions.add_token(tx, token, secret, house.clock.now))

    def send(path: str, **options: Any) -> int:
        client = house.application.flask.test_client(use_cookies=False)
        return status_of(
            client, path, {"Host": HOST, "Authorization": f"Bearer {secret}"}, **options
        )

    return Caller(role, "several", send)


def status_of(client: FlaskClient, path: str, headers: dict[str, str], **options: Any) -> int:
    return client.open(path, headers=headers, **options).status_code


def ask_each(
    house: House, caller: Caller, judge: Callable[[Caller, Rule, str, int], None]
) -> set[str]:
    """Ask for every route once by every method, and judge each answer. Returns the endpoints."""
    flask, values = house.application.flask, prepare(house)
    adapter = flask.url_map.bind(HOST)
    asked = sorted(requests_of(flask), key=lambda each: each[0].endpoint in LAST)
    for rule, method in asked:
        if rule.endpoint.startswith("ops."):
            house.application.probe.step()
        path = adapter.build(
            rule.endpoint, {name: values[name] for name in rule.arguments}, method=method
        )
        is_api = path.startswith("/api/")
        query = dict(QUERIES.get(rule.endpoint, {})) | ({} if is_api else {"office": HOME})
        body = (
            {"json": BODIES.get(rule.endpoint, {})} if is_api and method in ("POST", "PUT") else {}
        )
        got = caller.send(path, method=method, query_string=query, **body)
        judge(caller, rule, method, got)
    return {rule.endpoint for rule, _method in asked}


def is_let_in(got: int) -> bool:
    return got not in (401, 403) and got < 500


def judge_log_in(caller: Caller, rule: Rule, method: str, got: int) -> None:
    """What somebody who has signed in must be answered."""
    case = (rule.endpoint, method, caller.role, caller.place, got)
    if rule.endpoint in OPEN_TO_ALL:
        assert got != 401 and got < 500, case
    elif (
        caller.role not in ROLES[rule.endpoint]
        or rule.endpoint in ABOUT_SERVER
        and caller.place != "all"
    ):
        assert got == 403, case
    elif caller.place == "foreign" and set(rule.arguments) - OF_NO_OFFICE:
        assert got in (403, 404), case
    else:
        assert is_let_in(got), case


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", [role.value for role in OF_PEOPLE])
def test_every_route_is_for_its_roles_in_their_offices(house: House, role: str, place: str) -> None:
    told: list[str] = []

    def judge(caller: Caller, rule: Rule, method: str, got: int) -> None:
        judge_log_in(caller, rule, method, got)
        if place == "foreign" and method != "GET":
            nonlocal told
            before, told = told, house.events()
            assert before in ([], told) or rule.endpoint in OPEN_TO_ALL, rule.endpoint

    covered = ask_each(house, signed_in(house, role, place), judge)
    assert covered == set(ROLES) | OPEN_TO_ALL, "the tables name what there is, and nothing else"


@pytest.mark.parametrize("role", ["admin", "clerk"])
def test_a_token_that_only_reads_changes_nothing(house: House, role: str) -> None:
    def judge(caller: Caller, rule: Rule, method: str, got: int) -> None:
        if method != "GET" or rule.endpoint in IN_PERSON:
            assert got == 403, (rule.endpoint, method, got)
        else:
            judge_log_in(caller, rule, method, got)

    before = house.events()
    ask_each(house, with_token(house, role, TokenScope.READ), judge)
    assert house.events()[: len(before)] == before


def test_a_token_never_touches_who_may_sign_in(house: House) -> None:
    def judge(caller: Caller, rule: Rule, method: str, got: int) -> None:
        if rule.endpoint in IN_PERSON:
            assert got == 403, (rule.endpoint, method, got)
        else:
            judge_log_in(caller, rule, method, got)

    ask_each(house, with_token(house, "admin", TokenScope.ROLE), judge)


def test_what_takes_a_person_is_marked_so(house: House) -> None:
    flask = house.application.flask
    with flask.app_context():
        for rule, _method in requests_of(flask):
            access = access_of(rule.endpoint)
            assert access and access.in_person == (rule.endpoint in IN_PERSON), rule.endpoint
            assert access.in_person or access.about is not About.ONESELF, rule.endpoint
