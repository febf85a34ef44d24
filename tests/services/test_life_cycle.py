"""Whatever people do at an office, in whatever order, the real services and store do as the model says, and stay consistent."""
from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from queue_server.domain.errors import DomainError
from queue_server.domain.identity import Visitor
from queue_server.domain.slots import cut_slots, people_places, stream_places
from queue_server.services import admission, booking, counter, door, staffing
from queue_server.services.draws import draw
from queue_server.store import tables
from queue_server.store.database import Database
from queue_server.store.transaction import Transaction
from tests.services import stage
from tests.services.office_model import BUSY, UNDOABLE, OfficeModel, Person, Place, Refused, Visit

PEOPLE = [Person(1, 1), Person(2, 1), Person(3, 1), Person(4, 2)]
CLERKS = ("ani", "budi")
BY = "guard"

services = st.sampled_from(sorted(stage.SERVICES))
parties = st.integers(1, 3)
persons = st.integers(0, len(PEOPLE) - 1)
counters = st.sampled_from(sorted(stage.COUNTERS))
clerks = st.sampled_from(CLERKS)
slots = st.integers(0, 27)
choices = st.integers(0, 10_000)

ACTIONS = ("recall", "start", "park", "no_show", "resume", "finish", "transfer")
NEXT = {
    "CALLED": ("start", "start", "recall", "no_show", "park"), "SERVING": ("finish", "finish", "transfer", "park"), "PARKED": ("resume",),
}


def some_are(*states: str) -> Callable[[Any], bool]:
    """Whether any ticket is in one of these states, so that a rule has something to do."""
    return lambda machine: any(each.state in states for each in machine.model.visits.values())


def some_can_be_undone(machine: Any) -> bool:
    return any(last.type in UNDOABLE for last in machine.model.last.values())


