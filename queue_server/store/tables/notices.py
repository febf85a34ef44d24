"""What people are told: messages to visitors, announcements to the room, alerts to supervisors,
calls for help to the staff, and reports to those who run an office.
"""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.door.help_calls import HelpEnd, HelpReason
from queue_server.domain.messages.receipts import Receipt
from queue_server.domain.reports.mailing import RHYTHMS
from queue_server.domain.supervisor.alerts import AlertKind

from .columns import Instant, metadata, one_of

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("ticket", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("stale_at", Instant),
    sa.Column("retry_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("last_error", sa.Text),
    sa.Column("receipt", sa.Text),
    sa.Column("receipt_at", Instant),
    sa.CheckConstraint("channel IN ('EMAIL', 'PHONE', 'NONE')", name="channel"),
    sa.CheckConstraint(
        "state IN ('QUEUED', 'SENDING', 'SENT', 'BY_HAND', 'DONE', 'FAILED')", name="state"
    ),
    one_of("receipt", Receipt, nullable=True),
    sa.UniqueConstraint("ticket", "kind", "occasion"),
    sa.Index("ix_messages_due", "state", "channel", "due_at"),
    sa.Index("ix_messages_office", "office", "created_at"),
)

message_counts = sa.Table(
    "message_counts",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("phone_messages", sa.Integer, nullable=False),
    sa.CheckConstraint("phone_messages >= 0", name="phone_messages"),
)

message_words = sa.Table(
    "message_words",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
)

announcements = sa.Table(
    "announcements",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False),
    sa.Column("text", sa.JSON, nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.CheckConstraint("starts_at <= ends_at", name="order"),
    sa.Index("ix_announcements_office_ends_at", "office", "ends_at"),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("raised_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("acknowledged_at", Instant),
    sa.Column("acknowledged_by", sa.Text),
    sa.Column("mail_due_at", Instant),
    sa.Column("mail_attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("mailed_at", Instant),
    sa.Column("mail_error", sa.Text),
    sa.Column("escalate_at", Instant),
    sa.Column("mailed_to", sa.Text),
    one_of("kind", AlertKind),
    sa.CheckConstraint(
        "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"
    ),
    sa.Index("ix_alerts_office_date", "office", "date", "raised_at"),
)
one_alert_index = sa.Index(
    "uq_alerts_one_open",
    alerts.c.office,
    alerts.c.date,
    alerts.c.kind,
    alerts.c.subject,
    unique=True,
    sqlite_where=alerts.c.ended_at.is_(None),
    postgresql_where=alerts.c.ended_at.is_(None),
)
alert_mail_index = sa.Index(
    "ix_alerts_mail_due",
    alerts.c.mail_due_at,
    sqlite_where=alerts.c.mail_due_at.is_not(None),
    postgresql_where=alerts.c.mail_due_at.is_not(None),
)

alert_escalation_index = sa.Index(
    "ix_alerts_escalate",
    alerts.c.escalate_at,
    sqlite_where=alerts.c.escalate_at.is_not(None),
    postgresql_where=alerts.c.escalate_at.is_not(None),
)

escalations = sa.Table(
    "escalations",
    metadata,
    sa.Column("alert", sa.Text, sa.ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("mail_due_at", Instant),
    sa.Column("mail_attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("mailed_at", Instant),
    sa.Column("mail_error", sa.Text),
    sa.Column("mailed_to", sa.Text),
)
escalation_mail_index = sa.Index(
    "ix_escalations_mail_due",
    escalations.c.mail_due_at,
    sqlite_where=escalations.c.mail_due_at.is_not(None),
    postgresql_where=escalations.c.mail_due_at.is_not(None),
)

help_calls = sa.Table(
    "help_calls",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("device", sa.Text, sa.ForeignKey("devices.id", ondelete="CASCADE"), nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("screen", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("answered_at", Instant),
    sa.Column("answered_by", sa.Text),
    sa.Column("ended_at", Instant),
    sa.Column("ended_how", sa.Text),
    one_of("reason", HelpReason),
    one_of("ended_how", HelpEnd, nullable=True),
    sa.CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered"),
    sa.Index("ix_help_calls_device", "device", "asked_at"),
)
one_help_call_index = sa.Index(
    "uq_help_calls_one_open",
    help_calls.c.office,
    help_calls.c.device,
    unique=True,
    sqlite_where=help_calls.c.ended_at.is_(None),
    postgresql_where=help_calls.c.ended_at.is_(None),
)

report_mails = sa.Table(
    "report_mails",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), nullable=False, index=True),
    sa.Column("every", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False, index=True),
    sa.Column("claims", sa.Integer, nullable=False),
    sa.Column("last_error", sa.Text),
    sa.Column("last_sent_at", Instant),
    sa.UniqueConstraint("office", "email", "every"),
    sa.CheckConstraint(" OR ".join(f"every = '{each}'" for each in RHYTHMS), name="every"),
)
