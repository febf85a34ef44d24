"""A model of one office, simple enough to be believed: plain records, plain loops, no database, no code of the product.

Each method is one command. It either raises `Refused` with the reason's code and changes nothing, or changes the records and
notes the events that must follow. Times are minutes since midnight of the first day, as plain numbers.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

LIVE = {"HELD", "BOOKED", "STRANDED", "WAITING", "CALLED", "SERVING", "PARKED"}
BUSY = {"CALLED", "SERVING"}
UNDOABLE = {"called", "recalled", "started", "parked", "not_shown", "resumed", "finished", "transferred"}


class Refused(Exception):
    """A command that a rule forbids, with the code of the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Visit:
    """What the model knows of a ticket. `day` counts from 0."""

    id: str
    day: int
    letter: str
    service: str
    state: str
    party: int
    priority: bool = False
    person: int | None = None
    slot: float | None = None
    expires: float | None = None
    number: str | None = None
    place: str | None = None
    arrived: float | None = None
    turn: float | None = None
    counter: str | None = None
    clerk: str | None = None
    calls: int = 0
    ended: float | None = None
    moves: int = 0


@dataclass
class Last:
    """A ticket's newest event: what it was, who did it, when, and the ticket before it."""

    type: str
    by: str | None
    at: float
    before: dict[str, Any]


@dataclass
class Place:
    """A slot: persons of the room, and visits of each stream."""

    people: int
    places: dict[str, int]
    people_taken: int = 0
    places_taken: dict[str, int] = field(default_factory=dict)

    def free(self, letter: str, party: int) -> bool:
        return self.people_taken + party <= self.people and self.places_taken.get(letter, 0) < self.places.get(letter, 0)

    def take(self, letter: str, party: int, sign: int = 1) -> None:
        self.people_taken += sign * party
        self.places_taken[letter] = self.places_taken.get(letter, 0) + sign


@dataclass(frozen=True)
class Person:
    nik: int
    phone: int


