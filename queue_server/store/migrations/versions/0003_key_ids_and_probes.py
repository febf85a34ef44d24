"""which key the NIK fingerprints were made with, and rows that prove that a server can write"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'key_ids',
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('since', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_key_ids')),
    )
    op.create_table(
        'probes',
        sa.Column('process', sa.Text(), nullable=False),
        sa.Column('turn', sa.Integer(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.Column('filling', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('process', 'turn', name=op.f('pk_probes')),
    )


def downgrade() -> None:
    op.drop_table('probes')
    op.drop_table('key_ids')
