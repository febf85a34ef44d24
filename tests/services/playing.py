"""An office that is played twice: in the model and for real. What every rule of the play needs."""

from __future__ import annotations

import itertools
import pickle
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.places import Places
from queue_server.domain.booking.replan import plan_day
from queue_server.domain.errors import DomainError
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.step import Draw
from queue_server.services.booking import booking, waitlist
from queue_server.services.counter import calling
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import ledger, stage
from tests.services.life_cycle.office_model import UNDOABLE, OfficeModel
from tests.services.life_cycle.places_model import POOLS, Day, Room, Slot
from tests.services.life_cycle.records_model import Person, Refused, Settings, Visit

PEOPLE = [Person(1, 1), Person(2, 1), Person(3, 1), Person(4, 2), Person(5, 3), Person(6, 4)]
CLERKS = ("ani", "budi")
BY = "guard"
SLOT_MINUTES = 30
A_MOMENT = 1 / 64
"""Part of a minute, one that is exact in binary fractions."""

services = st.sampled_from(sorted(stage.SERVICES))
parties = st.integers(1, 3)
persons = st.integers(0, len(PEOPLE) - 1)
counters = st.sampled_from(sorted(stage.COUNTERS))
clerks = st.sampled_from(CLERKS)
slots = st.integers(0, 29)
choices = st.integers(0, 10_000)
seldom = st.sampled_from([False, False, False, True])
kept_minutes = st.sampled_from([1.0, 6.0, 9.0])


_offers: Iterator[str] = iter(())
"""The ids of the offers that the command under way may make, the same that the model gives them."""


def draw_offer() -> Draw:
    """What the product draws for an offer while it is played."""
    id = next(_offers)
    return Draw(id, id)


def chance_of(minutes: float) -> float:
    """The draw by which places are kept back just so long, between one and ten minutes."""
    return (minutes - 1) / 9


def some_are(*states: str) -> Callable[[Any], bool]:
    """Whether any ticket is in one of these states, so that a rule has something to do."""
    return lambda machine: any(each.state in states for each in machine.model.visits.values())


def some_can_be_undone(machine: Any) -> bool:
    return any(last.type in UNDOABLE for last in machine.model.last.values())


def some_wait(*states: str) -> Callable[[Any], bool]:
    """Whether any entry of the waitlist is in one of these states."""
    return lambda machine: any(each.state in states for each in machine.model.entries.values())


def fresh_places(office: Office) -> dict[int, Day]:
    """What an office's settings offer on each day of the play, as the model writes it down.
    `test_replan` tests what it is.
    """
    key = (
        office.people_limit,
        office.rules.booking.online_share,
        office.rules.booking.urgent_share,
    )
    return {
        place: pickle.loads(_fresh_day(_Kept(office, (*key, office.openings_on(day))), day))
        for place, day in enumerate(stage.DAYS)
    }


class _Kept:
    """An office by the settings that its places follow from; all else is the same in each
    example.
    """

    def __init__(self, office: Office, key: tuple[Any, ...]) -> None:
        self.office, self.key = office, key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.key == other.key


@lru_cache(maxsize=1024)
def _fresh_day(kept: _Kept, day: date) -> bytes:
    return pickle.dumps(
        Day(
            {
                start: Slot(
                    start,
                    end,
                    _room(slot.people),
                    {letter: _room(each) for letter, each in slot.streams.items()},
                )
                for slot in plan_day(kept.office, day).slots
                for start, end in [
                    (stage.minutes_at(slot.starts_at) or 0, stage.minutes_at(slot.ends_at) or 0)
                ]
            }
        )
    )


def _room(places: Places) -> Room:
    return Room(dict(zip(POOLS, places.offered, strict=True)))


