"""A backup on disk: whole under its name or not there at all, and how many are kept."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

_FORMAT = "antrean-%Y%m%dT%H%M%SZ.backup"
_NAME = re.compile(r"antrean-(\d{8}T\d{6}Z)\.backup")
_DRAFT = re.compile(r"\..+\.[0-9a-f]{8}\.part")


def name_backup(folder: Path, now: datetime) -> Path:
    """The file of a backup begun now, in a folder of backups."""
    return folder / now.astimezone(UTC).strftime(_FORMAT)


def find_newest(folder: Path) -> Path | None:
    """The newest backup in a folder that was named by `name_backup`; None also if there is no
    folder.
    """
    named = [each for each in folder.glob("*.backup") if _NAME.fullmatch(each.name)]
    return max(named, key=lambda each: each.name, default=None)


def made_at(file: Path) -> datetime:
    """When a backup was begun, by its name."""
    return datetime.strptime(file.name, _FORMAT).replace(tzinfo=UTC)


@contextmanager
def draft_file(target: Path) -> Iterator[IO[bytes]]:
    """A file to write, which gets its name once the block is through and everything is on disk. A
    process that is killed leaves a draft, which the next one deletes. Raises `FileExistsError`.
    """
    if target.exists():
        raise FileExistsError(f"There is a file {target} already.")
    _clear_drafts(target.parent)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # says that its writer lives
            yield file
            file.flush()
            os.fsync(file.fileno())
            draft.rename(target)
        _sync_folder(target.parent)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Delete all but the newest backups that were named by `name_backup`. Returns those deleted."""
    named = sorted(each for each in folder.iterdir() if _NAME.fullmatch(each.name))
    gone = named[: max(0, len(named) - number)]
    for each in gone:
        each.unlink()
    _sync_folder(folder)
    return gone


def drop_older(folder: Path, before: datetime) -> list[Path]:
    """Delete the backups of a folder that `name_backup` named before a moment. Returns those
    deleted.
    """
    gone = []
    for each in sorted(folder.iterdir()):
        named = _NAME.fullmatch(each.name)
        if named is None:
            continue
        made_at = datetime.strptime(named[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if made_at < before:
            each.unlink()
            gone.append(each)
    _sync_folder(folder)
    return gone


def _clear_drafts(folder: Path) -> None:
    for each in folder.iterdir():
        if _DRAFT.fullmatch(each.name):
            with each.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                each.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
