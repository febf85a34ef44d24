"""The door half of the model: who comes, who is let in, and who waits outside."""

from __future__ import annotations

from tests.services.life_cycle.booking_model import BookingModel
from tests.services.life_cycle.places_model import Claim
from tests.services.life_cycle.records_model import Refused, Sensor, Visit

BUSY = {"CALLED", "SERVING"}


class DoorModel(BookingModel):
    """One office from the door on."""

    def present(self) -> int:
        """Persons whose tickets say that they are in the room."""
        return sum(each.party for each in self.visits.values() if each.place == "INSIDE")

    def inside(self) -> int:
        """Persons in the room today. Sensors may only add to what tickets and guard say."""
        return max(self.present() + self.correction, self.sensed or 0)

    def has_room(self, party: int) -> bool:
        return self.settings.limit is None or self.inside() + party <= self.settings.limit

    def fits(self, party: int) -> bool:
        return self.lets_in() and self.has_room(party)

    def lets_in(self) -> bool:
        return self.admitting and self.paused is None

    def outside(self) -> list[Visit]:
        """Who waits outside and could ever come in, in call order."""
        waiting = (
            each
            for each in self.visits.values()
            if each.state == "WAITING"
            and each.place == "OUTSIDE"
            and (self.settings.limit is None or each.party <= self.settings.limit)
        )
        return sorted(waiting, key=lambda each: (each.turn, each.id))

    def must_fit(self, party: int) -> None:
        if not self.lets_in():
            raise Refused("admissions_stopped")
        if not self.has_room(party):
            raise Refused("room_full")

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

    def _check_open(self, now: float) -> None:
        if not self.is_open(now):
            raise Refused("not_in_service")

    def must_run(self) -> None:
        if self.paused is not None:
            raise Refused("paused")

    def is_evacuated(self, day: int) -> bool:
        """Also a day that is over, whose evacuation nobody has ended."""
        return day in self.evacuated or (day == self.today and self.paused == "EVACUATION")

    def must_stay(self, day: int) -> None:
        """In an evacuation no visit of that day goes on."""
        if self.is_evacuated(day):
            raise Refused("paused")

    def walk_in(
        self,
        id: str,
        service: str,
        party: int,
        priority: bool,
        urgent: bool,
        now: float,
        beyond: bool = False,
    ) -> Visit:
        self.must_run()
        self._check_open(now)
        self.check_service(service, urgent, now)
        self.check_party(party)
        self.replan(self.today, now)
        pools = self.pools(service, False, urgent, now)

        def choose() -> Claim | None:
            return self.days[self.today].first(
                self.spans[service], self.letters[service], pools, party, self.settings.release, now
            )

        claim = choose()
        if claim is None and self.reclaim(self.today, now):
            claim = choose()
        if claim is not None:
            self.days[self.today].take(claim)
        elif not (self.settings.beyond or beyond):
            raise Refused("day_full")
        visit = Visit(
            id,
            self.today,
            self.letters[service],
            service,
            "WAITING",
            party,
            now,
            priority,
            urgent,
            claim=claim,
        )
        self._arrive(visit, now)
        return self.add(visit, "walked_in", now)

    def check_in(self, id: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.state != "BOOKED":
            raise Refused("wrong_state" if visit.arrived is None else "already_checked_in")
        if visit.day != self.today:
            raise Refused("wrong_day")
        assert visit.slot is not None
        if now < visit.slot - 30:
            raise Refused("too_early")
        self.must_stay(visit.day)
        self._check_open(now)
        before = dict(vars(visit))
        self._arrive(visit, now)
        self.note(visit, "checked_in", None, now, before)
        return visit

    def return_late(self, id: str, by: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.state != "NO_SHOW":
            raise Refused("wrong_state")
        assert visit.ended is not None
        if visit.day != self.today:
            raise Refused("wrong_day")
        if now > visit.ended + 60:
            raise Refused("too_late")
        self.must_stay(visit.day)
        before = dict(vars(visit))
        slot, visit.slot = visit.slot, None
        self._arrive(visit, now)
        visit.slot, visit.ended, visit.counter, visit.clerk, visit.calls, visit.missed = (
            slot,
            None,
            None,
            None,
            0,
            False,
        )
        self.note(visit, "returned", by, now, before)
        return visit

    def cancel(self, id: str, by: str, minutes: float, now: float) -> Visit:
        visit = self.visits[id]
        if visit.state not in {"BOOKED", "STRANDED", "WAITING"}:
            raise Refused("wrong_state")
        before, claim = dict(vars(visit)), visit.claim
        came = visit.place
        visit.state, visit.ended, visit.place, visit.claim = "CANCELLED", now, None, None
        self.note(visit, "cancelled", by, now, before)
        self.keep_back(visit, claim, visit.day, minutes, now)
        if came:
            self.admit_who_fit(now)
        return visit

    def admit(self, id: str, by: str, now: float, reason: str) -> Visit:
        visit = self.visits[id]
        if visit.state != "WAITING" or visit.place != "OUTSIDE":
            raise Refused("wrong_state")
        self.must_run()
        self.must_fit(visit.party)
        passes = self.outside()[0] is not visit
        if passes and not reason:
            raise Refused("bad_input")
        self._let_in(visit, by, now)
        if passes:
            self.note(visit, "let_past", by, now, {})
        return visit

    def leave(self, id: str, by: str, now: float) -> Visit:
        if self.paused == "EVACUATION" and self.visits[id].day == self.today:
            return self._step_out(id, by, now)
        visit = self.must_be(id, "WAITING", "PARKED")
        before = dict(vars(visit))
        visit.state, visit.place, visit.ended = "LEFT", None, now
        self.note(visit, "left", by, now, before)
        self.give_back(visit)
        self.admit_who_fit(now)
        return visit

    def _step_out(self, id: str, by: str, now: float) -> Visit:
        """Sent out: back to where one stood on arrival, before the door was passed."""
        visit = self.must_be(id, "WAITING", "CALLED", "SERVING", "PARKED")
        if visit.place == "OUTSIDE":
            raise Refused("wrong_state")
        before = dict(vars(visit))
        visit.state, visit.place, visit.let_in = "WAITING", "OUTSIDE", None
        visit.counter, visit.clerk, visit.calls = None, None, 0
        self.note(visit, "stepped_out", by, now, before)
        return visit

    def correct(self, delta: int, now: float) -> None:
        if delta == 0 or self.present() + self.correction + delta < 0:
            raise Refused("bad_input")
        if self.correction + delta < 0:
            raise Refused("fewer_without_ticket")
        self.correction += delta
        self.tell("occupancy_corrected")
        self.admit_who_fit(now)

    def set_admitting(self, admitting: bool, now: float) -> None:
        if admitting:
            self.must_run()
        if admitting != self.admitting:
            self.admitting = admitting
            self.tell("admissions_resumed" if admitting else "admissions_stopped")
            self.admit_who_fit(now)

    def must_be(self, id: str, *states: str) -> Visit:
        if self.visits[id].state not in states:
            raise Refused("wrong_state")
        return self.visits[id]

    def _let_in(self, visit: Visit, by: str | None, now: float) -> None:
        before = dict(vars(visit))
        visit.place, visit.let_in = "INSIDE", now
        self.note(visit, "admitted", by, now, before)

    def admit_who_fit(self, now: float) -> None:
        if not self.is_open(now):
            return
        for visit in self.outside():
            if not self.fits(visit.party):
                return
            self._let_in(visit, None, now)

    # Sensors at the doors, and counting by eye.

    def read_sensor(self, name: str, came: int, went: int, at: float, now: float) -> bool:
        """Take totals that only grow within a day; tells whether they are news."""
        last = self.sensors.get(name)
        if at > now + 1 / 6 or int(at // 1440) != self.today:
            raise Refused("bad_reading")
        if last is None:
            last = self._start_sensor(came, went, at)
        elif last.day != self.today:
            last = self._wake_sensor(last, came, went, at)
        elif at < last.at:
            raise Refused("bad_reading")
        if not (0 <= came - last.came <= 500 and 0 <= went - last.went <= 500):
            raise Refused("bad_reading")
        after = Sensor(came, went, at, self.today, last.base_came, last.base_went)
        news = after != self.sensors.get(name)
        if news:
            self.sensors[name] = after
            self.settle_sensors(now)
        return news

    def _wake_sensor(self, last: Sensor, came: int, went: int, at: float) -> Sensor:
        """On a new day it has begun at zero again, or goes on from where it stood; after a long
        silence from where it stands.
        """
        if came < last.came or went < last.went:
            return self._start_sensor(came, went, at)
        if came > last.came + 500 or went > last.went + 500:
            return Sensor(came, went, at, self.today, came, went)
        return Sensor(last.came, last.went, at, self.today, last.came, last.went)

    def _start_sensor(self, came: int, went: int, at: float) -> Sensor:
        """At zero, unless it has seen more than any one day brings: then nobody whom it has seen so
        far counts.
        """
        return (
            Sensor(came, went, at, self.today, came, went)
            if max(came, went) > 500
            else Sensor(0, 0, at, self.today)
        )

    def settle_sensors(self, now: float) -> bool:
        """The sum of all that were heard within ten minutes."""
        heard = [
            (each.came - each.base_came) - (each.went - each.base_went)
            for each in self.sensors.values()
            if each.day == self.today and now - each.at <= 10
        ]
        sensed = max(0, sum(heard)) if heard else None
        if sensed == self.sensed:
            return False
        self.sensed = sensed
        self.tell("door_counted")
        self.admit_who_fit(now)
        return True

    def settle_door(self, now: float) -> None:
        """What the upkeep does every few seconds."""
        if self.sensed is not None:
            self.settle_sensors(now)
        self.admit_who_fit(now)

    def recount(self, persons: int, now: float) -> None:
        if not self.present() <= persons <= 10_000:
            raise Refused("bad_input")
        todays = [each for _, each in sorted(self.sensors.items()) if each.day == self.today]
        for place, each in enumerate(todays):
            each.base_came, each.base_went = each.came - (persons if place == 0 else 0), each.went
        self.correction = persons - self.present()
        self.tell("occupancy_corrected")
        if not self.settle_sensors(now):
            self.admit_who_fit(now)

    # What the supervisor decides.

    def pause(self, kind: str, drill: bool = False) -> None:
        if self.paused == "EVACUATION" and kind == "PAUSE":
            raise Refused("paused")
        if self.paused != kind or (self.drill and not drill):
            self.paused, self.drill = kind, drill
            self.tell("service_paused")

    def go_on(self, now: float) -> None:
        if self.paused is not None:
            self.paused, self.drill = None, False
            self.tell("service_resumed")
            self.admit_who_fit(now)

    # What the office decides. The day is planned anew by the next who asks for its places.

    def set_limit(self, limit: int | None, now: float) -> None:
        if limit == self.settings.limit:
            return
        self.settings.limit = limit
        self.settings.revision += 1
        self.tell("limit_changed")
        self.admit_who_fit(now)

    def decide(self, event: str) -> None:
        """Something else than the limit is others now; the caller has set it."""
        self.settings.revision += 1
        self.tell(event)
