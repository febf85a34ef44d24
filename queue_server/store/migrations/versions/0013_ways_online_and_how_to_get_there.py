"""how a service is had online, by which words it is found, where an office is; the truth on channels"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

BEFORE = "channel = 'MUST_COME' OR channel = 'HYBRID' OR channel = 'ONLINE'"
AFTER = "channel = 'MUST_COME' OR channel = 'HYBRID' OR channel = 'EITHER' OR channel = 'ONLINE'"


def upgrade() -> None:
    op.add_column('offices', sa.Column('location', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('services') as batch_op:
        batch_op.add_column(sa.Column('online', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('search_words', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.drop_constraint(op.f('ck_services_channel'), type_='check')
        batch_op.create_check_constraint(op.f('ck_services_channel'), AFTER)
    # Papers are stamped at the office and a complaint is heard anywhere; neither is collected later.
    _set_channel('LEG', 'HYBRID', 'MUST_COME')
    _set_channel('PGD', 'HYBRID', 'EITHER')


def downgrade() -> None:
    _set_channel('LEG', 'MUST_COME', 'HYBRID')
    op.execute("UPDATE services SET channel = 'HYBRID' WHERE channel = 'EITHER'")
    with op.batch_alter_table('services') as batch_op:
        batch_op.drop_constraint(op.f('ck_services_channel'), type_='check')
        batch_op.create_check_constraint(op.f('ck_services_channel'), BEFORE)
        batch_op.drop_column('search_words')
        batch_op.drop_column('online')
    op.drop_column('offices', 'location')


def _set_channel(service: str, before: str, after: str) -> None:
    services = sa.table('services', sa.column('code', sa.Text), sa.column('channel', sa.Text))
    op.execute(
        services.update()
        .where(services.c.code == service, services.c.channel == before)
        .values(channel=after)
    )
