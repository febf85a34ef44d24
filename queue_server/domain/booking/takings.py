"""Whether somebody may take places ahead now, from where they ask; and from when on that counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from queue_server.domain.office.office import Office
from queue_server.domain.visit.claim import Claim

from .places import DayPlan, release_bound
from .rush import BURST, Proof, Rush, Share, Source, admit_taking, free_of_day


@dataclass(frozen=True)
class Counts:
    """What counts now: persons and visits of a day's stream, within the last minute and at all;
    persons of an address; persons whose places a browser holds."""

    people_burst: int = 0
    people: int = 0
    visits_burst: int = 0
    visits: int = 0
    of_address: int = 0
    of_browser: int = 0

    def add(self, people: int, *, lately: bool) -> Counts:
        """The same with so many persons more of the same address."""
        return replace(
            self,
            people=self.people + people,
            people_burst=self.people_burst + people * lately,
            of_address=self.of_address + people,
        )


@dataclass(frozen=True)
class Crowd:
    """What goes on at an office as somebody asks for places, and whether the proof that they show
    has been used before.
    """

    counts: Counts = Counts()
    is_proof_used: bool = False


@dataclass(frozen=True)
class Replaced:
    """A taking that another takes the place of: when it was, and for how many persons."""

    at: datetime
    people: int


def judged_people(source: Source | None, people: int, replaced: Replaced | None) -> int:
    """For how many of a party's persons it is asked whether they may take places; 0 where nobody is
    judged. Persons that a hold given back had already stood for are free.
    """
    if source is None or not source.judged:
        return 0
    return max(0, people - (replaced.people if replaced else 0))


def admit_source(
    office: Office,
    plan: DayPlan,
    claim: Claim,
    source: Source | None,
    crowd: Crowd | None,
    replaced: Replaced | None,
    now: datetime,
) -> bool:
    """Refuse places unless they may go as they are or with the proof shown. `plan` is the day with
    the claim taken; `crowd` may be None where nobody is judged. Returns whether the proof is used
    up.

    Raises `LimitReached` (rule browser), `ProofNeeded`, in this order.
    """
    # Who stays at home takes a clerk's time all the same, so a call is judged as one person.
    people = judged_people(source, max(1, claim.people), replaced)
    if source is None or people == 0:
        return False
    assert crowd is not None, "whoever judges somebody has looked at the crowd"
    counts = crowd.counts if source.browser else replace(crowd.counts, of_browser=0)
    rush = _see_rush(office, plan, claim, people, counts, replaced, now)
    is_used_up = admit_taking(rush, people, source.proof)
    if is_used_up and crowd.is_proof_used:
        admit_taking(rush, people, Proof())
    return is_used_up


def _see_rush(
    office: Office,
    plan: DayPlan,
    claim: Claim,
    people: int,
    counts: Counts,
    replaced: Replaced | None,
    now: datetime,
) -> Rush:
    if replaced is not None:
        # The persons who only change their time go on counting; those who are new are judged as if
        # they came after them.
        counts = counts.add(replaced.people, lately=replaced.at > now - BURST)
    if counts.people == 0:
        return Rush(counts.of_address, counts.of_browser, [(Share(0, 0, 0), people)])
    bound = release_bound(office.rules.booking.release_minutes, now)
    free_people, free_visits = free_of_day(plan, claim.letter, bound, now)
    shares = [
        (Share(counts.people_burst, counts.people, free_people + claim.people), people),
        (Share(counts.visits_burst, counts.visits, free_visits + 1), 1),
    ]
    return Rush(counts.of_address, counts.of_browser, shares)


def counts_from(party_size: int, replaced: Replaced | None, now: datetime) -> datetime:
    """From when on a taking counts. One that takes the place of another for no more persons counts
    from then on."""
    return replaced.at if replaced is not None and party_size <= replaced.people else now
