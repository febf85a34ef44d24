"""The waitlist of the model: who waits for a place that somebody gives up, what is offered, and
what follows an answer.
"""

from __future__ import annotations

from tests.services.life_cycle.ground_model import GroundModel
from tests.services.life_cycle.places_model import Claim
from tests.services.life_cycle.records_model import Entry, Refused, Visit


class WaitlistModel(GroundModel):
    """One office whose places given up go to those who wait first."""

    def offered_to(self, visit: str) -> Entry | None:
        """The entry that a held place is offered to."""
        return next(
            (
                each
                for each in self.entries.values()
                if each.state == "OFFERED" and each.ticket == visit
            ),
            None,
        )

    def is_open(self, now: float) -> bool:
        """From the first opening to the last closing of today, breaks included, unless the mode
        shuts the doors.
        """
        today = self.settings.openings[self.today]
        return (
            self.mode(now) != "CLOSED" and bool(today) and today[0][0] <= now % 1440 < today[-1][1]
        )

    def pass_on(self, day: int, claim: Claim, now: float, but: str | None = None) -> bool:
        """Hold a place that is given up for the first who waits and whom it suits. What is left of
        it is free at once.
        """
        if claim.pool != "ONLINE" or claim.start <= now:
            return False
        plan = self.days[day]
        plan.take(claim, -1)
        for entry in sorted(self.entries.values(), key=lambda each: (each.created, each.id)):
            if entry.state != "WAITING" or entry.id == but or not entry.first <= day <= entry.last:
                continue
            try:
                self.check_person(entry.service, entry.person, entry.party, claim.start, now)
            except Refused:
                continue
            if self._offer(
                entry, day, [slot.start for slot in plan.run(claim.start, claim.span)], now
            ):
                return True
        plan.take(claim)
        return False

    def _offer(self, entry: Entry, day: int, starts: list[float], now: float) -> bool:
        """Nobody is offered a time that leaves less than ten minutes for an answer; one answers
        within the hour, while the doors are open within a quarter of it, or before the slot.
        """
        for start in starts:
            if start < now + 10 or not self.serves(entry.service, False, start):
                continue
            letter, span = self.letters[entry.service], self.spans[entry.service]
            wanted = self.days[day].choose(
                start, span, letter, ["ONLINE"], entry.party, self.settings.release, now
            )
            if wanted is not None:
                self.days[day].take(wanted)
                self.offers_made += 1
                id = f"{self.name}-{self.offers_made:06d}"
                until = min(now + (15 if self.is_open(now) else 60), start)
                visit = Visit(
                    id,
                    day,
                    letter,
                    entry.service,
                    "HELD",
                    entry.party,
                    now,
                    entry.priority,
                    slot=start,
                    expires=until,
                    claim=wanted,
                )
                self.add(visit, "held", now)
                entry.state, entry.ticket = "OFFERED", id
                return True
        return False

    def let_lapse(self, visit: Visit, withdrawn: bool = False) -> str | None:
        """A hold has ended. If it was an offer, its entry waits on; the second one that is not
        answered ends it.
        """
        entry = self.offered_to(visit.id)
        if entry is None:
            return None
        entry.lapsed += not withdrawn
        entry.state, entry.ticket = "LAPSED" if entry.lapsed >= 2 else "WAITING", None
        return entry.id

    def free(self, day: int, claim: Claim, now: float, but: str | None = None) -> None:
        if not self.pass_on(day, claim, now, but):
            self.days[day].take(claim, -1)

    def expire(self, visit: Visit, now: float) -> None:
        """The hold is over. Its places are the caller's to give on."""
        before = dict(vars(visit))
        visit.state, visit.expires, visit.ended, visit.claim = "EXPIRED", None, now, None
        self.note(visit, "expired", None, now, before)

    def _give_up(self, entry: Entry, visit: Visit, now: float) -> None:
        claim = visit.claim
        assert claim is not None
        self.expire(visit, now)
        self.free(visit.day, claim, now, entry.id)

    # What people do.

    def join(
        self,
        id: str,
        service: str,
        party: int,
        person: int,
        priority: bool,
        first: int,
        last: int,
        now: float,
    ) -> None:
        """Whoever waits must have something to wait for: some moment of these days at which the
        service takes visits.
        """
        self.check_party(party)
        if not self.today <= first <= last:
            raise Refused("bad_input")
        begins, over = max(now, first * 1440), (last + 1) * 1440
        changes = [
            at
            for each in self.settings.modes
            for at in (each.start, each.end)
            if begins < at < over
        ]
        if not any(self.serves(service, False, at) for at in (begins, *changes)):
            raise Refused("not_in_service")
        self.check_live(service, person, party)
        nik = self.people[person].nik
        for each in self.entries.values():
            if (
                each.state in {"WAITING", "OFFERED"}
                and each.service == service
                and self.people[each.person].nik == nik
            ):
                raise Refused("limit_reached")
        live = [each for each in self.entries.values() if each.state in {"WAITING", "OFFERED"}]
        if sum(self.people[each.person].phone == self.people[person].phone for each in live) >= 4:
            raise Refused("limit_reached")
        self.entries[id] = Entry(id, service, party, priority, first, last, person, now)

    def offer_kept(self, day: int, now: float) -> int:
        """What is kept out of sight goes to whoever has joined meanwhile."""
        made = 0
        for kept in sorted(
            (each for each in self.kept.values() if each.day == day),
            key=lambda each: (each.public, each.id),
        ):
            if kept.public > now and self.pass_on(day, kept.claim, now):
                del self.kept[kept.id]
                made += 1
        return made

    def accept(self, id: str, now: float) -> None:
        entry, visit = self._must_be_offered(id)
        assert visit.slot is not None and visit.expires is not None
        self.must_stay(visit.day)
        if visit.expires <= now:
            raise Refused("too_late")
        self.check_person(entry.service, entry.person, entry.party, visit.slot, now)
        before = dict(vars(visit))
        visit.state, visit.expires, visit.person, entry.state = (
            "BOOKED",
            None,
            entry.person,
            "TAKEN",
        )
        self.note(visit, "confirmed", None, now, before)

    def decline(self, id: str, now: float) -> None:
        entry, visit = self._must_be_offered(id)
        entry.state, entry.ticket = "WAITING", None
        self._give_up(entry, visit, now)

    def leave_list(self, id: str, now: float) -> None:
        entry = self.entries[id]
        if entry.state not in {"WAITING", "OFFERED"}:
            raise Refused("wrong_state")
        offered, entry.state, entry.ticket = entry.ticket, "LEFT", None
        if offered is not None:
            self._give_up(entry, self.visits[offered], now)

    def _must_be_offered(self, id: str) -> tuple[Entry, Visit]:
        entry = self.entries[id]
        if entry.state != "OFFERED" or entry.ticket is None:
            raise Refused("wrong_state")
        return entry, self.visits[entry.ticket]
