"""The database's files are their owner's alone: they hold visitors' names, and whoever reads them
needs no password.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import URL, make_url

BESIDE = ("", "-wal", "-shm", "-journal")


def make_private(url: str | URL) -> None:
    """Make the files of a SQLite database readable by their owner only, those that are there and
    those still to be made.

    SQLite gives the files it makes beside a database that database's own mode, so an empty file is
    made first. Files of somebody else are left as they are: whoever may not change them may not
    tighten them either.
    """
    file = _file_of(url)
    if file is None or not file.parent.is_dir():
        return
    with suppress(OSError):  # where nothing can be made, SQLite says so in its own words
        os.close(os.open(file, os.O_RDONLY | os.O_CREAT, 0o600))
    for ending in BESIDE:
        _tighten(file.with_name(file.name + ending), 0o600)


def make_folder_private(folder: Path) -> None:
    """Make a folder of data its owner's alone, unless others have a place in it: a shared folder, a
    home, where commands are run.
    """
    shared = {Path.cwd(), Path.home(), Path("/")}
    if (
        folder.is_dir()
        and folder.resolve() not in shared
        and not folder.stat().st_mode & stat.S_ISVTX
    ):
        _tighten(folder, 0o700)


def folder_of(url: str | URL) -> Path | None:
    """The folder of a SQLite database; None for a database that is no file."""
    file = _file_of(url)
    return None if file is None else file.parent


def _file_of(url: str | URL) -> Path | None:
    made = make_url(url)
    return (
        Path(made.database)
        if made.get_backend_name() == "sqlite" and made.database not in (None, "", ":memory:")
        else None
    )


def _tighten(path: Path, mode: int) -> None:
    """Take everybody else's rights away, and no right of the owner's."""
    with suppress(OSError):  # SQLite has removed it, or the disk is read-only
        known = path.stat()
        if known.st_uid == os.geteuid() and known.st_mode & 0o077:
            path.chmod(stat.S_IMODE(known.st_mode) & mode)
