"""Offices kept by revision, so that their settings are read again only when they have changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.errors import UnknownOffice
from queue_server.domain.office.office import Office
from queue_server.store.tables import offices, wait_models

from .compiled import Compiled
from .office_rows import load_model, load_office

_REVISION = Compiled(
    sa.select(offices.c.revision, wait_models.c.revision.label("waits_revision"))
    .select_from(offices.outerjoin(wait_models, wait_models.c.office == offices.c.code))
    .where(offices.c.code == sa.bindparam("code"))
)


SETTINGS_SECONDS = 1.0
"""How long an office may be recalled without asking whether another process has changed it."""


class OfficeCache:
    """Offices by code. Settings and what was learnt of waits are read by every request and change
    rarely: only revisions are asked.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._known: dict[str, Office] = {}
        self._waits_revisions: dict[str, int | None] = {}
        self._asked_at: dict[str, float] = {}
        self._monotonic = monotonic

    def recall(self, code: str) -> Office | None:
        """An office whose revision was asked a moment ago, or None."""
        asked_at = self._asked_at.get(code)
        if asked_at is None or self._monotonic() - asked_at > SETTINGS_SECONDS:
            return None
        return self._known.get(code)

    def forget(self) -> None:
        """Ask again at the next look, because settings were changed here."""
        self._asked_at.clear()

    def get(self, connection: Connection, code: str) -> Office:
        """Raises `UnknownOffice`."""
        revisions = _REVISION.rows(connection, {"code": code})
        if not revisions:
            raise UnknownOffice(office=code)
        known = self._known.get(code)
        if known is None or known.revision != revisions[0].revision:
            known = load_office(connection, code)
        elif self._waits_revisions[code] != revisions[0].waits_revision:
            known = replace(known, waits=load_model(connection, code))
        self._known[code], self._waits_revisions[code] = known, revisions[0].waits_revision
        self._asked_at[code] = self._monotonic()
        return known
