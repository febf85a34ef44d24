"""Whether a server may start: the one examination that `serve` stops at and `antrean doctor`
lists.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from .causes import say_database_error
from .key_files import read_key
from .nik_key import adopt_nik_key, describe_nik_key
from .services.access.first_run import open_set_up
from .settings import BadSettings, Settings
from .store.migrations import list_revisions, upgrade
from .store.soundness import Schema, Soundness, look_through, read_schema, sqlite_file
from .store.writer.database import Database

FREE_BYTES_WANTED = 200_000_000
WAIT_SECONDS = 15.0
"""How long a start waits for a database that does not answer yet: after a power cut the machines
come up together.
"""

AGAIN_SECONDS = 1.0
LOOK_SECONDS = 3.0
"""How much of a start the look through a SQLite file may take: enough for a few GB in memory.
`antrean doctor` looks to the end.
"""


class CannotStart(Exception):
    """Why a server must not start; the message is one line that says what to do."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `stops`: a server must not start like this; `mendable`:
    `antrean migrate` mends it.
    """

    name: str
    ok: bool
    detail: str
    stops: bool = False
    mendable: bool = False


def admit_start(
    settings: Settings, tell: Callable[[str], object], *, wait_seconds: float = WAIT_SECONDS
) -> None:
    """Return if the server may start; an empty database gets its tables first. `tell` hears what an
    operator should know.

    Raises `CannotStart`.
    """
    _stop_at(_examine_files(settings, LOOK_SECONDS), tell)
    with _answering():
        if _wait_for_schema(settings, tell, wait_seconds) is Schema.EMPTY:
            upgrade(settings.database_url)
            tell("The database was empty and has the tables of this release now.")
    _stop_at(_examine_database(settings), tell)


def offer_set_up(settings: Settings, tell: Callable[[str], object], now: datetime) -> None:
    """Where there is no administrator yet, `tell` in one line where to make the first one, with a
    code for this start alone. The line goes to who started the server, and to no log.

    Raises `CannotStart`.
    """
    database = Database(settings.database_url)
    try:
        with _answering():
            code = open_set_up(database, now)
    finally:
        database.close()
    if code is not None:
        tell(
            f"There is no administrator yet. Open {settings.public_url}/setup and enter the code "
            f"{code} (good until the first administrator is there, or the next start)."
        )


def migrate(settings: Settings, now: datetime) -> None:
    """Bring the database to this release's schema, and note which NIK key it has been used with.

    Raises `CannotStart` where there is nothing to migrate, and `SQLAlchemyError` for a database
    that does not answer.
    """
    missing = _find_missing_folder(settings)
    if missing is not None:
        raise CannotStart(missing)
    schema = _check_schema(settings)
    if not schema.ok and not schema.mendable:
        raise CannotStart(schema.detail)
    upgrade(settings.database_url)
    database = Database(settings.database_url)
    try:
        adopt_nik_key(database, settings.nik_key_file, now)
    finally:
        database.close()


def examine_start(settings: Settings) -> list[Finding]:
    """What `admit_start` looks at, to the end and without waiting or changing anything."""
    findings = _examine_files(settings, None)
    return (
        findings if any(map(is_in_the_way, findings)) else [*findings, *_examine_database(settings)]
    )


def is_in_the_way(finding: Finding) -> bool:
    """Whether a server must not start with this."""
    return finding.stops and not finding.ok


def _stop_at(findings: list[Finding], tell: Callable[[str], object]) -> None:
    for each in filter(is_in_the_way, findings):
        raise CannotStart(each.detail)
    for each in findings:
        if not each.ok:
            tell(f"{each.name}: {each.detail}")


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise CannotStart(
            f"The database cannot be used: {say_database_error(error)}. antrean doctor looks into "
            "it"
        ) from None


def _wait_for_schema(settings: Settings, tell: Callable[[str], object], seconds: float) -> Schema:
    deadline = time.monotonic() + seconds
    told = False
    while True:
        try:
            return read_schema(settings.database_url)[0]
        except OperationalError:
            if sqlite_file(settings.database_url) is not None or time.monotonic() >= deadline:
                raise
        if not told:
            tell(f"The database does not answer yet; trying for {seconds:g} s.")
            told = True
        time.sleep(AGAIN_SECONDS)


def _examine_files(settings: Settings, seconds: float | None) -> list[Finding]:
    findings = [_check_keys(settings), _check_disk(settings)]
    file = sqlite_file(settings.database_url)
    if file is None:
        return findings
    missing = _find_missing_folder(settings)
    if missing is not None:
        return [*findings, Finding("database", False, missing, stops=True)]
    return [*findings, _check_file(file, seconds)] if file.exists() else findings


def _find_missing_folder(settings: Settings) -> str | None:
    file = sqlite_file(settings.database_url)
    if file is None or file.absolute().parent.is_dir():
        return None
    return (
        f"There is no folder {file.absolute().parent} for the database: make it, or mend "
        "ANTREAN_DATABASE_URL"
    )


def _check_keys(settings: Settings) -> Finding:
    paths = (settings.secret_key_file, settings.nik_key_file)
    present = [each for each in paths if each.exists()]
    try:
        for path in present:
            read_key(path)
    except BadSettings as error:
        return Finding("keys", False, str(error), stops=True)
    for path in present:
        if path.stat().st_mode & 0o077:
            return Finding("keys", False, f"{path} can be read by others: chmod 600 {path}")
    missing = ", ".join(str(each) for each in paths if each not in present)
    return Finding(
        "keys",
        True,
        f"{missing} not there yet" if missing else "present, readable by their owner only",
    )


def _check_disk(settings: Settings) -> Finding:
    free, there = measure_free_space(settings)
    return Finding("disk", free >= FREE_BYTES_WANTED, f"{free // 1_000_000} MB free in {there}")


def measure_free_space(settings: Settings) -> tuple[int, Path]:
    """Bytes free where this machine keeps what it must not lose, and the folder that was looked
    at.
    """
    folder = (sqlite_file(settings.database_url) or settings.nik_key_file).absolute().parent
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free, there


def _check_file(file: Path, seconds: float | None) -> Finding:
    try:
        how, detail = look_through(file, seconds)
    except sqlite3.OperationalError as error:
        return Finding(
            "database", False, f"The database file {file} cannot be used: {error}", stops=True
        )
    match how:
        case Soundness.DAMAGED:
            detail = (
                f"The database file {file} is damaged ({detail}): stop the server, keep the "
                "file, and restore the last backup"
            )
            return Finding("database", False, detail, stops=True)
        case Soundness.NOT_FINISHED:
            return Finding("database", True, f"the look through {file} was {detail}")
        case Soundness.SOUND:
            return Finding("database", True, f"{file} is sound")


def _examine_database(settings: Settings) -> list[Finding]:
    """The schema, and if that is well the key that belongs to the database."""
    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        # To look into it would make it, and for whoever asks the doctor instead of for the server.
        return [Finding("database", False, f"there is no {file} yet: antrean migrate", stops=True)]
    try:
        schema = _check_schema(settings)
        return [schema, _check_nik_key(settings)] if schema.ok else [schema]
    except SQLAlchemyError as error:
        return [
            Finding(
                "database",
                False,
                f"The database cannot be used: {say_database_error(error)}",
                stops=True,
            )
        ]


def _check_schema(settings: Settings) -> Finding:
    how, revision = read_schema(settings.database_url)
    wanted = list_revisions()[0]
    match how:
        case Schema.PRESENT:
            return Finding("schema", True, f"revision {revision}")
        case Schema.EMPTY:
            detail = "The database is empty: antrean migrate"
        case Schema.OLDER:
            detail = (
                f"The database is of an older release (revision {revision}, this one needs "
                f"{wanted}): antrean migrate"
            )
        case Schema.NEWER:
            detail = (
                "The database is of another release that this one does not know (revision "
                f"{revision}, this one needs {wanted}): "
                "install the release that made it; antrean --version says which this is"
            )
        case Schema.FOREIGN:
            detail = (
                "The database holds tables of something else: give Antrean a database of its "
                "own with ANTREAN_DATABASE_URL"
            )
    return Finding(
        "schema", False, detail, stops=True, mendable=how in (Schema.EMPTY, Schema.OLDER)
    )


def _check_nik_key(settings: Settings) -> Finding:
    database = Database(settings.database_url)
    try:
        kept, own, wrong = describe_nik_key(database, settings.nik_key_file)
    finally:
        database.close()
    well = (
        f"id {own}, {'noted' if kept else 'to be noted'} in the database"
        if own
        else "to be made at the first start"
    )
    return Finding("nik key", wrong is None, wrong or well, stops=True)
