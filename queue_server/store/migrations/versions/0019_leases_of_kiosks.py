"""leases of kiosks: numbers and places set aside, and what did not fit afterwards"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

ALERTS_BEFORE = (
    'LONG_WAIT', 'FULL_OUTSIDE', 'DEVICE_SILENT', 'NOBODY_CALLED', 'FEW_COUNTERS', 'PRINTER_TROUBLE', 'OVER_LIMIT',
    'CLOCK_JUMPED', 'MANY_NUMBERS', 'WEBHOOK_STOPPED',
)
REASONS = (
    'already_checked_in', 'already_called', 'booking_over', 'booking_moved', 'unknown_code', 'unknown_number',
    'unknown_service', 'wrong_day', 'lease_lost', 'lease_revoked', 'key_used', 'refused', 'mode_changed',
    'outside_hours', 'party_too_large', 'beyond_places',
)


def _one_of(column: str, kinds: tuple[str, ...]) -> str:
    return ' OR '.join(f"{column} = '{each}'" for each in kinds)


def _set_alert_kinds(*kinds: str) -> None:
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), _one_of('kind', kinds))


def upgrade() -> None:
    op.create_table(
        'leases',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('device', sa.Text(), nullable=False),
        sa.Column('installation', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('epoch', sa.Integer(), nullable=False),
        sa.Column('granted_at', Instant(), nullable=False),
        sa.Column('offline_until', Instant(), nullable=False),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.Column('contested_by', sa.Text(), nullable=True),
        sa.Column('contested_at', Instant(), nullable=True),
        sa.CheckConstraint(
            _one_of('state', ('ACTIVE', 'CLOSED', 'REVOKED', 'LOST')), name=op.f('ck_leases_state')
        ),
        sa.CheckConstraint("(state = 'ACTIVE') = (ended_at IS NULL)", name=op.f('ck_leases_ended')),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_leases_office_offices')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_leases')),
    )
    op.create_index('ix_leases_office_date', 'leases', ['office', 'date'], unique=False)
    op.create_index(
        'uq_leases_one_active', 'leases', ['device', 'date'], unique=True,
        sqlite_where=sa.text("state = 'ACTIVE'"), postgresql_where=sa.text("state = 'ACTIVE'"),
    )
    op.create_table(
        'leased_numbers',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('lease', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('letter', sa.Text(), nullable=False),
        sa.Column('sequence', sa.Integer(), nullable=False),
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('ticket', sa.Text(), nullable=True),
        sa.CheckConstraint(
            _one_of('state', ('LEASED', 'USED', 'BURNT')), name=op.f('ck_leased_numbers_state')
        ),
        sa.ForeignKeyConstraint(['lease'], ['leases.id'], name=op.f('fk_leased_numbers_lease_leases')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_leased_numbers')),
        sa.UniqueConstraint('code', name=op.f('uq_leased_numbers_code')),
        sa.UniqueConstraint('office', 'date', 'letter', 'sequence', name=op.f('uq_leased_numbers_office_date_letter_sequence')),
    )
    op.create_index('ix_leased_numbers_lease', 'leased_numbers', ['lease'], unique=False)
    op.create_table(
        'leased_places',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('lease', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('starts_at', Instant(), nullable=False),
        sa.Column('span', sa.Integer(), nullable=False),
        sa.Column('letter', sa.Text(), nullable=False),
        sa.Column('pool', sa.Text(), nullable=False),
        sa.Column('people', sa.Integer(), nullable=False),
        sa.Column('used', sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            _one_of('pool', ('ONLINE', 'WALK_IN', 'URGENT')), name=op.f('ck_leased_places_pool')
        ),
        sa.CheckConstraint('people >= 1 AND span >= 1', name=op.f('ck_leased_places_size')),
        sa.ForeignKeyConstraint(['lease'], ['leases.id'], name=op.f('fk_leased_places_lease_leases')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_leased_places')),
    )
    op.create_index('ix_leased_places_office_date', 'leased_places', ['office', 'date'], unique=False)
    op.create_table(
        'lease_conflicts',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('lease', sa.Text(), nullable=False),
        sa.Column('device', sa.Text(), nullable=False),
        sa.Column('item', sa.Text(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('ticket', sa.Text(), nullable=True),
        sa.Column('report', sa.JSON(), nullable=False),
        sa.Column('recorded_at', Instant(), nullable=False),
        sa.Column('seen_by', sa.Text(), nullable=True),
        sa.Column('seen_at', Instant(), nullable=True),
        sa.CheckConstraint(_one_of('reason', REASONS), name=op.f('ck_lease_conflicts_reason')),
        sa.ForeignKeyConstraint(['lease'], ['leases.id'], name=op.f('fk_lease_conflicts_lease_leases')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lease_conflicts')),
        sa.UniqueConstraint('item', 'reason', name=op.f('uq_lease_conflicts_item_reason')),
    )
    op.create_index('ix_lease_conflicts_office_date', 'lease_conflicts', ['office', 'date'], unique=False)
    _set_alert_kinds(*ALERTS_BEFORE, 'LEASE_CONTESTED')


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE kind = 'LEASE_CONTESTED'")
    _set_alert_kinds(*ALERTS_BEFORE)
    op.drop_table('lease_conflicts')
    op.drop_table('leased_places')
    op.drop_table('leased_numbers')
    op.drop_table('leases')
