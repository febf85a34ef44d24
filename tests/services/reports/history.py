"""A history of an office, made by the real commands: days on which people book, move, cancel, come,
do not come, are called, sent on, undone and sent home.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import sqlalchemy as sa

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.errors import DomainError
from queue_server.domain.office.office import Office
from queue_server.domain.visit.booker import Where
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services import upkeep
from queue_server.services.booking import booking, cancelling, holding, moving
from queue_server.services.counter import calling, serving, staffing, undoing
from queue_server.services.door import admission, arrival, closing, sensors
from queue_server.services.office.offices import set_people_limit
from queue_server.services.places.ticket_ids import draw
from queue_server.services.reception import reception
from queue_server.services.visit import voiding
from queue_server.store import tables
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from tests.services import stage

CLERKS = {"1": "ani", "2": "budi", "3": "citra"}
BOOKED_AHEAD = (0, 0, 1, 1, 2, 3, 5, 9, 16)
STEPS = {
    State.CALLED: ("start", "start", "start", "park", "no_show", "recall"),
    State.SERVING: ("finish", "finish", "finish", "finish", "finish", "park", "transfer"),
    State.PARKED: ("resume",),
}


class History:
    """An office whose clock goes on from act to act. What is refused changes nothing, so no act
    needs to know whether it may.
    """

    def __init__(self, database: Database, office: Office, first: date, seed: int) -> None:
        self.database, self.office, self.first = database, office, first
        self.random = Random(seed)
        self.now = stage.at(0)
        self.persons = 0
        self.booked: list[Ticket] = []
        self.here: list[Ticket] = []

    @property
    def code(self) -> str:
        return self.office.code

    def play(self, days: int, acts: int) -> None:
        """So many days in a row with about so many acts on each."""
        for number in range(days):
            self.play_day(self.first + timedelta(days=number), acts)

    def play_day(self, day: date, acts: int) -> None:
        begin = stage.at(0) + (day - stage.TODAY)
        self.now, self.here = begin + timedelta(hours=7, minutes=30), []
        upkeep.plan_office(self.database, self.code, self.now)
        pause_s = 8 * 3600 // acts
        for name in CLERKS:
            self._try(self.open, name)
        for _ in range(acts):
            self.now += timedelta(seconds=self.random.randint(0, 2 * pause_s))
            self.act()
        self.now = begin + timedelta(days=1, minutes=20)
        upkeep.reclaim_places(self.database, self.now)
        closing.close_days(self.database, self.now)
        while upkeep.miss_slots(self.database, self.now):
            pass

    def act(self) -> None:
        weights: dict[Callable[[str], object], int] = {
            self.come: 14,
            self.book: 8,
            self.hold: 2,
            self.check_in: 10,
            self.call_next: 22,
            self.step: 40,
            self.pick: 3,
            self.undo: 6,
            self.leave: 2,
            self.cancel: 2,
            self.void: 2,
            self.move: 3,
            self.return_late: 2,
            self.rest: 1,
            self.open: 3,
            self.correct: 1,
            self.recount: 1,
            self.change_limit: 1,
            self.change_party: 1,
            self.print_copy: 1,
        }
        [act] = self.random.choices(list(weights), list(weights.values()))
        self._try(act, self.random.choice("123"))

    def _try(self, act: Callable[[str], object], name: str) -> None:
        try:
            act(name)
        except DomainError:
            return

    def _do(self, command: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        today = self.office.date_at(self.now)
        run = partial(command, office=self.code, now=self.now, **options)
        return self.database.write([(self.code, today)], lambda tx: run(tx, *arguments))

    def _counter(self, name: str) -> str:
        return f"{self.code}-{name}"

    def _slot(self) -> datetime:
        """The beginning of some slot, today or later."""
        ahead = self.random.choice(BOOKED_AHEAD)
        today = self.office.date_at(self.now)
        begin = stage.at(0) + (today - stage.TODAY) + timedelta(days=ahead)
        return begin + timedelta(hours=8, minutes=30 * self.random.randrange(14))

    def _fresh(self, tickets: list[Ticket]) -> Ticket:
        """One of some tickets as it is now; none is a refusal like any other."""
        if not tickets:
            raise DomainError
        with self.database.read() as connection:
            return ticket_store.find(connection, self.random.choice(tickets).id)

    def come(self, _name: str) -> None:
        wanted = arrival.WalkIn(
            self.random.choice(["REK", "IKD", "CTK"]),
            party_size=self.random.choice([1, 1, 1, 2, 3]),
        )
        self.here.append(self._do(arrival.issue_walk_in, wanted=wanted, draw=draw()).ticket)

    def book(self, _name: str) -> None:
        self.persons += 1
        key = f"{self.persons:08d}"
        visitor = Visitor("Siti", key * 8, key[-4:], f"+62812{key}")
        slot = self._slot()
        wanted = BookingRequest(
            self.random.choice(["REK", "CTK", "AKL"]),
            slot,
            visitor,
            party_size=self.random.choice([1, 1, 2]),
        )
        days = {(self.code, self.office.date_at(each)) for each in (self.now, slot)}
        drawn, now = draw(), self.now
        self.booked.append(
            self.database.write(days, lambda tx: booking.book(tx, self.code, wanted, drawn, now))
        )

    def hold(self, _name: str) -> None:
        slot, drawn, now = self._slot(), draw(), self.now
        wanted = HoldRequest("REK", slot)
        days = [(self.code, self.office.date_at(slot))]
        self.database.write(days, lambda tx: holding.hold(tx, self.code, wanted, drawn, now))

    def check_in(self, _name: str) -> None:
        today = self.office.date_at(self.now)
        due = [
            each
            for each in self.booked
            if each.slot is not None
            and each.date == today
            and each.slot < self.now + timedelta(hours=1)
        ]
        ticket, now = self._fresh(due), self.now
        days = [(self.code, ticket.date)]
        self.here.append(
            self.database.write(days, lambda tx: arrival.check_in(tx, ticket.id, now)).ticket
        )

    def call_next(self, name: str) -> None:
        called = self._do(calling.call_next, counter=self._counter(name), clerk=CLERKS[name])
        if called is not None and self.random.random() < 0.8:
            self.now += timedelta(seconds=self.random.randint(5, 60))
            self._do(serving.start, ticket=called.id, clerk=CLERKS[name])

    def step(self, name: str) -> None:
        """What the visitor at a counter, or one set aside, does next."""
        columns = tables.tickets.c
        going_on = sa.select(columns.id).where(
            columns.office == self.code,
            columns.date == self.office.date_at(self.now),
            columns.state.in_([each.value for each in STEPS]),
        )
        with self.database.read() as connection:
            ids = sorted(connection.execute(going_on).scalars())
            if not ids:
                return
            ticket = ticket_store.find(connection, self.random.choice(ids))
        action = self.random.choice(STEPS[ticket.state])
        clerk = ticket.clerk or CLERKS[name]
        if action == "transfer":
            to = self.random.choice("AC")
            self._do(serving.transfer, ticket=ticket.id, clerk=clerk, letter=to)
        else:
            self._do(getattr(serving, action), ticket=ticket.id, clerk=clerk)

    def pick(self, name: str) -> None:
        reason = self.random.choice(["", "darurat"])
        ticket = self._fresh(self.here)
        counter = self._counter(name)
        self._do(calling.call, ticket=ticket.id, counter=counter, clerk=CLERKS[name], reason=reason)

    def undo(self, name: str) -> None:
        ticket = self._fresh(self.here)
        self._do(undoing.undo, ticket=ticket.id, clerk=ticket.clerk or CLERKS[name])

    def leave(self, name: str) -> None:
        self._do(admission.leave, ticket=self._fresh(self.here).id, by=CLERKS[name])

    def cancel(self, _name: str) -> None:
        ticket, now = self._fresh(self.booked + self.here), self.now
        days = [(self.code, ticket.date)]
        self.database.write(days, lambda tx: cancelling.cancel(tx, ticket.id, "holder", 0.5, now))

    def void(self, name: str) -> None:
        """A card is another person's; at times by mistake, which is taken back."""
        ticket = self._fresh(self.booked + self.here)
        by = ticket.clerk or CLERKS[name]
        self._do(voiding.void, ticket=ticket.id, where=Where.RECEPTION, by=by)
        if self.random.random() < 0.3:
            self._do(undoing.undo, ticket=ticket.id, clerk="mina", oversees=True)

    def move(self, _name: str) -> None:
        ticket, slot, now = self._fresh(self.booked), self._slot(), self.now
        days = {(self.code, ticket.date), (self.code, self.office.date_at(slot))}
        moved = self.database.write(
            days, lambda tx: moving.reschedule(tx, ticket.id, slot, "holder", 0.5, now)
        )
        self.booked = [moved if each.id == moved.id else each for each in self.booked]

    def return_late(self, _name: str) -> None:
        ticket, now = self._fresh(self.here), self.now
        self.database.write(
            [(self.code, ticket.date)], lambda tx: arrival.return_late(tx, ticket.id, "ani", now)
        )

    def rest(self, name: str) -> None:
        self._do(
            staffing.take_break, counter=self._counter(name), clerk=CLERKS[name], reason="short"
        )

    def open(self, name: str) -> None:
        self._do(staffing.open_counter, counter=self._counter(name), clerk=CLERKS[name])

    def correct(self, _name: str) -> None:
        delta = self.random.choice([-2, -1, 1, 2, 5])
        self._do(admission.correct_occupancy, delta=delta, reason="hitung", by="guard")

    def recount(self, _name: str) -> None:
        persons = self.random.randrange(12)
        self._do(sensors.recount, persons=persons, reason="hitung", by="guard")

    def change_limit(self, _name: str) -> None:
        self._do(set_people_limit, limit=self.random.choice([4, 6, 8, None]), by="manager")

    def change_party(self, _name: str) -> None:
        ticket, now = self._fresh(self.here + self.booked), self.now
        size = self.random.choice([1, 2, 3])
        self.database.write(
            [(self.code, ticket.date)],
            lambda tx: reception.change_party(tx, self.code, ticket.id, size, "ani", now),
        )

    def print_copy(self, _name: str) -> None:
        ticket, now = self._fresh(self.here), self.now
        days = [(self.code, ticket.date)]
        self.database.write(
            days, lambda tx: reception.copy_slip(tx, self.code, ticket.id, "ani", now)
        )
