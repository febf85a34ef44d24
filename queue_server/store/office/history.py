"""Every change of an office's settings: who, when, what each part was and became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from queue_server.domain.office.settings.parts import Difference
from queue_server.store.tables import setting_changes
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class SettingChange:
    """A change that gave the office a revision. `by` is a user's id; `undoes` is the revision of
    the change that it took back, `undone_by` that of the one which took it back.
    """

    revision: int
    at: datetime
    by: str
    parts: Difference
    undoes: int | None = None
    undone_by: int | None = None


def add(tx: Transaction, office: str, change: SettingChange) -> None:
    """Keep a change."""
    tx.insert(
        setting_changes,
        {
            "office": office,
            "revision": change.revision,
            "at": change.at,
            "by": change.by,
            "parts": {path: list(pair) for path, pair in change.parts.items()},
            "undoes": change.undoes,
        },
    )


def list_newest(
    reader: Reader, office: str, most: int, before: int | None = None
) -> list[SettingChange]:
    """The newest changes of an office, newest first, at most `most`; those before a revision, if
    one is given.
    """
    statement = _select(office).order_by(setting_changes.c.revision.desc()).limit(most)
    if before is not None:
        statement = statement.where(setting_changes.c.revision < before)
    return [_from_row(row) for row in ask(reader, statement, seeing=setting_changes)]


def find(reader: Reader, office: str, revision: int) -> SettingChange | None:
    """The change that gave an office this revision, if it was kept."""
    statement = _select(office).where(setting_changes.c.revision == revision)
    rows: Sequence[Row[Any]] = list(ask(reader, statement, seeing=setting_changes))
    return _from_row(rows[0]) if rows else None


def _select(office: str) -> sa.Select[Any]:
    later = setting_changes.alias()
    undone_by = (
        sa.select(sa.func.max(later.c.revision))
        .where(later.c.office == setting_changes.c.office)
        .where(later.c.undoes == setting_changes.c.revision)
        .scalar_subquery()
    )
    return sa.select(setting_changes, undone_by.label("undone_by")).where(
        setting_changes.c.office == office
    )


def _from_row(row: Row[Any]) -> SettingChange:
    parts = {path: (was, became) for path, (was, became) in row.parts.items()}
    return SettingChange(row.revision, row.at, row.by, parts, row.undoes, row.undone_by)
