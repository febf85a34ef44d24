"""What citizens do at home in the play, and what time does to their places."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.holding import HoldRequest
from queue_server.services.booking import booking, cancelling, holding, moving, stranded
from queue_server.services.places import places
from queue_server.services.places.ticket_ids import draw
from tests.services import stage
from tests.services.playing import (
    A_MOMENT,
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

    @rule(
        service=services,
        choice=slots,
        party=parties,
        urgent=seldom,
        changes_mind=st.booleans(),
        same=st.booleans(),
    )
    def hold(
        self, service: str, choice: int, party: int, urgent: bool, changes_mind: bool, same: bool
    ) -> None:
        """A new hold, or one in place of an earlier one: for another slot, or for the same with
        another number of persons.
        """
        slot, drawn = self.slot(choice), draw()
        held = [
            each
            for each in self.model.visits.values()
            if each.slot is not None and each.person is None
        ]
        instead = held[choice % len(held)] if held and changes_mind else None
        if instead is not None and same:
            assert instead.slot is not None
            service, slot = instead.service, instead.slot
        code = None if instead is None else self.code_of(instead.id)
        self.both(
            lambda tx: holding.hold(
                tx,
                self.code,
                HoldRequest(service, stage.at(slot), party, urgent, instead=code),
                drawn,
                stage.at(self.now),
            ),
            lambda: self.model.hold(
                drawn.id, service, slot, party, urgent, self.now, instead.id if instead else None
            ),
        )

    @rule(
        service=services,
        choice=slots,
        party=parties,
        person=persons,
        priority=st.booleans(),
        urgent=seldom,
    )
    def book(
        self, service: str, choice: int, party: int, person: int, priority: bool, urgent: bool
    ) -> None:
        self.ask(service, choice, party, person, priority=priority, urgent=urgent)

    @precondition(some_are("HELD"))
    @rule(choice=choices, person=persons, priority=st.booleans(), urgent=seldom)
    def confirm(self, choice: int, person: int, priority: bool, urgent: bool) -> None:
        held = [
            each
            for each in self.model.visits.values()
            if each.slot is not None and each.person is None
        ]
        visit = held[choice % len(held)]
        code = self.code_of(visit.id)
        assert visit.slot is not None
        wanted = BookingRequest(
            visit.service,
            stage.at(visit.slot),
            self.visitor(person),
            party_size=visit.party,
            priority=priority,
            urgent=urgent,
            hold=code,
        )
        self.both(
            lambda tx: booking.book(tx, self.code, wanted, draw(), stage.at(self.now)),
            lambda: self.model.confirm(visit.id, person, priority, urgent, self.now),
        )

    @precondition(some_are("HELD"))
    @rule(choice=choices)
    def extend_hold(self, choice: int) -> None:
        id = self.pick(choice, "HELD")
        self.both(
            lambda tx: holding.extend_hold(tx, id, stage.at(self.now)),
            lambda: self.model.extend(id, self.now),
        )

    @precondition(lambda machine: machine.model.kept or some_are("HELD")(machine))
    @rule(day=st.sampled_from([0, 1]))
    def reclaim(self, day: int) -> None:
        """What the upkeep does every few seconds."""
        self.both(
            lambda tx: places.reclaim(tx, self.code, stage.DAYS[day], stage.at(self.now)),
            lambda: self.model.reclaim(day, self.now),
        )

    @precondition(some_are("BOOKED", "WAITING", "STRANDED"))
    @rule(choice=choices, minutes=kept_minutes)
    def cancel(self, choice: int, minutes: float) -> None:
        id = self.pick(choice, "BOOKED", "WAITING", "STRANDED")
        self.both(
            lambda tx: cancelling.cancel(tx, id, BY, chance_of(minutes), stage.at(self.now)),
            lambda: self.model.cancel(id, BY, minutes, self.now),
        )

    @precondition(some_are("BOOKED", "STRANDED"))
    @rule(choice=choices, to=slots, minutes=kept_minutes)
    def reschedule(self, choice: int, to: int, minutes: float) -> None:
        id, slot = self.pick(choice, "BOOKED", "STRANDED"), self.slot(to)
        self.both(
            lambda tx: moving.reschedule(
                tx, id, stage.at(slot), BY, chance_of(minutes), stage.at(self.now)
            ),
            lambda: self.model.reschedule(id, slot, BY, minutes, self.now),
        )
        self.now += A_MOMENT  # a ticket is told of no two moves in the very same moment

    @precondition(some_are("STRANDED"))
    @rule(choice=choices, minutes=kept_minutes, moves=st.sampled_from([True, True, False]))
    def see_to_stranded(self, choice: int, minutes: float, moves: bool) -> None:
        """Staff move all stranded bookings to the times proposed, none of which is proposed twice,
        or cancel one of them.
        """
        if not moves:
            id = self.pick(choice, "STRANDED")
            was = self.model.visits[id].state == "STRANDED"
            self.both(
                lambda tx: stranded.cancel(
                    tx, self.code, id, BY, chance_of(minutes), stage.at(self.now)
                ),
                lambda: self.model.cancel(id, BY, minutes, self.now) if was else None,
            )
            return
        with self.database.read() as connection:
            office = self.database.offices.get(connection, self.code)
            proposed = stranded.propose_moves(connection, office, stage.at(self.now))
        assert {each.ticket.id for each in proposed} == {
            each.id for each in self.model.visits.values() if each.state == "STRANDED"
        }
        planned = all(self.model.planned[day] == self.model.settings.revision for day in (0, 1))
        self.now += A_MOMENT
        for each in proposed:
            if each.slot is not None:
                self.move(each.ticket.id, stage.minutes_at(each.slot) or 0, minutes, must=planned)

    def move(self, id: str, slot: float, minutes: float, must: bool) -> None:
        moved = self.both(
            lambda tx: stranded.move(
                tx, self.code, id, stage.at(slot), BY, chance_of(minutes), stage.at(self.now)
            ),
            lambda: self.model.move_stranded(id, slot, BY, minutes, self.now),
        )
        assert moved or not must, "a time that is proposed can be had"
