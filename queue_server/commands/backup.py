"""The commands `antrean backup` and `antrean restore`."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from .settings import WronglySet, with_settings

if TYPE_CHECKING:
    from queue_server.services.backup.manifest import Manifest

_FILE = click.Path(path_type=Path, dir_okay=False)
NEW_KEY = """\
A new key was made in {file}. Keep a copy where the backups are not: without it none of them
can be read again."""


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--key", type=_FILE, help="encrypt with the key in this file; made if it is missing")
@click.option(
    "--keep",
    type=click.IntRange(1, 10_000),
    help="delete all but the newest N in the folder, and all that are older than the rules of the "
    "offices allow (privacy.backup_days)",
)
@click.option("--json", "as_json", is_flag=True)
@with_settings
def backup(settings: Any, target: Path, key: Path | None, keep: int | None, as_json: bool) -> None:
    """Write everything that the database holds into one file, while servers go on. TARGET is a
    folder, in which the file is named by the time, or a new file. The key files of the server are
    not in it: copy them once, to another place.

    Example: antrean backup /var/backups/antrean --key /etc/antrean/backup.key --keep 14
    """
    from queue_server.app import make_clock
    from queue_server.services.backup import files
    from queue_server.store.writer.database import Database

    now = make_clock(settings.clock_offset_seconds)()
    if keep is not None and not target.is_dir():
        raise click.UsageError("--keep needs a folder.")
    file = files.name_backup(target, now) if target.is_dir() else target
    secret = None if key is None else _read_key(key, may_make=True)
    _need_database(settings.database_url)
    database = Database(settings.database_url)
    try:
        with _explaining("No backup was made"):
            _note_backup(database, settings.database_url, secret is not None, now)
            manifest = _write(database, file, secret, now)
            gone = (
                []
                if keep is None
                else _clear_folder(database, settings.database_url, target, keep, now)
            )
    finally:
        database.close()
    if as_json:
        told = {"file": str(file), "bytes": file.stat().st_size, "encrypted": key is not None}
        told["deleted"] = [str(each) for each in gone]
        click.echo(json.dumps({**told, **_tell(manifest)}, indent=2))
        return
    click.echo(f"{file}: {manifest.rows} rows, {file.stat().st_size / 1e6:.1f} MB")
    for each in gone:
        click.echo(f"{each}: deleted")


def _clear_folder(database: Any, url: str, folder: Path, keep: int, now: datetime) -> list[Path]:
    """Delete what is too many or too old, and count it for the night's proof."""
    from queue_server.services.backup import files
    from queue_server.services.privacy.purging import backups_since, count_backups
    from queue_server.store.soundness import Schema, read_schema

    gone = files.keep_newest(folder, keep)
    if read_schema(url)[0] is Schema.PRESENT:
        gone += files.drop_older(folder, backups_since(database, now))
        count_backups(database, len(gone), now)
    return gone


def _note_backup(database: Any, url: str, encrypted: bool, now: Any) -> None:
    """Tell of it in the log, and so in the backup itself. A database of an earlier release keeps no
    such event.
    """
    from functools import partial

    from queue_server.domain.access.accounts import COMMAND_LINE
    from queue_server.domain.events import EventType
    from queue_server.services.access import log
    from queue_server.store.soundness import Schema, read_schema

    if read_schema(url)[0] is Schema.PRESENT:
        note = partial(
            log.note,
            type=EventType.BACKED_UP,
            office=None,
            by=COMMAND_LINE,
            now=now,
            encrypted=encrypted,
        )
        database.write(log.days_of(database, None, now), note)


