"""What a stranger with a script can learn of a person or do to a booking: nothing, and nothing for
long.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.messages.owed import ATTEMPT_PAUSE
from queue_server.store import tables
from queue_server.web.api.performing import is_guessable
from tests.fixtures.application import HOME, HOST, NIK, PHONE, House, csrf_of
from tests.web.problems import problem

OTHER = {
    "nik": "9101014507880077",
    "phone": "+6281298765999",
    "email": "lain@contoh.id",
    "name": "Budi",
}


def letters(house: House, kind: str) -> list[str]:
    """The tickets that letters of a kind are owed for."""
    with house.database.read() as connection:
        return list(
            connection.execute(
                sa.select(tables.messages.c.ticket).where(tables.messages.c.kind == kind)
            ).scalars()
        )


def book(house: House, **changes: Any) -> Any:
    return house.post(f"/offices/{HOME}/bookings", body=house.booking(**changes))


@pytest.mark.parametrize(
    ("slot", "status", "code"),
    [
        ("20261124T0301Z", 404, "unknown_slot"),
        ("20261123T0100Z", 409, "slot_passed"),
        ("20270125T0300Z", 409, "slot_too_far"),
    ],
)
def test_an_impossible_time_is_answered_alike_whoever_asks(
    both_houses: House, slot: str, status: int, code: str
) -> None:
    house = both_houses
    house.book()
    known, unknown = book(house, slot=slot), book(house, slot=slot, **OTHER)
    assert problem(known, status, code) == problem(unknown, status, code)


def test_a_full_time_is_answered_alike_whoever_asks(house: House) -> None:
    house.book()
    for number in range(20):
        done = book(
            house, slot=house.slot(11), nik=f"91010145078801{number:02d}", phone=None, email=None
        )
        if done.status_code == 409:
            break
    known, unknown = book(house, slot=house.slot(11)), book(house, slot=house.slot(11), **OTHER)
    assert problem(known, 409, "slot_full") == problem(unknown, 409, "slot_full")


def test_every_limit_of_a_person_is_one_answer_and_a_letter_has_the_details(
    both_houses: House,
) -> None:
    house = both_houses
    first = house.book()
    service = book(house, slot=house.slot(12))
    phone = book(house, nik=OTHER["nik"], service="AKT", slot=house.slot(12))
    assert phone.status_code == 201, "the phone may be used by a family"
    office = book(house, service="KTP", slot=house.slot(13))
    assert office.status_code == 201
    office = book(house, service="AKT", slot=house.slot(14))
    wait = house.post(
        f"/offices/{HOME}/waitlist",
        body={
            "service": "REK",
            "nik": NIK,
            "name": "X",
            "first_date": "2026-11-24",
            "last_date": "2026-11-24",
        },
    )
    answers = [problem(each, 409, "limit_reached") for each in (service, office, wait)]
    assert (
        answers[0] == answers[1] == answers[2]
        and answers[0]["rule"] == "person"
        and "limit" not in answers[0]
    )
    ticket = house.database.find_office(HOME) and letters(house, "attempted")
    assert len(ticket) == 1, "one letter to one address, however often it is tried"
    with house.database.read() as connection:
        code = connection.execute(
            sa.select(tables.tickets.c.code).where(tables.tickets.c.id == ticket[0])
        ).scalar_one()
    assert code == first["code"], "about the nearest booking"
    house.clock.pass_by(seconds=ATTEMPT_PAUSE.total_seconds())
    book(house, slot=house.slot(12))
    assert len(letters(house, "attempted")) == 2


def test_a_hold_of_one_s_own_tells_no_more(house: House) -> None:
    """What is wrong with the request itself is said first, to known and unknown persons alike; then
    there is the one answer.
    """
    house.book()
    hold = {
        "hold": house.post(
            f"/offices/{HOME}/holds", body={"service": "REK", "slot": house.slot(12)}
        ).get_json()["code"],
        "slot": None,
    }
    for changes in ({"party_size": 2}, {"service": "KTP"}, {"hold": "000000000000"}):
        known, unknown = (
            book(house, **{**hold, **changes}),
            book(house, **{**hold, **OTHER, **changes}),
        )
        assert known.status_code in (404, 422) and known.get_json() == unknown.get_json()
    assert problem(book(house, **hold), 409, "limit_reached")["rule"] == "person"


def test_joining_without_an_address_tells_nothing_either(open_house: Callable[..., House]) -> None:
    house = open_house(smtp_url="smtp://127.0.0.1:9")
    house.book()
    wish = {"service": "REK", "name": "X", "first_date": "2026-11-24", "last_date": "2026-11-24"}
    known, unknown = (
        house.post(f"/offices/{HOME}/waitlist", body={**wish, "nik": nik})
        for nik in (NIK, OTHER["nik"])
    )
    assert problem(known, 422, "bad_input") == problem(unknown, 422, "bad_input")


def test_staff_at_the_desk_hear_which_limit_it_is(house: House) -> None:
    house.book()
    refused = house.post(
        f"/offices/{HOME}/reception/bookings",
        "clerk",
        {"service": "REK", "slot": house.slot(12), "nik": NIK, "name": "X"},
    )
    assert problem(refused, 409, "limit_reached")["rule"] == "service"
    assert letters(house, "attempted") == []


def test_the_page_says_no_more_than_the_api(house: House) -> None:
    house.book()
    browser = house.browser()
    where = {"Host": HOST}
    page = browser.get(
        f"/o/{HOME}/book/details",
        query_string={"service": "REK", "slot": house.slot(12)},
        headers=where,
    )
    form = {
        "csrf_token": csrf_of(page),
        "service": "REK",
        "slot": house.slot(12),
        "name": "X",
        "nik": NIK,
        "party_size": "1",
        "idempotency_key": str(uuid.uuid4()),
    }
    known = browser.post(f"/o/{HOME}/book/confirm", data=form, headers=where)
    said = browser.get(known.headers["Location"], headers=where)
    assert "Janji ini tidak dapat dibuat secara online" in said.text
    assert len(letters(house, "attempted")) == 1


def guess(house: House, code: str, last4: str, address: str, path: str = "cancel") -> Any:
    body = {"last4": last4} if path == "cancel" else {"last4": last4, "slot": house.slot(13)}
    return house.post(
        f"/tickets/{code}/{path}", body=body, environ_overrides={"REMOTE_ADDR": address}
    )


def test_five_wrong_proofs_lock_a_ticket_from_wherever_they_come(both_houses: House) -> None:
    house = both_houses
    code = house.book()["code"]
    for number in range(5):
        answer = guess(
            house,
            code,
            f"{number:04d}",
            f"2001:db8:{number}::1",
            "cancel" if number % 2 else "reschedule",
        )
        if number < 4:
            assert problem(answer, 403, "wrong_proof")["left"] == 4 - number
        else:
            problem(answer, 409, "changes_locked")
    for right in (NIK[-4:], PHONE[-4:], "9999", ""):
        problem(guess(house, code, right, "2001:db8:99::1"), 409, "changes_locked")
    assert house.get(f"/tickets/{code}").get_json()["status"] == "BOOKED"
    assert len(letters(house, "locked")) == 1
    browser = house.browser()
    for path in ("cancel", "move"):
        page = browser.get(f"/t/{code}/{path}", headers={"Host": HOST}).text
        assert 'name="last4"' not in page and "021-555" in page, "the page says where to go"
    shown = house.get(f"/offices/{HOME}/reception/ticket?shown={code}", "clerk").get_json()
    assert shown["locked"]
    problem(house.post(f"/tickets/{shown['id']}/unlock", "clerk_elsewhere"), 404, "unknown_ticket")
    assert house.post(f"/tickets/{shown['id']}/unlock", "clerk").status_code == 200
    problem(house.post(f"/tickets/{shown['id']}/unlock", "clerk"), 409, "wrong_state")
    assert guess(house, code, NIK[-4:], "203.0.113.9").get_json()["status"] == "CANCELLED"


def test_the_owner_s_own_typing_errors_are_forgotten(house: House) -> None:
    code = house.book()["code"]
    for _ in range(2):
        for _wrong in range(4):
            problem(guess(house, code, "0000", "203.0.113.5"), 403, "wrong_proof")
        problem(guess(house, code, "", "203.0.113.5"), 403, "wrong_proof")
        problem(
            house.post(
                f"/tickets/{code}/reschedule", body={"last4": NIK[-4:], "slot": house.slot(10)}
            ),
            422,
            "bad_input",
        )
    assert letters(house, "locked") == []


def test_who_serves_the_ticket_may_change_it_although_it_is_locked(house: House) -> None:
    code = house.book()["code"]
    for number in range(5):
        guess(house, code, f"{number:04d}", "203.0.113.5")
    assert house.post(f"/tickets/{code}/cancel", "clerk").status_code == 200


@pytest.mark.parametrize(
    ("key", "guessable"),
    [
        ("1", True),
        ("my-key", True),
        ("0" * 36, True),
        ("00000000-0000-4000-8000-000000000001", True),
        ("booking-2026-11-28", True),
        ("abcdefab" * 4, True),
        ("6f1c2b3a4d5e6f708192a3b4c5d6e7f", True),
        ("6f1c2b3a4d5e6f708192a3b4c5d6e7f0", False),
        ("7f9c2ba4-e88f-4d1b-9a3c-5e6f7a8b9c0d", False),
        ("Zk3v-9QmT_x7LwYb2RfHcA", False),
        ("Zk3v9QmTx7LwYb2RfHcA1", True),
    ],
)
def test_which_keys_could_be_guessed(key: str, guessable: bool) -> None:
    assert is_guessable(key) == guessable


def test_a_key_that_can_be_guessed_is_refused_to_strangers_alone(house: House) -> None:
    hold = {"service": "REK", "slot": house.slot(10)}
    short = house.post(f"/offices/{HOME}/holds", body=hold, headers={"Idempotency-Key": "1"})
    body = problem(short, 422, "bad_input")
    assert (body["field"], body["reason"]) == ("Idempotency-Key", "guessable")
    assert (
        house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "REK"}, key="1").status_code
        == 201
    )
    key = str(uuid.uuid4())
    first = house.post(f"/offices/{HOME}/holds", body=hold, key=key).get_json()
    assert house.post(f"/offices/{HOME}/holds", body=hold, key=key).get_json() == first


def test_an_answer_kept_for_a_browser_is_given_to_no_other(house: House) -> None:
    """Two browsers, one key, one wish: each gets a hold of its own, and the same one again."""

    def hold(browser: Any) -> str:
        done = browser.post(
            f"/api/v1/offices/{HOME}/holds",
            json={"service": "REK", "slot": house.slot(10)},
            headers={"Host": HOST, "Idempotency-Key": "short"},
        )
        assert done.status_code == 201, done.text
        return str(done.get_json()["code"])

    browsers = [house.browser(), house.browser()]
    for each in browsers:
        each.get("/login", headers={"Host": HOST})
    first = [hold(each) for each in browsers]
    assert first[0] != first[1] and [hold(each) for each in browsers] == first


def test_the_last_step_s_key_is_the_browser_s_own(house: House) -> None:
    key, codes = str(uuid.uuid4()), []
    for nik, phone in ((NIK, PHONE), (OTHER["nik"], OTHER["phone"])):
        browser = house.browser()
        page = browser.get(
            f"/o/{HOME}/book/details",
            query_string={"service": "REK", "slot": house.slot(12)},
            headers={"Host": HOST},
        )
        form = {
            "csrf_token": csrf_of(page),
            "service": "REK",
            "slot": house.slot(12),
            "name": "X",
            "nik": nik,
            "phone": phone,
            "party_size": "1",
            "idempotency_key": key,
        }
        codes += [
            browser.post(f"/o/{HOME}/book/confirm", data=form, headers={"Host": HOST}).headers[
                "Location"
            ]
            for _ in range(2)
        ]
    assert codes[0] == codes[1] and codes[2] == codes[3] and codes[0] != codes[2]
