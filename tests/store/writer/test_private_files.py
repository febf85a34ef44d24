"""Nobody but the owner reads a database's files or its folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from queue_server.serving.server import keep_private
from queue_server.store.migrations import upgrade
from queue_server.store.writer.database import Database
from queue_server.store.writer.private_files import make_folder_private
from tests.fixtures.application import make_settings


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """The usual mask, under which others may read what is made."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> set[int]:
    return {each.stat().st_mode & 0o777 for each in folder.iterdir()}


def write_something(url: str) -> Database:
    database = Database(url)
    database.write(
        [],
        lambda tx: tx.change(
            sa.text("INSERT INTO relays (office, date, relayed_seq) VALUES ('k', '2026-11-23', 1)")
        ),
    )
    with database.read():
        pass
    return database


def test_what_is_made_for_a_database_is_its_owners_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'antrean.db'}"
    upgrade(url)
    database = write_something(url)
    assert {each.name for each in tmp_path.iterdir()} == {
        "antrean.db",
        "antrean.db-wal",
        "antrean.db-shm",
    }
    assert modes(tmp_path) == {0o600}
    database.close()


def test_what_an_earlier_release_has_left_readable_is_tightened_at_the_start(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    settings = make_settings(folder, f"sqlite:///{folder / 'antrean.db'}")
    upgrade(settings.database_url)
    database = write_something(settings.database_url)
    for each in folder.iterdir():
        each.chmod(0o644)
    keep_private(settings)
    Database(settings.database_url).close()
    assert modes(folder) == {0o600} and folder.stat().st_mode & 0o777 == 0o700
    database.close()


def test_a_folder_that_others_have_a_place_in_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, home, here = (tmp_path / name for name in ("shared", "home", "here"))
    for each in (shared, home, here):
        each.mkdir()
    shared.chmod(0o1777)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    for each in (shared, home, here):
        before = each.stat().st_mode
        make_folder_private(each)
        assert each.stat().st_mode == before
    make_folder_private(tmp_path / "missing")


def test_a_missing_folder_is_somebody_elses_matter(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'missing' / 'antrean.db'}").close()
    assert not (tmp_path / "missing").exists()
