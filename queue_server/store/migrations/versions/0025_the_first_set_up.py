"""the first set-up"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'setup_codes',
        sa.Column('code_hash', sa.Text(), nullable=False),
        sa.Column('made_at', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_setup_codes')),
    )
    op.create_table(
        'setup_steps',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('step', sa.Text(), nullable=False),
        sa.Column('mark', sa.Text(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.CheckConstraint("mark IN ('SKIPPED', 'DONE')", name=op.f('ck_setup_steps_mark')),
        sa.ForeignKeyConstraint(
            ['office'], ['offices.code'], name=op.f('fk_setup_steps_office_offices')
        ),
        sa.PrimaryKeyConstraint('office', 'step', name=op.f('pk_setup_steps')),
    )


def downgrade() -> None:
    for table in ('setup_steps', 'setup_codes'):
        op.drop_table(table)
