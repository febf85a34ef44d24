"""The places that can be booked, and those kept back for somebody."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.visit.claim import Pool

from .columns import Instant, metadata, one_of


def _places() -> tuple[sa.Column[int] | sa.CheckConstraint, ...]:
    """The places of one kind in a slot: how many each pool is given, and how many tickets of each
    pool have taken.
    """
    names = [pool.value.lower() for pool in Pool]
    return (
        *(sa.Column(name, sa.Integer, nullable=False) for name in names),
        *(
            sa.Column(f"{name}_taken", sa.Integer, nullable=False, server_default="0")
            for name in names
        ),
        *(sa.CheckConstraint(f"{name} >= 0 AND {name}_taken >= 0", name=name) for name in names),
        sa.CheckConstraint(
            f"{' + '.join(f'{name}_taken' for name in names)} <= {' + '.join(names)}", name="taken"
        ),
    )


slots = sa.Table(
    "slots",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("starts_at", Instant, primary_key=True),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    *_places(),
    sa.CheckConstraint("starts_at < ends_at", name="order"),
    sa.Index("ix_slots_office_date", "office", "date"),
)

stream_slots = sa.Table(
    "stream_slots",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("letter", sa.Text, primary_key=True),
    sa.Column("starts_at", Instant, primary_key=True),
    *_places(),
    sa.ForeignKeyConstraint(
        ["office", "starts_at"], ["slots.office", "slots.starts_at"], ondelete="CASCADE"
    ),
)

kept_places = sa.Table(
    "kept_places",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("span", sa.Integer, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("pool", sa.Text, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("public_at", Instant, nullable=False, index=True),
    one_of("pool", Pool),
    sa.CheckConstraint("people >= 1 AND span >= 1", name="size"),
    sa.Index("ix_kept_places_office_date", "office", "date"),
)
