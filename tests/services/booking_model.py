"""The booking half of the model: holds, bookings and their moves, places kept back, and days planned anew."""
from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from tests.services.places_model import Claim, Day, Kept, PoolName
from tests.services.records_model import LIVE, STRICT, Last, Person, Refused, Settings, Visit


class BookingModel:
    """One office with its visits, places and log."""

    def __init__(
        self, settings: Settings, *, letters: dict[str, str], spans: dict[str, int], counters: dict[str, str], people: list[Person],
        slot_minutes: float, party_max: int,
    ) -> None:
        self.settings = settings
        self.letters, self.spans, self.counters, self.people = letters, spans, counters, people
        self.slot_minutes, self.party_max = slot_minutes, party_max
        self.days: dict[int, Day] = {}
        self.planned: dict[int, int] = {}
        self.kept: dict[str, Kept] = {}
        self.visits: dict[str, Visit] = {}
        self.steps: dict[str, int] = {}
        self.last: dict[str, Last] = {}
        self.clerks: dict[str, str] = {}
        self.correction = 0
        self.admitting = True
        self.sequences: dict[str, int] = {}
        self.log: dict[int, list[tuple[str, str | None]]] = {}

    # What is so.

    def mode(self, at: float, service: str | None = None) -> str:
        """The stricter of the office's mode and the service's."""
        found = "NORMAL"
        for of in {None, service}:
            own = [each.name for each in self.settings.modes if each.service == of and each.covers(at)]
            found = max([found, *own[-1:]], key=STRICT.index)
        return found

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
        """The pools for a visit: urgent ones first their own, then that of their way in, and all when the office serves no others."""
        own: PoolName = "ONLINE" if online else "WALK_IN"
        other: PoolName = "WALK_IN" if online else "ONLINE"
        if not urgent:
            return [own]
        return ["URGENT", own, other] if self.mode(at, service) == "URGENT_ONLY" else ["URGENT", own]

    def same_person(self, person: int) -> list[Visit]:
        nik = self.people[person].nik
        return [each for each in self.visits.values() if each.person is not None and self.people[each.person].nik == nik]

    def check_person(self, service: str, person: int, slot: float, now: float) -> None:
        phone = self.people[person].phone
        same_nik = [each for each in self.same_person(person) if each.state in LIVE]
        same_phone = [
            each for each in self.visits.values()
            if each.person is not None and each.state in LIVE and self.people[each.person].phone == phone
        ]
        if any(each.service == service for each in same_nik) or len(same_nik) >= 2 or len(same_phone) >= 4:
            raise Refused("limit_reached")
        self.check_ahead(person, slot, now)

    def check_ahead(self, person: int, slot: float, now: float) -> None:
        """Who has missed two booked visits books no more than a day ahead."""
        missed = [each for each in self.same_person(person) if each.state == "NO_SHOW" and each.slot is not None]
        if len(missed) >= 2 and slot - 1440 > now:
            raise Refused("limit_reached")

    # Places.

    def take_slot(self, service: str, letter: str, slot: float, party: int, urgent: bool, now: float) -> Claim:
        """Take places ahead, reclaiming what has run out on that day if that is needed."""
        day = int(slot // 1440)
        self.replan(day, now)
        if slot not in self.days[day].slots:
            raise Refused("unknown_slot")
        pools = self.pools(service, True, urgent, slot)

        def choose() -> Claim | None:
            return self.days[day].choose(slot, self.spans[service], letter, pools, party, self.settings.release, now)

        claim = choose()
        if not any(opens <= slot % 1440 < closes for opens, closes in self.settings.openings[day]):
            raise Refused("unknown_slot")
        if slot <= now:
            raise Refused("slot_passed")
        if claim is None and self.reclaim(day, now):
            claim = choose()
        if claim is None:
            raise Refused("slot_full")
        self.days[day].take(claim)
        return claim

    def give_back(self, visit: Visit) -> None:
        if visit.claim is not None:
            self.days[visit.day].take(visit.claim, -1)
            visit.claim = None

    def keep_back(self, visit: Visit, claim: Claim | None, day: int, minutes: float, now: float) -> None:
        """Places given up stay taken for some minutes, unless their slot begins before."""
        if claim is None:
            return
        if now + minutes >= claim.start:
            self.days[day].take(claim, -1)
        else:
            id = f"{visit.id}-{self.steps[visit.id]}"
            self.kept[id] = Kept(id, day, claim, now + minutes)

    def reclaim(self, day: int, now: float) -> int:
        late = [
            each for each in self.visits.values()
            if each.state == "HELD" and each.day == day and each.expires is not None and each.expires <= now
        ]
        due = [each for each in self.kept.values() if each.day == day and each.public <= now]
        for visit in sorted(late, key=lambda each: (each.expires or 0, each.id)):
            before = dict(vars(visit))
            self.give_back(visit)
            self._expire(visit, before, now)
        for kept in sorted(due, key=lambda each: (each.public, each.id)):
            del self.kept[kept.id]
            self.days[day].take(kept.claim, -1)
            self.log[day].append(("places_released", None))
        return len(late) + len(due)

    def _expire(self, visit: Visit, before: dict[str, Any], now: float) -> None:
        visit.state, visit.expires, visit.ended = "EXPIRED", None, now
        self.note(visit, "expired", None, now, before)

    # A day planned anew.

    def replan(self, day: int, now: float) -> None:
        """Slots that have begun stay; of the others, whoever is here keeps the places, then bookings by age, then holds, then kept ones."""
        if self.planned.get(day) == self.settings.revision:
            return
        self.planned[day] = self.settings.revision
        old = self.days.get(day, Day())
        begun = {start: slot for start, slot in old.slots.items() if start <= now}
        free_from = max((slot.end for slot in begun.values()), default=now)
        to_come = {start: slot for start, slot in self.settings.fresh[day].slots.items() if start > now and start >= free_from}
        new = Day(copy.deepcopy({**begun, **to_come}))
        lost: list[Visit | Kept] = []
        for firmness, _since, _id, who in sorted(self._claimants(day), key=lambda each: each[:3]):
            claim = who.claim
            assert claim is not None
            past = sum(slot.start <= now for slot in old.run(claim.start, claim.span))
            if past == claim.span:
                continue
            start = old.run(claim.start, past)[-1].end if past else claim.start
            ahead = Claim(start, claim.span - past, claim.letter, claim.pool, claim.party)
            if firmness == 0:
                new.make_room(ahead, self.slot_minutes)
            served = not isinstance(who, Visit) or firmness != 1 or self.serves(who.service, who.urgent, claim.start)
            if served and new.fits(ahead):
                new.take(ahead)
            else:
                lost.append(who)
                if past:
                    new.take(Claim(claim.start, past, claim.letter, claim.pool, claim.party), -1)
        if new == old:
            return
        self.days[day] = new
        self.log.setdefault(day, []).append(("slots_planned", None))
        for who in lost:
            self._lose(who, now)

    def _claimants(self, day: int) -> Iterable[tuple[int, float, str, Visit | Kept]]:
        for visit in self.visits.values():
            if visit.day == day and visit.claim is not None:
                yield {"BOOKED": 1, "HELD": 2}.get(visit.state, 0), visit.created, visit.id, visit
        for kept in self.kept.values():
            if kept.day == day:
                yield 3, kept.public, kept.id, kept

    def _lose(self, who: Visit | Kept, now: float) -> None:
        if isinstance(who, Kept):
            del self.kept[who.id]
            return
        before = dict(vars(who))
        who.claim = None
        if who.state == "HELD":
            self._expire(who, before, now)
        else:
            who.state = "STRANDED"
            self.note(who, "stranded", None, now, before)

    # Booking.

    def hold(self, id: str, service: str, slot: float, party: int, urgent: bool, now: float) -> Visit:
        self.check_service(service, urgent, slot)
        self.check_party(party)
        claim = self.take_slot(service, self.letters[service], slot, party, urgent, now)
        visit = Visit(
            id, int(slot // 1440), claim.letter, service, "HELD", party, now, urgent=urgent, slot=slot, expires=now + 10, claim=claim
        )
        return self.add(visit, "held", now)

    def book(self, id: str, service: str, slot: float, party: int, person: int, priority: bool, urgent: bool, now: float) -> Visit:
        self.check_service(service, urgent, slot)
        self.check_party(party)
        self.check_person(service, person, slot, now)
        claim = self.take_slot(service, self.letters[service], slot, party, urgent, now)
        visit = Visit(id, int(slot // 1440), claim.letter, service, "BOOKED", party, now, priority, urgent, person, slot, claim=claim)
        return self.add(visit, "booked", now)

    def confirm(self, id: str, person: int, priority: bool, urgent: bool, now: float) -> Visit:
        visit = self.visits[id]
        assert visit.slot is not None
        if visit.state == "EXPIRED":
            raise Refused("too_late")
        urgent = urgent or visit.urgent
        self.check_service(visit.service, urgent, visit.slot)
        self.check_party(visit.party)
        self.check_person(visit.service, person, visit.slot, now)
        self._must_run(visit, now)
        before = dict(vars(visit))
        visit.state, visit.expires, visit.person, visit.priority, visit.urgent = "BOOKED", None, person, priority, urgent
        self.note(visit, "confirmed", None, now, before)
        return visit

    def _must_run(self, visit: Visit, now: float) -> None:
        if visit.state != "HELD":
            raise Refused("wrong_state")
        if visit.expires is not None and visit.expires <= now:
            raise Refused("too_late")

    def extend(self, id: str, now: float) -> Visit:
        visit = self.visits[id]
        if visit.state == "EXPIRED":
            raise Refused("too_late")
        self._must_run(visit, now)
        if visit.extended >= 1:
            raise Refused("limit_reached")
        before = dict(vars(visit))
        visit.expires, visit.extended = now + 10, visit.extended + 1
        self.note(visit, "hold_extended", None, now, before)
        return visit

    def reschedule(self, id: str, slot: float, by: str, minutes: float, now: float) -> Visit:
        visit = self.visits[id]
        # Planning anew may strand the very booking that is to be moved: then it is the office that has made the move necessary.
        self.replan(visit.day, now)
        if visit.state not in {"BOOKED", "STRANDED"}:
            raise Refused("wrong_state")
        wanted = visit.state == "BOOKED"
        if wanted and visit.moves >= 2:
            raise Refused("limit_reached")
        if wanted and visit.slot == slot:
            raise Refused("bad_input")
        self.check_service(visit.service, visit.urgent, slot)
        if wanted and visit.person is not None:
            self.check_ahead(visit.person, slot, now)
        claim = self.take_slot(visit.service, visit.letter, slot, visit.party, visit.urgent, now)
        before, old, day = dict(vars(visit)), visit.claim, visit.day
        self.note(visit, "rescheduled", by, now, before)  # told on the day that the visit leaves
        visit.state, visit.slot, visit.day, visit.claim = "BOOKED", slot, int(slot // 1440), claim
        visit.moves += 1 if wanted else 0
        self.keep_back(visit, old, day, minutes, now)
        if visit.day != day:
            self.log[visit.day].append(("places_taken", None))
        return visit

    # The log.

    def add(self, visit: Visit, event: str, now: float) -> Visit:
        self.visits[visit.id] = visit
        self.note(visit, event, None, now, {})
        return visit

    def note(self, visit: Visit, event: str, by: str | None, now: float, before: dict[str, Any]) -> None:
        self.log.setdefault(visit.day, []).append((event, visit.id))
        self.steps[visit.id] = self.steps.get(visit.id, 0) + 1
        self.last[visit.id] = Last(event, by, now, before)
