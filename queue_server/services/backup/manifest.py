"""What a backup says of itself: where it comes from, what is in it, and the hash of each part."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from queue_server.store.backup.portable import ColumnKind, TableShape

FORMAT = 1


class BadBackup(Exception):
    """Why a file cannot be restored; the message is one line."""


@dataclass(frozen=True)
class Part:
    """A stretch of the rows of one table, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class TableEntry:
    """A table: its columns with their kinds, how many rows, and the parts that hold them."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: int
    parts: Sequence[Part]

    @property
    def shape(self) -> TableShape:
        return TableShape(self.name, tuple((name, ColumnKind(kind)) for name, kind in self.columns))


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `made_at`: as RFC 3339, the moment its view of the database began;
    `nik_key`: the id of the key that its fingerprints were made with.
    """

    made_at: str
    release: str
    database: str
    revision: str
    nik_key: str | None
    left_out: Sequence[str]
    tables: Sequence[TableEntry]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables)


def write_manifest(manifest: Manifest) -> bytes:
    """The manifest as JSON."""
    return json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1).encode()


def read_manifest(raw: bytes) -> Manifest:
    """A manifest that was written. Raises `BadBackup`."""
    try:
        told: dict[str, Any] = json.loads(raw)
        if told.pop("format") != FORMAT:
            raise BadBackup("It was made by a later release, which has another format of backups.")
        tables = [
            TableEntry(
                each["name"],
                [(str(name), ColumnKind(kind).value) for name, kind in each["columns"]],
                int(each["rows"]),
                [Part(part["name"], part["sha256"]) for part in each["parts"]],
            )
            for each in told.pop("tables")
        ]
        return Manifest(tables=tables, **told)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadBackup("Its manifest cannot be read.") from None
