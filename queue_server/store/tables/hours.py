"""When an office works, and in which way."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.office.modes import ServiceMode

from .columns import Instant, metadata, one_of

openings = sa.Table(
    "openings",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("weekday", sa.Integer, primary_key=True),
    sa.Column("opens", sa.Time, primary_key=True),
    sa.Column("closes", sa.Time, nullable=False),
    sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    sa.CheckConstraint("opens < closes", name="order"),
)

seasons = sa.Table(
    "seasons",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("first", sa.Date, primary_key=True),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("openings", sa.JSON, nullable=False),
    sa.CheckConstraint("first <= last", name="order"),
)

day_hours = sa.Table(
    "day_hours",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("openings", sa.JSON, nullable=False),
    sa.Column("reason", sa.JSON, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.CheckConstraint("source IN ('HOLIDAY', 'OFFICE')", name="source"),
)

mode_periods = sa.Table(
    "mode_periods",
    metadata,
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
    one_of("mode", ServiceMode),
    sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="order"),
)
