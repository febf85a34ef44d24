"""What of an office is in use: visits that are not over, wishes for a place, counters with a clerk
or a visitor, numbers that kiosks hold.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from queue_server.domain.door.leases import LeaseState
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.in_use import InUse, LiveVisits
from queue_server.domain.visit.ticket import Place
from queue_server.domain.visit.transitions import State
from queue_server.store.tables import counter_days, leased_numbers, leases, tickets, waitlist
from queue_server.store.writer.reader import Reader, ask

_HERE = (State.WAITING, State.CALLED, State.PARKED, State.SERVING)
_BOOKED = (State.HELD, State.BOOKED, State.STRANDED)
_WISHED = ("WAITING", "OFFERED")


def find_in_use(reader: Reader, office: Office, today: date) -> InUse:
    """Everything of an office that is in use today or is meant to be later."""
    code = office.code
    letter = sa.func.coalesce(tickets.c.claim_letter, tickets.c.letter)
    count = sa.func.count().label("visits")
    at_home = sa.case((tickets.c.place == Place.REMOTE.value, 1), else_=0)
    live = sa.select(
        tickets.c.service, letter.label("letter"), tickets.c.state, at_home.label("at_home"), count
    ).where(
        tickets.c.office == code,
        tickets.c.date >= today,
        tickets.c.state.in_([each.value for each in (*_HERE, *_BOOKED)]),
    )
    of_state = live.group_by(tickets.c.service, letter, tickets.c.state, at_home)
    wished = (
        sa.select(waitlist.c.service, waitlist.c.letter, count)
        .where(
            waitlist.c.office == code, waitlist.c.state.in_(_WISHED), waitlist.c.last_date >= today
        )
        .group_by(waitlist.c.service, waitlist.c.letter)
    )
    visits = [
        LiveVisits(row.service, row.letter, **{_kind(row): row.visits})
        for row in ask(reader, of_state, seeing=tickets)
    ]
    visits += [
        LiveVisits(row.service, row.letter, wishes=row.visits)
        for row in ask(reader, wished, seeing=waitlist)
    ]
    staffed = sa.select(counter_days.c.counter).where(
        counter_days.c.office == code,
        counter_days.c.date == today,
        counter_days.c.clerk.is_not(None),
    )
    serving = sa.select(tickets.c.counter).where(
        tickets.c.office == code,
        tickets.c.date == today,
        tickets.c.state.in_([State.CALLED.value, State.SERVING.value]),
    )
    at_counters = {
        row.counter
        for statement, table in ((staffed, counter_days), (serving, tickets))
        for row in ask(reader, statement, seeing=table)
    }
    leased = (
        sa.select(leased_numbers.c.letter)
        .join(leases, leases.c.id == leased_numbers.c.lease)
        .where(
            leases.c.office == code,
            leases.c.date >= today,
            leases.c.state == LeaseState.ACTIVE.value,
        )
        .distinct()
    )
    letters = {row.letter for row in ask(reader, leased, seeing=leased_numbers)}
    here = frozenset(each for each in at_counters if each is not None)
    return InUse(tuple(visits), here, frozenset(letters))


def _kind(row: Row[Any]) -> str:
    """Who is ready to be rung at home is not here."""
    return "here" if State(row.state) in _HERE and not row.at_home else "booked"
