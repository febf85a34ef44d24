"""Who is called next: the smallest turn time that a counter may serve.

A turn time is fixed by the visitor's own act and never by anybody else's, so a position shown
can worsen only by the few who check in within the published credit and grace. Every call can be
explained from two numbers on the ticket: the time that counts, and the credit. The office's policy
decides what counts; `docs/call-order.md` shows what each policy costs whom.

FIFO and STRICT are turn times too: one counts arrivals alone, the other gives priority visitors a
whole day of credit. RATIO gives that credit to all who are favoured, so that both lines lie one
behind the other in the same order, and takes from them in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from queue_server.domain.office.office import Counter
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.turn import Wanted

from .candidate import Candidate
from .ratio import Ratio


@dataclass(frozen=True)
class StaffedCounter:
    """Who asks for the next visitor: a counter, its clerk, and the streams it serves. A `remote`
    one calls only those who are rung at home, and no other calls them.
    """

    id: str
    clerk: str
    letters: frozenset[str]
    remote: bool = False


def staffed_by(counter: Counter, clerk: str) -> StaffedCounter:
    """A counter of the office with a clerk at it."""
    return StaffedCounter(counter.id, clerk, frozenset(counter.letters), counter.remote)


def is_kept_for_another(
    wanted: Wanted | None, counter: StaffedCounter, staffed: Mapping[str, str]
) -> bool:
    """Whether a visitor was sent on to somebody else who is there to serve them. `staffed` names
    the clerk of each counter that has one, on break or not.
    """
    if wanted is None or is_sent_to(wanted, counter):
        return False
    return wanted.counter in staffed or (
        wanted.clerk is not None and wanted.clerk in staffed.values()
    )


def is_sent_to(wanted: Wanted, counter: StaffedCounter) -> bool:
    """Whether a visitor was sent on to just this counter or this clerk."""
    return wanted.counter == counter.id or (
        wanted.clerk is not None and wanted.clerk == counter.clerk
    )


def is_offered(candidate: Candidate, counter: StaffedCounter, staffed: Mapping[str, str]) -> bool:
    """Whether this counter may serve a visitor: by its streams, or because they were sent on to it.

    Who was sent on to a counter that has closed meanwhile, or a clerk who has left, is one of the
    stream again.
    """
    if candidate.remote is not counter.remote:
        return False
    if candidate.wanted is None:
        return candidate.letter in counter.letters
    if is_sent_to(candidate.wanted, counter):
        return True
    return candidate.letter in counter.letters and not is_kept_for_another(
        candidate.wanted, counter, staffed
    )


def counters_offered(
    candidate: Candidate, counters: Iterable[StaffedCounter], staffed: Mapping[str, str]
) -> tuple[str, ...]:
    """Those of the counters that may serve a visitor, now or later."""
    return tuple(each.id for each in counters if is_offered(candidate, each, staffed))


def may_be_called(candidate: Candidate, occupancy: Occupancy) -> bool:
    """Whether a waiting visitor may be called by any counter at all. Calling lets a visitor in, so
    one who does not fit is passed over until somebody leaves; one who has stepped away, until they
    are back or their time is over.
    """
    return not candidate.away and (candidate.inside or occupancy.fits(candidate.party_size))


_NOBODY: Mapping[str, str] = {}


def next_ticket(
    waiting: Iterable[Candidate],
    counter: StaffedCounter,
    occupancy: Occupancy,
    *,
    staffed: Mapping[str, str] = _NOBODY,
    ratio: Ratio | None = None,
) -> Candidate | None:
    """The waiting visitor with the smallest turn time whom this counter may serve and who is
    inside, or whose party fits inside.

    `ratio` is given under that policy. Of each line the first that may be called is enough; more
    change nothing.
    """
    able = [
        each
        for each in waiting
        if may_be_called(each, occupancy) and is_offered(each, counter, staffed)
    ]
    return min(able, default=None) if ratio is None else ratio.choose(able)
