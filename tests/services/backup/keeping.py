"""Backups of the tests' offices: made, restored and compared without the command line and its
clock.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.services.backup import restoring
from queue_server.services.backup.encryption import OpeningReader, SealingWriter
from queue_server.services.backup.making import LEFT_OUT, write_backup
from queue_server.services.backup.manifest import Manifest
from queue_server.services.upkeep import keep_up
from queue_server.store.backup import portable
from queue_server.store.writer.database import Database
from tests.fixtures.application import House

KEY, OTHER_KEY = bytes(range(32)), bytes(32)


def ignore(_share: float) -> None:
    """Nobody looks at the bar."""


def never_rest(_seconds: float) -> None:
    raise AssertionError("nobody is waited for")


def back_up(database: Database, file: Path, now: datetime, key: bytes | None = None) -> Manifest:
    """Make a backup in a new file."""
    with file.open("xb") as target:
        if key is None:
            return write_backup(database, target, "test", now, ignore)
        sealing = SealingWriter(target, key)
        manifest = write_backup(database, sealing, "test", now, ignore)
        sealing.finish()
    return manifest


def opener(file: Path, key: bytes | None = None) -> Callable[[], Any]:
    """What opens a backup as often as it is asked to."""
    if key is None:
        return lambda: file.open("rb")
    return lambda: io.BufferedReader(OpeningReader(file.open("rb"), key))


def put_back(
    file: Path,
    url: str,
    now: datetime,
    *,
    replace: bool = False,
    key: bytes | None = None,
    rest: Callable[[float], object] = never_rest,
) -> Manifest:
    """Check and restore a backup."""
    manifest = restoring.check_backup(opener(file, key))
    seen = restoring.admit_target(url, now, rest, replace=replace)
    restoring.restore(url, manifest, opener(file, key), seen, now, ignore)
    return manifest


def settle(house: House) -> None:
    """Let the upkeep do all that it would do now, so that a restore finds nothing to do."""
    while any(
        count for name, count in keep_up(house.database, house.clock()).items() if name != "doors"
    ):
        pass


def rows_of(url: str) -> dict[str, list[str]]:
    """Every row of every table, the same from both kinds of database."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    try:
        with engine.connect() as connection:
            return {
                table.name: sorted(map(repr, portable.read_rows(connection, table)))
                for table in portable.list_tables(connection, LEFT_OUT)
            }
    finally:
        engine.dispose()


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.requires_postgresql)]
)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without anything in it, beside the one that is backed up."""
    if request.param == "sqlite":
        (tmp_path / "other").mkdir()
        return f"sqlite:///{tmp_path / 'other' / 'antrean.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url
