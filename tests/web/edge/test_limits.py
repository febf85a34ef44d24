"""How often one address may ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from queue_server.web.edge.strangers import limits
from tests.fixtures.application import HOME, HOST, House
from tests.web.problems import problem

Open = Callable[..., House]


def statuses(
    house: House,
    count: int,
    method: str,
    path: str,
    address: str = "203.0.113.5",
    **options: object,
) -> list[int]:
    client = house.application.flask.test_client(use_cookies=False)
    where = {"environ_overrides": {"REMOTE_ADDR": address}, "headers": {"Host": HOST}, **options}
    # werkzeug's own
    return [client.open(path, method=method, **where).status_code for _ in range(count)]  # type: ignore[arg-type]


def test_sixty_look_ups_by_code_a_minute_over_all_its_addresses(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    code, other = house.book()["code"], house.book(nik="9101014507880077", phone=None)["code"]
    assert statuses(house, 30, "GET", f"/api/v1/tickets/{code}") == [200] * 30
    assert statuses(house, 30, "GET", f"/api/v1/tickets/{code}/slip.pdf") == [200] * 30
    refused = house.ask("GET", f"/tickets/{code}", environ_overrides={"REMOTE_ADDR": "203.0.113.5"})
    problem(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert statuses(house, 1, "GET", f"/api/v1/tickets/{other}") == [200], (
        "a neighbour's ticket is counted by itself"
    )
    assert statuses(house, 1, "GET", f"/api/v1/tickets/{code}", "203.0.113.6") == [200], (
        "another address is free"
    )


def test_unknown_codes_are_limited_and_right_ones_never_pay_for_them(
    open_house: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a neighbour guesses, or asks of everything else, a visitor with a ticket sees it."""
    monkeypatch.setattr(limits, "EVERYTHING", "30 per minute")
    house = open_house(rate_limits=True)
    code = house.book()["code"]
    guesses = [f"{number:012d}" for number in range(24)]
    found = [statuses(house, 1, "GET", f"/api/v1/tickets/{each}")[0] for each in guesses]
    assert found == [404] * 20 + [429] * 4
    assert statuses(house, 1, "GET", "/t/000000000099") == [429]
    assert statuses(house, 31, "GET", "/privacy")[-1] == 429
    for path in (
        f"/api/v1/tickets/{code}",
        f"/t/{code}",
        f"/T/{code}",
        f"/t/{code}/cancel",
        f"/t/{code}/calendar.ics",
    ):
        assert statuses(house, 1, "GET", path)[0] in (200, 302), path
    assert statuses(house, 1, "POST", f"/api/v1/tickets/{code}/cancel", json={"last4": "0001"}) == [
        403
    ], "no miss: it locks its ticket"


