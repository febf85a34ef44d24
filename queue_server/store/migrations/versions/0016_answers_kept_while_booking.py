"""answers kept while booking, passports, and help that visitors need on the spot"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

KINDS = "identity = 'NIK' OR identity = 'PASSPORT' OR identity = 'NIK_OR_PASSPORT'"
NEEDING = "needs <> '' OR represented"
DOCUMENTS = "document = 'NIK' OR document = 'PASSPORT'"


def upgrade() -> None:
    op.create_table(
        'booking_drafts',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('sealed', sa.Text(), nullable=False),
        sa.Column('expires_at', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_drafts')),
    )
    op.create_index('ix_booking_drafts_expires_at', 'booking_drafts', ['expires_at'])
    with op.batch_alter_table('services') as batch_op:
        batch_op.add_column(
            sa.Column('identity', sa.Text(), server_default='NIK', nullable=False)
        )
        batch_op.create_check_constraint(op.f('ck_services_identity'), KINDS)
    op.execute("UPDATE services SET identity = 'NIK_OR_PASSPORT' WHERE code = 'WNA'")
    with op.batch_alter_table('visitors') as batch_op:
        batch_op.add_column(
            sa.Column('document', sa.Text(), server_default='NIK', nullable=False)
        )
        batch_op.add_column(sa.Column('needs', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(
            sa.Column('represented', sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_check_constraint(op.f('ck_visitors_document'), DOCUMENTS)
    op.create_index(
        'ix_visitors_needing',
        'visitors',
        ['office'],
        sqlite_where=sa.text(NEEDING),
        postgresql_where=sa.text(NEEDING),
    )
    op.add_column('waitlist', sa.Column('document', sa.Text()))
    op.add_column('waitlist', sa.Column('needs', sa.Text()))
    op.add_column('waitlist', sa.Column('represented', sa.Boolean()))


def downgrade() -> None:
    op.drop_column('waitlist', 'represented')
    op.drop_column('waitlist', 'needs')
    op.drop_column('waitlist', 'document')
    op.drop_index('ix_visitors_needing', table_name='visitors')
    with op.batch_alter_table('visitors') as batch_op:
        batch_op.drop_constraint(op.f('ck_visitors_document'), type_='check')
        batch_op.drop_column('represented')
        batch_op.drop_column('needs')
        batch_op.drop_column('document')
    with op.batch_alter_table('services') as batch_op:
        batch_op.drop_constraint(op.f('ck_services_identity'), type_='check')
        batch_op.drop_column('identity')
    op.drop_index('ix_booking_drafts_expires_at', table_name='booking_drafts')
    op.drop_table('booking_drafts')
