"""People on the waitlist: joining when no place is free, answering an offer in time or not, and
giving up when the day has come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from queue_server.domain.errors import DomainError
from queue_server.domain.events import EventType, RecordedEvent
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import waitlist
from queue_server.services.booking.waitlist import WaitRequest

from .arrival import Door
from .people import Outcome
from .stage import Case, Stage


class WaitingList:
    """The people who wait for a place to come free. `follow` is called for each one who has got a
    place.
    """

    def __init__(
        self, stage: Stage, front: Door, follow: Callable[[Case, Ticket, datetime], None]
    ) -> None:
        self._stage, self._front, self._follow = stage, front, follow
        self._codes: dict[str, str] = {}
        self._cases: dict[str, Case] = {}
        self.joined = 0
        self.placed = 0
        stage.when_heard(self._hear)

    def join(self, case: Case, now: datetime) -> None:
        """Wait for a place, until the day itself. The search ends for those who may not or do not
        want to wait.
        """
        stage, person = self._stage, case.person
        wanted = WaitRequest(
            person.service,
            stage.day,
            stage.day,
            stage.visitor(person, now),
            person.party_size,
            priority=person.priority,
        )
        try:
            entry = stage.write(
                partial(
                    waitlist.join,
                    office=stage.office.code,
                    wanted=wanted,
                    draw=stage.draw(now),
                    now=now,
                ),
                now,
                days=[],
            )
        except DomainError:
            self._give_up(case, now)
            return
        self.joined += 1
        self._codes[entry.id], self._cases[entry.id] = entry.code, case
        gives_up_at = stage.midnight if person.comes_anyway else stage.closes
        stage.at(gives_up_at, partial(self._end, entry.id))

    def _hear(self, recorded: Sequence[RecordedEvent]) -> None:
        for each in recorded:
            entry = each.event.facts.get("waitlist")
            if each.event.type is EventType.HELD and entry in self._cases:
                person = self._cases[entry].person
                self._stage.keep_up_at(datetime.fromisoformat(each.event.facts["expires_at"]))
                if person.answers_after is not None:
                    self._stage.at(
                        each.event.at + person.answers_after, partial(self._accept, entry)
                    )

    def _accept(self, entry: str, now: datetime) -> None:
        """Take the offer, if it is still open."""
        case = self._cases.get(entry)
        if case is None:
            return
        stage = self._stage
        with stage.database.read() as connection:
            standing = waitlist.look(connection, self._codes[entry])
        try:
            booked = stage.write(partial(waitlist.accept, standing=standing, now=now), now)
        except DomainError:
            return
        del self._cases[entry]
        self.placed += 1
        self._follow(case, booked, now)

    def _end(self, entry: str, now: datetime) -> None:
        """The day has come, and no place with it."""
        case = self._cases.pop(entry, None)
        if case is not None:
            self._give_up(case, now)

    def _give_up(self, case: Case, now: datetime) -> None:
        if case.person.comes_anyway and now < self._stage.closes:
            self._front.expect_without_booking(case)
        else:
            case.ends(Outcome.NO_PLACE)
