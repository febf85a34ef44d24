"""Making a backup from one consistent view of the database, while servers go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from queue_server.store import keys as key_store
from queue_server.store.backup import portable
from queue_server.store.soundness import read_revision
from queue_server.store.writer.database import Database

from .archive import ArchiveWriter, Writable
from .manifest import BadBackup, Manifest, TableEntry

LEFT_OUT = frozenset({"sessions", "booking_drafts", "probes"})
"""What must not come back: log-ins, answers of bookings that are not finished, and signs of life of
servers.
"""

_OF_ALEMBIC = frozenset({"alembic_version"})


def write_backup(
    database: Database, file: Writable, release: str, now: datetime, tell: Callable[[float], object]
) -> Manifest:
    """Write everything that the database holds, as it is at one moment. `tell` hears the share that
    is done. Raises `BadBackup` for a database without our tables.
    """
    with database.read() as connection:
        shapes = portable.list_tables(connection, LEFT_OUT | _OF_ALEMBIC)
        revision = read_revision(connection) if shapes else None
        if revision is None:
            raise BadBackup("The database is empty: there is nothing to keep.")
        has_keys = any(each.name == "key_ids" for each in shapes)
        total = sum(portable.count_rows(connection, each.name) for each in shapes)
        done = 0

        def count(rows: int) -> None:
            nonlocal done
            done += rows
            tell(done / total)

        archive, entries = ArchiveWriter(file), []
        for shape in shapes:
            rows, parts = archive.add_table(
                shape.name, portable.read_rows(connection, shape), count
            )
            columns = [(name, kind.value) for name, kind in shape.columns]
            entries.append(TableEntry(shape.name, columns, rows, parts))
        manifest = Manifest(
            now.isoformat(timespec="seconds"),
            release,
            connection.dialect.name,
            revision,
            key_store.find_id(connection) if has_keys else None,
            sorted(LEFT_OUT),
            entries,
        )
    archive.close(manifest)
    return manifest
