"""The settings of screens, one row each. A screen that works for no office has none."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from queue_server.domain.office.devices.displays import (
    ScreenSettings,
    read_settings,
    write_settings,
)
from queue_server.store.tables import display_settings
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def find(reader: Reader, office: str, device: str) -> ScreenSettings | None:
    """The settings of an office's screen; None for what is no screen at work."""
    statement = sa.select(display_settings).where(
        display_settings.c.device == device, display_settings.c.office == office
    )
    row = next(iter(ask(reader, statement, seeing=display_settings)), None)
    return None if row is None else _settings_from_row(row)


def list_of_office(reader: Reader, office: str) -> dict[str, ScreenSettings]:
    """The settings of an office's screens, by device."""
    statement = sa.select(display_settings).where(display_settings.c.office == office)
    rows = ask(reader, statement.order_by(display_settings.c.device), seeing=display_settings)
    return {row.device: _settings_from_row(row) for row in rows}


def add(tx: Transaction, office: str, device: str, settings: ScreenSettings) -> None:
    """Store the first settings of a screen."""
    tx.insert(display_settings, {"device": device, "office": office, **_columns(settings)})


def put(tx: Transaction, office: str, device: str, settings: ScreenSettings) -> None:
    """Replace the settings of a screen. Those that may speak no longer come before the one that
    does from now on: the table allows one in a zone.
    """
    mine = display_settings.c.device == device, display_settings.c.office == office
    tx.change(display_settings.update().where(*mine).values(**_columns(settings)))


def forget(tx: Transaction, device: str) -> None:
    """Delete the settings of a screen that is cut off."""
    tx.change(display_settings.delete().where(display_settings.c.device == device))


def _columns(settings: ScreenSettings) -> dict[str, Any]:
    return {"zone": settings.zone, "voice": settings.voice, "settings": write_settings(settings)}


def _settings_from_row(row: Row[Any]) -> ScreenSettings:
    return read_settings({**row.settings, "zone": row.zone, "voice": row.voice})
