"""The relay: every event at least once, in order, by one process at a time, whatever fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from queue_server.commands.doctor import examine
from queue_server.domain.deliveries import LONGEST_WAIT, PAUSES
from queue_server.domain.events import EventType, RecordedEvent
from queue_server.effects.outbox import KINDS
from queue_server.effects.reactions import Reaction
from queue_server.effects.relay import BATCH, LEASE_WORK, Relay
from queue_server.store import relays as relay_store
from tests.fixtures.application import ELSEWHERE, HOME, TODAY, House

Reactions = dict[EventType, tuple[Reaction, ...]]


SET_UP = 1
"""How many events each day has before a test begins: its slots were made."""


class Witness:
    """A reaction that remembers what it was called for, counted from the test's beginning, and
    fails where it is told to.
    """

    def __init__(self, *fails_for: str) -> None:
        self.seen: list[tuple[str, int]] = []
        self.fails_for = set(fails_for)

    def __call__(self, recorded: RecordedEvent) -> None:
        self.seen.append((recorded.event.office, recorded.seq - SET_UP))
        if recorded.event.office in self.fails_for:
            raise RuntimeError("the mail server is away")

    @property
    def table(self) -> Reactions:
        return table(witness=self)


def table(**reactions: Callable[[RecordedEvent], None]) -> Reactions:
    """Each of these, by its name, after every event."""
    return dict.fromkeys(EventType, tuple(Reaction(*each) for each in reactions.items()))


def issue_elsewhere(house: House) -> None:
    assert (
        house.post(
            f"/offices/{ELSEWHERE}/tickets", "kiosk_elsewhere", {"service": "REK"}
        ).status_code
        == 201
    )


def test_every_event_is_relayed_once_and_in_order(both_houses: House) -> None:
    house, witness = both_houses, Witness()
    relay = Relay(house.database, witness.table, house.clock)
    for _ in range(5):
        house.walk_in()
    issue_elsewhere(house)
    assert relay.step() == 6
    assert [seq for office, seq in witness.seen if office == HOME] == [1, 2, 3, 4, 5]
    assert relay.step() == 0
    house.walk_in()
    assert relay.step() == 1
    assert witness.seen[-1] == (HOME, 6)


def test_a_failing_reaction_is_tried_again_with_growing_pauses_and_stops_no_other_office(
    both_houses: House,
) -> None:
    house, witness = both_houses, Witness(HOME)
    relay = Relay(house.database, witness.table, house.clock)
    house.walk_in()
    house.walk_in()
    issue_elsewhere(house)
    assert relay.step() == 1, "the other office goes on"
    for number, pause in enumerate(PAUSES, start=1):
        assert witness.seen.count((HOME, 1)) == number
        house.clock.pass_by(seconds=pause.total_seconds() - 0.5)
        relay.step()
        assert witness.seen.count((HOME, 1)) == number, f"too early after failure {number}"
        house.clock.pass_by(seconds=1)
        relay.step()
    assert (HOME, 2) not in witness.seen, "order is kept within the day"
    witness.fails_for.clear()
    house.clock.pass_by(seconds=PAUSES[-1].total_seconds() + 1)
    assert relay.step() == 2
    assert witness.seen[-2:] == [(HOME, 1), (HOME, 2)]


def test_a_failing_reaction_holds_up_no_other_and_catches_up_in_order(both_houses: House) -> None:
    house, failing, other = both_houses, Witness(HOME), Witness()
    relay = Relay(house.database, table(failing=failing, other=other), house.clock)
    house.walk_in()
    house.walk_in()
    assert relay.step() == 0, "neither event has had all its reactions"
    assert other.seen == [(HOME, 1), (HOME, 2)] and failing.seen == [(HOME, 1)]
    house.walk_in()
    relay.step()
    assert other.seen[2:] == [(HOME, 3)] and failing.seen == [(HOME, 1)], "what is new goes on"
    failing.fails_for.clear()
    house.clock.pass_by(seconds=PAUSES[0].total_seconds())
    assert relay.step() == 3
    assert failing.seen[1:] == [(HOME, 1), (HOME, 2), (HOME, 3)]
    assert len(other.seen) == 3, "what succeeded is not done again"
    house.walk_in()
    assert relay.step() == 1 and failing.seen[-1] == other.seen[-1] == (HOME, 4)


def test_a_reaction_that_recovers_at_one_event_starts_its_pauses_anew_at_the_next(
    house: House,
) -> None:
    bad = {1, 2}

    def fail_at_bad(recorded: RecordedEvent) -> None:
        if recorded.seq - SET_UP in bad:
            raise RuntimeError

    relay = Relay(house.database, table(failing=fail_at_bad), house.clock)
    house.walk_in()
    house.walk_in()
    relay.step()
    house.clock.pass_by(seconds=PAUSES[0].total_seconds())
    relay.step()
    bad.remove(1)
    house.clock.pass_by(seconds=PAUSES[1].total_seconds())
    assert relay.step() == 1
    bad.clear()
    house.clock.pass_by(seconds=PAUSES[0].total_seconds())
    assert relay.step() == 1


def test_a_long_way_behind_is_caught_up_in_batches(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = Witness(HOME)
    relay = Relay(house.database, witness.table, house.clock)
    for _ in range(6):
        house.walk_in()
    relay.step()
    monkeypatch.setattr("queue_server.effects.relay.BATCH", 4)
    witness.fails_for.clear()
    house.clock.pass_by(seconds=PAUSES[0].total_seconds())
    assert [relay.step(), relay.step(), relay.step()] == [4, 2, 0]
    assert witness.seen[1:] == [(HOME, seq) for seq in range(1, 7)]


def test_a_reaction_that_is_gone_is_not_waited_for(house: House) -> None:
    house.walk_in()
    Relay(house.database, table(gone=Witness(HOME)), house.clock).step()
    house.clock.pass_by(seconds=PAUSES[0].total_seconds())
    Relay(house.database, table(other=Witness()), house.clock).step()
    check = next(each for each in examine(house.settings)["checks"] if each["name"] == "reactions")
    assert check["ok"]


def test_what_keeps_failing_is_seen_by_the_doctor_and_by_readyz(house: House) -> None:
    relay = Relay(house.database, Witness(HOME).table, house.clock)
    house.walk_in()
    relay.step()
    check = next(each for each in examine(house.settings)["checks"] if each["name"] == "reactions")
    assert not check["ok"] and HOME in check["detail"] and "RuntimeError" in check["detail"]
    assert check["detail"].startswith("witness: "), "the reaction has a name"
    assert "the mail server is away" not in check["detail"], (
        "an error's own text may quote what a visitor typed"
    )
    house.application.probe.step()
    assert house.browser().get("/readyz").get_json()["checks"]["reactions"] == "1 failing"


def test_an_event_of_a_process_that_died_is_relayed_after_its_lease(both_houses: House) -> None:
    house, witness = both_houses, Witness()
    house.walk_in()
    with house.database.read() as connection:
        (backlog,) = relay_store.list_backlogs(connection, house.clock(), TODAY)
    died = house.clock()
    assert house.database.write(
        [], lambda tx: relay_store.claim(tx, backlog, died, died + Relay.lease)
    )
    relay = Relay(house.database, witness.table, house.clock)
    assert relay.step() == 0, "it may still be at work"
    house.clock.pass_by(seconds=Relay.lease.total_seconds() + 1)
    assert relay.step() == 1
    assert witness.seen == [(HOME, 1)]


def test_a_slow_batch_ends_before_its_lease_does(house: House) -> None:
    def take_long(_recorded: RecordedEvent) -> None:
        house.clock.pass_by(seconds=9)

    for _ in range(6):
        house.walk_in()
    relay = Relay(house.database, table(slow=take_long), house.clock)
    assert relay.step() == 3
    assert relay.step() == 3


def test_a_long_backlog_is_worked_off_in_batches(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert BATCH >= 100
    monkeypatch.setattr("queue_server.effects.relay.BATCH", 4)
    for _ in range(6):
        house.walk_in()
    relay = Relay(house.database, Witness().table, house.clock)
    assert [relay.step(), relay.step(), relay.step()] == [4, 2, 0]


def test_two_relays_never_run_the_same_event_at_once(both_houses: House) -> None:
    house = both_houses
    running: set[tuple[str, int]] = set()
    faults: list[str] = []
    seen: list[tuple[str, int]] = []
    guard = threading.Lock()

    def react(recorded: RecordedEvent) -> None:
        name = (recorded.event.office, recorded.seq - SET_UP)
        with guard:
            if name in running:
                faults.append(f"{name} ran twice at once")
            running.add(name)
            seen.append(name)
        threading.Event().wait(0.002)
        with guard:
            running.discard(name)

    for _ in range(4):
        house.walk_in()
        issue_elsewhere(house)
    others = [house.database, *(_another(house) for _ in range(2))]
    start = threading.Barrier(len(others))

    def work(database: Any) -> None:
        relay = Relay(database, table(react=react), house.clock)
        start.wait()
        try:
            for _ in range(5):
                relay.step()
        except Exception as error:
            faults.append(repr(error))

    threads = [threading.Thread(target=work, args=(each,)) for each in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for database in others[1:]:
        database.close()
    assert faults == []
    assert sorted(seen) == sorted(
        (office, seq) for office in (HOME, ELSEWHERE) for seq in range(1, 5)
    )


def _another(house: House) -> Any:
    """A second connection to the same database, as another process has."""
    return type(house.database)(house.settings.database_url)


def test_events_older_than_the_look_back_are_left(house: House) -> None:
    house.walk_in()
    house.clock.pass_by(days=4)
    assert Relay(house.database, Witness().table, house.clock).step() == 0


def test_a_relay_that_cannot_reach_its_database_goes_on_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = Relay(house.database, Witness().table, house.clock)
    steps: list[int] = []

    def step() -> int:
        steps.append(1)
        if len(steps) == 1:
            raise OSError("no route to the database")
        relay.stop()
        return 0

    monkeypatch.setattr(relay, "step", step)
    monkeypatch.setattr(Relay, "step_seconds", 0.001)
    relay.run()
    assert len(steps) == 2


def test_the_lease_outlasts_the_work_done_under_it() -> None:
    assert LEASE_WORK + timedelta(seconds=5) < Relay.lease
    assert all(kind.lease <= LONGEST_WAIT for kind in KINDS) and PAUSES[-1] <= LONGEST_WAIT
