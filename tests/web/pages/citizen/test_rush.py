"""Many places taken at once: what the API and the pages ask of whoever takes them, and that
quiet visitors notice nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.services.privacy.wiping import wipe_personal_data
from queue_server.services.upkeep import reclaim_places
from queue_server.store import tables
from queue_server.web.edge.strangers import proofs
from tests.fixtures.application import ELSEWHERE, HOME, HOST, House, csrf_of
from tests.web.problems import problem
from tests.web.site import without_layout

Open = Callable[..., House]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work of two tries a second, so that tests do it in no time."""
    monkeypatch.setattr(proofs, "SECOND_BITS", 1)


def solve(asked: dict[str, Any]) -> str:
    """The answer to a `proof_needed`, as a client makes it."""
    name = asked["challenge"].split(".")[4]
    nonces = []
    for unit in range(asked["units"]):
        nonces.append(
            next(
                f"{n:x}"
                for n in range(1 << 20)
                if proofs.is_solved(name, unit, asked["bits"], f"{n:x}")
            )
        )
    return f"{asked['challenge']}:{'-'.join(nonces)}"


def hold(house: House, address: str = "203.0.113.5", **changes: Any) -> TestResponse:
    body = {"service": "REK", "slot": house.slot(10), **changes}
    return house.post(
        f"/offices/{HOME}/holds", body=body, environ_overrides={"REMOTE_ADDR": address}
    )


