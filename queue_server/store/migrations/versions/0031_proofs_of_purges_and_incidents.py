"""proofs of purges, and incidents"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'purges',
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('night', sa.Date(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('until', Instant(), nullable=True),
        sa.Column('rule', sa.Text(), nullable=True),
        sa.Column('finished_at', Instant(), nullable=True),
        sa.Column('digest', sa.Text(), nullable=True),
        sa.CheckConstraint('"rows" >= 0', name=op.f('ck_purges_rows')),
        sa.CheckConstraint(
            '(finished_at IS NULL) = (digest IS NULL) AND (finished_at IS NULL) = (until IS NULL)'
            ' AND (finished_at IS NULL) = (rule IS NULL)',
            name=op.f('ck_purges_finished'),
        ),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_purges_office_offices')),
        sa.PrimaryKeyConstraint('office', 'night', 'kind', name=op.f('pk_purges')),
    )
    op.create_table(
        'incidents',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('noticed_at', Instant(), nullable=False),
        sa.Column('since', Instant(), nullable=False),
        sa.Column('started_at', Instant(), nullable=False),
        sa.Column('choices', sa.JSON(), nullable=False),
        sa.Column('steps', sa.JSON(), nullable=False),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.Column('is_open', sa.Boolean(), nullable=True),
        sa.CheckConstraint('since <= noticed_at', name=op.f('ck_incidents_order')),
        sa.CheckConstraint('(ended_at IS NULL) = (is_open IS NOT NULL)', name=op.f('ck_incidents_is_open')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_incidents')),
        sa.UniqueConstraint('is_open', name=op.f('uq_incidents_is_open')),
    )


def downgrade() -> None:
    op.drop_table('incidents')
    op.drop_table('purges')
