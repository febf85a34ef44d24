"""The booking half of the model: holds, bookings and their moves, places kept back, and days
planned anew.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace

from tests.services.life_cycle.places_model import Claim, Day, Kept
from tests.services.life_cycle.records_model import Refused, Visit
from tests.services.life_cycle.waitlist_model import WaitlistModel


class BookingModel(WaitlistModel):
    """One office with its visits, places and log."""

    # Places.

    def take_slot(
        self, service: str, letter: str, slot: float, party: int, urgent: bool, now: float
    ) -> Claim:
        """Take places ahead, reclaiming what has run out on that day if that is needed."""
        day = int(slot // 1440)
        if not any(
            opens <= slot % 1440 < closes for opens, closes in self.settings.openings.get(day, [])
        ):
            raise Refused("unknown_slot")
        if slot <= now:
            raise Refused("slot_passed")
        self.replan(day, now)
        if slot not in self.days[day].slots:
            raise Refused("unknown_slot")
        pools = self.pools(service, True, urgent, slot)

        def choose() -> Claim | None:
            return self.days[day].choose(
                slot, self.spans[service], letter, pools, party, self.settings.release, now
            )

        claim = choose()
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

    def keep_back(
        self, visit: Visit, claim: Claim | None, day: int, minutes: float, now: float
    ) -> None:
        """Places given up stay taken for some minutes, unless their slot begins before."""
        if claim is None or self.pass_on(day, claim, now):
            return
        if now + minutes >= claim.start:
            self.days[day].take(claim, -1)
        else:
            id = f"{visit.id}-{self.steps[visit.id]}"
            self.kept[id] = Kept(id, day, claim, now + minutes)

    def reclaim(self, day: int, now: float) -> int:
        late = [
            each
            for each in self.visits.values()
            if each.state == "HELD"
            and each.day == day
            and each.expires is not None
            and each.expires <= now
        ]
        due = [each for each in self.kept.values() if each.day == day and each.public <= now]
        for visit in sorted(late, key=lambda each: (each.expires or 0, each.id)):
            claim = visit.claim
            self.expire(visit, now)
            but = self.let_lapse(visit)
            if claim is not None:
                self.free(day, claim, now, but)
        for kept in sorted(due, key=lambda each: (each.public, each.id)):
            del self.kept[kept.id]
            self.free(day, kept.claim, now)
            self.log[day].append(("places_released", None))
        return len(late) + len(due)

    # A day planned anew.

    def replan(self, day: int, now: float) -> None:
        """Slots that have begun stay; of the others, whoever is here keeps the places, then
        bookings by age, then holds, then kept ones.
        """
        if self.planned.get(day) == self.settings.revision:
            return
        self.planned[day] = self.settings.revision
        old = self.days.get(day, Day())
        begun = {start: slot for start, slot in old.slots.items() if start <= now}
        free_from = max((slot.end for slot in begun.values()), default=now)
        to_come = {
            start: slot
            for start, slot in self.settings.fresh[day].slots.items()
            if start > now and start >= free_from
        }
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
            served = (
                not isinstance(who, Visit)
                or firmness != 1
                or self.serves(who.service, who.urgent, claim.start)
            )
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
        if who.state == "HELD":
            self.expire(who, now)
            self.let_lapse(who, withdrawn=True)
        else:
            before = dict(vars(who))
            who.state, who.claim = "STRANDED", None
            self.note(who, "stranded", None, now, before)

    # Booking.

    def hold(
        self,
        id: str,
        service: str,
        slot: float,
        party: int,
        urgent: bool,
        now: float,
        instead: str | None = None,
    ) -> Visit:
        """Set places aside. A visitor who gives an earlier hold up for the same slot gets what is
        left of its time and no more.
        """
        self.must_stay(int(slot // 1440))
        self.check_service(service, urgent, slot)
        self.check_party(party)
        earlier = None if instead is None else self._give_hold_up(self.visits[instead], slot, now)
        claim = self.take_slot(service, self.letters[service], slot, party, urgent, now)
        until, extended = (now + 10, 0) if earlier is None else earlier
        visit = Visit(
            id,
            int(slot // 1440),
            claim.letter,
            service,
            "HELD",
            party,
            now,
            urgent=urgent,
            slot=slot,
            expires=until,
            extended=extended,
            claim=claim,
        )
        return self.add(visit, "held", now)

    def _give_hold_up(self, visit: Visit, slot: float, now: float) -> tuple[float, int] | None:
        """Until when it held that very slot and how often it was extended; None for one that leaves
        nothing behind.
        """
        if visit.state != "HELD" or self.offered_to(visit.id):
            return None
        claim, until = visit.claim, visit.expires
        assert claim is not None and until is not None
        self.expire(visit, now)
        if visit.slot == slot:
            self.days[visit.day].take(claim, -1)
        else:
            self.free(visit.day, claim, now)
        return (until, visit.extended) if visit.slot == slot and until > now else None

    def book(
        self,
        id: str,
        service: str,
        slot: float,
        party: int,
        person: int,
        priority: bool,
        urgent: bool,
        now: float,
    ) -> Visit:
        self.must_stay(int(slot // 1440))
        self.check_service(service, urgent, slot)
        self.check_party(party)
        claim = self.take_slot(service, self.letters[service], slot, party, urgent, now)
        self.check_person(service, person, party, slot, now)
        visit = Visit(
            id,
            int(slot // 1440),
            claim.letter,
            service,
            "BOOKED",
            party,
            now,
            priority,
            urgent,
            person,
            slot,
            claim=claim,
        )
        return self.add(visit, "booked", now)

    def confirm(self, id: str, person: int, priority: bool, urgent: bool, now: float) -> Visit:
        visit = self.visits[id]
        assert visit.slot is not None
        self._must_be_own(visit)
        self.must_stay(visit.day)
        urgent = urgent or visit.urgent
        self.check_service(visit.service, urgent, visit.slot)
        self.check_party(visit.party)
        self._must_run(visit, now)
        self.check_person(visit.service, person, visit.party, visit.slot, now)
        before = dict(vars(visit))
        visit.state, visit.expires, visit.person, visit.priority, visit.urgent = (
            "BOOKED",
            None,
            person,
            priority,
            urgent,
        )
        self.note(visit, "confirmed", None, now, before)
        return visit

    def _must_be_own(self, visit: Visit) -> None:
        """A hold that is over, or that is an offer to somebody on the waitlist, is nobody's to
        confirm.
        """
        if visit.state == "EXPIRED":
            raise Refused("too_late")
        if self.offered_to(visit.id):
            raise Refused("unknown_code")

    def _must_run(self, visit: Visit, now: float) -> None:
        if visit.state != "HELD":
            raise Refused("wrong_state")
        if visit.expires is not None and visit.expires <= now:
            raise Refused("too_late")

    def extend(self, id: str, now: float) -> Visit:
        visit = self.visits[id]
        self._must_be_own(visit)
        self._must_run(visit, now)
        if visit.extended >= 1:
            raise Refused("limit_reached")
        before = dict(vars(visit))
        visit.expires, visit.extended = now + 10, visit.extended + 1
        self.note(visit, "hold_extended", None, now, before)
        return visit

    def reschedule(self, id: str, slot: float, by: str, minutes: float, now: float) -> Visit:
        visit = self.visits[id]
        # Planning anew may strand the very booking that is to be moved: then it is the office that
        # has made the move necessary.
        self.replan(visit.day, now)
        if visit.state not in {"BOOKED", "STRANDED"}:
            raise Refused("wrong_state")
        wanted = visit.state == "BOOKED"
        if wanted and visit.moves >= 2:
            raise Refused("limit_reached")
        if wanted and visit.slot == slot:
            raise Refused("bad_input")
        self.must_stay(int(slot // 1440))
        self.check_service(visit.service, visit.urgent, slot)
        claim = self.take_slot(visit.service, visit.letter, slot, visit.party, visit.urgent, now)
        if wanted and visit.person is not None:
            self.check_ahead(visit.person, slot, now)
        before, old, day = dict(vars(visit)), visit.claim, visit.day
        self.note(visit, "rescheduled", by, now, before)  # told on the day that the visit leaves
        visit.state, visit.slot, visit.day, visit.claim = "BOOKED", slot, int(slot // 1440), claim
        visit.moves += 1 if wanted else 0
        self.keep_back(visit, old, day, minutes, now)
        if visit.day != day:
            self.log[visit.day].append(("places_taken", visit.id))
        return visit

    def move_stranded(self, id: str, slot: float, by: str, minutes: float, now: float) -> bool:
        """Staff give a stranded booking a new time; one that is not stranded any more stays as it
        is.
        """
        stranded = self.visits[id].state == "STRANDED"
        if stranded:
            self.reschedule(id, slot, by, minutes, now)
        return stranded

    # A party of another size.

    def change_party(self, id: str, party: int, by: str, now: float) -> None:
        visit = self.visits[id]
        self._must_change(visit)
        self.check_party(party)
        if party == visit.party:
            return
        if visit.place is not None:
            self.must_stay(visit.day)
        self.replan(visit.day, now)
        self._must_change(visit)
        if visit.place == "INSIDE" and party > visit.party:
            self.must_fit(party - visit.party)
        before = dict(vars(visit))
        claim = self._resize(visit, party, now)
        visit.party, visit.claim = party, claim
        self.note(visit, "party_changed", by, now, before)
        if visit.place is not None:
            self.admit_who_fit(now)

    def _must_change(self, visit: Visit) -> None:
        if visit.state not in {"BOOKED", "WAITING"}:
            raise Refused("wrong_state")

    def _resize(self, visit: Visit, party: int, now: float) -> Claim | None:
        """More persons need more places in the same slot; who is here already takes others where
        there are none.
        """
        claim, day = visit.claim, visit.day
        if claim is None:
            return None
        wanted = self._choose_again(visit, claim, party, now)
        if wanted is None and self.reclaim(day, now):
            wanted = self._choose_again(visit, claim, party, now)
        if wanted is None and (visit.number is None or not self.settings.beyond):
            raise Refused("slot_full" if visit.number is None else "day_full")
        self.days[day].take(claim, -1)
        if wanted is not None:
            self.days[day].take(wanted)
        return wanted

    def _choose_again(self, visit: Visit, claim: Claim, party: int, now: float) -> Claim | None:
        if party <= claim.party:
            return replace(claim, party=party)
        day, release = self.days[visit.day], self.settings.release
        day.take(claim, -1)
        pools = [
            claim.pool,
            *self.pools(visit.service, visit.slot is not None, visit.urgent, claim.start),
        ]
        wanted = day.choose(claim.start, claim.span, claim.letter, pools, party, release, now)
        if wanted is None and visit.number is not None:
            pools = self.pools(visit.service, False, visit.urgent, now)
            wanted = day.first(claim.span, claim.letter, pools, party, release, now)
        day.take(claim)
        return wanted

    # What the door sees to.

    def must_stay(self, day: int) -> None:
        raise NotImplementedError

    def must_fit(self, party: int) -> None:
        raise NotImplementedError

    def admit_who_fit(self, now: float) -> None:
        raise NotImplementedError
