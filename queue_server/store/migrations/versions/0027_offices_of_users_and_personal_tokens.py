"""offices of users and personal tokens"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'user_offices',
        sa.Column('user', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ['user'], ['users.id'], name=op.f('fk_user_offices_user_users'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['office'], ['offices.code'], name=op.f('fk_user_offices_office_offices'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('user', 'office', name=op.f('pk_user_offices')),
    )
    op.create_index('ix_user_offices_office', 'user_offices', ['office'], unique=False)
    with op.batch_alter_table('tokens') as tokens:
        tokens.add_column(sa.Column('scope', sa.Text(), nullable=True))
        tokens.add_column(sa.Column('expires_at', Instant(), nullable=True))
        tokens.add_column(sa.Column('used_at', Instant(), nullable=True))
        tokens.create_check_constraint(
            op.f('ck_tokens_scope'), "scope = 'read' OR scope = 'role' OR scope IS NULL"
        )
        tokens.create_index('ix_tokens_user', ['user'], unique=False)


def downgrade() -> None:
    # A personal token without its scope would be one that may do everything.
    op.execute("DELETE FROM tokens WHERE scope IS NOT NULL")
    with op.batch_alter_table('tokens') as tokens:
        tokens.drop_index('ix_tokens_user')
        tokens.drop_constraint(op.f('ck_tokens_scope'), type_='check')
        tokens.drop_column('used_at')
        tokens.drop_column('expires_at')
        tokens.drop_column('scope')
    op.drop_table('user_offices')
