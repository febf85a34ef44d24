"""Why a waiting visitor is called next, or not yet: one reason for each, with the numbers that
prove it.

The very `next_ticket` that calls also explains, so that what a page says and what a press of the
button does cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.ticket import Place, Ticket, is_away
from queue_server.domain.visit.turn import WHOLE_DAY_MINUTES, TurnBasis

from .call_order import StaffedCounter, is_kept_for_another, is_offered, may_be_called, next_ticket
from .candidate import Candidate
from .ratio import Ratio

_NO_COUNTER = StaffedCounter("", "", frozenset())


class Why(StrEnum):
    """NEXT: an open counter would call this visitor now. BEHIND: others go first. OUTSIDE: the
    party does not fit into the room. AWAY: the visitor has stepped away. SENT_ON: kept for the
    counter or clerk to whom they were sent. NO_COUNTER: no open counter serves the stream.
    """

    NEXT = "next"
    BEHIND = "behind"
    OUTSIDE = "outside"
    AWAY = "away"
    SENT_ON = "sent_on"
    NO_COUNTER = "no_counter"


@dataclass(frozen=True)
class Rival:
    """The visitor compared with: the runner-up of one who is next, or who is called before one who
    is not.
    """

    number: str
    turn_time: datetime


@dataclass(frozen=True)
class Reason:
    """One visitor's position in the line. The two numbers: `counts`, the time that counts, and
    `credit_minutes` before it.

    `ahead` are those of the same stream with an earlier turn time who may be called too. `counters`
    would call this visitor now.
    """

    why: Why
    counts: datetime
    basis: TurnBasis
    credit_minutes: int
    ahead: int
    counters: tuple[str, ...] = ()
    rival: Rival | None = None
    wanted: str | None = None


def candidate_of(ticket: Ticket, now: datetime) -> Candidate:
    """A waiting ticket as the call order sees it at `now`."""
    assert ticket.turn_time is not None, "a visitor who waits has a turn time"
    return Candidate(
        ticket.turn_time,
        ticket.id,
        ticket.letter,
        ticket.party_size,
        ticket.place is not Place.OUTSIDE,
        ticket.wanted,
        ticket.credit_minutes,
        ticket.arrived_at,
        is_away(ticket, now),
        ticket.kind.is_remote,
    )


def explain_line(
    waiting: Sequence[Ticket],
    counters: Sequence[StaffedCounter],
    staffed: Mapping[str, str],
    occupancy: Occupancy,
    now: datetime,
    ratio: Ratio | None = None,
) -> dict[str, Reason]:
    """The reason for each waiting ticket by its id. `waiting` is in call order; `counters`
    are the open ones with their clerks.

    `staffed` are all counters that have a clerk, those on break too.
    """
    tickets = {each.id: each for each in waiting}
    line = [candidate_of(each, now) for each in waiting]
    heads = _heads(line, occupancy, ratio)
    first: dict[str, list[StaffedCounter]] = {}
    chosen: dict[str, Candidate] = {}
    for counter in counters:
        winner = next_ticket(heads, counter, occupancy, staffed=staffed, ratio=ratio)
        if winner is not None:
            chosen[counter.id] = winner
            first.setdefault(winner.ticket, []).append(counter)
    ahead: dict[str, int] = {}
    reasons = {}
    for each in line:
        ticket = tickets[each.ticket]
        mine = first.get(each.ticket, [])
        why, rival = Why.NEXT, None
        if mine:
            others = [head for head in heads if head.ticket != each.ticket]
            rival = next_ticket(others, mine[0], occupancy, staffed=staffed, ratio=ratio)
        else:
            why, rival = _not_yet(each, counters, staffed, occupancy, chosen)
        reasons[each.ticket] = Reason(
            why,
            _counts(ticket),
            ticket.turn_basis or TurnBasis.ARRIVAL,
            ticket.credit_minutes,
            ahead.get(each.letter, 0),
            tuple(counter.id for counter in mine),
            _rival(tickets, rival),
            _holder(ticket) if why is Why.SENT_ON else None,
        )
        if may_be_called(each, occupancy):
            ahead[each.letter] = ahead.get(each.letter, 0) + 1
    return reasons


def _heads(line: Sequence[Candidate], occupancy: Occupancy, ratio: Ratio | None) -> list[Candidate]:
    """The first two of each line who may be called, and all who were sent on: nobody else can be
    next or runner-up.
    """
    heads: list[Candidate] = []
    taken: dict[tuple[str, bool], int] = {}
    for each in line:
        if not may_be_called(each, occupancy):
            continue
        if each.wanted is None:
            key = each.letter, ratio is not None and ratio.favours(each.turn_time)
            taken[key] = taken.get(key, 0) + 1
            if taken[key] > 2:
                continue
        heads.append(each)
    return heads


def _not_yet(
    each: Candidate,
    counters: Sequence[StaffedCounter],
    staffed: Mapping[str, str],
    occupancy: Occupancy,
    chosen: Mapping[str, Candidate],
) -> tuple[Why, Candidate | None]:
    able = [counter for counter in counters if is_offered(each, counter, staffed)]
    if is_kept_for_another(each.wanted, _NO_COUNTER, staffed):
        return Why.SENT_ON, None
    if not able:
        return Why.NO_COUNTER, None
    if each.away:
        return Why.AWAY, None
    if not may_be_called(each, occupancy):
        return Why.OUTSIDE, None
    return Why.BEHIND, min(
        (chosen[counter.id] for counter in able if counter.id in chosen), default=None
    )


def _counts(ticket: Ticket) -> datetime:
    assert ticket.turn_time is not None
    return ticket.turn_time + timedelta(minutes=ticket.credit_minutes)


def _rival(tickets: Mapping[str, Ticket], rival: Candidate | None) -> Rival | None:
    if rival is None:
        return None
    ticket = tickets[rival.ticket]
    # A credit of a whole day puts somebody first and is no time that a page could show.
    shown = _counts(ticket) if ticket.credit_minutes >= WHOLE_DAY_MINUTES else rival.turn_time
    return Rival(ticket.number or "", shown)


def _holder(ticket: Ticket) -> str | None:
    return ticket.wanted_counter or ticket.wanted_clerk
