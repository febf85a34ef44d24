"""A model of one office, simple enough to be believed: plain records, plain loops, no database, no
code of the product.

Each method is one command. It either raises `Refused` with the reason's code, or changes the
records and notes the events that must follow; whoever plays it goes back to what was before a
refusal. Times are minutes since midnight of the first day.
"""

from __future__ import annotations

from typing import Any

from tests.services.life_cycle.door_model import BUSY, DoorModel
from tests.services.life_cycle.places_model import Claim
from tests.services.life_cycle.records_model import Refused, Visit

UNDOABLE = {
    "called",
    "recalled",
    "started",
    "parked",
    "not_shown",
    "resumed",
    "finished",
    "transferred",
    "left",
    "stepped_out",
    "voided",
}
STAYED = {"finished", "left", "stepped_out", "voided"}
"""Whoever is taken back from these has been in the room all the time."""


class OfficeModel(DoorModel):
    """One whole office: bookings, door and counters."""

    def at(self, counter: str) -> Visit | None:
        return next(
            (
                each
                for each in self.visits.values()
                if each.counter == counter and each.state in BUSY
            ),
            None,
        )

    def open(self, counter: str, clerk: str) -> None:
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if counter not in self.clerks or counter in self.on_break:
            self.must_stay(self.today)
            self.clerks[counter] = clerk
            self.on_break.discard(counter)
            self.tell("counter_opened")

    def take_break(self, counter: str, clerk: str) -> None:
        if counter not in self.clerks:
            raise Refused("counter_closed")
        if self.clerks[counter] != clerk:
            raise Refused("counter_taken")
        if counter not in self.on_break:
            if self.at(counter):
                raise Refused("counter_busy")
            self.on_break.add(counter)
            self.tell("break_started")

    def serves_letters(self, counter: str) -> str:
        return self.lent.get(counter, self.counters[counter])

    def lend(self, counter: str, letters: str) -> None:
        """Let a counter serve other streams today; no letters, or its usual ones, end that."""
        wanted = letters or self.counters[counter]
        if wanted != self.serves_letters(counter):
            self.lent[counter] = wanted
            self.tell("counter_streams_changed")

    def close(self, counter: str, clerk: str) -> None:
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if counter in self.clerks:
            if self.at(counter):
                raise Refused("counter_busy")
            del self.clerks[counter]
            self.on_break.discard(counter)
            self.tell("counter_closed")

    def call_next(self, counter: str, clerk: str, now: float) -> Visit | None:
        self.must_run()
        if self.clerks.get(counter, clerk) != clerk:
            raise Refused("counter_taken")
        if self.at(counter):
            raise Refused("counter_busy")
        self.open(counter, clerk)
        first = next(iter(self.outside()), None)
        # Twenty minutes after it became the first outside a party keeps the door: nobody is called
        # past it until it fits.
        kept = (
            first is not None
            and not self.fits(first.party)
            and now >= self._first_since(first) + 20
        )
        able = [
            each
            for each in self.visits.values()
            if each.state == "WAITING"
            and self._is_for(each, counter, clerk)
            and (each.place == "INSIDE" or (self.fits(each.party) and not kept))
        ]
        if not able:
            return None
        return self._call(min(able, key=lambda each: (each.turn, each.id)), counter, clerk, now)

    def _first_since(self, first: Visit) -> float:
        """When its time had come and the last of those before it, who had also come before it, went
        in.
        """
        assert first.turn is not None and first.arrived is not None
        went_in = [
            each.let_in
            for each in self.visits.values()
            if each.let_in is not None
            and each.day == first.day
            and each.turn is not None
            and each.arrived is not None
            and each.arrived <= first.arrived
            and (each.turn, each.id) < (first.turn, first.id)
        ]
        return max(first.arrived, first.turn + (15 if first.priority else 0), *went_in)

    def _is_for(self, visit: Visit, counter: str, clerk: str) -> bool:
        """Who was sent on to somebody who is there is for nobody else; who was sent to somebody who
        is gone, for all of the stream.
        """
        if visit.wanted_counter == counter or visit.wanted_clerk == clerk:
            return True
        kept = visit.wanted_counter in self.clerks or visit.wanted_clerk in self.clerks.values()
        return visit.letter in self.serves_letters(counter) and not kept

    def call(self, id: str, counter: str, clerk: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.day != self.today:
            raise Refused("wrong_day")
        self.must_run()
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
        visit.let_in = now if visit.place == "OUTSIDE" else visit.let_in
        visit.state, visit.place, visit.counter, visit.clerk, visit.calls = (
            "CALLED",
            "INSIDE",
            counter,
            clerk,
            1,
        )
        visit.called, visit.wanted_counter, visit.wanted_clerk = now, None, None
        if visit.claim is not None and visit.claim.start > now:
            self.give_back(visit)
        self.note(visit, "called", clerk, now, before)
        return visit

    def _be_mine(self, id: str, clerk: str) -> None:
        visit = self.visits[id]
        if visit.state in BUSY and visit.clerk != clerk:
            raise Refused("not_your_ticket")

    def _mine(self, id: str, clerk: str, *states: str) -> Visit:
        self._be_mine(id, clerk)
        return self.must_be(id, *states)

    def recall(self, id: str, clerk: str, now: float) -> Visit:
        if self.visits[id].day == self.today:  # a pause is of its day
            self.must_run()
        visit = self._mine(id, clerk, "CALLED")
        assert visit.called is not None
        if visit.calls >= 3:
            raise Refused("recalls_used_up")
        if (
            now < visit.called + visit.calls
        ):  # the second call a minute after the first, the third after two
            raise Refused("too_early")
        before = dict(vars(visit))
        visit.calls += 1
        self.note(visit, "recalled", clerk, now, before)
        return visit

    def start(self, id: str, clerk: str, now: float) -> Visit:
        self.must_stay(self.visits[id].day)
        return self._step(self._mine(id, clerk, "CALLED"), "SERVING", "started", clerk, now)

    def park(self, id: str, clerk: str, now: float) -> Visit:
        return self._step(
            self._mine(id, clerk, "CALLED", "SERVING"), "PARKED", "parked", clerk, now
        )

    def resume(self, id: str, clerk: str, now: float) -> Visit:
        self.must_stay(self.visits[id].day)
        visit = self._mine(id, clerk, "PARKED")
        return self._step(
            visit, "WAITING", "resumed", clerk, now, counter=None, clerk=None, calls=0
        )

    def finish(self, id: str, clerk: str, now: float) -> Visit:
        visit = self._mine(id, clerk, "SERVING")
        self._step(visit, "SERVED", "finished", clerk, now, place=None, ended=now)
        self.admit_who_fit(now)
        return visit

    def no_show(self, id: str, clerk: str, now: float) -> Visit:
        self.must_stay(self.visits[id].day)
        visit = self._mine(id, clerk, "CALLED")
        self._step(
            visit,
            "NO_SHOW",
            "not_shown",
            clerk,
            now,
            place=None,
            ended=now,
            missed=visit.slot is not None,
        )
        self.admit_who_fit(now)
        return visit

    def transfer(
        self,
        id: str,
        clerk: str,
        now: float,
        service: str | None = None,
        letter: str | None = None,
        counter: str | None = None,
        to_clerk: str | None = None,
    ) -> Visit:
        if counter is not None and to_clerk is not None:
            raise Refused("bad_input")
        if counter is not None and counter not in self.clerks:
            raise Refused("counter_closed")
        if to_clerk is not None and to_clerk not in self.clerks.values():
            raise Refused("clerk_away")
        if service is not None and letter not in (None, self.letters[service]):
            raise Refused("bad_input")
        if service is None and letter is not None:
            service = next(each for each, of in self.letters.items() if of == letter)
        if service is None and counter is None and to_clerk is None:
            raise Refused("bad_input")
        self.must_stay(self.visits[id].day)
        visit = self._mine(id, clerk, "SERVING")
        service = service or visit.service
        to = {
            "letter": self.letters[service],
            "service": service,
            "wanted_counter": counter,
            "wanted_clerk": to_clerk,
        }
        return self._step(
            visit, "WAITING", "transferred", clerk, now, **to, counter=None, clerk=None, calls=0
        )

    def _step(
        self, visit: Visit, state: str, event: str, by: str, now: float, **changes: Any
    ) -> Visit:
        before = dict(vars(visit))
        for name, value in {"state": state, **changes}.items():
            setattr(visit, name, value)
        self.note(visit, event, by, now, before)
        return visit

    def undo(self, id: str, clerk: str, now: float, oversees: bool = False) -> Visit:
        visit, last = self.visits[id], self.last[id]
        theirs = last.by == clerk or (oversees and last.type == "voided")
        if last.type not in UNDOABLE or not theirs or now > last.at + 5:
            raise Refused("nothing_to_undo")
        earlier = Visit(**last.before | {"claim": visit.claim})
        if last.type == "voided":
            self._stand_again(earlier, last.before["claim"], now)
        came_back = earlier.place == "INSIDE" and visit.place != "INSIDE"
        if came_back and last.type == "not_shown" and not self.has_room(visit.party):
            raise Refused("nothing_to_undo")
        if earlier.state in BUSY and earlier.counter is not None:
            other = self.at(earlier.counter)
            if other is not None and other.id != id:
                raise Refused("nothing_to_undo")
            assert earlier.clerk is not None
            if self.clerks.get(earlier.counter) != earlier.clerk:
                raise Refused("counter_closed")
            self.open(earlier.counter, earlier.clerk)
        went_out = visit.place == "INSIDE" and earlier.place != "INSIDE"
        now_is = dict(vars(visit))
        self.visits[id] = earlier
        self.note(earlier, "undone", clerk, now, now_is)
        if went_out:
            self.admit_who_fit(now)
        return earlier

    def _stand_again(self, visit: Visit, had: Claim | None, now: float) -> None:
        """A booking that was voided by mistake has its places if they can still be had."""
        assert visit.person is not None
        try:
            self.check_live(visit.service, visit.person, visit.party)
        except Refused:
            raise Refused("nothing_to_undo") from None
        if had is not None:
            visit.claim = self.days[visit.day].choose(
                had.start, had.span, had.letter, [had.pool], had.party, self.settings.release, now
            )
        if visit.claim is not None:
            self.days[visit.day].take(visit.claim)

    # The reception.

    def void(self, id: str, by: str, now: float) -> None:
        """The card is another person's: the booking is over, and counts as missed."""
        visit = self.visits[id]
        if visit.slot is None:
            raise Refused("no_booking")
        if visit.day != self.today:
            raise Refused("wrong_day")
        self.must_stay(visit.day)
        self._be_mine(id, by)
        self.must_be(id, "BOOKED", "WAITING", "CALLED", "SERVING", "PARKED")
        claim, was_here = visit.claim, visit.place is not None
        gone = {"place": None, "counter": None, "clerk": None, "calls": 0, "claim": None}
        self._step(visit, "CANCELLED", "voided", by, now, **gone, ended=now, missed=True)
        if claim is not None:
            self.free(visit.day, claim, now)
        if was_here:
            self.admit_who_fit(now)

    def issue_beyond(
        self, id: str, service: str, party: int, priority: bool, urgent: bool, now: float, by: str
    ) -> Visit:
        visit = self.walk_in(id, service, party, priority, urgent, now, beyond=True)
        if visit.claim is None:
            self.note(visit, "issued_beyond", by, now, {})
        return visit

    def make_urgent(self, id: str, by: str, now: float) -> None:
        self.must_stay(self.visits[id].day)
        visit = self.must_be(id, "WAITING")
        if visit.urgent:
            raise Refused("wrong_state")
        before = dict(vars(visit))
        visit.urgent = True
        self.note(visit, "made_urgent", by, now, before)

    def set_priority(self, id: str, priority: bool, by: str, now: float) -> None:
        visit = self.must_be(id, "BOOKED", "WAITING")
        if visit.priority == priority:
            return
        if visit.place is not None:
            self.must_stay(visit.day)
        before = dict(vars(visit))
        visit.priority = priority
        if visit.turn is not None:
            visit.turn += -15 if priority else 15
        self.note(visit, "priority_set", by, now, before)
        if visit.place is not None:
            self.admit_who_fit(now)

    def copy_slip(self, id: str, by: str, now: float) -> None:
        visit = self.must_be(id, "BOOKED", "WAITING", "CALLED", "SERVING", "PARKED")
        self.note(visit, "slip_copied", by, now, {})

    # The end of a day.

    def miss(self, id: str, now: float) -> bool:
        """Whoever has not come by the end of the day has missed the visit."""
        visit = self.visits[id]
        if visit.state == "BOOKED":
            missed = not self.is_evacuated(visit.day)
            self._step(visit, "NO_SHOW", "slot_missed", "", now, ended=now, missed=missed)
        return visit.state == "NO_SHOW"

    def close_day(self, present: list[str], now: float) -> None:
        """Who was being served was served, who was called did not come, which counts against
        nobody; all others have left.
        """
        for id in present:
            visit = self.visits[id]
            if visit.state == "SERVING":
                self._step(visit, "SERVED", "finished", "upkeep", now, place=None, ended=now)
            elif visit.state == "CALLED":
                self._step(visit, "NO_SHOW", "not_shown", "upkeep", now, place=None, ended=now)
            else:
                self._step(visit, "LEFT", "left", "upkeep", now, place=None, ended=now)
                self.give_back(visit)

    def close_room(self) -> None:
        for _ in self.clerks:
            self.log[0].append(("counter_closed", None))
        if not self.admitting:
            self.log[0].append(("admissions_resumed", None))
        if self.paused == "EVACUATION":
            self.evacuated.add(self.today)
        self.today = 1
        self.begin_day()
