"""Bookings whose time was withdrawn, and who is behind them, for the staff who see to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.store.tables import tickets, visitors
from queue_server.store.visit.tickets import TICKET_COLUMNS, ticket_from_row, visitor_from_row

_STRANDED = (
    sa.select(*TICKET_COLUMNS)
    .where(tickets.c.office == sa.bindparam("office"), sa.text("state = 'STRANDED'"))
    .order_by(tickets.c.slot, tickets.c.id)
    .limit(sa.bindparam("most"))
)


@dataclass(frozen=True)
class SoughtBookings:
    """Which stranded bookings are looked for: of a service, of a day that lost its times, urgent
    ones or the others; None: all.
    """

    service: str | None = None
    day: date | None = None
    urgent: bool | None = None

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        wanted = []
        if self.service is not None:
            wanted.append(tickets.c.service == self.service)
        if self.day is not None:
            wanted.append(tickets.c.date == self.day)
        if self.urgent is not None:
            is_urgent = tickets.c.channel == Channel.URGENT.value
            wanted.append(is_urgent if self.urgent else sa.not_(is_urgent))
        return wanted


ALL_STRANDED = SoughtBookings()


def list_stranded(
    connection: Connection,
    office: str,
    most: int,
    after: tuple[datetime, str] | None = None,
    sought: SoughtBookings = ALL_STRANDED,
) -> list[Ticket]:
    """An office's stranded bookings in order of their lost time, at most so many; those after one's
    time and id, if given, and of these those that are `sought`.
    """
    statement = _STRANDED.where(*sought.conditions)
    if after is not None:
        slot, id = after
        statement = statement.where(
            sa.or_(tickets.c.slot > slot, sa.and_(tickets.c.slot == slot, tickets.c.id > id))
        )
    return [
        ticket_from_row(row)
        for row in connection.execute(statement, {"office": office, "most": most})
    ]


def list_stranded_before(connection: Connection, office: str, day: date, most: int) -> list[Ticket]:
    """An office's stranded bookings of the days before `day`, at most so many."""
    statement = sa.select(*TICKET_COLUMNS).where(
        tickets.c.office == office, sa.text("state = 'STRANDED'"), tickets.c.date < day
    )
    return [
        ticket_from_row(row)
        for row in connection.execute(statement.order_by(tickets.c.slot, tickets.c.id).limit(most))
    ]


def count_by_service_and_day(connection: Connection, office: str) -> list[tuple[str, date, int]]:
    """How many bookings of an office wait for a new time, by service and by the day that was
    lost.
    """
    statement = (
        sa.select(tickets.c.service, tickets.c.date, sa.func.count())
        .where(tickets.c.office == office, sa.text("state = 'STRANDED'"))
        .group_by(tickets.c.service, tickets.c.date)
        .order_by(tickets.c.date, tickets.c.service)
    )
    return [(service, day, number) for service, day, number in connection.execute(statement)]


def count_stranded(connection: Connection, office: str) -> int:
    """How many bookings of an office wait for a new time."""
    statement = (
        sa.select(sa.func.count())
        .select_from(tickets)
        .where(tickets.c.office == office, sa.text("state = 'STRANDED'"))
    )
    return int(connection.execute(statement).scalar_one())


def list_tickets(connection: Connection, office: str, ids: Iterable[str]) -> Mapping[str, Ticket]:
    """Tickets of one office by id; those of other offices are left out."""
    statement = sa.select(*TICKET_COLUMNS).where(
        tickets.c.office == office, tickets.c.id.in_(list(ids))
    )
    return {each.id: each for each in map(ticket_from_row, connection.execute(statement))}


def list_visitors(connection: Connection, office: str, ids: Iterable[str]) -> Mapping[str, Visitor]:
    """Who is behind bookings of one office, by ticket. For pages of its staff alone."""
    statement = sa.select(visitors).where(
        visitors.c.office == office, visitors.c.ticket.in_(list(ids))
    )
    return {row.ticket: visitor_from_row(row) for row in connection.execute(statement)}
