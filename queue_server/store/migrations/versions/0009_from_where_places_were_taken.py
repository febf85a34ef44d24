"""from where places were taken, proofs that were used, and the line of those who wait instead"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'takings',
        sa.Column('ticket', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('letter', sa.Text(), nullable=False),
        sa.Column('people', sa.Integer(), nullable=False),
        sa.Column('span', sa.Integer(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.Column('counts_until', Instant(), nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('network', sa.Text(), nullable=False),
        sa.Column('browser', sa.Text(), nullable=True),
        sa.CheckConstraint('people >= 1 AND span >= 1', name=op.f('ck_takings_size')),
        sa.ForeignKeyConstraint(['ticket'], ['tickets.id'], name=op.f('fk_takings_ticket'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('ticket', name=op.f('pk_takings')),
    )
    op.create_index('ix_takings_counting', 'takings', ['office', 'counts_until'])
    op.create_index(
        'ix_takings_browser', 'takings', ['browser'], sqlite_where=sa.text('browser IS NOT NULL'),
        postgresql_where=sa.text('browser IS NOT NULL'),
    )
    op.create_table(
        'used_proofs',
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_used_proofs')),
    )
    op.create_index(op.f('ix_used_proofs_at'), 'used_proofs', ['at'])
    op.create_table(
        'turn_lines',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('reaches_until', Instant(), nullable=False),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_turn_lines_office')),
        sa.PrimaryKeyConstraint('office', name=op.f('pk_turn_lines')),
    )


def downgrade() -> None:
    op.drop_table('turn_lines')
    op.drop_table('used_proofs')
    op.drop_table('takings')
