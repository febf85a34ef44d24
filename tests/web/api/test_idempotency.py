"""The same Idempotency-Key does a thing once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.application import HOME, TODAY, House, at
from tests.web.problems import problem

COUNTER = f"{HOME}-1"


Press = tuple[str, str, str | None, Callable[[House], Any]]


PRESSES: list[Press] = [
    (
        "hold",
        f"/offices/{HOME}/holds",
        None,
        lambda house: {"service": "REK", "slot": house.slot(10)},
    ),
    ("book", f"/offices/{HOME}/bookings", None, lambda house: house.booking()),
    ("walk_in", f"/offices/{HOME}/tickets", "kiosk", lambda _house: {"service": "REK"}),
    ("open", f"/counters/{COUNTER}/open", "clerk", lambda _house: {}),
    ("call_next", f"/counters/{COUNTER}/call-next", "clerk", lambda _house: {}),
    (
        "occupancy",
        f"/offices/{HOME}/occupancy",
        "clerk",
        lambda _house: {"delta": 1, "reason": "came"},
    ),
    ("mode", f"/offices/{HOME}/mode", "manager", lambda _house: {"mode": "CLOSED"}),
]


@pytest.mark.parametrize("press", PRESSES, ids=[each[0] for each in PRESSES])
def test_the_same_key_does_it_once_and_another_body_is_refused(
    both_houses: House, press: Press
) -> None:
    house = both_houses
    _name, path, who, make = press
    house.walk_in()
    body = make(house)
    first = house.post(path, who, body, key="same")
    assert first.status_code in (200, 201), first.text
    before = house.dump()
    again = house.post(path, who, body, key="same")
    assert (again.status_code, again.get_json()) == (first.status_code, first.get_json())
    problem(
        house.post(
            path, who, {**body, "party_size": 2} if "service" in body else {"x": 1}, key="same"
        ),
        422,
        "key_reused" if "service" in body else "bad_input",
    )
    assert house.dump() == before


def test_a_key_is_its_senders_own(house: House) -> None:
    first = house.post(f"/counters/{HOME}-1/open", "clerk", key="k").get_json()
    second = house.post(f"/counters/{HOME}-2/open", "supervisor", key="k").get_json()
    assert (first["clerk"], second["clerk"]) == ("clerk", "supervisor")
    problem(house.post(f"/counters/{HOME}-2/open", "clerk", key="k"), 422, "key_reused")


def test_a_key_is_free_again_after_a_refusal(both_houses: House) -> None:
    house = both_houses
    house.clock.now = at(7, day=1)
    problem(
        house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "REK"}, key="k"),
        409,
        "not_in_service",
    )
    house.clock.now = at(8, day=1)
    assert (
        house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "REK"}, key="k").status_code
        == 201
    )


def test_nobody_waiting_is_204_and_stays_so_under_the_same_key(house: House) -> None:
    first = house.post(f"/counters/{COUNTER}/call-next", "clerk", key="n")
    assert (first.status_code, first.data) == (204, b"")
    house.walk_in()
    assert house.post(f"/counters/{COUNTER}/call-next", "clerk", key="n").status_code == 204
    assert house.post(f"/counters/{COUNTER}/call-next", "clerk", key="n2").status_code == 200


def test_a_second_press_on_next_calls_nobody_else(house: House) -> None:
    house.walk_in()
    house.walk_in()
    first = house.call_next().get_json()
    busy = problem(house.call_next(), 409, "counter_busy")
    assert (busy["number"], busy["ticket"]) == (first["number"], first["id"])
    assert house.get(f"/offices/{HOME}/queue", "clerk").get_json()["waiting_total"] == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\there"])
def test_a_key_that_cannot_be_one_is_refused(house: House, key: str) -> None:
    before = house.dump()
    body = problem(
        house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "REK"}, key=key),
        422,
        "bad_input",
    )
    assert body["field"] == "Idempotency-Key"
    assert house.dump() == before


def test_without_a_key_each_press_counts(house: House) -> None:
    assert [house.walk_in()["number"], house.walk_in()["number"]] == ["A001", "A002"]
    assert house.events(TODAY) == ["walked_in", "walked_in"]
