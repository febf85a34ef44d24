"""Who waits for a place, who did not come to one, and from where places were taken."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.office.office import VisitKind

from .columns import Instant, metadata, one_of

waitlist = sa.Table(
    "waitlist",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("party_size", sa.Integer, nullable=False),
    sa.Column("priority", sa.Boolean, nullable=False),
    sa.Column("first_date", sa.Date, nullable=False),
    sa.Column("last_date", sa.Date, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("offers", sa.Integer, nullable=False),
    sa.Column("ticket", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("nik_fingerprint", sa.Text),
    sa.Column("nik_last4", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("document", sa.Text),
    sa.Column("needs", sa.Text),
    sa.Column("represented", sa.Boolean),
    sa.Column("reminders", sa.Boolean, server_default=sa.false()),
    sa.Column("contact", sa.Text),
    sa.Column("proved", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("kind", sa.Text, nullable=False, server_default="OFFICE"),
    one_of("kind", VisitKind),
    sa.CheckConstraint("state IN ('WAITING', 'OFFERED', 'TAKEN', 'LAPSED', 'LEFT')", name="state"),
    sa.CheckConstraint("party_size >= 1", name="party_size"),
    sa.CheckConstraint("first_date <= last_date", name="order"),
    sa.CheckConstraint(
        "(state IN ('WAITING', 'OFFERED')) = (nik_fingerprint IS NOT NULL)", name="person"
    ),
    sa.Index("ix_waitlist_office_state", "office", "state", "created_at"),
    sa.Index("ix_waitlist_ticket", "ticket"),
    sa.Index("ix_waitlist_contact", "contact"),
    sa.Index("ix_waitlist_phone", "phone"),
)
suiting_index = sa.Index(
    "ix_waitlist_suiting",
    waitlist.c.office,
    waitlist.c.service,
    waitlist.c.proved,
    waitlist.c.created_at,
    waitlist.c.id,
    # The rest rides along, so that entries which do not suit are passed over in the index.
    waitlist.c.party_size,
    waitlist.c.first_date,
    waitlist.c.last_date,
    waitlist.c.kind,
    sqlite_where=sa.text("state = 'WAITING'"),
    postgresql_where=sa.text("state = 'WAITING'"),
)
one_entry_index = sa.Index(
    "uq_waitlist_one_entry",
    waitlist.c.office,
    waitlist.c.service,
    waitlist.c.nik_fingerprint,
    unique=True,
    sqlite_where=waitlist.c.nik_fingerprint.is_not(None),
    postgresql_where=waitlist.c.nik_fingerprint.is_not(None),
)

contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("proof", sa.Text, nullable=False, unique=True),
    # An e-mail address or a telephone number; its name is from before numbers could be proved.
    sa.Column("email", sa.Text, key="address"),
    sa.Column("proved_at", Instant),
    sa.CheckConstraint("length(mark) = 64", name="mark"),
    sa.CheckConstraint("(email IS NULL) = (proved_at IS NOT NULL)", name="email"),
)

no_shows = sa.Table(
    "no_shows",
    metadata,
    sa.Column("ticket", sa.Text, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("nik_fingerprint", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Index("ix_no_shows_nik", "nik_fingerprint", "office"),
)

takings = sa.Table(
    "takings",
    metadata,
    sa.Column("ticket", sa.Text, sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("span", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("counts_until", Instant, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("network", sa.Text, nullable=False),
    sa.Column("browser", sa.Text),
    sa.CheckConstraint("people >= 1 AND span >= 1", name="size"),
    # One index for all that is counted: those that count are few, and every further one is paid for
    # with each hold.
    sa.Index("ix_takings_counting", "office", "counts_until"),
)
browser_index = sa.Index(
    "ix_takings_browser",
    takings.c.browser,
    sqlite_where=takings.c.browser.is_not(None),
    postgresql_where=takings.c.browser.is_not(None),
)

used_proofs = sa.Table(
    "used_proofs",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
)

rush_lines = sa.Table(
    "rush_lines",
    metadata,
    sa.Column("office", sa.Text, sa.ForeignKey("offices.code"), primary_key=True),
    sa.Column("reaches_until", Instant, nullable=False),
)
