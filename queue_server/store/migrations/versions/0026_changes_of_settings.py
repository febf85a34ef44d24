"""changes of settings, and counters that are retired"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'setting_changes',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.Column('by', sa.Text(), nullable=False),
        sa.Column('parts', sa.JSON(), nullable=False),
        sa.Column('undoes', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ['office'], ['offices.code'], name=op.f('fk_setting_changes_office')
        ),
        sa.PrimaryKeyConstraint('office', 'revision', name=op.f('pk_setting_changes')),
    )
    op.add_column(
        'counters', sa.Column('retired', sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column('counters', 'retired')
    op.drop_table('setting_changes')
