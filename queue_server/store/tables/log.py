"""What has happened, with its chain of hashes, how far it was passed on, and what a repeated
request is answered.
"""

from __future__ import annotations

import sqlalchemy as sa

from .columns import Instant, metadata

events = sa.Table(
    "events",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("ticket", sa.Text, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sqlite_with_rowid=False,
)

limit_changes_index = sa.Index(
    "ix_events_limit_changes",
    events.c.office,
    events.c.date,
    events.c.seq,
    sqlite_where=events.c.type == sa.literal_column("'limit_changed'"),
    postgresql_where=events.c.type == sa.literal_column("'limit_changed'"),
)

ACTS_INDEX = "ix_events_acts"
IS_NO_STEP = (
    "type NOT IN ('admitted', 'booked', 'called', 'cancelled', 'checked_in', 'confirmed', "
    "'door_counted', 'expired', 'finished', 'held', 'hold_extended', 'left', 'not_shown', "
    "'parked', 'places_released', 'places_taken', 'recalled', 'rescheduled', 'resumed', "
    "'slots_planned', 'started', 'walked_in')"
)
"""Leaves out the steps of every visit, which are nearly the whole log. A database only uses the
index for a query that says this in the same words.
"""

acts_index = sa.Index(
    ACTS_INDEX,
    events.c.office,
    events.c.date,
    events.c.seq,
    events.c.type,
    sqlite_where=sa.text(IS_NO_STEP),
    postgresql_where=sa.text(IS_NO_STEP),
)

PICKED_INDEX = "ix_events_picked"
IS_PICKED = {
    "sqlite": "type = 'called' AND json_extract(facts, '$.direct') = 1",
    "postgresql": "type = 'called' AND facts ->> 'direct' = 'true'",
}
"""A call of somebody whom a clerk has picked, as each database says it."""

picked_index = sa.Index(
    PICKED_INDEX,
    events.c.office,
    events.c.date,
    events.c.seq,
    sqlite_where=sa.text(IS_PICKED["sqlite"]),
    postgresql_where=sa.text(IS_PICKED["postgresql"]),
)

event_hashes = sa.Table(
    "event_hashes",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

chain_links = sa.Table(
    "chain_links",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("event_hash", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

chain_heads = sa.Table(
    "chain_heads",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("leased_until", Instant),
    sa.Column("claims", sa.Integer, nullable=False),
)

relays = sa.Table(
    "relays",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("relayed_seq", sa.Integer, nullable=False),
    # Neither written nor read: for processes of the release before, which may still run beside.
    sa.Column("leased_by", sa.Text),
    sa.Column("leased_until", Instant),
    sa.Column("claims", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_at", Instant),
    sa.Column("last_error", sa.Text),
    sa.Column("behind", sa.JSON(none_as_null=True)),
)

clock_jumps = sa.Table(
    "clock_jumps",
    metadata,
    sa.Column("seen_at", Instant, primary_key=True, autoincrement=False),
    sa.Column("seconds", sa.Integer, nullable=False),
)

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)
