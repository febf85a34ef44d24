"""What a call is decided by, read at once: the counter and its visitor, the first of each line it
serves, the room and the first party outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.counter.next_call import CallFacts
from queue_server.domain.counter.pass_over import room_for_calls
from queue_server.domain.counter.ratio import Ratio, ratio_of
from queue_server.domain.office.office import Counter, Office
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.store.counter import at_counters, counters, heads, let_in, outside
from queue_server.store.writer.transaction import Transaction


def load_call_facts(
    tx: Transaction,
    office: Office,
    day: OfficeDay,
    counter: Counter,
    clerk: str,
    now: datetime,
    *,
    as_if_free: bool = False,
) -> CallFacts:
    """What decides whom a counter calls next; `as_if_free`, whoever it has by now."""
    current = (
        None if as_if_free else at_counters.find_current(tx, office.code, day.date, counter.id)
    )
    letters = [letter for letter in counter.letters if day.stream(letter).waiting > 0]
    occupancy, ratio = day.occupancy(office.people_limit), ratio_of(office, day)
    if current is not None or not (letters or day.has_sent_on):
        # Nobody can be called, so no line is read.
        return CallFacts(counter, clerk, occupancy, office.rules, (), current, ratio=ratio)
    first, before = _first_outside(tx, day, occupancy, now)
    # How far a line must be read depends on the room.
    room = room_for_calls(occupancy, first, before, office.rules, now).room
    waiting = _heads(tx, day, letters, room, ratio, now)
    staffed: dict[str, str] = {}
    if day.has_sent_on:
        waiting += heads.sent_on(tx, day.office, day.date, now)
        staffed = counters.staffed(tx, day.office, day.date)
    return CallFacts(
        counter,
        clerk,
        occupancy,
        office.rules,
        tuple(waiting),
        current,
        first,
        before,
        staffed,
        ratio,
    )


def _first_outside(
    tx: Transaction, day: OfficeDay, occupancy: Occupancy, now: datetime
) -> tuple[Candidate | None, datetime | None]:
    """The first party outside that the limit allows, and when the last of those was let in who
    stood before it; each is read only where it can matter.
    """
    if day.parties_outside == 0 or not occupancy.fits(1):
        return None, None
    line = outside.waiting_outside(tx, day.office, day.date, 1, occupancy.limit, now)
    first = next(iter(line), None)
    if first is None or occupancy.fits(first.party_size):
        return first, None
    return first, let_in.let_in_before(tx, day.office, day.date, first)


def _heads(
    tx: Transaction,
    day: OfficeDay,
    letters: Sequence[str],
    room: int | None,
    ratio: Ratio | None,
    now: datetime,
) -> list[Candidate]:
    """The first of each stream who may be called, or under the policy RATIO of each stream's two
    lines: a read for each.
    """
    spans = (
        [heads.WHOLE_LINE]
        if ratio is None
        else [(None, ratio.favoured_before), (ratio.favoured_before, None)]
    )
    away = [letter for letter in letters if day.stream(letter).may_be_away(now)]
    return [
        each
        for span in spans
        for each in heads.first_waiting(
            tx,
            day.office,
            day.date,
            letters,
            room,
            span=span,
            skip_sent_on=day.has_sent_on,
            away_letters=away,
            now=now,
        )
    ]
