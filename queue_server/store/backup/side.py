"""A database beside the real one, in which a backup is built up before anything is replaced: a file
next to a SQLite database, a schema in a PostgreSQL one. At last one transaction puts it in place.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import OperationalError

from queue_server.store.probes import find_last as find_last_sign
from queue_server.store.writer.private_files import BESIDE, make_private

SIDE_SCHEMA = "antrean_restoring"
LOCK = 0x616E747265616E + 1
"""PostgreSQL's number for "somebody restores"."""

LOCK_MILLISECONDS = 5_000
_SIGNS = "SELECT process, number FROM probes ORDER BY process, number"
_GROWTH = "SELECT count(*), coalesce(sum(seq), 0) FROM office_days"
_REVISION_TABLE = "alembic_version"


class InUse(Exception):
    """Somebody works with the database, or restores it too."""


@dataclass(frozen=True)
class Stirring:
    """What changes in a database while a server uses it: signs of life, and how far the logs have
    come.
    """

    signs: tuple[tuple[str, int], ...]
    growth: tuple[int, int]


NOBODY = Stirring((), (0, 0))


@contextmanager
def side_database(url: str) -> Iterator[str]:
    """The address of an empty side database, which is gone afterwards. What a restore that was
    killed has left is deleted first. Raises `InUse` while another one restores.
    """
    address = make_url(url)
    making = (
        _side_file(Path(address.database))
        if address.get_backend_name() == "sqlite" and address.database
        else _side_schema(address)
    )
    with making as side:
        yield side


@contextmanager
def _side_file(file: Path) -> Iterator[str]:
    side = file.absolute().with_name(f"{file.name}.restoring")
    folder = os.open(side.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse("Somebody else restores a database in this folder.") from None
        _delete(side)
        try:
            yield URL.create("sqlite", database=str(side)).render_as_string()
        finally:
            _delete(side)
    finally:
        os.close(folder)


def _delete(file: Path) -> None:
    for ending in BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)


@contextmanager
def _side_schema(address: URL) -> Iterator[str]:
    engine = sa.create_engine(
        address, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    drop = sa.text(f"DROP SCHEMA IF EXISTS {SIDE_SCHEMA} CASCADE")
    try:
        with engine.connect() as connection:
            lock = sa.text("SELECT pg_try_advisory_lock(:lock)")
            if not connection.execute(lock, {"lock": LOCK}).scalar_one():
                raise InUse("Somebody else restores this database.")
            connection.execute(drop)
            connection.execute(sa.text(f"CREATE SCHEMA {SIDE_SCHEMA}"))
            try:
                options = f"{address.query.get('options', '')} -csearch_path={SIDE_SCHEMA}".strip()
                side = address.update_query_dict({"options": options})
                yield side.render_as_string(hide_password=False)
            finally:
                connection.execute(drop)
    finally:
        engine.dispose()


@dataclass(frozen=True)
class Sight:
    """A database that exists, of whatever release: how many rows it has but for signs of life, and
    when a server left the last of these.
    """

    stirring: Stirring
    rows: int
    heard_at: datetime | None


def look_at(url: str) -> Sight:
    """How a database stands now."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            names = set(sa.inspect(connection).get_table_names()) - {_REVISION_TABLE, "probes"}
            rows = sum(
                connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar()
                or 0
                for name in sorted(names)
            )
            heard_at = None
            stirring = _stirring(connection)
            if stirring.signs:
                heard_at = find_last_sign(connection)
            return Sight(stirring, rows, heard_at)
    finally:
        engine.dispose()


def _stirring(connection: Connection) -> Stirring:
    names = set(sa.inspect(connection).get_table_names())
    signs = connection.exec_driver_sql(_SIGNS).all() if "probes" in names else []
    count, seqs = (
        connection.exec_driver_sql(_GROWTH).one() if "office_days" in names else NOBODY.growth
    )
    return Stirring(tuple((each[0], each[1]) for each in signs), (int(count), int(seqs)))


def put_in_place(url: str, side: str, seen: Stirring) -> None:
    """Replace all tables of a database by those of its side database, in one transaction. Raises
    `InUse`, with nothing changed, if somebody has stirred there since it was `seen`.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        _replace_sqlite(address, make_url(side), seen)
    else:
        _replace_postgresql(address, seen)


def _replace_sqlite(address: URL, side: URL, seen: Stirring) -> None:
    make_private(address)
    with closing(sqlite3.connect(str(address.database), isolation_level=None)) as connection:
        for pragma in (
            "foreign_keys = OFF",
            "secure_delete = ON",
            "synchronous = FULL",
            "journal_mode = WAL",
            f"busy_timeout = {LOCK_MILLISECONDS}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute("ATTACH ? AS side", (side.database,))
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            raise InUse("Somebody is writing to the database.") from None
        tables = _list_objects(connection, "main")
        if _stirring_sqlite(connection, tables) != seen:
            raise InUse("Somebody has worked with the database meanwhile.")
        for name in tables:
            connection.execute(f'DROP TABLE main."{name}"')
        for name, statement in _list_objects(connection, "side").items():
            connection.execute(statement)
            connection.execute(f'INSERT INTO main."{name}" SELECT * FROM side."{name}"')
        # `side` has the same indexes as its tables have: made last, they are written once.
        for (statement,) in connection.execute(
            "SELECT sql FROM side.sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL"
        ).fetchall():
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _list_objects(connection: sqlite3.Connection, schema: str) -> dict[str, str]:
    return dict(
        connection.execute(
            f"SELECT name, sql FROM {schema}.sqlite_schema"
            " WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
        )
    )


def _stirring_sqlite(connection: sqlite3.Connection, tables: dict[str, str]) -> Stirring:
    signs = connection.execute(_SIGNS).fetchall() if "probes" in tables else []
    growth = connection.execute(_GROWTH).fetchone() if "office_days" in tables else NOBODY.growth
    return Stirring(tuple(signs), tuple(growth))


def _replace_postgresql(address: URL, seen: Stirring) -> None:
    engine = sa.create_engine(address, poolclass=sa.pool.NullPool, hide_parameters=True)
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}"))
            quote = connection.dialect.identifier_preparer.quote
            own = quote(connection.execute(sa.text("SELECT current_schema()")).scalar_one())
            inspector = sa.inspect(connection)
            old = [f"{own}.{quote(name)}" for name in inspector.get_table_names()]
            if old:
                connection.execute(sa.text(f"LOCK TABLE {', '.join(old)}"))
            if _stirring(connection) != seen:
                raise InUse("Somebody has worked with the database meanwhile.")
            if old:
                connection.execute(sa.text(f"DROP TABLE {', '.join(old)} CASCADE"))
            for name in inspector.get_table_names(SIDE_SCHEMA):
                table = f"{SIDE_SCHEMA}.{quote(name)}"
                connection.execute(sa.text(f"ALTER TABLE {table} SET SCHEMA {own}"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == "55P03":  # lock not available
            raise InUse("Somebody is using the database.") from None
        raise
    finally:
        engine.dispose()
