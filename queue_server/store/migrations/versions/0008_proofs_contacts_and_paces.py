"""wrong proofs of tickets, contacts that were written to, the waitlist by what suits, and the pace of kiosks"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

ALERTS_BEFORE = (
    'LONG_WAIT', 'FULL_OUTSIDE', 'DEVICE_SILENT', 'NOBODY_CALLED', 'FEW_COUNTERS', 'PRINTER_TROUBLE', 'OVER_LIMIT', 'CLOCK_JUMPED'
)


def _set_alert_kinds(*kinds: str) -> None:
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), ' OR '.join(f"kind = '{each}'" for each in kinds))


def upgrade() -> None:
    op.create_table(
        'wrong_proofs',
        sa.Column('ticket', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('wrong', sa.Integer(), nullable=False),
        sa.Column('locked_at', Instant(), nullable=True),
        sa.CheckConstraint('wrong >= 1', name=op.f('ck_wrong_proofs_wrong')),
        sa.ForeignKeyConstraint(['ticket'], ['tickets.id'], name=op.f('fk_wrong_proofs_ticket_tickets'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('ticket', name=op.f('pk_wrong_proofs')),
    )
    op.create_table(
        'contacts',
        sa.Column('mark', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('language', sa.Text(), nullable=False),
        sa.Column('asked_at', Instant(), nullable=False),
        sa.Column('expires_at', Instant(), nullable=False),
        sa.Column('proof', sa.Text(), nullable=False),
        sa.Column('email', sa.Text(), nullable=True),
        sa.Column('proved_at', Instant(), nullable=True),
        sa.CheckConstraint('length(mark) = 64', name=op.f('ck_contacts_mark')),
        sa.CheckConstraint('(email IS NULL) = (proved_at IS NOT NULL)', name=op.f('ck_contacts_email')),
        sa.PrimaryKeyConstraint('mark', name=op.f('pk_contacts')),
        sa.UniqueConstraint('proof', name=op.f('uq_contacts_proof')),
    )
    op.create_table(
        'kiosk_turns',
        sa.Column('device', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('paid_until', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('device', name=op.f('pk_kiosk_turns')),
    )
    _set_alert_kinds(*ALERTS_BEFORE, 'MANY_NUMBERS')
    # Whoever waits already was never asked for a proof, so none is demanded of them.
    op.add_column('waitlist', sa.Column('contact', sa.Text(), nullable=True))
    op.add_column('waitlist', sa.Column('proved', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index('ix_waitlist_contact', 'waitlist', ['contact'], unique=False)
    op.create_index('ix_waitlist_phone', 'waitlist', ['phone'], unique=False)
    op.create_index(
        'ix_waitlist_suiting', 'waitlist',
        ['office', 'service', 'proved', 'created_at', 'id', 'party_size', 'first_date', 'last_date'], unique=False,
        sqlite_where=sa.text("state = 'WAITING'"), postgresql_where=sa.text("state = 'WAITING'"),
    )


def downgrade() -> None:
    for name in ('ix_waitlist_suiting', 'ix_waitlist_phone', 'ix_waitlist_contact'):
        op.drop_index(name, table_name='waitlist')
    op.drop_column('waitlist', 'proved')
    op.drop_column('waitlist', 'contact')
    op.execute("DELETE FROM alerts WHERE kind = 'MANY_NUMBERS'")
    _set_alert_kinds(*ALERTS_BEFORE)
    op.drop_table('kiosk_turns')
    op.drop_table('contacts')
    op.drop_table('wrong_proofs')
