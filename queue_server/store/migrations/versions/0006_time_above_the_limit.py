"""time above the limit, its alert and the letter about it; corrections that took ticketed people away are gone"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

_KINDS = " OR ".join(
    f"kind = '{each}'"
    for each in ('LONG_WAIT', 'FULL_OUTSIDE', 'DEVICE_SILENT', 'NOBODY_CALLED', 'FEW_COUNTERS', 'PRINTER_TROUBLE')
)


def upgrade() -> None:
    # A minus took people with tickets off the count, and let others in for them. Nobody has left by it: the count is right without.
    op.execute(sa.text('UPDATE office_days SET correction = 0 WHERE correction < 0'))
    with op.batch_alter_table('office_days') as batch_op:
        batch_op.add_column(sa.Column('over_since', Instant(), nullable=True))
        batch_op.add_column(sa.Column('over_seconds', sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_check_constraint(op.f('ck_office_days_correction'), 'correction >= 0')
        batch_op.create_check_constraint(op.f('ck_office_days_over_seconds'), 'over_seconds >= 0')
    with op.batch_alter_table('alerts') as batch_op:
        batch_op.add_column(sa.Column('mail_due_at', Instant(), nullable=True))
        batch_op.add_column(sa.Column('mail_attempts', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('mailed_at', Instant(), nullable=True))
        batch_op.add_column(sa.Column('mail_error', sa.Text(), nullable=True))
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), f"{_KINDS} OR kind = 'OVER_LIMIT'")
    op.create_index(
        'ix_alerts_mail_due', 'alerts', ['mail_due_at'], sqlite_where=sa.text('mail_due_at IS NOT NULL'),
        postgresql_where=sa.text('mail_due_at IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_index('ix_alerts_mail_due', table_name='alerts')
    op.execute(sa.text("DELETE FROM alerts WHERE kind = 'OVER_LIMIT'"))
    with op.batch_alter_table('alerts') as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), _KINDS)
        for column in ('mail_error', 'mailed_at', 'mail_attempts', 'mail_due_at'):
            batch_op.drop_column(column)
    with op.batch_alter_table('office_days') as batch_op:
        batch_op.drop_constraint(op.f('ck_office_days_over_seconds'), type_='check')
        batch_op.drop_constraint(op.f('ck_office_days_correction'), type_='check')
        batch_op.drop_column('over_seconds')
        batch_op.drop_column('over_since')
