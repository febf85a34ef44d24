"""From where places were taken ahead: how many count against whom, which proofs were used, and how
far the line of the waiting reaches.

Addresses and browsers are known by keyed marks alone, and these go with the personal data of the
visit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.booking.rush import BURST, Source, counts_until
from queue_server.domain.booking.takings import Counts, Replaced
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.store.tables import rush_lines, takings, tickets, used_proofs
from queue_server.store.visit.tickets import TICKET_COLUMNS, ticket_from_row
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.transaction import Transaction


def _sum(value: Any, *conditions: Any) -> Any:
    total = sa.func.sum(value)
    return sa.func.coalesce(total.filter(*conditions) if conditions else total, 0)


_own = takings.alias("own")
_LATELY = takings.c.at > sa.bindparam("burst_from", type_=takings.c.at.type)
_OF_DAY = takings.c.date == sa.bindparam("date")
_OF_STREAM = sa.and_(_OF_DAY, takings.c.letter == sa.bindparam("letter"))
_PEOPLE = takings.c.people * takings.c.span
_HELD_BY_BROWSER = (
    _own.c.browser == sa.bindparam("browser", type_=sa.Text),
    tickets.c.id == _own.c.ticket,
    tickets.c.state == State.HELD.value,
    tickets.c.expires_at > sa.bindparam("now", type_=tickets.c.expires_at.type),
)
_OF_BROWSER = (
    sa.select(_sum(tickets.c.party_size))
    .select_from(_own, tickets)
    .where(*_HELD_BY_BROWSER)
    .scalar_subquery()
)
_COUNT = Compiled(
    sa.select(
        _sum(_PEOPLE, _OF_DAY, _LATELY).label("people_burst"),
        _sum(_PEOPLE, _OF_DAY).label("people"),
        _sum(takings.c.span, _OF_STREAM, _LATELY).label("visits_burst"),
        _sum(takings.c.span, _OF_STREAM).label("visits"),
        _sum(takings.c.people, takings.c.address == sa.bindparam("address")).label("of_address"),
        _OF_BROWSER.label("of_browser"),
    ).where(
        takings.c.office == sa.bindparam("office"),
        takings.c.counts_until > sa.bindparam("now", type_=takings.c.counts_until.type),
    )
)


def count(
    tx: Transaction, office: str, day: date, letter: str, source: Source, now: datetime
) -> Counts:
    """What counts as somebody asks for places of a day. Other processes' takings of other days
    may be a moment behind."""
    if source.browser is not None and tx.dialect == "postgresql":
        # Two processes must not give one browser two holds on two days at once; of one day they
        # take turns anyhow.
        tx.read(
            sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(source.browser, 0)))
        )
    burst_from = now - BURST
    row = tx.peek_rows(
        _COUNT,
        {
            "office": office,
            "date": day,
            "letter": letter,
            "now": now,
            "burst_from": burst_from,
            "address": source.address,
            "browser": source.browser,
        },
    )[0]
    counts = [int(value) for value in row]
    for each in tx.pending(takings):
        if each["office"] != office:
            continue
        if each["date"] == day:
            own, lately = each["letter"] == letter, each["at"] > burst_from
            counts[0] += each["people"] * each["span"] * lately
            counts[1] += each["people"] * each["span"]
            counts[2] += each["span"] * own * lately
            counts[3] += each["span"] * own
        counts[4] += each["people"] * (each["address"] == source.address)
        counts[5] += each["people"] * (
            source.browser is not None and each["browser"] == source.browser
        )
    return Counts(*counts)


def add(tx: Transaction, ticket: Ticket, source: Source, at: datetime) -> None:
    """Note from where a ticket's places were taken."""
    tx.insert(
        takings,
        {
            "ticket": ticket.id,
            "office": ticket.office,
            "date": ticket.date,
            "letter": ticket.letter,
            "people": ticket.party_size,
            "span": max(1, ticket.claim_span),
            "at": at,
            "counts_until": counts_until(at, ticket.expires_at),
            "address": source.address,
            "network": source.network,
            "browser": source.browser,
        },
    )


