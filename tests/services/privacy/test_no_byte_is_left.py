"""A planted NIK, name and telephone number leave no byte after the purge: in any file of the data
folder or of the PostgreSQL cluster, in the log, in a backup older than the limit, or in what is
restored from a younger one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.visit.identity import fingerprint_nik
from queue_server.key_files import read_key
from queue_server.services import upkeep
from queue_server.services.backup.files import drop_older, name_backup
from queue_server.services.privacy import purging
from tests.fixtures.application import HOME, TODAY, House
from tests.services.backup.keeping import back_up, empty_url, put_back

__all__ = ["empty_url"]

KEPT_DAYS = 9
"""Days from today after which nobody knows a visitor of tomorrow any more."""


class Planted:
    """A person whom no other test knows: the cluster is shared."""

    def __init__(self) -> None:
        digits = f"{secrets.randbelow(9_000) + 1_000}"
        self.nik = f"910101450788{digits}"
        self.name = f"Planted {secrets.token_hex(6)}"
        self.phone = f"+628129{secrets.randbelow(9_000_000) + 1_000_000}"
        self.email = f"{secrets.token_hex(6)}@contoh.id"

    def marks(self) -> list[bytes]:
        return [each.encode() for each in (self.nik, self.name, self.phone, self.email)]

    def fields(self) -> dict[str, Any]:
        return {"nik": self.nik, "name": self.name, "phone": self.phone, "email": self.email}


def live_with(house: House, planted: Planted) -> None:
    """Book, wait for a place, be searched for and noted about."""
    house.book(**planted.fields())
    waits = {
        "service": "AKT",
        "first_date": (TODAY + timedelta(days=1)).isoformat(),
        "last_date": (TODAY + timedelta(days=1)).isoformat(),
        **planted.fields(),
    }
    assert house.post(f"/offices/{HOME}/waitlist", body=waits).status_code == 201
    called = house.called()
    noted = house.post(f"/tickets/{called['id']}/notes", "clerk", {"text": planted.name})
    assert noted.status_code in (200, 201)
    upkeep.keep_up(house.database, house.clock())


def grep(folder: Path, marks: list[bytes]) -> dict[str, list[bytes]]:
    """The files below a folder in which one of these stands."""
    hits: dict[str, list[bytes]] = {}
    for file in sorted(folder.rglob("*")):
        try:
            content = file.read_bytes() if file.is_file() else b""
        except FileNotFoundError:  # a cluster at work
            continue
        there = [mark for mark in marks if mark in content]
        if there:
            hits[file.name] = there
    return hits


@contextmanager
def cluster_of(house: House) -> Iterator[Any]:
    """A connection as the administrator of the cluster, which keeps no old WAL meanwhile."""
    engine = sa.create_engine(house.database.url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("ALTER SYSTEM SET wal_recycle = off"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
            yield connection
            connection.execute(sa.text("ALTER SYSTEM RESET wal_recycle"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
    finally:
        engine.dispose()


def folder_of(house: House, connection: Any) -> Path:
    if house.database.is_sqlite:
        return Path(str(house.database.url.database)).parent
    folder = Path(connection.execute(sa.text("SHOW data_directory")).scalar_one())
    if not os.access(folder, os.R_OK):
        pytest.skip("the files of this PostgreSQL cluster may not be read")
    return folder


def end_wal(connection: Any) -> None:
    """What deploy/README.md has the administrator do after the purge."""
    connection.execute(sa.text("SELECT pg_switch_wal()"))
    connection.execute(sa.text("CHECKPOINT"))


@contextmanager
def nobody(house: House) -> Iterator[None]:
    yield None


def test_no_file_holds_anything_of_a_person_after_the_purge(
    both_houses: House, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    house, planted = both_houses, Planted()
    administrator = nobody if house.database.is_sqlite else cluster_of
    with administrator(house) as connection:
        folder = folder_of(house, connection)
        live_with(house, planted)
        if connection is not None:
            connection.execute(sa.text("CHECKPOINT"))
        there = {mark for marks in grep(folder, planted.marks()).values() for mark in marks}
        assert there == set(planted.marks()[1:]), "the NIK itself was never stored"
        house.clock.pass_by(days=KEPT_DAYS)
        upkeep.keep_up(house.database, house.clock())
        if connection is not None:
            end_wal(connection)
        assert grep(folder, planted.marks()) == {}
        mark = fingerprint_nik(planted.nik, read_key(house.settings.nik_key_file)).encode()
        assert grep(folder, [mark]), "a missed visit still counts"
        house.clock.pass_by(days=31)
        upkeep.keep_up(house.database, house.clock())
        if connection is not None:
            end_wal(connection)
        assert grep(folder, [*planted.marks(), mark]) == {}
    logged = (caplog.text + "".join(capfd.readouterr())).encode()
    assert not [each for each in planted.marks() if each in logged]


def test_backups_end_and_what_is_restored_from_one_forgets_again(
    both_houses: House, tmp_path: Path, empty_url: str
) -> None:
    house, planted = both_houses, Planted()
    live_with(house, planted)
    folder = tmp_path / "backups"
    folder.mkdir()
    file = name_backup(folder, house.clock())
    back_up(house.database, file, house.clock())
    house.clock.pass_by(days=KEPT_DAYS)
    put_back(file, empty_url, house.clock())
    engine = sa.create_engine(empty_url)
    with engine.connect() as connection:
        for table in ("visitors", "waitlist", "ticket_notes", "contacts"):
            rows = connection.execute(sa.text(f"SELECT * FROM {table}")).all()
            assert planted.name not in repr(rows), table
        sealed = connection.execute(
            sa.text("SELECT count(*) FROM purges WHERE digest IS NOT NULL")
        ).scalar_one()
        assert sealed, "the restored database has its own proof"
    engine.dispose()
    house.clock.pass_by(days=22)
    since = partial(purging.backups_since, house.database)
    assert drop_older(folder, since(house.clock())) == [file]
    assert list(folder.iterdir()) == []
