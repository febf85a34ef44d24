"""what the triage advised, and whether it was followed, as numbers by day"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'triage_counts',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('service', sa.Text(), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=False),
        sa.Column('asker', sa.Text(), nullable=False),
        sa.Column('advised', sa.Integer(), nullable=False),
        sa.Column('overridden', sa.Integer(), nullable=False),
        sa.Column('returned', sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'ONLINE' OR outcome = 'VISIT' OR outcome = 'URGENT' OR outcome = 'PARTIAL' "
            "OR outcome = 'ELSEWHERE' OR outcome = 'ASSISTED'",
            name=op.f('ck_triage_counts_outcome'),
        ),
        sa.CheckConstraint(
            "asker = 'VISITOR' OR asker = 'DEVICE' OR asker = 'STAFF'",
            name=op.f('ck_triage_counts_asker'),
        ),
        sa.CheckConstraint(
            'advised >= 0 AND overridden >= 0 AND returned >= 0',
            name=op.f('ck_triage_counts_counts'),
        ),
        sa.ForeignKeyConstraint(
            ['office'], ['offices.code'], name=op.f('fk_triage_counts_office')
        ),
        sa.PrimaryKeyConstraint(
            'office', 'date', 'service', 'outcome', 'asker', name=op.f('pk_triage_counts')
        ),
    )
    op.create_table(
        'triage_overrides',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('service', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('visits', sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason = 'NO_DEVICE' OR reason = 'ONLINE_FAILED' OR reason = 'CAME_FAR' "
            "OR reason = 'NEEDS_HELP'",
            name=op.f('ck_triage_overrides_reason'),
        ),
        sa.CheckConstraint('visits >= 1', name=op.f('ck_triage_overrides_visits')),
        sa.ForeignKeyConstraint(
            ['office'], ['offices.code'], name=op.f('fk_triage_overrides_office')
        ),
        sa.PrimaryKeyConstraint(
            'office', 'date', 'service', 'reason', name=op.f('pk_triage_overrides')
        ),
    )


def downgrade() -> None:
    op.drop_table('triage_overrides')
    op.drop_table('triage_counts')