def test_staff_do_not_pay_for_the_visitors_on_the_office_s_own_network(
    open_house: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EVERYTHING", "20 per minute")
    house = open_house(rate_limits=True)
    browser, token = house.sign_in("clerk")
    assert statuses(house, 25, "GET", "/privacy", "127.0.0.1")[-1] == 429, (
        "a visitor beside them is refused"
    )
    assert browser.get("/desk", headers={"Host": HOST}).status_code == 200
    called = browser.post(
        f"/api/v1/counters/{HOME}-1/call-next", headers={"Host": HOST, "X-CSRF-Token": token}
    )
    assert called.status_code == 204, "nobody waits, and that is all"
    assert [browser.get("/desk", headers={"Host": HOST}).status_code for _ in range(20)][
        -1
    ] == 429, "they count for themselves"
    other = house.browser()
    other.set_cookie("antrean_session", "made-up")
    assert other.get("/privacy", headers={"Host": HOST}).status_code == 429, (
        "a made-up log-in is nobody's"
    )


def test_a_phone_network_books_as_often_as_its_people_do(open_house: Open) -> None:
    """The 31st booking of a minute from one address is taken like the first; one browser alone has
    a bound.
    """
    house = open_house(rate_limits=True)
    for number in range(35):
        hold = house.post(
            f"/offices/{HOME}/holds",
            body={"service": "REK", "slot": house.slot(8 + number % 7, day=1 + number // 7)},
            environ_overrides={"REMOTE_ADDR": "203.0.113.5"},
        )
        assert hold.status_code in (201, 409, 428), (
            "asked for work in a rush, but never turned away for the neighbours"
        )
    browser = house.browser()
    browser.get("/login", headers={"Host": HOST})
    same = [
        browser.post(
            f"/api/v1/offices/{HOME}/holds",
            json={},
            headers={"Host": HOST},
            environ_overrides={"REMOTE_ADDR": "203.0.113.5"},
        )
        for _ in range(31)
    ]
    assert [each.status_code for each in same] == [422] * 30 + [429]


def test_twenty_pairings_a_minute(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    assert statuses(house, 21, "POST", "/api/v1/devices", json={})[-2:] == [422, 429]


def test_so_many_of_everything_else(open_house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.EVERYTHING == "1800 per minute"
    monkeypatch.setattr(limits, "EVERYTHING", "6 per minute")
    house = open_house(rate_limits=True)
    assert statuses(house, 3, "GET", "/privacy") + statuses(
        house, 4, "GET", f"/api/v1/offices/{HOME}"
    ) == [200] * 6 + [429]
    assert statuses(house, 8, "GET", "/livez") == [200] * 8, (
        "a supervisor's question is never refused"
    )


def test_tokens_are_not_counted_but_bad_ones_are(
    open_house: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EVERYTHING", "5 per minute")
    house = open_house(rate_limits=True)
    for who in ("kiosk", "clerk"):
        bearer = {"Host": HOST, "Authorization": f"Bearer {house.people.tokens[who]}"}
        assert (
            statuses(house, 8, "GET", f"/api/v1/offices/{HOME}/offer", headers=bearer) == [200] * 8
        )
    bad = {"Host": HOST, "Authorization": f"Bearer {house.people.tokens['revoked']}"}
    assert statuses(house, 6, "GET", f"/api/v1/offices/{HOME}/offer", headers=bad) == [401] * 5 + [
        429
    ]


def test_an_ipv6_network_is_one_address(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    spread = [
        statuses(house, 1, "POST", "/api/v1/devices", f"2001:db8:1:2::{number:x}", json={})[0]
        for number in range(1, 22)
    ]
    assert spread[-2:] == [422, 429]
    assert statuses(house, 1, "POST", "/api/v1/devices", "2001:db8:1:3::1", json={}) == [422]


def test_the_demo_does_not_count_its_own_machine_unless_asked(
    open_house: Open, tmp_path_factory: pytest.TempPathFactory
) -> None:
    access = tmp_path_factory.mktemp("demo") / "access.json"
    pair = ("POST", "/api/v1/devices")
    demo = open_house(rate_limits=False, demo_access_file=access)
    assert statuses(demo, 25, *pair, "127.0.0.1", json={}) == [422] * 25
    assert statuses(demo, 21, *pair, json={})[-1] == 429, (
        "an address from elsewhere is counted all the same"
    )
    forwarded = {"Host": HOST, "X-Forwarded-For": "203.0.113.7"}
    assert statuses(demo, 21, *pair, "127.0.0.1", json={}, headers=forwarded)[-1] == 429


def test_the_demo_with_limits_counts_loopback(
    open_house: Open, tmp_path_factory: pytest.TempPathFactory
) -> None:
    limited = open_house(
        rate_limits=True, demo_access_file=tmp_path_factory.mktemp("demo") / "access.json"
    )
    assert statuses(limited, 21, "POST", "/api/v1/devices", "127.0.0.1", json={})[-1] == 429


def test_an_address_behind_a_trusted_proxy_is_believed_and_no_other(open_house: Open) -> None:
    for proxies, expected in ((1, 422), (0, 429)):
        house = open_house(rate_limits=True, trusted_proxies=proxies)
        last = [
            statuses(
                house,
                1,
                "POST",
                "/api/v1/devices",
                "127.0.0.1",
                json={},
                headers={"Host": HOST, "X-Forwarded-For": f"203.0.113.{n}"},
            )
            for n in range(21)
        ][-1]
        assert last == [expected]


@pytest.mark.requires_redis
def test_processes_behind_one_redis_count_together(
    open_house: Open, redis_url: str, tmp_path: object
) -> None:
    first = open_house(rate_limits=True, redis_url=redis_url)
    second = open_house(rate_limits=True, redis_url=redis_url)
    assert statuses(first, 10, "POST", "/api/v1/devices", json={}) == [422] * 10
    assert statuses(second, 11, "POST", "/api/v1/devices", json={}) == [422] * 10 + [429]


def test_without_redis_each_process_counts_alone(open_house: Open) -> None:
    house = open_house(rate_limits=True, redis_url="redis://127.0.0.1:1/0")
    assert statuses(house, 21, "POST", "/api/v1/devices", json={})[-2:] == [422, 429]
