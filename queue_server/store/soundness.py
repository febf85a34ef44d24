"""Whether a database is there, whole, and of this release. What is found is said in values; nothing
is changed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Sequence
from contextlib import closing
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url

from .migrations import list_revisions
from .tables import probes

CONNECT_SECONDS = 5
"""How long PostgreSQL may take to let us in, and afterwards to answer a question about its
tables.
"""

_REVISIONS = sa.text("SELECT version_num FROM alembic_version")
_STEPS_BETWEEN_LOOKS = 1_000
_MOST_FAULTS = 3


class Schema(Enum):
    """How the tables stand to those of this release."""

    PRESENT = "present"
    EMPTY = "empty"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


class Soundness(Enum):
    """What a look through the whole file came to."""

    SOUND = "sound"
    DAMAGED = "damaged"
    NOT_FINISHED = "not finished"


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    address = make_url(url)
    return (
        Path(address.database)
        if address.get_backend_name() == "sqlite" and address.database
        else None
    )


def read_schema(url: str) -> tuple[Schema, str | None]:
    """How the schema stands, and its revision if it has one. Raises `SQLAlchemyError` where there
    is no answer.
    """
    engine = make_checking_engine(make_url(url))
    try:
        with engine.connect() as connection:
            tables = set(sa.inspect(connection).get_table_names())
            revisions = (
                list(connection.execute(_REVISIONS).scalars())
                if "alembic_version" in tables
                else []
            )
    finally:
        engine.dispose()
    return judge_schema(tables, revisions), ", ".join(revisions) or None


def judge_schema(tables: Collection[str], revisions: Sequence[str]) -> Schema:
    """What the tables of a database and its noted revisions say to this release."""
    newest, known = list_revisions()
    if not revisions:
        return Schema.FOREIGN if set(tables) - {"alembic_version"} else Schema.EMPTY
    if list(revisions) == [newest]:
        return Schema.PRESENT
    return Schema.OLDER if set(revisions) <= known else Schema.NEWER


def read_revision(connection: Connection) -> str | None:
    """The revision of a database that is in use."""
    return connection.execute(_REVISIONS).scalar()


def try_to_write(url: str) -> None:
    """Write a row and take it back. Raises `SQLAlchemyError` where nothing can be written."""
    engine = make_checking_engine(make_url(url))
    try:
        with engine.connect() as connection:
            row = {"process": "doctor", "number": 0, "at": datetime.now(UTC), "filling": b""}
            connection.execute(probes.insert(), row)
            connection.rollback()
    finally:
        engine.dispose()


def make_checking_engine(url: URL) -> Engine:
    """An engine that waits for nobody: PostgreSQL has CONNECT_SECONDS to let us in and as long for
    each answer.
    """
    if url.get_backend_name() == "sqlite":
        return sa.create_engine(url, poolclass=sa.pool.NullPool)
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.NullPool,
        connect_args={"connect_timeout": CONNECT_SECONDS},
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def bound(connection: object, _record: object) -> None:
        with connection.cursor() as cursor:  # type: ignore[attr-defined]  # psycopg's connection
            cursor.execute(f"SET statement_timeout = {CONNECT_SECONDS * 1000}")

    return engine


def look_through(file: Path, seconds: float | None = None) -> tuple[Soundness, str]:
    """SQLite's own quick check of every page of a file, and what it found. `seconds`: stop then and
    say so; None for no bound.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    try:
        # Opened for reading only, it would leave files of the log behind that belong to whoever
        # asks and not to the server.
        with closing(sqlite3.connect(f"file:{_quote(file)}?mode=rw", uri=True)) as connection:
            if deadline is not None:
                connection.set_progress_handler(
                    lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS
                )
            faults = [
                str(row[0]) for row in connection.execute(f"PRAGMA quick_check({_MOST_FAULTS})")
            ]
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT:
            return Soundness.NOT_FINISHED, f"not finished in {seconds:g} s"
        if isinstance(error, sqlite3.OperationalError):
            raise
        return Soundness.DAMAGED, str(error)
    if faults == ["ok"]:
        return Soundness.SOUND, "ok"
    return Soundness.DAMAGED, "; ".join(
        each.removeprefix("*** in database main ***").strip().replace("\n", "; ") for each in faults
    )


def _quote(file: Path) -> str:
    return str(file.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
