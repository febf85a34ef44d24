"""alerts about troubles of devices"""
from __future__ import annotations

from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

KINDS = (
    'LONG_WAIT', 'FULL_OUTSIDE', 'DEVICE_SILENT', 'NOBODY_CALLED', 'FEW_COUNTERS', 'PRINTER_TROUBLE', 'OVER_LIMIT',
    'CLOCK_JUMPED', 'MANY_NUMBERS', 'WEBHOOK_STOPPED', 'LEASE_CONTESTED',
    'HELP_UNANSWERED',
)
MORE_KINDS = (*KINDS, 'DEVICE_TROUBLE')


def _set_alert_kinds(*kinds: str) -> None:
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), ' OR '.join(f"kind = '{each}'" for each in kinds))


def upgrade() -> None:
    _set_alert_kinds(*MORE_KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE kind = 'DEVICE_TROUBLE'")
    _set_alert_kinds(*KINDS)
