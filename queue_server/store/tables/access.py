"""Who may sign in, and which devices are known."""

from __future__ import annotations

import sqlalchemy as sa

from .columns import Instant, metadata

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("username", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("office", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.false()),
)

password_resets = sa.Table(
    "password_resets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("seen_at", Instant),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column(
        "user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("office", sa.Text),
    sa.Column("user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE")),
    sa.Column("device", sa.Text, sa.ForeignKey("devices.id", ondelete="CASCADE")),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
)

devices = sa.Table(
    "devices",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("office", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("pairing_code", sa.Text),
    sa.Column("secret_hash", sa.Text),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    sa.Column("seen_at", Instant),
    sa.Column("health", sa.JSON, nullable=False),
    sa.CheckConstraint("kind IN ('kiosk', 'display', 'printer', 'sensor')", name="kind"),
    sa.CheckConstraint("state IN ('PENDING', 'APPROVED', 'PAIRED', 'REVOKED')", name="state"),
    sa.Index("ix_devices_pairing_code", "pairing_code"),
)

display_settings = sa.Table(
    "display_settings",
    metadata,
    sa.Column("device", sa.Text, sa.ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("voice", sa.Boolean, nullable=False),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Index("ix_display_settings_office", "office"),
    # In a zone at most one screen speaks.
    sa.Index(
        "uq_display_settings_voice",
        "office",
        "zone",
        unique=True,
        sqlite_where=sa.text("voice"),
        postgresql_where=sa.text("voice"),
    ),
)

setup_codes = sa.Table(
    "setup_codes",
    metadata,
    sa.Column("code_hash", sa.Text, primary_key=True),
    sa.Column("made_at", Instant, nullable=False),
)
"""The code that opens the set-up page while there is no administrator: one row, of the last start.
"""