def _write(database: Any, file: Path, secret: bytes | None, now: Any) -> Manifest:
    from importlib.metadata import version

    from queue_server.progress import show_progress
    from queue_server.services.backup.encryption import SealingWriter
    from queue_server.services.backup.files import draft_file
    from queue_server.services.backup.making import write_backup

    with draft_file(file) as draft, show_progress("Writing") as move:
        if secret is None:
            return write_backup(database, draft, version("antrean"), now, move)
        sealing = SealingWriter(draft, secret)
        manifest = write_backup(database, sealing, version("antrean"), now, move)
        sealing.finish()
    return manifest


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", type=_FILE, help="the key file with which it was encrypted")
@click.option("--replace", is_flag=True, help="give up what the database holds now")
@click.option("--check", is_flag=True, help="read it to its end, and restore nothing")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def restore(
    settings: Any, file: Path, key: Path | None, replace: bool, check: bool, as_json: bool
) -> None:
    """Put a backup in the place of the database, of either kind. Stop every server first. Nothing
    is changed before all of it has been read, checked and built up beside the database.

    Example: antrean restore /var/backups/antrean/antrean-20261123T130000Z.backup --replace
    """
    from queue_server.app import make_clock
    from queue_server.progress import show_progress
    from queue_server.services.backup import restoring

    secret = None if key is None else _read_key(key, may_make=False)

    def open_file() -> IO[bytes]:
        return open_backup(file, secret)

    with _explaining("Nothing was restored"):
        manifest = restoring.check_backup(open_file)
        if not check:
            now = make_clock(settings.clock_offset_seconds)()
            url = settings.database_url
            seen = restoring.admit_target(url, now, time.sleep, replace=replace)
            with show_progress("Restoring") as move:
                restoring.restore(url, manifest, open_file, seen, now, move)
    if as_json:
        click.echo(json.dumps({"restored": not check, **_tell(manifest)}, indent=2))
        return
    done = "is whole" if check else "is restored"
    click.echo(f"The backup of {manifest.made_at} {done}: {manifest.rows} rows.")
    if not check:
        click.echo(
            "What was cut off since then works again: look at antrean token list and antrean device"
            f" list. The server needs the NIK key with the id {manifest.nik_key or '-'}."
        )


def _tell(manifest: Manifest) -> dict[str, Any]:
    return {
        "made_at": manifest.made_at,
        "release": manifest.release,
        "database": manifest.database,
        "revision": manifest.revision,
        "nik_key": manifest.nik_key,
        "rows": manifest.rows,
        "tables": {each.name: each.rows for each in manifest.tables},
    }


def open_backup(file: Path, secret: bytes | None) -> IO[bytes]:
    """A backup to read, with the key if it is encrypted. Raises `BadBackup`, `OSError`."""
    import io

    from queue_server.services.backup.encryption import OpeningReader

    raw = file.open("rb")
    if secret is None:
        return raw
    try:
        return io.BufferedReader(OpeningReader(raw, secret))
    except BaseException:
        raw.close()
        raise


def _read_key(file: Path, *, may_make: bool) -> bytes:
    from queue_server.key_files import read_key
    from queue_server.settings import BadSettings

    is_new = not file.exists()
    if is_new and not may_make:
        raise click.UsageError(f"There is no key file {file}.")
    try:
        key = read_key(file)
    except BadSettings as error:
        raise WronglySet(str(error)) from None
    if is_new:
        click.echo(NEW_KEY.format(file=file), err=True)
    return key


def _need_database(url: str) -> None:
    """To look into a SQLite file that is not there would make it."""
    from queue_server.store.soundness import sqlite_file

    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise click.ClickException(f"There is no database {file}.")


@contextmanager
def _explaining(what: str) -> Iterator[None]:
    """Turn what stands in the way into one line and exit code 1."""
    from queue_server.causes import say_cause
    from queue_server.services.backup.encryption import MissingCipher
    from queue_server.services.backup.manifest import BadBackup
    from queue_server.services.backup.restoring import Foreign, NotEmpty
    from queue_server.store.backup.portable import UnknownColumn
    from queue_server.store.backup.side import InUse

    try:
        yield
    except (BadBackup, Foreign, InUse, MissingCipher, NotEmpty, UnknownColumn) as error:
        raise click.ClickException(f"{what}: {error}") from None
    except FileExistsError as error:
        raise click.ClickException(f"{what}: {error}") from None
    except sqlite3.Error as error:
        raise click.ClickException(f"{what}: {error}") from None
    except OSError as error:
        raise click.ClickException(f"{what}: {error.strerror}: {error.filename or ''}") from None
    except ExceptionGroup as failed:
        raise click.ClickException(f"{what}: the upkeep failed: {say_cause(failed)}") from None
