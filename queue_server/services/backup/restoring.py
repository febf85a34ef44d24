"""Restoring a backup: built up beside the database, brought to this release, rid of what may not be
known any more, and only then put in its place in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import IO

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from queue_server.domain.access.accounts import COMMAND_LINE
from queue_server.domain.events import EventType
from queue_server.services.access import log
from queue_server.services.upkeep import FOR_GOOD, keep_up
from queue_server.store.backup import portable, side
from queue_server.store.backup.side import NOBODY, InUse, Stirring
from queue_server.store.migrations import list_revisions, upgrade
from queue_server.store.soundness import Schema, read_schema, sqlite_file
from queue_server.store.writer.database import Database

from .archive import read_archive, read_part
from .manifest import BadBackup, Manifest

WATCH_SECONDS = 11.0
"""A server leaves a sign of life every 5 s: one that leaves none for so long is gone."""

SILENT = timedelta(minutes=1)
"""Nobody is waited for whose last sign of life is older."""

LOOK_SECONDS = 0.5
UPKEEP_ROUNDS = 1_000
"""The upkeep wipes at most 40 days of an office at once; more rounds than any history needs."""


class NotEmpty(Exception):
    """The database holds something, and nobody said that it may go."""


class Foreign(Exception):
    """The database holds the tables of something else."""


def check_backup(open_file: Callable[[], IO[bytes]]) -> Manifest:
    """Read a backup to its end and compare every hash; nothing else happens. Raises `BadBackup`."""
    with open_file() as file:
        manifest = read_archive(file)
    if manifest.revision not in list_revisions()[1]:
        raise BadBackup(
            f"It is of a release that this one does not know (revision {manifest.revision}): "
            "install the release that made it, or a later one."
        )
    return manifest


def admit_target(
    url: str, now: datetime, rest: Callable[[float], object], *, replace: bool
) -> Stirring:
    """Look at the database that is to be replaced. Where a server was a moment ago, watches for a
    while whether it is gone. Raises `InUse`, `NotEmpty`, `Foreign`.
    """
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return NOBODY
    if read_schema(url)[0] is Schema.FOREIGN:
        raise Foreign("The database holds tables of something else.")
    sight, waited = side.look_at(url), 0.0
    if sight.rows and not replace:
        raise NotEmpty("The database is not empty. To give up what is in it: --replace")
    if sight.heard_at is not None and now - sight.heard_at < SILENT:
        while waited < WATCH_SECONDS:
            rest(LOOK_SECONDS)
            waited += LOOK_SECONDS
            if side.look_at(url).stirring != sight.stirring:
                raise InUse("A server is running on this database: stop it first.")
    return sight.stirring


def restore(
    url: str,
    manifest: Manifest,
    open_file: Callable[[], IO[bytes]],
    seen: Stirring,
    now: datetime,
    tell: Callable[[float], object],
) -> None:
    """Replace a database by a backup that was checked. `seen` is what `admit_target` gave; `tell`
    hears the share of the rows that are there. Raises `InUse`, `BadBackup`, and an `ExceptionGroup`
    of the upkeep, with the database as it was.
    """
    with side.side_database(url) as beside:
        upgrade(beside, manifest.revision)
        _fill(beside, manifest, open_file, tell)
        upgrade(beside)
        database = Database(beside)
        try:
            _bring_up_to_date(database, now)
            note = partial(
                log.note,
                type=EventType.RESTORED,
                office=None,
                by=COMMAND_LINE,
                now=now,
                made_at=manifest.made_at,
            )
            database.write(log.days_of(database, None, now), note)
        finally:
            database.close()
        side.put_in_place(url, beside, seen)


def _fill(
    url: str,
    manifest: Manifest,
    open_file: Callable[[], IO[bytes]],
    tell: Callable[[float], object],
) -> None:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, hide_parameters=True)
    owners = {part.name: entry for entry in manifest.tables for part in entry.parts}
    counts = dict.fromkeys((entry.name for entry in manifest.tables), 0)
    try:
        with engine.begin() as connection:
            known = {each.name: each for each in portable.list_tables(connection, frozenset())}
            for entry in manifest.tables:
                own = known.get(entry.name)
                if own is None or dict(own.columns) != dict(entry.shape.columns):
                    raise BadBackup(f"Its table {entry.name} is not one of its release.")

            def take(name: str, content: bytes) -> None:
                entry = owners[name]
                rows = read_part(content)
                portable.add_rows(connection, entry.shape, rows)
                counts[entry.name] += len(rows)
                tell(sum(counts.values()) / max(1, manifest.rows))

            with open_file() as file:
                if read_archive(file, take) != manifest:
                    raise BadBackup("It was changed meanwhile.")
        if counts != {entry.name: entry.rows for entry in manifest.tables}:
            raise BadBackup("It does not hold as many rows as it says.")
    except (ValueError, KeyError, DataError, IntegrityError):
        raise BadBackup("It holds rows that do not fit into its tables.") from None
    finally:
        engine.dispose()


def _bring_up_to_date(database: Database, now: datetime) -> None:
    """Do what time has brought about since the backup: above all, forget again whom the database
    had forgotten by now.
    """
    for _ in range(UPKEEP_ROUNDS):
        done = keep_up(database, now)
        if not any(done[name] for name in FOR_GOOD):
            return
