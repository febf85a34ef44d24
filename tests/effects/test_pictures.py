"""Snapshots are made once for all who ask for them, and never given when they are no longer
true.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from queue_server.domain.errors import UnknownCode, UnknownOffice
from queue_server.effects import pictures
from queue_server.services.screens.lobby import view_board
from queue_server.store.visit import versions
from tests.fixtures.application import ELSEWHERE, HOME, TODAY, House


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The boards that were made."""
    offices: list[str] = []
    view: Callable[..., Any] = view_board

    def count(connection: Any, office: Any, *rest: Any) -> Any:
        offices.append(office.code)
        return view(connection, office, *rest)

    monkeypatch.setattr(pictures, "view_board", count)
    return offices


def test_all_who_ask_at_one_version_are_given_one_picture(
    both_houses: House, made: list[str]
) -> None:
    live = both_houses.application.live
    first = live.snapshot("board", HOME)
    assert all(live.snapshot("board", HOME) is first for _ in range(100))
    assert made == [HOME], "asked for by a hundred, made once"


def test_what_is_pushed_is_what_the_next_watcher_gets(both_houses: House, made: list[str]) -> None:
    live = both_houses.application.live
    pushed: list[dict[str, Any]] = []
    live.emit = lambda _event, snapshot, *, room: pushed.append(snapshot)
    live.join("board", HOME, live.snapshot("board", HOME))
    made.clear()
    both_houses.walk_in()
    live.flush()
    assert live.snapshot("board", HOME) is pushed[0] and made == [HOME]


def test_a_picture_is_made_anew_for_every_version_and_second(
    both_houses: House, made: list[str]
) -> None:
    live = both_houses.application.live
    for waiting in range(1, 6):
        both_houses.walk_in()
        assert live.snapshot("board", HOME)["waiting"] == waiting
    before = live.snapshot("board", HOME)
    both_houses.clock.pass_by(seconds=1)
    after = live.snapshot("board", HOME)
    assert (after["version"], len(made)) == (before["version"], 6) and after["sent_at"] > before[
        "sent_at"
    ]
    assert live.snapshot("board", ELSEWHERE)["waiting"] == 0, "each office has its own"


def test_changed_settings_are_seen_at_once(house: House) -> None:
    live = house.application.live
    assert live.snapshot("board", HOME)["mode"] == "NORMAL"
    period = {"mode": "CLOSED"}
    assert house.post(f"/offices/{HOME}/mode", "manager", period).status_code == 200
    assert live.snapshot("board", HOME)["mode"] == "CLOSED"


def test_who_comes_while_a_picture_is_made_waits_for_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight ask at once; the first is held up until the others have come."""
    live, count = house.application.live, 8
    made: list[int] = []
    asked, view = threading.Barrier(count + 1), view_board
    go_on = threading.Event()

    def hold_up(*arguments: Any) -> Any:
        made.append(1)
        assert go_on.wait(20)
        return view(*arguments)

    monkeypatch.setattr(pictures, "view_board", hold_up)
    given: list[dict[str, Any]] = []

    def ask() -> None:
        asked.wait(20)
        given.append(live.snapshot("board", HOME))

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for each in threads:
        each.start()
    asked.wait(20)
    go_on.set()
    for each in threads:
        each.join(20)
    assert len(made) == 1 and len(given) == count and all(each is given[0] for each in given)


def test_what_nobody_has_costs_one_look(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    look = versions.of_ticket
    monkeypatch.setattr(
        versions,
        "of_ticket",
        lambda connection, code: looked.append(code) or look(connection, code),
    )
    live = house.application.live
    for refused, audience, key in (
        (UnknownCode, "ticket", "000000000000"),
        (UnknownOffice, "board", "9999"),
    ):
        with pytest.raises(refused):
            live.snapshot(audience, key)
    assert looked == ["000000000000"] and live._pictures._kept == {}, "and nothing is kept of it"


def test_the_versions_of_several_days_are_one_query(both_houses: House) -> None:
    both_houses.walk_in()
    with both_houses.database.read() as connection:
        found = versions.of_days(connection, {(HOME, TODAY), (ELSEWHERE, TODAY), ("none", TODAY)})
    assert found == {(HOME, TODAY): 2, (ELSEWHERE, TODAY): 1}
