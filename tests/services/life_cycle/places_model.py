"""The places of a day as the model has them: slots with room for persons and visits, shared out to
three pools.

Plain records and plain loops; no code of the product. Times are minutes, as in `office_model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

PoolName = Literal["ONLINE", "WALK_IN", "URGENT"]
POOLS: tuple[PoolName, ...] = ("ONLINE", "WALK_IN", "URGENT")


@dataclass
class Room:
    """Places of one kind in one slot, by pool."""

    offered: dict[PoolName, int]
    taken: dict[PoolName, int] = field(default_factory=lambda: dict.fromkeys(POOLS, 0))

    def left(self) -> int:
        return sum(self.offered.values()) - sum(self.taken.values())

    def free(self, pool: PoolName, released: bool) -> int:
        """Once released what nobody has, before that what is left of the pool's own share."""
        return (
            self.left()
            if released
            else min(self.left(), max(0, self.offered[pool] - self.taken[pool]))
        )

    def lack(self, pool: PoolName, number: int) -> None:
        """Offer so much that this number can still be taken."""
        self.offered[pool] += max(0, number - self.left())


@dataclass
class Slot:
    start: float
    end: float
    people: Room
    streams: dict[str, Room]


@dataclass(frozen=True)
class Claim:
    """One visit's places: persons in each of `span` slots, and one visit of a stream."""

    start: float
    span: int
    letter: str
    pool: PoolName
    party: int


@dataclass(frozen=True)
class Kept:
    """Places given up and kept out of sight until a moment."""

    id: str
    day: int
    claim: Claim
    public: float


def nothing() -> Room:
    return Room(dict.fromkeys(POOLS, 0))


@dataclass
class Day:
    """The slots of one day by their start."""

    slots: dict[float, Slot] = field(default_factory=dict)

    def run(self, start: float, span: int) -> list[Slot]:
        """The slots of a visit, one after another; fewer when a break comes before its end."""
        found: list[Slot] = []
        while start in self.slots and len(found) < span:
            found.append(self.slots[start])
            start = found[-1].end
        return found

    def choose(
        self,
        start: float,
        span: int,
        letter: str,
        pools: Sequence[PoolName],
        party: int,
        release: float,
        now: float,
    ) -> Claim | None:
        """The claim on a slot from the first of these pools that has room in every slot of the
        visit.
        """
        run = self.run(start, span)
        for pool in pools:
            if len(run) == span and all(
                letter in slot.streams
                and slot.streams[letter].free(pool, released) >= 1
                and slot.people.free(pool, released) >= party
                for slot in run
                for released in [now >= slot.start - release]
            ):
                return Claim(start, span, letter, pool, party)
        return None

    def first(
        self,
        span: int,
        letter: str,
        pools: Sequence[PoolName],
        party: int,
        release: float,
        now: float,
    ) -> Claim | None:
        """What a visitor at the door gets: the earliest, from the running slot on."""
        found = (
            self.choose(start, span, letter, pools, party, release, now)
            for start in sorted(self.slots)
            if self.slots[start].end > now
        )
        return next((claim for claim in found if claim is not None), None)

    def fits(self, claim: Claim) -> bool:
        """Whether there is room at all, whoever's share it is."""
        run = self.run(claim.start, claim.span)
        return len(run) == claim.span and all(
            claim.letter in slot.streams
            and slot.streams[claim.letter].left() >= 1
            and slot.people.left() >= claim.party
            for slot in run
        )

    def take(self, claim: Claim, sign: int = 1) -> None:
        run = self.run(claim.start, claim.span)
        assert len(run) == claim.span, "the model counts only what has slots"
        for slot in run:
            slot.people.taken[claim.pool] += sign * claim.party
            slot.streams[claim.letter].taken[claim.pool] += sign

    def make_room(self, claim: Claim, slot_minutes: float) -> None:
        """Have places for somebody who is here already, in slots that the new hours may not
        have.
        """
        start = claim.start
        for _ in range(claim.span):
            slot = self.slots.setdefault(start, Slot(start, start + slot_minutes, nothing(), {}))
            slot.people.lack(claim.pool, claim.party)
            slot.streams.setdefault(claim.letter, nothing()).lack(claim.pool, 1)
            start = slot.end
