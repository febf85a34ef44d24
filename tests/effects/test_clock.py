"""The server's clock is set back and ahead: who came first is called first, holds end in time, and
somebody is told.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from queue_server.domain.events import EventType
from queue_server.domain.visit.clock import SETTLING
from queue_server.effects.background import Background
from queue_server.effects.clock import ClockWatch, SteadyClock
from queue_server.effects.reactions import Reaction
from queue_server.effects.relay import Relay
from queue_server.services import upkeep
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.upkeep import FOR_GOOD, keep_up
from queue_server.store import clock_jumps
from queue_server.store.counter import line
from queue_server.store.visit import events as event_store
from tests.fixtures.application import HOME, TODAY, House, at


class Machine:
    """A machine's two clocks: one that can be set, one that cannot."""

    def __init__(self) -> None:
        self.wall_clock, self.seconds = at(9), 1_000.0

    def pass_by(self, **amount: float) -> None:
        self.wall_clock += timedelta(**amount)
        self.seconds += timedelta(**amount).total_seconds()

    def set(self, **amount: float) -> None:
        self.wall_clock += timedelta(**amount)

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall_clock, lambda: self.seconds)


def test_later_comers_do_not_go_before_earlier_ones(both_houses: House) -> None:
    """The clock is set back an hour between the second and the third of four visitors."""
    house = both_houses
    came = [house.walk_in()["number"] for _ in range(2)]
    house.clock.pass_by(hours=-1)
    came += [house.walk_in()["number"] for _ in range(2)]
    called = []
    for _ in came:
        ticket = house.call_next().get_json()
        called.append(ticket["number"])
        for step in ("start", "finish"):
            house.clock.pass_by(seconds=30)
            assert house.post(f"/tickets/{ticket['id']}/{step}", "clerk").status_code == 200
    assert called == came


@pytest.mark.parametrize("seed", range(6))
def test_the_order_is_that_of_coming_however_the_clock_is_set(
    both_houses: House, seed: int
) -> None:
    """Ten visitors come a minute apart. Between any two the clock is set somewhere within an hour
    of the true time, and now and then another process, which has just been started and knows
    nothing, gives the number.
    """
    house, machine, chance = both_houses, Machine(), random.Random(seed)
    clock, came = machine.clock(), []
    for minute in range(10):
        machine.seconds += 60
        machine.wall_clock = at(10, minute) + timedelta(minutes=chance.uniform(-55, 55))
        clock()
        came.append(come(house, (machine.clock() if chance.random() < 0.3 else clock)()))
    with house.database.read() as connection:
        waiting = line.list_waiting(connection, HOME, TODAY, 100)
        times = [each.event.at for each in event_store.list_after(connection, HOME, TODAY, 0)]
    assert [each.number for each in waiting] == came
    assert len(times) > len(came) and times == sorted(times), "nor does the log run backwards"


def come(house: House, moment: datetime) -> str:
    """One visitor comes at a moment of some process's clock. Returns the number."""
    wanted, drawn = arrival.WalkIn(service="REK"), draw()
    arrived = house.database.write(
        [(HOME, TODAY)], lambda tx: arrival.issue_walk_in(tx, HOME, wanted, drawn, moment)
    )
    return str(arrived.ticket.number)


def test_nor_if_another_process_does_not_know_of_the_time_before(both_houses: House) -> None:
    """It has been started anew, with the clock an hour back: the office-day's last event tells
    it.
    """
    house = both_houses
    came = [come(house, at(9) if number < 2 else at(8)) for number in range(4)]
    queue = house.get(f"/offices/{HOME}/queue", "clerk").get_json()
    assert [each["number"] for each in queue["waiting"]] == came


def test_a_hold_of_ten_minutes_ends_after_ten_minutes(both_houses: House) -> None:
    house = both_houses
    application = house.application
    held = house.post(
        f"/offices/{HOME}/holds",
        None,
        {"service": "AKT", "slot": house.slot(11, 0, day=0), "party_size": 1},
    )
    assert held.status_code == 201, held.text
    code = held.get_json()["code"]

    def status() -> str:
        return str(house.get(f"/tickets/{code}").get_json()["status"])

    clock = application.flask.extensions["antrean"].clock
    clock()
    house.clock.pass_by(hours=-1)
    clock()
    for _ in range(9):
        house.clock.pass_by(minutes=1)
        keep_up(house.database, clock())
        assert status() == "HELD"
    house.clock.pass_by(minutes=1)
    keep_up(house.database, clock())
    assert status() == "EXPIRED"