class LifeCycle(RuleBasedStateMachine):
    """One office. Every rule does the same to the model and to the real thing and compares the outcome."""

    database: ClassVar[Database]

    @initialize(visits=st.lists(st.tuples(services, parties, st.booleans()), min_size=3, max_size=8), staffed=st.integers(0, 3))
    def begin(self, visits: list[tuple[str, int, bool]], staffed: int) -> None:
        """An office in which some have come already: from an empty one most of what can happen is far away."""
        self.office = stage.open_office(self.database, stage.small_office(stage.new_code()))
        self.code = self.office.code
        places = {letter: stream_places(self.office, letter) for letter in "AC"}
        self.slot_starts = [stage.minutes_at(start) or 0 for day in stage.DAYS for start, _ in cut_slots(self.office, day)]
        self.model = OfficeModel(
            limit=stage.LIMIT, opens=stage.OPENS, closes=stage.CLOSES, letters=stage.SERVICES,
            counters={f"{self.code}-{name}": letters for name, letters in stage.COUNTERS.items()},
            slots={start: Place(people_places(self.office), places) for start in self.slot_starts}, people=PEOPLE,
        )
        self.now = 8 * 60 + 20.0
        self.was_inside = 0
        self.corrected = False
        for service, party, priority in visits:
            self.walk_in(service, party, priority)
            self.now += 1
        for name, clerk in list(zip(sorted(stage.COUNTERS), itertools.cycle(CLERKS), strict=False))[:staffed]:
            self.call_next(name, clerk)

    # Doing the same twice.

    def both(self, real: Callable[[Transaction], Any], model: Callable[[], Any]) -> Any:
        """Run a command on both. Both must refuse with the same code, or neither; returns the real answer."""
        self.was_inside, self.corrected = self.model.inside(), False
        refused = None
        try:
            model()
        except Refused as reason:
            refused = reason.code
        event(f"{sys._getframe(1).f_code.co_name}: {refused or 'done'}")
        try:
            answer = self.database.write([(self.code, day) for day in stage.DAYS], real)
        except DomainError as error:
            assert error.code == refused, f"{error!r}, but the model says {refused}"
            return None
        assert refused is None, f"done, but the model refuses: {refused}"
        return answer

    def pick(self, choice: int, *states: str) -> str:
        """A ticket: seven times of eight one in these states, if there is one."""
        known = list(self.model.visits.values())
        fitting = [each for each in known if each.state in states]
        pool = fitting if fitting and choice % 8 else known
        return pool[choice // 8 % len(pool)].id

    def slot(self, choice: int) -> float:
        """A slot; three of four times one of the next few, so that they fill up."""
        near = [start for start in self.slot_starts if start > self.now][:2]
        return near[choice % len(near)] if near and choice % 4 else self.slot_starts[choice]

    # Time.

    @rule(minutes=st.sampled_from([1, 2, 4, 7, 11, 25]))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes

    # Booking.

    @rule(service=services, choice=slots, party=parties)
    def hold(self, service: str, choice: int, party: int) -> None:
        slot, drawn = self.slot(choice), draw()
        self.both(
            lambda tx: booking.hold(tx, self.code, service, stage.at(slot), party, drawn, stage.at(self.now)),
            lambda: self.model.hold(drawn.id, service, slot, party, self.now),
        )

    @rule(service=services, choice=slots, party=parties, person=persons, priority=st.booleans())
    def book(self, service: str, choice: int, party: int, person: int, priority: bool) -> None:
        slot, drawn = self.slot(choice), draw()
        wanted = booking.BookingRequest(service, stage.at(slot), self.visitor(person), party_size=party, priority=priority)
        self.both(
            lambda tx: booking.book(tx, self.code, wanted, drawn, stage.at(self.now)),
            lambda: self.model.book(drawn.id, service, slot, party, person, priority, self.now),
        )

    def visitor(self, person: int) -> Visitor:
        who = PEOPLE[person]
        return Visitor("Siti", f"{who.nik:064d}", f"{who.nik:04d}", f"+62812000000{who.phone}")

    @precondition(some_are("HELD"))
    @rule(choice=choices, person=persons, priority=st.booleans())
    def confirm(self, choice: int, person: int, priority: bool) -> None:
        held = [each for each in self.model.visits.values() if each.slot is not None and each.person is None]
        visit = held[choice % len(held)]
        with self.database.read() as connection:
            code = connection.execute(tables.tickets.select().where(tables.tickets.c.id == visit.id)).one().code
        assert visit.slot is not None
        wanted = booking.BookingRequest(
            visit.service, stage.at(visit.slot), self.visitor(person), party_size=visit.party, priority=priority, hold=code
        )
        self.both(
            lambda tx: booking.book(tx, self.code, wanted, draw(), stage.at(self.now)),
            lambda: self.model.confirm(visit.id, person, priority, self.now),
        )

    @precondition(some_are("HELD"))
    @rule(day=st.sampled_from([0, 1]))
    def expire_holds(self, day: int) -> None:
        self.both(
            lambda tx: booking.reclaim_holds(tx, self.code, stage.DAYS[day], None, stage.at(self.now)),
            lambda: self.model.expire_holds(day, self.now),
        )

    @precondition(some_are("BOOKED", "WAITING"))
    @rule(choice=choices)
    def cancel(self, choice: int) -> None:
        id = self.pick(choice, "BOOKED", "WAITING")
        self.both(lambda tx: booking.cancel(tx, id, BY, stage.at(self.now)), lambda: self.model.cancel(id, BY, self.now))

    @precondition(some_are("BOOKED"))
    @rule(choice=choices, to=slots)
    def reschedule(self, choice: int, to: int) -> None:
        id, slot = self.pick(choice, "BOOKED"), self.slot(to)
        self.both(
            lambda tx: booking.reschedule(tx, id, stage.at(slot), BY, stage.at(self.now)),
            lambda: self.model.reschedule(id, slot, BY, self.now),
        )

    # The door.

    @rule(service=services, party=parties, priority=st.booleans())
    def walk_in(self, service: str, party: int, priority: bool) -> None:
        drawn = draw()
        arrived = self.both(
            lambda tx: door.issue_walk_in(tx, self.code, door.WalkIn(service, party, priority), drawn, stage.at(self.now)),
            lambda: self.model.walk_in(drawn.id, service, party, priority, self.now),
        )
        self.check_place(arrived)

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

    def check_place(self, arrived: door.Arrived | None) -> None:
        """The number of visitors ahead that the slip says is the number there are."""
        if arrived is None:
            return
        me = self.model.visits[arrived.ticket.id]
        ahead = [
            each for each in self.model.visits.values()
            if each.state == "WAITING" and each.letter == me.letter and (each.turn, each.id) < (me.turn, me.id)
        ]
        assert arrived.ahead == len(ahead)
        assert arrived.counters_open == sum(me.letter in self.model.counters[each] for each in self.model.clerks)

    @precondition(some_are("WAITING"))
    @rule(choice=choices, leaves=st.booleans())
    def admit_or_leave(self, choice: int, leaves: bool) -> None:
        id = self.pick(choice, "WAITING")
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
        clerk = self.model.clerks.get(desk, clerk) if clerk == CLERKS[0] else clerk
        called: list[Visit | None] = []
        answer = self.both(
            lambda tx: counter.call_next(tx, self.code, desk, clerk, stage.at(self.now)),
            lambda: called.append(self.model.call_next(desk, clerk, self.now)),
        )
        expected = called[0] if called else None
        assert (answer.id if answer else None) == (expected.id if expected else None)

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

    # What must hold after every step.

    @invariant()
    def tickets_are_as_the_model_has_them(self) -> None:
        found = {row.id: row for row in stage.rows_of(self.database, tables.tickets, self.code)}
        assert set(found) == set(self.model.visits)
        for id, visit in self.model.visits.items():
            row = found[id]
            real = (
                row.state, row.letter, row.service, row.party_size, row.number, row.place, row.counter, row.clerk, row.calls,
                *(stage.minutes_at(each) for each in (row.slot, row.turn_time, row.arrived_at)), (row.date - stage.TODAY).days,
            )
            model = (
                visit.state, visit.letter, visit.service, visit.party, visit.number, visit.place, visit.counter, visit.clerk, visit.calls,
                visit.slot, visit.turn, visit.arrived, visit.day,
            )
            if visit.state in {"SERVED", "NO_SHOW"}:  # where and who it was is kept on the row for the board; the model forgets it
                real, model = (*real[:6], *real[8:]), (*model[:6], *model[8:])
            assert real == model

    @invariant()
    def the_log_is_gap_free_with_one_event_for_every_change(self) -> None:
        for place, day in enumerate(stage.DAYS):
            log = stage.event_log(self.database, self.code, day)
            assert [seq for seq, _, _ in log] == list(range(1, len(log) + 1))
            assert [(type, ticket) for _, type, ticket in log] == self.model.log.get(place, [])

    @invariant()
    def no_slot_holds_more_than_its_places(self) -> None:
        for row in stage.rows_of(self.database, tables.slots, self.code):
            place = self.model.slots[stage.minutes_at(row.starts_at) or 0]
            assert row.taken == place.people_taken <= row.people == place.people
        for row in stage.rows_of(self.database, tables.stream_slots, self.code):
            place = self.model.slots[stage.minutes_at(row.starts_at) or 0]
            assert row.taken == place.places_taken.get(row.letter, 0) <= row.places == place.places[row.letter]

    @invariant()
    def the_day_row_is_what_counting_gives(self) -> None:
        waiting = [each for each in self.model.visits.values() if each.state == "WAITING"]
        for row in stage.rows_of(self.database, tables.office_days, self.code):
            day = (row.date - stage.TODAY).days
            assert row.seq == len(self.model.log.get(day, []))
            mine = [each for each in waiting if each.day == day]
            assert row.parties_outside == sum(each.place == "OUTSIDE" for each in mine)
            assert {letter: count for letter, (_, count, _) in row.streams.items() if count} == {
                letter: count for letter in "AC" if (count := sum(each.letter == letter for each in mine))
            }
            if day == 0:
                assert max(0, row.persons_inside + row.correction) == self.model.inside()
                assert row.correction == self.model.correction
                assert set(row.open_counters) == set(self.model.clerks)
        clerks = {row.counter: row.clerk for row in stage.rows_of(self.database, tables.counter_days, self.code) if row.clerk}
        assert clerks == self.model.clerks

    @invariant()
    def the_room_is_never_filled_above_its_limit_by_us(self) -> None:
        inside = self.model.inside()
        assert inside <= stage.LIMIT or self.corrected or inside <= self.was_inside

    @invariant()
    def numbers_are_unique_and_no_counter_has_two_visitors(self) -> None:
        numbers = [each.number for each in self.model.visits.values() if each.number]
        assert len(set(numbers)) == len(numbers)
        busy = [each.counter for each in self.model.visits.values() if each.state in BUSY]
        assert len(set(busy)) == len(busy)


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
    run_state_machine_as_test(machine, settings=profile(25, 40))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_long_days_at_the_office(machine: type[LifeCycle]) -> None:
    run_state_machine_as_test(machine, settings=profile(500, 60))
