"""Whoever looks at a stream at one moment is told the same wait, and it changes only when an end
has moved by a step.
"""

from __future__ import annotations

from typing import Any

import pytest

from queue_server.domain.waits.range import SHOWN_STEPS, WaitRange
from tests.fixtures.application import HOME, TODAY, House

STREAM = (HOME, TODAY.isoformat(), "A")


def make_busy(house: House) -> House:
    """Counter 1 serves stream A, where four wait."""
    assert house.post(f"/counters/{HOME}-1/open", "clerk").status_code == 200
    for _ in range(4):
        house.walk_in()
    return house


@pytest.fixture
def busy(house: House) -> House:
    return make_busy(house)


def of_stream(streams: list[dict[str, Any]]) -> dict[str, int]:
    return next(each["wait"] for each in streams if each["letter"] == "A")


def screens(house: House) -> dict[str, dict[str, int]]:
    """What each screen says of stream A now, asked for and pushed."""
    live = house.application.live
    asked = {
        "board": house.get(f"/offices/{HOME}/board"),
        "desk": house.get(f"/offices/{HOME}/queue", "clerk"),
        "dashboard": house.get(f"/offices/{HOME}/dashboard", "supervisor"),
        "kiosk": house.get(f"/offices/{HOME}/offer", "kiosk"),
    }
    said = {
        name: of_stream(answer.get_json()["services" if name == "kiosk" else "streams"])
        for name, answer in asked.items()
    }
    return said | {
        f"live {name}": of_stream(live.snapshot(name, HOME)["streams"])
        for name in ("board", "desk", "dashboard")
    }


def tell(house: House, *, lower: int) -> dict[str, int]:
    """Make the range told last one whose lower end is so many steps below the present one's."""
    house.application.live.shown.keep(STREAM, None)
    fresh = screens(house)["board"]
    earlier = {"low": SHOWN_STEPS[SHOWN_STEPS.index(fresh["low"]) - lower], "high": fresh["high"]}
    house.application.live.shown.keep(STREAM, WaitRange(**earlier))
    return earlier


def test_every_screen_keeps_the_range_that_was_told_last(busy: House) -> None:
    fresh = screens(busy)["board"]
    earlier = tell(busy, lower=1)
    said = screens(busy)
    assert said == dict.fromkeys(said, earlier) and earlier != fresh
    tell(busy, lower=2)
    said = screens(busy)
    assert said == dict.fromkeys(said, fresh), "an end that has moved further changes it everywhere"


def test_all_screens_agree_while_the_day_goes_on(busy: House) -> None:
    seen = set()
    for minute in range(40):
        busy.clock.pass_by(minutes=1)
        if minute % 9 == 0:
            busy.walk_in()
        if minute % 12 == 5:
            called = busy.call_next().get_json()
            for step in ("start", "finish"):
                assert busy.post(f"/tickets/{called['id']}/{step}", "clerk").status_code == 200
        said = screens(busy)
        assert said == dict.fromkeys(said, said["board"]), minute
        seen.add((said["board"]["low"], said["board"]["high"]))
    assert len(seen) > 1


def test_a_slip_says_what_the_screens_say_and_the_ticket_goes_on_from_it(busy: House) -> None:
    for lower in (0, 1, 2):
        busy.clock.pass_by(minutes=1)
        tell(busy, lower=lower)
        told = screens(busy)["kiosk"]
        tell(busy, lower=lower)
        slip = busy.walk_in()
        assert slip["wait"] == told, lower
        assert busy.get(f"/tickets/{slip['code']}").get_json()["wait"] == told


def test_who_stands_further_ahead_is_told_less_than_a_newcomer(busy: House) -> None:
    busy.walk_in(priority="elderly")
    told = screens(busy)["kiosk"]
    slip = busy.walk_in(priority="elderly")
    assert slip["ahead"] < 5 and slip["wait"]["high"] < told["high"]
    assert busy.get(f"/tickets/{slip['code']}").get_json()["wait"] == slip["wait"]


def test_a_check_in_at_the_reception_says_the_same(house: House) -> None:
    code = house.book(slot=house.slot(9, 30, day=0))["code"]
    busy = make_busy(house)
    told = tell(busy, lower=1)
    slip = busy.post(f"/offices/{HOME}/reception/arrivals", "clerk", {"ticket": code}).get_json()
    assert slip["ahead"] == 4 and slip["wait"] == told
