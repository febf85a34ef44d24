"""Every table, with the rules the database itself keeps. Rows become domain values in the module of each entity."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from ..domain.modes import ServiceMode
from ..domain.office import ServiceChannel
from ..domain.office_day import Pause
from ..domain.places import Pool
from ..domain.thresholds import AlertKind
from ..domain.ticket import Channel, Origin, Place
from ..domain.transitions import State

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware moment in UTC: `timestamptz` on PostgreSQL, whole microseconds since 1970 on SQLite, which has no such type."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            moment: datetime = value
            return moment.astimezone(UTC)
        return _EPOCH + timedelta(microseconds=value)


def _one_of(column: str, kind: type[Enum], *, nullable: bool = False) -> sa.CheckConstraint:
    """Spelled with OR: for each row that is written, SQLite builds the list of an IN anew, at a tenth of the cost of a ticket."""
    rule = " OR ".join([*(f"{column} = '{each.value}'" for each in kind), *([f"{column} IS NULL"] if nullable else [])])
    return sa.CheckConstraint(rule, name=column)


offices = sa.Table(
    "offices", metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("people_limit", sa.Integer),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.CheckConstraint("people_limit IS NULL OR people_limit >= 0", name="people_limit"),
)

streams = sa.Table(
    "streams", metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("letter", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.JSON, nullable=False),
    sa.CheckConstraint("length(letter) = 1", name="letter"),
)

services = sa.Table(
    "services", metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("name", sa.JSON, nullable=False),
    sa.Column("summary", sa.JSON, nullable=False),
    sa.Column("requirements", sa.JSON, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["office", "letter"], ["streams.office", "streams.letter"]),
    _one_of("channel", ServiceChannel),
    sa.CheckConstraint("minutes > 0", name="minutes"),
)

counters = sa.Table(
    "counters", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("letters", sa.JSON, nullable=False),
)

openings = sa.Table(
    "openings", metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("weekday", sa.Integer, primary_key=True),
    sa.Column("opens", sa.Time, primary_key=True),
    sa.Column("closes", sa.Time, nullable=False),
    sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    sa.CheckConstraint("opens < closes", name="order"),
)

seasons = sa.Table(
    "seasons", metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("first", sa.Date, primary_key=True),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("openings", sa.JSON, nullable=False),
    sa.CheckConstraint("first <= last", name="order"),
)

day_hours = sa.Table(
    "day_hours", metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("openings", sa.JSON, nullable=False),
    sa.Column("reason", sa.JSON, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.CheckConstraint("source IN ('HOLIDAY', 'OFFICE')", name="source"),
)

mode_periods = sa.Table(
    "mode_periods", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False, index=True),
    sa.Column("service", sa.Text),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("ends_at", Instant),
    sa.Column("review_on", sa.Date),
    sa.Column("notice", sa.JSON, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    _one_of("mode", ServiceMode),
    sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="order"),
)

zones = sa.Table(
    "zones", metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("facts", sa.JSON, nullable=False),
)

office_days = sa.Table(
    "office_days", metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("persons_inside", sa.Integer, nullable=False),
    sa.Column("parties_outside", sa.Integer, nullable=False),
    sa.Column("correction", sa.Integer, nullable=False),
    sa.Column("sensed", sa.Integer),
    sa.Column("admitting", sa.Boolean, nullable=False),
    sa.Column("planned_revision", sa.Integer, nullable=False),
    sa.Column("open_counters", sa.JSON, nullable=False),
    sa.Column("streams", sa.JSON, nullable=False),
    sa.Column("paused", sa.Text),
    sa.Column("own_letters", sa.JSON, nullable=False),
    _one_of("paused", Pause, nullable=True),
    sa.CheckConstraint("seq >= 0", name="seq"),
    sa.CheckConstraint("persons_inside >= 0", name="persons_inside"),
    sa.CheckConstraint("parties_outside >= 0", name="parties_outside"),
)

counter_days = sa.Table(
    "counter_days", metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("counter", sa.Text, sa.ForeignKey("counters.id"), primary_key=True),
    sa.Column("clerk", sa.Text),
    sa.Column("opened_at", Instant),
    sa.Column("break_since", Instant),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint("break_since IS NULL OR clerk IS NOT NULL", name="break"),
)



def _places() -> tuple[sa.Column[int] | sa.CheckConstraint, ...]:
    """The places of one kind in a slot: how many each pool is given, and how many tickets of each pool have taken."""
    names = [pool.value.lower() for pool in Pool]
    return (
        *(sa.Column(name, sa.Integer, nullable=False) for name in names),
        *(sa.Column(f"{name}_taken", sa.Integer, nullable=False, server_default="0") for name in names),
        *(sa.CheckConstraint(f"{name} >= 0 AND {name}_taken >= 0", name=name) for name in names),
        sa.CheckConstraint(f"{' + '.join(f'{name}_taken' for name in names)} <= {' + '.join(names)}", name="taken"),
    )


slots = sa.Table(
    "slots", metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("starts_at", Instant, primary_key=True),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    *_places(),
    sa.CheckConstraint("starts_at < ends_at", name="order"),
    sa.Index("ix_slots_office_date", "office", "date"),
)

stream_slots = sa.Table(
    "stream_slots", metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("letter", sa.Text, primary_key=True),
    sa.Column("starts_at", Instant, primary_key=True),
    *_places(),
    sa.ForeignKeyConstraint(["office", "starts_at"], ["slots.office", "slots.starts_at"], ondelete="CASCADE"),
)

kept_places = sa.Table(
    "kept_places", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("span", sa.Integer, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("pool", sa.Text, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("public_at", Instant, nullable=False, index=True),
    _one_of("pool", Pool),
    sa.CheckConstraint("people >= 1 AND span >= 1", name="size"),
    sa.Index("ix_kept_places_office_date", "office", "date"),
)

waitlist = sa.Table(
    "waitlist", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("party_size", sa.Integer, nullable=False),
    sa.Column("priority", sa.Boolean, nullable=False),
    sa.Column("first_date", sa.Date, nullable=False),
    sa.Column("last_date", sa.Date, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("offers", sa.Integer, nullable=False),
    sa.Column("ticket", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("nik_fingerprint", sa.Text),
    sa.Column("nik_last4", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("email", sa.Text),
    sa.CheckConstraint("state IN ('WAITING', 'OFFERED', 'TAKEN', 'LAPSED', 'LEFT')", name="state"),
    sa.CheckConstraint("party_size >= 1", name="party_size"),
    sa.CheckConstraint("first_date <= last_date", name="order"),
    sa.CheckConstraint("(state IN ('WAITING', 'OFFERED')) = (nik_fingerprint IS NOT NULL)", name="person"),
    sa.Index("ix_waitlist_office_state", "office", "state", "created_at"),
    sa.Index("ix_waitlist_ticket", "ticket"),
)
one_entry_index = sa.Index(
    "uq_waitlist_one_entry", waitlist.c.office, waitlist.c.service, waitlist.c.nik_fingerprint, unique=True,
    sqlite_where=waitlist.c.nik_fingerprint.is_not(None), postgresql_where=waitlist.c.nik_fingerprint.is_not(None),
)

no_shows = sa.Table(
    "no_shows", metadata,
    sa.Column("ticket", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("nik_fingerprint", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Index("ix_no_shows_nik", "nik_fingerprint", "office"),
)

messages = sa.Table(
    "messages", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("ticket", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("retry_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("last_error", sa.Text),
    sa.CheckConstraint("channel IN ('EMAIL', 'PHONE', 'NONE')", name="channel"),
    sa.CheckConstraint("state IN ('QUEUED', 'SENDING', 'SENT', 'BY_HAND', 'DONE', 'FAILED')", name="state"),
    sa.UniqueConstraint("ticket", "kind", "created_at"),
    sa.Index("ix_messages_queued", "state", "retry_at"),
    sa.Index("ix_messages_office", "office", "created_at"),
)

door_counts = sa.Table(
    "door_counts", metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("sensor", sa.Text, primary_key=True),
    sa.Column("total_in", sa.Integer, nullable=False),
    sa.Column("total_out", sa.Integer, nullable=False),
    sa.Column("base_in", sa.Integer, nullable=False),
    sa.Column("base_out", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.CheckConstraint("total_in >= 0 AND total_out >= 0", name="totals"),
    sa.Index("ix_door_counts_sensor", "office", "sensor", "date"),
)

tickets = sa.Table(
    "tickets", metadata,
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
    sa.Column("version", sa.Integer, nullable=False),
    _one_of("state", State),
    _one_of("origin", Origin),
    _one_of("channel", Channel),
    _one_of("place", Place, nullable=True),
    _one_of("pool", Pool, nullable=True),
    sa.CheckConstraint("(claim_at IS NULL) = (pool IS NULL)", name="claim"),
    sa.CheckConstraint("wanted_counter IS NULL OR wanted_clerk IS NULL", name="wanted"),
    sa.CheckConstraint("party_size >= 1", name="party_size"),
    sa.UniqueConstraint("office", "date", "number"),
)

WAITING_INDEX = "ix_tickets_waiting"
waiting_index = sa.Index(
    WAITING_INDEX, tickets.c.office, tickets.c.date, tickets.c.letter, tickets.c.turn_time, tickets.c.id,
    # Place and size ride along, so that a full room's search for the next visitor reads the index alone.
    tickets.c.place, tickets.c.party_size,
    sqlite_where=tickets.c.state == "WAITING", postgresql_where=tickets.c.state == "WAITING",
)
SENT_ON_INDEX = "ix_tickets_sent_on"
_SENT_ON = "state = 'WAITING' AND (wanted_counter IS NOT NULL OR wanted_clerk IS NOT NULL)"
sent_on_index = sa.Index(
    SENT_ON_INDEX, tickets.c.office, tickets.c.date, sqlite_where=sa.text(_SENT_ON), postgresql_where=sa.text(_SENT_ON),
)
PRESENT_INDEX = "ix_tickets_present"
present_index = sa.Index(
    PRESENT_INDEX, tickets.c.office, tickets.c.date, tickets.c.state,
    sqlite_where=tickets.c.state.in_(["CALLED", "SERVING", "PARKED"]),
    postgresql_where=tickets.c.state.in_(["CALLED", "SERVING", "PARKED"]),
)
CALLED_INDEX = "ix_tickets_called"
called_index = sa.Index(
    CALLED_INDEX, tickets.c.office, tickets.c.date, tickets.c.call_seq,
    sqlite_where=tickets.c.call_seq.is_not(None), postgresql_where=tickets.c.call_seq.is_not(None),
)
ADMITTED_INDEX = "ix_tickets_admitted"
admitted_index = sa.Index(
    ADMITTED_INDEX, tickets.c.office, tickets.c.date, tickets.c.admitted_at,
    sqlite_where=tickets.c.admitted_at.is_not(None), postgresql_where=tickets.c.admitted_at.is_not(None),
)
expiring_index = sa.Index(
    "ix_tickets_expiring", tickets.c.expires_at,
    sqlite_where=tickets.c.expires_at.is_not(None), postgresql_where=tickets.c.expires_at.is_not(None),
)
booked_index = sa.Index(
    "ix_tickets_booked", tickets.c.slot,
    sqlite_where=tickets.c.state == "BOOKED", postgresql_where=tickets.c.state == "BOOKED",
)
stranded_index = sa.Index(
    "ix_tickets_stranded", tickets.c.office, tickets.c.slot,
    sqlite_where=tickets.c.state == "STRANDED", postgresql_where=tickets.c.state == "STRANDED",
)
ONE_VISITOR_INDEX = "uq_tickets_one_visitor"
one_visitor_index = sa.Index(
    ONE_VISITOR_INDEX, tickets.c.office, tickets.c.date, tickets.c.counter, unique=True,
    sqlite_where=tickets.c.state.in_(["CALLED", "SERVING"]), postgresql_where=tickets.c.state.in_(["CALLED", "SERVING"]),
)

ticket_notes = sa.Table(
    "ticket_notes", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("ticket", sa.Text, sa.ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("clerk", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.CheckConstraint("length(text) BETWEEN 1 AND 200", name="text"),
    sa.Index("ix_ticket_notes_office_date", "office", "date"),
)

announcements = sa.Table(
    "announcements", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False),
    sa.Column("text", sa.JSON, nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.CheckConstraint("starts_at <= ends_at", name="order"),
    sa.Index("ix_announcements_office_ends_at", "office", "ends_at"),
)

alerts = sa.Table(
    "alerts", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("raised_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("acknowledged_at", Instant),
    sa.Column("acknowledged_by", sa.Text),
    _one_of("kind", AlertKind),
    sa.CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"),
    sa.Index("ix_alerts_office_date", "office", "date", "raised_at"),
)
one_alert_index = sa.Index(
    "uq_alerts_one_open", alerts.c.office, alerts.c.date, alerts.c.kind, alerts.c.subject, unique=True,
    sqlite_where=alerts.c.ended_at.is_(None), postgresql_where=alerts.c.ended_at.is_(None),
)

visitors = sa.Table(
    "visitors", metadata,
    sa.Column("ticket", sa.Text, sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("nik_fingerprint", sa.Text, nullable=False),
    sa.Column("nik_last4", sa.Text, nullable=False),
    sa.Column("phone", sa.Text),
    sa.Column("email", sa.Text),
    sa.CheckConstraint("length(nik_fingerprint) = 64", name="nik_fingerprint"),
    sa.CheckConstraint("length(nik_last4) = 4", name="nik_last4"),
    sa.Index("ix_visitors_nik", "nik_fingerprint"),
    sa.Index("ix_visitors_phone", "phone"),
)

events = sa.Table(
    "events", metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("ticket", sa.Text, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sqlite_with_rowid=False,
)

relays = sa.Table(
    "relays", metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("relayed_seq", sa.Integer, nullable=False),
    sa.Column("leased_by", sa.Text),
    sa.Column("leased_until", Instant),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_at", Instant),
    sa.Column("last_error", sa.Text),
)

answers = sa.Table(
    "answers", metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

wait_days = sa.Table(
    "wait_days", metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("records", sa.JSON, nullable=False),
)

wait_models = sa.Table(
    "wait_models", metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("learnt_until", sa.Date, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("model", sa.JSON),
)

users = sa.Table(
    "users", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("username", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("office", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False),
)

sessions = sa.Table(
    "sessions", metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
)

tokens = sa.Table(
    "tokens", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("office", sa.Text),
    sa.Column("user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE")),
    sa.Column("device", sa.Text, sa.ForeignKey("devices.id", ondelete="CASCADE")),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
)

devices = sa.Table(
    "devices", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("office", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("pairing_code", sa.Text),
    sa.Column("secret_hash", sa.Text),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    sa.Column("seen_at", Instant),
    sa.Column("health", sa.JSON, nullable=False),
    sa.CheckConstraint("kind IN ('kiosk', 'display', 'printer', 'sensor')", name="kind"),
    sa.CheckConstraint("state IN ('PENDING', 'APPROVED', 'PAIRED', 'REVOKED')", name="state"),
    sa.Index("ix_devices_pairing_code", "pairing_code"),
)
