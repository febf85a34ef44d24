"""What an office is: its streams, services, counters and zones; and every change of that."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.office.office import IdentityKind, ServiceChannel

from .columns import Instant, metadata, one_of

offices = sa.Table(
    "offices",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("people_limit", sa.Integer),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.Column("location", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("slip", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("languages", sa.JSON, nullable=False, server_default='["id", "en"]'),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.CheckConstraint("people_limit IS NULL OR people_limit >= 0", name="people_limit"),
)

slip_logos = sa.Table(
    "slip_logos",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("picture", sa.LargeBinary, nullable=False),
)

setup_steps = sa.Table(
    "setup_steps",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("step", sa.Text, primary_key=True),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.CheckConstraint("mark IN ('SKIPPED', 'DONE')", name="mark"),
)
"""Steps of the first set-up that were skipped, or that leave no other trace of being done."""

streams = sa.Table(
    "streams",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("letter", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.JSON, nullable=False),
    sa.Column("remote", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("slot_quota", sa.Integer),
    sa.Column("walk_in_quota", sa.Integer),
    sa.CheckConstraint("length(letter) = 1", name="letter"),
)

services = sa.Table(
    "services",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("name", sa.JSON, nullable=False),
    sa.Column("summary", sa.JSON, nullable=False),
    sa.Column("requirements", sa.JSON, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("online", sa.JSON(none_as_null=True)),
    sa.Column("search_words", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("identity", sa.Text, nullable=False, server_default="NIK"),
    sa.Column("remote", sa.JSON, nullable=False, server_default="[]"),
    sa.ForeignKeyConstraint(["office", "letter"], ["streams.office", "streams.letter"]),
    one_of("channel", ServiceChannel),
    one_of("identity", IdentityKind),
    sa.CheckConstraint("minutes > 0", name="minutes"),
)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("letters", sa.JSON, nullable=False),
    # Days on which it was open still name it.
    sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("remote", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("meeting_url", sa.Text),
)

zones = sa.Table(
    "zones",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("facts", sa.JSON, nullable=False),
)

setting_changes = sa.Table(
    "setting_changes",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("parts", sa.JSON, nullable=False),
    sa.Column("undoes", sa.Integer),
)
