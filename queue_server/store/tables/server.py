"""What the database keeps of the servers that use it: which key they have, and that they can
write.
"""

from __future__ import annotations

import sqlalchemy as sa

from .columns import Instant, metadata

key_ids = sa.Table(
    "key_ids",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
)

probes = sa.Table(
    "probes",
    metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("filling", sa.LargeBinary, nullable=False),
)
