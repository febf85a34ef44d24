"""The lease of a kiosk over the API: what it holds, and what is made of the report afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from queue_server.protocol.leases import Lease, SyncAnswer, digest_code
from queue_server.protocol.messages import from_wire
from queue_server.services.supervisor.alerts import watch_thresholds
from tests.fixtures.application import HOME, TODAY, House
from tests.web.problems import problem

INSTALLATION = "an-installation-of-a-kiosk"
TICKETS = f"/offices/{HOME}/tickets"


def wish(**changes: Any) -> dict[str, Any]:
    return {"installation": INSTALLATION, "streams": {"A": 5}} | changes


def granted(house: House, **changes: Any) -> dict[str, Any]:
    answer = house.post("/leases", "kiosk", wish(**changes))
    assert answer.status_code == 201, answer.text
    lease: dict[str, Any] = answer.get_json()
    return lease


def item(lease: dict[str, Any], place: int = 0, **changes: Any) -> dict[str, Any]:
    number = lease["numbers"][place]
    return {
        "id": number["id"],
        "lease": lease["lease"],
        "number": number["number"],
        "issued_at": lease["now"],
        "service": "REK",
    } | changes


def sync(house: House, *items: dict[str, Any], **options: Any) -> list[tuple[Any, ...]]:
    answer = house.post("/sync/tickets", "kiosk", {"items": list(items)}, **options)
    assert answer.status_code == 200, answer.text
    outcomes = from_wire(SyncAnswer, answer.get_json()).outcomes
    return [(each.result, each.reason, each.number) for each in outcomes]


def test_a_lease_holds_what_a_kiosk_needs_and_no_code_of_a_booking(both_houses: House) -> None:
    house = both_houses
    booked = house.book(slot=house.slot(10, day=0))
    told = granted(house)
    lease = from_wire(Lease, told)
    assert [each.number for each in lease.numbers] == [f"A{n}" for n in range(501, 506)]
    assert (lease.date, lease.state, lease.office) == (TODAY.isoformat(), "ACTIVE", HOME)
    assert lease.limit == 12 and lease.periods and lease.places is None
    assert {each.code for each in lease.services} >= {"REK"}
    [booking] = [
        each for each in lease.bookings if each.digest == digest_code(lease.key, booked["code"])
    ]
    assert booking.check_in_from < booking.starts_at < booking.ends_at <= booking.check_in_until
    assert booked["code"] not in str(told)
    again = house.get(f"/leases/{lease.lease}", "kiosk").get_json()
    assert again | {"now": told["now"]} == told
    kept = str(house.dump())
    assert lease.key not in kept and lease.pin_digest not in kept


def test_another_kiosk_s_lease_is_as_unknown_as_none(both_houses: House) -> None:
    for id in ("none", "0" * 32):
        problem(both_houses.get(f"/leases/{id}", "kiosk"), 404, "unknown_lease")
    problem(both_houses.get("/leases/none", "clerk"), 403, "forbidden")


def test_the_same_key_adds_nothing_and_a_second_installation_is_refused(both_houses: House) -> None:
    house = both_houses
    first = house.post("/leases", "kiosk", wish(), key="grant-1").get_json()
    assert house.post("/leases", "kiosk", wish(), key="grant-1").get_json() == first
    for _ in range(2):
        other = house.post("/leases", "kiosk", wish(installation="quite-another-installation"))
        problem(other, 409, "lease_elsewhere")
    assert house.events().count("lease_contested") == 1
    watch_thresholds(house.database, house.clock())
    dashboard = house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()
    assert [each["kind"] for each in dashboard["alerts"]].count("LEASE_CONTESTED") == 1


def test_a_report_puts_visitors_into_the_queue_and_their_codes_open_their_pages(
    both_houses: House,
) -> None:
    house = both_houses
    lease = granted(house)
    house.clock.pass_by(minutes=20)
    items = [item(lease), item(lease, 1, urgency="death"), item(lease, 2, party_size=3)]
    first = sync(house, *items, key="sync-1")
    assert first == [("created", None, f"A{n}") for n in (501, 502, 503)]
    assert sync(house, *items, key="sync-1") == first
    assert sync(house, *items) == [("duplicate", None, f"A{n}") for n in (501, 502, 503)]
    code = lease["numbers"][0]["code"]
    ticket = house.get(f"/tickets/{code}").get_json()
    assert (ticket["status"], ticket["number"]) == ("WAITING", "A501")
    left = house.get(f"/leases/{lease['lease']}", "kiosk").get_json()["numbers"]
    assert [each["number"] for each in left] == ["A504", "A505"]


def test_a_late_request_whose_number_was_replaced_is_refused(both_houses: House) -> None:
    house = both_houses
    lease = granted(house)
    ghost = house.post(TICKETS, "kiosk", {"service": "REK"}, key="lost").get_json()
    assert sync(house, item(lease, superseded_key="lost")) == [("created", None, "A501")]
    assert house.get(f"/tickets/{ghost['code']}").get_json()["status"] == "CANCELLED"
    late = house.post(TICKETS, "kiosk", {"service": "REK"}, key="lost")
    problem(late, 409, "superseded")
    sync(house, item(lease, 1, superseded_key="never-arrived"))
    problem(
        house.post(TICKETS, "kiosk", {"service": "REK"}, key="never-arrived"), 409, "superseded"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"number": "A1"},
        {"service": None},
        {"code": "0123456789AB"},
        {"issued_at": "yesterday"},
        {"party_size": 0},
        {"party_size": 1000},
        {"nik": "9101014507880042"},
        {"priority": "rich"},
        {"superseded_key": ""},
    ],
)
def test_hostile_items_are_refused_by_name(house: House, change: dict[str, Any]) -> None:
    lease = granted(house)
    refused = house.post("/sync/tickets", "kiosk", {"items": [item(lease) | change]})
    assert problem(refused, 422, "bad_input")["field"].startswith("items.0")
    assert "walked_in" not in house.events()


def test_a_request_whose_visitor_left_is_taken_back(house: House) -> None:
    asked = {"service": "REK"}
    given = house.post(f"/offices/{HOME}/tickets", "kiosk", asked, key="left-1")
    for withdrawn in (1, 0):
        answer = house.post("/sync/withdrawals", "kiosk", {"keys": ["left-1", "left-2"]})
        assert answer.get_json() == {"withdrawn": withdrawn}
    seen = house.get(f"/tickets/{given.get_json()['code']}").get_json()
    assert seen["status"] == "CANCELLED"
    for key in ("left-1", "left-2"):
        late = house.post(f"/offices/{HOME}/tickets", "kiosk", asked, key=key)
        problem(late, 409, "superseded")
    for keys in ([], [""], ["x"] * 51):
        problem(house.post("/sync/withdrawals", "kiosk", {"keys": keys}), 422, "bad_input")


def test_too_many_items_none_or_one_twice_are_refused(house: House) -> None:
    lease = granted(house)
    for items in ([], [item(lease)] * 2, [item(lease) | {"id": f"x{n}"} for n in range(51)]):
        problem(house.post("/sync/tickets", "kiosk", {"items": items}), 422, "bad_input")


@pytest.mark.parametrize(
    "change",
    [
        {"installation": "short"},
        {"streams": {}},
        {"streams": {"a": 1}},
        {"streams": {"A": -1}},
        {"streams": {"A": 500}},
        {"date": "2027-01-01"},
    ],
)
def test_wishes_that_cannot_be_are_refused(house: House, change: dict[str, Any]) -> None:
    problem(house.post("/leases", "kiosk", wish(**change)), 422, "bad_input")
    problem(house.post("/leases", "kiosk", wish(streams={"Z": 1})), 404, "unknown_stream")


def test_staff_see_what_did_not_fit_and_deal_with_it(both_houses: House) -> None:
    house = both_houses
    lease = granted(house)
    sync(house, item(lease, service="GONE"))
    shown = house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()
    assert shown["conflicts"] == 1


def test_the_page_of_a_number_says_that_its_kiosk_has_not_reported_it_yet(
    both_houses: House,
) -> None:
    house = both_houses
    lease = granted(house)
    code, other = lease["numbers"][0]["code"], lease["numbers"][1]["code"]
    browser = house.browser()
    for language, words in (("id", "menyusul begitu kios tersambung"), ("en", "had no network")):
        page = browser.get(f"/t/{code}", headers={"Accept-Language": language})
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        assert words in page.text and "A501" in page.text
    assert browser.get(f"/T/{code}", follow_redirects=True).status_code == 200
    assert browser.get(f"/t/{code[:-1]}").status_code == 404
    assert browser.get("/t/ZZZZZZZZZZZZ").status_code == 404

    assert sync(house, item(lease)) == [("created", None, "A501")]
    assert 'data-state="WAITING"' in browser.get(f"/t/{code}").text
    house.post("/leases", "kiosk", wish(installation="quite-another-installation"))
    assert browser.get(f"/t/{other}").status_code == 200
