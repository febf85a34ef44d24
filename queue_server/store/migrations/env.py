"""Alembic's entry: connects to the url it was given and runs the migrations in one transaction."""
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


engine = sa.create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, render_item=_render)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
