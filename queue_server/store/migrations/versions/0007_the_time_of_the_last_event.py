"""the time of the last event, and jumps of the clock"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

KINDS = ('LONG_WAIT', 'FULL_OUTSIDE', 'DEVICE_SILENT', 'NOBODY_CALLED', 'FEW_COUNTERS', 'PRINTER_TROUBLE', 'OVER_LIMIT')


def _set_alert_kinds(*kinds: str) -> None:
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), ' OR '.join(f"kind = '{each}'" for each in kinds))


def upgrade() -> None:
    with op.batch_alter_table('office_days', schema=None) as batch_op:
        batch_op.add_column(sa.Column('last_event_at', Instant(), nullable=True))
    op.create_table('clock_jumps',
    sa.Column('seen_at', Instant(), autoincrement=False, nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('seen_at', name=op.f('pk_clock_jumps'))
    )
    _set_alert_kinds(*KINDS, 'CLOCK_JUMPED')


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE kind = 'CLOCK_JUMPED'")
    _set_alert_kinds(*KINDS)
    op.drop_table('clock_jumps')
    with op.batch_alter_table('office_days', schema=None) as batch_op:
        batch_op.drop_column('last_event_at')
