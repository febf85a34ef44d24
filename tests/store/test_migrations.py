"""The migrations lead an empty database to the tables the code was written for."""

from __future__ import annotations

from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from queue_server.store import privacy as privacy_store
from queue_server.store import tables
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
    """An office-day made before days were marked as wiped is there after the upgrade, not wiped
    yet, and after going back.
    """
    upgrade(database_url, "0001")
    engine = create_engine(database_url)
    day = {
        "office": "91",
        "date": "2026-11-23",
        "seq": 3,
        "persons_inside": 1,
        "parties_outside": 0,
        "correction": 0,
        "admitting": True,
        "planned_revision": 1,
        "open_counters": "[]",
        "streams": '{"A": [1, 0, null, null]}',
        "own_letters": "{}",
    }

    def rows() -> list[tuple[object, ...]]:
        with engine.connect() as connection:
            found = connection.execute(text(f"SELECT {', '.join(day)} FROM office_days")).all()
        return [tuple(str(value) for value in row) for row in found]

    try:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO offices (code, name, address, phone, zone, rules) VALUES ('91', "
                    "'', '', '', 'UTC', '{}')"
                )
            )
            connection.execute(
                text(
                    f"INSERT INTO office_days ({', '.join(day)}) VALUES "
                    f"({', '.join(f':{name}' for name in day)})"
                ),
                day,
            )
        before = rows()
        upgrade(database_url)
        assert rows() == before
        with engine.connect() as connection:
            assert privacy_store.list_unwiped(connection, "91", date(2026, 11, 24), 10) == [
                date(2026, 11, 23)
            ]
        downgrade(database_url, "0001")
        assert rows() == before
    finally:
        engine.dispose()


def test_a_correction_that_took_ticketed_people_away_is_gone_and_cannot_come_back(
    database_url: str,
) -> None:
    """A day on which a guard had counted three off whose tickets were inside; and all other rules
    of both tables outlive the change.
    """
    upgrade(database_url, "0002")
    engine = create_engine(database_url)
    counts = "office, date, seq, persons_inside, parties_outside, correction"
    names = f"{counts}, admitting, planned_revision, open_counters, streams, own_letters"

    def add_day(date: str, correction: int, seq: int = 3) -> None:
        with engine.begin() as connection:
            values = f"'91', '{date}', {seq}, 5, 0, {correction}, true, 1, '[]', '{{}}', '{{}}'"
            connection.execute(text(f"INSERT INTO office_days ({names}) VALUES ({values})"))

    try:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO offices (code, name, address, phone, zone, rules) VALUES ('91', "
                    "'', '', '', 'UTC', '{}')"
                )
            )
        add_day("2026-11-23", -3)
        add_day("2026-11-24", 2)
        upgrade(database_url)
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT correction, over_since, over_seconds FROM office_days ORDER BY date")
            ).all()
        assert [tuple(row) for row in rows] == [(0, None, 0), (2, None, 0)]
        for refused in ({"correction": -1}, {"correction": 0, "seq": -1}):
            with pytest.raises(IntegrityError):
                add_day("2026-11-25", **refused)
        _add_alert(engine, "OVER_LIMIT")
        for kind, seen_by in (("NONSENSE", None), ("LONG_WAIT", "ani")):
            with pytest.raises(IntegrityError):
                _add_alert(engine, kind, seen_by)
        with pytest.raises(IntegrityError):
            _add_alert(engine, "OVER_LIMIT")
        downgrade(database_url, "0002")
        with pytest.raises(IntegrityError):
            _add_alert(engine, "OVER_LIMIT")
        with pytest.raises(IntegrityError):
            add_day("2026-11-26", 0, seq=-1)
    finally:
        engine.dispose()


def _add_alert(engine: Engine, kind: str, seen_by: str | None = None) -> None:
    moment = "now()" if engine.dialect.name == "postgresql" else "0"
    with engine.begin() as connection:
        id = connection.execute(text("SELECT count(*) FROM alerts")).scalar_one()
        connection.execute(
            text(
                "INSERT INTO alerts (id, office, date, kind, subject, facts, raised_at, "
                "acknowledged_by)"
                f" VALUES ('{id}', '91', '2026-11-23', :kind, '', '{{}}', {moment}, :by)"
            ),
            {"kind": kind, "by": seen_by},
        )
