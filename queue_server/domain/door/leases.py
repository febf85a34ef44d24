"""The lease of a kiosk: numbers and places set aside, so that it can go on without the server.

The numbers come from a range of their own and are never given again on that day, whatever becomes
of the lease. A lease and each of its numbers move by one table.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from queue_server.domain.booking.places import DayPlan
from queue_server.domain.booking.slots import span_of
from queue_server.domain.errors import BadInput, LeaseElsewhere, LeaseOver
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.numbering import LEASED_FIRST, LEASED_LAST

DAYS_AHEAD_MAX = 14
"""How far ahead the next open day is looked for."""


class LeaseState(StrEnum):
    """Where a lease is in its life."""

    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    LOST = "LOST"


class NumberState(StrEnum):
    """What became of a leased number."""

    LEASED = "LEASED"
    USED = "USED"
    BURNT = "BURNT"


class LeaseAction(StrEnum):
    """What can be done to a lease."""

    GRANT = "grant"
    FILL = "fill"
    CLOSE = "close"
    REVOKE = "revoke"
    LOSE = "lose"


@dataclass(frozen=True)
class LeaseTransition:
    """One row of the table: from which state an action starts (None: it makes the lease), where it
    leads, what it is called after, and what becomes of the numbers that were not used.
    """

    source: LeaseState | None
    target: LeaseState
    event: EventType
    unused: NumberState = NumberState.LEASED


TRANSITIONS: Mapping[LeaseAction, LeaseTransition] = {
    LeaseAction.GRANT: LeaseTransition(None, LeaseState.ACTIVE, EventType.LEASE_GRANTED),
    LeaseAction.FILL: LeaseTransition(LeaseState.ACTIVE, LeaseState.ACTIVE, EventType.LEASE_FILLED),
    LeaseAction.CLOSE: LeaseTransition(
        LeaseState.ACTIVE, LeaseState.CLOSED, EventType.LEASE_CLOSED, NumberState.BURNT
    ),
    LeaseAction.REVOKE: LeaseTransition(
        LeaseState.ACTIVE, LeaseState.REVOKED, EventType.LEASE_REVOKED, NumberState.BURNT
    ),
    LeaseAction.LOSE: LeaseTransition(
        LeaseState.ACTIVE, LeaseState.LOST, EventType.LEASE_LOST, NumberState.BURNT
    ),
}


@dataclass(frozen=True)
class Lease:
    """What one kiosk may work from on one date. `installation` is the random name that the device
    gave itself; `epoch` is the office's revision when the lease was last filled.
    """

    id: str
    device: str
    installation: str
    office: str
    date: date
    state: LeaseState
    epoch: int
    granted_at: datetime
    offline_until: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Number:
    """A leased number with the id and the code of its ticket. `ticket` is the visit that it leads
    to, once it is used.
    """

    id: str
    code: str
    number: str
    letter: str
    lease: str
    state: NumberState = NumberState.LEASED
    ticket: str | None = None


@dataclass(frozen=True)
class Fate:
    """How the numbers of a day or a lease ended: reported by the kiosk, given back unused, or lost
    with the disk that held them. `open` ones may still be given.
    """

    synced: int = 0
    burnt: int = 0
    lost: int = 0
    open: int = 0


def derive_key(secret: bytes, lease: str) -> str:
    """The key of a lease, hex: made from the server's secret, so that it is kept nowhere."""
    return hmac.digest(secret, f"lease key {lease}".encode(), "sha256").hex()


def derive_pin(secret: bytes, lease: str) -> str:
    """The six digits by which staff stop a kiosk that works without the server."""
    digest = hmac.digest(secret, f"lease pin {lease}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def day_ends_at(office: Office, day: date, now: datetime) -> datetime:
    """Until when a kiosk may give numbers of a date by itself: the last closing; `now` on a closed
    date.
    """
    stretches = office.openings_on(day)
    if not stretches:
        return now
    return datetime.combine(day, stretches[-1].closes, office.tz)


def next_open_day(office: Office, today: date) -> date | None:
    """The first date after today with opening hours; None within the next `DAYS_AHEAD_MAX`."""
    days = (today + timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD_MAX + 1))
    return next((day for day in days if office.openings_on(day)), None)


def admit_date(office: Office, day: date, now: datetime) -> None:
    """Refuse a lease for any date but today and the next open day. Raises `BadInput`."""
    today = office.date_at(now)
    if day not in (today, next_open_day(office, today)):
        raise BadInput(field="date", reason="range")


def admit_installation(lease: Lease | None, installation: str) -> None:
    """Refuse a second installation while the first one's lease is alive: a copied disk would give
    every number twice. Raises `LeaseElsewhere`.
    """
    if lease is not None and lease.installation != installation:
        raise LeaseElsewhere(lease=lease.id)


