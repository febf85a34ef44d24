"""At the door: arrivals, triage, numbers, waiting and giving up, and the guard who counts persons
without a ticket.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from queue_server.domain.errors import DayFull, NotInService, TooEarly
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import ServiceChannel
from queue_server.services.door import admission, arrival
from queue_server.services.door.arrival import WalkIn

from .people import Outcome, Person
from .stage import Case, Stage
from .tally import room_for

GUARD = "guard"
GATE_SECONDS = 4
"""Between two people of the crowd before the gate, once the doors are open."""

STRANGER_EVERY_MINUTES, STRANGER_STAYS_MINUTES = 40.0, (5.0, 25.0)
"""How often a person without a ticket has to come in, a courier or a technician, and for how long.
"""


class Door:
    """Everybody who comes, with a booking or without."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._at_gate = 0

    # --- with a booking

    def expect_booked(self, case: Case) -> None:
        """Schedule the arrival of a booked visitor, who may also not come."""
        assert case.slot is not None, "a booking has a slot"
        self._stage.at(
            max(case.slot + case.person.lateness, self._stage.opens),
            partial(self._come_booked, case),
        )

    def _come_booked(self, case: Case, now: datetime) -> None:
        person, stage = case.person, self._stage
        assert case.ticket is not None, "a booked visitor has a ticket"
        if case.ticket in stage.tally.stranded:
            self._come_stranded(case, now)
            return
        if person.absent or now >= stage.closes:
            case.ends(Outcome.ABSENT)
            return
        try:
            stage.write(partial(arrival.check_in, ticket=case.ticket, now=now), now)
        except TooEarly as refused:
            opens_at = datetime.fromisoformat(str(refused.facts["opens_at"]))
            stage.at(opens_at, partial(self._come_booked, case))
        else:
            self._wait(case, now)

    def _come_stranded(self, case: Case, now: datetime) -> None:
        """The office has withdrawn the slot. Visitors who are served all the same come without it;
        the others were told.
        """
        if self._is_urgent(case.person):
            self._come(case, now)
        else:
            case.ends(Outcome.STAYED_HOME)

    # --- without one

    def expect_without_booking(self, case: Case) -> None:
        """Schedule the arrival of a visitor without a booking."""
        arrives = case.person.arrives_at
        self._stage.at(arrives, partial(self._come, case))

    def _is_urgent(self, person: Person) -> bool:
        return person.urgent or person.service in self._stage.scenario.urgent_services

    def _come(self, case: Case, now: datetime) -> None:
        stage, person = self._stage, case.person
        served = self._is_urgent(person) or stage.scenario.mode is ServiceMode.NORMAL
        if not served and person.heard:
            case.ends(Outcome.STAYED_HOME)
            return
        if now < stage.opens:
            stage.at(
                stage.opens + timedelta(seconds=GATE_SECONDS * self._at_gate),
                partial(self._come, case),
            )
            self._at_gate += 1
            return
        channel = stage.office.service(person.service).channel
        if (
            channel is ServiceChannel.ONLINE
            and not self._is_urgent(person)
            and person.accepts_online
        ):
            case.ends(Outcome.DIVERTED)
            return
        wanted = WalkIn(
            person.service, person.party_size, person.priority, urgent=self._is_urgent(person)
        )
        try:
            arrived = stage.write(
                partial(
                    arrival.issue_walk_in,
                    office=stage.office.code,
                    wanted=wanted,
                    draw=stage.draw(now),
                    now=now,
                ),
                now,
            )
        except (DayFull, NotInService):
            self._refuse(case, now)
        else:
            case.ticket = arrived.ticket.id
            stage.by_ticket[arrived.ticket.id] = case
            self._wait(case, now)

    def _refuse(self, case: Case, now: datetime) -> None:
        after = case.person.returns_after
        if after is not None and not case.has_returned and now + after < self._stage.closes:
            case.has_returned = True
            self._stage.at(now + after, partial(self._come, case))
        else:
            case.ends(Outcome.REFUSED)

    # --- waiting

    def _wait(self, case: Case, now: datetime) -> None:
        case.waits = True
        self._stage.at(now + case.person.patience, partial(self._give_up, case))

    def _give_up(self, case: Case, now: datetime) -> None:
        if not case.waits:
            return
        if case.person.leaves_silently:
            case.gone = True
            return
        assert case.ticket is not None, "who waits has a ticket"
        self.send_away(case, Outcome.LEFT, now)

    def send_away(self, case: Case, outcome: Outcome, now: datetime) -> None:
        """Record at the door that a waiting visitor leaves."""
        stage = self._stage
        assert case.ticket is not None, "who waits has a ticket"
        stage.write(
            partial(
                admission.leave, office=stage.office.code, ticket=case.ticket, by=GUARD, now=now
            ),
            now,
        )
        case.waits = False
        case.ends(Outcome.MISSED if case.gone else outcome)

    # --- persons without a ticket

    def expect_strangers(self) -> None:
        """Schedule couriers and technicians while the office is open."""
        at = self._stage.opens + timedelta(
            minutes=self._stage.chance.expovariate(1 / STRANGER_EVERY_MINUTES)
        )
        while at < self._stage.closes - timedelta(minutes=30):
            self._stage.at(at, self._let_in_stranger)
            at += timedelta(minutes=self._stage.chance.expovariate(1 / STRANGER_EVERY_MINUTES))

    def _let_in_stranger(self, now: datetime) -> None:
        """The guard counts them in if there is room, and otherwise lets them wait for a minute."""
        stage = self._stage
        if now > stage.closes:
            return
        if not room_for(stage.office, stage.see_day()):
            stage.at(now + timedelta(minutes=1), self._let_in_stranger)
            return
        self._correct(+1, now)
        stage.at(
            now + timedelta(minutes=stage.chance.uniform(*STRANGER_STAYS_MINUTES)),
            partial(self._correct, -1),
        )

    def _correct(self, delta: int, now: datetime) -> None:
        stage = self._stage
        stage.write(
            partial(
                admission.correct_occupancy,
                office=stage.office.code,
                delta=delta,
                reason="courier",
                by=GUARD,
                now=now,
            ),
            now,
        )
