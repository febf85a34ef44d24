"""reports by mail"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0034'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'report_mails',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('every', sa.Text(), nullable=False),
        sa.Column('email', sa.Text(), nullable=False),
        sa.Column('language', sa.Text(), nullable=False),
        sa.Column('made_by', sa.Text(), nullable=False),
        sa.Column('made_at', Instant(), nullable=False),
        sa.Column('due_at', Instant(), nullable=False),
        sa.Column('claims', sa.Integer(), nullable=False),
        sa.Column('last_error', sa.Text(), nullable=True),
        sa.Column('last_sent_at', Instant(), nullable=True),
        sa.CheckConstraint("every = 'week' OR every = 'month'", name=op.f('ck_report_mails_every')),
        sa.ForeignKeyConstraint(
            ['office'], ['offices.code'], name=op.f('fk_report_mails_office_offices')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_report_mails')),
        sa.UniqueConstraint(
            'office', 'email', 'every', name=op.f('uq_report_mails_office_email_every')
        ),
    )
    op.create_index(op.f('ix_report_mails_due_at'), 'report_mails', ['due_at'])
    op.create_index(op.f('ix_report_mails_office'), 'report_mails', ['office'])


def downgrade() -> None:
    op.drop_table('report_mails')