def choose_sequences(wanted: int, unused: int, last: int | None, kiosks: int) -> range:
    """Which numbers of a stream a lease is given next, so that it has `wanted` unused ones.

    `last` is the highest one that was ever leased on that day, None for none: what is below is
    never given again. Of what is left of the range a kiosk gets at most its part, so that the first
    one to ask does not take all; a part is never less than 1 while any are left.
    """
    first = LEASED_FIRST if last is None else last + 1
    left = max(0, LEASED_LAST - first + 1)
    part = -(-left // max(1, kiosks))
    return range(first, first + max(0, min(wanted - unused, part)))


def fair_share(free: int, leased: int, kiosks: int) -> int:
    """How many walk-in places of a stream one kiosk may hold for itself.

    The rule: half of what is not taken by visitors (`free`, and `leased` to all kiosks), parted
    evenly among the office's kiosks, rounded down. The other half stays open to the reception, to
    staff and to whoever comes first, so that a kiosk that is never cut off locks nobody out; and it
    may use its own places up while it is online.
    """
    return (free + leased) // (2 * max(1, kiosks))


def is_leased(office: Office, letter: str) -> bool:
    """Whether kiosks may give numbers of a stream without the server. One that has a quota of
    walk-ins is counted by the server alone, since two kiosks that are cut off cannot count each
    other's.
    """
    return office.stream(letter).walk_in_quota is None


def span_of_stream(office: Office, letter: str) -> int:
    """The slots for which a leased place is taken: those of the stream's longest service, because
    nobody knows yet which one the visitor will choose.
    """
    return max(
        (span_of(office, each) for each in office.services if each.letter == letter), default=1
    )


def count_free(plan: DayPlan, letter: str, span: int, now: datetime) -> int:
    """About how many places for walk-ins of a stream are left in the slots that are not over."""
    free = 0
    for slot in plan.slots:
        stream = slot.streams.get(letter)
        if slot.ends_at > now and stream is not None:
            free += min(each.free(Pool.WALK_IN, released=False) for each in (slot.people, stream))
    return free // span


def choose_places(
    plan: DayPlan, letter: str, span: int, number: int, now: datetime
) -> tuple[DayPlan, list[Claim]]:
    """Set up to `number` places of one person each aside, spread over the slots that are not over;
    the plan with them taken. Fewer where the share of walk-ins has no more.
    """
    chosen: list[Claim] = []
    while len(chosen) < number:
        open_slots = [
            claim
            for slot in plan.slots
            if slot.ends_at > now
            for claim in [Claim(slot.starts_at, span, letter, Pool.WALK_IN, 1)]
            if _fits(plan, claim)
        ]
        if not open_slots:
            break
        missing = number - len(chosen)
        step = max(1, len(open_slots) // missing)
        for claim in open_slots[::step][:missing]:
            if _fits(plan, claim):
                plan = plan.change(claim, 1)
                chosen.append(claim)
    return plan, chosen


def _fits(plan: DayPlan, claim: Claim) -> bool:
    nothing_released = datetime.min.replace(tzinfo=claim.starts_at.tzinfo)
    return (
        plan.free(
            claim.starts_at,
            claim.span,
            claim.letter,
            claim.pool,
            claim.people,
            released_until=nothing_released,
        )
        > 0
    )


def grant(
    id: str, device: str, installation: str, office: Office, day: date, now: datetime
) -> Lease:
    """A new lease, without numbers yet."""
    return Lease(
        id,
        device,
        installation,
        office.code,
        day,
        TRANSITIONS[LeaseAction.GRANT].target,
        office.revision,
        now,
        day_ends_at(office, day, now),
    )


def note_fill(
    lease: Lease, action: LeaseAction, office: Office, numbers: int, places: int, now: datetime
) -> tuple[Lease, Event]:
    """The lease after numbers and places were added, by the settings of now. Raises
    `LeaseOver`.
    """
    row = TRANSITIONS[action]
    if lease.state is not LeaseState.ACTIVE:
        raise LeaseOver(lease=lease.id, state=lease.state.value)
    facts = {"lease": lease.id, "device": lease.device, "numbers": numbers, "places": places}
    after = replace(
        lease,
        state=row.target,
        epoch=office.revision,
        offline_until=day_ends_at(office, lease.date, lease.granted_at),
    )
    return after, Event(row.event, lease.office, lease.date, now, None, facts)


def end(
    lease: Lease, action: LeaseAction, fate: Fate, by: str, now: datetime
) -> tuple[Lease, Event]:
    """End a lease; the caller returns its places and burns its numbers. `fate` is how its numbers
    stand before. Raises `LeaseOver`.
    """
    row = TRANSITIONS[action]
    if lease.state is not row.source:
        raise LeaseOver(lease=lease.id, state=lease.state.value)
    is_lost = row.target is LeaseState.LOST
    facts = {
        "lease": lease.id,
        "device": lease.device,
        "synced": fate.synced,
        "burnt": fate.burnt + (0 if is_lost else fate.open),
        "lost": fate.lost + (fate.open if is_lost else 0),
        "by": by,
    }
    after = replace(lease, state=row.target, ended_at=now)
    return after, Event(row.event, lease.office, lease.date, now, None, facts)