def test_a_hold_of_before_is_given_back_by_a_process_that_knows_nothing(both_houses: House) -> None:
    house = both_houses
    held = house.post(
        f"/offices/{HOME}/holds",
        None,
        {"service": "AKT", "slot": house.slot(11, 0, day=0), "party_size": 1},
    ).get_json()
    keep_up(house.database, house.clock() - timedelta(minutes=50))
    assert house.get(f"/tickets/{held['code']}").get_json()["status"] == "EXPIRED"


def test_one_event_from_far_ahead_does_not_hold_up_the_day(both_houses: House) -> None:
    """The clock was a day ahead, somebody booked, and it was set right: today goes on with today's
    time.
    """
    house = both_houses
    house.clock.pass_by(days=1)
    house.book(slot=house.slot(9, 30, day=3))
    house.clock.pass_by(days=-1)
    before = datetime.fromisoformat(house.get(f"/offices/{HOME}/board").get_json()["sent_at"])
    slip = house.walk_in()
    assert datetime.fromisoformat(slip["issued_at"]) - before < timedelta(minutes=1)
    assert abs(before - house.clock()) < timedelta(minutes=1)


@pytest.mark.parametrize("minutes", [-60, -3, 3, 60])
def test_a_jump_is_noticed_once_and_told(both_houses: House, minutes: int) -> None:
    house, machine = both_houses, Machine()
    clock = machine.clock()
    watches = [
        ClockWatch(house.database, clock, monotonic=lambda: machine.seconds) for _ in range(2)
    ]
    for _ in range(3):
        machine.pass_by(seconds=1)
        assert [each.step() for each in watches] == [0, 0]
    machine.set(minutes=minutes)
    machine.pass_by(seconds=1)
    with capture_logs() as logs:
        assert watches[0].step() == 1 and watches[0].step() == 0
    assert logs == [{"event": "clock_jumped", "log_level": "warning", "seconds": 60 * minutes}]
    with house.database.read() as connection:
        found = clock_jumps.find_recent(connection, clock())
        assert found is not None and found.seconds == 60 * minutes
        assert clock_jumps.find_recent(connection, clock() + timedelta(hours=2)) is None
    keep_up(house.database, clock())
    alerts: list[dict[str, Any]] = house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()[
        "alerts"
    ]
    told = [each for each in alerts if each["kind"] == "CLOCK_JUMPED"]
    assert [each["values"]["minutes"] for each in told] == [abs(minutes)]


def test_drifting_and_sleeping_are_no_jumps(house: House) -> None:
    machine = Machine()
    watch = ClockWatch(house.database, machine.clock(), monotonic=lambda: machine.seconds)
    for _ in range(200):
        machine.pass_by(seconds=1)
        machine.set(seconds=1)
        assert watch.step() == 0
    machine.pass_by(hours=9)
    assert watch.step() == 0


def test_a_process_started_after_the_clock_was_set_back_goes_on_from_the_newest_event(
    both_houses: House,
) -> None:
    house, machine = both_houses, Machine()
    house.walk_in()
    machine.set(minutes=-50)
    clock = machine.clock()
    assert clock() == at(8, 10)
    watch = ClockWatch(house.database, clock, monotonic=lambda: machine.seconds)
    assert watch.step() == 1 and clock() == at(9), "and that is told as well"
    machine.pass_by(minutes=10)
    assert clock() == at(9, 10)


def test_nothing_is_ended_for_good_while_the_clock_may_be_wrong(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day ahead, every booking would be a no-show and everybody who waits would have left."""
    machine = Machine()
    clock = machine.clock()
    clock()
    done: list[str] = []
    pieces = {
        name: lambda _database, _now, name=name: done.append(name) or 1 for name in upkeep.PIECES
    }
    monkeypatch.setattr(upkeep, "PIECES", pieces)

    def run() -> set[str]:
        done.clear()
        application = house.application
        background = Background(
            house.database,
            application.live,
            [],
            application.probe,
            clock,
            [],
            lambda: clock.is_settling,
        )
        pieces["slot_days"] = lambda _database, _now: background.stop() or 1
        background._run_upkeep()
        return set(done)

    assert run() >= FOR_GOOD
    machine.set(days=1)
    assert run() == set(pieces) - FOR_GOOD - {"slot_days"}
    machine.pass_by(seconds=SETTLING.total_seconds())
    assert run() >= FOR_GOOD
    machine.set(days=1)
    machine.set(days=-1)
    assert run() >= FOR_GOOD, "set right at once"


def test_a_lease_from_before_holds_nobody_up(both_houses: House) -> None:
    house = both_houses
    house.walk_in()

    def die(_recorded: object) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        Relay(house.database, dict.fromkeys(EventType, (Reaction("die", die),)), house.clock).step()
    assert Relay(house.database, {}, house.clock).step() == 0, "leased to one who died"
    house.clock.pass_by(hours=-1)
    assert Relay(house.database, {}, house.clock).step() > 0
