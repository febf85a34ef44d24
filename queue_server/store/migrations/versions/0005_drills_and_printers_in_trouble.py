"""evacuations that are practised, and alerts about printers"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

KINDS = ('LONG_WAIT', 'FULL_OUTSIDE', 'DEVICE_SILENT', 'NOBODY_CALLED', 'FEW_COUNTERS')
MORE_KINDS = (*KINDS, 'PRINTER_TROUBLE')


def upgrade() -> None:
    with op.batch_alter_table('office_days', schema=None) as batch_op:
        batch_op.add_column(sa.Column('drill', sa.Boolean(), nullable=False, server_default=sa.false()))
    _admit_kinds(KINDS, MORE_KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE kind = 'PRINTER_TROUBLE'")
    _admit_kinds(MORE_KINDS, KINDS)
    with op.batch_alter_table('office_days', schema=None) as batch_op:
        batch_op.drop_column('drill')


def _rule(kinds: tuple[str, ...]) -> str:
    return ' OR '.join(f"kind = '{each}'" for each in kinds)


def _admit_kinds(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Give the alerts another rule for their kinds. SQLite cannot change one, so there the table is made anew and the rows carried over."""
    table = sa.Table(
        'alerts', sa.MetaData(),
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('raised_at', Instant(), nullable=False),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.Column('acknowledged_at', Instant(), nullable=True),
        sa.Column('acknowledged_by', sa.Text(), nullable=True),
        sa.CheckConstraint(_rule(before), name=op.f('ck_alerts_kind')),
        sa.CheckConstraint('(acknowledged_at IS NULL) = (acknowledged_by IS NULL)', name=op.f('ck_alerts_acknowledged')),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_alerts_office')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts')),
    )
    is_open = sa.text('ended_at IS NULL')
    sa.Index('ix_alerts_office_date', table.c.office, table.c.date, table.c.raised_at)
    sa.Index(
        'uq_alerts_one_open', table.c.office, table.c.date, table.c.kind, table.c.subject, unique=True, sqlite_where=is_open,
        postgresql_where=is_open,
    )
    with op.batch_alter_table('alerts', copy_from=table) as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_alerts_kind'), sa.text(_rule(after)))
