"""How often one address may ask."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from queue_server.web import limits
from tests.fixtures.application import HOME, HOST, House, csrf_of
from tests.web.problems import problem

Open = Callable[..., House]


def statuses(house: House, count: int, method: str, path: str, address: str = "203.0.113.5", **options: object) -> list[int]:
    client = house.application.flask.test_client(use_cookies=False)
    where = {"environ_overrides": {"REMOTE_ADDR": address}, "headers": {"Host": HOST}, **options}
    return [client.open(path, method=method, **where).status_code for _ in range(count)]  # type: ignore[arg-type]  # werkzeug's own


def test_sixty_look_ups_by_code_a_minute_over_all_its_addresses(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    code = house.book()["code"]
    assert statuses(house, 30, "GET", f"/api/v1/tickets/{code}") == [200] * 30
    assert statuses(house, 30, "GET", f"/t/{code}") == [200] * 30
    refused = house.ask("GET", f"/tickets/{code}", environ_overrides={"REMOTE_ADDR": "203.0.113.5"})
    problem(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert statuses(house, 1, "GET", f"/api/v1/tickets/{code}", "203.0.113.6") == [200], "another address is free"


def test_twenty_wrong_codes_in_ten_minutes(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    code = house.book()["code"]
    assert statuses(house, 15, "GET", "/api/v1/tickets/000000000000") == [404] * 15
    wrong_proof = statuses(house, 6, "POST", f"/api/v1/tickets/{code}/cancel", json={"last4": "0001"})
    assert wrong_proof == [403] * 5 + [429], "a wrong proof is a miss as well"
    assert statuses(house, 1, "GET", f"/api/v1/tickets/{code}") == [429]


def test_a_proof_is_not_guessed_where_visits_are_moved(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    path, browser = f"/t/{house.book()['code']}/move", house.browser()
    token = csrf_of(browser.get(path, headers={"Host": HOST}))
    answers = [
        browser.post(path, data={"csrf_token": token, "slot": "", "last4": f"{guess:04d}"}, headers={"Host": HOST}).status_code
        for guess in range(21)
    ]
    assert answers == [403] * 20 + [429]


def test_thirty_bookings_and_twenty_pairings_a_minute(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    assert statuses(house, 31, "POST", f"/api/v1/offices/{HOME}/holds", json={})[-2:] == [422, 429]
    assert statuses(house, 1, "POST", f"/api/v1/offices/{HOME}/bookings", json={}) == [429], "counted together"
    assert statuses(house, 21, "POST", "/api/v1/devices", json={})[-2:] == [422, 429]


def test_six_hundred_of_everything_else(open_house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.EVERYTHING == "600 per minute"
    monkeypatch.setattr(limits, "EVERYTHING", "6 per minute")
    house = open_house(rate_limits=True)
    assert statuses(house, 3, "GET", "/privacy") + statuses(house, 4, "GET", f"/api/v1/offices/{HOME}") == [200] * 6 + [429]
    assert statuses(house, 8, "GET", "/livez") == [200] * 8, "a supervisor's question is never refused"


def test_tokens_are_not_counted_but_bad_ones_are(open_house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EVERYTHING", "5 per minute")
    house = open_house(rate_limits=True)
    for who in ("kiosk", "clerk"):
        bearer = {"Host": HOST, "Authorization": f"Bearer {house.people.tokens[who]}"}
        assert statuses(house, 8, "GET", f"/api/v1/offices/{HOME}/offer", headers=bearer) == [200] * 8
    bad = {"Host": HOST, "Authorization": f"Bearer {house.people.tokens['revoked']}"}
    assert statuses(house, 6, "GET", f"/api/v1/offices/{HOME}/offer", headers=bad) == [401] * 5 + [429]


def test_an_ipv6_network_is_one_address(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    spread = [statuses(house, 1, "POST", "/api/v1/devices", f"2001:db8:1:2::{number:x}", json={})[0] for number in range(1, 22)]
    assert spread[-2:] == [422, 429]
    assert statuses(house, 1, "POST", "/api/v1/devices", "2001:db8:1:3::1", json={}) == [422]


def test_the_demo_does_not_count_its_own_machine_unless_asked(open_house: Open, tmp_path_factory: pytest.TempPathFactory) -> None:
    access = tmp_path_factory.mktemp("demo") / "access.json"
    pair = ("POST", "/api/v1/devices")
    demo = open_house(rate_limits=False, demo_access_file=access)
    assert statuses(demo, 25, *pair, "127.0.0.1", json={}) == [422] * 25
    assert statuses(demo, 21, *pair, json={})[-1] == 429, "an address from elsewhere is counted all the same"
    forwarded = {"Host": HOST, "X-Forwarded-For": "203.0.113.7"}
    assert statuses(demo, 21, *pair, "127.0.0.1", json={}, headers=forwarded)[-1] == 429


def test_the_demo_with_limits_counts_loopback(open_house: Open, tmp_path_factory: pytest.TempPathFactory) -> None:
    limited = open_house(rate_limits=True, demo_access_file=tmp_path_factory.mktemp("demo") / "access.json")
    assert statuses(limited, 21, "POST", "/api/v1/devices", "127.0.0.1", json={})[-1] == 429


def test_an_address_behind_a_trusted_proxy_is_believed_and_no_other(open_house: Open) -> None:
    for proxies, expected in ((1, 422), (0, 429)):
        house = open_house(rate_limits=True, trusted_proxies=proxies)
        last = [
            statuses(house, 1, "POST", "/api/v1/devices", "127.0.0.1", json={}, headers={"Host": HOST, "X-Forwarded-For": f"203.0.113.{n}"})
            for n in range(21)
        ][-1]
        assert last == [expected]


@pytest.mark.requires_redis
def test_processes_behind_one_redis_count_together(open_house: Open, redis_url: str, tmp_path: object) -> None:
    first = open_house(rate_limits=True, redis_url=redis_url)
    second = open_house(rate_limits=True, redis_url=redis_url)
    assert statuses(first, 10, "POST", "/api/v1/devices", json={}) == [422] * 10
    assert statuses(second, 11, "POST", "/api/v1/devices", json={}) == [422] * 10 + [429]


def test_without_redis_each_process_counts_alone(open_house: Open) -> None:
    house = open_house(rate_limits=True, redis_url="redis://127.0.0.1:1/0")
    assert statuses(house, 21, "POST", "/api/v1/devices", json={})[-2:] == [422, 429]