def test_an_address_pays_from_its_sixth_person_on(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    slots = [house.slot(hour, day=day) for day in (1, 2, 3) for hour in (10, 11, 12)]
    assert [hold(house, slot=each).status_code for each in slots[:5]] == [201] * 5
    refused = hold(house, slot=slots[5])
    asked = problem(refused, 428, "proof_needed")
    assert (asked["seconds"], asked["units"], asked["people"]) == (1, 1, 1)
    assert hold(house, "203.0.113.6", slot=slots[5]).status_code == 201, "a neighbour pays nothing"
    assert hold(house, slot=slots[6], proofs=[solve(asked)]).status_code == 201


def rush(house: House, people: int = 1) -> tuple[str, dict[str, Any]]:
    """Fresh addresses take what goes without work, one place each; returns the next time and
    what is asked for it."""
    for number in range(40):
        slot = house.slot(9 + number % 5, 30 * (number % 2))
        answer = hold(house, f"203.0.{number}.1", slot=slot, party_size=people)
        if answer.status_code != 201:
            return slot, problem(answer, 428, "proof_needed")
    raise AssertionError("nobody was ever asked")


def taken_places(house: House) -> int:
    with house.database.read() as connection:
        return int(
            connection.execute(
                sa.select(sa.func.coalesce(sa.func.sum(tables.tickets.c.party_size), 0))
            ).scalar_one()
        )


def test_fresh_addresses_do_not_help_a_program_for_long(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    days = house.get(f"/offices/{HOME}/availability?service=REK&from=2026-11-24&days=1").get_json()
    places = sum(slot["free"] for slot in days["days"][0]["slots"])
    slot, asked = rush(house)
    assert taken_places(house) <= places / 5
    assert hold(house, "198.51.100.77", slot=slot).status_code == 428
    assert hold(house, "198.51.100.77", slot=slot, proofs=[solve(asked)]).status_code == 201
    again = problem(hold(house, "198.51.100.78", slot=slot), 428, "proof_needed")
    assert again["seconds"] > asked["seconds"], "it grows, whoever asks"
    assert hold(house, "198.51.100.78", slot=house.slot(10, day=2)).status_code == 201, (
        "another day is quiet"
    )


def test_bookings_in_invented_names_count_like_holds(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    codes = []
    for number in range(40):
        nik = f"32730145078{number + 10:02d}042"
        body = {"service": "REK", "slot": house.slot(9 + number % 5), "nik": nik, "name": "Orang"}
        answer = house.post(
            f"/offices/{HOME}/bookings",
            body=body,
            environ_overrides={"REMOTE_ADDR": f"203.0.{number}.1"},
        )
        codes.append(answer.status_code)
        if answer.status_code != 201:
            break
    assert codes[-1] == 428 and set(codes[:-1]) == {201} and len(codes) > 1


def test_a_proof_counts_once_at_its_own_office_and_in_its_time(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    slot, asked = rush(house)
    proof = solve(asked)
    assert (
        problem(
            hold(house, "198.51.100.1", slot=slot, proofs=[f"{proof[:-1]}-"]), 428, "proof_needed"
        )["seconds"]
        == asked["seconds"]
    )
    forged = re.sub(r"\.[0-9a-f]{32}:", f".{'0' * 32}:", proof)
    assert hold(house, "198.51.100.1", slot=slot, proofs=[forged]).status_code == 428
    assert hold(house, "198.51.100.1", slot=slot, proofs=[proof, proof]).status_code == 201
    used = problem(hold(house, "198.51.100.2", slot=slot, proofs=[proof]), 428, "proof_needed")
    assert used["seconds"] >= asked["seconds"], "shown again it is worth nothing"
    late = solve(used)
    house.clock.pass_by(minutes=11)
    assert (
        proofs.read_proofs(
            house.application.flask.extensions["antrean"].secret_key, HOME, [late], house.clock.now
        ).seconds
        == 0
    )
    key, now = house.application.flask.extensions["antrean"].secret_key, house.clock.now
    elsewhere = proofs.make_challenge(key, ELSEWHERE, 1, now)
    nonce = next(
        f"{n:x}" for n in range(99) if proofs.is_solved(elsewhere.name, 0, elsewhere.bits, f"{n:x}")
    )
    assert proofs.read_proofs(key, ELSEWHERE, [f"{elsewhere.text}:{nonce}"], now).seconds == 1
    assert proofs.read_proofs(key, HOME, [f"{elsewhere.text}:{nonce}"], now).seconds == 0


def test_another_time_instead_of_the_one_held_costs_nothing(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    own = hold(house, "198.51.100.9").get_json()["code"]
    rush(house)
    for hour in (11, 12, 13, 14):
        answer = hold(house, "198.51.100.9", slot=house.slot(hour), instead=own)
        assert answer.status_code == 201, answer.text
        own = answer.get_json()["code"]
    assert (
        hold(house, "198.51.100.9", slot=house.slot(13), instead=own, party_size=2).status_code
        == 428
    ), "the second person is new"


def test_a_pass_in_line_is_as_good_as_work_once_it_has_come(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    slot, _asked = rush(house)
    answer = house.post(f"/offices/{HOME}/line", body={"party_size": 1})
    line_pass = answer.get_json()
    proof = line_pass["proof"]
    assert answer.status_code == 201 and line_pass["due_at"] == "2026-11-23T09:00:20+07:00"
    assert hold(house, "198.51.100.1", slot=slot, proofs=[proof]).status_code == 428, "too early"
    house.clock.pass_by(seconds=20)
    assert (
        hold(house, "198.51.100.1", slot=slot, party_size=2, proofs=[proof]).status_code == 428
    ), "for one person"
    assert hold(house, "198.51.100.1", slot=slot, proofs=[proof]).status_code == 201
    assert hold(house, "198.51.100.2", slot=slot, proofs=[proof]).status_code == 428, "once"
    for number in range(30):
        assert (
            house.post(
                f"/offices/{HOME}/line",
                body={},
                environ_overrides={"REMOTE_ADDR": f"198.51.{number}.3"},
            ).status_code
            == 201
        )
    problem(house.post(f"/offices/{HOME}/line", body={}), 409, "line_too_long")


def test_staff_answer_for_themselves(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    slot, _asked = rush(house)
    answer = house.post(f"/offices/{HOME}/holds", "clerk", {"service": "REK", "slot": slot})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("limits", "address", "found"),
    [
        (False, "127.0.0.1", {201}),
        (True, "127.0.0.1", {201, 428}),
        (False, "203.0.113.5", {201, 428}),
    ],
)
def test_the_demo_asks_nothing_of_its_own_machine_unless_told(
    open_house: Open,
    tmp_path_factory: pytest.TempPathFactory,
    limits: bool,
    address: str,
    found: set[int],
) -> None:
    house = open_house(
        rate_limits=limits, demo_access_file=tmp_path_factory.mktemp("demo") / "access.json"
    )
    slots = [house.slot(9 + n, day=day) for day in (1, 2) for n in range(5)]
    assert {hold(house, address, slot=each).status_code for each in slots} == found


@pytest.fixture
def visitor(open_house: Open) -> Iterator[tuple[House, FlaskClient]]:
    house = open_house(rate_limits=True)
    yield house, house.browser()


def times(house: House, browser: FlaskClient, address: str = "198.51.100.50") -> TestResponse:
    return browser.get(
        f"/o/{HOME}/book/day?service=REK&day=2026-11-24&lang=en",
        headers={"Host": HOST},
        environ_overrides={"REMOTE_ADDR": address},
    )


def choose(
    house: House, browser: FlaskClient, slot: str, address: str = "198.51.100.50", **more: Any
) -> TestResponse:
    page = times(house, browser, address)
    visit = re.search(r'name="visit" value="([^"]+)"', page.text)
    assert visit is not None
    fields = {
        "csrf_token": csrf_of(page),
        "service": "REK",
        "slot": slot,
        "visit": visit[1],
        **more,
    }
    return browser.post(
        f"/o/{HOME}/book/hold",
        data=fields,
        headers={"Host": HOST},
        environ_overrides={"REMOTE_ADDR": address},
    )


def asked_on(page: TestResponse) -> dict[str, Any]:
    found = re.search(
        r'data-challenge="([^"]+)"\s+data-name="[^"]+"\s+'
        r'data-bits="(\d+)"\s+data-units="(\d+)"',
        without_layout(page),
    )
    assert found is not None, page.text
    return {"challenge": found[1], "bits": int(found[2]), "units": int(found[3])}


def test_who_comes_alone_notices_nothing(visitor: tuple[House, FlaskClient]) -> None:
    house, browser = visitor
    assert "proof.js" not in times(house, browser).text
    answer = choose(house, browser, house.slot(10))
    assert answer.status_code == 303 and "/book/details" in answer.headers["Location"]


def test_a_browser_begun_anew_keeps_what_it_chose_last(visitor: tuple[House, FlaskClient]) -> None:
    house, browser = visitor
    for hour in (9, 10, 11, 12, 13):
        assert choose(house, browser, house.slot(hour)).status_code == 303
    statement = (
        sa.select(tables.tickets.c.slot)
        .where(tables.tickets.c.state == "HELD")
        .order_by(tables.tickets.c.slot)
    )
    with house.database.read() as connection:
        held = [f"{each:%H%M}" for each in connection.execute(statement).scalars()]
    assert held == ["0500", "0600"], "two places at a time, the newest (12.00 and 13.00 WIB)"


def test_without_its_cookie_a_browser_is_known_by_its_address(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    found = [
        choose(house, house.browser(), house.slot(9 + n % 5, day=1 + n // 5)).status_code
        for n in range(7)
    ]
    assert found.count(303) <= 5 and found[-1] == 428


def test_the_page_of_a_rush_lets_the_browser_work_and_goes_on(
    visitor: tuple[House, FlaskClient],
) -> None:
    house, browser = visitor
    slot, _asked = rush(house)
    assert "proof.js" in times(house, browser).text, "work that may be done ahead"
    page = choose(house, browser, slot)
    assert page.status_code == 428 and "Many people are booking right now" in page.text
    again = choose(house, browser, slot, proof=solve(asked_on(page)))
    assert again.status_code == 303 and "/book/details" in again.headers["Location"]


def test_without_a_script_there_is_a_line_that_goes_on_by_itself(
    visitor: tuple[House, FlaskClient],
) -> None:
    house, browser = visitor
    slot, _asked = rush(house)
    page = choose(house, browser, slot)
    fields = {**hidden(page), "step": "hold"}
    joined = browser.post(f"/o/{HOME}/book/line", data=fields, headers={"Host": HOST})
    assert joined.status_code == 303
    where = joined.headers["Location"]
    waits = browser.get(where, headers={"Host": HOST})
    assert (
        waits.status_code == 200
        and 1 <= int(waits.headers["Refresh"]) <= 30
        and "Your turn comes at" in waits.text
    )
    early = browser.post(f"/o/{HOME}/book/hold", data=hidden(waits), headers={"Host": HOST})
    assert early.status_code == 428 and "Your turn comes at" in early.text, (
        "the turn is not lost by pressing too early"
    )
    house.clock.pass_by(seconds=21)
    come = browser.get(where, headers={"Host": HOST})
    assert "Refresh" not in come.headers and "Your turn has come" in come.text
    assert (
        browser.post(f"/o/{HOME}/book/hold", data=hidden(come), headers={"Host": HOST}).status_code
        == 303
    )


def test_nothing_typed_is_lost_while_a_party_that_grew_waits(
    visitor: tuple[House, FlaskClient],
) -> None:
    house, browser = visitor
    held = choose(house, browser, house.slot(10))
    rush(house)
    details = browser.get(held.headers["Location"], headers={"Host": HOST})
    typed = {**hidden(details), "name": "Siti", "nik": "3273014507880042", "party_size": "3"}
    page = browser.post(f"/o/{HOME}/book/check", data=typed, headers={"Host": HOST})
    assert page.status_code == 428
    assert (
        hidden(page)["name"] == "Siti"
        and hidden(page)["party_size"] == "3"
        and "Siti" not in page.headers.get("Location", "")
    )
    done = browser.post(
        f"/o/{HOME}/book/check",
        data={**hidden(page), "proof": solve(asked_on(page))},
        headers={"Host": HOST},
    )
    assert done.status_code == 303
    check = browser.get(done.headers["Location"], headers={"Host": HOST})
    assert "Siti" in check.text and 'name="idempotency_key"' in check.text


def hidden(page: TestResponse) -> dict[str, str]:
    """The hidden fields of a page's forms; those of the first form win."""
    return dict(
        reversed(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    )


def test_no_address_is_stored_and_what_is_stored_goes_with_the_visit(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    assert hold(house, "203.0.113.5").status_code == 201
    with house.database.read() as connection:
        row = connection.execute(sa.select(tables.takings)).one()
    assert "203.0" not in repr(row) and re.fullmatch("[0-9a-f]{32}", row.address)
    house.clock.pass_by(days=10)
    reclaim_places(house.database, house.clock.now)
    assert wipe_personal_data(house.database, house.clock.now)
    with house.database.read() as connection:
        assert connection.execute(sa.select(tables.takings)).all() == []
