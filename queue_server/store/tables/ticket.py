"""One visit, and the indexes by which its queue is read."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.claim import Pool
from queue_server.domain.visit.ticket import Channel, Origin, Place
from queue_server.domain.visit.transitions import State

from .columns import Instant, metadata, one_of

tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("party_size", sa.Integer, nullable=False),
    sa.Column("priority", sa.Boolean, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("place", sa.Text),
    sa.Column("slot", Instant),
    sa.Column("expires_at", Instant),
    sa.Column("arrived_at", Instant),
    sa.Column("turn_time", Instant),
    sa.Column("turn_basis", sa.Text),
    sa.Column("credit_minutes", sa.Integer, nullable=False),
    sa.Column("wanted_counter", sa.Text),
    sa.Column("wanted_clerk", sa.Text),
    sa.Column("admitted_at", Instant),
    sa.Column("called_at", Instant),
    sa.Column("last_called_at", Instant),
    sa.Column("call_seq", sa.Integer),
    sa.Column("calls", sa.Integer, nullable=False),
    sa.Column("counter", sa.Text),
    sa.Column("clerk", sa.Text),
    sa.Column("started_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Column("reschedules", sa.Integer, nullable=False),
    sa.Column("extensions", sa.Integer, nullable=False),
    sa.Column("claim_at", Instant),
    sa.Column("claim_span", sa.Integer, nullable=False),
    sa.Column("claim_letter", sa.Text),
    sa.Column("pool", sa.Text),
    sa.Column("away_until", Instant),
    sa.Column("delay_minutes", sa.Integer),
    sa.Column("kind", sa.Text, nullable=False, server_default=VisitKind.OFFICE.value),
    sa.Column("version", sa.Integer, nullable=False),
    one_of("state", State),
    one_of("origin", Origin),
    one_of("channel", Channel),
    one_of("place", Place, nullable=True),
    one_of("pool", Pool, nullable=True),
    one_of("kind", VisitKind),
    sa.CheckConstraint("(claim_at IS NULL) = (pool IS NULL)", name="claim"),
    sa.CheckConstraint("wanted_counter IS NULL OR wanted_clerk IS NULL", name="wanted"),
    sa.CheckConstraint("party_size >= 1", name="party_size"),
    sa.UniqueConstraint("office", "date", "number"),
)

WAITING_INDEX = "ix_tickets_waiting"
waiting_index = sa.Index(
    WAITING_INDEX,
    tickets.c.office,
    tickets.c.date,
    tickets.c.letter,
    tickets.c.turn_time,
    tickets.c.id,
    # Place and size ride along, so that a full room's search for the next visitor reads the index
    # alone.
    tickets.c.place,
    tickets.c.party_size,
    sqlite_where=tickets.c.state == "WAITING",
    postgresql_where=tickets.c.state == "WAITING",
)
SENT_ON_INDEX = "ix_tickets_sent_on"
_SENT_ON = "state = 'WAITING' AND (wanted_counter IS NOT NULL OR wanted_clerk IS NOT NULL)"
sent_on_index = sa.Index(
    SENT_ON_INDEX,
    tickets.c.office,
    tickets.c.date,
    sqlite_where=sa.text(_SENT_ON),
    postgresql_where=sa.text(_SENT_ON),
)
PRESENT_INDEX = "ix_tickets_present"
present_index = sa.Index(
    PRESENT_INDEX,
    tickets.c.office,
    tickets.c.date,
    tickets.c.state,
    sqlite_where=tickets.c.state.in_(["CALLED", "SERVING", "PARKED"]),
    postgresql_where=tickets.c.state.in_(["CALLED", "SERVING", "PARKED"]),
)
CALLED_INDEX = "ix_tickets_called"
called_index = sa.Index(
    CALLED_INDEX,
    tickets.c.office,
    tickets.c.date,
    tickets.c.call_seq,
    sqlite_where=tickets.c.call_seq.is_not(None),
    postgresql_where=tickets.c.call_seq.is_not(None),
)
ADMITTED_INDEX = "ix_tickets_admitted"
admitted_index = sa.Index(
    ADMITTED_INDEX,
    tickets.c.office,
    tickets.c.date,
    tickets.c.admitted_at,
    sqlite_where=tickets.c.admitted_at.is_not(None),
    postgresql_where=tickets.c.admitted_at.is_not(None),
)
expiring_index = sa.Index(
    "ix_tickets_expiring",
    tickets.c.expires_at,
    sqlite_where=tickets.c.expires_at.is_not(None),
    postgresql_where=tickets.c.expires_at.is_not(None),
)
booked_index = sa.Index(
    "ix_tickets_booked",
    tickets.c.slot,
    sqlite_where=tickets.c.state == "BOOKED",
    postgresql_where=tickets.c.state == "BOOKED",
)
stranded_index = sa.Index(
    "ix_tickets_stranded",
    tickets.c.office,
    tickets.c.slot,
    sqlite_where=tickets.c.state == "STRANDED",
    postgresql_where=tickets.c.state == "STRANDED",
)
ONE_VISITOR_INDEX = "uq_tickets_one_visitor"
one_visitor_index = sa.Index(
    ONE_VISITOR_INDEX,
    tickets.c.office,
    tickets.c.date,
    tickets.c.counter,
    unique=True,
    sqlite_where=tickets.c.state.in_(["CALLED", "SERVING"]),
    postgresql_where=tickets.c.state.in_(["CALLED", "SERVING"]),
)
