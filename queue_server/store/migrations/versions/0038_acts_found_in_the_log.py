"""acts found in the log"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0034'
branch_labels = None
depends_on = None

IS_NO_STEP = (
    "type NOT IN ('admitted', 'booked', 'called', 'cancelled', 'checked_in', 'confirmed', "
    "'door_counted', 'expired', 'finished', 'held', 'hold_extended', 'left', 'not_shown', "
    "'parked', 'places_released', 'places_taken', 'recalled', 'rescheduled', 'resumed', "
    "'slots_planned', 'started', 'walked_in')"
)


def upgrade() -> None:
    op.create_index(
        'ix_events_acts', 'events', ['office', 'date', 'seq', 'type'], unique=False,
        sqlite_where=sa.text(IS_NO_STEP), postgresql_where=sa.text(IS_NO_STEP),
    )
    op.create_index(
        'ix_events_picked', 'events', ['office', 'date', 'seq'], unique=False,
        sqlite_where=sa.text("type = 'called' AND json_extract(facts, '$.direct') = 1"),
        postgresql_where=sa.text("type = 'called' AND facts ->> 'direct' = 'true'"),
    )


def downgrade() -> None:
    op.drop_index('ix_events_picked', table_name='events')
    op.drop_index('ix_events_acts', table_name='events')
