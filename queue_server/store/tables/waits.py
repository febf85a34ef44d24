"""How long visitors waited, and what was learnt from it."""

from __future__ import annotations

import sqlalchemy as sa

from .columns import metadata

wait_days = sa.Table(
    "wait_days",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("records", sa.JSON, nullable=False),
)

wait_models = sa.Table(
    "wait_models",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("learnt_until", sa.Date, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("model", sa.JSON),
)
