"""The migrations lead an empty database to the tables the code was written for."""
from __future__ import annotations

from datetime import date

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from queue_server.store import personal, tables
from queue_server.store.migrations import downgrade, upgrade


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


def test_a_database_of_the_first_release_keeps_what_is_in_it(database_url: str) -> None:
    """An office-day made before days were marked as wiped is there after the upgrade, not wiped yet, and after going back."""
    upgrade(database_url, "0001")
    engine = create_engine(database_url)
    day = {
        "office": "91", "date": "2026-11-23", "seq": 3, "persons_inside": 1, "parties_outside": 0, "correction": 0, "admitting": True,
        "planned_revision": 1, "open_counters": "[]", "streams": '{"A": [1, 0, null, null]}', "own_letters": "{}",
    }

    def rows() -> list[tuple[object, ...]]:
        with engine.connect() as connection:
            found = connection.execute(text(f"SELECT {', '.join(day)} FROM office_days")).all()
        return [tuple(str(value) for value in row) for row in found]

    try:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO offices (code, name, address, phone, zone, rules) VALUES ('91', '', '', '', 'UTC', '{}')"))
            connection.execute(text(f"INSERT INTO office_days ({', '.join(day)}) VALUES ({', '.join(f':{name}' for name in day)})"), day)
        before = rows()
        upgrade(database_url)
        assert rows() == before
        with engine.connect() as connection:
            assert personal.list_unwiped(connection, "91", date(2026, 11, 24), 10) == [date(2026, 11, 23)]
        downgrade(database_url, "0001")
        assert rows() == before
    finally:
        engine.dispose()
