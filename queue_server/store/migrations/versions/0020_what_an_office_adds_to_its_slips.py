"""what an office adds to its slips"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('offices', sa.Column('slip', sa.JSON(), nullable=False, server_default='{}'))
    op.create_table(
        'slip_logos',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('picture', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_slip_logos_office_offices')),
        sa.PrimaryKeyConstraint('office', name=op.f('pk_slip_logos')),
    )


def downgrade() -> None:
    op.drop_table('slip_logos')
    op.drop_column('offices', 'slip')
