"""Alembic's entry: connects to the url it was given and runs the migrations in one transaction, one
process at a time.
"""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from queue_server.store.tables import Instant, metadata


def _render(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Instant):
        autogen_context.imports.add("from queue_server.store.tables import Instant")
        return "Instant()"
    return False


_LOCK = 0x616E747265616E
"""PostgreSQL's number for "somebody migrates": two that start at once must not make the same
tables.
"""

engine = sa.create_engine(context.config.attributes["url"])
is_sqlite = engine.dialect.name == "sqlite"
if is_sqlite:

    @sa.event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: Any, _record: Any) -> None:
        # the driver begins none before a CREATE, and half a schema would be left behind
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def lock_first(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.begin() as connection:
    if not is_sqlite:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, render_item=_render
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
