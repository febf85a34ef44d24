"""The live channel's sender, without a network: what is sent after which commit."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from queue_server.effects.background import Background
from queue_server.effects.delivery import Delivery
from queue_server.effects.live import LOOK_SECONDS, OFFICE_AUDIENCES, LiveHub, room_of
from queue_server.effects.outbox import Senders, make_deliveries
from queue_server.effects.webhooks.delivery import WebhookSettings
from queue_server.services import upkeep
from queue_server.services.office.whole.deleting import days_to_tell, delete_office
from queue_server.services.run_each import do_each
from queue_server.store.writer.database import Database
from tests.fixtures.application import ELSEWHERE, HOME, NIK, TODAY, House


def relay_of(house: House, live: LiveHub) -> Delivery[Any]:
    """The relay of a process with this hub."""
    return make_deliveries(
        house.database,
        live,
        Senders(),
        pytest.fail,
        pytest.fail,
        pytest.fail,
        pytest.fail,
        WebhookSettings(b"key"),
        house.clock,
    )[0]


class Ether:
    """Keeps what was sent."""

    def __init__(self, live: LiveHub) -> None:
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        live.emit = self

    def __call__(self, event: str, snapshot: dict[str, Any], *, room: str) -> None:
        self.sent.append((event, room, snapshot))

    def take(self) -> list[tuple[str, str]]:
        taken, self.sent = [(event, room) for event, room, _snapshot in self.sent], []
        return taken


@pytest.fixture
def ether(house: House) -> Ether:
    return Ether(house.application.live)


def test_nobody_watching_costs_no_snapshot(house: House, ether: Ether) -> None:
    house.walk_in()
    house.application.live.flush()
    assert ether.take() == []


def test_an_office_that_is_watched_is_sent_whole_after_each_change(
    house: House, ether: Ether
) -> None:
    live = house.application.live
    live.watchers.join("board", HOME)
    live.watchers.join("desk", HOME)
    house.walk_in()
    live.flush()
    assert [(event, room) for event, room, _ in ether.sent] == [
        ("board", f"board:{HOME}"),
        ("desk", f"desk:{HOME}"),
    ]
    assert ether.sent[0][2] == live.snapshot("board", HOME) | {
        "sent_at": ether.sent[0][2]["sent_at"]
    }
    ether.take()
    assert (
        house.post(
            f"/offices/{ELSEWHERE}/tickets", "kiosk_elsewhere", {"service": "REK"}
        ).status_code
        == 201
    )
    live.flush()
    assert ether.take() == [], "the other office is its own matter"


def test_a_burst_of_commits_costs_one_snapshot_with_all_of_it(house: House, ether: Ether) -> None:
    live = house.application.live
    live.watchers.join("board", HOME)
    for _ in range(5):
        house.walk_in()
    live.flush()
    (only,) = ether.sent
    assert (only[2]["waiting"], list(only[2]["version"])) == (5, ["2026-11-23", 6]), (
        "the slots' making and five numbers"
    )


def test_a_refused_command_sends_nothing(house: House, ether: Ether) -> None:
    house.application.live.watchers.join("board", HOME)
    assert house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "NOPE"}).status_code == 404
    house.application.live.flush()
    assert ether.take() == []


def test_ticket_pages_hear_of_their_own_change_at_once_and_of_others_once_a_second(
    house: House,
) -> None:
    """However much happens, there and in other offices: a busy office's pages are not put off, and
    a quiet one's are not sent for it.
    """
    seconds = 0.0
    live = LiveHub(
        house.database, house.clock, "build", "http://127.0.0.1:8000", monotonic=lambda: seconds
    )
    ether = Ether(live)
    house.database.on_commit(live.note)
    first, second = house.walk_in(), house.walk_in()
    elsewhere = house.post(
        f"/offices/{ELSEWHERE}/tickets", "kiosk_elsewhere", {"service": "REK"}
    ).get_json()
    live.flush()
    for each in (first, second, elsewhere):
        live.join("ticket", each["code"], live.snapshot("ticket", each["code"]))
    house.call_next()
    live.flush()
    assert ether.take() == [("ticket", room_of("ticket", first["code"]))]
    for _ in range(3):
        house.walk_in()
        live.flush()
        assert ether.take() == [], "not at every change of somebody else's"
    seconds += LOOK_SECONDS
    house.walk_in()
    live.flush()
    told = ("ticket", room_of("ticket", second["code"]))
    assert ether.take() == [told], "who was called has been told so already"
    seconds += LOOK_SECONDS
    house.walk_in()
    live.flush()
    assert ether.take() == [], "one more behind them is nothing to either"
    assert LOOK_SECONDS <= 1


def test_a_ticket_page_that_was_told_something_else_meanwhile_is_told_again(house: House) -> None:
    seconds = 0.0
    live = LiveHub(
        house.database, house.clock, "build", "http://127.0.0.1:8000", monotonic=lambda: seconds
    )
    ether = Ether(live)
    house.walk_in()
    code = house.walk_in()["code"]
    before = live.snapshot("ticket", code)
    live.join("ticket", code, before)
    live.join("ticket", code, {**before, "ahead": 7})
    house.walk_in()
    seconds += LOOK_SECONDS
    live.flush()
    assert ether.take() == [("ticket", room_of("ticket", code))]


def test_who_left_is_not_sent_to(house: House, ether: Ether) -> None:
    watchers = house.application.live.watchers
    watchers.join("board", HOME)
    watchers.join("board", HOME)
    watchers.leave("board", HOME)
    assert watchers.watches("board", HOME)
    watchers.leave("board", HOME)
    watchers.leave("board", HOME)
    assert not watchers.watches("board", HOME)
    house.walk_in()
    house.application.live.flush()
    assert ether.take() == []


def test_a_crash_between_commit_and_sending_is_healed_by_the_relay(both_houses: House) -> None:
    """One process commits and dies before it sends. Another has the watchers, and its relay finds
    the event.
    """
    house = both_houses
    live = LiveHub(house.database, house.clock, "build", "http://127.0.0.1:8000")
    ether = Ether(live)
    live.watchers.join("board", HOME)
    house.walk_in()
    relay = relay_of(house, live)
    assert relay.step() == 1
    live.flush()
    assert ether.take() == [("board", f"board:{HOME}")]


def test_what_another_process_has_changed_is_found_by_a_look_once_a_second(
    both_houses: House,
) -> None:
    """The other process has sent and relayed its change, and no message came: this one looks for
    itself.
    """
    house, seconds = both_houses, 0.0
    live = LiveHub(
        house.database, house.clock, "build", "http://127.0.0.1:8000", monotonic=lambda: seconds
    )
    ether = Ether(live)
    code = house.walk_in()["code"]
    for audience, key in (("board", HOME), ("ticket", code), ("board", ELSEWHERE)):
        live.join(audience, key, live.snapshot(audience, key))
    house.call_next()
    live.flush()
    assert ether.take() == [], "nobody has told it anything, and the second is not over"
    seconds += LOOK_SECONDS
    live.flush()
    assert set(ether.take()) == {("board", f"board:{HOME}"), ("ticket", f"ticket:{code}")}
    seconds += LOOK_SECONDS
    live.flush()
    assert ether.take() == [], "once"


def test_a_deleted_office_ends_nobody_elses_look(house: House) -> None:
    """Public boards of the deleted office stay connected for a while."""
    seconds = 0.0
    live = LiveHub(
        house.database, house.clock, "build", "http://127.0.0.1:8000", monotonic=lambda: seconds
    )
    ether = Ether(live)
    for office in (HOME, ELSEWHERE):
        live.join("board", office, live.snapshot("board", office))
    live.flush()
    command = partial(delete_office, office=ELSEWHERE, typed=ELSEWHERE, by="x", now=house.clock())
    house.database.write(days_to_tell(house.database, ELSEWHERE, house.clock()), command)
    house.walk_in()
    seconds += LOOK_SECONDS
    with capture_logs() as logs:
        live.flush()
    assert ether.take() == [("board", f"board:{HOME}")]
    assert [each for each in logs if each["event"] == "snapshot_failed"] == []


def test_what_another_process_has_delivered_is_not_made_again(both_houses: House) -> None:
    house, seconds = both_houses, 0.0
    live = LiveHub(
        house.database, house.clock, "build", "http://127.0.0.1:8000", monotonic=lambda: seconds
    )
    ether = Ether(live)
    for audience in OFFICE_AUDIENCES:
        live.join(audience, HOME, live.snapshot(audience, HOME))
    house.walk_in()
    other = house.application.live
    for audience in OFFICE_AUDIENCES:
        live.note_delivered(room_of(audience, HOME), other.snapshot(audience, HOME))
    seconds += LOOK_SECONDS
    live.flush()
    assert ether.take() == [] and live.has_sent(HOME, TODAY, 2), "nor by the relay"


def test_looking_costs_one_query_a_second_and_none_if_nobody_watches(both_houses: House) -> None:
    house, seconds = both_houses, 0.0
    live = LiveHub(
        house.database, house.clock, "build", "http://127.0.0.1:8000", monotonic=lambda: seconds
    )
    Ether(live)
    asked: list[str] = []
    sa.event.listen(
        house.database._reader, "before_cursor_execute", lambda *told: asked.append(told[2])
    )

    def look() -> list[str]:
        nonlocal seconds
        house.database.find_office(HOME), house.database.find_office(ELSEWHERE)
        asked.clear()
        seconds += LOOK_SECONDS
        live.flush()
        return list(asked)

    assert look() == []
    codes = [house.walk_in()["code"] for _ in range(3)]
    for audience, key in [
        ("board", HOME),
        ("desk", HOME),
        ("board", ELSEWHERE),
        *(("ticket", code) for code in codes),
    ]:
        live.join(audience, key, live.snapshot(audience, key))
    assert len(look()) == 1
    for code in codes:
        live.leave("ticket", code)
    for audience, key in (("board", HOME), ("desk", HOME), ("board", ELSEWHERE)):
        live.leave(audience, key)
    assert look() == [] and live.watchers.count == 0


def test_what_was_sent_already_is_not_sent_again_by_the_relay(house: House, ether: Ether) -> None:
    live = house.application.live
    live.watchers.join("board", HOME)
    house.walk_in()
    live.flush()
    ether.take()
    assert relay_of(house, live).step() == 1
    live.flush()
    assert ether.take() == []


def test_with_other_processes_office_snapshots_are_sent_unasked(house: House) -> None:
    live = LiveHub(house.database, house.clock, "build", "http://127.0.0.1:8000", everywhere=True)
    ether = Ether(live)
    house.database.on_commit(live.note)
    house.walk_in()
    live.flush()
    assert {event for event, _room in ether.take()} == {
        "board",
        "desk",
        "door",
        "dashboard",
        "reception",
        "help",
        "ticket",
    }


def test_a_message_that_cannot_be_sent_stops_neither_other_screens_nor_other_offices(
    house: House,
) -> None:
    live = house.application.live
    sent: list[str] = []

    def emit(_event: str, _snapshot: dict[str, Any], *, room: str) -> None:
        if room == f"board:{HOME}":
            raise ConnectionError("the message queue is away")
        sent.append(room)

    live.emit = emit
    for audience, office in (("board", HOME), ("desk", HOME), ("board", ELSEWHERE)):
        live.watchers.join(audience, office)
    house.walk_in()
    house.post(f"/offices/{ELSEWHERE}/tickets", "kiosk_elsewhere", {"service": "REK"})
    live.flush()
    assert sent == [f"desk:{HOME}", f"board:{ELSEWHERE}"]
    assert not live.has_sent(HOME, TODAY, 2) and live.has_sent(ELSEWHERE, TODAY, 2), (
        "the relay tries the first again"
    )


def test_no_failure_ends_the_watch_over_connections(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_server.effects.background.WATCH_SECONDS", 0.001)
    looked: list[int] = []

    def watch() -> None:
        looked.append(1)
        if len(looked) == 3:
            background.stop()
        raise OSError("the network is away")

    application = house.application
    background = Background(
        house.database, application.live, [], application.probe, house.clock, [watch]
    )
    background._run_watches()
    assert len(looked) == 3


def test_a_piece_of_the_upkeep_that_fails_is_named_and_stops_neither_the_others_nor_the_loop(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[str] = []

    def fail(database: Database, now: datetime) -> int:
        return do_each(
            [HOME, ELSEWHERE], lambda code: reached.append(code) or int(NIK + code + "x")
        )  # type: ignore[func-returns-value]

    def stop(database: Database, now: datetime) -> int:
        background.stop()
        return 1

    monkeypatch.setattr(upkeep, "PIECES", {"slot_days": fail, "missed": stop})
    application = house.application
    background = Background(
        house.database, application.live, [], application.probe, house.clock, []
    )
    with capture_logs() as logs:
        background._run_upkeep()
    assert reached == [HOME, ELSEWHERE], "one office does not stand in another's way"
    assert logs[0].pop("where").startswith("services/run_each.py:")
    assert logs == [
        {"event": "upkeep_failed", "log_level": "error", "piece": "slot_days", "kind": "ValueError"}
    ]
