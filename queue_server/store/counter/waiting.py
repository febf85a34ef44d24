"""Who waits, who is called, who comes in: the queries that calls, boards and queues live on.

Each names its index, because after ANALYZE SQLite's planner leaves a small partial index for a
large one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.domain.visit.turn import Wanted
from queue_server.store import tables
from queue_server.store.tables import tickets
from queue_server.store.visit.tickets import TICKET_COLUMNS, TICKET_NAMES, ticket_from_row
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.reader import Reader, ask_rows, dialect_of
from queue_server.store.writer.transaction import Transaction

ANY_SIZE = 1_000_000
"""More persons than any party has."""

_CANDIDATE_NAMES = ("turn_time", "id", "letter", "party_size", "place")


@cache
def _indexed(dialect: str, index: str, *names: str) -> sa.Select[Any]:
    source = f"tickets INDEXED BY {index}" if dialect == "sqlite" else "tickets"
    return sa.select(*(_column(name) for name in names)).select_from(sa.text(source))


def _column(name: str) -> sa.ColumnClause[Any]:
    return sa.column(name, tickets.c[name].type)


@cache
def _waiting(dialect: str, *names: str) -> sa.Select[Any]:
    return _indexed(dialect, tables.WAITING_INDEX, *names).where(
        _column("office") == sa.bindparam("office"),
        _column("date") == sa.bindparam("date"),
        sa.text("state = 'WAITING'"),
    )


Turns = tuple[datetime | None, datetime | None]
"""A stretch of turn times, the first inclusive, the second not; None leaves an end open."""

WHOLE_LINE: Turns = (None, None)


@cache
def _next_of_stream(dialect: str, since: bool, until: bool, skip_sent_on: bool) -> Compiled:
    statement = _waiting(dialect, *_CANDIDATE_NAMES).where(
        _column("letter") == sa.bindparam("letter"),
        sa.or_(
            _column("place") == Place.INSIDE.value, _column("party_size") <= sa.bindparam("room")
        ),
    )
    if since:
        statement = statement.where(
            _column("turn_time") >= sa.bindparam("since", type_=tables.Instant)
        )
    if until:
        statement = statement.where(
            _column("turn_time") < sa.bindparam("until", type_=tables.Instant)
        )
    if skip_sent_on:
        statement = statement.where(
            _column("wanted_counter").is_(None), _column("wanted_clerk").is_(None)
        )
    return Compiled(statement.order_by(_column("turn_time"), _column("id")).limit(1))


def first_waiting(
    tx: Transaction,
    office: str,
    day: date,
    letters: Sequence[str],
    room: int,
    *,
    turns: Turns = WHOLE_LINE,
    skip_sent_on: bool = False,
) -> list[Candidate]:
    """The first of each stream that is inside or whose party fits into `room` more persons, among
    these turn times.

    `skip_sent_on` leaves out those whom `sent_on` finds; without any of them it spares the search a
    look at each row.
    """
    since, until = turns
    query = _next_of_stream(tx.dialect, since is not None, until is not None, skip_sent_on)
    bounds = {
        name: value for name, value in (("since", since), ("until", until)) if value is not None
    }
    found = []
    for letter in letters:
        parameters = {"office": office, "date": day, "letter": letter, "room": room, **bounds}
        for row in tx.rows(query, parameters, seeing=tickets):
            found.append(
                Candidate(
                    row.turn_time,
                    row.id,
                    row.letter,
                    row.party_size,
                    row.place == Place.INSIDE.value,
                )
            )
    return found


@cache
def _sent_on(dialect: str) -> Compiled:
    return Compiled(
        _indexed(
            dialect, tables.SENT_ON_INDEX, *_CANDIDATE_NAMES, "wanted_counter", "wanted_clerk"
        ).where(
            _column("office") == sa.bindparam("office"),
            _column("date") == sa.bindparam("date"),
            sa.text(
                "state = 'WAITING' AND (wanted_counter IS NOT NULL OR wanted_clerk IS NOT NULL)"
            ),
        )
    )


def sent_on(tx: Transaction, office: str, day: date) -> list[Candidate]:
    """All who wait to be served by one counter or clerk: they are few."""
    rows = tx.rows(_sent_on(tx.dialect), {"office": office, "date": day}, seeing=tickets)
    return [
        Candidate(
            row.turn_time,
            row.id,
            row.letter,
            row.party_size,
            row.place == Place.INSIDE.value,
            Wanted(row.wanted_counter, row.wanted_clerk),
        )
        for row in rows
    ]


@cache
def _outside(dialect: str, *names: str) -> Compiled:
    return Compiled(
        _waiting(dialect, *names)
        .where(
            _column("place") == Place.OUTSIDE.value,
            _column("party_size") <= sa.bindparam("largest", type_=sa.Integer),
        )
        .order_by(_column("turn_time"), _column("id"))
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def waiting_outside(
    tx: Transaction, office: str, day: date, most: int, largest: int | None
) -> list[Candidate]:
    """Those who wait outside in parties of at most `largest` persons (None: of any size), in call
    order, at most `most`.
    """
    parameters = {
        "office": office,
        "date": day,
        "most": most,
        "largest": ANY_SIZE if largest is None else largest,
    }
    rows = tx.rows(
        _outside(tx.dialect, *_CANDIDATE_NAMES, "credit_minutes", "arrived_at"),
        parameters,
        seeing=tickets,
    )
    return [
        Candidate(
            row.turn_time,
            row.id,
            row.letter,
            row.party_size,
            False,
            credit_minutes=row.credit_minutes,
            came_at=row.arrived_at,
        )
        for row in rows
    ]


def list_outside(
    connection: Connection, office: str, day: date, most: int, largest: int | None = None
) -> list[Ticket]:
    """`waiting_outside` as whole tickets, for pictures."""
    parameters = {
        "office": office,
        "date": day,
        "most": most,
        "largest": ANY_SIZE if largest is None else largest,
    }
    return [
        ticket_from_row(row)
        for row in _outside(connection.dialect.name, *TICKET_NAMES).rows(connection, parameters)
    ]


@cache
def _let_in_before(dialect: str) -> Compiled:
    key = sa.tuple_(_column("turn_time"), _column("id"))
    return Compiled(
        _indexed(dialect, tables.ADMITTED_INDEX, "admitted_at")
        .where(
            _column("office") == sa.bindparam("office"),
            _column("date") == sa.bindparam("date"),
            sa.text("admitted_at IS NOT NULL"),
            _column("arrived_at") <= sa.bindparam("came_at", type_=tables.Instant),
            key
            < sa.tuple_(
                sa.bindparam("turn_time", type_=tables.Instant), sa.bindparam("id", type_=sa.Text)
            ),
        )
        .order_by(_column("admitted_at").desc())
        .limit(1)
    )


def let_in_before(reader: Reader, office: str, day: date, party: Candidate) -> datetime | None:
    """When the last of those was let in who came before a party outside and stood before it; None
    if nobody was.
    """
    parameters = {
        "office": office,
        "date": day,
        "came_at": party.came_at,
        "turn_time": party.turn_time,
        "id": party.ticket,
    }
    rows = ask_rows(reader, _let_in_before(dialect_of(reader)), parameters, seeing=tickets)
    return rows[0].admitted_at if rows else None


@cache
def _too_large(dialect: str) -> Compiled:
    return Compiled(
        _waiting(dialect, *TICKET_NAMES)
        .where(
            _column("place") == Place.OUTSIDE.value,
            _column("party_size") > sa.bindparam("largest", type_=sa.Integer),
        )
        .order_by(_column("turn_time"), _column("id"))
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def list_too_large(
    connection: Connection, office: str, day: date, most: int, largest: int
) -> list[Ticket]:
    """Parties outside of more than `largest` persons, in call order."""
    parameters = {"office": office, "date": day, "most": most, "largest": largest}
    return [
        ticket_from_row(row)
        for row in _too_large(connection.dialect.name).rows(connection, parameters)
    ]


@cache
def _inside(dialect: str) -> Compiled:
    return Compiled(
        _waiting(dialect, *TICKET_NAMES)
        .where(_column("place") == Place.INSIDE.value)
        .order_by(_column("turn_time"), _column("id"))
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def list_inside(connection: Connection, office: str, day: date, most: int) -> list[Ticket]:
    """Those who wait inside, in call order, at most `most`."""
    parameters = {"office": office, "date": day, "most": most}
    return [
        ticket_from_row(row)
        for row in _inside(connection.dialect.name).rows(connection, parameters)
    ]


@cache
def _count_after(dialect: str) -> Compiled:
    key = sa.tuple_(_column("turn_time"), _column("id"))
    source = f"tickets INDEXED BY {tables.WAITING_INDEX}" if dialect == "sqlite" else "tickets"
    return Compiled(
        sa.select(sa.func.count().label("behind"))
        .select_from(sa.text(source))
        .where(
            _column("office") == sa.bindparam("office"),
            _column("date") == sa.bindparam("date"),
            sa.text("state = 'WAITING'"),
            _column("letter") == sa.bindparam("letter"),
            key
            > sa.tuple_(
                sa.bindparam("turn_time", type_=tables.Instant), sa.bindparam("id", type_=sa.Text)
            ),
        )
    )


def count_behind(reader: Reader, ticket: Ticket) -> int:
    """How many of a waiting ticket's stream come after it. Counted from the end, where a new ticket
    stands.

    A command's rows still to be sent are counted in memory, so that they may go on waiting.
    """
    query, parameters = _count_after(dialect_of(reader)), _place_of(ticket)
    if isinstance(reader, Transaction):
        rows, unsent = reader.peek_rows(query, parameters), _count_unsent_behind(reader, ticket)
    else:
        rows, unsent = query.rows(reader, parameters), 0
    return unsent + int(rows[0].behind)


def _count_unsent_behind(tx: Transaction, ticket: Ticket) -> int:
    key = (ticket.turn_time, ticket.id)
    return sum(
        row["state"] == State.WAITING.value
        and (row["office"], row["date"], row["letter"])
        == (ticket.office, ticket.date, ticket.letter)
        and (row["turn_time"], row["id"]) > key
        for row in tx.pending(tickets)
    )


def _place_of(ticket: Ticket) -> dict[str, Any]:
    return {
        "office": ticket.office,
        "date": ticket.date,
        "letter": ticket.letter,
        "turn_time": ticket.turn_time,
        "id": ticket.id,
    }


@cache
def _in_call_order(dialect: str) -> Compiled:
    statement = _waiting(dialect, *TICKET_NAMES).order_by(_column("turn_time"), _column("id"))
    return Compiled(statement.limit(sa.bindparam("limit", type_=sa.Integer)))


def list_waiting(connection: Connection, office: str, day: date, limit: int) -> list[Ticket]:
    """Waiting tickets of an office-day in call order, at most `limit`."""
    rows = _in_call_order(connection.dialect.name).rows(
        connection, {"office": office, "date": day, "limit": limit}
    )
    return [ticket_from_row(row) for row in rows]


@cache
def _present(dialect: str) -> Compiled:
    return Compiled(
        _indexed(dialect, tables.PRESENT_INDEX, *TICKET_NAMES)
        .where(
            _column("office") == sa.bindparam("office"),
            _column("date") == sa.bindparam("date"),
            sa.text("state IN ('CALLED', 'SERVING', 'PARKED')"),
        )
        .order_by(_column("called_at"))
    )


def list_at_counters(connection: Connection, office: str, day: date) -> list[Ticket]:
    """Tickets called, served or parked on an office-day."""
    return [
        ticket_from_row(row)
        for row in _present(connection.dialect.name).rows(
            connection, {"office": office, "date": day}
        )
    ]


def list_present(tx: Transaction, office: str, day: date, most: int) -> list[Ticket]:
    """Tickets of all who have come and are not done, at most `most`; those at the counters
    first.
    """
    parameters = {"office": office, "date": day}
    found = [
        ticket_from_row(row) for row in tx.rows(_present(tx.dialect), parameters, seeing=tickets)
    ]
    rows = tx.rows(_in_call_order(tx.dialect), {**parameters, "limit": most}, seeing=tickets)
    found += [ticket_from_row(row) for row in rows]
    return found[:most]


_AT_COUNTER = Compiled(
    sa.select(*TICKET_COLUMNS).where(
        tickets.c.office == sa.bindparam("office"),
        tickets.c.date == sa.bindparam("date"),
        tickets.c.counter == sa.bindparam("counter"),
        sa.text("state IN ('CALLED', 'SERVING')"),
    )
)


def at_counter(tx: Transaction, office: str, day: date, counter: str) -> Ticket | None:
    """The visitor a counter is busy with."""
    rows = tx.rows(_AT_COUNTER, {"office": office, "date": day, "counter": counter}, seeing=tickets)
    return ticket_from_row(rows[0]) if rows else None


@cache
def _last_calls(dialect: str) -> Compiled:
    return Compiled(
        _indexed(
            dialect,
            tables.CALLED_INDEX,
            "id",
            "number",
            "counter",
            "last_called_at",
            "call_seq",
            "calls",
            "language",
            "state",
        )
        .where(
            _column("office") == sa.bindparam("office"),
            _column("date") == sa.bindparam("date"),
            sa.text("call_seq IS NOT NULL"),
        )
        .order_by(_column("call_seq").desc())
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def last_calls(connection: Connection, office: str, day: date, limit: int) -> Sequence[Row[Any]]:
    """The newest calls: id, number, counter, last_called_at, call_seq, calls, language, state."""
    return _last_calls(connection.dialect.name).rows(
        connection, {"office": office, "date": day, "limit": limit}
    )


@cache
def _called_since(dialect: str, state: State) -> Compiled:
    return Compiled(
        _indexed(dialect, tables.CALLED_INDEX, *TICKET_NAMES)
        .where(
            _column("office") == sa.bindparam("office"),
            _column("date") == sa.bindparam("date"),
            sa.text("call_seq IS NOT NULL"),
            _column("last_called_at") >= sa.bindparam("since", type_=tables.Instant),
            _column("state") == state.value,
        )
        .order_by(_column("call_seq").desc())
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def list_missed_calls(
    connection: Connection, office: str, day: date, since: datetime, limit: int
) -> list[Ticket]:
    """Visitors called since a moment who did not come, newest first."""
    parameters = {"office": office, "date": day, "since": since, "limit": limit}
    return [
        ticket_from_row(row)
        for row in _called_since(connection.dialect.name, State.NO_SHOW).rows(
            connection, parameters
        )
    ]


def list_served(
    connection: Connection, office: str, day: date, since: datetime, limit: int
) -> list[Ticket]:
    """Visitors called since a moment who are served by now, the last call first."""
    parameters = {"office": office, "date": day, "since": since, "limit": limit}
    return [
        ticket_from_row(row)
        for row in _called_since(connection.dialect.name, State.SERVED).rows(connection, parameters)
    ]


@cache
def _entering(dialect: str) -> Compiled:
    # Who is called from outside is let in by the call, and must be told at the door just the same.
    return Compiled(
        _indexed(dialect, tables.ADMITTED_INDEX, "id", "number", "party_size")
        .where(
            _column("office") == sa.bindparam("office"),
            _column("date") == sa.bindparam("date"),
            sa.text("admitted_at IS NOT NULL"),
            _column("admitted_at") >= sa.bindparam("since", type_=tables.Instant),
            sa.or_(
                _column("state") == State.WAITING.value,
                sa.and_(
                    _column("state") == State.CALLED.value,
                    _column("called_at") == _column("admitted_at"),
                ),
            ),
        )
        .order_by(_column("admitted_at").desc(), _column("id"))
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def list_entering(
    connection: Connection, office: str, day: date, since: datetime, limit: int
) -> Sequence[Row[Any]]:
    """Who was let in from outside since a moment, newest first: id, number, party_size. Called
    visitors only if the call let them in.
    """
    parameters = {"office": office, "date": day, "since": since, "limit": limit}
    return _entering(connection.dialect.name).rows(connection, parameters)
