"""What was counted once and would be counted the same again."""

from __future__ import annotations

import sqlalchemy as sa

from .columns import metadata

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
