"""the chain of the log"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'event_hashes',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('hash', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('office', 'date', 'seq', name=op.f('pk_event_hashes')),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'chain_links',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('event_hash', sa.LargeBinary(), nullable=False),
        sa.Column('hash', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('office', 'number', name=op.f('pk_chain_links')),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'chain_heads',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('hash', sa.LargeBinary(), nullable=False),
        sa.Column('leased_until', Instant(), nullable=True),
        sa.Column('claims', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('office', name=op.f('pk_chain_heads')),
    )


def downgrade() -> None:
    for table in ('chain_heads', 'chain_links', 'event_hashes'):
        op.drop_table(table)