_IN_OFFICE = takings.c.office == sa.bindparam("office")
_FIND = Compiled(
    sa.select(takings.c.at, takings.c.people).where(
        _IN_OFFICE, takings.c.ticket == sa.bindparam("ticket")
    )
)
_REMOVE = Compiled(takings.delete().where(_IN_OFFICE, takings.c.ticket == sa.bindparam("ticket")))
_EXTEND = Compiled(
    takings.update()
    .where(_IN_OFFICE, takings.c.ticket == sa.bindparam("b_ticket"))
    .values(counts_until=sa.bindparam("until", type_=takings.c.counts_until.type))
)


def withdraw(tx: Transaction, office: str, ticket: str) -> Replaced | None:
    """Forget a taking that another takes the place of, and return it; None for one nobody noted."""
    rows = tx.rows(_FIND, {"office": office, "ticket": ticket}, seeing=takings)
    if not rows:
        return None
    tx.run(_REMOVE, {"office": office, "ticket": ticket})
    return Replaced(rows[0].at, int(rows[0].people))


def extend(tx: Transaction, office: str, ticket: str, until: datetime) -> None:
    """Let a hold that lasts longer count for as long."""
    tx.run(_EXTEND, {"office": office, "b_ticket": ticket, "until": until})


def list_held(connection: Connection, browser: str, now: datetime) -> list[Ticket]:
    """What a browser holds, the oldest first."""
    statement = (
        sa.select(*TICKET_COLUMNS)
        .select_from(_own, tickets)
        .where(*_HELD_BY_BROWSER)
        .order_by(_own.c.at, tickets.c.id)
    )
    return [
        ticket_from_row(row)
        for row in connection.execute(statement, {"browser": browser, "now": now})
    ]


def is_busy(connection: Connection, office: str, now: datetime, least: int) -> bool:
    """Whether at least so many persons' places were taken at an office within the last minute,
    on whatever days."""
    statement = sa.select(_sum(takings.c.people)).where(
        takings.c.office == office, takings.c.counts_until > now, takings.c.at > now - BURST
    )
    return int(connection.execute(statement).scalar_one()) >= least


def are_used(tx: Transaction, names: Iterable[str]) -> bool:
    """Whether one of these proofs has been used before: by whomever, in whichever process."""
    wanted = set(names)
    if not wanted:
        return False
    if any(row["name"] in wanted for row in tx.pending(used_proofs)):
        return True
    statement = sa.select(used_proofs.c.name).where(used_proofs.c.name.in_(wanted)).limit(1)
    return tx.read(statement, seeing=used_proofs).first() is not None


def note_used(tx: Transaction, names: Iterable[str], now: datetime) -> None:
    """Note proofs as used. Who is first of two processes to use one makes the other try again."""
    for name in dict.fromkeys(names):
        tx.insert(used_proofs, {"name": name, "at": now})


def forget_proofs_before(tx: Transaction, moment: datetime) -> int:
    """Forget used proofs that are of no use any more in any case. Returns how many."""
    return tx.change(used_proofs.delete().where(used_proofs.c.at < moment)).rowcount


def line_reaches(tx: Transaction, office: str) -> datetime | None:
    """Until when an office's line of the waiting reaches, locked until the commit; None where
    nobody ever waited."""
    statement = (
        sa.select(rush_lines.c.reaches_until).where(rush_lines.c.office == office).with_for_update()
    )
    reaches_until: datetime | None = tx.read(statement, seeing=rush_lines).scalar_one_or_none()
    return reaches_until


def lengthen_line(tx: Transaction, office: str, before: datetime | None, until: datetime) -> None:
    """Let the line reach until a moment. Who is first of two processes to open it makes the
    other try again."""
    if before is None:
        tx.insert(rush_lines, {"office": office, "reaches_until": until})
    else:
        tx.change(
            rush_lines.update().where(rush_lines.c.office == office).values(reaches_until=until)
        )
