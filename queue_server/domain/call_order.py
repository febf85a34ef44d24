"""Who is called next: the smallest turn time that a counter may serve.

A turn time is fixed by the visitor's own act and never by anybody else's, so a place shown can worsen only by the few
who check in within the published credit and grace. Every call can be explained from two numbers on the ticket: the time that
counts, and the credit. The office's policy decides what counts; `docs/call-order.md` shows what each policy costs whom.

FIFO and STRICT are turn times too: one counts arrivals alone, the other gives priority visitors a whole day of credit. RATIO
gives that credit to all who are favoured, so that both lines lie one behind the other in the same order, and takes from them in turn.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .occupancy import Occupancy
from .office import CallPolicy, Rules

WHOLE_DAY = timedelta(days=1)
WHOLE_DAY_MINUTES = 24 * 60
"""The credit that puts somebody before everybody else. A whole day, so that the turn still shows the hour that counts."""


class TurnBasis(StrEnum):
    """Which of the visitor's times counts."""

    SLOT = "slot"
    ARRIVAL = "arrival"
    LATE = "late"


@dataclass(frozen=True)
class Turn:
    """A turn time with the two numbers that explain it: the time that counts and the minutes of credit."""

    time: datetime
    basis: TurnBasis
    credit_minutes: int


def turn_time(rules: Rules, *, slot: datetime | None, arrived_at: datetime, priority: bool) -> Turn:
    """The key by which a visitor is called.

    Booked and checked in up to `grace_minutes` after the slot's start: the slot's start. Later: the time of arrival less
    `late_minutes`, but never before the grace has ended. Without a booking: the time of arrival plus `walk_in_offset_minutes`.
    Priority: `priority_credit_minutes` earlier; credits do not add up. FIFO counts the time of arrival alone.
    """
    if rules.call_policy is CallPolicy.FIFO:
        return Turn(arrived_at, TurnBasis.ARRIVAL, 0)
    if slot is None:
        time, basis = arrived_at + timedelta(minutes=rules.walk_in_offset_minutes), TurnBasis.ARRIVAL
    else:
        until = slot + timedelta(minutes=rules.grace_minutes)
        if arrived_at <= until:
            time, basis = slot, TurnBasis.SLOT
        else:
            time, basis = max(until, arrived_at - timedelta(minutes=rules.late_minutes)), TurnBasis.LATE
    credit = _credit_minutes(rules, basis, priority)
    return Turn(time - timedelta(minutes=credit), basis, credit)


def _credit_minutes(rules: Rules, basis: TurnBasis, priority: bool) -> int:
    if rules.call_policy is CallPolicy.STRICT:
        return WHOLE_DAY_MINUTES if priority else 0
    if rules.call_policy is CallPolicy.RATIO:
        return WHOLE_DAY_MINUTES if priority or basis is TurnBasis.SLOT else 0
    return rules.priority_credit_minutes if priority else 0


@dataclass(frozen=True)
class Wanted:
    """The counter or the clerk a visitor was sent on to; just one of the two is set."""

    counter: str | None = None
    clerk: str | None = None


@dataclass(frozen=True, order=True)
class Candidate:
    """A waiting ticket as the call order sees it. The ticket's id breaks ties, so the order is total.

    `credit_minutes` are those of the turn time; `came_at` is the arrival, None where nobody asks for it.
    """

    turn_time: datetime
    ticket: str
    letter: str
    party_size: int
    inside: bool
    wanted: Wanted | None = field(default=None, compare=False)
    credit_minutes: int = field(default=0, compare=False)
    came_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Desk:
    """Who asks for the next visitor: a counter, its clerk, and the streams it serves."""

    counter: str
    clerk: str
    letters: frozenset[str]


@dataclass(frozen=True)
class Ratio:
    """The policy RATIO at one moment: `share` favoured visitors for each other one.

    Turn times before `favoured_before`, the start of the day, are those of favoured visitors. `runs` counts by stream how many
    favoured visitors were called in turn since the last other one.
    """

    share: int
    favoured_before: datetime
    runs: Mapping[str, int] = field(default_factory=dict)

    def favours(self, turn_time: datetime) -> bool:
        return turn_time < self.favoured_before

    def run_after(self, letter: str, called: datetime) -> int:
        """The stream's count after a visitor with this turn time was called in turn. It never grows beyond the share."""
        return min(self.share, self.runs.get(letter, 0) + 1) if self.favours(called) else 0

    def choose(self, able: Sequence[Candidate]) -> Candidate | None:
        """In each stream the line whose turn it is; of the streams the one whose visitor has the earlier time, credit apart."""
        heads = []
        for letter in {each.letter for each in able}:
            line = [each for each in able if each.letter == letter]
            favoured = min((each for each in line if self.favours(each.turn_time)), default=None)
            other = min((each for each in line if not self.favours(each.turn_time)), default=None)
            is_others_turn = self.runs.get(letter, 0) >= self.share
            head = (other or favoured) if is_others_turn else (favoured or other)
            if head is not None:
                heads.append(head)
        return min(heads, key=self._without_credit, default=None)

    def _without_credit(self, each: Candidate) -> tuple[datetime, str]:
        return each.turn_time + WHOLE_DAY if self.favours(each.turn_time) else each.turn_time, each.ticket


def is_kept_for_another(wanted: Wanted | None, desk: Desk, staffed: Mapping[str, str]) -> bool:
    """Whether a visitor was sent on to somebody else who is there to serve them. `staffed` names the clerk of each counter
    that has one, on break or not."""
    if wanted is None or is_sent_to(wanted, desk):
        return False
    return wanted.counter in staffed or (wanted.clerk is not None and wanted.clerk in staffed.values())


def is_sent_to(wanted: Wanted, desk: Desk) -> bool:
    """Whether a visitor was sent on to just this counter or this clerk."""
    return wanted.counter == desk.counter or (wanted.clerk is not None and wanted.clerk == desk.clerk)


def is_offered(candidate: Candidate, desk: Desk, staffed: Mapping[str, str]) -> bool:
    """Whether this counter may serve a visitor: by its streams, or because they were sent on to it.

    Who was sent on to a counter that has closed meanwhile, or a clerk who has left, is one of the stream again.
    """
    if candidate.wanted is None:
        return candidate.letter in desk.letters
    if is_sent_to(candidate.wanted, desk):
        return True
    return candidate.letter in desk.letters and not is_kept_for_another(candidate.wanted, desk, staffed)


def counters_offered(candidate: Candidate, desks: Iterable[Desk], staffed: Mapping[str, str]) -> tuple[str, ...]:
    """Those of the counters that may serve a visitor, now or later."""
    return tuple(desk.counter for desk in desks if is_offered(candidate, desk, staffed))


_NOBODY: Mapping[str, str] = {}


def next_ticket(
    waiting: Iterable[Candidate], desk: Desk, occupancy: Occupancy, *, staffed: Mapping[str, str] = _NOBODY, ratio: Ratio | None = None
) -> Candidate | None:
    """The waiting visitor with the smallest turn time whom this counter may serve and who is inside, or whose party fits inside.

    Calling lets a visitor in, so one who does not fit is passed over until somebody leaves. `ratio` is given under that policy.
    Of each line the first that may be called is enough; more change nothing.
    """
    able = [each for each in waiting if is_offered(each, desk, staffed) and (each.inside or occupancy.fits(each.party_size))]
    return min(able, default=None) if ratio is None else ratio.choose(able)
