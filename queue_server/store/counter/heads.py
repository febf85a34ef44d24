"""Who stands first: the heads of the streams' lines, and all who were sent on to one counter or
clerk. Every call reads them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa

from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.visit.ticket import Place
from queue_server.domain.visit.turn import Wanted
from queue_server.store import tables
from queue_server.store.tables import tickets
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.transaction import Transaction

from .indexed import ANY_SIZE, CANDIDATE_NAMES, column, indexed, is_here, waiting

TurnSpan = tuple[datetime | None, datetime | None]
"""A stretch of turn times, the first inclusive, the second not; None leaves an end open."""

WHOLE_LINE: TurnSpan = (None, None)


@cache
def _next_of_stream(
    dialect: str, since: bool, until: bool, skip_sent_on: bool, skip_away: bool
) -> Compiled:
    statement = waiting(dialect, *CANDIDATE_NAMES).where(
        column("letter") == sa.bindparam("letter"),
        sa.or_(
            column("place") != Place.OUTSIDE.value, column("party_size") <= sa.bindparam("room")
        ),
    )
    if since:
        statement = statement.where(
            column("turn_time") >= sa.bindparam("since", type_=tables.Instant)
        )
    if until:
        statement = statement.where(
            column("turn_time") < sa.bindparam("until", type_=tables.Instant)
        )
    if skip_sent_on:
        statement = statement.where(
            column("wanted_counter").is_(None), column("wanted_clerk").is_(None)
        )
    if skip_away:
        statement = statement.where(is_here())
    return Compiled(statement.order_by(column("turn_time"), column("id")).limit(1))


def first_waiting(
    tx: Transaction,
    office: str,
    day: date,
    letters: Sequence[str],
    room: int | None,
    *,
    span: TurnSpan = WHOLE_LINE,
    skip_sent_on: bool = False,
    away_letters: Collection[str] = (),
    now: datetime | None = None,
) -> list[Candidate]:
    """The first of each stream that is inside or whose party fits into `room` more persons (None:
    without limit), among the turn times of a `span`.

    `skip_sent_on` leaves out those whom `sent_on` finds; without any of them it spares the search a
    look at each row. Of the streams `away_letters` those are left out who are away at `now`; of the
    others nobody may be away.
    """
    since, until = span
    largest = ANY_SIZE if room is None else room
    bounds = {
        name: value for name, value in (("since", since), ("until", until)) if value is not None
    }
    heads = []
    for letter in letters:
        skip_away = letter in away_letters
        query = _next_of_stream(
            tx.dialect, since is not None, until is not None, skip_sent_on, skip_away
        )
        parameters = {"office": office, "date": day, "letter": letter, "room": largest, **bounds}
        if skip_away:
            parameters["now"] = now
        for row in tx.rows(query, parameters, seeing=tickets):
            heads.append(
                Candidate(
                    row.turn_time,
                    row.id,
                    row.letter,
                    row.party_size,
                    row.place != Place.OUTSIDE.value,
                    remote=row.place == Place.REMOTE.value,
                )
            )
    return heads


@cache
def _sent_on(dialect: str) -> Compiled:
    return Compiled(
        indexed(
            dialect, tables.SENT_ON_INDEX, *CANDIDATE_NAMES, "wanted_counter", "wanted_clerk"
        ).where(
            is_here(),
            column("office") == sa.bindparam("office"),
            column("date") == sa.bindparam("date"),
            sa.text(
                "state = 'WAITING' AND (wanted_counter IS NOT NULL OR wanted_clerk IS NOT NULL)"
            ),
        )
    )


def sent_on(tx: Transaction, office: str, day: date, now: datetime) -> list[Candidate]:
    """All who wait to be served by one counter or clerk and are not away: they are few."""
    parameters = {"office": office, "date": day, "now": now}
    rows = tx.rows(_sent_on(tx.dialect), parameters, seeing=tickets)
    return [
        Candidate(
            row.turn_time,
            row.id,
            row.letter,
            row.party_size,
            row.place != Place.OUTSIDE.value,
            Wanted(row.wanted_counter, row.wanted_clerk),
            remote=row.place == Place.REMOTE.value,
        )
        for row in rows
    ]
