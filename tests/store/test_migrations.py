"""The migrations lead an empty database to the tables the code was written for."""
from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from queue_server.store import tables
from queue_server.store.migrations import upgrade


def test_the_migrated_database_has_the_declared_tables(database_url: str) -> None:
    upgrade(database_url)
    upgrade(database_url)  # a second time changes nothing
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, tables.metadata) == []
    finally:
        engine.dispose()
