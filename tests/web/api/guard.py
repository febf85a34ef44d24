"""What a guard and a sensor ask of the door in these tests."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.fixtures.application import HOME, House

LIMIT = 12


def door(house: House, who: str = "guard") -> dict[str, Any]:
    answer = house.get(f"/offices/{HOME}/door", who)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def shown(house: House, text: str, who: str = "guard") -> TestResponse:
    return house.get(f"/offices/{HOME}/door/ticket", who, query_string={"shown": text})


def read(
    house: House,
    total_in: int,
    total_out: int,
    who: str = "sensor",
    *,
    at: str | None = None,
    **more: Any,
) -> TestResponse:
    moment = at or house.clock.now.isoformat()
    return house.post(
        f"/offices/{HOME}/door-counts",
        who,
        {"total_in": total_in, "total_out": total_out, "at": moment},
        **more,
    )
