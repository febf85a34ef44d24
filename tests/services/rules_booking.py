"""What citizens do at home in the play, and what time does to their places."""
from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from queue_server.services import booking, places
from queue_server.services.draws import draw
from queue_server.store import tables
from tests.services import stage
from tests.services.playing import (
    BY,
    Playing,
    chance_of,
    choices,
    kept_minutes,
    parties,
    persons,
    seldom,
    services,
    slots,
    some_are,
)


class BookingRules(Playing):
    """Holds, bookings, and what becomes of them before the visit."""

    @rule(service=services, choice=slots, party=parties, urgent=seldom)
    def hold(self, service: str, choice: int, party: int, urgent: bool) -> None:
        slot, drawn = self.slot(choice), draw()
        self.both(
            lambda tx: booking.hold(tx, self.code, service, stage.at(slot), party, drawn, stage.at(self.now), urgent=urgent),
            lambda: self.model.hold(drawn.id, service, slot, party, urgent, self.now),
        )

    @rule(service=services, choice=slots, party=parties, person=persons, priority=st.booleans(), urgent=seldom)
    def book(self, service: str, choice: int, party: int, person: int, priority: bool, urgent: bool) -> None:
        slot, drawn = self.slot(choice), draw()
        wanted = booking.BookingRequest(service, stage.at(slot), self.visitor(person), party_size=party, priority=priority, urgent=urgent)
        self.both(
            lambda tx: booking.book(tx, self.code, wanted, drawn, stage.at(self.now)),
            lambda: self.model.book(drawn.id, service, slot, party, person, priority, urgent, self.now),
        )

    @precondition(some_are("HELD"))
    @rule(choice=choices, person=persons, priority=st.booleans(), urgent=seldom)
    def confirm(self, choice: int, person: int, priority: bool, urgent: bool) -> None:
        held = [each for each in self.model.visits.values() if each.slot is not None and each.person is None]
        visit = held[choice % len(held)]
        with self.database.read() as connection:
            code = connection.execute(tables.tickets.select().where(tables.tickets.c.id == visit.id)).one().code
        assert visit.slot is not None
        wanted = booking.BookingRequest(
            visit.service, stage.at(visit.slot), self.visitor(person), party_size=visit.party, priority=priority, urgent=urgent, hold=code
        )
        self.both(
            lambda tx: booking.book(tx, self.code, wanted, draw(), stage.at(self.now)),
            lambda: self.model.confirm(visit.id, person, priority, urgent, self.now),
        )

    @precondition(some_are("HELD"))
    @rule(choice=choices)
    def extend_hold(self, choice: int) -> None:
        id = self.pick(choice, "HELD")
        self.both(lambda tx: booking.extend_hold(tx, id, stage.at(self.now)), lambda: self.model.extend(id, self.now))

    @precondition(lambda machine: machine.model.kept or some_are("HELD")(machine))
    @rule(day=st.sampled_from([0, 1]))
    def reclaim(self, day: int) -> None:
        """What the upkeep does every few seconds."""
        self.both(
            lambda tx: places.reclaim(tx, self.code, stage.DAYS[day], stage.at(self.now)), lambda: self.model.reclaim(day, self.now)
        )

    @precondition(some_are("BOOKED", "WAITING", "STRANDED"))
    @rule(choice=choices, minutes=kept_minutes)
    def cancel(self, choice: int, minutes: float) -> None:
        id = self.pick(choice, "BOOKED", "WAITING", "STRANDED")
        self.both(
            lambda tx: booking.cancel(tx, id, BY, chance_of(minutes), stage.at(self.now)),
            lambda: self.model.cancel(id, BY, minutes, self.now),
        )

    @precondition(some_are("BOOKED", "STRANDED"))
    @rule(choice=choices, to=slots, minutes=kept_minutes)
    def reschedule(self, choice: int, to: int, minutes: float) -> None:
        id, slot = self.pick(choice, "BOOKED", "STRANDED"), self.slot(to)
        self.both(
            lambda tx: booking.reschedule(tx, id, stage.at(slot), BY, chance_of(minutes), stage.at(self.now)),
            lambda: self.model.reschedule(id, slot, BY, minutes, self.now),
        )
