"""The whole schema of the first release"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from queue_server.store.tables import Instant

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('answers',
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'key', name=op.f('pk_answers')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answers_at'), ['at'], unique=False)

    op.create_table('devices',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('office', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('pairing_code', sa.Text(), nullable=True),
    sa.Column('secret_hash', sa.Text(), nullable=True),
    sa.Column('requested_at', Instant(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=True),
    sa.Column('seen_at', Instant(), nullable=True),
    sa.Column('health', sa.JSON(), nullable=False),
    sa.CheckConstraint("kind IN ('kiosk', 'display', 'printer')", name=op.f('ck_devices_kind')),
    sa.CheckConstraint("state IN ('PENDING', 'APPROVED', 'PAIRED', 'REVOKED')", name=op.f('ck_devices_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_devices'))
    )
    with op.batch_alter_table('devices', schema=None) as batch_op:
        batch_op.create_index('ix_devices_pairing_code', ['pairing_code'], unique=False)

    op.create_table('events',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('ticket', sa.Text(), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('office', 'date', 'seq', name=op.f('pk_events')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_events_ticket'), ['ticket'], unique=False)

    op.create_table('offices',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('zone', sa.Text(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('people_limit', sa.Integer(), nullable=True),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('notice', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("mode = 'NORMAL' OR mode = 'ONLINE_FIRST' OR mode = 'URGENT_ONLY' OR mode = 'CLOSED'", name=op.f('ck_offices_mode')),
    sa.CheckConstraint('people_limit IS NULL OR people_limit >= 0', name=op.f('ck_offices_people_limit')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_offices'))
    )
    op.create_table('relays',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('relayed_seq', sa.Integer(), nullable=False),
    sa.Column('leased_by', sa.Text(), nullable=True),
    sa.Column('leased_until', Instant(), nullable=True),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('retry_at', Instant(), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('office', 'date', name=op.f('pk_relays'))
    )
    op.create_table('tickets',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('letter', sa.Text(), nullable=False),
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('party_size', sa.Integer(), nullable=False),
    sa.Column('priority', sa.Boolean(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('slot', Instant(), nullable=True),
    sa.Column('expires_at', Instant(), nullable=True),
    sa.Column('arrived_at', Instant(), nullable=True),
    sa.Column('turn_time', Instant(), nullable=True),
    sa.Column('turn_basis', sa.Text(), nullable=True),
    sa.Column('admitted_at', Instant(), nullable=True),
    sa.Column('called_at', Instant(), nullable=True),
    sa.Column('last_called_at', Instant(), nullable=True),
    sa.Column('call_seq', sa.Integer(), nullable=True),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('counter', sa.Text(), nullable=True),
    sa.Column('clerk', sa.Text(), nullable=True),
    sa.Column('started_at', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('reschedules', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("channel = 'REGULAR' OR channel = 'URGENT'", name=op.f('ck_tickets_channel')),
    sa.CheckConstraint("origin = 'ONLINE' OR origin = 'WALK_IN' OR origin = 'STAFF' OR origin = 'OFFLINE_KIOSK'", name=op.f('ck_tickets_origin')),
    sa.CheckConstraint("place = 'OUTSIDE' OR place = 'INSIDE' OR place IS NULL", name=op.f('ck_tickets_place')),
    sa.CheckConstraint("state = 'HELD' OR state = 'BOOKED' OR state = 'WAITING' OR state = 'CALLED' OR state = 'SERVING' OR state = 'PARKED' OR state = 'SERVED' OR state = 'NO_SHOW' OR state = 'LEFT' OR state = 'CANCELLED' OR state = 'EXPIRED' OR state = 'STRANDED'", name=op.f('ck_tickets_state')),
    sa.CheckConstraint('party_size >= 1', name=op.f('ck_tickets_party_size')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('code', name=op.f('uq_tickets_code')),
    sa.UniqueConstraint('office', 'date', 'number', name=op.f('uq_tickets_office_date_number'))
    )
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.create_index('ix_tickets_admitted', ['office', 'date', 'admitted_at'], unique=False, sqlite_where=sa.text('admitted_at IS NOT NULL'), postgresql_where=sa.text('admitted_at IS NOT NULL'))
        batch_op.create_index('ix_tickets_booked', ['slot'], unique=False, sqlite_where=sa.text("state = 'BOOKED'"), postgresql_where=sa.text("state = 'BOOKED'"))
        batch_op.create_index('ix_tickets_called', ['office', 'date', 'call_seq'], unique=False, sqlite_where=sa.text('call_seq IS NOT NULL'), postgresql_where=sa.text('call_seq IS NOT NULL'))
        batch_op.create_index('ix_tickets_expiring', ['expires_at'], unique=False, sqlite_where=sa.text('expires_at IS NOT NULL'), postgresql_where=sa.text('expires_at IS NOT NULL'))
        batch_op.create_index('ix_tickets_present', ['office', 'date', 'state'], unique=False, sqlite_where=sa.text("state IN ('CALLED', 'SERVING', 'PARKED')"), postgresql_where=sa.text("state IN ('CALLED', 'SERVING', 'PARKED')"))
        batch_op.create_index('ix_tickets_waiting', ['office', 'date', 'letter', 'turn_time', 'id', 'place', 'party_size'], unique=False, sqlite_where=sa.text("state = 'WAITING'"), postgresql_where=sa.text("state = 'WAITING'"))
        batch_op.create_index('uq_tickets_one_visitor', ['office', 'date', 'counter'], unique=True, sqlite_where=sa.text("state IN ('CALLED', 'SERVING')"), postgresql_where=sa.text("state IN ('CALLED', 'SERVING')"))

    op.create_table('users',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('username', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('office', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('username', name=op.f('uq_users_username'))
    )
    op.create_table('closed_dates',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_closed_dates_office')),
    sa.PrimaryKeyConstraint('office', 'date', name=op.f('pk_closed_dates'))
    )
    op.create_table('counters',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('letters', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_counters_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counters'))
    )
    with op.batch_alter_table('counters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_counters_office'), ['office'], unique=False)

    op.create_table('office_days',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('persons_inside', sa.Integer(), nullable=False),
    sa.Column('parties_outside', sa.Integer(), nullable=False),
    sa.Column('correction', sa.Integer(), nullable=False),
    sa.Column('open_counters', sa.JSON(), nullable=False),
    sa.Column('streams', sa.JSON(), nullable=False),
    sa.CheckConstraint('parties_outside >= 0', name=op.f('ck_office_days_parties_outside')),
    sa.CheckConstraint('persons_inside >= 0', name=op.f('ck_office_days_persons_inside')),
    sa.CheckConstraint('seq >= 0', name=op.f('ck_office_days_seq')),
    sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_office_days_office')),
    sa.PrimaryKeyConstraint('office', 'date', name=op.f('pk_office_days'))
    )
    op.create_table('openings',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.CheckConstraint('opens < closes', name=op.f('ck_openings_order')),
    sa.CheckConstraint('weekday BETWEEN 0 AND 6', name=op.f('ck_openings_weekday')),
    sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_openings_office')),
    sa.PrimaryKeyConstraint('office', 'weekday', 'opens', name=op.f('pk_openings'))
    )
    op.create_table('sessions',
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('seen_at', Instant(), nullable=False),
    sa.Column('revoked_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['users.id'], name=op.f('fk_sessions_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_sessions'))
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sessions_user'), ['user'], unique=False)

    op.create_table('slots',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('starts_at', Instant(), nullable=False),
    sa.Column('ends_at', Instant(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), server_default='0', nullable=False),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_slots_order')),
    sa.CheckConstraint('taken BETWEEN 0 AND people', name=op.f('ck_slots_taken')),
    sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_slots_office')),
    sa.PrimaryKeyConstraint('office', 'starts_at', name=op.f('pk_slots'))
    )
    with op.batch_alter_table('slots', schema=None) as batch_op:
        batch_op.create_index('ix_slots_office_date', ['office', 'date'], unique=False)

    op.create_table('streams',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('letter', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.CheckConstraint('length(letter) = 1', name=op.f('ck_streams_letter')),
    sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_streams_office')),
    sa.PrimaryKeyConstraint('office', 'letter', name=op.f('pk_streams'))
    )
    op.create_table('tokens',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('office', sa.Text(), nullable=True),
    sa.Column('user', sa.Text(), nullable=True),
    sa.Column('device', sa.Text(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('revoked_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['device'], ['devices.id'], name=op.f('fk_tokens_device'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user'], ['users.id'], name=op.f('fk_tokens_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_tokens_token_hash'))
    )
    op.create_table('visitors',
    sa.Column('ticket', sa.Text(), nullable=False),
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('nik_fingerprint', sa.Text(), nullable=False),
    sa.Column('nik_last4', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.CheckConstraint('length(nik_fingerprint) = 64', name=op.f('ck_visitors_nik_fingerprint')),
    sa.CheckConstraint('length(nik_last4) = 4', name=op.f('ck_visitors_nik_last4')),
    sa.ForeignKeyConstraint(['ticket'], ['tickets.id'], name=op.f('fk_visitors_ticket'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket', name=op.f('pk_visitors'))
    )
    with op.batch_alter_table('visitors', schema=None) as batch_op:
        batch_op.create_index('ix_visitors_nik', ['nik_fingerprint'], unique=False)
        batch_op.create_index('ix_visitors_phone', ['phone'], unique=False)

    op.create_table('counter_days',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('counter', sa.Text(), nullable=False),
    sa.Column('clerk', sa.Text(), nullable=True),
    sa.Column('opened_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['counter'], ['counters.id'], name=op.f('fk_counter_days_counter')),
    sa.PrimaryKeyConstraint('office', 'date', 'counter', name=op.f('pk_counter_days'))
    )
    op.create_table('services',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('letter', sa.Text(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('summary', sa.JSON(), nullable=False),
    sa.Column('requirements', sa.JSON(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=True),
    sa.CheckConstraint("channel = 'MUST_COME' OR channel = 'HYBRID' OR channel = 'ONLINE'", name=op.f('ck_services_channel')),
    sa.CheckConstraint("mode = 'NORMAL' OR mode = 'ONLINE_FIRST' OR mode = 'URGENT_ONLY' OR mode = 'CLOSED' OR mode IS NULL", name=op.f('ck_services_mode')),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_services_minutes')),
    sa.ForeignKeyConstraint(['office', 'letter'], ['streams.office', 'streams.letter'], name=op.f('fk_services_office_letter')),
    sa.PrimaryKeyConstraint('office', 'code', name=op.f('pk_services'))
    )
    op.create_table('stream_slots',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('letter', sa.Text(), nullable=False),
    sa.Column('starts_at', Instant(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), server_default='0', nullable=False),
    sa.CheckConstraint('taken BETWEEN 0 AND places', name=op.f('ck_stream_slots_taken')),
    sa.ForeignKeyConstraint(['office', 'starts_at'], ['slots.office', 'slots.starts_at'], name=op.f('fk_stream_slots_office_starts_at'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('office', 'letter', 'starts_at', name=op.f('pk_stream_slots'))
    )



def downgrade() -> None:

    op.drop_table('stream_slots')
    op.drop_table('services')
    op.drop_table('counter_days')
    with op.batch_alter_table('visitors', schema=None) as batch_op:
        batch_op.drop_index('ix_visitors_phone')
        batch_op.drop_index('ix_visitors_nik')

    op.drop_table('visitors')
    op.drop_table('tokens')
    op.drop_table('streams')
    with op.batch_alter_table('slots', schema=None) as batch_op:
        batch_op.drop_index('ix_slots_office_date')

    op.drop_table('slots')
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sessions_user'))

    op.drop_table('sessions')
    op.drop_table('openings')
    op.drop_table('office_days')
    with op.batch_alter_table('counters', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_counters_office'))

    op.drop_table('counters')
    op.drop_table('closed_dates')
    op.drop_table('users')
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.drop_index('uq_tickets_one_visitor', sqlite_where=sa.text("state IN ('CALLED', 'SERVING')"), postgresql_where=sa.text("state IN ('CALLED', 'SERVING')"))
        batch_op.drop_index('ix_tickets_waiting', sqlite_where=sa.text("state = 'WAITING'"), postgresql_where=sa.text("state = 'WAITING'"))
        batch_op.drop_index('ix_tickets_present', sqlite_where=sa.text("state IN ('CALLED', 'SERVING', 'PARKED')"), postgresql_where=sa.text("state IN ('CALLED', 'SERVING', 'PARKED')"))
        batch_op.drop_index('ix_tickets_expiring', sqlite_where=sa.text('expires_at IS NOT NULL'), postgresql_where=sa.text('expires_at IS NOT NULL'))
        batch_op.drop_index('ix_tickets_called', sqlite_where=sa.text('call_seq IS NOT NULL'), postgresql_where=sa.text('call_seq IS NOT NULL'))
        batch_op.drop_index('ix_tickets_booked', sqlite_where=sa.text("state = 'BOOKED'"), postgresql_where=sa.text("state = 'BOOKED'"))
        batch_op.drop_index('ix_tickets_admitted', sqlite_where=sa.text('admitted_at IS NOT NULL'), postgresql_where=sa.text('admitted_at IS NOT NULL'))

    op.drop_table('tickets')
    op.drop_table('relays')
    op.drop_table('offices')
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_events_ticket'))

    op.drop_table('events')
    with op.batch_alter_table('devices', schema=None) as batch_op:
        batch_op.drop_index('ix_devices_pairing_code')

    op.drop_table('devices')
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answers_at'))

    op.drop_table('answers')

