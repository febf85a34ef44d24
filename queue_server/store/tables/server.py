"""What the database keeps of the servers that use it: which key they have, that they can write,
what they have purged at night, and how far an incident has been dealt with.
"""

from __future__ import annotations

import sqlalchemy as sa

from .columns import Instant, metadata

key_ids = sa.Table(
    "key_ids",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
)

probes = sa.Table(
    "probes",
    metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("filling", sa.LargeBinary, nullable=False),
)
purges = sa.Table(
    "purges",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("night", sa.Date, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("until", Instant),
    sa.Column("rule", sa.Text),
    sa.Column("finished_at", Instant),
    sa.Column("digest", sa.Text),
    sa.CheckConstraint('"rows" >= 0', name="rows"),
    sa.CheckConstraint(
        "(finished_at IS NULL) = (digest IS NULL) AND (finished_at IS NULL) = (until IS NULL)"
        " AND (finished_at IS NULL) = (rule IS NULL)",
        name="finished",
    ),
)

incidents = sa.Table(
    "incidents",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("noticed_at", Instant, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Column("ended_at", Instant),
    # True until it has ended, then NULL: only one is open at a time.
    sa.Column("is_open", sa.Boolean, unique=True),
    # Whose accounts get new passwords and second factors; NULL: those of all.
    sa.Column("offices", sa.JSON),
    sa.CheckConstraint("since <= noticed_at", name="order"),
    sa.CheckConstraint("(ended_at IS NULL) = (is_open IS NOT NULL)", name="is_open"),
)
