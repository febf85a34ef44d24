"""which reactions to an office-day's events are behind, and how often a day's lease was taken"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('relays', sa.Column('claims', sa.Integer(), server_default='0', nullable=False))
    op.add_column('relays', sa.Column('behind', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column('relays', 'behind')
    op.drop_column('relays', 'claims')
