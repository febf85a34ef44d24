"""visits by phone and video: which services and counters, which visits, where they meet"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

PLACES = ('OUTSIDE', 'INSIDE')
KINDS = ('OFFICE', 'PHONE', 'VIDEO')


def _one_of(column: str, kinds: tuple[str, ...], nullable: bool = False) -> str:
    rules = [f"{column} = '{each}'" for each in kinds] + ([f'{column} IS NULL'] if nullable else [])
    return ' OR '.join(rules)


def _set_people_min(least: int) -> None:
    with op.batch_alter_table('kept_places') as batch_op:
        batch_op.drop_constraint(op.f('ck_kept_places_size'), type_='check')
        batch_op.create_check_constraint(
            op.f('ck_kept_places_size'), f'people >= {least} AND span >= 1'
        )


def upgrade() -> None:
    op.add_column('streams', sa.Column('remote', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('services', sa.Column('remote', sa.JSON(), nullable=False, server_default='[]'))
    op.add_column('counters', sa.Column('remote', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('counters', sa.Column('meeting_url', sa.Text(), nullable=True))
    with op.batch_alter_table('tickets') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Text(), nullable=False, server_default='OFFICE'))
        batch_op.create_check_constraint(op.f('ck_tickets_kind'), _one_of('kind', KINDS))
        batch_op.drop_constraint(op.f('ck_tickets_place'), type_='check')
        batch_op.create_check_constraint(
            op.f('ck_tickets_place'), _one_of('place', (*PLACES, 'REMOTE'), nullable=True)
        )
    _set_people_min(0)
    op.create_table(
        'meetings',
        sa.Column('ticket', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('date', sa.Date(), nullable=False),
        sa.Column('url', sa.Text(), nullable=False),
        sa.Column('opened_at', Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ['ticket'], ['tickets.id'], name=op.f('fk_meetings_ticket_tickets'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('ticket', name=op.f('pk_meetings')),
    )
    op.create_index('ix_meetings_office_date', 'meetings', ['office', 'date'], unique=False)


def downgrade() -> None:
    op.drop_table('meetings')
    # What was booked from home becomes a visit in the office, and no place in the room is left over.
    op.execute("DELETE FROM kept_places WHERE people = 0")
    _set_people_min(1)
    op.execute("UPDATE tickets SET place = 'OUTSIDE' WHERE place = 'REMOTE'")
    with op.batch_alter_table('tickets') as batch_op:
        batch_op.drop_constraint(op.f('ck_tickets_place'), type_='check')
        batch_op.create_check_constraint(op.f('ck_tickets_place'), _one_of('place', PLACES, nullable=True))
        batch_op.drop_constraint(op.f('ck_tickets_kind'), type_='check')
        batch_op.drop_column('kind')
    op.drop_column('counters', 'meeting_url')
    op.drop_column('counters', 'remote')
    op.drop_column('services', 'remote')
    op.drop_column('streams', 'remote')
