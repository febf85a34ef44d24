"""What every half of the model stands on: what an office has and decides, who may come, and the
log.
"""

from __future__ import annotations

from typing import Any

from tests.services.life_cycle.places_model import Day, Kept, PoolName
from tests.services.life_cycle.records_model import (
    LIVE,
    STRICT,
    Entry,
    Last,
    Mode,
    Person,
    Refused,
    Sensor,
    Settings,
    Visit,
)

REMARKS = {"issued_beyond", "let_past", "slip_copied"}
"""What is said of a ticket without a step of it."""


class GroundModel:
    """One office with its visits, places and log. `today` counts from 0."""

    def __init__(
        self,
        settings: Settings,
        *,
        name: str,
        letters: dict[str, str],
        spans: dict[str, int],
        counters: dict[str, str],
        people: list[Person],
        slot_minutes: float,
        party_max: int,
    ) -> None:
        self.settings, self.name = settings, name
        self.letters, self.spans, self.counters, self.people = letters, spans, counters, people
        self.slot_minutes, self.party_max = slot_minutes, party_max
        self.today = 0
        self.days: dict[int, Day] = {}
        self.planned: dict[int, int] = {}
        self.kept: dict[str, Kept] = {}
        self.visits: dict[str, Visit] = {}
        self.entries: dict[str, Entry] = {}
        self.offers_made = 0
        self.steps: dict[str, int] = {}
        self.last: dict[str, Last] = {}
        self.log: dict[int, list[tuple[str, str | None]]] = {}
        self.sensors: dict[str, Sensor] = {}
        self.evacuated: set[int] = set()
        self.begin_day()

    def begin_day(self) -> None:
        """What a day begins with, whatever the one before ended with."""
        self.clerks: dict[str, str] = {}
        self.on_break: set[str] = set()
        self.lent: dict[str, str] = {}
        self.correction = 0
        self.sensed: int | None = None
        self.admitting = True
        self.paused: str | None = None
        self.drill = False
        self.sequences: dict[str, int] = {}

    # What is so.

    def ruling(self, at: float, service: str | None) -> Mode | None:
        """The decision on just the office, or just a service, that counts at a moment."""
        own = [each for each in self.settings.modes if each.service == service and each.covers(at)]
        return own[-1] if own else None

    def mode(self, at: float, service: str | None = None) -> str:
        """The stricter of the office's mode and the service's."""
        found = (self.ruling(at, of) for of in {None, service})
        return max(["NORMAL", *(each.name for each in found if each is not None)], key=STRICT.index)

    def serves(self, service: str, urgent: bool, at: float) -> bool:
        mode = self.mode(at, service)
        return mode != "CLOSED" and (urgent or mode != "URGENT_ONLY")

    def check_service(self, service: str, urgent: bool, at: float) -> None:
        if not self.serves(service, urgent, at):
            raise Refused("not_in_service")

    def check_party(self, party: int) -> None:
        if party > min(self.party_max, self.settings.limit or self.party_max):
            raise Refused("bad_input")

    def pools(self, service: str, online: bool, urgent: bool, at: float) -> list[PoolName]:
        """The pools for a visit: urgent ones first their own, then that of their way in, and all
        when the office serves no others.
        """
        own: PoolName = "ONLINE" if online else "WALK_IN"
        other: PoolName = "WALK_IN" if online else "ONLINE"
        if not urgent:
            return [own]
        return (
            ["URGENT", own, other] if self.mode(at, service) == "URGENT_ONLY" else ["URGENT", own]
        )

    def same_person(self, person: int) -> list[Visit]:
        nik = self.people[person].nik
        return [
            each
            for each in self.visits.values()
            if each.person is not None and self.people[each.person].nik == nik
        ]

    def check_person(self, service: str, person: int, party: int, slot: float, now: float) -> None:
        self.check_live(service, person, party)
        self.check_ahead(person, slot, now)

    def check_live(self, service: str, person: int, party: int) -> None:
        """One live visit for each service, two in all, and four persons or one party for each
        phone.
        """
        phone = self.people[person].phone
        same_nik = [each for each in self.same_person(person) if each.state in LIVE]
        same_phone = [
            each
            for each in self.visits.values()
            if each.person is not None
            and each.state in LIVE
            and self.people[each.person].phone == phone
        ]
        on_phone = sum(each.party for each in same_phone)
        if (
            any(each.service == service for each in same_nik)
            or len(same_nik) >= 2
            or (on_phone and on_phone + party > 4)
        ):
            raise Refused("limit_reached")

    def check_ahead(self, person: int, slot: float, now: float) -> None:
        """Who has missed two booked visits books no more than a day ahead."""
        missed = [each for each in self.same_person(person) if each.missed]
        if len(missed) >= 2 and slot - 1440 > now:
            raise Refused("limit_reached")

    # The log.

    def add(self, visit: Visit, event: str, now: float) -> Visit:
        self.visits[visit.id] = visit
        self.note(visit, event, None, now, {})
        return visit

    def note(
        self, visit: Visit, event: str, by: str | None, now: float, before: dict[str, Any]
    ) -> None:
        self.log.setdefault(visit.day, []).append((event, visit.id))
        if event not in REMARKS:
            self.steps[visit.id] = self.steps.get(visit.id, 0) + 1
            self.last[visit.id] = Last(event, by, now, before)

    def tell(self, event: str) -> None:
        """Something of today that is no ticket's."""
        self.log[self.today].append((event, None))
