"""How much work a browser must do before it may take places: nothing for whoever comes one at a
time, more the greater the rush.

Work is counted in seconds of an ordinary phone. It never refuses anybody: it makes whoever takes
many places pay for each of them, while a visitor pays once. Persons count, so a party of six pays
for six. Two rules ask for work, and the dearer one holds:

* an address pays from the sixth person on that it has brought within `WINDOW`, little, since a
  phone network shares its addresses;
* everybody pays for a day, or a stream of a day, of whose open places more than `BURST_SHARE` went
  within `BURST`, or more than `QUIET_SHARE` within `WINDOW`. So holds without work never take more
  than `QUIET_SHARE` of what is open, from however many addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from queue_server.domain.errors import LimitReached, LineTooLong, ProofNeeded
from queue_server.domain.visit.claim import Pool

from .places import DayPlan

WINDOW = timedelta(minutes=10)
"""How long a taken place counts; a hold counts until it ends, if that is later."""

BURST = timedelta(minutes=1)

QUIET_SHARE, BURST_SHARE = 0.2, 0.05
"""Of the open places, how much goes without work within `WINDOW` and within `BURST`."""

BURST_LEAST = 5
"""So many go without work within `BURST`, however small the day, unless that is more than
`QUIET_SHARE`."""

STEP_SHARE = 0.01
"""The work for one person doubles with each further hundredth of the open places, and at least
with each further place."""

SECONDS_MAX = 32
"""The most work for one person: what a rush can cost a visitor is bounded."""

ADDRESS_FREE = 5
ADDRESS_STEP = 5
ADDRESS_SECONDS_MAX = 8
"""Persons that one address brings without work; after how many more the work doubles; and the
most for one person."""

BROWSER_PLACES = 2
"""Places that one browser may hold at a time. A single hold may be for a larger party."""


@dataclass(frozen=True)
class Share:
    """Places of one kind: how many were taken within `BURST` and within `WINDOW`, and how many
    are free still."""

    burst: int
    taken: int
    free: int


@dataclass(frozen=True)
class Rush:
    """What goes on as somebody asks for places: persons taken by the same address, places held
    by the same browser, both without this taking; `shares` are the persons of the day and the
    visits of the stream, with how many of each are asked for now."""

    of_address: int
    of_browser: int
    shares: Sequence[tuple[Share, int]]


@dataclass(frozen=True)
class Proof:
    """What somebody has shown with a request: seconds of work, persons for whom a pass was
    waited for, and the names of both, which count once."""

    seconds: int = 0
    pass_people: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where a request comes from, as keyed marks: the address, the network around it, the browser
    if it has shown one.

    `judged` False takes note of it and asks nothing.
    """

    address: str
    network: str
    browser: str | None = None
    proof: Proof = Proof()
    judged: bool = True


def seconds_of_address(before: int, people: int) -> int:
    """Work for `people` more of an address that has brought `before`. The first party is always
    free.

    >>> [seconds_of_address(before, 1) for before in (0, 4, 5, 10, 15)]
    [0, 0, 1, 2, 4]
    >>> seconds_of_address(0, 6), seconds_of_address(5, 6)
    (0, 7)
    >>> seconds_of_address(500, 1)
    8
    """
    if before == 0:
        return 0
    beyond = range(before - ADDRESS_FREE + 1, before - ADDRESS_FREE + people + 1)
    return sum(
        min(ADDRESS_SECONDS_MAX, 1 << min(10, (each - 1) // ADDRESS_STEP))
        for each in beyond
        if each > 0
    )


def seconds_of_share(share: Share, wanted: int) -> int:
    """Work for `wanted` more places of what is open. Whoever comes alone is free.

    >>> seconds_of_share(Share(burst=0, taken=0, free=3), 3)
    0
    >>> [seconds_of_share(Share(burst=n, taken=n, free=100 - n), 1) for n in range(4, 12)]
    [0, 1, 2, 4, 8, 16, 32, 32]
    >>> [seconds_of_share(Share(burst=1, taken=n, free=100 - n), 1) for n in (19, 20, 21)]
    [0, 1, 2]
    """
    if share.taken == 0:
        return 0
    open_places = share.free + share.taken
    quiet = open_places * QUIET_SHARE
    burst = min(quiet, max(BURST_LEAST, open_places * BURST_SHARE))
    step = max(1.0, open_places * STEP_SHARE)
    return sum(
        _seconds(max(share.burst + each - burst, share.taken + each - quiet), step)
        for each in range(1, wanted + 1)
    )


def _seconds(beyond: float, step: float) -> int:
    if beyond <= 0:
        return 0
    return min(SECONDS_MAX, 1 << min(10, ceil(beyond / step) - 1))


def seconds_needed(rush: Rush, people: int) -> int:
    """Work for a party, in seconds of a phone; 0 for none."""
    return max(
        seconds_of_address(rush.of_address, people),
        *(seconds_of_share(share, wanted) for share, wanted in rush.shares),
    )


def admit_taking(rush: Rush, people: int, proof: Proof) -> bool:
    """Let a party take places. Returns whether its proof was needed, and so is used up.

    Raises `ProofNeeded` with what is missing, and `LimitReached` (rule browser) for more places
    than one browser may hold.
    """
    if rush.of_browser and rush.of_browser + people > BROWSER_PLACES:
        raise LimitReached(rule="browser", limit=BROWSER_PLACES)
    needed = seconds_needed(rush, people)
    if needed > proof.seconds and people > proof.pass_people:
        raise ProofNeeded(seconds=needed - proof.seconds, people=people)
    return needed > 0


def counts_until(now: datetime, expires_at: datetime | None) -> datetime:
    """Until when what is taken now counts."""
    return max(now + WINDOW, expires_at) if expires_at is not None else now + WINDOW


PROOF_LASTS = timedelta(minutes=10)
"""How long a proof may be shown after its challenge was given, or a pass after it has come due."""

PROOFS_KEPT = timedelta(hours=2)
"""How long a used proof is remembered: longer than any can be shown."""

PASS_SPACING = timedelta(minutes=1)
FIRST_PASS = timedelta(seconds=20)
PASS_AHEAD_MAX = timedelta(minutes=30)
"""Whoever does no work waits in line: one person a minute goes through, the first after a short
while, and no pass is given further ahead. The line must not be a cheaper way for programs, which
can wait in any number."""


def next_pass(line_until: datetime | None, people: int, now: datetime) -> tuple[datetime, datetime]:
    """When the pass of a party that joins the line now comes due, and until when the line reaches
    then. Raises `LineTooLong`.
    """
    due = now + FIRST_PASS if line_until is None else max(now + FIRST_PASS, line_until)
    if due - now > PASS_AHEAD_MAX:
        raise LineTooLong()
    return due, due + PASS_SPACING * people


def free_of_day(
    plan: DayPlan, letter: str, released_until: datetime, now: datetime
) -> tuple[int, int]:
    """Persons and visits of a stream that could still be booked ahead on a day."""
    people = visits = 0
    for slot in plan.slots:
        if slot.starts_at > now:
            released = slot.starts_at <= released_until
            people += slot.people.free(Pool.ONLINE, released=released)
            stream = slot.streams.get(letter)
            visits += stream.free(Pool.ONLINE, released=released) if stream else 0
    return people, visits
