"""to whom alarms went, and waiting for calls"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None

KINDS = ('OFFICE', 'PHONE', 'VIDEO')
SUITING = ['office', 'service', 'proved', 'created_at', 'id', 'party_size', 'first_date', 'last_date']


def _index_suiting(columns: list[str]) -> None:
    op.create_index(
        op.f('ix_waitlist_suiting'),
        'waitlist',
        columns,
        sqlite_where=sa.text("state = 'WAITING'"),
        postgresql_where=sa.text("state = 'WAITING'"),
    )


def upgrade() -> None:
    op.add_column('alerts', sa.Column('mailed_to', sa.Text(), nullable=True))
    op.add_column('escalations', sa.Column('mailed_to', sa.Text(), nullable=True))
    op.drop_index(op.f('ix_waitlist_suiting'), 'waitlist')
    with op.batch_alter_table('waitlist') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Text(), nullable=False, server_default='OFFICE'))
        batch_op.create_check_constraint(
            op.f('ck_waitlist_kind'), ' OR '.join(f"kind = '{each}'" for each in KINDS)
        )
    _index_suiting([*SUITING, 'kind'])


def downgrade() -> None:
    op.execute("DELETE FROM waitlist WHERE kind <> 'OFFICE'")
    op.drop_index(op.f('ix_waitlist_suiting'), 'waitlist')
    with op.batch_alter_table('waitlist') as batch_op:
        batch_op.drop_constraint(op.f('ck_waitlist_kind'), type_='check')
        batch_op.drop_column('kind')
    _index_suiting(SUITING)
    op.drop_column('escalations', 'mailed_to')
    op.drop_column('alerts', 'mailed_to')
