"""What was advised and whether it was followed, as numbers by day: no row is about a person."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.triage.counting import AnywayReason, Asker
from queue_server.domain.triage.script import Outcome

from .columns import metadata, one_of

triage_counts = sa.Table(
    "triage_counts",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("service", sa.Text, primary_key=True),
    sa.Column("outcome", sa.Text, primary_key=True),
    sa.Column("asker", sa.Text, primary_key=True),
    sa.Column("advised", sa.Integer, nullable=False),
    sa.Column("overridden", sa.Integer, nullable=False),
    sa.Column("returned", sa.Integer, nullable=False),
    one_of("outcome", Outcome),
    one_of("asker", Asker),
    sa.CheckConstraint("advised >= 0 AND overridden >= 0 AND returned >= 0", name="counts"),
)

triage_overrides = sa.Table(
    "triage_overrides",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("service", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, primary_key=True),
    sa.Column("visits", sa.Integer, nullable=False),
    one_of("reason", AnywayReason),
    sa.CheckConstraint("visits >= 1", name="visits"),
)
