"""passwords that others may know"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('users') as batch_op:
        batch_op.add_column(
            sa.Column('distrusted', sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table('incidents') as batch_op:
        batch_op.add_column(sa.Column('offices', sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('incidents') as batch_op:
        batch_op.drop_column('offices')
    with op.batch_alter_table('users') as batch_op:
        batch_op.drop_column('distrusted')
