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
    sa.Column("distrusted", sa.Boolean, nullable=False, server_default=sa.false()),
)

user_offices = sa.Table(
    "user_offices",
    metadata,
    sa.Column("user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "office", sa.Text, sa.ForeignKey("offices.code", ondelete="CASCADE"), primary_key=True
    ),
    sa.Index("ix_user_offices_office", "office"),
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
    sa.Column("confirmed_at", Instant),
    sa.Column("browser", sa.Text, nullable=False, server_default=""),
    sa.Column("address", sa.Text, nullable=False, server_default=""),
)

second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("asked_at", Instant),
    sa.Column("confirmed_at", Instant),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("used_at", Instant),
)

passkeys = sa.Table(
    "passkeys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("uses", sa.BigInteger, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
)

identities = sa.Table(
    "identities",
    metadata,
    sa.Column("user", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("linked_at", Instant, nullable=False),
    sa.CheckConstraint("email IS NOT NULL OR subject IS NOT NULL", name="named"),
    sa.UniqueConstraint("issuer", "email"),
    sa.UniqueConstraint("issuer", "subject"),
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
    sa.Column("scope", sa.Text),
    sa.Column("expires_at", Instant),
    sa.Column("used_at", Instant),
    sa.CheckConstraint("scope = 'read' OR scope = 'role' OR scope IS NULL", name="scope"),
    sa.Index("ix_tokens_user", "user"),
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
