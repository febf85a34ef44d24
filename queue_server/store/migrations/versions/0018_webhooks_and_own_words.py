"""webhooks, and messages in an office's own words"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

ALERTS_BEFORE = (
    'LONG_WAIT', 'FULL_OUTSIDE', 'DEVICE_SILENT', 'NOBODY_CALLED', 'FEW_COUNTERS', 'PRINTER_TROUBLE', 'OVER_LIMIT',
    'CLOCK_JUMPED', 'MANY_NUMBERS',
)


def _set_alert_kinds(*kinds: str) -> None:
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), ' OR '.join(f"kind = '{each}'" for each in kinds))


def upgrade() -> None:
    op.create_table(
        'webhook_endpoints',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('url', sa.Text(), nullable=False),
        sa.Column('types', sa.JSON(), nullable=False),
        sa.Column('made_at', Instant(), nullable=False),
        sa.Column('made_by', sa.Text(), nullable=False),
        sa.Column('taking_since', Instant(), nullable=True),
        sa.Column('off_because', sa.Text(), nullable=True),
        sa.Column('secret_version', sa.Integer(), nullable=False),
        sa.Column('previous_until', Instant(), nullable=True),
        sa.Column('failing_since', Instant(), nullable=True),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('retry_at', Instant(), nullable=True),
        sa.Column('claims', sa.Integer(), nullable=False),
        sa.Column('last_error', sa.Text(), nullable=True),
        sa.Column('last_taken_at', Instant(), nullable=True),
        sa.CheckConstraint(
            "off_because = 'BY_HAND' OR off_because = 'FAILING' OR off_because = 'GONE' OR off_because IS NULL",
            name=op.f('ck_webhook_endpoints_off_because'),
        ),
        sa.CheckConstraint(
            '(taking_since IS NULL) = (off_because IS NOT NULL)', name=op.f('ck_webhook_endpoints_off')
        ),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_webhook_endpoints_office_offices')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_endpoints')),
    )
    op.create_index('ix_webhook_endpoints_office', 'webhook_endpoints', ['office'], unique=False)
    op.create_table(
        'webhook_messages',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('endpoint', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('owed_since', Instant(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.Column('last_error', sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state = 'QUEUED' OR state = 'TAKEN' OR state = 'GIVEN_UP'", name=op.f('ck_webhook_messages_state')
        ),
        sa.ForeignKeyConstraint(
            ['endpoint'], ['webhook_endpoints.id'], name=op.f('fk_webhook_messages_endpoint_webhook_endpoints'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_messages')),
    )
    op.create_index('ix_webhook_messages_endpoint', 'webhook_messages', ['endpoint', 'state', 'owed_since'], unique=False)
    op.create_index('ix_webhook_messages_ended_at', 'webhook_messages', ['ended_at'], unique=False)
    op.create_table(
        'message_words',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('language', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('changed_at', Instant(), nullable=False),
        sa.Column('changed_by', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_message_words_office_offices')),
        sa.PrimaryKeyConstraint('office', 'kind', 'language', name=op.f('pk_message_words')),
    )
    _set_alert_kinds(*ALERTS_BEFORE, 'WEBHOOK_STOPPED')


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE kind = 'WEBHOOK_STOPPED'")
    _set_alert_kinds(*ALERTS_BEFORE)
    op.drop_table('message_words')
    op.drop_table('webhook_messages')
    op.drop_table('webhook_endpoints')
