"""until when a visitor has stepped away, and by how much a booked one has said to come later"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

_DAYS = sa.table('office_days', sa.column('office'), sa.column('date', sa.Date), sa.column('streams', sa.JSON))
_KNOWN_BEFORE = 6
"""So many values of a stream's day the release before knows."""


def upgrade() -> None:
    # Both databases add a column without a default in place.
    op.add_column('tickets', sa.Column('away_until', Instant(), nullable=True))
    op.add_column('tickets', sa.Column('delay_minutes', sa.Integer(), nullable=True))


def downgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_DAYS)).all():
        if any(len(values) > _KNOWN_BEFORE for values in row.streams.values()):
            connection.execute(
                _DAYS.update()
                .where(_DAYS.c.office == row.office, _DAYS.c.date == row.date)
                .values(streams={letter: values[:_KNOWN_BEFORE] for letter, values in row.streams.items()})
            )
    op.drop_column('tickets', 'delay_minutes')
    op.drop_column('tickets', 'away_until')
