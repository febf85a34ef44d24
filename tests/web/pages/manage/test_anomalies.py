"""Suspicious bookings: listed in groups, voided together after a dry run, each with its one
event, a message and its places back."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from queue_server.domain.messages.message import MessageKind
from queue_server.services.upkeep import reclaim_places
from queue_server.store import tables
from tests.fixtures.application import ELSEWHERE, HOME, HOST, TODAY, House
from tests.web.problems import problem
from tests.web.site import without_layout

TOMORROW = TODAY.replace(day=TODAY.day + 1)
URL = f"/offices/{HOME}/anomalies"
BROKER = "+6281255500011"


def buy_up(house: House) -> list[dict[str, Any]]:
    """Four persons on one phone, each at an address of its own, and one visitor who has nothing
    to do with them."""
    found = []
    for place in range(4):
        body = house.booking(
            nik=f"910101450788004{place}", phone=BROKER, name="Orang", slot=house.slot(9 + place)
        )
        answer = house.post(
            f"/offices/{HOME}/bookings",
            body=body,
            environ_overrides={"REMOTE_ADDR": f"203.0.{place}.7"},
        )
        assert answer.status_code == 201, answer.text
        found.append(answer.get_json())
    house.book(nik="9101014507880049", phone="+6281255500012", email=None, slot=house.slot(14))
    return found


def free_places(house: House) -> int:
    with house.database.read() as connection:
        taken = sa.func.sum(tables.slots.c.online_taken)
        return -int(
            connection.execute(sa.select(taken).where(tables.slots.c.office == HOME)).scalar_one()
        )


def told(house: House) -> int:
    statement = (
        sa.select(sa.func.count())
        .select_from(tables.messages)
        .where(tables.messages.c.kind == MessageKind.CANCELLED.value)
    )
    with house.database.read() as connection:
        return int(connection.execute(statement).scalar_one())


def cancelled(house: House) -> list[dict[str, Any]]:
    statement = sa.select(tables.events.c.facts).where(
        tables.events.c.type == "cancelled", tables.events.c.date == TOMORROW
    )
    with house.database.read() as connection:
        return [dict(each) for each in connection.execute(statement).scalars()]


def test_a_group_is_listed_and_voided_together_after_a_dry_run(both_houses: House) -> None:
    house = both_houses
    bought = buy_up(house)
    (group,) = house.get(URL, "manager").get_json()["groups"]
    assert (group["common"], group["bookings"], group["people"], group["niks"]) == (
        "phone",
        4,
        4,
        4,
    )
    before, free = house.dump("answers", "tokens"), free_places(house)
    body = {"tickets": group["tickets"], "reason": "resale"}
    tried = house.post(f"{URL}/void", "manager", {**body, "dry_run": True}).get_json()
    assert (tried["done"], tried["left"]) == (4, 0) and house.dump("answers", "tokens") == before
    done = house.post(f"{URL}/void", "manager", body, key="k")
    assert done.get_json() == {**tried, "dry_run": False}
    assert [house.get(f"/tickets/{each['code']}").get_json()["status"] for each in bought] == [
        "CANCELLED"
    ] * 4
    facts = cancelled(house)
    assert [(each["by"], each["reason"]) for each in facts] == [("manager", "resale")] * 4, (
        "one event for each"
    )
    assert told(house) == 4
    house.clock.pass_by(minutes=11)
    house.get(f"/offices/{HOME}/availability?service=REK")
    reclaim_places(house.database, house.clock.now)
    assert free_places(house) == free + 4, "places go back by the rule for any cancelled visit"
    assert house.get(URL, "manager").get_json()["groups"] == []
    again = house.post(f"{URL}/void", "manager", body).get_json()
    assert (again["done"], {each["reason"] for each in again["bookings"]}) == (0, {"not_to_come"})


def test_holds_are_ended_and_a_visit_that_has_begun_is_left(house: House) -> None:
    held = house.post(f"/offices/{HOME}/holds", body={"service": "REK", "slot": house.slot(10)})
    waiting = house.walk_in()
    with house.database.read() as connection:
        ids = list(
            connection.execute(
                sa.select(tables.tickets.c.id).where(tables.tickets.c.state == "HELD")
            ).scalars()
        )
    answer = house.post(
        f"{URL}/void", "manager", {"tickets": [*ids, waiting["id"]], "reason": "program"}
    ).get_json()
    assert [each["done"] for each in answer["bookings"]] == [True, False]
    code = held.get_json()["code"]
    assert house.get(f"/tickets/{code}").get_json()["status"] == "EXPIRED"
    assert house.get(f"/tickets/{waiting['code']}").get_json()["status"] == "WAITING"


def test_another_office_and_an_unknown_reason_are_refused(house: House) -> None:
    house.book()
    with house.database.read() as connection:
        id = connection.execute(sa.select(tables.tickets.c.id)).scalar_one()
    assert (
        house.post(
            f"{URL}/void", "manager_elsewhere", {"tickets": [id], "reason": "program"}
        ).status_code
        == 403
    )
    other = house.post(
        f"/offices/{ELSEWHERE}/anomalies/void",
        "manager_elsewhere",
        {"tickets": [id], "reason": "program"},
    ).get_json()
    assert other["bookings"] == [{"ticket": id, "done": False, "reason": "unknown_ticket"}]
    problem(
        house.post(f"{URL}/void", "manager", {"tickets": [id], "reason": "dislike"}),
        422,
        "bad_input",
    )


def test_the_page_names_the_bookings_before_anything_is_cancelled(house: House) -> None:
    buy_up(house)
    browser, token = house.sign_in("manager")
    where = f"/manage/anomalies?office={HOME}&lang=en"
    page = browser.get(where, headers={"Host": HOST})
    assert (
        "One phone number: 4 bookings" in page.text
        and "4 different NIKs" in page.text
        and BROKER not in page.text
    )
    tickets = re.findall(r'name="booking" value="([^"]+)"', without_layout(page))
    assert len(tickets) == 4
    fields = {"csrf_token": token, "office": HOME, "booking": tickets, "what": "ask", "lang": "en"}
    assert (
        browser.post("/manage/anomalies", data=fields, headers={"Host": HOST}).status_code == 422
    ), "a reason is needed"
    before = house.dump("answers", "tokens", "sessions")
    tried = browser.post(
        "/manage/anomalies", data={**fields, "reason": "invented"}, headers={"Host": HOST}
    )
    assert (
        tried.status_code == 200
        and tried.text.count("<li>") >= 4
        and house.dump("answers", "tokens", "sessions") == before
    )
    asked = re.search(r'name="idempotency_key" value="([^"]+)"', tried.text)
    assert asked is not None
    void = {**fields, "reason": "invented", "what": "void", "idempotency_key": asked[1]}
    for _again in range(2):
        done = browser.post("/manage/anomalies", data=void, headers={"Host": HOST})
        assert done.status_code == 303 and "done=4" in done.headers["Location"]
    assert [each["reason"] for each in cancelled(house)] == ["invented"] * 4
    assert (
        "4 bookings were cancelled"
        in browser.get(done.headers["Location"] + "&lang=en", headers={"Host": HOST}).text
    )
