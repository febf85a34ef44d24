"""What stands at an office on one day, at each of its counters and each sensor of its door, and
what the day came to.
"""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.visit.standstill import Pause

from .columns import Instant, metadata, one_of

office_days = sa.Table(
    "office_days",
    metadata,
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
    sa.Column("drill", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("wiped_at", Instant),
    sa.Column("over_since", Instant),
    sa.Column("over_seconds", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_event_at", Instant),
    one_of("paused", Pause, nullable=True),
    sa.CheckConstraint("seq >= 0", name="seq"),
    sa.CheckConstraint("persons_inside >= 0", name="persons_inside"),
    sa.CheckConstraint("parties_outside >= 0", name="parties_outside"),
    sa.CheckConstraint("correction >= 0", name="correction"),
    sa.CheckConstraint("over_seconds >= 0", name="over_seconds"),
)
unwiped_index = sa.Index(
    "ix_office_days_unwiped",
    office_days.c.office,
    office_days.c.date,
    sqlite_where=office_days.c.wiped_at.is_(None),
    postgresql_where=office_days.c.wiped_at.is_(None),
)

counter_days = sa.Table(
    "counter_days",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("counter", sa.Text, sa.ForeignKey("counters.id"), primary_key=True),
    sa.Column("clerk", sa.Text),
    sa.Column("opened_at", Instant),
    sa.Column("break_since", Instant),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint("break_since IS NULL OR clerk IS NOT NULL", name="break"),
)

kiosk_paces = sa.Table(
    "kiosk_paces",
    metadata,
    sa.Column("device", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("paid_until", Instant, nullable=False),
)

door_counts = sa.Table(
    "door_counts",
    metadata,
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

day_figures = sa.Table(
    "day_figures",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("limit_before", sa.Integer),
    sa.Column("limit_after", sa.Integer),
    sa.Column("rules", sa.Text, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
)
