"""The folder of the demonstration: its database, clock and secrets, and how it was filled."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from queue_server.progress import show_progress
from queue_server.services.office.holidays import FIRST_YEAR, LAST_YEAR
from queue_server.settings import Settings
from queue_server.starting import CannotStart, migrate
from queue_server.store.office import offices as office_store
from queue_server.store.writer.database import Database

from .banten import HOME, offices
from .clock import choose_beginning
from .errors import StageError
from .scenarios import scenario as find_scenario

FILLING = ".filling"
"""Stands beside the database while it is being filled."""

SCENARIO = "scenario"
"""Beside the database: the name of the scenario that it was filled with."""


@contextmanager
def claim_data(data: Path) -> Iterator[None]:
    """Be the only demo on this data, for as long as this process lives at most. Raises `StageError`
    if there is one already.
    """
    with (data / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StageError(
                f"Another demo runs on {data}. Stop it, or use another --data."
            ) from None
        yield


def set_clock(data: Path, asked: datetime | None) -> tuple[float, str | None]:
    """Where the demo's clock begins, as an offset in seconds, and a sentence if that is not the
    true time.

    The offset is kept beside the data, so that the clock never goes back on it; one left behind by
    a start that was stopped before the data were whole does not count. Raises `StageError` for an
    `asked` that it has passed.
    """
    if asked is not None and not FIRST_YEAR <= asked.year < LAST_YEAR:
        raise StageError(
            f"There is no calendar of holidays for {asked.year}; --now may be from {FIRST_YEAR} to "
            f"{LAST_YEAR - 1}."
        )
    file = data / "clock.json"
    is_kept = file.exists() and (data / "access.json").exists()
    kept = timedelta(seconds=json.loads(file.read_text())["offset_seconds"]) if is_kept else None
    real = datetime.now(UTC)
    year = (real + (kept or timedelta(0))).year
    home = next(each for each in offices((year, year + 1)) if each.code == HOME)
    beginning = choose_beginning(home, real, kept, asked)
    offset = beginning.offset.total_seconds()
    _write_private(file, json.dumps({"offset_seconds": offset}))
    return offset, beginning.sentence


def admit_scenario(data: Path, asked: str | None) -> None:
    """Refuse a scenario other than the one that this data was filled with. Raises `StageError`."""
    if asked is None or not (data / "access.json").exists():
        return
    note = data / SCENARIO
    filled_with = note.read_text() if note.exists() else None
    if asked != filled_with:
        known = f'the scenario "{filled_with}"' if filled_with else "an earlier version of the demo"
        raise StageError(
            f'This data was filled with {known}. For "{asked}" use another --data, or remove '
            f"{data} to fill it anew."
        )


def prepare(settings: Settings, scenario: str, links: Mapping[str, str]) -> dict[str, Any]:
    """Migrate the database and fill it if it is empty; returns the content of access.json."""
    try:
        migrate(settings, datetime.now(UTC))
    except CannotStart as error:
        raise StageError(str(error)) from None
    path = settings.demo_access_file
    assert path is not None, "the demo has an access file"
    if is_empty(settings):
        path.with_name(FILLING).touch()
        _write_private(path.with_name(SCENARIO), scenario)
        access = _fill(settings, scenario)
    elif path.exists():
        access = json.loads(path.read_text())
    else:
        raise StageError(
            f"{path} is gone, and with it the only copy of this data's passwords. Remove "
            f"{path.parent} to start afresh."
        )
    access = {**links, **{name: value for name, value in access.items() if name not in links}}
    _write_private(path, json.dumps(access, indent=2))
    path.with_name(FILLING).unlink(missing_ok=True)
    return access


def forget_half_filled(data: Path) -> None:
    """Remove the database of a start that was stopped while it filled it: its passwords were never
    told.
    """
    if (data / FILLING).exists():
        for name in ("antrean.db", "antrean.db-wal", "antrean.db-shm"):
            (data / name).unlink(missing_ok=True)


def fill_empty(settings: Settings, scenario: str, path: Path) -> None:
    """Fill an empty, migrated database and write its log-ins and tokens to a file. Raises
    `StageError` if there is data.
    """
    if not is_empty(settings):
        raise StageError("The database is not empty.")
    try:
        # Before the filling, which makes the only copy of the passwords: where it cannot be written
        # nothing must be filled.
        _write_private(path, "{}")
    except OSError as error:
        raise StageError(f"{path} cannot be written ({error.strerror}).") from None
    _write_private(
        path, json.dumps({"server": settings.public_url, **_fill(settings, scenario)}, indent=2)
    )


def is_empty(settings: Settings) -> bool:
    """Whether a migrated database has no office yet."""
    database = Database(settings.database_url)
    try:
        with database.read() as connection:
            return not office_store.all_codes(connection)
    except sa.exc.SQLAlchemyError:
        raise StageError("The database has no schema yet: run `antrean migrate` first.") from None
    finally:
        database.close()


def _fill(settings: Settings, scenario: str) -> dict[str, Any]:
    # The whole application comes with these, and only the first start fills anything: the later
    # ones need not wait for it.
    from queue_server.app import make_clock

    from .fill import fill

    database = Database(settings.database_url)
    try:
        with show_progress("Filling the demonstration") as step:
            access = fill(
                database,
                settings,
                make_clock(settings.clock_offset_seconds),
                find_scenario(scenario),
                step,
            )
    finally:
        database.close()
    return asdict(access)


def leave_token(folder: Path, token: str) -> None:
    """Give a part of the demo the token that it works with."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_private(folder / "token", token)


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
