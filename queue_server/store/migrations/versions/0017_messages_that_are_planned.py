"""messages that are planned, go by telephone and are reported on; who asked for them, and how many went out"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

LATER_KINDS = "('confirmation', 'changed', 'withdrawn', 'reminder', 'ahead', 'come_in', 'call', 'lost_code')"


def upgrade() -> None:
    op.create_table(
        'message_counts',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('phone_messages', sa.Integer(), nullable=False),
        sa.CheckConstraint('phone_messages >= 0', name=op.f('ck_message_counts_phone_messages')),
        sa.PrimaryKeyConstraint('office', 'date', name=op.f('pk_message_counts')),
    )
    op.add_column('visitors', sa.Column('reminders', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index('ix_visitors_email', 'visitors', ['email'], unique=False)
    op.add_column('waitlist', sa.Column('reminders', sa.Boolean(), nullable=True, server_default=sa.false()))
    for name, kind in (
        ('occasion', sa.Text()), ('due_at', Instant()), ('stale_at', Instant()), ('receipt', sa.Text()),
        ('receipt_at', Instant()),
    ):
        op.add_column('messages', sa.Column(name, kind, nullable=True))
    # What was owed before is due at once, and each row was a message of its own.
    op.execute('UPDATE messages SET occasion = id')
    op.drop_index('ix_messages_queued', table_name='messages')
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.alter_column('occasion', existing_type=sa.Text(), nullable=False)
        batch_op.drop_constraint(op.f('uq_messages_ticket_kind_created_at'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_messages_ticket_kind_occasion'), ['ticket', 'kind', 'occasion'])
        batch_op.create_check_constraint(
            op.f('ck_messages_receipt'),
            "receipt = 'ACCEPTED' OR receipt = 'UNDELIVERED' OR receipt = 'DELIVERED' OR receipt IS NULL",
        )
    op.create_index('ix_messages_due', 'messages', ['state', 'channel', 'due_at'], unique=False)


def downgrade() -> None:
    offices = sa.table('offices', sa.column('code', sa.Text()), sa.column('rules', sa.JSON()))
    connection = op.get_bind()
    for code, rules in connection.execute(sa.select(offices)).all():
        if 'messages' in rules:
            kept = {group: own for group, own in rules.items() if group != 'messages'}
            connection.execute(offices.update().where(offices.c.code == code).values(rules=kept))
    # The release before knows neither these kinds nor a time before which a message must not go.
    op.execute(f'DELETE FROM messages WHERE kind IN {LATER_KINDS}')
    op.execute("UPDATE messages SET state = 'BY_HAND', retry_at = NULL WHERE channel = 'PHONE' AND state IN ('QUEUED', 'SENDING')")
    op.drop_index('ix_messages_due', table_name='messages')
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_messages_receipt'), type_='check')
        batch_op.drop_constraint(op.f('uq_messages_ticket_kind_occasion'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_messages_ticket_kind_created_at'), ['ticket', 'kind', 'created_at'])
        for name in ('receipt_at', 'receipt', 'stale_at', 'due_at', 'occasion'):
            batch_op.drop_column(name)
    op.create_index('ix_messages_queued', 'messages', ['state', 'retry_at'], unique=False)
    op.drop_column('waitlist', 'reminders')
    op.drop_index('ix_visitors_email', table_name='visitors')
    op.drop_column('visitors', 'reminders')
    op.drop_table('message_counts')