class Playing(RuleBasedStateMachine):
    """One office. Every rule does the same to the model and to the real thing and compares the
    outcome.
    """

    database: ClassVar[Database]

    @initialize(
        visits=st.lists(st.tuples(services, parties, st.booleans()), min_size=3, max_size=8),
        staffed=st.integers(0, 3),
        beyond=st.booleans(),
        booked=st.lists(st.tuples(services, slots, parties, persons), max_size=6),
        waiting=st.lists(st.tuples(services, parties, persons), max_size=4),
    )
    def begin(
        self,
        visits: list[tuple[str, int, bool]],
        staffed: int,
        beyond: bool,
        booked: list[tuple[str, int, int, int]],
        waiting: list[tuple[str, int, int]],
    ) -> None:
        """An office to which some have come, and some wait for a place, already: from an empty one
        most of what can happen is far away.
        """
        office = stage.small_office(
            stage.new_code(),
            booking={"urgent_share": 0.2, "horizon_days": 2},
            door={"walk_ins_beyond_places": beyond},
        )
        self.office = stage.open_office(self.database, office)
        self.code = self.office.code
        fresh = fresh_places(self.office)
        self.all_starts = sorted(start for day in fresh.values() for start in day.slots)
        openings: dict[int, list[tuple[float, float]]] = {
            0: [(stage.OPENS, stage.CLOSES)],
            1: [(stage.OPENS, 12 * 60), (13 * 60, stage.CLOSES)],
        }
        self.model = OfficeModel(
            Settings(stage.LIMIT, openings, fresh, beyond),
            name=self.code,
            letters=stage.SERVICES,
            spans={service: 2 if service in stage.MINUTES else 1 for service in stage.SERVICES},
            counters={f"{self.code}-{name}": letters for name, letters in stage.COUNTERS.items()},
            people=PEOPLE,
            slot_minutes=SLOT_MINUTES,
            party_max=3,
        )
        for day in (0, 1):
            self.model.replan(day, 0)
        self.now = 8 * 60 + 20.0
        self.was_inside = self.was_present = 0
        self.corrected = self.stayed = False
        self.was_beyond: dict[Any, int] = {}
        self.was_planned = 0
        self._ledger: ledger.Ledger | None = None
        self._known: ledger.Ledger | None = None
        for service, choice, party, person in booked:
            self.ask(service, choice, party, person, priority=False, urgent=False)
        for service, party, person in waiting:
            self.wait(service, party, person, False, (0, 1))
        for service, party, priority in visits:
            self.come(service, party, priority, urgent=False)
            self.now += 1
        for name, clerk in list(zip(sorted(stage.COUNTERS), itertools.cycle(CLERKS), strict=False))[
            :staffed
        ]:
            self.press_next(f"{self.code}-{name}", clerk)

    @property
    def ledger(self) -> ledger.Ledger:
        """What is stored after the last step, read once; of the events only those that are new."""
        if self._ledger is None:
            self._ledger = self._known = ledger.read(self.database, self.code, self._known)
        return self._ledger

    # Doing the same twice.

    def both(self, real: Callable[[Transaction], Any], model: Callable[[], Any]) -> Any:
        """Run a command on both. Both must refuse with the same code, or neither; returns the real
        answer.
        """
        global _offers
        self.was_inside, self.was_present = self.model.inside(), self.model.present()
        self.corrected = self.stayed = False
        self.was_beyond = self.ledger.beyond_share
        self.was_planned = self.plans_told()
        self._ledger = None
        refused, before = None, pickle.dumps(self.model)
        _offers = (
            f"{self.code}-{number:06d}" for number in itertools.count(self.model.offers_made + 1)
        )
        try:
            model()
        except Refused as reason:
            refused = reason.code
            self.model = pickle.loads(before)  # our own, of a moment ago
        event(f"{sys._getframe(1).f_code.co_name}: {refused or 'done'}")
        try:
            answer = self.database.write([(self.code, day) for day in stage.DAYS], real)
        except DomainError as error:
            assert error.code == refused, f"{error!r}, but the model says {refused}"
            return None
        assert refused is None, f"done, but the model refuses: {refused}"
        return answer

    def plans_told(self) -> int:
        """How often days were planned anew so far."""
        return sum(type == "slots_planned" for log in self.model.log.values() for type, _ in log)

    def pick(self, choice: int, *states: str) -> str:
        """A ticket: seven times of eight one in these states, if there is one."""
        known = list(self.model.visits.values())
        fitting = [each for each in known if each.state in states]
        pool = fitting if fitting and choice % 8 else known
        return pool[choice // 8 % len(pool)].id

    def slot(self, choice: int) -> float:
        """A slot; three of four times one of the next few, so that they fill up. Some have been
        withdrawn, or never were.
        """
        near = [
            start
            for day in (0, 1)
            for start in sorted(self.model.days[day].slots)
            if start > self.now
        ][:2]
        return (
            near[choice % len(near)]
            if near and choice % 4
            else ([*self.all_starts, 491, 2000, 1440, 7 * 60])[choice % 30]
        )

    def code_of(self, id: str) -> str:
        """A ticket's secret code."""
        return next(str(row.code) for row in self.ledger.tickets if row.id == id)

    def visitor(self, person: int) -> Visitor:
        who = PEOPLE[person]
        return Visitor("Siti", f"{who.nik:064d}", f"{who.nik:04d}", f"+62812000000{who.phone}")

    # What the beginning needs too.

    def ask(
        self, service: str, choice: int, party: int, person: int, *, priority: bool, urgent: bool
    ) -> None:
        slot, drawn = self.slot(choice), draw()
        wanted = BookingRequest(
            service,
            stage.at(slot),
            self.visitor(person),
            party_size=party,
            priority=priority,
            urgent=urgent,
        )
        self.both(
            lambda tx: booking.book(tx, self.code, wanted, drawn, stage.at(self.now)),
            lambda: self.model.book(
                drawn.id, service, slot, party, person, priority, urgent, self.now
            ),
        )

    def wait(
        self, service: str, party: int, person: int, priority: bool, days: tuple[int, int]
    ) -> None:
        first, last = days
        drawn = draw()
        wanted = waitlist.WaitRequest(
            service, stage.DAYS[first], stage.DAYS[last], self.visitor(person), party, priority
        )
        self.both(
            lambda tx: waitlist.join(tx, self.code, wanted, drawn, stage.at(self.now)),
            lambda: self.model.join(
                drawn.id, service, party, person, priority, first, last, self.now
            ),
        )

    def come(self, service: str, party: int, priority: bool, *, urgent: bool) -> None:
        drawn = draw()
        wanted = arrival.WalkIn(service, party, priority, urgent=urgent)
        arrived = self.both(
            lambda tx: arrival.issue_walk_in(tx, self.code, wanted, drawn, stage.at(self.now)),
            lambda: self.model.walk_in(drawn.id, service, party, priority, urgent, self.now),
        )
        self.check_place(arrived)

    def check_place(self, arrived: arrival.Arrived | None) -> None:
        """The number of visitors ahead that the slip says is the number there are."""
        if arrived is None:
            return
        me = self.model.visits[arrived.ticket.id]
        ahead = [
            each
            for each in self.model.visits.values()
            if each.state == "WAITING"
            and each.letter == me.letter
            and (each.turn, each.id) < (me.turn, me.id)
        ]
        assert arrived.ahead == len(ahead)

    def press_next(self, desk: str, clerk: str) -> None:
        called: list[Visit | None] = []
        answer = self.both(
            lambda tx: calling.call_next(tx, self.code, desk, clerk, stage.at(self.now)),
            lambda: called.append(self.model.call_next(desk, clerk, self.now)),
        )
        expected = called[0] if called else None
        assert (answer.id if answer else None) == (expected.id if expected else None)

    # Time.

    @rule(minutes=st.sampled_from([1, 2, 4, 7, 11, 25, 50]))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes
