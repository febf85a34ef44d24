"""Many places taken at once: what the API and the pages ask of whoever takes them, and that quiet visitors notice nothing."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from queue_server.web import proofs
from tests.fixtures.application import HOME, HOST, House, csrf_of
from tests.web.problems import problem

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
        nonces.append(next(f"{n:x}" for n in range(1 << 20) if proofs.is_solved(name, unit, asked["bits"], f"{n:x}")))
    return f"{asked['challenge']}:{'-'.join(nonces)}"


def hold(house: House, address: str = "203.0.113.5", **changes: Any) -> TestResponse:
    body = {"service": "REK", "slot": house.slot(10), **changes}
    return house.post(f"/offices/{HOME}/holds", body=body, environ_overrides={"REMOTE_ADDR": address})


def test_an_address_pays_from_its_sixth_person_on(open_house: Open) -> None:
    house = open_house(rate_limits=True)
    slots = [house.slot(hour, day=day) for day in (1, 2, 3) for hour in (10, 11, 12)]
    assert [hold(house, slot=each).status_code for each in slots[:5]] == [201] * 5
    refused = hold(house, slot=slots[5])
    asked = problem(refused, 428, "proof_needed")
    assert (asked["seconds"], asked["units"], asked["people"]) == (1, 1, 1)
    assert hold(house, "203.0.113.6", slot=slots[5]).status_code == 201, "a neighbour pays nothing"
    assert hold(house, slot=slots[6], proofs=[solve(asked)]).status_code == 201
