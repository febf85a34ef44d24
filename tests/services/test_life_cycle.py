"""Whatever people do at an office, in whatever order, the real services and store do as the model says, and stay consistent."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from queue_server.services import admission, counter, door, staffing
from queue_server.store.database import Database
from tests.services import stage
from tests.services.checks import Checks
from tests.services.office_model import UNDOABLE
from tests.services.playing import BY, CLERKS, choices, clerks, counters, parties, seldom, services, some_are, some_can_be_undone
from tests.services.rules_booking import BookingRules
from tests.services.rules_settings import SettingsRules

ACTIONS = ("recall", "start", "park", "no_show", "resume", "finish", "transfer")
NEXT = {
    "CALLED": ("start", "start", "recall", "no_show", "park"), "SERVING": ("finish", "finish", "transfer", "park"), "PARKED": ("resume",),
}


class LifeCycle(BookingRules, SettingsRules, Checks):
    """One office with all that can happen there; here what happens at the door and at the counters."""

    # The door.

    @rule(service=services, party=parties, priority=st.booleans(), urgent=seldom)
    def walk_in(self, service: str, party: int, priority: bool, urgent: bool) -> None:
        self.come(service, party, priority, urgent=urgent)

    @precondition(some_are("BOOKED"))
    @rule(choice=choices)
    def check_in(self, choice: int) -> None:
        id = self.pick(choice, "BOOKED")
        self.check_place(self.both(lambda tx: door.check_in(tx, id, stage.at(self.now)), lambda: self.model.check_in(id, self.now)))

    @precondition(some_are("NO_SHOW"))
    @rule(choice=choices)
    def return_late(self, choice: int) -> None:
        id = self.pick(choice, "NO_SHOW")
        self.check_place(
            self.both(lambda tx: door.return_late(tx, id, BY, stage.at(self.now)), lambda: self.model.return_late(id, BY, self.now))
        )

    @precondition(some_are("WAITING", "PARKED"))
    @rule(choice=choices, leaves=st.booleans())
    def admit_or_leave(self, choice: int, leaves: bool) -> None:
        id = self.pick(choice, *(("WAITING", "PARKED") if leaves else ("WAITING",)))
        if leaves:
            self.both(lambda tx: admission.leave(tx, self.code, id, BY, stage.at(self.now)), lambda: self.model.leave(id, BY, self.now))
        else:
            self.both(lambda tx: admission.admit(tx, self.code, id, BY, stage.at(self.now)), lambda: self.model.admit(id, BY, self.now))

    @rule(delta=st.sampled_from([-3, -1, 1, 2, 5]))
    def correct_occupancy(self, delta: int) -> None:
        self.both(
            lambda tx: admission.correct_occupancy(tx, self.code, delta, "count", BY, stage.at(self.now)),
            lambda: self.model.correct(delta, self.now),
        )
        self.corrected = True

    # The counter.

    @rule(name=counters, clerk=clerks, opens=st.booleans())
    def open_or_close(self, name: str, clerk: str, opens: bool) -> None:
        desk = f"{self.code}-{name}"
        if opens:
            self.both(
                lambda tx: staffing.open_counter(tx, self.code, desk, clerk, stage.at(self.now)), lambda: self.model.open(desk, clerk)
            )
        else:
            self.both(
                lambda tx: staffing.close_counter(tx, self.code, desk, clerk, stage.at(self.now)), lambda: self.model.close(desk, clerk)
            )

    @rule(name=counters, clerk=clerks)
    def call_next(self, name: str, clerk: str) -> None:
        desk = f"{self.code}-{name}"
        self.press_next(desk, self.model.clerks.get(desk, clerk) if clerk == CLERKS[0] else clerk)

    @precondition(some_are("WAITING"))
    @rule(choice=choices, name=counters, clerk=clerks)
    def call(self, choice: int, name: str, clerk: str) -> None:
        id, desk = self.pick(choice, "WAITING"), f"{self.code}-{name}"
        clerk = self.model.clerks.get(desk, clerk) if clerk == CLERKS[0] else clerk
        self.both(
            lambda tx: counter.call(tx, self.code, id, desk, clerk, stage.at(self.now)), lambda: self.model.call(id, desk, clerk, self.now)
        )

    @precondition(some_are("CALLED", "SERVING", "PARKED"))
    @rule(choice=choices, service=services)
    def serve(self, choice: int, service: str) -> None:
        """The next step of a visit by the clerk who has it."""
        busy = [each for each in self.model.visits.values() if each.state in NEXT]
        visit = busy[choice % len(busy)]
        actions = NEXT[visit.state]
        self.act(visit.id, actions[choice // 64 % len(actions)], visit.clerk or CLERKS[0], service)

    @precondition(some_are("CALLED", "SERVING", "PARKED"))
    @rule(choice=choices, clerk=clerks, action=st.sampled_from(ACTIONS), service=services)
    def try_anything(self, choice: int, clerk: str, action: str, service: str) -> None:
        """Any step by anybody."""
        self.act(self.pick(choice, *NEXT), action, clerk, service)

    def act(self, id: str, action: str, clerk: str, service: str) -> None:
        if action == "transfer":
            self.both(
                lambda tx: counter.transfer(tx, self.code, id, clerk, stage.at(self.now), service=service),
                lambda: self.model.transfer(id, clerk, service, self.now),
            )
        else:
            self.both(
                lambda tx: getattr(counter, action)(tx, self.code, id, clerk, stage.at(self.now)),
                lambda: getattr(self.model, action)(id, clerk, self.now),
            )

    @precondition(some_can_be_undone)
    @rule(choice=choices, clerk=clerks)
    def undo(self, choice: int, clerk: str) -> None:
        can = [id for id, last in self.model.last.items() if last.type in UNDOABLE]
        id = can[choice // 8 % len(can)] if choice % 8 else self.pick(choice)
        last = self.model.last[id]
        clerk = last.by if last.by in CLERKS and clerk == CLERKS[0] else clerk
        self.both(lambda tx: counter.undo(tx, self.code, id, clerk, stage.at(self.now)), lambda: self.model.undo(id, clerk, self.now))


@pytest.fixture
def machine(database_url: str) -> Iterator[type[LifeCycle]]:
    """The machine on one migrated database; each example opens an office of its own in it."""
    database = Database(stage.migrated(database_url))
    yield type("LifeCycleHere", (LifeCycle,), {"database": database})
    database.close()


def profile(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


def test_any_day_at_the_office(machine: type[LifeCycle]) -> None:
    run_state_machine_as_test(machine, settings=profile(20, 35))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_long_days_at_the_office(machine: type[LifeCycle]) -> None:
    run_state_machine_as_test(machine, settings=profile(500, 60))
