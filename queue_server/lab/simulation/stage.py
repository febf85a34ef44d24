"""The setting of the simulated day: one office in a database of its own, a simulated clock, and
random numbers from a seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from queue_server.domain.events import RecordedEvent
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor, fingerprint_nik, parse_nik
from queue_server.domain.visit.numbering import code_from_bits
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.step import Draw
from queue_server.services.upkeep import keep_up
from queue_server.store.writer import days as day_store
from queue_server.store.writer.database import Command, Database
from queue_server.store.writer.transaction import DayKey

from .agenda import Act, Agenda
from .people import Outcome, Person
from .scenarios import Scenario
from .tally import Tally

T = TypeVar("T")


@dataclass
class Case:
    """One person's progress through the day. `ticket` is the id of the present ticket; `waits` is
    true while the person may be called.
    """

    person: Person
    ticket: str | None = None
    slot: datetime | None = None
    outcome: Outcome | None = None
    waits: bool = False
    gone: bool = False
    has_returned: bool = False
    has_stepped_out: bool = False
    has_been_parked: bool = False
    has_been_sent_on: bool = False

    def ends(self, outcome: Outcome) -> None:
        """Set the outcome, once: nobody has two."""
        assert self.outcome is None, f"{self.outcome} and then {outcome}"
        self.outcome = outcome


class Stage:
    """What all actors share. `write` is the only way to change the database, and it measures after
    every command.
    """

    def __init__(
        self, database: Database, office: Office, scenario: Scenario, day: date, seed: int
    ) -> None:
        self.database, self.office, self.scenario, self.day = database, office, scenario, day
        self.agenda = Agenda()
        self.chance = Random(f"{seed}/{scenario.name}/stage")
        self.cases: list[Case] = []
        self.by_ticket: dict[str, Case] = {}
        self.tally = Tally(office.code, day, office.people_limit)
        self.commands = 0
        self._upkeep_due: set[datetime] = set()
        self._key = hashlib.sha256(f"{seed}/{scenario.name}/key".encode()).digest()
        self._committed: list[tuple[Sequence[RecordedEvent], OfficeDay]] = []
        self._hearing: list[Callable[[Sequence[RecordedEvent]], None]] = [self.tally.hear]
        self._seeing: list[Callable[[OfficeDay, datetime], None]] = [self.tally.look]
        database.on_commit(self._note)
        self.stretches = [
            (self._moment(each.opens), self._moment(each.closes))
            for each in office.openings_on(day)
        ]

    def _moment(self, local_time: time) -> datetime:
        return datetime.combine(self.day, local_time, self.office.tz).astimezone(UTC)

    @property
    def opens(self) -> datetime:
        return self.stretches[0][0]

    @property
    def closes(self) -> datetime:
        return self.stretches[-1][1]

    @property
    def open_minutes(self) -> float:
        """Minutes open, breaks left out."""
        return sum((closes - opens) / timedelta(minutes=1) for opens, closes in self.stretches)

    @property
    def midnight(self) -> datetime:
        """The midnight at which the day begins."""
        return self._moment(time())

    def slot_wanted(self, person: Person) -> datetime:
        """The time of the day at which a person would like to come."""
        left = timedelta(minutes=person.wants_minute)
        for opens, closes in self.stretches:
            if left < closes - opens:
                return opens + left
            left -= closes - opens
        return self.closes

    def at(self, moment: datetime, act: Act) -> None:
        self.agenda.add(moment, act)

    def when_heard(self, told: Callable[[Sequence[RecordedEvent]], None]) -> None:
        """Register a listener for the events of every commit."""
        self._hearing.append(told)

    def when_seen(self, told: Callable[[OfficeDay, datetime], None]) -> None:
        """Register a listener for the office-day's state after every commit of the day."""
        self._seeing.append(told)

    def write(
        self, command: Command[T], now: datetime, *, days: Sequence[DayKey] | None = None
    ) -> T:
        """Run one command on the day, or on `days`, as the server's edge does, and measure. Raises
        what the command raises.
        """
        self.commands += 1
        answer = self.database.write(
            [(self.office.code, self.day)] if days is None else days, command
        )
        self._digest(now)
        return answer

    def keep_up(self, now: datetime) -> None:
        """Do what the server does by itself as time passes."""
        keep_up(self.database, now)
        self._digest(now)

    def _note(self, recorded: Sequence[RecordedEvent]) -> None:
        """Keep the events and the state of a commit, to be examined later: an error raised here
        would only be logged.
        """
        self._committed.append((recorded, self.see_day()))

    def _digest(self, now: datetime) -> None:
        committed, self._committed = self._committed, []
        for recorded, state in committed:
            for hear in self._hearing:
                hear(recorded)
            if now >= self.midnight:
                self._show(state, now)

    def look(self, now: datetime) -> None:
        """Show everybody the office-day although nothing has happened."""
        self._show(self.see_day(), now)

    def _show(self, state: OfficeDay, now: datetime) -> None:
        for see in self._seeing:
            see(state, now)

    def keep_up_at(self, moment: datetime) -> None:
        """Schedule the upkeep for the minute after an expiry, as it would run in any minute."""
        due = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        if due not in self._upkeep_due:
            self._upkeep_due.add(due)
            self.at(due, self.keep_up)

    def see_day(self) -> OfficeDay:
        """The office-day as last committed."""
        with self.database.read() as connection:
            return day_store.find(connection, self.office.code, self.day)

    def draw(self, now: datetime) -> Draw:
        """A ticket's id and code as `services.places.ticket_ids.draw` makes them, but by the
        simulated clock and the seed.
        """
        micros = int(now.timestamp() * 1_000_000)
        return Draw(
            f"{micros:014x}{self.chance.getrandbits(72):018x}",
            code_from_bits(self.chance.getrandbits(60)),
        )

    def visitor(self, person: Person, now: datetime) -> Visitor:
        """The visitor's data as the web's edge would store them."""
        guest = person.guest
        nik = parse_nik(guest.nik, self.office.date_at(now))
        return Visitor(guest.name, fingerprint_nik(nik, self._key), nik[-4:], guest.phone)
