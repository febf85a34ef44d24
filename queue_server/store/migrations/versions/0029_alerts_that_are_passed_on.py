"""alerts that are passed on"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

KINDS = (
    'LONG_WAIT', 'FULL_OUTSIDE', 'DEVICE_SILENT', 'NOBODY_CALLED', 'FEW_COUNTERS', 'PRINTER_TROUBLE', 'OVER_LIMIT',
    'CLOCK_JUMPED', 'MANY_NUMBERS', 'WEBHOOK_STOPPED', 'DEVICE_TROUBLE', 'HELP_UNANSWERED', 'LEASE_CONTESTED',
)
MORE_KINDS = (*KINDS, 'EVACUATED')


def _set_alert_kinds(*kinds: str) -> None:
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), ' OR '.join(f"kind = '{each}'" for each in kinds))


def upgrade() -> None:
    op.add_column('alerts', sa.Column('escalate_at', Instant(), nullable=True))
    _set_alert_kinds(*MORE_KINDS)
    op.create_index(
        'ix_alerts_escalate', 'alerts', ['escalate_at'], unique=False,
        sqlite_where=sa.text('escalate_at IS NOT NULL'), postgresql_where=sa.text('escalate_at IS NOT NULL'),
    )
    op.create_table(
        'escalations',
        sa.Column('alert', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.Column('mail_due_at', Instant(), nullable=True),
        sa.Column('mail_attempts', sa.Integer(), server_default='0', nullable=False),
        sa.Column('mailed_at', Instant(), nullable=True),
        sa.Column('mail_error', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ['alert'], ['alerts.id'], name=op.f('fk_escalations_alert_alerts'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_escalations_office_offices')),
        sa.PrimaryKeyConstraint('alert', name=op.f('pk_escalations')),
    )
    op.create_index(
        'ix_escalations_mail_due', 'escalations', ['mail_due_at'], unique=False,
        sqlite_where=sa.text('mail_due_at IS NOT NULL'), postgresql_where=sa.text('mail_due_at IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_table('escalations')
    op.drop_index('ix_alerts_escalate', table_name='alerts')
    op.execute("DELETE FROM alerts WHERE kind = 'EVACUATED'")
    _set_alert_kinds(*KINDS)
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_column('escalate_at')
