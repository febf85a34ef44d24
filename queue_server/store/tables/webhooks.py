"""Other programs that are told what happens: their addresses, and what each is owed."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.webhooks.endpoint import OffBecause
from queue_server.domain.webhooks.message import WebhookState

from .columns import Instant, metadata, one_of

webhook_endpoints = sa.Table(
    "webhook_endpoints",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("types", sa.JSON, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("taking_since", Instant),
    sa.Column("off_because", sa.Text),
    sa.Column("secret_version", sa.Integer, nullable=False),
    sa.Column("previous_until", Instant),
    sa.Column("failing_since", Instant),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("retry_at", Instant),
    sa.Column("claims", sa.Integer, nullable=False),
    sa.Column("last_error", sa.Text),
    sa.Column("last_taken_at", Instant),
    one_of("off_because", OffBecause, nullable=True),
    sa.CheckConstraint("(taking_since IS NULL) = (off_because IS NOT NULL)", name="off"),
)

webhook_messages = sa.Table(
    "webhook_messages",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "endpoint",
        sa.Text,
        sa.ForeignKey("webhook_endpoints.id", ondelete="CASCADE"),
        nullable=False,
    ),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("owed_since", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("last_error", sa.Text),
    one_of("state", WebhookState),
    sa.Index("ix_webhook_messages_endpoint", "endpoint", "state", "owed_since"),
    sa.Index("ix_webhook_messages_ended_at", "ended_at"),
)
