"""days whose visitors are forgotten"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('office_days', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wiped_at', Instant(), nullable=True))
        batch_op.create_index('ix_office_days_unwiped', ['office', 'date'], unique=False, sqlite_where=sa.text('wiped_at IS NULL'), postgresql_where=sa.text('wiped_at IS NULL'))


def downgrade() -> None:
    with op.batch_alter_table('office_days', schema=None) as batch_op:
        batch_op.drop_index('ix_office_days_unwiped', sqlite_where=sa.text('wiped_at IS NULL'), postgresql_where=sa.text('wiped_at IS NULL'))
        batch_op.drop_column('wiped_at')
