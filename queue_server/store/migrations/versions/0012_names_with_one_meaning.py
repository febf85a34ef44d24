"""names that say one thing: the pace of kiosks, the line in a rush, the number of a probe"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_paces('kiosk_paces')
    _move('kiosk_turns', 'kiosk_paces', 'device, office, paid_until')
    _make_line('rush_lines')
    _move('turn_lines', 'rush_lines', 'office, reaches_until')
    # Both databases rename a column in place; a batch of SQLite would copy the table.
    op.execute('ALTER TABLE probes RENAME COLUMN turn TO number')


def downgrade() -> None:
    op.execute('ALTER TABLE probes RENAME COLUMN number TO turn')
    _make_line('turn_lines')
    _move('rush_lines', 'turn_lines', 'office, reaches_until')
    _make_paces('kiosk_turns')
    _move('kiosk_paces', 'kiosk_turns', 'device, office, paid_until')


def _make_paces(name: str) -> None:
    op.create_table(
        name,
        sa.Column('device', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('paid_until', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('device', name=op.f(f'pk_{name}')),
    )


def _make_line(name: str) -> None:
    op.create_table(
        name,
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('reaches_until', Instant(), nullable=False),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f(f'fk_{name}_office')),
        sa.PrimaryKeyConstraint('office', name=op.f(f'pk_{name}')),
    )


def _move(before: str, after: str, columns: str) -> None:
    # A table of its own has constraints of its own name, which neither database renames with it.
    op.execute(f'INSERT INTO {after} ({columns}) SELECT {columns} FROM {before}')
    op.drop_table(before)
