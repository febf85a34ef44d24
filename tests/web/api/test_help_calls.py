"""Help at the kiosk, from the press to its end, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from queue_server.domain.door.help_calls import ANSWERED_WITHIN, CALLS_MOST, LASTS
from queue_server.domain.events import EventType
from queue_server.services.door.help_calls import end_lapsed
from queue_server.services.supervisor.alerts import watch_thresholds
from queue_server.store.visit import events as event_store
from tests.fixtures.application import HOME, House
from tests.web.problems import problem

ASK, BACK, SELF = "/devices/self/help", "/devices/self/help/take-back", "/devices/self"
HELP = f"/offices/{HOME}/help"
PRESS = {"language": "id", "screen": "home"}
HELP_EVENTS = (EventType.HELP_ASKED, EventType.HELP_ANSWERED, EventType.HELP_ENDED)


def press(house: House, **changes: Any) -> dict[str, Any]:
    done = house.post(ASK, "kiosk", {**PRESS, **changes})
    assert done.status_code == 200, done.text
    return dict(done.get_json())


def seen(house: House) -> list[dict[str, Any]]:
    return list(house.get(HELP, "guard").get_json()["calls"])


def stage(house: House) -> str | None:
    call = house.get(SELF, "kiosk").get_json()["help"]
    return None if call is None else str(call["stage"])


def log_of(house: House) -> Sequence[str]:
    day = house.database.find_office(HOME).date_at(house.clock.now)
    with house.database.read() as connection:
        acts = event_store.list_of_types(connection, HOME, day, HELP_EVENTS, 100)
    return [each.event.type.value for each in reversed(acts)]


def test_a_press_is_seen_answered_and_told_at_the_kiosk(both_houses: House) -> None:
    house = both_houses
    assert stage(house) is None
    call = press(house, language="en")
    assert stage(house) == "asked"
    (shown,) = seen(house)
    assert (shown["id"], shown["language"], shown["stage"]) == (call["id"], "en", "asked")
    assert shown["name"]

    first = house.post(f"{HELP}/{call['id']}/answer", "guard").get_json()
    second = house.post(f"{HELP}/{call['id']}/answer", "clerk").get_json()
    assert first["answered_by"] == second["answered_by"]
    assert stage(house) == "answered"

    assert house.post(f"{HELP}/{call['id']}/end", "clerk").status_code == 200
    assert house.post(f"{HELP}/{call['id']}/end", "guard").status_code == 200
    assert (stage(house), seen(house)) == (None, [])
    problem(house.post(f"{HELP}/{call['id']}/answer", "guard"), 409, "help_over")
    assert log_of(house) == ["help_asked", "help_answered", "help_ended"]


def test_a_child_that_presses_a_hundred_times_makes_one_call(both_houses: House) -> None:
    ids = {press(both_houses)["id"] for _ in range(100)}
    assert len(ids) == len(seen(both_houses)) == 1
    assert log_of(both_houses) == ["help_asked"]


def test_whoever_calls_and_takes_it_back_again_and_again_is_stopped(both_houses: House) -> None:
    house = both_houses
    for _ in range(CALLS_MOST):
        press(house)
        assert house.post(BACK, "kiosk").status_code == 204
    refused = problem(house.post(ASK, "kiosk", PRESS), 409, "help_resting")
    assert seen(house) == []
    assert house.post(BACK, "kiosk").status_code == 204  # nothing to take back: nothing happens
    assert log_of(house) == ["help_asked", "help_ended"] * CALLS_MOST
    house.clock.pass_by(seconds=refused["retry_after_seconds"])
    press(house)


def test_nobody_answers_so_the_supervisor_is_told_until_somebody_does(both_houses: House) -> None:
    house = both_houses
    watch = partial(watch_thresholds, house.database)

    def alerts() -> list[bool]:
        shown = house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()["alerts"]
        return [each["ended_at"] is None for each in shown if each["kind"] == "HELP_UNANSWERED"]

    call = press(house)
    watch(house.clock.now)
    assert alerts() == []
    house.clock.pass_by(seconds=ANSWERED_WITHIN.total_seconds())
    assert stage(house) == "unanswered"
    watch(house.clock.now)
    assert alerts() == [True]
    house.post(f"{HELP}/{call['id']}/answer", "guard")
    watch(house.clock.now)
    assert alerts() == [False]


def test_a_call_ends_by_itself_and_the_next_one_is_new(both_houses: House) -> None:
    house = both_houses
    first = press(house)
    house.clock.pass_by(seconds=LASTS.total_seconds())
    assert (stage(house), seen(house)) == (None, [])
    second = press(house, reason="PAPER")  # before upkeep has come by
    assert second["id"] != first["id"]
    assert log_of(house) == ["help_asked", "help_ended", "help_asked"]
    house.clock.pass_by(seconds=LASTS.total_seconds())
    assert end_lapsed(house.database, house.clock.now) == 1
    assert end_lapsed(house.database, house.clock.now) == 0
    assert log_of(house)[-1] == "help_ended"


def test_only_a_kiosk_calls_and_only_its_office_answers(both_houses: House) -> None:
    house = both_houses
    assert house.post(ASK, "display", PRESS).status_code == 403
    assert house.post(ASK, body=PRESS).status_code == 401
    problem(house.post(ASK, "kiosk", {**PRESS, "screen": "<b>"}), 422, "bad_input")
    call = press(house)
    assert house.post(f"{HELP}/{call['id']}/answer", "kiosk").status_code == 403
    problem(house.post(f"{HELP}/nothing/answer", "guard"), 404, "unknown_help")
