"""A model of one office, simple enough to be believed: plain records, plain loops, no database, no code of the product.

Each method is one command. It either raises `Refused` with the reason's code, or changes the records and notes the events that
must follow; whoever plays it goes back to what was before a refusal. Times are minutes since midnight of the first day.
"""
from __future__ import annotations

from typing import Any

from tests.services.door_model import BUSY, DoorModel
from tests.services.records_model import Refused, Visit

UNDOABLE = {"called", "recalled", "started", "parked", "not_shown", "resumed", "finished", "transferred"}


class OfficeModel(DoorModel):
    """One whole office: bookings, door and counters."""

    def at(self, counter: str) -> Visit | None:
        return next((each for each in self.visits.values() if each.counter == counter and each.state in BUSY), None)

    def open(self, counter: str, clerk: str) -> None:
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if counter not in self.clerks:
            self.clerks[counter] = clerk
            self.log[0].append(("counter_opened", None))

    def close(self, counter: str, clerk: str) -> None:
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if counter in self.clerks:
            if self.at(counter):
                raise Refused("counter_busy")
            del self.clerks[counter]
            self.log[0].append(("counter_closed", None))

    def call_next(self, counter: str, clerk: str, now: float) -> Visit | None:
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if self.at(counter):
            raise Refused("counter_busy")
        self.open(counter, clerk)
        first = next(iter(self.outside()), None)
        # Twenty minutes after its turn the first party outside keeps the door: nobody is called past it until it fits.
        kept = first is not None and first.turn is not None and not self.fits(first.party) and now >= first.turn + 20
        able = [
            each for each in self.visits.values()
            if each.state == "WAITING" and each.letter in self.counters[counter]
            and (each.place == "INSIDE" or (self.fits(each.party) and not kept))
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
        if visit.state == "WAITING" and visit.place == "OUTSIDE":
            self.must_fit(visit.party)
        self.must_be(id, "WAITING")
        self.open(counter, clerk)
        return self._call(visit, counter, clerk, now)

    def _call(self, visit: Visit, counter: str, clerk: str, now: float) -> Visit:
        before = dict(vars(visit))
        visit.state, visit.place, visit.counter, visit.clerk, visit.calls = "CALLED", "INSIDE", counter, clerk, 1
        visit.called = now
        if visit.claim is not None and visit.claim.start > now:
            self.give_back(visit)
        self.note(visit, "called", clerk, now, before)
        return visit

    def _mine(self, id: str, clerk: str, *states: str) -> Visit:
        visit = self.visits[id]
        if visit.state in BUSY and visit.clerk != clerk:
            raise Refused("not_your_ticket")
        return self.must_be(id, *states)

    def recall(self, id: str, clerk: str, now: float) -> Visit:
        visit = self._mine(id, clerk, "CALLED")
        assert visit.called is not None
        if visit.calls >= 3:
            raise Refused("recalls_used_up")
        if now < visit.called + visit.calls:  # the second call a minute after the first, the third after two
            raise Refused("too_early")
        before = dict(vars(visit))
        visit.calls += 1
        self.note(visit, "recalled", clerk, now, before)
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
        before = dict(vars(visit))
        for name, value in {"state": state, **changes}.items():
            setattr(visit, name, value)
        self.note(visit, event, by, now, before)
        return visit

    def undo(self, id: str, clerk: str, now: float) -> Visit:
        visit, last = self.visits[id], self.last[id]
        if last.type not in UNDOABLE or last.by != clerk or now > last.at + 5:
            raise Refused("nothing_to_undo")
        earlier = Visit(**last.before | {"claim": visit.claim})
        came_back = earlier.place == "INSIDE" and visit.place != "INSIDE"
        if came_back and not self.has_room(visit.party):
            raise Refused("nothing_to_undo")
        if earlier.state in BUSY and earlier.counter is not None:
            other = self.at(earlier.counter)
            if other is not None and other.id != id:
                raise Refused("nothing_to_undo")
            if self.clerks.get(earlier.counter) != clerk:
                raise Refused("counter_closed")
        went_out = visit.place == "INSIDE" and earlier.place != "INSIDE"
        now_is = dict(vars(visit))
        self.visits[id] = earlier
        self.note(earlier, "undone", clerk, now, now_is)
        if went_out:
            self._admit_who_fit(now)
        return earlier
