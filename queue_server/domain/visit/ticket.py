"""One visit of one party, from its booking or its arrival to its end: the entity alone, nothing
that changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from queue_server.domain.office.office import VisitKind

from .claim import Claim, Pool
from .transitions import LIVE_STATES, TRANSITIONS, Action, State
from .turn import TurnBasis, Wanted


class Origin(StrEnum):
    """How the ticket came to be."""

    ONLINE = "ONLINE"
    WALK_IN = "WALK_IN"
    STAFF = "STAFF"
    OFFLINE_KIOSK = "OFFLINE_KIOSK"


class Channel(StrEnum):
    """Which lane the visit takes."""

    REGULAR = "REGULAR"
    URGENT = "URGENT"


class Place(StrEnum):
    """Where a visitor who has come is. REMOTE: at home, to be rung or met by video."""

    OUTSIDE = "OUTSIDE"
    INSIDE = "INSIDE"
    REMOTE = "REMOTE"


@dataclass(frozen=True)
class Ticket:
    """One visit of one party. Times are aware UTC; `date` is the office's local date of the visit.

    Holds no personal data: that is in `Visitor`. Invariants: `number` is set from check-in on;
    `place` is set just in the states of PRESENT_STATES, and there REMOTE for a `kind` of visit from
    home; `turn_time` is the time that counts less `credit_minutes`; of `wanted_counter` and
    `wanted_clerk`, to whom a visitor was sent on, at most
    one is set, until the next call; `admitted_at` is set when one who waited outside was let in,
    until they step out again; `counter` is set from the call until the ticket waits again; the four
    fields of the claim are set together; `away_until`, when the visitor's time away ends or ended,
    is set from stepping away on; `delay_minutes` is by how much a booked visitor has said to come
    later; `call_seq` is the number of the last call's event, by which calls are in order whatever
    the clock does; `version` grows by 1 with each step.
    """

    id: str
    office: str
    date: date
    code: str
    letter: str
    service: str
    state: State
    origin: Origin
    channel: Channel
    created_at: datetime
    party_size: int = 1
    priority: bool = False
    language: str = "id"
    number: str | None = None
    place: Place | None = None
    slot: datetime | None = None
    expires_at: datetime | None = None
    arrived_at: datetime | None = None
    turn_time: datetime | None = None
    turn_basis: TurnBasis | None = None
    credit_minutes: int = 0
    wanted_counter: str | None = None
    wanted_clerk: str | None = None
    admitted_at: datetime | None = None
    called_at: datetime | None = None
    last_called_at: datetime | None = None
    call_seq: int | None = None
    calls: int = 0
    counter: str | None = None
    clerk: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reschedules: int = 0
    extensions: int = 0
    claim_at: datetime | None = None
    claim_span: int = 0
    claim_letter: str | None = None
    pool: Pool | None = None
    away_until: datetime | None = None
    delay_minutes: int | None = None
    kind: VisitKind = VisitKind.OFFICE
    version: int = 1

    @property
    def claim(self) -> Claim | None:
        """The places that this visit takes in the day's plan; None when it takes none."""
        if self.claim_at is None or self.claim_letter is None or self.pool is None:
            return None
        people = people_of(self.kind, self.party_size)
        return Claim(self.claim_at, self.claim_span, self.claim_letter, self.pool, people)

    @property
    def wanted(self) -> Wanted | None:
        """To whom the visitor was sent on; None for any counter of the stream."""
        if self.wanted_counter is None and self.wanted_clerk is None:
            return None
        return Wanted(self.wanted_counter, self.wanted_clerk)

    @property
    def persons_inside(self) -> int:
        """Persons this ticket counts in the room."""
        return self.party_size if self.place is Place.INSIDE else 0


def people_of(kind: VisitKind, party_size: int) -> int:
    """How many persons of a party take a place in the room: none of those who stay at home."""
    return 0 if kind.is_remote else party_size


def is_away(ticket: Ticket, now: datetime) -> bool:
    """Whether a visitor who waits has stepped away and is not back: nobody calls them or lets them
    in meanwhile. The time ends by itself, without a step.
    """
    return (
        ticket.state is State.WAITING and ticket.away_until is not None and now < ticket.away_until
    )


def is_followed(ticket: Ticket, today: date) -> bool:
    """Whether more may become of a visit, so that its page keeps itself up to date. Who missed the
    call may be taken back into the queue on the same day.
    """
    is_returnable = ticket.state in TRANSITIONS[Action.RETURN_LATE].sources
    return ticket.state in LIVE_STATES or (is_returnable and ticket.date == today)
