"""settings of the lobby's screens"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    display_settings = op.create_table(
        'display_settings',
        sa.Column('device', sa.Text(), nullable=False),
        sa.Column('office', sa.Text(), nullable=False),
        sa.Column('zone', sa.Text(), nullable=False),
        sa.Column('voice', sa.Boolean(), nullable=False),
        sa.Column('settings', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ['device'], ['devices.id'], name=op.f('fk_display_settings_device_devices'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['office'], ['offices.code'], name=op.f('fk_display_settings_office_offices')),
        sa.PrimaryKeyConstraint('device', name=op.f('pk_display_settings')),
    )
    op.create_index('ix_display_settings_office', 'display_settings', ['office'], unique=False)
    op.create_index(
        'uq_display_settings_voice', 'display_settings', ['office', 'zone'], unique=True,
        sqlite_where=sa.text('voice'), postgresql_where=sa.text('voice'),
    )
    # All screens chimed until now. Of those of an office the oldest goes on.
    known = op.get_bind().execute(sa.text(
        "SELECT devices.id, devices.office FROM devices JOIN offices ON offices.code = devices.office "
        "WHERE devices.kind = 'display' AND devices.state IN ('APPROVED', 'PAIRED') "
        "ORDER BY devices.requested_at, devices.id"
    )).all()
    speaking: dict[str, str] = {}
    for each in known:
        speaking.setdefault(each.office, each.id)
    if known:
        op.bulk_insert(display_settings, [
            {
                'device': each.id, 'office': each.office, 'zone': '', 'settings': {},
                'voice': speaking[each.office] == each.id,
            }
            for each in known
        ])


def downgrade() -> None:
    op.drop_table('display_settings')
