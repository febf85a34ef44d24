"""A slot that somebody wishes for, all that decides about it, and faults that can be put into that.

A fault says what is changed and with what it is refused. Of several faults the first in the order
of refusals is to be told, so a list of them in that order says the whole order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from queue_server.domain.booking.person_limits import LiveBooking, PersonFacts
from queue_server.domain.booking.places import DayPlan
from queue_server.domain.booking.replan import plan_day
from queue_server.domain.booking.rush import Source
from queue_server.domain.booking.takings import Counts, Crowd
from queue_server.domain.errors import (
    BadInput,
    ContactUnproved,
    DomainError,
    LimitReached,
    NotInService,
    Paused,
    ProofNeeded,
    SlotFull,
    SlotPassed,
    SlotTooFar,
    UnknownService,
    UnknownSlot,
)
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.step import Draw
from tests.domain.examples import NINE, RULES, TODAY, always, minutes
from tests.domain.examples import office as an_office

DRAWN = Draw("t-9", "9876543210ZZ")
SLOT, LUNCH = NINE + minutes(60), NINE + minutes(210)
NOW = SLOT - timedelta(days=3)
ANI = Visitor("Ani", "f" * 64, "1234", "+628111")
OFFICE = replace(an_office(), rules=replace(RULES, booking=replace(RULES.booking, per_day_max=1)))
CLOSED = replace(OFFICE, modes=(always(ServiceMode.CLOSED),))
PLAN = plan_day(OFFICE, TODAY)
SOURCE = Source("address", "network", "browser")
OTHER_DAY = TODAY - timedelta(days=1)
MINE = LiveBooking("CTK", True, False, OTHER_DAY)

Told = tuple[type[DomainError], object]
"""A refusal, and the rule or field that it names."""


@dataclass(frozen=True)
class Fault:
    """What is changed in the facts, in the request and in the time, with what that is refused, and
    what it adds to what is known of the person.
    """

    told: Told
    facts: Mapping[str, Any] = field(default_factory=dict)
    wanted: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    person: PersonFacts = PersonFacts()


def fill(plan: DayPlan, slot: datetime = SLOT) -> DayPlan:
    """The day with every place of a slot's stream taken."""
    for pool in Pool:
        for _ in range(plan.run(slot, 1)[0].streams["A"].offered[list(Pool).index(pool)]):
            plan = plan.change(Claim(slot, 1, "A", pool, 1), 1)
    return plan


def refusal(decide: Callable[[], object]) -> Told | None:
    """What a decision refuses with; None where it does not."""
    try:
        decide()
    except DomainError as refused:
        return type(refused), refused.facts.get("rule") or refused.facts.get("field")
    return None


def with_faults(kind: str, usual: Mapping[str, Any], faults: Iterable[Fault]) -> dict[str, Any]:
    """The usual values with the changes that faults make; the first fault's hold."""
    values = dict(usual)
    for each in reversed(list(faults)):
        values |= getattr(each, kind)
    return values


def person_of(faults: Iterable[Fault]) -> PersonFacts:
    """All that faults say of the person."""
    persons = [each.person for each in faults]
    return PersonFacts(
        [live for each in persons for live in each.live],
        [missed for each in persons for missed in each.missed_at],
    )


def time_of(faults: Iterable[Fault]) -> datetime:
    return next((each.now for each in faults if each.now is not None), NOW)


STILL = Fault((Paused, None), {"paused": Pause.EVACUATION})
WISH = [
    Fault((UnknownService, None), wanted={"service": "XXX"}),
    Fault((NotInService, None), {"office": CLOSED}),
    Fault((BadInput, "party_size"), wanted={"party_size": 0}),
    Fault((BadInput, "party_size"), wanted={"party_size": 99}),
]
PLACES = [
    Fault((UnknownSlot, None), wanted={"slot": LUNCH}),
    Fault((SlotPassed, None), now=SLOT),
    Fault((SlotTooFar, None), now=SLOT - timedelta(days=20)),
    Fault((SlotFull, None), {"plan": fill(PLAN)}),
]
BROWSER = Fault((LimitReached, "browser"), {"crowd": Crowd(Counts(of_browser=9, of_address=500))})
PROOF = Fault((ProofNeeded, None), {"crowd": Crowd(Counts(of_address=500))})
CONTACT = Fault((ContactUnproved, None), wanted={"party_size": 3, "sends_letters": True})
DAY = Fault((LimitReached, "day"), person=PersonFacts([replace(MINE, date=TODAY)]))
NO_SHOWS = Fault((LimitReached, "no_shows"), person=PersonFacts(missed_at=[NOW - minutes(60)] * 2))
PERSON = [
    Fault((LimitReached, "service"), person=PersonFacts([replace(MINE, service="REK")])),
    Fault((LimitReached, "office"), person=PersonFacts([MINE] * 2)),
    DAY,
    Fault(
        (LimitReached, "phone"),
        person=PersonFacts([replace(MINE, same_nik=False, same_phone=True, people=9)]),
    ),
    NO_SHOWS,
]
