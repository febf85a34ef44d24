"""The places that can be booked, those kept back for somebody, and what kiosks have leased."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.door.leases import LeaseState, NumberState
from queue_server.domain.door.offline import ConflictReason
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
    sa.CheckConstraint("people >= 0 AND span >= 1", name="size"),
    sa.Index("ix_kept_places_office_date", "office", "date"),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("granted_at", Instant, nullable=False),
    sa.Column("offline_until", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("contested_by", sa.Text),
    sa.Column("contested_at", Instant),
    one_of("state", LeaseState),
    sa.CheckConstraint("(state = 'ACTIVE') = (ended_at IS NULL)", name="ended"),
    sa.Index("ix_leases_office_date", "office", "date"),
)
one_lease_index = sa.Index(
    "uq_leases_one_active",
    leases.c.device,
    leases.c.date,
    unique=True,
    sqlite_where=leases.c.state == "ACTIVE",
    postgresql_where=leases.c.state == "ACTIVE",
)

leased_numbers = sa.Table(
    "leased_numbers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("lease", sa.Text, sa.ForeignKey("leases.id"), nullable=False),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("ticket", sa.Text),
    one_of("state", NumberState),
    sa.UniqueConstraint("office", "date", "letter", "sequence"),
    sa.Index("ix_leased_numbers_lease", "lease"),
)

leased_places = sa.Table(
    "leased_places",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("lease", sa.Text, sa.ForeignKey("leases.id"), nullable=False),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("span", sa.Integer, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("pool", sa.Text, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    # Given to somebody who has come, though their whole party fitted into no slot.
    sa.Column("used", sa.Boolean, nullable=False),
    one_of("pool", Pool),
    sa.CheckConstraint("people >= 1 AND span >= 1", name="size"),
    sa.Index("ix_leased_places_office_date", "office", "date"),
)

lease_conflicts = sa.Table(
    "lease_conflicts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("lease", sa.Text, sa.ForeignKey("leases.id"), nullable=False),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("ticket", sa.Text),
    sa.Column("report", sa.JSON, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("seen_by", sa.Text),
    sa.Column("seen_at", Instant),
    one_of("reason", ConflictReason),
    sa.UniqueConstraint("item", "reason"),
    sa.Index("ix_lease_conflicts_office_date", "office", "date"),
)
