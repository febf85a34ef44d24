"""second factors, passkeys and identities elsewhere; more about log-ins"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sessions', sa.Column('confirmed_at', Instant(), nullable=True))
    op.add_column('sessions', sa.Column('browser', sa.Text(), nullable=False, server_default=''))
    op.add_column('sessions', sa.Column('address', sa.Text(), nullable=False, server_default=''))
    op.create_table(
        'second_factors',
        sa.Column('user', sa.Text(), nullable=False),
        sa.Column('generation', sa.Integer(), nullable=False),
        sa.Column('asked_at', Instant(), nullable=True),
        sa.Column('confirmed_at', Instant(), nullable=True),
        sa.Column('last_step', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['user'], ['users.id'], name=op.f('fk_second_factors_user_users'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('user', name=op.f('pk_second_factors')),
    )
    op.create_table(
        'recovery_codes',
        sa.Column('user', sa.Text(), nullable=False),
        sa.Column('hash', sa.Text(), nullable=False),
        sa.Column('used_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ['user'], ['users.id'], name=op.f('fk_recovery_codes_user_users'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('user', 'hash', name=op.f('pk_recovery_codes')),
    )
    op.create_table(
        'passkeys',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('user', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('public_key', sa.LargeBinary(), nullable=False),
        sa.Column('uses', sa.BigInteger(), nullable=False),
        sa.Column('created_at', Instant(), nullable=False),
        sa.Column('used_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ['user'], ['users.id'], name=op.f('fk_passkeys_user_users'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
    )
    op.create_index(op.f('ix_passkeys_user'), 'passkeys', ['user'])
    op.create_table(
        'identities',
        sa.Column('user', sa.Text(), nullable=False),
        sa.Column('issuer', sa.Text(), nullable=False),
        sa.Column('email', sa.Text(), nullable=True),
        sa.Column('subject', sa.Text(), nullable=True),
        sa.Column('linked_at', Instant(), nullable=False),
        sa.CheckConstraint(
            'email IS NOT NULL OR subject IS NOT NULL', name=op.f('ck_identities_named')
        ),
        sa.ForeignKeyConstraint(
            ['user'], ['users.id'], name=op.f('fk_identities_user_users'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('user', name=op.f('pk_identities')),
        sa.UniqueConstraint('issuer', 'email', name=op.f('uq_identities_issuer_email')),
        sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_identities_issuer_subject')),
    )


def downgrade() -> None:
    op.drop_index(op.f('ix_passkeys_user'), table_name='passkeys')
    for table in ('identities', 'passkeys', 'recovery_codes', 'second_factors'):
        op.drop_table(table)
    for column in ('address', 'browser', 'confirmed_at'):
        op.drop_column('sessions', column)