class OfficeModel:
    """One office with its visits, slots, counters and log."""

    def __init__(
        self, *, limit: int, opens: float, closes: float, letters: dict[str, str], counters: dict[str, str],
        slots: dict[float, Place], people: list[Person],
    ) -> None:
        self.limit, self.opens, self.closes = limit, opens, closes
        self.letters, self.counters, self.slots, self.people = letters, counters, slots, people
        self.visits: dict[str, Visit] = {}
        self.last: dict[str, Last] = {}
        self.clerks: dict[str, str] = {}
        self.correction = 0
        self.sequences: dict[str, int] = {}
        self.log: dict[int, list[tuple[str, str | None]]] = {}

    # What is so.

    def inside(self) -> int:
        """Persons in the room today."""
        return max(0, sum(each.party for each in self.visits.values() if each.place == "INSIDE") + self.correction)

    def fits(self, party: int) -> bool:
        return self.inside() + party <= self.limit

    def outside(self) -> list[Visit]:
        """Who waits outside, in call order."""
        waiting = (each for each in self.visits.values() if each.state == "WAITING" and each.place == "OUTSIDE")
        return sorted(waiting, key=lambda each: (each.turn, each.id))

    def at(self, counter: str) -> Visit | None:
        return next((each for each in self.visits.values() if each.counter == counter and each.state in BUSY), None)

    # Coming.

    def _check_hours(self, now: float) -> None:
        if not self.opens <= now < self.closes:
            raise Refused("not_in_service")

    def _arrive(self, visit: Visit, now: float) -> None:
        goes_in = not self.outside() and self.fits(visit.party)
        if visit.number is None:
            self.sequences[visit.letter] = self.sequences.get(visit.letter, 0) + 1
            visit.number = f"{visit.letter}{self.sequences[visit.letter]:03d}"
        counts = now if visit.slot is None or now > visit.slot + 10 else visit.slot
        visit.turn = counts - (15 if visit.priority else 0)
        visit.arrived = now if visit.arrived is None else visit.arrived
        visit.place = "INSIDE" if goes_in else "OUTSIDE"
        visit.state = "WAITING"

    def walk_in(self, id: str, service: str, party: int, priority: bool, now: float) -> Visit:
        self._check_hours(now)
        visit = Visit(id, 0, self.letters[service], service, "WAITING", party, priority)
        self._arrive(visit, now)
        self.visits[id] = visit
        self._note(visit, "walked_in", None, now, {})
        return visit

    def check_in(self, id: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.state != "BOOKED":
            raise Refused("wrong_state" if visit.arrived is None else "already_checked_in")
        if visit.day != 0:
            raise Refused("wrong_day")
        assert visit.slot is not None
        if now < visit.slot - 30:
            raise Refused("too_early")
        self._check_hours(now)
        before = asdict(visit)
        self._arrive(visit, now)
        self._note(visit, "checked_in", None, now, before)
        return visit

    def return_late(self, id: str, by: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.state != "NO_SHOW":
            raise Refused("wrong_state")
        assert visit.ended is not None
        if now > visit.ended + 60:
            raise Refused("too_late")
        before = asdict(visit)
        slot, visit.slot = visit.slot, None
        self._arrive(visit, now)
        visit.slot, visit.ended, visit.counter, visit.clerk, visit.calls = slot, None, None, None, 0
        self._note(visit, "returned", by, now, before)
        return visit

    # Booking.

    def _check_person(self, service: str, person: int) -> None:
        who = self.people[person]
        live = [each for each in self.visits.values() if each.person is not None and each.state in LIVE]
        same_nik = [each for each in live if self.people[each.person or 0].nik == who.nik]
        same_phone = [each for each in live if self.people[each.person or 0].phone == who.phone]
        if any(each.service == service for each in same_nik) or len(same_nik) >= 2 or len(same_phone) >= 4:
            raise Refused("limit_reached")

    def _expired_holds(self, now: float, day: int | None = None, slot: float | None = None) -> list[Visit]:
        return [
            each for each in self.visits.values()
            if each.state == "HELD" and each.expires is not None and each.expires <= now
            and (day is None or each.day == day) and (slot is None or each.slot == slot)
        ]

    def _take(self, slot: float, letter: str, party: int, now: float) -> None:
        """Take places, reclaiming holds of this slot that ran out if that is needed and helps."""
        place = self.slots[slot]
        late = [] if place.free(letter, party) else self._expired_holds(now, slot=slot)
        imagined = replace(place, places_taken=dict(place.places_taken))
        for each in late:
            imagined.take(each.letter, each.party, -1)
        if slot <= now:
            raise Refused("slot_passed")
        if not imagined.free(letter, party):
            raise Refused("slot_full")
        self._expire(late, now)
        place.take(letter, party)

    def _expire(self, late: Iterable[Visit], now: float) -> None:
        for each in late:
            before = asdict(each)
            assert each.slot is not None
            self.slots[each.slot].take(each.letter, each.party, -1)
            each.state, each.expires, each.ended = "EXPIRED", None, now
            self._note(each, "expired", None, now, before)

    def hold(self, id: str, service: str, slot: float, party: int, now: float) -> Visit:
        letter = self.letters[service]
        self._take(slot, letter, party, now)
        visit = Visit(id, int(slot // 1440), letter, service, "HELD", party, slot=slot, expires=now + 10)
        self.visits[id] = visit
        self._note(visit, "held", None, now, {})
        return visit

    def book(self, id: str, service: str, slot: float, party: int, person: int, priority: bool, now: float) -> Visit:
        self._check_person(service, person)
        letter = self.letters[service]
        self._take(slot, letter, party, now)
        visit = Visit(id, int(slot // 1440), letter, service, "BOOKED", party, priority, person, slot)
        self.visits[id] = visit
        self._note(visit, "booked", None, now, {})
        return visit

    def confirm(self, id: str, person: int, priority: bool, now: float) -> Visit:
        visit = self.visits[id]
        self._check_person(visit.service, person)
        if visit.state != "HELD":
            raise Refused("wrong_state")
        if visit.expires is not None and visit.expires <= now:
            raise Refused("too_late")
        before = asdict(visit)
        visit.state, visit.expires, visit.person, visit.priority = "BOOKED", None, person, priority
        self._note(visit, "confirmed", None, now, before)
        return visit

    def expire_holds(self, day: int, now: float) -> int:
        late = self._expired_holds(now, day=day)
        self._expire(late, now)
        return len(late)

    def cancel(self, id: str, by: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.state not in {"BOOKED", "STRANDED", "WAITING"}:
            raise Refused("wrong_state")
        before = asdict(visit)
        if visit.state == "BOOKED" and visit.slot is not None and visit.slot > now:
            self.slots[visit.slot].take(visit.letter, visit.party, -1)
        visit.state, visit.ended = "CANCELLED", now
        came, visit.place = visit.place, None
        self._note(visit, "cancelled", by, now, before)
        if came:
            self._admit_who_fit(now)
        return visit

    def reschedule(self, id: str, slot: float, by: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.state not in {"BOOKED", "STRANDED"}:
            raise Refused("wrong_state")
        if visit.moves >= 2:
            raise Refused("limit_reached")
        if visit.slot == slot:
            raise Refused("bad_input")
        self._take(slot, visit.letter, visit.party, now)
        before = asdict(visit)
        if visit.state == "BOOKED" and visit.slot is not None:
            self.slots[visit.slot].take(visit.letter, visit.party, -1)
        self._note(visit, "rescheduled", by, now, before)  # told on the day that the visit leaves
        visit.state, visit.slot, visit.day, visit.moves = "BOOKED", slot, int(slot // 1440), visit.moves + 1
        return visit

    # The door.

    def admit(self, id: str, by: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.state != "WAITING" or visit.place != "OUTSIDE":
            raise Refused("wrong_state")
        if not self.fits(visit.party):
            raise Refused("room_full")
        self._let_in(visit, by, now)
        return visit

    def leave(self, id: str, by: str, now: float) -> Visit:
        visit = self._must_be(id, "WAITING", "PARKED")
        before = asdict(visit)
        visit.state, visit.place, visit.ended = "LEFT", None, now
        self._note(visit, "left", by, now, before)
        self._admit_who_fit(now)
        return visit

    def correct(self, delta: int, now: float) -> None:
        present = sum(each.party for each in self.visits.values() if each.place == "INSIDE")
        if delta == 0 or present + self.correction + delta < 0:
            raise Refused("bad_input")
        self.correction += delta
        self.log.setdefault(0, []).append(("occupancy_corrected", None))
        self._admit_who_fit(now)

    def _let_in(self, visit: Visit, by: str | None, now: float) -> None:
        before = asdict(visit)
        visit.place = "INSIDE"
        self._note(visit, "admitted", by, now, before)

    def _admit_who_fit(self, now: float) -> None:
        if not self.opens <= now < self.closes:
            return
        for visit in self.outside():
            if not self.fits(visit.party):
                return
            self._let_in(visit, None, now)

    # The counter.

    def open(self, counter: str, clerk: str) -> None:
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if counter not in self.clerks:
            self.clerks[counter] = clerk
            self.log.setdefault(0, []).append(("counter_opened", None))

    def close(self, counter: str, clerk: str) -> None:
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if counter in self.clerks:
            if self.at(counter):
                raise Refused("counter_busy")
            del self.clerks[counter]
            self.log.setdefault(0, []).append(("counter_closed", None))

    def call_next(self, counter: str, clerk: str, now: float) -> Visit | None:
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if self.at(counter):
            raise Refused("counter_busy")
        self.open(counter, clerk)
        first = next(iter(self.outside()), None)
        kept = first is not None and not self.fits(first.party) and first.turn is not None and now >= first.turn + 20
        able = [
            each for each in self.visits.values()
            if each.state == "WAITING" and each.letter in self.counters[counter] and (each.place == "INSIDE" or (self.fits(each.party) and not kept))
        ]
        if not able:
            return None
        return self._call(min(able, key=lambda each: (each.turn, each.id)), counter, clerk, now)

    def call(self, id: str, counter: str, clerk: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.day != 0:
            raise Refused("wrong_day")
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if self.at(counter):
            raise Refused("counter_busy")
        if visit.state == "WAITING" and visit.place == "OUTSIDE" and not self.fits(visit.party):
            raise Refused("room_full")
        self._must_be(id, "WAITING")
        self.open(counter, clerk)
        return self._call(visit, counter, clerk, now)

    def _call(self, visit: Visit, counter: str, clerk: str, now: float) -> Visit:
        before = asdict(visit)
        visit.state, visit.place, visit.counter, visit.clerk, visit.calls = "CALLED", "INSIDE", counter, clerk, 1
        self._note(visit, "called", clerk, now, before)
        return visit

    def _must_be(self, id: str, *states: str) -> Visit:
        if self.visits[id].state not in states:
            raise Refused("wrong_state")
        return self.visits[id]

    def _mine(self, id: str, clerk: str, *states: str) -> Visit:
        visit = self.visits[id]
        if visit.state in BUSY and visit.clerk != clerk:
            raise Refused("not_your_ticket")
        return self._must_be(id, *states)

    def recall(self, id: str, clerk: str, now: float) -> Visit:
        visit = self._mine(id, clerk, "CALLED")
        if visit.calls >= 3:
            raise Refused("recalls_used_up")
        before = asdict(visit)
        visit.calls += 1
        self._note(visit, "recalled", clerk, now, before)
        return visit

    def start(self, id: str, clerk: str, now: float) -> Visit:
        return self._step(self._mine(id, clerk, "CALLED"), "SERVING", "started", clerk, now)

    def park(self, id: str, clerk: str, now: float) -> Visit:
        return self._step(self._mine(id, clerk, "CALLED", "SERVING"), "PARKED", "parked", clerk, now)

    def resume(self, id: str, clerk: str, now: float) -> Visit:
        visit = self._mine(id, clerk, "PARKED")
        return self._step(visit, "WAITING", "resumed", clerk, now, counter=None, clerk=None, calls=0)

    def finish(self, id: str, clerk: str, now: float) -> Visit:
        visit = self._mine(id, clerk, "SERVING")
        self._step(visit, "SERVED", "finished", clerk, now, place=None, ended=now)
        self._admit_who_fit(now)
        return visit

    def no_show(self, id: str, clerk: str, now: float) -> Visit:
        visit = self._mine(id, clerk, "CALLED")
        self._step(visit, "NO_SHOW", "not_shown", clerk, now, place=None, ended=now)
        self._admit_who_fit(now)
        return visit

    def transfer(self, id: str, clerk: str, service: str, now: float) -> Visit:
        visit = self._mine(id, clerk, "SERVING")
        changes = {"letter": self.letters[service], "service": service, "counter": None, "clerk": None, "calls": 0}
        return self._step(visit, "WAITING", "transferred", clerk, now, **changes)

    def _step(self, visit: Visit, state: str, event: str, by: str, now: float, **changes: Any) -> Visit:
        before = asdict(visit)
        for name, value in {"state": state, **changes}.items():
            setattr(visit, name, value)
        self._note(visit, event, by, now, before)
        return visit

    def undo(self, id: str, clerk: str, now: float) -> Visit:
        visit, last = self.visits[id], self.last[id]
        if last.type not in UNDOABLE or last.by != clerk or now > last.at + 5:
            raise Refused("nothing_to_undo")
        earlier = Visit(**last.before)
        came_back = earlier.place == "INSIDE" and visit.place != "INSIDE"
        if came_back and not self.fits(visit.party):
            raise Refused("nothing_to_undo")
        if earlier.state in BUSY and earlier.counter is not None:
            other = self.at(earlier.counter)
            if other is not None and other.id != id:
                raise Refused("nothing_to_undo")
            if self.clerks.get(earlier.counter) != clerk:
                raise Refused("counter_closed")
        went_out = visit.place == "INSIDE" and earlier.place != "INSIDE"
        now_is = asdict(visit)
        self.visits[id] = earlier
        self._note(earlier, "undone", clerk, now, now_is)
        if went_out:
            self._admit_who_fit(now)
        return earlier

    def _note(self, visit: Visit, event: str, by: str | None, now: float, before: dict[str, Any]) -> None:
        self.log.setdefault(visit.day, []).append((event, visit.id))
        self.last[visit.id] = Last(event, by, now, before)
