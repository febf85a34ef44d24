"""What people do in the days before: look for a place, hold it, book, move, cancel; and what
brokers do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from queue_server.domain.booking.availability import AvailableSlot
from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.errors import DomainError, LimitReached
from queue_server.domain.office.office import ServiceChannel
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import availability, booking, cancelling, holding, moving

from .arrival import Door
from .people import Outcome, Person
from .stage import Case, Stage
from .waiting_list import WaitingList

NOTICE = timedelta(hours=2)
"""Nobody cancels or moves a visit at shorter notice than this."""


class Web:
    """Everything that is done from home."""

    def __init__(self, stage: Stage, door: Door) -> None:
        self._stage, self._door = stage, door
        self.waiting_list = WaitingList(stage, door, self._follow)
        self.limited = 0

    def expect(self, case: Case) -> None:
        """Schedule a person's search for a place, or the arrival without one."""
        person = case.person
        if not person.on_web or not person.tries_after:
            self._door.expect_without_booking(case)
            return
        opened = self._stage.slot_wanted(person) - timedelta(
            days=self._stage.office.rules.booking.horizon_days
        )
        self._stage.at(opened + person.tries_after[0], partial(self._look, case, opened, 0))

    def _is_offered_online(self, person: Person) -> bool:
        channel = self._stage.office.service(person.service).channel
        return channel is ServiceChannel.ONLINE and not person.urgent and person.accepts_online

    def _look(self, case: Case, opened: datetime, tried: int, now: datetime) -> None:
        if tried == 0 and self._is_offered_online(case.person):
            case.ends(Outcome.DIVERTED)
            return
        free = self._find_free(case.person, now)
        if free is None:
            self._try_later(case, opened, tried, now)
        else:
            self._stage.at(
                now + timedelta(seconds=case.person.look_seconds),
                partial(self._hold, case, free.starts_at, opened, tried),
            )

    def _find_free(self, person: Person, now: datetime) -> AvailableSlot | None:
        stage = self._stage
        with stage.database.read() as connection:
            office = stage.database.offices.get(connection, stage.office.code)
            days = availability.list_availability(
                connection,
                office,
                person.service,
                stage.day,
                1,
                person.party_size,
                now,
                urgent=person.urgent,
            )
        nearest = availability.nearest_free(days, stage.slot_wanted(person), 1)
        return nearest[0] if nearest else None

    def _try_later(self, case: Case, opened: datetime, tried: int, now: datetime) -> None:
        tries = case.person.tries_after
        if tried + 1 < len(tries):
            self._stage.at(
                max(now, opened + tries[tried + 1]), partial(self._look, case, opened, tried + 1)
            )
        elif case.person.joins_waitlist:
            self.waiting_list.join(case, now)
        elif case.person.comes_anyway:
            self._door.expect_without_booking(case)
        else:
            case.ends(Outcome.NO_PLACE)

    def _hold(
        self, case: Case, slot: datetime, opened: datetime, tried: int, now: datetime
    ) -> None:
        stage, person = self._stage, case.person
        try:
            held = stage.write(
                partial(
                    holding.hold,
                    office=stage.office.code,
                    wanted=HoldRequest(person.service, slot, person.party_size, person.urgent),
                    draw=stage.draw(now),
                    now=now,
                ),
                now,
            )
        except DomainError:
            self._try_later(case, opened, tried, now)
            return
        if person.abandons and tried == 0:
            assert held.expires_at is not None, "a hold expires"
            stage.keep_up_at(held.expires_at)
            self._try_later(case, opened, tried, now)
        else:
            stage.at(
                now + timedelta(minutes=person.form_minutes),
                partial(self._confirm, case, held, opened, tried),
            )

    def _confirm(
        self, case: Case, held: Ticket, opened: datetime, tried: int, now: datetime
    ) -> None:
        assert held.slot is not None, "a hold has a slot"
        try:
            booked = self._book(case, held.slot, held.code, now)
        except DomainError:
            assert held.expires_at is not None, "a hold expires"
            self._stage.keep_up_at(held.expires_at)
            self._try_later(case, opened, tried, now)
            return
        self._follow(case, booked, now)

    def _book(self, case: Case, slot: datetime, hold: str | None, now: datetime) -> Ticket:
        stage, person = self._stage, case.person
        wanted = BookingRequest(
            person.service,
            slot,
            stage.visitor(person, now),
            person.party_size,
            priority=person.priority,
            urgent=person.urgent,
            hold=hold,
        )
        return stage.write(
            partial(
                booking.book, office=stage.office.code, wanted=wanted, draw=stage.draw(now), now=now
            ),
            now,
        )

    def _follow(self, case: Case, booked: Ticket, now: datetime) -> None:
        """Schedule what happens to a booking until its day."""
        stage, person = self._stage, case.person
        assert booked.slot is not None, "a booking has a slot"
        case.ticket, case.slot = booked.id, booked.slot
        stage.by_ticket[booked.id] = case
        left = booked.slot - NOTICE - now
        if person.cancels_at is not None and left > timedelta():
            stage.at(now + left * person.cancels_at, partial(self._cancel, case))
        elif person.moves_at is not None and left > timedelta():
            stage.at(now + left * person.moves_at, partial(self._move, case))
        else:
            self._door.expect_booked(case)

    def _cancel(self, case: Case, now: datetime) -> None:
        stage = self._stage
        assert case.ticket is not None, "who cancels has booked"
        chance = stage.chance.random()
        stage.write(
            partial(cancelling.cancel, ticket=case.ticket, by="visitor", chance=chance, now=now),
            now,
        )
        case.ends(Outcome.CANCELLED)
        self._keep_up_when_public(chance, now)

    def _keep_up_when_public(self, chance: float, now: datetime) -> None:
        rules = self._stage.office.rules
        minutes = rules.booking.held_back_minutes_min + chance * (
            rules.booking.held_back_minutes_max - rules.booking.held_back_minutes_min
        )
        self._stage.keep_up_at(now + timedelta(minutes=minutes))

    def _move(self, case: Case, now: datetime) -> None:
        """Move to the free slot nearest to what was wanted, if there is another."""
        stage = self._stage
        assert case.ticket is not None, "who moves has booked"
        free = self._find_free(case.person, now)
        if free is not None and free.starts_at != case.slot:
            try:
                chance = stage.chance.random()
                moved = stage.write(
                    partial(
                        moving.reschedule,
                        ticket=case.ticket,
                        slot=free.starts_at,
                        by="visitor",
                        chance=chance,
                        now=now,
                    ),
                    now,
                )
                case.slot = moved.slot
                self._keep_up_when_public(chance, now)
            except DomainError:
                pass
        self._door.expect_booked(case)

    def expect_broker(self, cases: Sequence[Case]) -> None:
        """Schedule a broker, who takes what the office allows in the second in which slots are
        opened.
        """
        stage = self._stage
        for case in cases:
            wanted = stage.slot_wanted(case.person)
            length = timedelta(minutes=stage.office.rules.booking.slot_minutes)
            slot = max(stage.opens + (wanted - stage.opens) // length * length, stage.opens)
            opened = slot - timedelta(days=stage.office.rules.booking.horizon_days)
            stage.at(
                opened + timedelta(seconds=stage.chance.uniform(0.2, 3)),
                partial(self._snatch, case, slot),
            )

    def _snatch(self, case: Case, slot: datetime, now: datetime) -> None:
        try:
            booked = self._book(case, slot, None, now)
        except LimitReached:
            self.limited += 1
        except DomainError:
            pass
        else:
            self._stage.cases.append(case)
            self._follow(case, booked, now)
