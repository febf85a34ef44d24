"""figures of days that are over"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'day_figures',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('zone', sa.Text(), nullable=False),
        sa.Column('limit_before', sa.Integer(), nullable=True),
        sa.Column('limit_after', sa.Integer(), nullable=True),
        sa.Column('rules', sa.Text(), nullable=False),
        sa.Column('figures', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ['office'], ['offices.code'], name=op.f('fk_day_figures_office_offices')
        ),
        sa.PrimaryKeyConstraint('office', 'date', name=op.f('pk_day_figures')),
    )
    op.create_index(
        'ix_events_limit_changes',
        'events',
        ['office', 'date', 'seq'],
        sqlite_where=sa.text("type = 'limit_changed'"),
        postgresql_where=sa.text("type = 'limit_changed'"),
    )


def downgrade() -> None:
    op.drop_index('ix_events_limit_changes', table_name='events')
    op.drop_table('day_figures')
