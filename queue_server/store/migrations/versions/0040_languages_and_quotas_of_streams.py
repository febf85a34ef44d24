"""languages of offices and quotas of streams"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'offices',
        sa.Column('languages', sa.JSON(), server_default='["id", "en"]', nullable=False),
    )
    op.add_column('streams', sa.Column('slot_quota', sa.Integer(), nullable=True))
    op.add_column('streams', sa.Column('walk_in_quota', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('streams', 'walk_in_quota')
    op.drop_column('streams', 'slot_quota')
    op.drop_column('offices', 'languages')
