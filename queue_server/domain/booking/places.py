"""The places of a day: how many persons and visits each slot takes, by pool, and who may take one.

Every slot carries `people` places for the whole room and staff places for each stream. A visit
takes from both, in every slot it spans. Places are shared out to pools, so that none of the three
ways in can crowd out the others; what a pool has not used shortly before the slot begins is open to
all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from queue_server.domain.errors import SlotFull, UnknownSlot
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.claim import Claim, Pool

from .slots import slot_id

_INDEX = {pool: index for index, pool in enumerate(Pool)}
Counts = tuple[int, int, int]
"""A number for each pool: online, walk-in, urgent."""


@dataclass(frozen=True)
class Places:
    """Places of one kind in one slot, by pool. Invariants: all counts >= 0; `taken_total` <=
    `total`.
    """

    offered: Counts
    taken: Counts = (0, 0, 0)

    @property
    def total(self) -> int:
        return sum(self.offered)

    @property
    def taken_total(self) -> int:
        return sum(self.taken)

    def free(self, pool: Pool, *, released: bool) -> int:
        """Places that a pool may still take: its own share, or once released whatever nobody has
        taken.
        """
        left = self.total - self.taken_total
        if released:
            return left
        at = _INDEX[pool]
        return max(0, min(left, self.offered[at] - self.taken[at]))

    def change(self, pool: Pool, number: int) -> Places:
        """The same places with `number` more (or fewer) taken by a pool. Raises `ValueError` where
        that cannot be.
        """
        at = _INDEX[pool]
        taken = (*self.taken[:at], self.taken[at] + number, *self.taken[at + 1 :])
        if taken[at] < 0 or sum(taken) > self.total:
            raise ValueError(f"{taken} of {self.offered}")
        return replace(self, taken=(taken[0], taken[1], taken[2]))


@dataclass(frozen=True)
class SlotPlaces:
    """One slot of a day: `people` counts persons in the room, `streams` visits by letter."""

    starts_at: datetime
    ends_at: datetime
    people: Places
    streams: Mapping[str, Places] = field(default_factory=dict)


@dataclass(frozen=True)
class DayPlan:
    """All slots of one office on one date, in order of time."""

    office: str
    date: date
    slots: tuple[SlotPlaces, ...] = ()

    @cached_property
    def _index(self) -> Mapping[datetime, int]:
        return {slot.starts_at: index for index, slot in enumerate(self.slots)}

    def run(self, starts_at: datetime, span: int) -> Sequence[SlotPlaces]:
        """The `span` slots from a start on; fewer where a break or the end of the day cuts the
        visit off.

        Raises `UnknownSlot`.
        """
        index = self._index.get(starts_at)
        if index is None:
            raise UnknownSlot(slot=slot_id(starts_at))
        run = [self.slots[index]]
        # After a change of hours, slots that visitors still hold may lie between those of the new
        # hours.
        while len(run) < span and (index := self._index.get(run[-1].ends_at)) is not None:
            run.append(self.slots[index])
        return run

    def free(
        self,
        starts_at: datetime,
        span: int,
        letter: str,
        pool: Pool,
        party_size: int,
        *,
        released_until: datetime,
    ) -> int:
        """How many parties of this size could still be given this slot from one pool. Raises
        `UnknownSlot`.
        """
        return free_in(
            self.run(starts_at, span), span, letter, pool, party_size, released_until=released_until
        )

    def change(self, claim: Claim, sign: int) -> DayPlan:
        """The plan after a claim was taken (`sign` 1) or given back (-1). Raises `SlotFull`,
        `UnknownSlot`.
        """
        run = self.run(claim.starts_at, claim.span)
        try:
            if len(run) < claim.span:
                raise ValueError("the visit does not end before a break")
            changed = {slot.starts_at: _change_slot(slot, claim, sign) for slot in run}
        except ValueError:
            raise SlotFull(slot=slot_id(claim.starts_at), free=0) from None
        return replace(self, slots=tuple(changed.get(slot.starts_at, slot) for slot in self.slots))


def _change_slot(slot: SlotPlaces, claim: Claim, sign: int) -> SlotPlaces:
    stream = slot.streams.get(claim.letter)
    if stream is None:
        raise ValueError("the stream has no places in this slot")
    streams = {**slot.streams, claim.letter: stream.change(claim.pool, sign)}
    return replace(
        slot, people=slot.people.change(claim.pool, sign * claim.people), streams=streams
    )


def free_in(
    run: Sequence[SlotPlaces],
    span: int,
    letter: str,
    pool: Pool,
    party_size: int,
    *,
    released_until: datetime,
) -> int:
    """How many parties of this size still fit into all of these slots; none where there are fewer
    than `span`. Those of 0 persons stay at home and need no room.

    Each slot's shares open in that slot's own time, so a long visit does not use the later ones
    before.
    """
    if len(run) < span:
        return 0
    free = []
    for slot in run:
        released = slot.starts_at <= released_until
        visits = slot.streams.get(letter)
        fitting = visits.free(pool, released=released) if visits else 0
        if party_size:
            fitting = min(fitting, slot.people.free(pool, released=released) // party_size)
        free.append(fitting)
    return min(free)


def largest_party_in(
    run: Sequence[SlotPlaces], span: int, letter: str, pool: Pool, *, released_until: datetime
) -> int:
    """The most persons of one visit that still fit into all of these slots; 0 where none do."""
    if free_in(run, span, letter, pool, 1, released_until=released_until) == 0:
        return 0
    return min(slot.people.free(pool, released=slot.starts_at <= released_until) for slot in run)


def release_bound(release_minutes: int, now: datetime) -> datetime:
    """The unused shares of slots that start at this moment or before are open to everybody."""
    return now + timedelta(minutes=release_minutes)


def public_again_at(claim: Claim, rules: Rules, chance: float, now: datetime) -> datetime | None:
    """Until when places that were given up are kept out of sight, so that nobody can lie in wait
    for them; None: they go back at once.

    `chance` in [0, 1) picks the time between the office's shortest and longest. Places of a slot
    that has begun, or that begins before that time is over, go back at once: they are of use only
    to those who have come.
    """
    kept_minutes = rules.booking.held_back_minutes_min + chance * (
        rules.booking.held_back_minutes_max - rules.booking.held_back_minutes_min
    )
    public_at = now + timedelta(minutes=kept_minutes)
    return public_at if public_at < claim.starts_at else None


def facts_of_claim(claim: Claim) -> dict[str, Any]:
    """What an event tells of places that were taken or came free."""
    return {
        "slot": slot_id(claim.starts_at),
        "letter": claim.letter,
        "pool": claim.pool.value,
        "people": claim.people,
    }


def pools_for(*, online: bool, urgent: bool, urgent_only: bool) -> tuple[Pool, ...]:
    """The pools that a visit may take from, the best first.

    An urgent visit is never worse off than a regular one, so it may fall back on the pool of its
    way in; while the office serves urgent cases alone, on every pool.
    """
    own = Pool.ONLINE if online else Pool.WALK_IN
    if not urgent:
        return (own,)
    if urgent_only:
        return (Pool.URGENT, own, Pool.WALK_IN if online else Pool.ONLINE)
    return (Pool.URGENT, own)


def order_for_caller(pools: Iterable[Pool], free: Callable[[Pool], int]) -> tuple[Pool, ...]:
    """The pools in the order in which a visit that staff book takes from them: the one for urgent
    cases, then the one with more places left, that for walk-ins where both have as many.

    So callers use up neither share: not the times that others see free online, nor what is kept for
    those at the door.
    """
    return tuple(
        sorted(pools, key=lambda pool: (pool is not Pool.URGENT, -free(pool), pool is Pool.ONLINE))
    )


def choose_claim(
    plan: DayPlan,
    starts_at: datetime,
    span: int,
    letter: str,
    pools: Sequence[Pool],
    party_size: int,
    *,
    released_until: datetime,
) -> Claim | None:
    """The claim on a slot from the first pool that has room for the party, or None. Raises
    `UnknownSlot`.
    """
    run = plan.run(starts_at, span)
    for pool in pools:
        if free_in(run, span, letter, pool, party_size, released_until=released_until) > 0:
            return Claim(starts_at, span, letter, pool, party_size)
    return None


def first_claim(
    plan: DayPlan,
    span: int,
    letter: str,
    pools: tuple[Pool, ...],
    party_size: int,
    release_minutes: int,
    now: datetime,
    *,
    ahead_minutes: int | None = None,
) -> Claim | None:
    """The earliest claim from the running slot on: where a visitor at the door is fitted in. None
    when there is none left, or none that begins within `ahead_minutes` (None: on this day).
    """
    released_until = release_bound(release_minutes, now)
    last = None if ahead_minutes is None else now + timedelta(minutes=ahead_minutes)
    for slot in plan.slots:
        if slot.ends_at > now and (last is None or slot.starts_at <= last):
            claim = choose_claim(
                plan, slot.starts_at, span, letter, pools, party_size, released_until=released_until
            )
            if claim is not None:
                return claim
    return None


def refused_until(
    plan: DayPlan, release_minutes: int, now: datetime, *, ahead_minutes: int | None = None
) -> datetime:
    """Until when `first_claim` goes on finding nothing in this plan where it finds nothing now.

    Only that a later slot comes within reach, or its unused shares are released, can change that.
    """
    steps = [
        timedelta(minutes=each) for each in (release_minutes, ahead_minutes) if each is not None
    ]
    changes = (slot.starts_at - step for slot in plan.slots for step in steps)
    return min((at for at in changes if at > now), default=datetime.max.replace(tzinfo=now.tzinfo))
