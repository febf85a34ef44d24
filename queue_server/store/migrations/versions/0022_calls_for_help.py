"""calls for help at a kiosk"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0022'
down_revision = '0020'
branch_labels = None
depends_on = None

ALERTS_BEFORE = (
    'LONG_WAIT', 'FULL_OUTSIDE', 'DEVICE_SILENT', 'NOBODY_CALLED', 'FEW_COUNTERS', 'PRINTER_TROUBLE', 'OVER_LIMIT',
    'CLOCK_JUMPED', 'MANY_NUMBERS', 'WEBHOOK_STOPPED', 'LEASE_CONTESTED',
)


def _set_alert_kinds(*kinds: str) -> None:
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), ' OR '.join(f"kind = '{each}'" for each in kinds))


def upgrade() -> None:
    op.create_table(
        'help_calls',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('device', sa.Text(), nullable=False),
        sa.Column('language', sa.Text(), nullable=False),
        sa.Column('screen', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('asked_at', Instant(), nullable=False),
        sa.Column('answered_at', Instant(), nullable=True),
        sa.Column('answered_by', sa.Text(), nullable=True),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.Column('ended_how', sa.Text(), nullable=True),
        sa.CheckConstraint("reason = 'VISITOR' OR reason = 'PAPER'", name=op.f('ck_help_calls_reason')),
        sa.CheckConstraint(
            "ended_how = 'STAFF' OR ended_how = 'VISITOR' OR ended_how = 'LAPSED' OR ended_how IS NULL",
            name=op.f('ck_help_calls_ended_how'),
        ),
        sa.CheckConstraint(
            '(answered_at IS NULL) = (answered_by IS NULL)', name=op.f('ck_help_calls_answered')
        ),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_help_calls_office_offices')),
        sa.ForeignKeyConstraint(
            ['device'], ['devices.id'], name=op.f('fk_help_calls_device_devices'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_help_calls')),
    )
    op.create_index('ix_help_calls_device', 'help_calls', ['device', 'asked_at'], unique=False)
    op.create_index(
        'uq_help_calls_one_open', 'help_calls', ['office', 'device'], unique=True,
        sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'),
    )
    _set_alert_kinds(*ALERTS_BEFORE, 'HELP_UNANSWERED')


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE kind = 'HELP_UNANSWERED'")
    _set_alert_kinds(*ALERTS_BEFORE)
    op.drop_table('help_calls')
