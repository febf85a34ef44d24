"""Who comes, what they have typed so far, what clerks noted about a visit, and where one by video
meets.
"""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.visit.identity import Document

from .columns import Instant, metadata, one_of

visitors = sa.Table(
    "visitors",
    metadata,
    sa.Column("ticket", sa.Text, sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("nik_fingerprint", sa.Text, nullable=False),
    sa.Column("nik_last4", sa.Text, nullable=False),
    sa.Column("phone", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("document", sa.Text, nullable=False, server_default=Document.NIK.value),
    sa.Column("needs", sa.Text, nullable=False, server_default=""),
    sa.Column("represented", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("reminders", sa.Boolean, nullable=False, server_default=sa.false()),
    one_of("document", Document),
    sa.CheckConstraint("length(nik_fingerprint) = 64", name="nik_fingerprint"),
    sa.CheckConstraint("length(nik_last4) = 4", name="nik_last4"),
    sa.Index("ix_visitors_nik", "nik_fingerprint"),
    sa.Index("ix_visitors_phone", "phone"),
    sa.Index("ix_visitors_email", "email"),
)
NEEDING = "needs <> '' OR represented"
needing_index = sa.Index(
    "ix_visitors_needing",
    visitors.c.office,
    sqlite_where=sa.text(NEEDING),
    postgresql_where=sa.text(NEEDING),
)

booking_drafts = sa.Table(
    "booking_drafts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
)

wrong_proofs = sa.Table(
    "wrong_proofs",
    metadata,
    sa.Column("ticket", sa.Text, sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("wrong", sa.Integer, nullable=False),
    sa.Column("locked_at", Instant),
    sa.CheckConstraint("wrong >= 1", name="wrong"),
)

ticket_notes = sa.Table(
    "ticket_notes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "ticket",
        sa.Text,
        sa.ForeignKey("tickets.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("clerk", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.CheckConstraint("length(text) BETWEEN 1 AND 200", name="text"),
    sa.Index("ix_ticket_notes_office_date", "office", "date"),
)

meetings = sa.Table(
    "meetings",
    metadata,
    sa.Column("ticket", sa.Text, sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Index("ix_meetings_office_date", "office", "date"),
)
