"""A day at the door of a small room, played by the domain's own rules: who comes in, who is called
past whom, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from random import Random

from queue_server.domain.counter.call_order import StaffedCounter, next_ticket
from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.counter.pass_over import keeps_door
from queue_server.domain.counter.ratio import Ratio
from queue_server.domain.door.admission import choose_entering
from queue_server.domain.office.rules import CallPolicy, Rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.turn import turn_time
from tests.domain.examples import NINE, minutes

Patience = Callable[[Candidate, Occupancy, Rules, datetime, datetime | None], bool]
"""When the first party outside keeps the door: `keeps_door`, or another rule to compare it with."""

MINUTES = 420.0
DESKS = (StaffedCounter("1", "ani", frozenset("A")), StaffedCounter("2", "budi", frozenset("C")))
SERVICE_MINUTES = {"A": 0.5, "C": 4.0}
"""A quick stream and a slow one: the room fills with those who wait for the slow counter, and the
quick one calls from outside.
"""


@dataclass(frozen=True)
class Party:
    came_at: datetime
    size: int
    priority: bool
    letter: str
    service: timedelta
    slot: datetime | None = None


@dataclass(frozen=True)
class Call:
    """A party called: how long after its arrival, and whether it came in before its call or with
    it.
    """

    party: Party
    waited: timedelta


def make_parties(seed: int, count: int = 500, *, booked_share: float = 0.3) -> list[Party]:
    """As many parties in seven hours, in order of arrival: half of one person, some of up to six;
    three in ten with priority.
    """
    random = Random(seed)
    parties = []
    for at in sorted(random.uniform(0, MINUTES) for _ in range(count)):
        letter = random.choice("AC")
        slot = (
            NINE + minutes(30 * (at // 30) + random.choice((0, 30)))
            if random.random() < booked_share
            else None
        )
        parties.append(
            Party(
                NINE + minutes(at),
                random.choices(range(1, 7), (50, 20, 10, 8, 6, 6))[0],
                random.random() < 0.3,
                letter,
                minutes(random.expovariate(1 / SERVICE_MINUTES[letter])),
                slot,
            )
        )
    return parties


@dataclass
class _Room:
    """Who stands outside, who waits inside, and when those were let in who came and stood before a
    party.
    """

    limit: int
    persons: int = 0
    outside: dict[str, Candidate] = field(default_factory=dict)
    inside: dict[str, Candidate] = field(default_factory=dict)
    let_in: list[tuple[datetime, Candidate]] = field(default_factory=list)

    @property
    def occupancy(self) -> Occupancy:
        return Occupancy(self.persons, 0, self.limit)

    def admit(self, each: Candidate, now: datetime) -> None:
        del self.outside[each.ticket]
        self.let_in.append((now, each))
        self.inside[each.ticket] = replace(each, inside=True)
        self.persons += each.party_size

    def let_in_before(self, party: Candidate) -> datetime | None:
        earlier = (at for at, each in self.let_in if each < party and each.came_at <= party.came_at)  # type: ignore[operator]
        return max(earlier, default=None)

    def as_calls_find_it(self, rules: Rules, now: datetime, keeps: Patience) -> Occupancy:
        first = min(self.outside.values(), default=None)
        if first is None or self.occupancy.fits(first.party_size):
            return self.occupancy
        kept = keeps(first, self.occupancy, rules, now, self.let_in_before(first))
        return replace(self.occupancy, admitting=not kept)


def play_day(
    parties: Iterable[Party], rules: Rules, *, limit: int = 8, keeps: Patience = keeps_door
) -> list[Call]:
    """The calls of the day until its end, in order; whoever still waits then is not called."""
    room, free, calls, runs = _Room(limit), list(DESKS), [], {}
    known: dict[str, Party] = {f"{place:05}": each for place, each in enumerate(parties)}
    moments: list[tuple[datetime, str, StaffedCounter | None]] = [
        (each.came_at, ticket, None) for ticket, each in known.items()
    ]
    heapify(moments)
    ratio = (
        Ratio(rules.calling.ratio, NINE - timedelta(hours=2), runs)
        if rules.calling.policy is CallPolicy.RATIO
        else None
    )
    while moments and moments[0][0] <= NINE + minutes(MINUTES):
        now, ticket, done = heappop(moments)
        party = known[ticket]
        if done is not None:
            free.append(done)
            room.persons -= party.size
        else:
            turn = turn_time(rules, slot=party.slot, arrived_at=now, priority=party.priority)
            goes_in = not room.outside and room.occupancy.fits(party.size)
            each = Candidate(
                turn.time,
                ticket,
                party.letter,
                party.size,
                goes_in,
                credit_minutes=turn.credit_minutes,
                came_at=now,
            )
            (room.inside if goes_in else room.outside)[ticket] = each
            room.persons += party.size if goes_in else 0
        for each in choose_entering(room.outside.values(), room.occupancy):
            room.admit(each, now)
        for desk in list(free):
            found = room.as_calls_find_it(rules, now, keeps)
            called = next_ticket(
                [*room.inside.values(), *room.outside.values()], desk, found, ratio=ratio
            )
            if called is None:
                continue
            if called.ticket in room.outside:
                room.admit(called, now)
            del room.inside[called.ticket]
            free.remove(desk)
            if ratio is not None:
                runs[called.letter] = ratio.run_after(called.letter, called.turn_time)
            calls.append(Call(known[called.ticket], now - known[called.ticket].came_at))
            heappush(moments, (now + known[called.ticket].service, called.ticket, desk))
    return calls
