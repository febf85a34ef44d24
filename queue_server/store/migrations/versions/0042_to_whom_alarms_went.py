"""to whom alarms went"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('alerts', sa.Column('mailed_to', sa.Text(), nullable=True))
    op.add_column('escalations', sa.Column('mailed_to', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('escalations', 'mailed_to')
    op.drop_column('alerts', 'mailed_to')
