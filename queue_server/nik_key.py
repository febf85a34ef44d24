"""The key of the NIK fingerprints: the file that holds it, and the database that knows which one
its fingerprints were made with.

With another key nobody is recognised again, and every limit per person is void without anybody
noticing. So a server that finds the file gone, or another key in it, does not start; who wants
another key says so (`antrean nik-key change`).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

from .domain.visit.identity import KeyFault, find_key_fault, identify_key
from .key_files import read_key
from .store import keys as key_store
from .store.writer.database import Database


class WrongNikKey(Exception):
    """The key is not the one the database's fingerprints were made with; the message names the file
    and what to restore.
    """


def open_nik_key(database: Database, file: Path, now: datetime) -> bytes:
    """The key to make fingerprints with. Its id is noted the first time; a new key is made only for
    a database that knows nobody yet.

    Raises `WrongNikKey`, and `BadSettings` for a file that holds no key.
    """
    wrong = describe_nik_key(database, file)[2]
    if wrong is not None:
        raise WrongNikKey(wrong)
    key = read_key(file)
    with database.read() as connection:
        kept = key_store.find_id(connection)
    own = identify_key(key)
    if kept is None:
        # Two servers that start at once have linked one file into place, or the second finds the
        # other's id here.
        kept = database.write([], partial(key_store.adopt_id, id=own, now=now))
    if kept != own:
        raise WrongNikKey(_explain_other(file, own, kept))
    return key


def describe_nik_key(database: Database, file: Path) -> tuple[str | None, str | None, str | None]:
    """The id of the key that the database was used with, that of the key in the file, and why a
    server must not start with them.

    Raises `BadSettings` for a file that holds no key.
    """
    with database.read() as connection:
        kept = key_store.find_id(connection)
        known = 0 if kept is not None else key_store.count_fingerprints(connection)
    own = identify_key(read_key(file)) if file.exists() else None
    match find_key_fault(kept, own, known):
        case KeyFault.MISSING:
            return kept, own, _explain_missing(file, kept)
        case KeyFault.OTHER:
            return kept, own, _explain_other(file, own, kept)
    return kept, own, None


def _explain_missing(file: Path, kept: str | None) -> str:
    which = f"the key with the id {kept}" if kept is not None else "the key that was there before"
    return (
        f"The NIK key file {file} is missing: without it no visitor is recognised again and no "
        "limit per person holds. "
        f"Restore {which} from your copy. Only if there is no copy: antrean nik-key change"
    )


def _explain_other(file: Path, own: str | None, kept: str | None) -> str:
    return (
        f"The NIK key file {file} holds another key (id {own}) than this database was used with "
        f"(id {kept}): no visitor would be "
        f"recognised again and no limit per person would hold. Restore the key with the id {kept} "
        "from your copy. "
        "To go on with this one: antrean nik-key change"
    )


def change_nik_key(database: Database, file: Path, now: datetime) -> tuple[str, Path | None]:
    """Go on with another key: the one in the file if the database was used with another one before,
    else a new one.

    Returns the new id, and where the old key lies if it was moved aside. Raises `BadSettings` for a
    file that holds no key.
    """
    with database.read() as connection:
        kept = key_store.find_id(connection)
    aside = None
    if file.exists():
        own = identify_key(read_key(file))
        if kept in (None, own):
            aside = file.with_name(f"{file.name}.{own}")
            file.rename(aside)
    new = identify_key(read_key(file))
    database.write([], partial(key_store.replace_id, id=new, now=now))
    return new, aside


def adopt_nik_key(database: Database, file: Path, now: datetime) -> None:
    """Note the id of the key that is in use, for a database of a release that did not keep it. A
    missing file changes nothing.
    """
    if file.exists():
        own = identify_key(read_key(file))
        database.write([], partial(key_store.adopt_id, id=own, now=now))
